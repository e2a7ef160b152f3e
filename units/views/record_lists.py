"""What the lists of records of units share: the page, its part for htmx, the export."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from movement_portal.lib.paging import AFTER, BEFORE, COUNT_CAP, PAGE_SIZES, SIZE, KeysetPage, Segment, capped_count
from movement_portal.lib.tables import table_rows
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets.exporting import Listing, export_links, send, sheet_listing, wants_every_column
from movement_portal.spreadsheets.sheets import Sheet, sheets
from movement_portal.spreadsheets.writing import XLSX_ROWS, ListTooLong
from units.listing import AREA_LABEL, SORT
from units.tables.records import RecordList

#: Rows that an export reads at a time.
CHUNK = 2_000


def list_page(request, listed: RecordList, *, actions=(), tabs=()):
    """One page of a list; htmx gets the list alone.

    ``actions`` (label, address, icon) stand before the button that adds a row.
    """
    user = request.user
    if not user.has_perm(listed.permission):
        raise PermissionDenied
    filters = listed.filters(request.GET, user)
    if filters.has_number:
        return to_number_search(request)
    count, counted = (listed.summarise or _counted(listed))(filters)
    segments, keys = filters.listing()
    [segment] = segments
    names = ["id", *(key.name for key in keys if key.name != "id")]
    parts = [part.values(*names) for part in segment.parts]
    page = KeysetPage([Segment(segment.rows.values(*names), parts=parts)], keys, request.GET)
    rows = listed.load(filters.scope, [row["id"] for row in page.rows], user.jurisdiction) if page.rows else []
    sheet = sheet_of(listed)
    context = {
        "listed": listed,
        "filters": filters,
        "count": count,
        "counted": counted,
        "completed_url": f"{reverse(listed.completed_by)}?{filters.query()}" if listed.completed_by else "",
        "page": page,
        "headers": [header(column, filters) for column in listed.columns],
        "rows": table_rows(listed.columns, rows),
        "list_url": reverse(listed.list_url),
        "list_query": filters.query(),
        "sizes": [(size, filters.query(**{SIZE: str(size)}), size == page.size) for size in PAGE_SIZES],
        "is_empty": not rows and not filters.is_narrowed and not filters.area,
        "exports": export_links(listed.export_url, filters.query(), request.user, sheet=sheet),
        "can_export": user.has_perm(listed.export_permission),
        "import_sheet": sheet.name if sheet is not None and sheet.may_import(user) else "",
        "actions": [*actions, *_adding(listed, user)],
        "tabs": tabs,
    }
    is_part = request.htmx.target == "record-list" and not request.htmx.history_restore_request
    response = render(request, "units/_record_list.html" if is_part else "units/record_list.html", context)
    if is_part:
        place = {name: request.GET[name] for name in (AFTER, BEFORE) if name in request.GET}
        response["HX-Push-Url"] = f"{request.path}?{filters.query(**place)}"
    return response


def _adding(listed, user):
    """The button that adds a row, for whoever may."""
    if not listed.add_url or not user.has_perm(listed.add_permission):
        return []
    return [(listed.add_label, reverse(listed.add_url), "plus-lg")]


def to_number_search(request):
    """A number was typed where it would stand in the address: it is asked for again, to be sent in the body."""
    messages.warning(
        request, "Không gõ số định danh vào ô tìm này vì địa chỉ trang sẽ mang số đó. Hãy gõ ở trang tra theo số."
    )
    # The whole page is left, also where only the list was asked for.
    address = reverse("forces:guard_number_search")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _counted(listed: RecordList):
    """Counts the rows of a list, and where they are few enough what else they come to."""

    def summary(filters):
        count = capped_count(filters.everything, cap=COUNT_CAP)
        # Of the whole country only the rows are counted: units and people would cost the page again.
        return count, "" if count.is_capped or filters.is_whole_country else listed.counted(filters)

    return summary


def sheet_of(listed: RecordList) -> Sheet | None:
    """The sheet by which such a list is brought in, or None."""
    return next((sheet for sheet in sheets() if sheet.name == listed.import_sheet), None)


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
    """The list exactly as filtered and ordered, or with every column of its sheet; the journal says who took it."""
    user = request.user
    if not user.has_perms([listed.permission, listed.export_permission]):
        raise PermissionDenied
    filters = listed.filters(request.GET, user)
    count = capped_count(filters.everything, cap=XLSX_ROWS)
    if form == "xlsx" and count.is_capped:
        messages.error(request, str(ListTooLong()))
        return redirect(f"{reverse(listed.list_url)}?{filters.query()}")
    [segment], keys = filters.listing()
    ordered = segment.rows.order_by(*(key.order() for key in keys))
    conditions = in_words(filters)
    about = [(f"Số {listed.noun}", count)]
    if listed.summarise:
        about.append(("Cộng", listed.summarise(filters)[1]))
    sheet = sheet_of(listed)
    if sheet is not None and wants_every_column(request):
        listing = sheet_listing(sheet, ordered, filters=conditions, about=about, officer=user)
    else:
        listing = Listing(
            title=f"Danh sách {mid_sentence(listed.title)}",
            stem=listed.file_name,
            columns=[column.out for column in listed.export],
            rows=_rows(listed, filters, ordered, user),
            filters=conditions,
            about=about,
        )
    return send(listing, form=form, officer=user)


def in_words(filters):
    """What the list is filtered by, as lines under its title."""
    area = filters.area or filters.user.jurisdiction
    rest = [(chip.label, chip.value) for chip in filters.active if chip.label != AREA_LABEL]
    return [(AREA_LABEL, area.long_name), *rest]


def _rows(listed: RecordList, filters, ordered, user):
    """The values of every record, read a stretch at a time."""
    chunk: list[int] = []
    for key in ordered.values_list("id", flat=True).iterator(chunk_size=CHUNK):
        chunk.append(key)
        if len(chunk) == CHUNK:
            yield from _values(listed, filters, chunk, user)
            chunk = []
    if chunk:
        yield from _values(listed, filters, chunk, user)


def _values(listed, filters, keys, user):
    for row in listed.load(filters.scope, keys, user.jurisdiction):
        yield [column.value(row) for column in listed.export]
