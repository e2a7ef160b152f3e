"""Workbooks of Excel, new and old."""

import datetime
import io
import zipfile

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font

from movement_portal.spreadsheets.parsing.answer import ERROR_REASON, NOT_CALCULATED
from movement_portal.spreadsheets.tables import CellError, UnreadableFile, cell_text
from movement_portal.spreadsheets.values import ValueProblem, refuse_error_cell
from tests.spreadsheets import hostile
from tests.spreadsheets.test_reading.tables import HEADERS, ROWS, cells, only_row
from tests.spreadsheets.workbooks import from_rows, saved


def test_values_of_xlsx(read, tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Tên đơn vị", "Mã", "Lẻ", "Ngày", "Lúc", "Giờ", "Tỷ lệ", "Có", "Lỗi", "Công thức", "Trống"])
    date, moment = datetime.date(2020, 2, 29), datetime.datetime(2020, 2, 29, 10, 30)
    sheet.append(["A", 79000707.0, 2.5, date, moment, datetime.time(10, 30), 0.8333, True, "#N/A", "=1+1", None])
    sheet["G2"].number_format = "0.0%"
    assert only_row(read(saved(workbook, tmp_path / "a.xlsx"))) == [
        "A", 79000707, 2.5, date, moment, datetime.time(10, 30), "83,33%", True,
        CellError("#N/A", ERROR_REASON), NOT_CALCULATED, None,
    ]  # fmt: skip


def test_1904_base(read, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    workbook.active.append(["Tên đơn vị", "Ngày"])
    workbook.active.append(["A", datetime.date(2020, 2, 29)])
    assert only_row(read(saved(workbook, tmp_path / "a.xlsx"))) == ["A", datetime.date(2020, 2, 29)]


def test_formulas_give_their_cached_values(read):
    rows = "".join(
        f'<row r="{row}">{hostile.text_cell(f"A{row}", name)}{cell}</row>'
        for row, name, cell in [
            (1, "Tên đơn vị", hostile.text_cell("B1", "Số lượng")),
            (2, "A", '<c r="B2"><f>1+1</f><v>2</v></c>'),
            (3, "B", '<c r="B3" t="str"><f>"x"&amp;"y"</f><v>xy</v></c>'),
            (4, "C", '<c r="B4" t="str"><f>""</f><v></v></c>'),
            (5, "D", '<c r="B5"><f ca="1">NOW()</f></c>'),
            (6, "E", '<c r="B6"><f t="shared" si="0"/></c>'),
            (7, "F", '<c r="B7" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
        ]
    )
    assert [row[1:] for row in cells(read(hostile.package(rows=rows)))] == [
        [2], ["xy"], [None], [NOT_CALCULATED], [NOT_CALCULATED], [CellError("#DIV/0!", ERROR_REASON)],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (CellError("#N/A", ERROR_REASON), "Ô báo lỗi công thức (#N/A)."),
        (NOT_CALCULATED, "Công thức chưa được tính; hãy mở bằng Excel, lưu lại rồi tải lên."),
    ],
)
def test_cell_without_a_value_is_refused_with_its_reason(cell, reason):
    with pytest.raises(ValueProblem) as problem:
        refuse_error_cell(cell)
    assert problem.value.reason == reason


def test_an_error_in_a_row_of_its_own_at_the_end(read):
    rows = f'{hostile.LIST}<row r="9"><c r="B9" t="e"><v>#REF!</v></c></row>'
    table = read(hostile.package(rows=rows))
    assert (table.sheets[0].rows[-1].number, cells(table)[-1]) == (9, [None, CellError("#REF!", ERROR_REASON)])


def test_impossible_date_costs_no_more_than_its_cell(read):
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2">'
        '<xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    relation = f'<Relationship Id="rId2" Type="{kind}" Target="styles.xml"/>'
    rows = hostile.LIST + '<row r="4"><c r="A4" s="1"><v>99999999</v></c><c r="B4" s="1"><v>-5</v></c></row>'
    parts = {
        **hostile.PARTS,
        "xl/_rels/workbook.xml.rels": hostile.PARTS["xl/_rels/workbook.xml.rels"].replace(
            "</Relationships>", relation + "</Relationships>"
        ),
        "xl/styles.xml": styles,
        hostile.SHEET: hostile.sheet_xml(rows),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert len(cells(read(buffer.getvalue()))) == 3


def test_sheets(read, tmp_path):
    workbook = openpyxl.Workbook()
    for name in ("Xã A", "Xã B", "Trống", "Danh mục"):
        sheet = workbook.create_sheet(name)
        if name != "Trống":
            sheet.append(HEADERS)
            sheet.append([name, "1", "x"])
    workbook.remove(workbook.worksheets[0])
    workbook["Danh mục"].sheet_state = "hidden"
    workbook.create_chartsheet("Biểu đồ")
    table = read(saved(workbook, tmp_path / "a.xlsx"))
    assert [sheet.name for sheet in table.sheets if not sheet.is_hidden] == ["Xã A", "Xã B"]
    assert [sheet.name for sheet in table.sheets if sheet.is_hidden] == ["Danh mục"]
    assert cells(table, 1) == [["Xã B", "1", "x"]]
    assert {sheet.name: sheet.reason.split(";")[0] for sheet in table.left_out} == {
        "Trống": "trang tính trống",
        "Biểu đồ": "trang biểu đồ hoặc macro, không có ô",
    }


def test_table_that_begins_away_from_the_corner(read, tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for column, (header, value) in enumerate(zip(HEADERS, ROWS[0], strict=True), start=3):
        sheet.cell(5, column, header)
        sheet.cell(6, column, value)
    (table,) = read(saved(workbook, tmp_path / "a.xlsx")).sheets
    assert (table.header_row, table.headers, table.letters) == (5, HEADERS, ["C", "D", "E"])
    assert table.rows[0].cells == ROWS[0]


def test_values_of_xls(read, tmp_path):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Xã A")
    date, percent = xlwt.easyxf(num_format_str="dd/mm/yyyy"), xlwt.easyxf(num_format_str="0.0%")
    for column, header in enumerate(["Tên đơn vị", "Mã", "Ngày", "Tỷ lệ", "Có", "Gộp"]):
        sheet.write(0, column, header)
    for column, (value, style) in enumerate(
        [("Trường A", None), (79000707, None), (datetime.date(2020, 2, 29), date), (0.833, percent), (True, None)]
    ):
        sheet.write(1, column, value, *filter(None, [style]))
    sheet.write_merge(1, 2, 5, 5, "Nhóm")
    sheet.write(2, 0, "Trường B")
    sheet.row(2).set_cell_error(1, 0x2A)
    hidden = workbook.add_sheet("Ẩn")
    hidden.write(0, 0, "x")
    hidden.visibility = 1
    workbook.save(str(tmp_path / "a.xls"))
    table = read(tmp_path / "a.xls", "a.xls")
    assert (table.format, [sheet.name for sheet in table.sheets if sheet.is_hidden]) == ("xls", ["Ẩn"])
    assert cells(table) == [
        ["Trường A", 79000707, datetime.date(2020, 2, 29), "83,3%", True, "Nhóm"],
        ["Trường B", CellError("#N/A", ERROR_REASON), None, None, None, "Nhóm"],
    ]


def test_truncated_xls_is_refused(read, tmp_path):
    workbook = xlwt.Workbook()
    for row in range(500):
        workbook.add_sheet("S") if row == 0 else None
        workbook.get_sheet(0).write(row, 0, f"Trường {row}")
    workbook.save(str(tmp_path / "a.xls"))
    with pytest.raises(UnreadableFile):
        read((tmp_path / "a.xls").read_bytes()[:6000], "b.xls")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (79000707.0, "79000707"),
        (79000707, "79000707"),
        (2.5, "2.5"),
        (True, "Có"),
        (None, ""),
        (datetime.date(2020, 2, 29), "29/02/2020"),
        (datetime.datetime(2020, 2, 29, 7, 5), "29/02/2020 07:05"),
        (datetime.time(7, 5), "07:05"),
        (CellError("#N/A", ERROR_REASON), "#N/A"),
    ],
)
def test_cell_text(cell, text):
    assert cell_text(cell) == text


def test_fonts_do_not_matter(read, tmp_path):
    path = from_rows(tmp_path / "a.xlsx", [HEADERS, *ROWS])
    workbook = openpyxl.load_workbook(path)
    workbook.active["A2"].font = Font(name="Times New Roman", bold=True)
    assert cells(read(saved(workbook, path))) == ROWS
