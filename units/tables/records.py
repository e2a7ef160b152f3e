"""What the tables of records of units share: a list of its own kind, its rows, links, and cells of exports."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.html import escape

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.numbers import written
from movement_portal.lib.paging import CappedCount
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.exporting import ExportColumn
from movement_portal.spreadsheets.writing import Kind, OutColumn
from movement_portal.templatetags.portal import row_chip
from units.listing import ListFilters
from units.tables.units import names_of_areas

UNIT_FIELDS = ("id", "unit_id", "unit__code", "unit__name", "unit__jurisdiction_id")

Load = Callable[[models.QuerySet, Sequence[int], Jurisdiction], list[dict[str, Any]]]


@dataclass(frozen=True)
class RecordList:
    """One list of records of units: what it asks, what it shows, where it is."""

    filters: type[ListFilters]
    title: str
    #: What one row is: “người bảo vệ”.
    noun: str
    load: Load
    columns: Sequence[Column]
    export: Sequence[ExportColumn]
    #: Beside the number of rows: what else is counted, in words.
    counted: Callable[[ListFilters], str]
    list_url: str
    export_url: str
    file_name: str
    empty: str
    import_sheet: str = ""
    #: What the button to add a row says, and the page it leads to.
    add_label: str = ""
    add_url: str = ""
    #: Counts the rows and says what they come to, for a list whose rows stand for more than themselves.
    summarise: Callable[[ListFilters], tuple[CappedCount, str]] | None = None
    #: Page that completes the counts once the list is there, asked with the same filters.
    completed_by: str = ""

    @property
    def permission(self) -> str:
        return self._right("view")

    @property
    def add_permission(self) -> str:
        return self._right("add")

    @property
    def export_permission(self) -> str:
        return self._right("export")

    def _right(self, deed: str) -> str:
        options = self.filters.model._meta
        return f"{options.app_label}.{deed}_{options.model_name}"


def in_order(rows, keys):
    """The rows in the order of the keys; one deleted since its key was read is left out."""
    found = {row["id"]: row for row in rows}
    return [found[key] for key in keys if key in found]


def with_areas(rows, own, column="unit__jurisdiction_id"):
    names = names_of_areas((row[column] for row in rows), own)
    for row in rows:
        row["area"] = names[row[column]]
    return rows


@cache
def _halves(name: str) -> tuple[str, str]:
    """The address of a page of a record in two halves, so that no row resolves it anew."""
    address = reverse(name, args=[987654321])
    before, after = address.split("987654321")
    return escape(before), escape(after)


@cache
def _unit_halves() -> tuple[str, str]:
    code = "DV0000000"
    before, after = reverse("units:unit_detail", args=[code]).split(code)
    return escape(before), escape(after)


def record_link(name, key, text):
    before, after = _halves(name)
    return f'<a href="{before}{key}{after}">{escape(text)}</a>'


def unit_link(row: Mapping[str, Any], prefix: str = "unit__") -> str:
    """The unit of a row, linked to its page."""
    before, after = _unit_halves()
    return f'<a href="{before}{row[f"{prefix}code"]}{after}">{escape(row[f"{prefix}name"])}</a>'


def day_text(value: datetime.date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def labels_of(choices: type[models.TextChoices]) -> dict[str, str]:
    return {value: escape(label) for value, label in choices.choices}


def word_of(choices, key):
    labels = dict(choices.choices)
    return lambda row: labels.get(row[key], "")


def chip_of(choices: type[models.TextChoices], looks: Mapping[str, tuple[str, str]], key: str = "state"):
    """A cell that shows a choice as a chip: its word, and the kind and icon that it has among ``looks``."""

    def cell(row: Mapping[str, Any]):
        value = choices(row[key])
        return row_chip(*looks[value], value.label)

    return cell


def out_column(
    label: str, value: str | Callable[[Mapping[str, Any]], Any], kind: Kind = Kind.TEXT, width: int | None = None
) -> ExportColumn:
    """A column of an export: ``value`` is the key of what stands in its cells, or works it out from a row.

    ``width`` is in characters; by default there is room for a day or for a few words.
    """
    if width is None:
        width = 12 if kind == Kind.DATE else 18
    return ExportColumn(OutColumn(label, kind, width), itemgetter(value) if isinstance(value, str) else value)


def count_of_units(filters: ListFilters, path: str = "unit") -> str:
    """“ở 480 đơn vị”: how many units the rows of a list are of."""
    return f"ở {written(filters.everything.order_by().values(path).distinct().count())} đơn vị"


def loader(*fields: str):
    """Loads the rows of a list of records of units: its own fields, the unit, and the area in words."""

    def load(records, keys, own):
        rows = records.filter(pk__in=keys).order_by().values(*UNIT_FIELDS, *fields)
        return in_order(with_areas(list(rows), own), keys)

    return load


#: The columns that say whose a record is, in every list and every export.
UNIT_COLUMN = Column("unit__name", "Đơn vị", unit_link, sort="ten", css="card-title clip")
AREA_COLUMN = Column("area", "Địa bàn", sort="dia_ban", css="clip clip-middle")
UNIT_EXPORT = (
    out_column("Mã đơn vị", "unit__code", width=12),
    out_column("Đơn vị", "unit__name", width=44),
    out_column("Địa bàn", "area", width=32),
)
