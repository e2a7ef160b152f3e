"""The line of a file behind a record: its cells as they were read, the lines around it, what became of it."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from movement_portal.spreadsheets.views.showing import about, cell_text, find_batch, may_import, one_row

#: Lines shown before and after the one in question.
AROUND = 4


@require_GET
@may_import
def import_line(request, pk, row):
    batch = find_batch(request, pk)
    row = get_object_or_404(batch.rows.all(), pk=row)
    lines = lines_around(batch, row)
    headers = headers_of(batch, row.worksheet, lines)
    context = {
        **about(request, batch),
        "row": row,
        "shown": one_row(request, batch, row),
        "headers": headers,
        "lines": [(line, cells_under(headers, line), line.pk == row.pk) for line in lines],
    }
    return render(request, "spreadsheets/import_line.html", context)


def cells_under(headers, line):
    """The cells of a line, each with its header."""
    return [(header, cell_text(line, header)) for header in headers]


def lines_around(batch, row):
    """The row with those before and after it in its worksheet, in the order of the file."""
    rows = batch.rows.filter(worksheet=row.worksheet)
    before = list(rows.filter(pk__lt=row.pk).order_by("-pk")[:AROUND])
    after = list(rows.filter(pk__gt=row.pk).order_by("pk")[:AROUND])
    return [*reversed(before), row, *after]


def headers_of(batch, worksheet, lines):
    """Columns of the worksheet in the order of the file, those without a cell in these lines left out."""
    filled = {header for line in lines for header in line.cells}
    known = [
        column["header"]
        for table in batch.layout.get("sheets", ())
        if table["name"][:100] == worksheet
        for column in table["columns"]
    ]
    return [header for header in dict.fromkeys([*known, *sorted(filled)]) if header in filled]
