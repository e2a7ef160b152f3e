from django.contrib import admin

from movement_portal.adminpages.base import ReadOnlyAdmin
from movement_portal.spreadsheets.models import ImportBatch, ImportRow


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ("file_name", "sheet", "state", "officer", "jurisdiction", "uploaded_at", "committed_at")
    list_filter = ("state", "sheet", "uploaded_at")
    search_fields = ("file_name",)
    search_help_text = "Tên tệp."
    fields = (
        ("sheet", "state"),
        ("file_name", "file_size"),
        "sha256",
        ("officer", "jurisdiction", "default_area"),
        ("uploaded_at", "committed_at"),
        "counts",
        "failure",
    )


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    list_display = ("number", "worksheet", "outcome", "label", "batch")
    list_filter = ("outcome",)
    search_fields = ("label",)
    search_help_text = "Tên ghi ở dòng."
    fields = ("batch", ("worksheet", "number", "outcome"), "label", "cells", "values", "changes", "problems")

    def scope(self, request, rows):
        return rows.filter(batch__in=ImportBatch.objects.visible_to(request.user))

    def has_view_permission(self, request, obj=None):
        """Rows are seen with their batch."""
        return request.user.has_perm("spreadsheets.view_importbatch")

    def has_export_permission(self, request):
        return False

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)
