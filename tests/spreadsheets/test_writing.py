"""Lists leave the portal as text, numbers and dates, never as formulas."""

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from movement_portal.spreadsheets.tables import clean_text, column_letter, protected, unprotected
from movement_portal.spreadsheets.writing import Kind, OutColumn, write_csv, write_list

NAME_ONLY = (OutColumn("Tên"),)
FORMULAS = ["=1+1", "+84 123", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "'=1", "''+1"]


def written(rows, columns=NAME_ONLY, about=()):
    stream = io.BytesIO()
    write_list(stream, title="Danh sách", about=about, columns=columns, rows=rows)
    return stream


def sheet_of(stream):
    return openpyxl.load_workbook(stream).worksheets[0]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_stays_text(text):
    cell = sheet_of(written([[text]])).cell(4, 1)
    assert (cell.value, cell.data_type) == (text, "s")


def test_codes_keep_their_zeros():
    assert sheet_of(written([["00123"]])).cell(4, 1).value == "00123"


def test_about_block_stands_between_title_and_header():
    sheet = sheet_of(written([["A"]], about=[("Bộ lọc", "xã Tân Tiến"), ("Ngày", datetime.date(2026, 5, 1))]))
    assert [sheet.cell(row, 1).value for row in range(1, 7)] == [
        "Danh sách",
        "Bộ lọc: xã Tân Tiến",
        "Ngày: 01/05/2026",
        None,
        "Tên",
        "A",
    ]


@pytest.mark.parametrize(
    ("kind", "value", "stored", "number_format"),
    [
        (Kind.INTEGER, 1727, 1727, "#,##0"),
        (Kind.DECIMAL, Decimal("2.5"), 2.5, "#,##0.##"),
        (Kind.PERCENT, 83.3, 0.833, "0.0%"),
        (Kind.DATE, datetime.date(2020, 2, 29), datetime.datetime(2020, 2, 29), "dd/mm/yyyy"),
        (
            Kind.MOMENT,
            datetime.datetime(2026, 1, 1, 17, 30, tzinfo=datetime.UTC),
            datetime.datetime(2026, 1, 2, 0, 30),
            "dd/mm/yyyy hh:mm",
        ),
        (Kind.DATE, datetime.date(1885, 5, 1), "01/05/1885", "dd/mm/yyyy"),
        (Kind.INTEGER, "chưa rõ", "chưa rõ", "#,##0"),
        (Kind.INTEGER, 10**17, str(10**17), "#,##0"),
        (Kind.DECIMAL, float("nan"), "nan", "#,##0.##"),
        (Kind.TEXT, 12.0, "12", "@"),
        (Kind.TEXT, True, "Có", "@"),
    ],
)
def test_kinds(kind, value, stored, number_format):
    cell = sheet_of(written([[value]], [OutColumn("Cột", kind)])).cell(4, 1)
    assert cell.value == pytest.approx(stored) if isinstance(stored, float) else cell.value == stored
    assert cell.number_format == number_format


def test_page_is_printable():
    sheet = sheet_of(written([["A"]], about=[("Ngày", "x")]))
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.freeze_panes == "A5"
    assert sheet.column_dimensions["A"].width == pytest.approx(18, abs=1)


def test_text_longer_than_a_cell_is_cut_visibly():
    value = sheet_of(written([["ă" * 40_000]])).cell(4, 1).value
    assert len(value) == 32_767
    assert value.endswith("(đã cắt bớt)")


def test_rows_are_taken_from_an_iterator():
    stream = io.BytesIO()
    count = write_list(stream, title="T", about=[], columns=[OutColumn("A")], rows=([n] for n in range(5)))
    assert count == 5


def test_a_list_without_rows_is_a_header():
    assert [row for row in sheet_of(written([])).iter_rows(values_only=True) if any(row)] == [("Danh sách",), ("Tên",)]


def test_workbook_holds_no_formula():
    with zipfile.ZipFile(written([[text] for text in FORMULAS])) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def csv_of(rows, columns=NAME_ONLY):
    stream = io.BytesIO()
    write_csv(stream, columns=columns, rows=rows)
    return stream.getvalue()


def test_csv_opens_right_in_vietnamese_excel():
    columns = [OutColumn("Tên"), OutColumn("Tỷ lệ", Kind.PERCENT), OutColumn("Số", Kind.DECIMAL), OutColumn("Ngày")]
    data = csv_of([["Xã; A", 83.3, -2.5, datetime.date(2026, 5, 1)]], columns)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig") == 'Tên;Tỷ lệ;Số;Ngày\r\n"Xã; A";83,3%;-2,5;01/05/2026\r\n'


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_protects_what_looks_like_a_formula(text):
    assert csv_of([[text]]).decode("utf-8-sig").split("\r\n")[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", [*FORMULAS, "tên", "'tên", "", "'", "a=b"])
def test_protection_is_reversible(text):
    assert unprotected(protected(text)) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Trường  THCS\u00a0A ", "Trường THCS A"),
        ("Tru\u031bo\u031b\u0300ng", "Trường"),
        ("a\r\n b\u2028c", "a\nb\nc"),
        ("\ufeffx\u200by\x00\ud800", "xy"),
        ("\n a \n", "a"),
        ("tab\tở giữa", "tab ở giữa"),
    ],
)
def test_clean_text(text, clean):
    assert clean_text(text) == clean


def test_column_letters():
    assert [column_letter(index) for index in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
