"""Workbooks of LibreOffice."""

import datetime

import pytest

from movement_portal.spreadsheets.parsing.answer import ERROR_REASON
from movement_portal.spreadsheets.tables import CellError, UnreadableFile
from tests.spreadsheets.test_reading.tables import cells, only_row
from tests.spreadsheets.workbooks import open_document


def ods_row(*cells, repeated=1):
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def ods_cell(text="", kind="string", extra=""):
    return f'<table:table-cell office:value-type="{kind}" {extra}><text:p>{text}</text:p></table:table-cell>'


ODS_HEADER = ods_row(ods_cell("Tên đơn vị"), ods_cell("Số lượng"), ods_cell("Tỷ lệ"), ods_cell("Ngày"))


ODS_GHOSTS = ods_row('<table:table-cell table:number-columns-repeated="16384"/>', repeated=1048570)


def test_values_of_ods(read):
    row = ods_row(
        "<table:table-cell office:value-type='string'><office:annotation><text:p>ghi chú</text:p></office:annotation>"
        "<text:p>Trường<text:s text:c='3'/>A</text:p><text:p>cơ sở 2</text:p></table:table-cell>",
        ods_cell("3", "float", 'office:value="3"'),
        ods_cell("83,3%", "percentage", 'office:value="0.833"'),
        ods_cell("x", "date", 'office:date-value="2020-02-29"'),
        ods_cell("TRUE", "boolean", 'office:boolean-value="true"'),
        ods_cell("#DIV/0!", "string", 'office:string-value="" calcext:value-type="error"'),
        ods_cell("10:30", "time", 'office:time-value="PT10H30M00S"'),
    )
    table = read(open_document(f'<table:table table:name="Xã A">{ODS_HEADER}{row}{ODS_GHOSTS}</table:table>'), "a.ods")
    assert (table.format, table.sheets[0].name) == ("ods", "Xã A")
    assert only_row(table) == [
        "Trường A\ncơ sở 2", 3, "83,3%", datetime.date(2020, 2, 29), True,
        CellError("#DIV/0!", ERROR_REASON), datetime.time(10, 30),
    ]  # fmt: skip


def test_repeated_rows_and_cells_of_ods(read):
    rows = ods_row(
        ods_cell("A"), ods_cell("1", "float", 'office:value="1" table:number-columns-repeated="2"'), repeated=2
    )
    table = read(open_document(f'<table:table table:name="T">{ODS_HEADER}{rows}{ODS_GHOSTS}</table:table>'), "a.ods")
    assert [(row.number, row.cells) for row in table.sheets[0].rows] == [(2, ["A", 1, 1, None]), (3, ["A", 1, 1, None])]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ods_row(ods_cell("A"), repeated=1048576), "300.000 dòng"),
        (ods_row(ods_cell("A", extra='table:number-columns-repeated="16384"')), "200 cột"),
    ],
)
def test_repetition_without_end_is_refused(read, row, message):
    with pytest.raises(UnreadableFile, match=message):
        read(open_document(f'<table:table table:name="T">{ODS_HEADER}{row}</table:table>'), "a.ods")


def test_merged_cells_of_ods(read):
    rows = ods_row(
        ods_cell("A"), ods_cell("Nhóm", extra='table:number-rows-spanned="2"'), ods_cell("x"), ods_cell("y")
    ) + ods_row(ods_cell("B"), "<table:covered-table-cell/>", ods_cell("z"), ods_cell("t"))
    table = read(open_document(f'<table:table table:name="T">{ODS_HEADER}{rows}</table:table>'), "a.ods")
    assert cells(table) == [["A", "Nhóm", "x", "y"], ["B", "Nhóm", "z", "t"]]


def test_hidden_sheet_and_password_of_ods(read):
    style = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    row = ods_row(ods_cell("A"), ods_cell("B"))
    tables = (
        f'<table:table table:name="T">{ODS_HEADER}{row}</table:table>'
        f'<table:table table:name="Ẩn" table:style-name="ta2">{row}</table:table>'
    )
    table = read(open_document(tables, styles=style), "a.ods")
    assert [(sheet.name, sheet.is_hidden) for sheet in table.sheets] == [("T", False), ("Ẩn", True)]
    with pytest.raises(UnreadableFile, match="mật khẩu"):
        read(open_document(tables, manifest="<encryption-data/>"), "a.ods")


def test_ods_tells_what_it_hides(read):
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    shown = ods_row(ods_cell("Trường B"), ods_cell("1"), ods_cell("x"))
    by_filter = shown.replace("<table:table-row", '<table:table-row table:visibility="filter"')
    by_hand = shown.replace("<table:table-row", '<table:table-row table:visibility="collapse"')
    rows = ODS_HEADER + by_filter + shown + by_hand
    (table,) = read(open_document(f'<table:table table:name="T">{columns}{rows}</table:table>'), "a.ods").sheets
    assert (table.hidden.count, table.hidden.why, table.hidden.first) == (2, "do lọc và ẩn tay", [2, 4])
    assert table.hidden_headers == ["Số lượng"]
