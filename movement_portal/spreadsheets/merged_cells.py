"""Merged cells of a sheet: their value stands once, and where a row of the list shares it, it says so."""

from collections.abc import Iterable, Iterator

from movement_portal.spreadsheets.headers import Line


def with_merges(lines: Iterable, merges: Iterable[list[int]]) -> Iterator[Line]:
    """Lines whose merged ranges hold their value once, in the first cell.

    In a row of the list a range over several rows gives its value to each of them: ``Line.corrections`` says so.
    """
    waiting = sorted(merges, reverse=True)
    active: list[list] = []
    for number, cells, place, repairs in lines:
        row = number - 1
        while waiting and waiting[-1][0] <= row:
            active.append([*waiting.pop(), None])
        if not active:
            yield Line(number, cells, {}, place, None, repairs)
            continue
        active = [merge for merge in active if merge[2] >= row]
        yield _collapsed(number, cells, place, repairs, active)


def _collapsed(number, cells, place, repairs, active):
    cells, spans, corrections = list(cells), {}, {}
    for merge in active:
        top, left, _, right, value = merge
        if top == number - 1:
            value = merge[4] = cells[left] if left < len(cells) else None
            spans[left] = right - left + 1
        elif value is not None and (left >= len(cells) or cells[left] in (None, value)):
            corrections[left] = value
            if left < len(cells):
                cells[left] = None
        for column in range(left + 1, min(right + 1, len(cells))):
            if value is not None and cells[column] == value:
                cells[column] = corrections[column] = None
    # Once a line is known to have merged cells, its other cells are one wide.
    if spans:
        spans = {column: spans.get(column, 1) for column in range(len(cells))}
    return Line(number, cells, spans, place, corrections or None, repairs)
