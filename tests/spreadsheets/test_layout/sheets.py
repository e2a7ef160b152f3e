"""Sheets as the parser would give them, laid out."""

import io

from movement_portal.spreadsheets.layout import RawSheet, lay_out
from movement_portal.spreadsheets.rows import AnswerFile
from tests.spreadsheets.workbooks import known_header

TITLES = [
    ["CÔNG AN TỈNH MẪU", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["PHÒNG XÂY DỰNG PHONG TRÀO", None, None, "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH CƠ QUAN, DOANH NGHIỆP, NHÀ TRƯỜNG"],
]
HEADER = ["STT", "Tên đơn vị", "Địa chỉ", "Số người"]


def unit(number, name=None, place="Xã Mẫu", count=12):
    return [number, name or f"Trường số {number}", place, count]


class Memory(io.BytesIO):
    """The parser's answer without a parser."""

    def fileno(self):
        return -1


def tables_of(lines, *, merges=(), known=known_header, header_rows=(), **facts):
    """Lay out lines given as lists of cells; an empty one is a blank line; merges count rows and columns from 0."""
    rows = (
        (number, list(cells), (0, 0), None)
        for number, cells in enumerate(lines, start=1)
        if any(c is not None for c in cells)
    )
    raw = RawSheet("Bảng", rows, AnswerFile(Memory()), merges=[list(merge) for merge in merges], **facts)
    return lay_out(raw, known_header=known, header_rows=header_rows)


def table_of(lines, **given):
    """The one table of the lines."""
    (table,) = tables_of(lines, **given)
    return table


def names(table, column=1):
    return [row.cells[column] for row in table.rows]


def reasons(table):
    return {line.lines: line.reason for line in table.skipped}


def assert_all_accounted(table, lines):
    """Rows, skipped lines, header and titles together are all lines from the first to the last."""
    first = table.header_row - table.header_height + 1
    told = {row.number for row in table.rows} | set(range(first, table.header_row + 1))
    for line in table.skipped:
        told |= set(range(line.number, (line.last or line.number) + 1))
    filled = {number for number, cells in enumerate(lines, start=1) if any(cell is not None for cell in cells)}
    titles = {number for number in filled if number < first}
    assert len(titles) == len(table.title)
    assert filled <= told | titles
    assert len({row.number for row in table.rows} & {line.number for line in table.skipped}) == 0
