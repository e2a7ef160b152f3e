"""Which kind of sheet a file seems to be: the one that its title names, or that knows most of its columns."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.matching import missing_required
from movement_portal.spreadsheets.sheets import Sheet, importable_sheets

#: Columns more than the chosen kind knows before another is offered.
MORE = 2
#: What stands between the lines of a header of several.
_JOIN = " > "


@dataclass(frozen=True)
class Likelihood:
    """How well a kind of sheet fits a file."""

    sheet: Sheet
    #: Columns that are its own, and columns of the file.
    known: int
    columns: int
    #: Each field that every row needs has a column.
    is_complete: bool
    #: Columns that few other kinds know count for more.
    weight: float


def likelier_sheet(layout: Mapping, chosen: Sheet, officer) -> tuple[Likelihood, Likelihood] | None:
    """The kind that a file, read as ``chosen``, seems to be, and how ``chosen`` fits it; None where that fits best.

    Only kinds that the officer may bring in are looked at, by the titles and headers of the file alone. A column that
    every row needs may be missing where the title names the kind: “Danh sách học viên lớp huấn luyện đợt 2” has no
    column for the course.
    """
    headers = headers_of(layout)
    sheets = [chosen, *(sheet for sheet in importable_sheets(officer) if sheet.name != chosen.name)]
    knowing = Counter(header for sheet in sheets for header in headers if _field_of(sheet, header))
    first, *others = [_likelihood(sheet, headers, knowing) for sheet in sheets]
    titles = [fold(line) for table in layout.get("sheets", ()) for line in table["title"]]
    fitting = [each for each in others if each.is_complete and each.weight > first.weight]
    best = max(fitting, key=lambda each: (each.weight, each.known), default=None)
    least = max(first.known + 1, best.known if best else 0)
    named = [each for each in others if each.known >= least and _names(titles, each.sheet)]
    if named and not _names(titles, chosen):
        return max(named, key=lambda each: (each.known, len(each.sheet.label))), first
    if best is None or best.known < first.known + (MORE if first.is_complete else 1):
        return None
    return best, first


def headers_of(layout: Mapping) -> list[str]:
    """The headers of all worksheets of a layout, each once."""
    columns = (column["header"] for table in layout.get("sheets", ()) for column in table["columns"])
    return list(dict.fromkeys(columns))


def _names(titles: Iterable[str], sheet: Sheet) -> bool:
    """Whether a title says the kind: “DANH SÁCH HỌC VIÊN LỚP HUẤN LUYỆN”; a single word says nothing."""
    label = fold(sheet.label)
    return " " in label and any(f" {label} " in f" {title} " for title in titles)


def _field_of(sheet: Sheet, header: str) -> str:
    """Name of the field that a header means: by the whole of it, or by the last of its lines."""
    field = sheet.index.get(fold(header)) or sheet.index.get(fold(header.rpartition(_JOIN)[2]))
    return field.name if field else ""


def _likelihood(sheet: Sheet, headers: Iterable[str], knowing: Mapping[str, int]) -> Likelihood:
    headers = list(headers)
    fields: dict[str, str] = {}
    for header in headers:
        if name := _field_of(sheet, header):
            fields.setdefault(name, header)
    weight = sum(1 / knowing[header] for header in fields.values())
    return Likelihood(sheet, len(fields), len(headers), not missing_required(sheet, set(fields)), weight)
