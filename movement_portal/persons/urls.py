from django.urls import path

from movement_portal.persons import views

app_name = "persons"

urlpatterns = [
    path("", views.personal_data, name="personal_data"),
    path("luot-xem/", views.read_list, name="read_list"),
]
