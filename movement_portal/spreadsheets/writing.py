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
#: Face of every workbook: the one that papers of offices are set in.
FONT = "Times New Roman"
#: Characters of all columns that a landscape page still shows legibly; wider lists run over several pages.
_PAGE_WIDTH = 210


#: Rows that a worksheet holds below its header and the lines about the list.
XLSX_ROWS = 1_000_000


class ListTooLong(Exception):
    """More rows than a worksheet holds; a text file takes them."""

    def __init__(self):
        super().__init__("Danh sách dài hơn một trang tính chứa được. Hãy xuất tệp CSV, hoặc lọc hẹp hơn.")


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
    office: str = "",
) -> int:
    """Write a printable .xlsx and return the number of rows.

    ``office`` stands above the title, ``about`` below it says what the list holds (filter, date, officer). Rows may
    come from an iterator: memory does not grow with them. Text is written as text whatever it starts with; a number or
    date that comes as text in a column of numbers or dates is written as it came. Raises ``ListTooLong`` for more rows
    than a worksheet holds.
    """
    with new_workbook(stream) as workbook:
        sheet = workbook.add_worksheet(SHEET_NAME)
        header_row = _write_top(workbook, sheet, title, about, columns, office)
        count = _write_rows(workbook, sheet, header_row + 1, columns, rows)
        # The names stay in view beside the columns of a wide list.
        is_wide = sum(column.width for column in columns) > _PAGE_WIDTH
        sheet.freeze_panes(header_row + 1, 2 if is_wide else 0)
        sheet.autofilter(header_row, 0, header_row + max(count, 1), len(columns) - 1)
        set_up_page(sheet, title, header_row, is_wide=is_wide)
    return count


def new_workbook(stream: BinaryIO) -> xlsxwriter.Workbook:
    """A workbook in the portal's face that keeps no row in memory: rows are written from the first to the last."""
    face = {"font_name": FONT, "font_size": 11}
    return xlsxwriter.Workbook(
        stream, {"constant_memory": True, "default_date_format": "dd/mm/yyyy", "default_format_properties": face}
    )


def _write_top(workbook, sheet, title, about, columns, office):
    """Office, title, the lines about the list, and the header; returns the row of the header, counted from 0."""
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    lines = [(clean_text(office), {"bold": True})] if office else []
    lines.append((clean_text(title), {"bold": True, "font_size": 14}))
    lines += [(f"{clean_text(label)}: {_text(value)}", {"italic": True}) for label, value in about]
    for row, (text, style) in enumerate(lines):
        sheet.write_string(row, 0, _cut(text), workbook.add_format(style))
    header_row = len(lines) + 1
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
        if count == XLSX_ROWS:
            raise ListTooLong
        for (index, kind, style), value in zip(plan, values, strict=True):
            write_cell(sheet, first_row + count, index, value, kind, style)
        count += 1
    return count


def write_cell(sheet, row: int, column: int, value: Any, kind: str, style) -> None:
    """Write one cell of a kind: text stays text whatever it begins with."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif kind in (Kind.DATE, Kind.MOMENT) and _is_date(value):
        sheet.write_datetime(row, column, _local(value), style)
    elif kind in (Kind.INTEGER, Kind.DECIMAL) and _is_number(value):
        sheet.write_number(row, column, value, style)
    elif kind == Kind.PERCENT and _is_number(value):
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


def set_up_page(sheet, title: str, header_row: int, *, is_wide: bool = False) -> None:
    """A4 landscape, the header on every page, title and page number at the foot; a wide list keeps its size."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.repeat_rows(header_row)
    if is_wide:
        sheet.repeat_columns(0, 1)
    else:
        sheet.fit_to_pages(1, 0)
    # "&" begins a code in the footers of Excel.
    face = f'&"{FONT},Regular"&9'
    sheet.set_footer(f"&L{face}{_text(title)[:100].replace('&', '&&')}&R{face}Trang &P/&N")


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
