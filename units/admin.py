from django.contrib import admin

from movement_portal.adminpages.base import PortalInline, PortalModelAdmin, ReadOnlyAdmin, ReadOnlyInline, page_link
from movement_portal.adminpages.filters import AreaFilter
from movement_portal.adminpages.forms import AdminVersionedForm
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.dates import today
from movement_portal.persons.fields import CitizenIdForm
from units.duplicate_admin import DuplicatePairAdmin, TransferRequestAdmin, UnitMergeAdmin
from units.forms.fields import contents_field
from units.models import (
    Activity,
    ActivityUnit,
    AgreementParty,
    Commitment,
    CoordinationAgreement,
    EligibilityRule,
    Grouping,
    Guard,
    GuardRule,
    Headcount,
    Incident,
    Inspection,
    PartRating,
    Placement,
    SecurityTeam,
    SizeThreshold,
    StatusChange,
    TeamReview,
    TeamStrength,
    TrainingAttendance,
    TrainingCertificate,
    TrainingCourse,
    Unit,
    UnitIdentifier,
)

#: Admin pages of other modules that belong to this app.
__all__ = ["DuplicatePairAdmin", "TransferRequestAdmin", "UnitMergeAdmin"]


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

    def choices_for(self, related, request):
        choices = super().choices_for(related, request)
        return choices.as_of(today()) if related is Jurisdiction else choices

    def choice_label(self, record):
        return f"{record.name} ({record.code})"

    def record_tools(self, request, obj):
        return page_link("Trang đơn vị", "units:unit_detail", obj.code)


class UnitRecordAdmin(PortalModelAdmin):
    """A row of one unit; the unit is chosen once."""

    search_fields = ("unit__search_folded",)
    search_help_text = "Tên hoặc mã đơn vị; không cần gõ dấu."
    list_filter = (AreaFilter,)

    def get_readonly_fields(self, request, obj=None):
        return ("unit",) if obj is not None else ()


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
    list_display = ("unit", "from_status", "to_status", "effective_on", "reason")
    list_filter = ("to_status", "effective_on", AreaFilter)
    search_fields = ("unit__search_folded", "reason")
    fields = ("unit", ("from_status", "to_status"), "effective_on", "merged_into", "reason", "officer")


@admin.register(Grouping)
class GroupingAdmin(PortalModelAdmin):
    list_display = ("name", "kind", "code")
    list_filter = ("kind",)
    search_fields = ("search_folded",)
    fields = ("kind", ("name", "code"))


@admin.register(EligibilityRule)
class EligibilityRuleAdmin(PortalModelAdmin):
    list_display = ("order", "unit_kind", "attribute", "value", "outcome", "reason", "valid_from", "valid_to")
    list_display_links = ("order", "reason")
    list_filter = ("unit_kind", "outcome", "valid_from")
    search_fields = ("reason", "article")
    search_help_text = "Lý do hoặc điều, khoản."


@admin.register(SizeThreshold)
class SizeThresholdAdmin(PortalModelAdmin):
    list_display = ("size", "sector", "max_staff", "max_revenue_amount", "max_capital_amount", "valid_from", "valid_to")
    list_filter = ("size", "sector", "valid_from")


class TeamStrengthInline(PortalInline):
    model = TeamStrength
    fields = ("counted_on", "event", "headcount")


class TeamReviewInline(PortalInline):
    model = TeamReview
    fields = ("year", "rating", "reprimand_count", "warning_count")


@admin.register(SecurityTeam)
class SecurityTeamAdmin(UnitRecordAdmin):
    list_display = ("name", "unit", "kind", "form", "leader_name", "established_on", "ended_on")
    list_filter = ("kind", AreaFilter, "form", "established_on")
    search_fields = ("search_folded", "unit__search_folded")
    inlines = (TeamStrengthInline, TeamReviewInline)
    fieldsets = (
        (None, {"fields": ("unit", "name", ("kind", "form"))}),
        ("Thành lập", {"fields": (("decision_number", "decision_on"), ("established_on", "ended_on"))}),
        ("Người phụ trách", {"fields": (("leader_name", "leader_phone"),)}),
        ("Thuê dịch vụ", {"fields": (("company_name", "hired_ground"),)}),
        ("Công cụ hỗ trợ", {"fields": (("tool_count", "tool_licence_number", "tool_licence_on"),)}),
    )

    def record_tools(self, request, obj):
        return page_link("Trang lực lượng", "forces:team_detail", obj.pk)


class GuardAdminForm(CitizenIdForm, AdminVersionedForm):
    """The admin's form with the number typed beside the fields."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"citizen_id", "citizen_id_index"}


@admin.register(Guard)
class GuardAdmin(UnitRecordAdmin):
    form = GuardAdminForm
    list_display = ("name", "birth_year", "unit", "role", "kind", "started_on", "ended_on")
    list_filter = ("kind", AreaFilter, "role", "education", "former_force")
    search_fields = ("search_folded", "unit__search_folded")
    fieldsets = (
        (None, {"fields": ("unit", "team", "name", ("birth_on", "birth_year", "sex"))}),
        ("Công việc", {"fields": (("role", "kind"), ("started_on", "ended_on"), ("education", "former_force"))}),
        ("Giấy chứng nhận nhân viên", {"fields": (("staff_card_number", "staff_card_on", "staff_card_returned_on"),)}),
        ("Số định danh", {"fields": ("citizen_id_typed", "citizen_id_removed")}),
    )

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) and (obj is None or obj.citizen_id is None):
            return without(fieldsets, "citizen_id_removed")
        return fieldsets if self.has_change_permission(request, obj) else fieldsets[:-1]

    def without_form_fields(self, request, obj, kwargs):
        """The number has fields of its own on the form, which are no columns."""
        kwargs = super().without_form_fields(request, obj, kwargs)
        if kwargs.get("fields") is not None:
            kwargs["fields"] = [name for name in kwargs["fields"] if not name.startswith("citizen_id_")]
        return kwargs

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "team":
            kwargs["queryset"] = SecurityTeam.objects.visible_to(request.user).standing()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def export_columns(self):
        return [name for name in super().export_columns() if name != "citizen_id"]

    def record_tools(self, request, obj):
        return page_link("Trang người bảo vệ", "forces:guard_detail", obj.pk)


def without(fieldsets, name):
    """The fieldsets without one field."""
    return [
        (title, {**options, "fields": [each for each in options["fields"] if each != name]})
        for title, options in fieldsets
    ]


@admin.register(TeamStrength)
class TeamStrengthAdmin(PortalModelAdmin):
    list_display = ("team", "counted_on", "event", "headcount")
    list_filter = ("event", AreaFilter, "counted_on")
    search_fields = ("team__search_folded", "team__unit__search_folded")
    fields = ("team", ("counted_on", "event"), "headcount")


@admin.register(TeamReview)
class TeamReviewAdmin(PortalModelAdmin):
    list_display = ("team", "year", "rating", "reprimand_count", "warning_count")
    list_filter = ("year", AreaFilter, "rating")
    search_fields = ("team__search_folded", "team__unit__search_folded")
    fields = ("team", ("year", "rating"), ("reprimand_count", "warning_count"))


@admin.register(TrainingCourse)
class TrainingCourseAdmin(PortalModelAdmin):
    list_display = ("name", "organiser", "started_on", "ended_on", "jurisdiction")
    list_filter = (AreaFilter, "started_on")
    search_fields = ("search_folded",)
    fields = ("name", "jurisdiction", "organiser", ("started_on", "ended_on"), "place", "contents")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "contents":
            return contents_field()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def record_tools(self, request, obj):
        return page_link("Trang lớp huấn luyện", "forces:course_detail", obj.pk)


@admin.register(TrainingAttendance)
class TrainingAttendanceAdmin(PortalModelAdmin):
    list_display = ("guard", "course", "result")
    list_filter = ("result", AreaFilter)
    search_fields = ("guard__search_folded", "course__search_folded")
    fields = ("guard", "course", "result")


@admin.register(TrainingCertificate)
class TrainingCertificateAdmin(PortalModelAdmin):
    list_display = ("number", "guard", "issuer", "issued_on", "expires_on", "withdrawn_on")
    list_filter = (AreaFilter, "expires_on", "issued_on")
    search_fields = ("number", "guard__search_folded")
    fields = ("guard", "course", "number", "issuer", ("issued_on", "expires_on"), "withdrawn_on")


@admin.register(GuardRule)
class GuardRuleAdmin(PortalModelAdmin):
    list_display = ("subject", "value", "message", "legal_document", "article", "valid_from", "valid_to")
    list_filter = ("subject", "valid_from")
    search_fields = ("message", "article")
    search_help_text = "Lời nhắc hoặc điều, khoản."
    fields = ("subject", "value", "message", ("legal_document", "article"), ("valid_from", "valid_to"))


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
    search_fields = ("activity__search_folded", "unit__search_folded")
    fields = ("activity", "unit", "attendance_count")

    def choices_for(self, related, request):
        choices = super().choices_for(related, request)
        return choices.editable_by(request.user) if related is Activity else choices


@admin.register(Commitment)
class CommitmentAdmin(UnitRecordAdmin):
    list_display = ("unit", "year", "kind", "signed_count", "total_count", "signed_on")
    list_filter = ("year", "kind", AreaFilter)
    search_fields = ("unit__search_folded", "content")
    fields = (
        "unit",
        ("year", "kind"),
        "content",
        ("approximation", "signed_count", "total_count"),
        ("signed_on", "legal_document"),
    )


class AgreementPartyInline(PortalInline):
    model = AgreementParty
    fields = ("unit", "jurisdiction", "body")


@admin.register(CoordinationAgreement)
class CoordinationAgreementAdmin(PortalModelAdmin):
    list_display = ("number", "title", "kind", "signed_on", "valid_to", "jurisdiction")
    list_display_links = ("number", "title")
    list_filter = ("kind", "signed_on", AreaFilter)
    search_fields = ("search_folded",)
    inlines = (AgreementPartyInline,)
    fields = (
        "kind",
        ("number", "signed_on"),
        "title",
        ("valid_from", "valid_to"),
        "police_body",
        "jurisdiction",
        "note",
    )


@admin.register(AgreementParty)
class AgreementPartyAdmin(PortalModelAdmin):
    list_display = ("agreement", "unit", "body")
    list_filter = (AreaFilter,)
    search_fields = ("agreement__search_folded", "unit__search_folded", "body")
    fields = ("agreement", "unit", "jurisdiction", "body")

    def choices_for(self, related, request):
        choices = super().choices_for(related, request)
        return choices.editable_by(request.user) if related is CoordinationAgreement else choices


@admin.register(Inspection)
class InspectionAdmin(UnitRecordAdmin):
    list_display = ("unit", "inspected_on", "content", "deadline", "fixed_on")
    list_filter = ("inspected_on", "deadline", AreaFilter)
    search_fields = ("unit__search_folded", "content", "findings")
    fields = ("unit", "inspected_on", "team", "content", "findings", ("deadline", "fixed_on"), "fix_note")


@admin.register(Incident)
class IncidentAdmin(UnitRecordAdmin):
    list_display = ("unit", "occurred_on", "kind", "incident_count", "conclusion")
    list_filter = ("kind", "conclusion", "occurred_on", AreaFilter)
    fields = (
        "unit",
        ("occurred_on", "kind", "incident_count"),
        ("is_force_majeure", "found_in_time", "reported_on"),
        ("conclusion", "concluded_on"),
        "summary",
    )


@admin.register(PartRating)
class PartRatingAdmin(UnitRecordAdmin):
    list_display = ("unit", "year", "kind", "good_count", "total_count", "disciplined_count")
    list_filter = ("year", "kind", AreaFilter)
    fields = ("unit", ("year", "kind"), ("good_count", "total_count"), "disciplined_count")
