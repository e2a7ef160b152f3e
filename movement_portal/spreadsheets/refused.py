"""The rows that stayed out of the register, in the workbook as the office wrote it: put right there, it comes back.

The lines above the header, the header and the order of the columns are those of the file; refused cells are coloured,
and the last column says why. What an officer has typed anew on the page stands in the cells.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import xlsxwriter

from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.intake import restored
from movement_portal.spreadsheets.models import ImportBatch, ImportRow
from movement_portal.spreadsheets.tables import Cell, CellError, cell_text, column_letter

#: Header of the column with the reasons; a list that has it is read without it.
REASON_HEADER = "Lý do từ chối"
#: Rows that stay behind when the good ones are written.
LEFT_BEHIND = (RowOutcome.REFUSED, RowOutcome.UNDECIDED, RowOutcome.ASKED)

_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_SHEET_NAME_LENGTH = 31
_TEXT_LIMIT = 32_767
_WIDTH, _REASON_WIDTH = 20, 60
_FIRST_DAY = datetime.date(1900, 3, 1)


def write_refused(stream: BinaryIO, batch: ImportBatch) -> int:
    """Write the workbook of the rows that stayed behind, a worksheet for each that has some; answers their number."""
    rows = batch.rows.filter(outcome__in=LEFT_BEHIND)
    worksheets = set(rows.values_list("worksheet", flat=True).order_by().distinct())
    workbook = xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy", "constant_memory": False})
    count = 0
    try:
        formats = Formats(workbook)
        for table in batch.layout.get("sheets", ()):
            name = table["name"][: ImportRow._meta.get_field("worksheet").max_length]
            if table["name"] in batch.mapping and name in worksheets:
                sheet = workbook.add_worksheet(sheet_name(table["name"], workbook))
                own = rows.filter(worksheet=name).order_by("id")
                count += Page(sheet, formats, table).write(own.iterator(chunk_size=1_000))
        if not workbook.worksheets():
            workbook.add_worksheet("Không còn dòng nào")
    finally:
        workbook.close()
    return count


def sheet_name(name: str, workbook) -> str:
    """The name as Excel allows it, and not one that the workbook has already."""
    plain = _NOT_IN_SHEET_NAMES.sub(" ", name).strip().strip("'")[:_SHEET_NAME_LENGTH] or "Trang"
    taken = {sheet.get_name().lower() for sheet in workbook.worksheets()}
    number = 1
    found = plain
    while found.lower() in taken:
        number += 1
        found = f"{plain[: _SHEET_NAME_LENGTH - 4]} {number}"
    return found


class Formats:
    """How cells look: plain, at fault, header, reason; each for texts and for days."""

    def __init__(self, workbook):
        base = {"border": 1, "border_color": "#C8CDCA", "valign": "top", "text_wrap": True}
        bad = {**base, "bg_color": "#F8D7DA", "font_color": "#842029"}
        self.plain = workbook.add_format(base)
        self.day = workbook.add_format({**base, "num_format": "dd/mm/yyyy"})
        self.bad = workbook.add_format(bad)
        self.bad_day = workbook.add_format({**bad, "num_format": "dd/mm/yyyy"})
        self.reason = workbook.add_format({**base, "font_color": "#842029"})
        self.title = workbook.add_format({"bold": True, "align": "center"})
        head = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        self.header = workbook.add_format({**head, "bg_color": "#E3ECE6"})


class Page:
    """One worksheet of the file, with fewer rows and one more column."""

    def __init__(self, sheet, formats: Formats, table: Mapping):
        self._sheet, self._formats, self._table = sheet, formats, table
        self._headers = [column["header"] for column in table["columns"]]
        letters = table.get("letters") or [column_letter(index) for index in range(len(self._headers))]
        positions = [column_index(letter) for letter in letters]
        # Columns that the file does not have (the text of group rows) come behind the others.
        while len(positions) < len(self._headers):
            positions.append(max(positions, default=-1) + 1)
        self._positions = dict(zip(self._headers, positions, strict=False))
        self._reason = max(positions, default=-1) + 1
        self._own = self._headers[len(letters) :]

    def write(self, rows: Iterable[ImportRow]) -> int:
        """Write the head and the rows; answers how many rows."""
        self._sheet.set_column(0, self._reason - 1, _WIDTH)
        self._sheet.set_column(self._reason, self._reason, _REASON_WIDTH)
        at = self._write_top()
        self._sheet.freeze_panes(at, 0)
        count = 0
        for row in rows:
            self._write_row(at + count, row)
            count += 1
        return count

    def _write_top(self) -> int:
        """The lines above the rows where they stood; answers the place of the first row, counted from 0."""
        last = self._table["header_row"] or 1
        top = self._table.get("top") or [[last, self._headers, {}]]
        first_of_header = last - self._table.get("header_height", 1)
        for number, cells, spans in top:
            style = self._formats.header if number > first_of_header else self._formats.title
            for column, value in enumerate(cells):
                if value is None:
                    continue
                span = int(spans.get(str(column), spans.get(column, 1)))
                if span > 1:
                    self._sheet.merge_range(number - 1, column, number - 1, column + span - 1, "", style)
                self._put(number - 1, column, restored(value), style, style)
        for header in self._own:
            self._sheet.write_string(last - 1, self._positions[header], header, self._formats.header)
        self._sheet.write_string(last - 1, self._reason, REASON_HEADER, self._formats.header)
        return last

    def _write_row(self, at: int, row: ImportRow) -> None:
        refused = {problem["column"] for problem in row.problems}
        for header, column in self._positions.items():
            style, day = self._formats.plain, self._formats.day
            if header in refused:
                style, day = self._formats.bad, self._formats.bad_day
            self._put(at, column, restored(row.originals.get(header, row.cells.get(header))), style, day)
        self._sheet.write_string(at, self._reason, reasons_in_words(row)[:_TEXT_LIMIT], self._formats.reason)

    def _put(self, row: int, column: int, cell: Cell, style, day) -> None:
        """A cell as the file had it: numbers stay numbers, days stay days, and text stays text."""
        if cell is None:
            self._sheet.write_blank(row, column, None, style)
        elif isinstance(cell, bool):
            self._sheet.write_boolean(row, column, cell, style)
        elif isinstance(cell, int | float) and abs(cell) < 10**15:
            self._sheet.write_number(row, column, cell, style)
        elif isinstance(cell, datetime.date) and _date_of(cell) >= _FIRST_DAY:
            self._sheet.write_datetime(row, column, cell, day)
        else:
            text = cell.text if isinstance(cell, CellError) else cell_text(cell)
            self._sheet.write_string(row, column, text[:_TEXT_LIMIT], style)


def _date_of(value: datetime.date) -> datetime.date:
    return value.date() if isinstance(value, datetime.datetime) else value


def column_index(letters: str) -> int:
    """The place of a column of Excel, counted from 0: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def reasons_in_words(row: ImportRow) -> str:
    """All faults of a row in one text, each with its column; of a row that waits, what it waits for."""
    if row.outcome == RowOutcome.UNDECIDED:
        return f"Giống một bản ghi trong sổ {row.score} %: chưa quyết định là một hay là hai."
    if row.outcome == RowOutcome.ASKED:
        return "Có ô mà tệp và sổ cùng sửa: chưa trả lời."
    told: list[Any] = [
        f"{problem['column']}: {problem['reason']}" if problem["column"] else problem["reason"]
        for problem in row.problems
    ]
    return "\n".join(told)
