from django.urls import path

from units.views import duplicates

app_name = "duplicates"

urlpatterns = [
    path("", duplicates.pair_list, name="pair_list"),
    path("xuat/xlsx/", duplicates.pair_export, {"form": "xlsx"}, name="pair_export"),
    path("xuat/csv/", duplicates.pair_export, {"form": "csv"}, name="pair_export"),
    path("goi-y/", duplicates.unit_hint, name="unit_hint"),
    path("<int:pk>/", duplicates.pair_detail, name="pair_detail"),
    path("<int:pk>/khong-phai/", duplicates.pair_dismiss, name="pair_dismiss"),
    path("<int:pk>/xet-lai/", duplicates.pair_reopen, name="pair_reopen"),
]
