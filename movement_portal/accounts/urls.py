from django.contrib.auth.views import LogoutView
from django.urls import include, path

from movement_portal.accounts.views import first_passwords, journal, officers, sign_in

accounts = [
    path("", officers.officer_list, name="officer_list"),
    path("nhat-ky/", journal.account_journal, name="account_journal"),
    path("toi/", sign_in.my_account, name="my_account"),
    path("mat-khau-lan-dau/", first_passwords.first_passwords, name="first_passwords"),
    path("them/", officers.officer_create, name="officer_create"),
    path("<int:pk>/", officers.officer_detail, name="officer_detail"),
    path("<int:pk>/sua/", officers.officer_edit, name="officer_edit"),
    path("<int:pk>/phan-cong/", officers.posting_create, name="posting_create"),
    path("<int:pk>/phan-cong/<int:posting_pk>/ket-thuc/", officers.posting_end, name="posting_end"),
    path("<int:pk>/<slug:name>/", officers.officer_step, name="officer_step"),
]

urlpatterns = [
    path("dang-nhap/", sign_in.SignInView.as_view(), name="login"),
    path("dang-xuat/", LogoutView.as_view(), name="logout"),
    path("doi-mat-khau/", sign_in.PasswordView.as_view(), name="password_change"),
    path("phien/", sign_in.session, name="session"),
    path("tai-khoan/", include((accounts, "accounts"))),
]
