"""Lists out of the portal: as filtered on screen, or with every column of their sheet; written, logged, sent.

A list page gets its exports in three steps:

1. ``tables.py`` names the columns on screen as ``ExportColumn``: header, kind of cell, value of a row. Headers that the
   sheet of the list knows make the file one that comes in again without matching.
2. A view for ``xuat/<form>/`` asks for the same rows as the page and hands them over::

       filters = GuardFilters(request.GET, request.user)
       if wants_every_column(request):
           rows = filters.everything.order_by(*order)
           listing = sheet_listing(GUARDS, rows, filters=filters.in_words, officer=request.user)
       else:
           listing = Listing(title=..., stem=..., columns=..., rows=..., filters=filters.in_words)
       return send(listing, form=form, officer=request.user)

3. The page includes ``spreadsheets/_export_menu.html`` with
   ``exports=export_links("app:guard_export", query, request.user, sheet=GUARDS)``; whoever may import finds the
   template of the sheet in the menu too.

Rows may come from an iterator: a list of 100,000 rows takes no more memory than one of 100.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db import models
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import note
from movement_portal.lib.numbers import written
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.writing import OutColumn, write_csv, write_list

#: Bytes of a file kept in memory; what is longer goes to a temporary file.
MEMORY = 2 * 1024 * 1024
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
FORM_LABELS = {"xlsx": "Excel", "csv": "CSV"}
#: Parameter of the address that asks for every column of the sheet.
COLUMNS, EVERY = "cot", "du"


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of a list as on screen: how it is written, and the value that a row gives it."""

    out: OutColumn
    value: Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list as it goes out."""

    title: str
    #: Name of the file without date and ending: “danh-sach-don-vi”.
    stem: str
    columns: Sequence[OutColumn]
    rows: Iterable[Sequence[Any]]
    #: What was filtered, in words; empty for the whole list.
    filters: Sequence[tuple[str, Any]] = ()
    #: Further lines under the title.
    about: Sequence[tuple[str, Any]] = field(default=())


def wants_every_column(request) -> bool:
    """Whether the address asks for every column of the sheet and not for those on screen."""
    return request.GET.get(COLUMNS) == EVERY


def sheet_listing(
    sheet: Sheet,
    records: models.QuerySet,
    *,
    filters: Sequence[tuple[str, Any]] = (),
    about=(),
    title: str = "",
    officer,
) -> Listing:
    """Every column of the sheet for records already scoped, filtered and ordered: what goes out comes in again."""
    if sheet.own_only:
        records = records.editable_by(officer)
    resource = SheetResource(sheet, queryset=records, officer=officer)
    return Listing(
        title=title or f"Danh sách {mid_sentence(sheet.label)}",
        stem=f"{sheet.name}-du-cot",
        columns=resource.columns(),
        rows=resource.rows(records),
        filters=filters,
        about=about,
    )


def filters_in_words(filters: Sequence[tuple[str, Any]]) -> str:
    """“Khối: Doanh nghiệp; Tìm: “may””, or that nothing is filtered."""
    return "; ".join(f"{label}: {value}" for label, value in filters) or "không lọc"


def write(stream, listing: Listing, *, form: str, officer) -> int:
    """Write the list into a binary stream, note it in the log, and answer its number of rows."""
    if form == "xlsx":
        about = [
            ("Điều kiện", filters_in_words(listing.filters)),
            *listing.about,
            ("Lập lúc", f"{timezone.localtime():%H:%M %d/%m/%Y}"),
            ("Người lập", officer.full_name),
        ]
        office = str(officer.office or "")
        count = write_list(
            stream, title=listing.title, about=about, columns=listing.columns, rows=listing.rows, office=office
        )
    else:
        count = write_csv(stream, columns=listing.columns, rows=listing.rows)
    note_export(f"{listing.title} ({FORM_LABELS[form]})", count, listing.filters)
    return count


def note_export(what: str, count: int, filters: Sequence[tuple[str, Any]] = ()) -> None:
    """Put down in the log that a list left the portal: what, how many rows, filtered how."""
    note(
        kind=EventKind.EXPORT,
        label=f"Xuất {mid_sentence(what)}: {written(count)} dòng",
        reason=f"Điều kiện: {filters_in_words(filters)}",
    )


def send(listing: Listing, *, form: str, officer) -> HttpResponse | FileResponse:
    """The answer to a request for the list as a file; raises ``ListTooLong``."""
    stream = SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115  closed by ``file_response`` or by its answer
    write(stream, listing, form=form, officer=officer)
    return file_response(stream, f"{listing.stem}-{timezone.localtime():%Y%m%d-%H%M}.{form}")


def file_response(stream, name: str) -> HttpResponse | FileResponse:
    """The stream as a file to be saved: whole where it is small, else piece by piece."""
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    content_type = CONTENT_TYPES[name.rpartition(".")[2]]
    if size > MEMORY:
        return FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    with stream:
        disposition = content_disposition_header(as_attachment=True, filename=name)
        return HttpResponse(stream.read(), content_type=content_type, headers={"Content-Disposition": disposition})


# -- the menu of a list ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ExportLink:
    label: str
    icon: str
    url: str
    #: It leads to a page and not to a file.
    is_page: bool = False


def export_links(name: str, query: str, user, *, sheet: Sheet | None = None) -> list[ExportLink]:
    """The entries of a list's menu: the columns on screen as two kinds of file, every column where it has a sheet.

    ``name`` is the URL name of its export with the argument ``form``, ``query`` what the page is filtered by. Whoever
    may bring the list in finds its template there too.
    """
    xlsx, csv = (reverse(name, kwargs={"form": form}) for form in FORM_LABELS)
    links = [
        ExportLink("Excel, các cột trên màn hình", "file-earmark-spreadsheet", _with(xlsx, query)),
        ExportLink("CSV, các cột trên màn hình", "filetype-csv", _with(csv, query)),
    ]
    if sheet is not None:
        every = f"{query}&{COLUMNS}={EVERY}" if query else f"{COLUMNS}={EVERY}"
        links += [
            ExportLink("Excel đủ cột (để nhập lại)", "table", _with(xlsx, every)),
            ExportLink("CSV đủ cột (để nhập lại)", "filetype-csv", _with(csv, every)),
        ]
        if sheet.may_import(user):
            template = reverse("spreadsheets:sheet_template", args=[sheet.name])
            workbook = reverse("spreadsheets:sheet_workbook", args=[sheet.name])
            links.append(ExportLink("Tệp để sửa rồi gửi lại…", "arrow-left-right", workbook, is_page=True))
            links.append(ExportLink("Tệp mẫu trống để điền thêm", "file-earmark-plus", template))
    return links


def _with(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url
