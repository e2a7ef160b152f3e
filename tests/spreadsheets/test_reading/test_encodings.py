"""Lists in encodings of the years before Unicode, in every format; what was repaired is told."""

import unicodedata

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.styles import Font

from movement_portal.lib.legacy_tables import to_tcvn3
from movement_portal.spreadsheets.rows import KEPT_ROWS
from movement_portal.spreadsheets.tables import COMPOSED, SPACED
from tests.old_encodings import to_vni, to_windows_1258
from tests.spreadsheets.workbooks import from_rows, open_document, saved

HEADER = ["Tên đơn vị", "Mã số thuế", "Địa chỉ"]
ROWS = [
    ["Trường Tiểu học Nguyễn Trãi", "0101", "Ấp 3, xã Phú Mỹ, huyện Mẫu"],
    ["Trường Mầm non Hoa Sen", "0102", "Khu phố 2, phường Cái Vồn"],
    ["UBND xã Bình Khánh", "0103", "Số 1 đường Lê Lợi"],
    ["Công ty Cổ phần Ước Mơ", "0104", "Thị trấn Cần Thạnh"],
]


@pytest.fixture
def read(read):
    """Reads a file of one table."""

    def reader(source, name="bang.xlsx"):
        (sheet,) = read(source, name).sheets
        return sheet

    return reader


def cells(sheet):
    return [row.cells for row in sheet.rows]


def encoded(rows, way):
    return [[way(cell) for cell in row] for row in rows]


def small_capitals(rows):
    """What a reader without the capital typefaces can know: toned capitals of TCVN3 are small letters."""
    return [[cell.replace("Ấp", "ấp") for cell in row] for row in rows]


# -- by content --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("way", "how"), [(to_tcvn3, "tcvn3"), (to_vni, "vni")])
def test_a_list_without_old_typefaces(read, tmp_path, way, how):
    sheet = read(from_rows(tmp_path / "a.xlsx", encoded([HEADER, *ROWS], way)))
    assert sheet.headers == HEADER
    assert cells(sheet) == (small_capitals(ROWS) if how == "tcvn3" else ROWS)
    assert sheet.rows[0].repairs[0].how == how
    assert sheet.rows[0].repairs[0].before == way(ROWS[0][0]).replace("\u00ad", "")
    # Three headers, and the two texts of each row.
    assert [(each.how, each.count) for each in sheet.repairs] == [(how, 11)]


def test_a_capital_that_was_lost_is_told(read, tmp_path):
    sheet = read(from_rows(tmp_path / "a.xlsx", [HEADER, *encoded(ROWS, to_tcvn3)]))
    assert "Cần xem lại: “ấp”" in sheet.rows[0].repairs[2].text
    assert sheet.rows[1].repairs[0].doubtful == ()


@pytest.mark.parametrize("way", [to_tcvn3, to_vni])
def test_text_files_of_one_byte_a_letter(read, way):
    lines = "\r\n".join(";".join(row) for row in encoded([HEADER, *ROWS], way))
    sheet = read(lines.encode("cp1252"), "bang.csv")
    assert sheet.headers == HEADER
    assert cells(sheet) == (small_capitals(ROWS) if way is to_tcvn3 else ROWS)


def test_text_file_of_code_page_1258(read):
    lines = "\r\n".join("\t".join(row) for row in encoded([HEADER, *ROWS], to_windows_1258))
    assert cells(read(lines.encode("cp1258"), "bang.txt")) == ROWS


def test_utf_8_that_was_taken_for_a_code_page(read, tmp_path):
    rows = [
        [cell.encode().decode("cp1252", "replace") for cell in row] for row in [HEADER, ["Hội Nông dân", "1", "Tổ 5"]]
    ]
    assert "Há»™i" in rows[1][0]
    assert cells(read(from_rows(tmp_path / "a.xlsx", rows)))[0][0] == "Hội Nông dân"


def test_encodings_mixed_in_one_column(read, tmp_path):
    ways = [str, to_tcvn3, to_vni, str]
    rows = [encoded([row], way)[0] for row, way in zip(ROWS, ways, strict=True)]
    assert cells(read(from_rows(tmp_path / "a.xlsx", [HEADER, *rows]))) == ROWS


def test_correct_lists_are_told_nothing(read, tmp_path):
    sheet = read(from_rows(tmp_path / "a.xlsx", [HEADER, *ROWS, ["Công ty Müller Café", "7", "Lô A · 25 m²"]]))
    assert sheet.repairs == []
    assert all(row.repairs is None for row in sheet.rows)


def test_unicode_in_parts_and_blanks_are_counted_without_a_notice_for_each_row(read, tmp_path):
    rows = [[unicodedata.normalize("NFD", ROWS[0][0]), "1", "Số  1\u200b,\u00a0đường A"], *ROWS[1:]]
    sheet = read(from_rows(tmp_path / "a.xlsx", [HEADER, *rows]))
    assert cells(sheet)[0] == [ROWS[0][0], "1", "Số 1, đường A"]
    assert [(each.how, each.count, len(each.samples)) for each in sheet.repairs] == [(COMPOSED, 1, 1), (SPACED, 1, 1)]
    assert sheet.repairs[1].samples[0] == (2, "Số  1\u200b,\u00a0đường A", "Số 1, đường A")
    assert sheet.rows[0].repairs is None


def test_letters_that_are_lost_are_told(read, tmp_path):
    sheet = read(from_rows(tmp_path / "a.xlsx", [HEADER, ["Tr??ng ti?u h?c", "1", "x"]]))
    assert "bị mất" in sheet.rows[0].repairs[0].text
    assert cells(sheet)[0][0] == "Tr??ng ti?u h?c"


@pytest.mark.slow
def test_repairs_of_large_sheets_are_read_from_disk(read):
    head = "Tên đơn vị;Mã số thuế;Địa chỉ\n"
    body = "".join(f"{to_vni('Trường số')} {row};{row};x\n" for row in range(KEPT_ROWS + 50))
    sheet = read((head + body).encode(), "bang.csv")
    assert sheet.rows[KEPT_ROWS + 10].repairs[0].before == f"Tröôøng soá {KEPT_ROWS + 10}"


# -- by typeface -------------------------------------------------------------------------------------------------------


def in_faces(path):
    """A column in .VnTime, another in its capitals, one word that is Vietnamese in both encodings."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(HEADER)
    for row in [*ROWS, ["Bộ", "0105", "Bé"]]:
        sheet.append([to_tcvn3(row[0]), row[1], to_tcvn3(row[2].lower())])
    for row in sheet.iter_rows(min_row=2, max_row=6):
        row[0].font, row[2].font = Font(name=".VnTime"), Font(name=".VnTimeH")
    return saved(workbook, path)


def test_typefaces_of_xlsx(read, tmp_path):
    sheet = read(in_faces(tmp_path / "a.xlsx"))
    assert sheet.headers == HEADER
    assert [row[0] for row in cells(sheet)] == [*(row[0] for row in small_capitals(ROWS)), "Bộ"]
    assert [row[2] for row in cells(sheet)] == [*(row[2].upper() for row in ROWS), "BÉ"]
    assert not any(repair.doubtful for row in list(sheet.rows)[:3] for repair in row.repairs.values())


def test_a_typeface_that_stayed_behind_changes_nothing(read, tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in [HEADER, *ROWS, ["An Phú", "5", "Bé Ba"]]:
        sheet.append(row)
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        cell.font = Font(name=".VnTime")
    assert cells(read(saved(workbook, tmp_path / "a.xlsx"))) == [*ROWS, ["An Phú", "5", "Bé Ba"]]


def test_two_typefaces_in_one_cell(read, tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        capital = workbook.add_format({"font_name": ".VnTimeH"})
        small = workbook.add_format({"font_name": ".VnTime"})
        name = [capital, to_tcvn3("trường ánh dương "), small, to_tcvn3("xã Phú Mỹ")]
        sheet.write_rich_string(1, 0, *name)
        sheet.write_row(1, 1, ["1", "x"])
    assert cells(read(tmp_path / "a.xlsx"))[0][0] == "TRƯỜNG ÁNH DƯƠNG xã Phú Mỹ"


def test_typefaces_of_xls(read, tmp_path):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Bảng")
    small, capital = xlwt.easyxf("font: name .VnTime"), xlwt.easyxf("font: name .VnTimeH")
    for column, text in enumerate(HEADER):
        sheet.write(0, column, text)
    for number, row in enumerate(ROWS, start=1):
        sheet.write(number, 0, to_tcvn3(row[0]), small)
        sheet.write(number, 1, row[1])
        sheet.write(number, 2, to_tcvn3(row[2].lower()), capital)
    workbook.save(tmp_path / "a.xls")
    sheet = read(tmp_path / "a.xls", "a.xls")
    assert cells(sheet) == [[row[0], row[1], row[2].upper()] for row in ROWS]


def test_typefaces_of_ods(read, tmp_path):
    def cell(text, style=""):
        attribute = f' table:style-name="{style}"' if style else ""
        return f'<table:table-cell office:value-type="string"{attribute}><text:p>{text}</text:p></table:table-cell>'

    def style(name, face):
        return (
            f'<style:style style:name="{name}" style:family="table-cell">'
            f'<style:text-properties style:font-name="{face}"/></style:style>'
        )

    rows = "".join(
        f"<table:table-row>{cell(to_tcvn3(name))}{cell(code)}{cell(to_tcvn3(address.lower()), 'ce2')}</table:table-row>"
        for name, code, address in ROWS
    )
    header = f"<table:table-row>{''.join(cell(text, 'ce0') for text in HEADER)}</table:table-row>"
    styles = style("ce0", "Arial") + style("ce1", ".VnTime") + style("ce2", ".VnTimeH")
    columns = '<table:table-column table:default-cell-style-name="ce1"/><table:table-column/><table:table-column/>'
    table = f'<table:table table:name="Bảng">{columns}{header}{rows}</table:table>'
    sheet = read(open_document(table, styles=styles), "a.ods")
    assert cells(sheet) == [[row[0], row[1], row[2].upper()] for row in ROWS]
