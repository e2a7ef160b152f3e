"""The same list comes out of every format, encoding and delimiter; values keep their kind."""

import datetime
import io
import unicodedata
import zipfile

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font

from movement_portal.spreadsheets.parsing.answer import ERROR_REASON, NOT_CALCULATED
from movement_portal.spreadsheets.parsing.textfile import delimiter_of
from movement_portal.spreadsheets.reading import read_workbook
from movement_portal.spreadsheets.rows import KEPT_ROWS
from movement_portal.spreadsheets.tables import CellError, UnreadableFile, cell_text
from movement_portal.spreadsheets.values import ValueProblem, refuse_error_cell
from tests.spreadsheets import hostile
from tests.spreadsheets.workbooks import from_rows, known_header, open_document, saved

HEADERS = ["Tên đơn vị", "Mã số thuế", "Địa chỉ"]
ROWS = [["Trường Bình Khánh", "0101234567", "Số 1, đường Nguyễn Huệ; Xã Mẫu"], ["Công ty “Ước Mơ”", "0301", "Ấp 2"]]


@pytest.fixture
def read(tmp_path):
    def reader(source, name="bang.xlsx"):
        if isinstance(source, bytes):
            (tmp_path / name).write_bytes(source)
            source = tmp_path / name
        return read_workbook(source, name, known_header=known_header)

    return reader


def cells(table, index=0):
    return [row.cells for row in table.sheets[index].rows]


def only_row(table):
    (row,) = cells(table)
    return row


# -- text files --------------------------------------------------------------------------------------------------------


def text_file(delimiter=",", ending="\r\n"):
    def quoted(text):
        return f'"{text}"' if any(mark in text for mark in ",;\t|") else text

    return "".join(delimiter.join(map(quoted, row)) + ending for row in [HEADERS, *ROWS])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter(read, delimiter):
    table = read(text_file(delimiter).encode(), "bang.csv")
    assert (table.format, table.sheets[0].name, table.sheets[0].headers) == ("csv", "bang", HEADERS)
    assert cells(table) == ROWS


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_any_encoding_of_unicode(read, encoding, named):
    table = read(text_file("\t").encode(encoding), "bang.txt")
    assert (table.encoding, cells(table)) == (named, ROWS)


def test_utf_16_big_endian_with_mark(read):
    assert cells(read(b"\xfe\xff" + text_file().encode("utf-16-be"), "bang.csv")) == ROWS


def test_windows_1258(read):
    # The code page has letters and tones apart: "ừ" is "ư" and a tone.
    def spelled(text):
        result = ""
        for char in text:
            try:
                char.encode("cp1258")
                result += char
            except UnicodeEncodeError:
                bare, tone = unicodedata.normalize("NFD", char)[:-1], unicodedata.normalize("NFD", char)[-1]
                result += unicodedata.normalize("NFC", bare) + tone
        return result

    table = read(spelled("Tên đơn vị,Địa chỉ\nTrường Thạnh Phú,Xã Tân Tiến\n").encode("cp1258"), "bang.csv")
    assert (table.encoding, cells(table)) == ("cp1258", [["Trường Thạnh Phú", "Xã Tân Tiến"]])


def test_bytes_of_no_encoding_are_refused(read):
    with pytest.raises(UnreadableFile, match="bảng mã"):
        read("Tên đơn vị,Địa chỉ\n".encode() + b"\xd2\x8e\x9d,x\n", "bang.csv")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending(read, ending):
    assert cells(read(text_file(ending=ending).encode(), "bang.csv")) == ROWS


def test_told_delimiter_is_obeyed_and_not_a_row(read):
    table = read("sep=|\r\nTên đơn vị|Địa chỉ\r\nA, B|C, D\r\n".encode(), "bang.csv")
    assert table.sheets[0].header_row == 1
    assert cells(table) == [["A, B", "C, D"]]


def test_numbers_of_text_rows_count_quoted_line_breaks_as_excel_does(read):
    table = read('Tên đơn vị,Địa chỉ\n"A\nB",C\n\nD,E\n'.encode(), "bang.csv")
    assert [(row.number, row.cells) for row in table.sheets[0].rows] == [(2, ["A\nB", "C"]), (4, ["D", "E"])]


def test_codes_of_text_files_keep_their_zeros(read):
    assert cells(read("Tên đơn vị;Mã số thuế\nA;00123\nB;0007\n".encode(), "a.csv")) == [["A", "00123"], ["B", "0007"]]


def test_protected_text_loses_its_apostrophe(read):
    assert cells(read("Tên đơn vị;Địa chỉ\n'=1;''+a\n'tên;x\n".encode(), "a.csv")) == [["=1", "'+a"], ["'tên", "x"]]


def test_one_column(read):
    table = read("Tên đơn vị\nTrường A, B\nTrường C\n".encode(), "a.csv")
    assert (table.sheets[0].headers, cells(table)) == (["Tên đơn vị"], [["Trường A, B"], ["Trường C"]])


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n1,7;3\n", ";"),
        ("a,b,c\n1;2,3,4\n5,6;7,8\n", ","),
        ("a\tb\n1, 2\t3\n", "\t"),
        ("Danh sách\n\na;b;c\n1;2;3\n4;5;6\n", ";"),
        ("", "\x1f"),
    ],
)
def test_delimiter(text, delimiter):
    assert delimiter_of(text.splitlines(keepends=True)) == delimiter


# -- workbooks ---------------------------------------------------------------------------------------------------------


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
    assert [sheet.name for sheet in table.sheets] == ["Xã A", "Xã B"]
    assert cells(table, 1) == [["Xã B", "1", "x"]]
    assert {sheet.name: sheet.reason.split(";")[0] for sheet in table.left_out} == {
        "Trống": "trang tính trống",
        "Danh mục": "trang tính đang ẩn",
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
    assert (table.format, [sheet.name for sheet in table.left_out]) == ("xls", ["Ẩn"])
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
    assert ([sheet.name for sheet in table.sheets], [sheet.name for sheet in table.left_out]) == (["T"], ["Ẩn"])
    with pytest.raises(UnreadableFile, match="mật khẩu"):
        read(open_document(tables, manifest="<encryption-data/>"), "a.ods")


# -- large sheets ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_rows_of_a_large_sheet_are_read_from_disk(read, tmp_path):
    count = KEPT_ROWS + 500
    text = "Tên đơn vị;Số\n" + "".join(f"Trường {row};{row}\n" for row in range(count))
    rows = read(text.encode(), "a.csv").sheets[0].rows
    assert len(rows) == count
    assert (rows[0].cells, rows[-1].cells) == (["Trường 0", "0"], [f"Trường {count - 1}", str(count - 1)])
    assert [row.number for row in rows[10:13]] == [12, 13, 14]
    # Two walks at once do not disturb each other.
    assert all(first.cells == second.cells for first, second in zip(rows, rows, strict=True))
    with pytest.raises(IndexError):
        rows[count]


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
