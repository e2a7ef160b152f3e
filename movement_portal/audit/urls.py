from django.urls import path

from movement_portal.audit import views

app_name = "audit"

urlpatterns = [
    path("", views.event_list, name="event_list"),
    path("<uuid:pk>/", views.event_detail, name="event_detail"),
    path("ban-ghi/<str:model>/<int:pk>/", views.record_history, name="record_history"),
]
