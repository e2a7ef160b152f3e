"""The list of units: filters, search, pages, what can be done with all that match, export."""

from dataclasses import replace
from os import SEEK_END
from tempfile import SpooledTemporaryFile

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from movement_portal.lib.paging import AFTER, BEFORE, COUNT_CAP, PAGE_SIZES, SIZE, KeysetPage, capped, capped_count
from movement_portal.lib.tables import table_rows
from movement_portal.spreadsheets.writing import write_csv, write_list
from units.filters import AREA_LABEL, EVERY_STATUS, SORT, TEXT, UnitFilters
from units.models import Unit
from units.search import best, by_code
from units.tables import COLUMNS, EXPORT, SELECT, export_rows, load_rows

SUGGESTIONS = 8
#: Rows that a worksheet holds below its header and the lines about the list.
XLSX_ROWS = 1_000_000
#: Bytes of an export kept in memory; what is longer goes to a temporary file.
EXPORT_MEMORY = 2 * 1024 * 1024
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_GET
@permission_required("units.view_unit", raise_exception=True)
@vary_on_headers("HX-Request")
def unit_list(request):
    filters = UnitFilters(request.GET, request.user)
    page, count = page_and_count(filters)
    rows = load_rows(filters.scope, [row["id"] for row in page.rows], on=filters.on, own=request.user.jurisdiction)
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


def page_and_count(filters):
    """One page of keys, and how many units the list holds.

    Within a province what matches is read once, for the page and the count; over the whole country the count comes
    first, because it stops early and says how the page is best found.
    """
    counts_itself = filters.is_narrowed and not filters.is_whole_country
    count = None if counts_itself else capped_count(filters.everything, cap=COUNT_CAP)
    segments, keys = filters.listing(is_large=count is not None and count.is_capped)
    columns = {"id", *(key.name for key in keys)}
    segments = [replace(segment, rows=segment.rows.values(*columns)) for segment in segments]
    page = KeysetPage(segments, keys, filters.params, counted=counts_itself)
    if count is None:
        whole = page.total is None
        count = capped_count(filters.everything, cap=COUNT_CAP) if whole else capped(page.total, COUNT_CAP)
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
        messages.error(request, f"Danh sách có {count} dòng, nhiều hơn một trang tính chứa được. Hãy xuất tệp CSV.")
        return redirect(f"{reverse('units:unit_list')}?{filters.query()}")
    segments, keys = filters.listing(is_large=filters.is_whole_country and int(count) > COUNT_CAP)
    order = [key.order() for key in keys]
    rows = export_rows(segments, order, on=filters.on, own=request.user.jurisdiction)
    columns = [column.out for column in EXPORT]
    stream = SpooledTemporaryFile(max_size=EXPORT_MEMORY)  # noqa: SIM115  closed below or by the response
    if form == "xlsx":
        write_list(stream, title="Danh sách đơn vị", about=about(filters, count), columns=columns, rows=rows)
    else:
        write_csv(stream, columns=columns, rows=rows)
    name = f"danh-sach-don-vi-{timezone.localtime():%Y%m%d-%H%M}.{form}"
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    if size > EXPORT_MEMORY:
        return FileResponse(stream, as_attachment=True, filename=name, content_type=CONTENT_TYPES[form])
    with stream:
        disposition = content_disposition_header(as_attachment=True, filename=name)
        headers = {"Content-Disposition": disposition}
        return HttpResponse(stream.read(), content_type=CONTENT_TYPES[form], headers=headers)


def about(filters, count):
    """What the exported list holds, as lines under its title."""
    officer = filters.user
    area = filters.area or officer.jurisdiction
    return [
        (AREA_LABEL, area.long_name),
        *(
            (chip.label, chip.value)
            for chip in filters.active
            if chip.label != "Địa bàn" or chip.value != area.full_name
        ),
        ("Số đơn vị", count),
        ("Lập lúc", timezone.now()),
        ("Người lập", f"{officer.full_name}, {officer.office}"),
    ]
