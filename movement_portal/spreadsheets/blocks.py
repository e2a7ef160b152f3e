"""Columns whose value stands only in the first row of each block, the cells below it empty and not merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.tables import Cell, SheetRow
from movement_portal.spreadsheets.values import is_blank, shown

#: Empty cells below filled ones, and their share of the rows, from which a column looks like one of blocks.
FEWEST, SHARE = 2, 0.3
#: Share of the filled cells that say something else than the one before: where rows repeat it, the others lack it.
NEW_SHARE = 0.9
#: Cells that are told one by one.
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Blocks:
    """How many cells of a column would be filled, and the first of each of the first blocks: (row, row above, its
    text)."""

    count: int
    samples: tuple[tuple[int, int, str], ...] = ()


class Filler:
    """Walks down the rows of a list and says what stands above each empty cell of a column.

    A group row ends what stands above it.
    """

    def __init__(self, columns: Iterable[int]):
        self._columns = list(columns)
        self._above: dict[int, tuple[Cell, int]] = {}
        self._groups: tuple[str, ...] = ()

    def take(self, row: SheetRow, cells: Sequence[Cell]) -> dict[int, tuple[Cell, int]]:
        """What the empty cells of the row are to say, by column, with the number of the row it stands in."""
        if row.groups != self._groups:
            self._groups = row.groups
            self._above.clear()
        found = {}
        for column in self._columns:
            cell = cells[column] if column < len(cells) else None
            if not is_blank(cell):
                self._above[column] = (cell, row.number)
            elif column in self._above:
                found[column] = self._above[column]
        return found


def blocks_in(rows: Iterable[SheetRow], width: int, *, skip: Iterable[int] = ()) -> dict[int, Blocks]:
    """Columns that look like blocks, by place; those of ``skip`` are not looked at."""
    tellers = {column: _Teller(column) for column in range(width) if column not in set(skip)}
    for row in rows:
        for column, teller in list(tellers.items()):
            if not teller.take(row):
                del tellers[column]
        if not tellers:
            break
    return {column: blocks for column, teller in tellers.items() if (blocks := teller.blocks())}


class _Teller:
    """Counts one column; gives up where its first row says nothing."""

    def __init__(self, column: int):
        self._column, self._filler = column, Filler([column])
        self._rows = self._filled = self._new = self._empty = 0
        self._last = ""
        self._samples: list[tuple[int, int, str]] = []

    def take(self, row: SheetRow) -> bool:
        cell = row.cells[self._column] if self._column < len(row.cells) else None
        self._rows += 1
        blank = is_blank(cell)
        if blank and not self._filled:
            return False
        above = self._filler.take(row, row.cells).get(self._column)
        if not blank:
            text = fold(shown(cell))
            self._filled += 1
            self._new += text != self._last
            self._last = text
        elif above:
            self._empty += 1
            is_next = not self._samples or self._samples[-1][1] != above[1]
            if is_next and len(self._samples) < SAMPLES:
                self._samples.append((row.number, above[1], shown(above[0])[:80]))
        return True

    def blocks(self) -> Blocks | None:
        is_block = self._empty >= FEWEST and self._empty >= SHARE * self._rows
        if not (is_block and self._new >= NEW_SHARE * self._filled):
            return None
        return Blocks(self._empty, tuple(self._samples))
