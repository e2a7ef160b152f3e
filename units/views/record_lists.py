"""What the lists of records of units share: the page, its part for htmx, the export."""

from os import SEEK_END
from tempfile import SpooledTemporaryFile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import note
from movement_portal.lib.paging import AFTER, BEFORE, COUNT_CAP, PAGE_SIZES, SIZE, KeysetPage, capped_count
from movement_portal.lib.tables import table_rows
from movement_portal.spreadsheets.sheets import sheets
from movement_portal.spreadsheets.writing import write_csv, write_list
from units.force_tables import RecordList
from units.listing import AREA_LABEL, SORT
from units.views.lists import CONTENT_TYPES, EXPORT_MEMORY, XLSX_ROWS

#: Rows that an export reads at a time.
CHUNK = 2_000


def list_page(request, listed: RecordList, *, actions=(), tabs=()):
    """One page of a list; htmx gets the list alone."""
    user = request.user
    if not user.has_perm(listed.permission):
        raise PermissionDenied
    filters = listed.filters(request.GET, user)
    count = capped_count(filters.everything, cap=COUNT_CAP)
    segments, keys = filters.listing()
    [segment] = segments
    page = KeysetPage(segment.rows.values("id", *(key.name for key in keys if key.name != "id")), keys, request.GET)
    rows = listed.load(filters.scope, [row["id"] for row in page.rows], user.jurisdiction) if page.rows else []
    context = {
        "listed": listed,
        "filters": filters,
        "count": count,
        "counted": "" if count.is_capped else listed.counted(filters),
        "page": page,
        "headers": [header(column, filters) for column in listed.columns],
        "rows": table_rows(listed.columns, rows),
        "list_url": reverse(listed.list_url),
        "list_query": filters.query(),
        "sizes": [(size, filters.query(**{SIZE: str(size)}), size == page.size) for size in PAGE_SIZES],
        "is_empty": not rows and not filters.is_narrowed and not filters.area,
        "can_export": user.has_perm(listed.export_permission),
        "import_sheet": import_sheet(listed, user),
        "actions": actions,
        "tabs": tabs,
    }
    is_part = request.htmx.target == "record-list" and not request.htmx.history_restore_request
    response = render(request, "units/_record_list.html" if is_part else "units/record_list.html", context)
    if is_part:
        place = {name: request.GET[name] for name in (AFTER, BEFORE) if name in request.GET}
        response["HX-Push-Url"] = f"{request.path}?{filters.query(**place)}"
    return response


def import_sheet(listed: RecordList, user) -> str:
    """The name of the sheet by which the officer may bring such a list in; empty for none."""
    found = next((sheet for sheet in sheets() if sheet.name == listed.import_sheet), None)
    return found.name if found and found.may_import(user) else ""


def header(column, filters):
    """A column's header: its label, and where it sorts, the address that sorts by it or turns the order round."""
    usual = next(iter(filters.orderings))
    now = filters.sort or usual
    is_current = column.sort and now.removeprefix("-") == column.sort
    turned = f"-{column.sort}" if now == column.sort else column.sort
    first = filters.orderings[column.sort][0] if column.sort else ""
    falls = now.startswith("-") != first.startswith("-")
    return {
        "label": column.label,
        "css": column.css,
        "query": filters.query(**{SORT: turned}) if column.sort else None,
        "order": ("descending" if falls else "ascending") if is_current else "",
    }


def export(request, listed: RecordList, form: str):
    """The list exactly as filtered and ordered, as a workbook or a text file; the journal says who took it."""
    user = request.user
    if not user.has_perms([listed.permission, listed.export_permission]):
        raise PermissionDenied
    filters = listed.filters(request.GET, user)
    count = capped_count(filters.everything, cap=XLSX_ROWS)
    if form == "xlsx" and count.is_capped:
        messages.error(request, f"Danh sách có {count} dòng, nhiều hơn một trang tính chứa được. Hãy xuất tệp CSV.")
        return redirect(f"{reverse(listed.list_url)}?{filters.query()}")
    conditions = _conditions(filters)
    about = [
        (AREA_LABEL, (filters.area or user.jurisdiction).long_name),
        *conditions,
        (f"Số {listed.noun}", count),
        ("Lập lúc", timezone.now()),
        ("Người lập", f"{user.full_name}, {user.office}"),
    ]
    columns = [column.out for column in listed.export]
    stream = SpooledTemporaryFile(max_size=EXPORT_MEMORY)  # noqa: SIM115  closed below or by the response
    rows = _rows(listed, filters, user)
    if form == "xlsx":
        write_list(stream, title=f"Danh sách {listed.title.lower()}", about=about, columns=columns, rows=rows)
    else:
        write_csv(stream, columns=columns, rows=rows)
    told = "; ".join(f"{label}: {value}" for label, value in conditions) or "không lọc"
    note(kind=EventKind.EXPORT, label=f"Xuất {count} {listed.noun} ra {form.upper()}", reason=told)
    return _file(stream, f"{listed.file_name}-{timezone.localtime():%Y%m%d-%H%M}.{form}", form)


def _conditions(filters):
    return [(chip.label, chip.value) for chip in filters.active if chip.label != AREA_LABEL]


def _rows(listed: RecordList, filters, user):
    [segment], keys = filters.listing()
    ordered = segment.rows.order_by(*(key.order() for key in keys)).values_list("id", flat=True)
    chunk: list[int] = []
    for key in ordered.iterator(chunk_size=CHUNK):
        chunk.append(key)
        if len(chunk) == CHUNK:
            yield from _values(listed, filters, chunk, user)
            chunk = []
    if chunk:
        yield from _values(listed, filters, chunk, user)


def _values(listed, filters, keys, user):
    for row in listed.load(filters.scope, keys, user.jurisdiction):
        yield [column.value(row) for column in listed.export]


def _file(stream, name, form):
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    if size > EXPORT_MEMORY:
        return FileResponse(stream, as_attachment=True, filename=name, content_type=CONTENT_TYPES[form])
    with stream:
        disposition = content_disposition_header(as_attachment=True, filename=name)
        return HttpResponse(
            stream.read(), content_type=CONTENT_TYPES[form], headers={"Content-Disposition": disposition}
        )
