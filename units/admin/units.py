"""Units and what is told of each: codes, headcounts, places, steps of their life."""

from django.contrib import admin

from movement_portal.adminpages.base import PortalModelAdmin, ReadOnlyAdmin, page_link
from movement_portal.adminpages.filters import AreaFilter
from movement_portal.adminpages.inlines import PortalInline, ReadOnlyInline
from movement_portal.adminpages.options import standing_today
from movement_portal.jurisdictions.models import Jurisdiction
from units.admin.records import UnitRecordAdmin
from units.models import (
    Grouping,
    Headcount,
    Placement,
    StatusChange,
    Unit,
    UnitIdentifier,
)


class UnitIdentifierInline(PortalInline):
    model = UnitIdentifier
    fields = ("scheme", "value")


class HeadcountInline(PortalInline):
    model = Headcount
    fields = ("year", "staff_count", "learner_count")


class PlacementInline(ReadOnlyInline):
    model = Placement
    fields = ("jurisdiction", "valid_from", "valid_to", "legal_basis")


class StatusChangeInline(ReadOnlyInline):
    model = StatusChange
    fk_name = "unit"
    fields = ("from_status", "to_status", "effective_on", "merged_into", "reason")


@admin.register(Unit)
class UnitAdmin(PortalModelAdmin):
    list_display = ("code", "name", "kind", "subkind", "jurisdiction", "status")
    list_display_links = ("code", "name")
    list_filter = ("kind", "status", AreaFilter, "subkind", "school_level", "enterprise_size", "area_needs_review")
    picked = {Jurisdiction: standing_today}
    search_fields = ("search_folded",)
    search_help_text = "Tên, mã, số điện thoại hoặc người; không cần gõ dấu."
    inlines = (UnitIdentifierInline, HeadcountInline, PlacementInline, StatusChangeInline)
    #: State and conclusions change by their own steps on the unit's page.
    readonly_fields = ("code", "status", "status_on", "merged_into", "eligibility_override", "override_reason")
    fieldsets = (
        (None, {"fields": ("code", "name", "other_names", ("kind", "subkind"), "parent")}),
        ("Địa bàn", {"fields": ("jurisdiction", "address", ("area_needs_review", "area_note"))}),
        (
            "Đặc điểm",
            {
                "fields": (
                    ("is_armed_force", "is_state_budget", "has_party_organisation"),
                    "school_level",
                    ("enterprise_size", "business_sector", "business_line"),
                    ("size_year", "size_staff_count", "size_revenue_amount", "size_capital_amount"),
                )
            },
        ),
        ("Mã số và nhóm", {"fields": (("tax_code", "school_code"), "sector", "industrial_park", "governing_body")}),
        (
            "Người đứng đầu, đầu mối",
            {
                "fields": (
                    ("head_name", "head_title", "head_phone"),
                    ("contact_name", "contact_title", "contact_phone"),
                )
            },
        ),
        (
            "Tình trạng",
            {"fields": (("status", "status_on", "merged_into"), ("eligibility_override", "override_reason"))},
        ),
        ("Ghi chú", {"fields": ("note",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        """A unit moves to another area by its own step; one whose area was never known may be given one here."""
        moved_elsewhere = obj is not None and not obj.area_needs_review
        return (*self.readonly_fields, *(["jurisdiction"] if moved_elsewhere else []))

    def choice_label(self, record):
        return f"{record.name} ({record.code})"

    def record_tools(self, request, obj):
        return page_link("Trang đơn vị", "units:unit_detail", obj.code)


@admin.register(UnitIdentifier)
class UnitIdentifierAdmin(UnitRecordAdmin):
    list_display = ("value", "scheme", "unit")
    search_fields = ("unit__search_folded", "value", "scheme")
    fields = ("unit", ("scheme", "value"))


@admin.register(Headcount)
class HeadcountAdmin(UnitRecordAdmin):
    list_display = ("unit", "year", "staff_count", "learner_count")
    list_filter = ("year", AreaFilter)
    fields = ("unit", "year", ("staff_count", "learner_count"))


@admin.register(Placement)
class PlacementAdmin(ReadOnlyAdmin):
    """Where units lay; they move by their own step on the unit's page."""

    list_display = ("unit", "jurisdiction", "valid_from", "valid_to", "legal_basis")
    list_filter = (AreaFilter, "valid_to")
    search_fields = ("unit__search_folded", "legal_basis")
    fields = ("unit", "jurisdiction", ("valid_from", "valid_to"), "legal_basis")


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    list_display = ("unit", "from_status", "to_status", "effective_on", "merged_into", "reason")
    list_filter = ("to_status", "effective_on", AreaFilter)
    search_fields = ("unit__search_folded", "reason")
    fields = ("unit", ("from_status", "to_status"), "effective_on", "merged_into", "reason", "officer")


@admin.register(Grouping)
class GroupingAdmin(PortalModelAdmin):
    list_display = ("name", "kind", "code")
    list_filter = ("kind",)
    search_fields = ("search_folded",)
    fields = ("kind", ("name", "code"))
