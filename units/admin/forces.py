"""Security teams, guards and their training."""

from django.contrib import admin

from movement_portal.adminpages.base import PortalModelAdmin, page_link
from movement_portal.adminpages.filters import AreaFilter
from movement_portal.adminpages.forms import AdminVersionedForm
from movement_portal.adminpages.inlines import PortalInline
from movement_portal.persons.fields import CitizenIdForm
from units.admin.records import UnitRecordAdmin
from units.forms.fields import contents_field
from units.law import cautions_of_guard, cautions_of_team, rules_on
from units.models import (
    Guard,
    SecurityTeam,
    TeamReview,
    TeamStrength,
    TrainingAttendance,
    TrainingCertificate,
    TrainingCourse,
)


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

    def cautions_of(self, obj):
        return [*super().cautions_of(obj), *map(str, cautions_of_team(obj, rules_on()))]

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

    def may_write(self, request, obj):
        """One whose personal data were removed stays to be counted and is not written any more."""
        return super().may_write(request, obj) and (obj is None or obj.erased_on is None)

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

    def cautions_of(self, obj):
        return [*super().cautions_of(obj), *map(str, cautions_of_guard(obj, rules_on()))]

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
    search_fields = ("search_folded", "guard__search_folded", "guard__unit__search_folded")
    search_help_text = "Số giấy, cơ quan cấp, họ tên, đơn vị; không cần gõ dấu."
    fields = ("guard", "course", "number", "issuer", ("issued_on", "expires_on"), "withdrawn_on")
