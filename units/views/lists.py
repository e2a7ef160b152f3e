"""The list of units: filters, search, pages, what can be done with all that match, export."""

from dataclasses import dataclass, replace
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from movement_portal.lib.paging import (
    AFTER,
    BEFORE,
    COUNT_CAP,
    PAGE_SIZES,
    SIZE,
    Key,
    KeysetPage,
    Segment,
    capped,
    capped_count,
    opening,
    page_size,
)
from movement_portal.lib.prepared import Prepared, PreparedCount
from movement_portal.lib.tables import table_rows
from movement_portal.spreadsheets.exporting import (
    Listing,
    export_links,
    send,
    sheet_listing,
    wants_every_column,
)
from movement_portal.spreadsheets.writing import XLSX_ROWS, ListTooLong
from units.filters.units import AREA_LABEL, EVERY_STATUS, SORT, TEXT, UnitFilters
from units.models import Unit
from units.search import best, by_code
from units.sheets.units import UNITS
from units.tables.units import COLUMNS, EXPORT, ROW_FIELDS, SELECT, export_rows, fill_rows, rows_by_key
from units.views.record_lists import to_number_search

SUGGESTIONS = 8
TITLE = "Danh sách đơn vị"


@require_GET
@permission_required("units.view_unit", raise_exception=True)
@vary_on_headers("HX-Request")
def unit_list(request):
    filters = UnitFilters(request.GET, request.user)
    if filters.has_number:
        return to_number_search(request)
    page, count = page_and_count(filters)
    rows = rows_by_key([row["id"] for row in page.rows], request.user) if filters.is_narrowed else page.rows
    fill_rows(rows, on=filters.on, own=request.user.jurisdiction)
    columns = (SELECT, *COLUMNS) if request.user.has_perm("units.change_unit") else COLUMNS
    context = {
        "filters": filters,
        "count": count,
        "page": page,
        "headers": [header(column, filters) for column in columns],
        "rows": table_rows(columns, rows),
        "list_query": filters.query(),
        "every_status_query": filters.query(tinh_trang=EVERY_STATUS),
        "sizes": [(size, filters.query(**{SIZE: str(size)}), size == page.size) for size in PAGE_SIZES],
        "is_empty_register": not rows and not filters.is_narrowed and not filters.area,
        "only_open": "tinh_trang" not in filters.chosen,
        "can_pick": columns[0] is SELECT,
        "exports": export_links("units:unit_export", filters.query(), request.user, sheet=UNITS),
    }
    # A page restored from the browser's history is asked for whole.
    is_part = request.htmx.target == "unit-list" and not request.htmx.history_restore_request
    response = render(request, "units/_unit_list.html" if is_part else "units/unit_list.html", context)
    if is_part:
        response["HX-Push-Url"] = f"{request.path}?{filters.query(**place(request.GET))}"
    return response


def place(params):
    """What the address says of the place in the list."""
    return {name: params[name] for name in (AFTER, BEFORE) if name in params}


@dataclass(frozen=True, slots=True)
class Statements:
    """The queries of the first page of a list, made once for all lists of one shape, whoever's they are."""

    segments: list[Segment]
    keys: tuple[Key, ...]
    page: Prepared
    #: None where the page counts itself.
    count: PreparedCount | None


#: By shape and size of the page; an office has few in use at a time.
_statements: dict[tuple, Statements] = {}
SHAPES_KEPT = 200


def statements(filters, *, counts_itself):
    """The prepared queries of the list's first page; None where it is made anew."""
    if filters.shape is None:
        return None
    size = page_size(filters.params)
    shape = (*filters.shape, size, counts_itself, COUNT_CAP)
    if shape not in _statements:
        if len(_statements) >= SHAPES_KEPT:
            _statements.clear()
        anyones = filters.in_slots()
        segments, keys = segments_of(anyones)
        first = opening(segments[0], keys, size + 1, counted=counts_itself)
        everything = anyones.everything.order_by().values("pk")[: COUNT_CAP + 1]
        count = None if counts_itself else PreparedCount(lambda: everything)
        _statements[shape] = Statements(segments, keys, Prepared(lambda: first), count)
    return _statements[shape]


def segments_of(filters, *, is_large=False):
    """The list as segments of rows, and the ordering of each.

    The rows of a whole list have the columns of the page. Where something is looked for they have those of the order
    and no more, which an index holds beside the search text: the database reads no row that it leaves out.
    """
    segments, keys = filters.listing(is_large=is_large)
    columns = {*(("id",) if filters.is_narrowed else ROW_FIELDS), *(key.name for key in keys)}
    return [replace(segment, rows=segment.rows.values(*columns)) for segment in segments], keys


def page_and_count(filters):
    """One page of rows, and how many units the list holds.

    Within a province what matches is read once, for the page and the count; over the whole country the count comes
    first, because it stops early and says how the page is best found.
    """
    counts_itself = filters.is_narrowed and not filters.is_whole_country
    prepared = statements(filters, counts_itself=counts_itself)
    count = None
    if not counts_itself:
        found = prepared.count(**filters.slots) if prepared else None
        count = capped_count(filters.everything, COUNT_CAP) if found is None else capped(found, COUNT_CAP)
    is_large = count is not None and count.is_capped
    if prepared and not (is_large and filters.is_narrowed):
        segments, keys, first = prepared.segments, prepared.keys, partial(prepared.page, **filters.slots)
    else:
        (segments, keys), first = segments_of(filters, is_large=is_large), None
    page = KeysetPage(segments, keys, filters.params, counted=counts_itself, first=first)
    if count is None:
        whole = page.total is None
        count = capped_count(filters.everything, COUNT_CAP) if whole else capped(page.total, COUNT_CAP)
    return page, count


def header(column, filters):
    """A column's header: its label, and where it sorts, the address that sorts by it or turns the order round."""
    now = filters.sort or ("" if filters.text else "ten")
    is_current = column.sort and now.removeprefix("-") == column.sort
    turned = f"-{column.sort}" if now == column.sort else column.sort
    return {
        "label": column.label,
        "css": column.css,
        "query": filters.query(**{SORT: turned}) if column.sort else None,
        "order": ("descending" if now.startswith("-") else "ascending") if is_current else "",
    }


@require_GET
@permission_required("units.view_unit", raise_exception=True)
@vary_on_headers("HX-Request")
def unit_search(request):
    """The search box of every page: suggestions while one types, the profile for a code, else the list."""
    filters = UnitFilters(request.GET, request.user)
    if filters.has_number:
        return to_number_search(request)
    text, units = filters.text, Unit.objects.visible_to(request.user)
    if request.htmx:
        found = best(units.select_related("jurisdiction__parent"), text, limit=SUGGESTIONS) if text else []
        return render(request, "units/_suggestions.html", {"text": text, "units": found, "limit": SUGGESTIONS})
    if text and len(keys := by_code(units, text)) == 1:
        return redirect(units.get(pk=keys[0]))
    return redirect(f"{reverse('units:unit_list')}?{filters.query(**{TEXT: text})}")


@require_GET
@permission_required(["units.view_unit", "units.export_unit"], raise_exception=True)
def unit_export(request, form):
    """The list exactly as filtered and ordered, as a workbook or a text file."""
    filters = UnitFilters(request.GET, request.user)
    count = capped_count(filters.everything, cap=XLSX_ROWS)
    if form == "xlsx" and count.is_capped:
        messages.error(request, str(ListTooLong()))
        return redirect(f"{reverse('units:unit_list')}?{filters.query()}")
    segments, keys = filters.listing(is_large=filters.is_whole_country and int(count) > COUNT_CAP)
    order = [key.order() for key in keys]
    if wants_every_column(request):
        # A list without ranks is one segment.
        records = segments[0].rows.order_by(*order)
        listing = sheet_listing(
            UNITS, records, title=TITLE, filters=in_words(filters), about=size_of(count), officer=request.user
        )
    else:
        listing = Listing(
            title=TITLE,
            stem="danh-sach-don-vi",
            columns=[column.out for column in EXPORT],
            rows=export_rows(segments, order, on=filters.on, own=request.user.jurisdiction),
            filters=in_words(filters),
            about=size_of(count),
        )
    return send(listing, form=form, officer=request.user)


def in_words(filters):
    """What the list is filtered by, as lines under its title."""
    officer = filters.user
    area = filters.area or officer.jurisdiction
    return [
        (AREA_LABEL, area.long_name),
        *(
            (chip.label, chip.value)
            for chip in filters.active
            if chip.label != "Địa bàn" or chip.value != area.full_name
        ),
    ]


def size_of(count):
    return [("Số đơn vị", count)]
