"""Workbooks of Excel 97-2003 (.xls), with the errors and percents that a faster reader would lose."""

import contextlib
import os
from pathlib import Path

import xlrd

from movement_portal.lib.legacy_encodings import encoding_of_font
from movement_portal.spreadsheets.parsing.answer import Answer, Hides, Refused, error_value, percent_text
from movement_portal.spreadsheets.parsing.limits import Limits


def read(path: Path, limits: Limits, answer: Answer) -> None:
    """Write the worksheets to the answer."""
    book = _open(path)
    for index, name in enumerate(book.sheet_names()):
        try:
            sheet = book.sheet_by_index(index)
        except xlrd.XLRDError:
            # A chart or a macro sheet.
            answer.leave_out(name, "no_cells")
            continue
        if sheet.visibility and sheet.nrows > limits.hidden_rows:
            answer.leave_out(name, "hidden")
        else:
            _read_sheet(book, sheet, answer)
        book.unload_sheet(index)
    answer.done("xls")


def _open(path):
    with open(os.devnull, "w") as silence:
        for formatting in (True, False):
            with contextlib.suppress(NotImplementedError, AssertionError, IndexError, KeyError):
                try:
                    return xlrd.open_workbook(path, logfile=silence, on_demand=True, formatting_info=formatting)
                except xlrd.XLRDError as error:
                    raise Refused("password" if "encrypted" in str(error) else "corrupt") from error
    raise Refused("corrupt")


def _read_sheet(book, sheet, answer):
    # xlrd counts the end of a merged range as the first row and column behind it.
    merges = [[top, left, bottom - 1, right - 1] for top, bottom, left, right in sheet.merged_cells]
    answer.begin_sheet(sheet.name, merges=merges, last_row=sheet.nrows, hides=_hides(sheet))
    percents, encodings = _percent_styles(book), _font_encodings(book)
    fonts_of_styles = {index: encodings.get(style.font_index) for index, style in enumerate(book.xf_list)}
    answer.know_rich_texts(_rich_texts(sheet, fonts_of_styles, encodings) if encodings else {})
    for row in range(sheet.nrows):
        cells = [
            _value(kind, value, book.datemode)
            for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
        ]
        if percents:
            for column, value in enumerate(cells):
                if type(value) is float and sheet.cell_xf_index(row, column) in percents:
                    cells[column] = percent_text(value)
        fonts = {}
        if encodings:
            styles = ((column, sheet.cell_xf_index(row, column)) for column in range(len(cells)))
            fonts = {column: font for column, style in styles if (font := fonts_of_styles.get(style))}
        answer.row(row + 1, cells, fonts)
    answer.end_sheet()


def _hides(sheet):
    """What the worksheet hides; a file read without its formats does not tell of rows and columns."""
    hides = Hides(bool(sheet.visibility))
    for number in sorted(sheet.rowinfo_map):
        if sheet.rowinfo_map[number].hidden:
            hides.hide_rows(number + 1, number + 1)
    hides.columns = [[number, number] for number, column in sorted(sheet.colinfo_map.items()) if column.hidden]
    return hides


def _percent_styles(book):
    """Numbers of the cell styles that show a number as percent."""
    formats = {key for key, format in book.format_map.items() if "%" in (format.format_str or "")} | {9, 10}
    return {index for index, style in enumerate(book.xf_list) if style.format_key in formats}


def _font_encodings(book):
    """What the typefaces of the workbook say of the texts in them, by number; most workbooks have no old one."""
    found = {font.font_index: encoding_of_font(font.name) for font in book.font_list}
    return {number: encoding for number, encoding in found.items() if encoding}


def _rich_texts(sheet, fonts_of_styles, encodings):
    """Texts whose parts stand in several typefaces, some of them old."""
    found = {}
    for (row, column), runs in sheet.rich_text_runlist_map.items():
        text, first = sheet.cell_value(row, column), fonts_of_styles.get(sheet.cell_xf_index(row, column))
        starts = [0, *(start for start, _ in runs), len(text)]
        fonts = [first, *(encodings.get(number) for _, number in runs)]
        parts = [(text[start:end], font) for start, end, font in zip(starts, starts[1:], fonts, strict=False)]
        if any(font for _, font in parts):
            found[text] = [(part, font) for part, font in parts if part]
    return found


def _value(kind, value, datemode):
    match kind:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return ""
        case xlrd.XL_CELL_ERROR:
            return error_value(xlrd.error_text_from_code.get(value, ""))
        case xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        case xlrd.XL_CELL_DATE:
            try:
                moment = xlrd.xldate.xldate_as_datetime(value, datemode)
            except (xlrd.xldate.XLDateError, OverflowError, ValueError):
                return value
            if value < 1:
                return moment.time()
            return moment if value % 1 else moment.date()
    return value
