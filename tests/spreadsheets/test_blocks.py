"""Columns that say something only in the first row of each block are known; others are not."""

import pytest

from movement_portal.spreadsheets.blocks import Blocks, Filler, blocks_in
from movement_portal.spreadsheets.tables import SheetRow


def rows(*cells, groups=()):
    return [SheetRow(number, [cell, "x"], groups) for number, cell in enumerate(cells, start=2)]


def test_a_column_of_blocks():
    assert blocks_in(rows("A", None, None, "B", None), 2)[0] == Blocks(3, ((3, 2, "A"), (6, 5, "B")))


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param((None, None, "A", None), id="the first row is empty"),
        pytest.param(("A", "A", "A", None, None), id="the rows repeat it and some lack it"),
        pytest.param(("A", "B", "C", "D", "E", "F", "G", None), id="hardly a cell is empty"),
        pytest.param(("A", "B", "C"), id="no cell is empty"),
    ],
)
def test_other_columns(cells):
    assert 0 not in blocks_in(rows(*cells), 2)


def test_one_block():
    assert blocks_in(rows("A", None, None), 2)[0].count == 2


def test_columns_to_be_skipped():
    assert blocks_in(rows("A", None, None), 2, skip=[0]) == {}


def test_a_group_row_ends_what_stands_above():
    filler = Filler([0])
    assert filler.take(SheetRow(2, ["A"], ("I. Khối mầm non",)), ["A"]) == {}
    assert filler.take(SheetRow(3, [None], ("I. Khối mầm non",)), [None]) == {0: ("A", 2)}
    assert filler.take(SheetRow(5, [None], ("II. Khối tiểu học",)), [None]) == {}
