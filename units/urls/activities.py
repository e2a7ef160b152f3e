from django.urls import path

from units.views import activities

app_name = "activities"

urlpatterns = [
    path("", activities.activity_list, name="activity_list"),
    path("tong-hop/", activities.activity_totals, name="activity_totals"),
    path("xuat/xlsx/", activities.activity_export, {"form": "xlsx"}, name="activity_export"),
    path("xuat/csv/", activities.activity_export, {"form": "csv"}, name="activity_export"),
    path("goi-y/", activities.activity_options, name="activity_options"),
    path("them/", activities.activity_add, name="activity_add"),
    path("<int:pk>/", activities.activity_detail, name="activity_detail"),
    path("<int:pk>/sua/", activities.activity_edit, name="activity_edit"),
    path("<int:pk>/luot-nguoi/", activities.activity_attendances, name="activity_attendances"),
    path("<int:pk>/xoa/", activities.activity_delete, name="activity_delete"),
]
