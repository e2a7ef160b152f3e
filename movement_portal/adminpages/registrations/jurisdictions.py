from django.contrib import admin

from movement_portal.adminpages.base import PortalModelAdmin, ReadOnlyAdmin, page_link
from movement_portal.adminpages.filters import AreaFilter
from movement_portal.adminpages.inlines import ReadOnlyInline
from movement_portal.jurisdictions.models import Jurisdiction, Officer, PoliceOffice, Posting, Succession
from movement_portal.spreadsheets.sheets import sheet_of_model


@admin.register(Jurisdiction)
class JurisdictionAdmin(PortalModelAdmin):
    list_display = ("full_name", "kind", "code", "parent", "valid_from", "valid_to")
    list_filter = ("kind", AreaFilter, "valid_to")
    search_fields = ("search_folded",)
    search_help_text = "Tên hoặc mã; không cần gõ dấu."
    fields = (("kind", "name", "code"), "parent", ("valid_from", "valid_to"))
    extra_relations = ("parent__parent__parent",)

    @admin.display(description="tên", ordering="name_sort")
    def full_name(self, area):
        return area.full_name

    def choice_label(self, record):
        ended = f" (đến hết {record.valid_to:%d/%m/%Y})" if record.valid_to else ""
        return record.long_name + ended


@admin.register(Succession)
class SuccessionAdmin(PortalModelAdmin):
    list_display = ("predecessor", "kind", "successor", "effective_on", "legal_basis")
    list_filter = ("kind", "effective_on", AreaFilter)
    search_fields = ("predecessor__search_folded", "successor__search_folded", "legal_basis")
    fields = (("predecessor", "successor"), ("kind", "effective_on"), "legal_basis")


@admin.register(PoliceOffice)
class PoliceOfficeAdmin(PortalModelAdmin):
    list_display = ("name", "level", "jurisdiction", "parent", "valid_from", "valid_to")
    list_filter = ("level", AreaFilter, "valid_to")
    search_fields = ("search_folded",)
    fields = (("level", "name"), ("jurisdiction", "parent"), ("valid_from", "valid_to"))


def accounts_link(request, right, label, name, *args):
    """A button to a page of accounts, as a list of one; none without the right to what is done there."""
    return page_link(label, name, *args) if request.user.has_perm(f"jurisdictions.{right}") else []


class PostingInline(ReadOnlyInline):
    model = Posting
    fields = ("office", "function", "valid_from", "valid_to")


@admin.register(Officer)
class OfficerAdmin(ReadOnlyAdmin):
    """Accounts are looked at here; pages of accounts and lists open them, those pages alone lock and give passwords."""

    list_display = ("full_name", "username", "title", "phone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("search_folded",)
    fields = ("username", ("full_name", "title"), "phone", "is_active", "must_change_password")
    inlines = (PostingInline,)

    def choice_label(self, record):
        return f"{record.full_name} ({record.username})"

    def list_tools(self, request):
        return accounts_link(request, "add_officer", "Mở tài khoản", "accounts:officer_create")

    def record_tools(self, request, obj):
        return accounts_link(request, "view_officer", "Sửa, khóa, phân công", "accounts:officer_detail", obj.pk)

    @property
    def sheet(self):
        """Officers come in and go out with their postings."""
        return sheet_of_model(Posting)

    def sheet_rows(self, request, rows):
        return Posting.objects.visible_to(request.user).filter(officer__in=rows.order_by().values("pk"))


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    """Postings give rights: they begin and end where the giver's own are asked, on pages of accounts and in lists."""

    list_display = ("officer", "office", "function", "valid_from", "valid_to")
    list_filter = ("function", AreaFilter, "valid_to")
    search_fields = ("officer__search_folded", "office__search_folded")
    fields = (("officer", "office"), "function", ("valid_from", "valid_to"), "grants")

    def list_tools(self, request):
        return accounts_link(request, "add_posting", "Phân công ở trang tài khoản", "accounts:officer_list")

    def record_tools(self, request, obj):
        return accounts_link(
            request, "view_officer", "Kết thúc, phân công tiếp", "accounts:officer_detail", obj.officer_id
        )
