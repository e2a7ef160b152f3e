"""Activities and the units that took part."""

from django.contrib import admin

from movement_portal.adminpages.base import PortalModelAdmin
from movement_portal.adminpages.filters import AreaFilter
from movement_portal.adminpages.inlines import PortalInline
from movement_portal.adminpages.options import written_by
from units.models import (
    Activity,
    ActivityUnit,
)


class ActivityUnitInline(PortalInline):
    model = ActivityUnit
    fields = ("unit", "attendance_count")


@admin.register(Activity)
class ActivityAdmin(PortalModelAdmin):
    list_display = ("code", "topic", "kind", "held_on", "jurisdiction", "session_count", "attendance_count")
    list_display_links = ("code", "topic")
    list_filter = ("kind", "held_on", AreaFilter, "programme")
    search_fields = ("search_folded",)
    search_help_text = "Nội dung, mã, nơi, đơn vị tổ chức; không cần gõ dấu."
    inlines = (ActivityUnitInline,)
    readonly_fields = ("code",)
    fields = (
        "code",
        "kind",
        "topic",
        "programme",
        "form",
        ("held_on", "held_to"),
        "place",
        "organiser",
        "partners",
        "jurisdiction",
        ("session_count", "approximation", "attendance_count"),
        ("materials", "material_count"),
        "unit_count",
        "note",
    )


@admin.register(ActivityUnit)
class ActivityUnitAdmin(PortalModelAdmin):
    list_display = ("activity", "unit", "attendance_count")
    list_filter = (AreaFilter,)
    picked = {Activity: written_by}
    search_fields = ("activity__search_folded", "unit__search_folded")
    fields = ("activity", "unit", "attendance_count")
