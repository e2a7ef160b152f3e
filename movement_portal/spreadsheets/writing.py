"""Lists out of the portal: workbooks and text files in which text stays text."""

import csv
import datetime
import enum
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone

from movement_portal.spreadsheets.tables import cell_text, clean_text, protected

SHEET_NAME = "Danh sách"
#: More than a cell of Excel holds is cut, visibly.
TEXT_LIMIT = 32_767
CUT_MARK = " … (đã cắt bớt)"
#: Between cells: Excel with Vietnamese settings, where the comma is decimal, splits text files at semicolons.
CSV_DELIMITER = ";"
#: A4, in the numbering of Excel.
_A4 = 9


class Kind(enum.StrEnum):
    """How a column is written."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    #: 83.3 stands for 83,3 %.
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"


#: Number formats in the notation of Excel, which shows "." and "," as the office's computer is set.
_NUMBER_FORMATS = {
    Kind.TEXT: "@",
    Kind.INTEGER: "#,##0",
    Kind.DECIMAL: "#,##0.##",
    Kind.PERCENT: "0.0%",
    Kind.DATE: "dd/mm/yyyy",
    Kind.MOMENT: "dd/mm/yyyy hh:mm",
}


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column of a list: what stands above it, how it is written, its width in characters."""

    label: str
    kind: str = Kind.TEXT
    width: float = 18


def write_list(
    stream: BinaryIO,
    *,
    title: str,
    about: Sequence[tuple[str, Any]],
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[Any]],
) -> int:
    """Write a printable .xlsx and return the number of rows.

    ``about`` says under the title what the list holds (filter, date, officer). Rows may come from an iterator: memory
    does not grow with them. Text is written as text whatever it starts with; a number or date that comes as text in
    a column of numbers or dates is written as it came.
    """
    workbook = xlsxwriter.Workbook(stream, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    try:
        sheet = workbook.add_worksheet(SHEET_NAME)
        header_row = _write_top(workbook, sheet, title, about, columns)
        count = _write_rows(workbook, sheet, header_row + 1, columns, rows)
        sheet.freeze_panes(header_row + 1, 0)
        sheet.autofilter(header_row, 0, header_row + max(count, 1), len(columns) - 1)
        _set_up_page(sheet, title, header_row)
    finally:
        workbook.close()
    return count


def _write_top(workbook, sheet, title, about, columns):
    """Title, the lines about the list, and the header; returns the row of the header, counted from 0."""
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    sheet.write_string(0, 0, _cut(clean_text(title)), workbook.add_format({"bold": True, "font_size": 14}))
    for row, (label, value) in enumerate(about, start=1):
        sheet.write_string(row, 0, _cut(f"{clean_text(label)}: {_text(value)}"), workbook.add_format({"italic": True}))
    header_row = len(about) + 2
    style = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
    header = workbook.add_format({**style, "bg_color": "#E3ECE6"})
    for index, column in enumerate(columns):
        sheet.write_string(header_row, index, _cut(clean_text(column.label)), header)
    return header_row


def _write_rows(workbook, sheet, first_row, columns, rows):
    formats = {
        kind: workbook.add_format(
            {
                "num_format": code,
                "valign": "top",
                "border": 1,
                "border_color": "#C8CDCA",
                "text_wrap": kind == Kind.TEXT,
            }
        )
        for kind, code in _NUMBER_FORMATS.items()
    }
    plan = [(index, column.kind, formats[column.kind]) for index, column in enumerate(columns)]
    count = 0
    for values in rows:
        for (index, kind, style), value in zip(plan, values, strict=True):
            _write_cell(sheet, first_row + count, index, value, kind, style)
        count += 1
    return count


def _write_cell(sheet, row, column, value, kind, style):
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif kind in (Kind.DATE, Kind.MOMENT) and _is_date(value):
        sheet.write_datetime(row, column, _local(value), style)
    elif _is_number(value) and kind in (Kind.INTEGER, Kind.DECIMAL):
        sheet.write_number(row, column, value, style)
    elif _is_number(value) and kind == Kind.PERCENT:
        sheet.write_number(row, column, float(value) / 100, style)
    else:
        sheet.write_string(row, column, _cut(_text(value)), style)


def _is_number(value):
    """Whether Excel can hold the value as a number without losing a digit."""
    if isinstance(value, bool | str | datetime.date):
        return False
    try:
        return abs(value) < 10**15
    except TypeError:
        return False


def _is_date(value):
    # The calendar of Excel begins in 1900, and counts its first two months wrong.
    return isinstance(value, datetime.date) and (value.year, value.month) > (1900, 2)


def _local(value):
    """The value as a clock in the office shows it; Excel knows no time zones."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.make_naive(value)
    return value


def _text(value):
    if isinstance(value, datetime.date):
        value = _local(value)
    text = cell_text(value) if isinstance(value, bool | float | datetime.date | datetime.time) else str(value)
    return clean_text(text)


def _cut(text):
    # Excel counts UTF-16 units, in which a rare character takes two.
    if len(text) <= TEXT_LIMIT // 2 or len(text.encode("utf-16-le")) // 2 <= TEXT_LIMIT:
        return text
    room = (TEXT_LIMIT - len(CUT_MARK)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + CUT_MARK


def _set_up_page(sheet, title, header_row):
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)
    # "&" begins a code in the footers of Excel.
    sheet.set_footer(f"&L{_text(title)[:100].replace('&', '&&')}&RTrang &P/&N")


def write_csv(stream: BinaryIO, *, columns: Sequence[OutColumn], rows: Iterable[Sequence[Any]]) -> int:
    """Write a text file that Excel opens by a double click, and return the number of rows.

    UTF-8 with a byte order mark, the header first. Text that a spreadsheet would calculate gets one apostrophe in
    front, which ``read_workbook`` takes off again.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    try:
        writer = csv.writer(text, delimiter=CSV_DELIMITER, lineterminator="\r\n")
        writer.writerow([protected(clean_text(column.label)) for column in columns])
        count = 0
        for values in rows:
            writer.writerow([_csv_cell(value, column.kind) for column, value in zip(columns, values, strict=True)])
            count += 1
    finally:
        text.detach()
    return count


def _csv_cell(value, kind):
    if value is None:
        return ""
    if _is_number(value) and kind in (Kind.INTEGER, Kind.DECIMAL):
        return str(value).replace(".", ",")
    if _is_number(value) and kind == Kind.PERCENT:
        return f"{value:g}%".replace(".", ",")
    return protected(_text(value))
