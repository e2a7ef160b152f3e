from django.urls import path

from units.converters import know_unit_codes
from units.views import duplicates, merging, transfers

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
    path("ngoai-pham-vi/", transfers.outside_list, name="outside_list"),
    path("de-nghi/", transfers.transfer_list, name="transfer_list"),
    path("de-nghi/xuat/xlsx/", transfers.transfer_export, {"form": "xlsx"}, name="transfer_export"),
    path("de-nghi/xuat/csv/", transfers.transfer_export, {"form": "csv"}, name="transfer_export"),
    path("de-nghi/gui/", transfers.transfer_send, name="transfer_send"),
    path("de-nghi/<int:pk>/", transfers.transfer_detail, name="transfer_detail"),
    path("de-nghi/<int:pk>/dong-y/", transfers.transfer_accept, name="transfer_accept"),
    path("de-nghi/<int:pk>/khong-dong-y/", transfers.transfer_refuse, name="transfer_refuse"),
    path("de-nghi/da-gui/", transfers.sent_list, name="sent_list"),
    path("de-nghi/da-gui/xuat/xlsx/", transfers.sent_export, {"form": "xlsx"}, name="sent_export"),
    path("de-nghi/da-gui/xuat/csv/", transfers.sent_export, {"form": "csv"}, name="sent_export"),
    path("de-nghi/da-gui/<int:pk>/", transfers.sent_detail, name="sent_detail"),
    path("de-nghi/da-gui/<int:pk>/rut/", transfers.sent_withdraw, name="sent_withdraw"),
    path("<int:pk>/", duplicates.pair_detail, name="pair_detail"),
    path("<int:pk>/khong-phai/", duplicates.pair_dismiss, name="pair_dismiss"),
    path("<int:pk>/xet-lai/", duplicates.pair_reopen, name="pair_reopen"),
]
