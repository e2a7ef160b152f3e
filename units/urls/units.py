from django.urls import path

from units.converters import know_unit_codes
from units.views import areas, bulk, editing, groupings, incomplete, lists, options, pasting, profile

know_unit_codes()

app_name = "units"

urlpatterns = [
    path("", lists.unit_list, name="unit_list"),
    path("tim/", lists.unit_search, name="unit_search"),
    path("xuat/xlsx/", lists.unit_export, {"form": "xlsx"}, name="unit_export"),
    path("xuat/csv/", lists.unit_export, {"form": "csv"}, name="unit_export"),
    path("hang-loat/", bulk.unit_bulk, name="unit_bulk"),
    path("dan-danh-sach/", pasting.unit_pick, name="unit_pick"),
    path("dan-danh-sach/nhan-ra/", pasting.unit_paste, name="unit_paste"),
    path("them/", editing.unit_add, name="unit_add"),
    path("goi-y/", options.unit_options, name="unit_options"),
    path("con-thieu/", incomplete.unit_incomplete, name="unit_incomplete"),
    path("xac-dinh-dia-ban/", areas.area_worklist, name="area_worklist"),
    path("xac-dinh-dia-ban/ghi/", areas.area_settle, name="area_settle"),
    path("nhom/", groupings.grouping_list, name="grouping_list"),
    path("nhom/xuat/xlsx/", groupings.grouping_export, {"form": "xlsx"}, name="grouping_export"),
    path("nhom/xuat/csv/", groupings.grouping_export, {"form": "csv"}, name="grouping_export"),
    path("nhom/them/", groupings.grouping_add, name="grouping_add"),
    path("nhom/goi-y/", options.grouping_options, name="grouping_options"),
    path("nhom/<int:pk>/sua/", groupings.grouping_edit, name="grouping_edit"),
    path("<unit_code:code>/", profile.unit_detail, name="unit_detail"),
    path("<unit_code:code>/sua/", editing.unit_edit, name="unit_edit"),
    path("<unit_code:code>/chuyen-dia-ban/", profile.unit_relocate, name="unit_relocate"),
    path("<unit_code:code>/doi-tuong/", profile.unit_override, name="unit_override"),
    path("<unit_code:code>/tinh-trang/<slug:name>/", profile.unit_step, name="unit_step"),
    path("<unit_code:code>/so-nguoi/them/", profile.headcount_add, name="headcount_add"),
    path("<unit_code:code>/so-nguoi/<int:year>/", profile.headcount_edit, name="headcount_edit"),
    path("<unit_code:code>/ma-khac/them/", profile.identifier_add, name="identifier_add"),
    path("<unit_code:code>/ma-khac/<int:pk>/", profile.identifier_edit, name="identifier_edit"),
]
