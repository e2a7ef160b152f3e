from django.urls import path

from movement_portal.reporting import views

urlpatterns = [
    path("", views.home, name="home"),
]
