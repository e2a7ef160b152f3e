from django.urls import path

from units.converters import know_unit_codes
from units.views import duplicates, merging

know_unit_codes()

app_name = "duplicates"

urlpatterns = [
    path("", duplicates.pair_list, name="pair_list"),
    path("xuat/xlsx/", duplicates.pair_export, {"form": "xlsx"}, name="pair_export"),
    path("xuat/csv/", duplicates.pair_export, {"form": "csv"}, name="pair_export"),
    path("goi-y/", duplicates.unit_hint, name="unit_hint"),
    path("gop/<unit_code:code>/", merging.merge_pick, name="merge_pick"),
    path("gop/<unit_code:code>/<unit_code:other>/", merging.unit_merge, name="unit_merge"),
    path("da-gop/", merging.merge_list, name="merge_list"),
    path("da-gop/xuat/xlsx/", merging.merge_export, {"form": "xlsx"}, name="merge_export"),
    path("da-gop/xuat/csv/", merging.merge_export, {"form": "csv"}, name="merge_export"),
    path("da-gop/<int:pk>/", merging.merge_detail, name="merge_detail"),
    path("da-gop/<int:pk>/hoan-tac/", merging.merge_undo, name="merge_undo"),
    path("<int:pk>/", duplicates.pair_detail, name="pair_detail"),
    path("<int:pk>/khong-phai/", duplicates.pair_dismiss, name="pair_dismiss"),
    path("<int:pk>/xet-lai/", duplicates.pair_reopen, name="pair_reopen"),
]
