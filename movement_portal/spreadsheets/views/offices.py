"""Areas and accounts as files: exactly the list on screen."""

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.views.decorators.http import require_GET

from movement_portal.accounts.forms import OfficerFilterForm
from movement_portal.accounts.views.officers import narrowed
from movement_portal.jurisdictions.forms import TreeForm
from movement_portal.jurisdictions.models import Posting
from movement_portal.jurisdictions.views.territory import areas_shown
from movement_portal.spreadsheets.exporting import Listing, send, sheet_listing, wants_every_column
from movement_portal.spreadsheets.sheets import sheet_of_model
from movement_portal.spreadsheets.writing import Kind, OutColumn

AREA_COLUMNS = (
    OutColumn("Tên", width=32),
    OutColumn("Thuộc", width=32),
    OutColumn("Mã", width=12),
    OutColumn("Tồn tại", width=28),
    OutColumn("Cấp dưới", Kind.INTEGER, width=10),
)
OFFICER_COLUMNS = (
    OutColumn("Họ và tên", width=28),
    OutColumn("Tên đăng nhập", width=20),
    OutColumn("Cơ quan", width=36),
    OutColumn("Chức năng", width=32),
    OutColumn("Đang dùng", width=12),
    OutColumn("Đăng nhập lần cuối", Kind.MOMENT, width=20),
)


@require_GET
@permission_required("jurisdictions.view_jurisdiction", raise_exception=True)
def area_export(request, form):
    asked = TreeForm(request.GET)
    areas, root = areas_shown(asked, request.user)
    filters = [("Tại ngày", f"{asked.day:%d/%m/%Y}")]
    filters += [("Thuộc", root.long_name)] if root else []
    filters += [("Tìm", f"“{asked.text}”")] if asked.text else []
    listing = Listing(
        title="Danh sách địa bàn",
        stem="danh-sach-dia-ban",
        columns=AREA_COLUMNS,
        rows=[[area.full_name, area.parent_names, area.code, area.period, area.below] for area in areas],
        filters=filters,
    )
    return send(listing, form=form, officer=request.user)


@require_GET
@permission_required("jurisdictions.view_officer", raise_exception=True)
def officer_export(request, form):
    asked = OfficerFilterForm(request.GET, by=request.user)
    values = asked.values
    officers = narrowed(request.user, values)
    filters = [
        (asked.fields[name].label.capitalize(), _in_words(asked.fields[name], value)) for name, value in values.items()
    ]
    if wants_every_column(request):
        postings = Posting.objects.visible_to(request.user).filter(officer__in=officers.order_by().values("pk"))
        rows = postings.order_by("officer__given_sort", "officer", "-valid_from", "-id")
        listing = sheet_listing(sheet_of_model(Posting), rows, filters=filters, officer=request.user)
    else:
        listing = Listing(
            title="Danh sách tài khoản",
            stem="danh-sach-tai-khoan",
            columns=OFFICER_COLUMNS,
            rows=(_officer(officer) for officer in officers),
            filters=filters,
        )
    return send(listing, form=form, officer=request.user)


def _officer(officer):
    functions = ", ".join(posting.get_function_display() for posting in officer.current_postings)
    state = "Có" if officer.is_active else "Đã khóa"
    return [officer.full_name, officer.username, officer.home_office_name, functions, state, officer.last_login]


def _in_words(field, value):
    """A value of the filter form as it is chosen on screen."""
    if isinstance(value, UUID):
        return "trong một lần nhập"
    return dict(getattr(field, "choices", None) or ()).get(value, str(value))
