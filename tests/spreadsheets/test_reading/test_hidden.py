"""What a file hides is known after reading: rows by hand and by filter, columns, worksheets; in each format."""

import dataclasses

import openpyxl
import pytest
import xlwt
from openpyxl.worksheet.table import Table

from movement_portal.spreadsheets.parsing.limits import LIMITS
from tests.spreadsheets.test_reading.tables import HEADERS
from tests.spreadsheets.workbooks import saved

FEW = dataclasses.replace(LIMITS, hidden_rows=3)


def workbook(count=8, hidden=()):
    book = openpyxl.Workbook()
    book.active.append(HEADERS)
    for number in range(1, count + 1):
        book.active.append([f"Trường {number}", f"03{number:08d}", "Ấp 1"])
    for row in hidden:
        book.active.row_dimensions[row].hidden = True
    return book


def told(table):
    hidden = table.sheets[0].hidden
    return hidden.count, hidden.why, hidden.first


def test_rows_hidden_by_hand(read, tmp_path):
    table = read(saved(workbook(hidden=(3, 5, 6)), tmp_path / "a.xlsx"))
    assert told(table) == (3, "ẩn tay hoặc thu gọn nhóm", [3, 5, 6])
    assert len(table.sheets[0].rows) == 8


def test_rows_that_a_filter_hides(read, tmp_path):
    book = workbook(hidden=(2, 3))
    book.active.auto_filter.ref = "A1:C9"
    book.active.auto_filter.add_filter_column(0, ["Trường 3"])
    assert told(read(saved(book, tmp_path / "a.xlsx"))) == (2, "do lọc", [2, 3])


def test_a_filter_without_a_condition_hides_nothing(read, tmp_path):
    book = workbook(hidden=(2,))
    book.active.auto_filter.ref = "A1:C9"
    assert told(read(saved(book, tmp_path / "a.xlsx")))[1] == "ẩn tay hoặc thu gọn nhóm"


def test_the_filter_of_a_table_hides_rows(read, tmp_path):
    book = workbook(hidden=(4,))
    table = Table(displayName="DanhSach", ref="A1:C9")
    table._initialise_columns()
    for column, header in zip(table.tableColumns, HEADERS, strict=True):
        column.name = header
    table.autoFilter.add_filter_column(0, ["Trường 3"])
    book.active.add_table(table)
    assert told(read(saved(book, tmp_path / "a.xlsx"))) == (1, "do lọc", [4])


def test_rows_hidden_by_hand_beside_those_of_a_filter(read, tmp_path):
    book = workbook(hidden=(2, 9))
    book.active.auto_filter.ref = "A1:C5"
    book.active.auto_filter.add_filter_column(0, ["Trường 2"])
    assert told(read(saved(book, tmp_path / "a.xlsx"))) == (2, "do lọc và ẩn tay", [2, 9])


def test_only_rows_of_the_list_are_counted(read, tmp_path):
    book = workbook(hidden=(1, 2, 10, 50))
    book.active["A10"] = "Tổng cộng"
    assert told(read(saved(book, tmp_path / "a.xlsx")))[::2] == (1, [2])


def test_the_first_of_many_hidden_rows_are_told(read, tmp_path):
    hidden = read(saved(workbook(40, hidden=range(2, 30)), tmp_path / "a.xlsx")).sheets[0].hidden
    assert (hidden.count, hidden.numbers) == (28, "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …")


def test_hidden_columns(read, tmp_path):
    book = workbook()
    book.active.column_dimensions["B"].hidden = True
    assert read(saved(book, tmp_path / "a.xlsx")).sheets[0].hidden_headers == ["Mã số thuế"]


def test_a_file_that_hides_nothing_says_nothing(read, tmp_path):
    table = read(saved(workbook(), tmp_path / "a.xlsx")).sheets[0]
    assert (table.hidden.count, table.hidden_headers, table.is_hidden, bool(table.hidden_rows)) == (0, [], False, False)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_worksheet_is_read_and_known(read, tmp_path, state):
    book = workbook()
    book.create_sheet("Khác").append(HEADERS)
    book["Khác"].append(["A", "B", "C"])
    book["Khác"].sheet_state = state
    assert [(table.name, table.is_hidden) for table in read(saved(book, tmp_path / "a.xlsx")).sheets] == [
        ("Sheet", False),
        ("Khác", True),
    ]


def test_a_large_hidden_worksheet_is_left_out(read, tmp_path):
    book = workbook()
    stock = book.create_sheet("Kho")
    for number in range(10):
        stock.append([number, "x"])
    stock.sheet_state = "hidden"
    table = read(saved(book, tmp_path / "a.xlsx"), limits=FEW)
    assert [each.name for each in table.left_out] == ["Kho"]
    assert "quá nhiều dòng" in table.left_out[0].reason


def test_xls_tells_what_it_hides(read, tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("DS")
    for row, cells in enumerate([HEADERS, ["A", "1", "x"], ["B", "2", "y"], ["C", "3", "z"]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True
    book.save(str(tmp_path / "a.xls"))
    table = read(tmp_path / "a.xls", "a.xls")
    assert told(table)[::2] == (1, [3])
    assert table.sheets[0].hidden_headers == ["Mã số thuế"]


def test_text_files_hide_nothing(read):
    table = read("Tên đơn vị;Mã số thuế\nTrường A;1\nTrường B;2\n".encode(), "a.csv").sheets[0]
    assert (table.hidden.count, table.is_hidden) == (0, False)
