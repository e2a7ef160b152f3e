"""Rows of a sheet that may be larger than memory allows: kept on disk, read as they are walked through."""

import json
import os
import weakref
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, overload

from movement_portal.spreadsheets.parsing.answer import cell_from_json
from movement_portal.spreadsheets.tables import Cell, SheetRow, TextRepair

#: Up to so many rows stay in memory as well: reading them twice costs more than they take.
KEPT_ROWS = 20_000

_decode = json.JSONDecoder(object_hook=cell_from_json).raw_decode


def decoded(line: bytes) -> Any:
    """One line of an answer as values."""
    return _decode(line.decode())[0]


class AnswerFile:
    """The answer of the parser on disk; closed, and thereby gone, with the last row that refers to it."""

    def __init__(self, file: BinaryIO):
        self.file = file
        self._descriptor = file.fileno()
        self.close = weakref.finalize(self, file.close)

    def at(self, offset: int, length: int) -> Any:
        """The line that stands there."""
        return decoded(os.pread(self._descriptor, length, offset))


class StoredRows(Sequence[SheetRow]):
    """A sequence of rows; walking through it reads each from disk once the sheet has more than ``KEPT_ROWS``."""

    def __init__(self, source: AnswerFile):
        self._source = source
        self._kept: list[SheetRow] | None = []
        self._offsets, self._lengths = array("Q"), array("L")
        #: Where each group begins, and the groups that are open there.
        self._group_starts, self._groups = array("L"), [()]
        #: Cells that merged ranges fill or empty, by position of the row.
        self._corrections: dict[int, dict[int, Cell]] = {}
        self._columns: range | list[int] = range(0)

    def append(self, row: SheetRow, place: tuple[int, int], corrections: dict[int, Cell] | None) -> None:
        """Take a row, its cells by column of the sheet, that stands at the place in the answer."""
        index = len(self._offsets)
        self._offsets.append(place[0])
        self._lengths.append(place[1])
        if row.groups != self._groups[-1]:
            self._group_starts.append(index)
            self._groups.append(row.groups)
        if corrections:
            self._corrections[index] = corrections
        if self._kept is not None:
            self._kept.append(row)
            if len(self._kept) > KEPT_ROWS:
                self._kept = None

    def choose_columns(self, columns: list[int]) -> None:
        """Say which columns of the sheet the cells of the rows are; called once, after the last row."""
        first = range(len(columns))
        self._columns = first if columns == list(first) else columns
        for row in self._kept or ():
            row.cells = self._chosen(row.cells)
            row.repairs = self._chosen_repairs(row.repairs)

    def __len__(self) -> int:
        return len(self._offsets)

    def __iter__(self) -> Iterator[SheetRow]:
        if self._kept is not None:
            yield from self._kept
        else:
            yield from map(self._read, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> SheetRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[SheetRow]: ...
    def __getitem__(self, index: int | slice) -> SheetRow | list[SheetRow]:
        if self._kept is not None:
            return self._kept[index]
        if isinstance(index, slice):
            return [self._read(position) for position in range(*index.indices(len(self)))]
        return self._read(range(len(self))[index])

    def _read(self, index):
        number, cells, *repairs = self._source.at(self._offsets[index], self._lengths[index])
        if corrections := self._corrections.get(index):
            cells = corrected(cells, corrections)
        groups = self._groups[bisect_right(self._group_starts, index)]
        return SheetRow(number, self._chosen(cells), groups, self._chosen_repairs(text_repairs(repairs)))

    def _chosen_repairs(self, repairs):
        if not repairs:
            return None
        positions = {column: position for position, column in enumerate(self._columns)}
        return {positions[column]: repair for column, repair in repairs.items() if column in positions}

    def _chosen(self, cells):
        if isinstance(self._columns, range):
            width = len(self._columns)
            return cells[:width] if len(cells) >= width else cells + [None] * (width - len(cells))
        count = len(cells)
        return [cells[column] if column < count else None for column in self._columns]


def text_repairs(rest: Sequence[list]) -> dict[int, TextRepair] | None:
    """What stands behind the cells of a row in the answer, by column; None where nothing does."""
    if not rest:
        return None
    return {column: TextRepair(before, how, tuple(doubtful)) for column, before, how, doubtful in rest[0]}


def corrected(cells: list[Cell], corrections: dict[int, Cell]) -> list[Cell]:
    """The cells with some replaced, longer where that is needed."""
    cells = cells + [None] * (max(corrections) + 1 - len(cells))
    for column, value in corrections.items():
        cells[column] = value
    return cells
