from django.urls import path, register_converter
from django.views.generic import RedirectView

from units.converters import UnitCode
from units.views import areas, editing, groupings, incomplete, options, profile

register_converter(UnitCode, "unit_code")

app_name = "units"

urlpatterns = [
    # Until the list itself (units/views/lists.py) takes this address.
    path("", RedirectView.as_view(pattern_name="home"), name="unit_list"),
    path("them/", editing.unit_add, name="unit_add"),
    path("goi-y/", options.unit_options, name="unit_options"),
    path("con-thieu/", incomplete.unit_incomplete, name="unit_incomplete"),
    path("xac-dinh-dia-ban/", areas.area_worklist, name="area_worklist"),
    path("xac-dinh-dia-ban/ghi/", areas.area_settle, name="area_settle"),
    path("xac-dinh-dia-ban/goi-y/", options.area_options, name="area_options"),
    path("nhom/", groupings.grouping_list, name="grouping_list"),
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
