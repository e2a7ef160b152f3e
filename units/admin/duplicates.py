"""Admin pages about duplicates: for review only, what is done with them is done on the portal's pages."""

from django.contrib import admin

from movement_portal.adminpages.base import ReadOnlyAdmin, page_link
from units.models import DuplicatePair, TransferRequest, UnitMerge


@admin.register(DuplicatePair)
class DuplicatePairAdmin(ReadOnlyAdmin):
    list_display = ("first", "second", "score", "state", "found_on", "settled_on")
    list_filter = ("state", "found_on")
    search_fields = ("first__search_folded", "second__search_folded")
    search_help_text = "Tên hoặc mã của một trong hai đơn vị; không cần gõ dấu."
    fields = (
        ("first", "second"),
        ("score", "reasons", "found_on"),
        ("state", "settled_by", "settled_on"),
        "settled_reason",
    )

    def record_tools(self, request, obj):
        return page_link("Trang cặp nghi trùng", "duplicates:pair_detail", obj.pk)


@admin.register(UnitMerge)
class UnitMergeAdmin(ReadOnlyAdmin):
    list_display = ("absorbed", "survivor", "merged_at", "merged_by", "undone_at")
    list_filter = ("merged_at", "undone_at")
    search_fields = ("absorbed__search_folded", "survivor__search_folded")
    search_help_text = "Tên hoặc mã của một trong hai hồ sơ; không cần gõ dấu."
    fields = (
        ("absorbed", "survivor"),
        ("merged_by", "merged_at"),
        "reason",
        ("undone_by", "undone_at"),
        "undone_reason",
    )

    def record_tools(self, request, obj):
        return page_link("Trang lần gộp", "duplicates:merge_detail", obj.pk)


@admin.register(TransferRequest)
class TransferRequestAdmin(ReadOnlyAdmin):
    """Requests about units in reach; the asking office reads its own on the portal's pages, where no unit stands."""

    told_to_all = ("from_area", "to_area", "requested_by", "decided_by")

    list_display = ("unit", "from_area", "to_area", "requested_on", "state", "decided_on")
    list_filter = ("state", "requested_on")
    search_fields = ("unit__search_folded",)
    search_help_text = "Tên hoặc mã đơn vị; không cần gõ dấu."
    fields = (
        "unit",
        ("from_area", "to_area"),
        ("called", "reason"),
        ("requested_by", "requested_on", "expires_on"),
        ("state", "decided_by", "decided_on"),
        "decision",
    )

    def record_tools(self, request, obj):
        return page_link("Trang đề nghị", "duplicates:transfer_detail", obj.pk)
