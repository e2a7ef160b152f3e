from django.urls import path

from movement_portal.spreadsheets import views

app_name = "spreadsheets"

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("moi/", views.import_upload, name="import_upload"),
    path("<int:pk>/", views.import_detail, name="import_detail"),
    path("<int:pk>/cot/", views.import_columns, name="import_columns"),
    path("<int:pk>/kiem-tra/", views.import_check, name="import_check"),
    path("<int:pk>/ghi/", views.import_commit, name="import_commit"),
    path("<int:pk>/huy/", views.import_cancel, name="import_cancel"),
    path("<int:pk>/tep-goc/", views.import_file, name="import_file"),
    path("<int:pk>/dong-bi-tu-choi/", views.import_refused, name="import_refused"),
]
