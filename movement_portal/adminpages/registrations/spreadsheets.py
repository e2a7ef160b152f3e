from django.contrib import admin

from movement_portal.adminpages.base import ReadOnlyAdmin
from movement_portal.spreadsheets.models import (
    ColumnMemory,
    ConstantMemory,
    ImportBatch,
    ImportDecision,
    ImportEdit,
    ImportFault,
    ImportFix,
    ImportJob,
    ImportRow,
    IssuedWorkbook,
    ValueMemory,
)
from movement_portal.spreadsheets.models.scoping import sheets_seen_by


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


class SeenWithImports(ReadOnlyAdmin):
    """What hangs on imports: seen by whoever sees them; it has no history of its own and does not go out."""

    #: The relation that says whose a row is.
    owner = "batch"

    def scope(self, request, rows):
        owners = self.opts.get_field(self.owner).related_model.objects.visible_to(request.user)
        return rows.filter(**{f"{self.owner}__in": owners})

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("spreadsheets.view_importbatch")

    def has_export_permission(self, request):
        return False

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)


@admin.register(ImportRow)
class ImportRowAdmin(SeenWithImports):
    list_display = ("number", "worksheet", "outcome", "label", "batch")
    list_filter = ("outcome",)
    search_fields = ("label",)
    search_help_text = "Tên ghi ở dòng."
    fields = ("batch", ("worksheet", "number", "outcome"), "label", "cells", "values", "changes", "problems")


@admin.register(ImportFault)
class ImportFaultAdmin(SeenWithImports):
    list_display = ("cause", "column", "value", "refuses", "row", "batch")
    list_filter = ("refuses",)
    search_fields = ("cause", "value")
    search_help_text = "Nguyên nhân hoặc giá trị."
    fields = ("batch", "row", "cause", ("column", "value"), "refuses")


@admin.register(ImportFix)
class ImportFixAdmin(SeenWithImports):
    list_display = ("cause", "column", "value", "action", "text", "area", "officer", "batch")
    list_filter = ("action", "made_at")
    search_fields = ("cause", "value", "text")
    search_help_text = "Nguyên nhân hoặc giá trị."
    fields = ("batch", "cause", ("column", "value", "whole"), ("action", "text", "area"), ("officer", "made_at"))


@admin.register(ImportEdit)
class ImportEditAdmin(SeenWithImports):
    list_display = ("number", "worksheet", "column", "text", "officer", "batch")
    list_filter = ("made_at",)
    search_fields = ("column", "text")
    search_help_text = "Cột hoặc nội dung của ô."
    fields = ("batch", ("worksheet", "number", "column"), ("text"), ("officer", "made_at"))


@admin.register(ImportDecision)
class ImportDecisionAdmin(SeenWithImports):
    list_display = ("number", "worksheet", "decision", "officer", "made_at", "batch")
    list_filter = ("decision", "made_at")
    fields = ("batch", ("worksheet", "number"), "decision", ("officer", "made_at"))


@admin.register(ImportJob)
class ImportJobAdmin(SeenWithImports):
    list_display = ("step", "state", "batch", "officer", "created_at", "ended_at", "attempts")
    list_filter = ("state", "step", "created_at")
    fields = ("batch", ("step", "state"), "officer", ("created_at", "started_at", "ended_at"), "attempts", "message")


class MemoryAdmin(SeenWithImports):
    """What an office said of its lists before."""

    owner = "office"

    def scope(self, request, rows):
        return super().scope(request, rows).filter(sheet__in=sheets_seen_by(request.user))


@admin.register(ColumnMemory)
class ColumnMemoryAdmin(MemoryAdmin):
    list_display = ("header", "key", "sheet", "office", "used_at")
    list_filter = ("sheet", "used_at")
    search_fields = ("header",)
    search_help_text = "Tên cột."
    fields = ("office", "sheet", ("header", "key"), "used_at")


@admin.register(ConstantMemory)
class ConstantMemoryAdmin(MemoryAdmin):
    list_display = ("key", "text", "sheet", "office", "used_at")
    list_filter = ("sheet", "used_at")
    search_fields = ("text",)
    search_help_text = "Giá trị chung."
    fields = ("office", "sheet", ("key", "text"), "used_at")


@admin.register(ValueMemory)
class ValueMemoryAdmin(MemoryAdmin):
    list_display = ("value", "text", "area", "key", "sheet", "office", "used_at")
    list_filter = ("sheet", "used_at")
    search_fields = ("value", "text")
    search_help_text = "Giá trị hoặc nội dung thay thế."
    fields = ("office", "sheet", ("key", "value"), ("text", "area"), "used_at")


@admin.register(IssuedWorkbook)
class IssuedWorkbookAdmin(ReadOnlyAdmin):
    list_display = ("id", "sheet", "jurisdiction", "officer", "row_count", "issued_at")
    list_filter = ("sheet", "issued_at")
    fields = (("sheet", "jurisdiction"), ("officer", "issued_at"), "row_count")
