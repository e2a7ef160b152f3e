from django.contrib import admin

from models_registry import workflow
from models_registry.models import (
    ModelGroup,
    ModelKind,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelRecognition,
    ModelStep,
    ModelStrength,
    SelfManagedModel,
)
from movement_portal.adminpages.base import PortalModelAdmin, ReadOnlyAdmin
from movement_portal.adminpages.filters import AreaFilter
from movement_portal.adminpages.inlines import PortalInline, ReadOnlyInline
from movement_portal.adminpages.options import standing_today, written_by
from movement_portal.jurisdictions.models import Jurisdiction


@admin.register(ModelKind)
class ModelKindAdmin(PortalModelAdmin):
    list_display = ("name", "place", "theme", "is_in_use", "legal_document")
    list_filter = (
        "place",
        "theme",
        "is_self_prevention",
        "is_self_management",
        "is_self_protection",
        "is_self_reconciliation",
        "is_in_use",
    )
    search_fields = ("search_folded",)
    fields = (
        "name",
        "other_names",
        ("place", "theme"),
        ("is_self_prevention", "is_self_management", "is_self_protection", "is_self_reconciliation"),
        "legal_document",
        "note",
        "is_in_use",
    )


class ModelMemberInline(PortalInline):
    model = ModelMember
    fields = ("unit", "body", "jurisdiction", "role", "valid_from", "valid_to")


class ModelGroupInline(PortalInline):
    model = ModelGroup
    fields = ("name", "head_name", "head_phone", "member_count", "valid_from", "valid_to")


class ModelStrengthInline(PortalInline):
    model = ModelStrength
    fields = ("counted_on", "group_count", "member_count", "camera_count")


class ModelRatingInline(PortalInline):
    model = ModelRating
    fields = ("year", "grade", "remark")


class ModelRecognitionInline(PortalInline):
    model = ModelRecognition
    fields = ("level", "decision_number", "decision_on", "issuer")


class ModelStepInline(ReadOnlyInline):
    model = ModelStep
    fk_name = "model"
    fields = ("kind", "effective_on", "to_status", "decision_number", "reason", "other")


@admin.register(SelfManagedModel)
class SelfManagedModelAdmin(PortalModelAdmin):
    list_display = ("code", "name", "kind", "jurisdiction", "status", "launched_on")
    list_display_links = ("code", "name")
    list_filter = ("status", AreaFilter, "kind", "launched_on")
    picked = {Jurisdiction: standing_today}
    search_fields = ("search_folded", "kind__search_folded", "lead_unit__search_folded")
    search_help_text = "Tên, mã, loại mô hình, nơi chủ trì hoặc trưởng mô hình; không cần gõ dấu."
    inlines = (
        ModelMemberInline,
        ModelGroupInline,
        ModelStrengthInline,
        ModelRatingInline,
        ModelRecognitionInline,
        ModelStepInline,
    )
    #: The life of a model changes by its own steps on the model's page.
    readonly_fields = ("code", "status", "status_on", "launched_on", "ended_on", "merged_into", "last_active_on")
    fieldsets = (
        (None, {"fields": ("code", "kind", "name", ("lead_unit", "lead_body"), "jurisdiction", "place")}),
        (
            "Thành lập",
            {"fields": (("decision_number", "decision_on", "decision_issuer"), "launch_place", "replicated_from")},
        ),
        ("Trưởng mô hình", {"fields": (("head_name", "head_title", "head_phone"),)}),
        ("Tình trạng", {"fields": (("status", "status_on"), ("launched_on", "ended_on"), "merged_into")}),
        ("Ghi chú", {"fields": ("note",)}),
    )

    def choice_label(self, record):
        return f"{record.name} ({record.code})"

    def save_model(self, request, obj, form, change):
        """A new model comes in as proposed, by the step that does so."""
        if change:
            super().save_model(request, obj, form, change)
        else:
            workflow.propose(obj, by=request.user)


class ModelRecordAdmin(PortalModelAdmin):
    """A row of one model; the model is chosen once."""

    search_fields = ("model__search_folded",)
    search_help_text = "Tên hoặc mã mô hình; không cần gõ dấu."
    list_filter = (AreaFilter,)
    picked = {SelfManagedModel: written_by}

    def get_readonly_fields(self, request, obj=None):
        return ("model",) if obj is not None else ()


@admin.register(ModelMember)
class ModelMemberAdmin(ModelRecordAdmin):
    list_display = ("model", "unit", "body", "jurisdiction", "role", "valid_from", "valid_to")
    list_filter = ("role", AreaFilter)
    search_fields = ("model__search_folded", "unit__search_folded", "body")
    fields = ("model", "unit", ("body", "jurisdiction"), "role", ("valid_from", "valid_to"))


@admin.register(ModelGroup)
class ModelGroupAdmin(ModelRecordAdmin):
    list_display = ("name", "model", "head_name", "member_count", "valid_from", "valid_to")
    search_fields = ("model__search_folded", "name", "head_name")
    fields = ("model", "name", ("head_name", "head_phone"), "member_count", ("valid_from", "valid_to"))


@admin.register(ModelStrength)
class ModelStrengthAdmin(ModelRecordAdmin):
    list_display = ("model", "counted_on", "group_count", "member_count", "camera_count")
    fields = ("model", "counted_on", ("group_count", "member_count", "camera_count"))


@admin.register(ModelLogEntry)
class ModelLogEntryAdmin(ModelRecordAdmin):
    list_display = ("held_on", "model", "content", "approximation", "participation_count")
    list_filter = ("held_on", AreaFilter)
    search_fields = ("model__search_folded", "content")
    fields = ("model", "held_on", "content", ("approximation", "participation_count"), "note")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        workflow.log_changed([obj.model_id])

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        workflow.log_changed([obj.model_id])

    def delete_queryset(self, request, queryset):
        touched = list(queryset.values_list("model", flat=True).distinct())
        super().delete_queryset(request, queryset)
        workflow.log_changed(touched)


@admin.register(ModelRating)
class ModelRatingAdmin(ModelRecordAdmin):
    list_display = ("model", "year", "grade", "remark")
    list_filter = ("year", "grade", AreaFilter)
    fields = ("model", "year", "grade", "remark")


@admin.register(ModelRecognition)
class ModelRecognitionAdmin(ModelRecordAdmin):
    list_display = ("model", "level", "decision_number", "decision_on", "issuer")
    list_filter = ("level", "decision_on", AreaFilter)
    search_fields = ("model__search_folded", "decision_number", "issuer")
    fields = ("model", "level", ("decision_number", "decision_on"), "issuer")


@admin.register(ModelStep)
class ModelStepAdmin(ReadOnlyAdmin):
    list_display = ("model", "kind", "effective_on", "from_status", "to_status", "reason")
    list_filter = ("kind", "effective_on", AreaFilter)
    search_fields = ("model__search_folded", "reason", "decision_number")
    fields = (
        "model",
        "kind",
        ("from_status", "to_status"),
        "effective_on",
        ("decision_number", "decision_on"),
        "reason",
        "other",
        "officer",
    )
