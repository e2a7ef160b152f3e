from django.contrib import admin

from movement_portal.adminpages.base import PortalModelAdmin, ReadOnlyAdmin
from movement_portal.documents.models import LegalDocument, NumberSeries


@admin.register(LegalDocument)
class LegalDocumentAdmin(PortalModelAdmin):
    list_display = ("number", "title", "issuer", "issued_on", "valid_from", "valid_to")
    list_filter = ("issued_on", "valid_to")
    search_fields = ("search_folded",)
    fields = ("number", "title", "issuer", ("issued_on", "valid_from", "valid_to"), "aliases")

    def choice_label(self, record):
        return f"{record.number}: {record.title}"


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    """Counters move by themselves, one number at a time."""

    list_display = ("key", "last_number")
    ordering = ("key",)

    def scope(self, request, rows):
        return rows if request.user.jurisdiction else rows.none()

    def has_export_permission(self, request):
        return False

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)
