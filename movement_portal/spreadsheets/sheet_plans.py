"""What is read from a file: worksheets, what their columns fill, and how they are read where a choice is left."""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from movement_portal.spreadsheets.areas import DISTRICT
from movement_portal.spreadsheets.guarding import guarded, secret_positions
from movement_portal.spreadsheets.layout import unique
from movement_portal.spreadsheets.matching import CONTENT_SHARE, ColumnMatch, How, match_columns
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.tables import GROUP_HEADER, SHEET_HEADER, Cell, SheetTable
from movement_portal.spreadsheets.ways import USUAL, Ways

#: Rows whose cells help to match columns.
SAMPLE_ROWS = 200

_GROUP_NUMBER = re.compile(r"^\s*(?:[IVXLC]+|[A-Z]|\d+(?:\.\d+)*)\s*[.)\-:/]\s*")
#: How a place begins that a group row or a worksheet is named after.
_PLACE = re.compile(r"(phường|xã|thị trấn|đặc khu|p\.|x\.|tt\.|đk\.)\s*\w|p\s?\d", re.IGNORECASE)


@dataclass(frozen=True)
class SheetPlan:
    """One worksheet and what its columns fill."""

    table: SheetTable
    headers: tuple[str, ...]
    matches: tuple[ColumnMatch, ...]
    #: Headers that stand behind those of the file: levels of group rows, the name of the worksheet.
    added: tuple[str, ...] = ()
    #: How it is read where the file leaves a choice.
    ways: Ways = USUAL

    def cells(self, row) -> list[Cell]:
        """Cells of a row in the order of ``headers``."""
        cells = list(row.cells)
        if self.added:
            cells += [None] * (len(self.headers) - len(self.added) - len(cells))
            cells += [self._added_cell(header, level, row) for level, header in enumerate(self.added)]
        return cells

    def _added_cell(self, header, level, row) -> Cell:
        if header == SHEET_HEADER:
            return self.table.name
        return (_GROUP_NUMBER.sub("", row.groups[level]) or None) if level < len(row.groups) else None

    @functools.cached_property
    def secret(self) -> frozenset[int]:
        """Places of the columns that hold numbers of persons."""
        return secret_positions(self.headers)

    @functools.cached_property
    def filled(self) -> list[int]:
        """Places of the columns whose empty cells say what the row above says."""
        return [place for place, header in enumerate(self.headers) if header in self.ways.filled]

    def guarded_cells(self, row, edits=()) -> list[Any]:
        """Cells of a row, with those typed anew, numbers of persons guarded."""
        return guarded(self.edited_cells(row, edits), self.secret)

    def edited_cells(self, row, edits=()) -> list[Any]:
        """Cells of a row, with those typed anew."""
        cells = self.cells(row)
        return _edited(self, cells, edits) if edits else cells


@dataclass(frozen=True)
class Plan:
    """What is read from a file: its worksheets, and values for fields that have no column."""

    sheets: tuple[SheetPlan, ...]
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> set[str]:
        """Fields that something fills."""
        return {match.key for plan in self.sheets for match in plan.matches if match.key} | set(self.constants)

    @property
    def row_count(self) -> int:
        """Rows of all its worksheets."""
        return sum(len(plan.table.rows) for plan in self.sheets)


def plan_sheet(
    sheet: Sheet,
    table: SheetTable,
    chosen: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    ways: Ways = USUAL,
) -> SheetPlan:
    """Columns of a worksheet matched; ``chosen`` holds the officer's decisions by header, ``remembered`` those of
    earlier lists, ``ways`` what they say of what the file leaves open; other columns are matched by the engine. Raises
    ``UnknownField`` for a decision about a column or field that is not there."""
    sample = list(islice(table.rows, SAMPLE_ROWS))
    added = group_headers(table)
    if _PLACE.match(table.name):
        added = (*added, SHEET_HEADER)
    headers = (*table.headers, *(unused(header, table.headers) for header in added))
    plan = SheetPlan(table, headers, (), added)
    rows = [plan.guarded_cells(row) for row in sample]
    matches = match_columns(sheet, headers, rows, chosen, remembered)
    decided = {*(chosen or {}), *(remembered or {})}
    matches = area_of_added(sheet, matches, rows, headers[len(table.headers) :], decided)
    return SheetPlan(table, headers, tuple(matches), added, ways.among(headers))


def group_headers(table: SheetTable) -> tuple[str, ...]:
    """A header for each level of group rows."""
    levels = range(2, table.group_levels + 1)
    return (GROUP_HEADER, *(f"{GROUP_HEADER} cấp {level}" for level in levels)) if table.group_levels else ()


def unused(header: str, taken: Sequence[str]) -> str:
    """The header, with a number behind it where a column of the file bears it."""
    return header if header not in taken else unique([*taken, header])[-1]


def area_of_added(
    sheet: Sheet, matches: list[ColumnMatch], rows: Sequence[Sequence[Cell]], added: Sequence[str], decided: set[str]
) -> list[ColumnMatch]:
    """The matches; where no column tells the area of a row, a level of group rows or the worksheet's name does."""
    if not sheet.area or {sheet.area, sheet.area_code} & {match.key for match in matches if match.key}:
        return matches
    for at, match in enumerate(matches):
        if match.header in added and match.header not in decided:
            texts = [cell for row in rows if isinstance(cell := row[match.index], str)]
            communes = sum(bool(_PLACE.match(text)) for text in texts)
            # Among communes in the same column towns and districts are areas too.
            districts = sum(bool(DISTRICT.match(text)) for text in texts)
            if communes * 2 >= len(texts) > 0 and communes + districts >= CONTENT_SHARE * len(texts):
                return [
                    *_districts_around(sheet, matches[:at], rows, added),
                    _by_content(match, sheet.area),
                    *matches[at + 1 :],
                ]
    return matches


def _districts_around(
    sheet: Sheet, matches: list[ColumnMatch], rows: Sequence[Sequence[Cell]], added: Sequence[str]
) -> list[ColumnMatch]:
    """The matches before that of the area; the level of group rows around it may be the district of before."""
    if not matches or matches[-1].header not in added or not sheet.area_district:
        return matches
    texts = [cell for row in rows if isinstance(cell := row[matches[-1].index], str)]
    is_taken = any(match.key == sheet.area_district for match in matches)
    if is_taken or not texts or sum(bool(DISTRICT.match(text)) for text in texts) < CONTENT_SHARE * len(texts):
        return matches
    return [*matches[:-1], _by_content(matches[-1], sheet.area_district)]


def _by_content(match: ColumnMatch, key: str) -> ColumnMatch:
    return ColumnMatch(match.index, match.header, key, How.CONTENT, 80, match.samples)


def _edited(plan: SheetPlan, cells: list[Cell], edits) -> list[Cell]:
    """The cells of a row with those that were typed anew."""
    cells = cells + [None] * (len(plan.headers) - len(cells))
    for edit in edits:
        if edit.column in plan.headers:
            cells[plan.headers.index(edit.column)] = edit.text or None
    return cells
