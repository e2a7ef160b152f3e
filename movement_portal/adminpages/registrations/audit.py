from django.contrib import admin
from django.urls import reverse

from movement_portal.adminpages.base import ReadOnlyAdmin
from movement_portal.audit.models import AuditEvent, Change, Redaction


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "officer_name", "office_name", "kind", "label", "reason")
    list_filter = ("kind", "at")
    search_fields = ("officer_name", "label", "reason", "request_id")
    search_help_text = "Tên cán bộ, việc, lý do hoặc mã yêu cầu."
    fields = ("at", "kind", "label", "reason", "officer_name", "office_name", "request_id")

    def export_columns(self):
        return ("at", "kind", "label", "reason", "officer_name", "office_name", "request_id")

    def record_tools(self, request, obj):
        return [("Các bản ghi thay đổi", reverse("audit:event_detail", args=[obj.pk]))]

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ("moment", "action", "model", "label", "version")
    list_filter = ("action",)
    search_fields = ("label",)
    search_help_text = "Tên bản ghi."
    fields = ("event", "action", "model", "label", "version", "before", "after")
    extra_relations = ("event",)

    @admin.display(description="lúc", ordering="id")
    def moment(self, change):
        return change.event.at

    def export_columns(self):
        return ("action", "model", "label", "version", "before", "after")

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)


@admin.register(Redaction)
class RedactionAdmin(ReadOnlyAdmin):
    list_display = ("at", "event", "change", "act")
    list_filter = ("at",)
    fields = ("at", "event", "change", "act")
    extra_relations = ("event", "change", "act")

    def export_columns(self):
        return ("at", "columns")

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)
