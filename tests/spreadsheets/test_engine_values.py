"""Cells as offices write them."""

import datetime
import unicodedata
from decimal import Decimal

import pytest

from movement_portal.spreadsheets import values
from movement_portal.spreadsheets.tables import CellError
from movement_portal.spreadsheets.values import ValueProblem

DAY = datetime.date(2019, 5, 3)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.727", 1727),
        ("1,727", 1727),
        ("1 727", 1727),
        ("1.234.567", 1234567),
        ("01 mô hình", 1),
        ("45 người", 45),
        (12.0, 12),
        (12, 12),
        ("0", 0),
        ("-5", -5),
        ("12,0", 12),
    ],
)
def test_whole_numbers(cell, expected):
    assert values.parse_integer(cell).value == expected


@pytest.mark.parametrize("cell", ["1,5", 1.5, "mười", "12 13", "1.2.3", True, DAY, "5/2019", ""])
def test_no_whole_number(cell):
    with pytest.raises(ValueProblem):
        values.parse_integer(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("83,3 %", "83.3"),
        ("83.3%", "83.3"),
        ("1.727,5", "1727.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        (2.5, "2.5"),
    ],
)
def test_decimals(cell, expected):
    assert values.parse_decimal(cell).value == Decimal(expected)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,5 tỷ", 1_500_000_000),
        ("500 triệu", 500_000_000),
        ("1.200.000.000 đ", 1_200_000_000),
        ("20 tỷ đồng", 20_000_000_000),
        (3e9, 3_000_000_000),
    ],
)
def test_amounts(cell, expected):
    assert values.parse_amount(cell).value == expected


def test_amount_in_an_unknown_unit():
    with pytest.raises(ValueProblem, match="USD"):
        values.parse_amount("5 USD")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("03/05/2019", DAY),
        ("3-5-19", DAY),
        ("3.5.2019", DAY),
        ("2019-05-03", DAY),
        ("2019-05-03 00:00:00", DAY),
        ("ngày 3 tháng 5 năm 2019", DAY),
        (datetime.datetime(2019, 5, 3, 8, 0), DAY),
        (DAY, DAY),
        (43588, DAY),
        (43588.0, DAY),
        ("tháng 5/2019", datetime.date(2019, 5, 1)),
        ("5/2019", datetime.date(2019, 5, 1)),
        ("2019", datetime.date(2019, 1, 1)),
        (2019.0, datetime.date(2019, 1, 1)),
        ("01/01/75", datetime.date(1975, 1, 1)),
        ("quý II/2025", datetime.date(2025, 4, 1)),
        ("Quí 3 năm 2024", datetime.date(2024, 7, 1)),
        ("Q4/2024", datetime.date(2024, 10, 1)),
        ("tháng 5 2019", datetime.date(2019, 5, 1)),
        ("3.5.2019.", DAY),
    ],
)
def test_dates(cell, expected):
    assert values.parse_date(cell).value == expected


def test_a_month_alone_is_said():
    assert "01/05/2019" in values.parse_date("tháng 5/2019").notice
    assert "01/04/2025" in values.parse_date("quý II/2025").notice


@pytest.mark.parametrize(
    "cell", ["31/02/2020", "quý 5/2024", "6 tháng đầu năm 2024", "13/13/2020", "hôm qua", "1/1", 5, "2019-2020"]
)
def test_no_date(cell):
    with pytest.raises(ValueProblem):
        values.parse_date(cell)


@pytest.mark.parametrize(
    ("cell", "expected"), [("2024", 2024), (2024.0, 2024), ("năm 2024", 2024), ("2023-2024", 2023), (DAY, 2019)]
)
def test_years(cell, expected):
    assert values.parse_year(cell).value == expected


@pytest.mark.parametrize("cell", ["24", "2019-2024", "abc", 9999])
def test_no_year(cell):
    with pytest.raises(ValueProblem):
        values.parse_year(cell)


@pytest.mark.parametrize("cell", ["x", "X", "có", "Có", "✓", "✔", "1", 1.0, True, "Đã có", "v"])
def test_yes(cell):
    assert values.parse_bool(cell).value is True


@pytest.mark.parametrize("cell", ["không", "Ko", "k", "0", 0, False, "chưa", "☐"])
def test_no(cell):
    assert values.parse_bool(cell).value is False


def test_neither_yes_nor_no():
    with pytest.raises(ValueProblem):
        values.parse_bool("có thể")


@pytest.mark.parametrize(
    ("cell", "length", "expected"),
    [
        (79000901.0, 0, "79000901"),
        ("79,000,301", 0, "79000301"),
        ("797663E0", 0, "797663E0"),
        ("'0101234567", 0, "0101234567"),
        (101234567, 10, "0101234567"),
        ("1234-001", 10, "1234-001"),
        ("00 123", 0, "00123"),
    ],
)
def test_codes_stay_text(cell, length, expected):
    assert values.parse_code(cell, length=length).value == expected


@pytest.mark.parametrize("cell", [1.5, True, DAY])
def test_no_code(cell):
    with pytest.raises(ValueProblem):
        values.parse_code(cell)


def test_text_is_composed_and_in_one_line():
    assert values.parse_text(unicodedata.normalize("NFD", "Hòa\n Bình  ")).value == "Hòa Bình"


def test_long_text_keeps_its_lines():
    assert values.parse_long_text("một\n\n hai ").value == "một\nhai"


def test_phones_of_a_cell():
    assert values.parse_phones("0912 345 678 / 0987.654.321").value == "0912345678; 0987654321"
    assert values.parse_phones(912345678.0).value == "0912345678"


@pytest.mark.parametrize(
    ("cell", "rest"),
    [("0912 345 678 (anh Mẫu)", "anh Mẫu"), ("Anh Mẫu 0912345678, 0912.345.678 chị Thử", "Anh Mẫu chị Thử")],
)
def test_whose_a_phone_is_is_told_and_left_out(cell, rest):
    parsed = values.parse_phones(cell)
    assert parsed.value == "0912345678"
    assert f"“{rest}”" in parsed.notice


@pytest.mark.parametrize("cell", ["0912 345 678 phòng 12", "số nhà 0912", "anh Mẫu 9876543210"])
def test_digits_that_may_be_something_else_are_no_phone(cell):
    with pytest.raises(ValueProblem):
        values.parse_phones(cell)


def test_a_wrong_phone_is_named():
    with pytest.raises(ValueProblem, match="12345"):
        values.parse_phones("12345")


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "…", "\u00a0"])
def test_blank_cells(cell):
    assert values.is_blank(cell)


@pytest.mark.parametrize("cell", [0, False, "0", "x"])
def test_filled_cells(cell):
    assert not values.is_blank(cell)


def test_a_failed_formula_is_refused():
    with pytest.raises(ValueProblem, match="lỗi"):
        values.refuse_error_cell(CellError("#N/A", "Ô báo lỗi #N/A."))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("7.97663E+05", "797663"),
        ("7,97663E+05", "797663"),
        ("797663E0", "797663E0"),
        ("79000301.0", "79000301"),
        ("12E345", "12E345"),
    ],
)
def test_codes_that_look_like_numbers(cell, expected):
    assert values.parse_code(cell).value == expected


@pytest.mark.parametrize("cell", ["1.01235E+09", "7,9766E+05", "8E+05"])
def test_a_code_whose_digits_a_spreadsheet_lost_is_refused(cell):
    with pytest.raises(ValueProblem, match="mất chữ số"):
        values.parse_code(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("T5/2019", datetime.date(2019, 5, 1)),
        ("15-Mar-2020", datetime.date(2020, 3, 15)),
        ("15/Thg3/2020", datetime.date(2020, 3, 15)),
        ("20200305", datetime.date(2020, 3, 5)),
        ("43895", datetime.date(2020, 3, 5)),
    ],
)
def test_days_in_the_forms_of_programs(cell, expected):
    assert values.parse_date(cell).value == expected


@pytest.mark.parametrize(("cell", "expected"), [("ü", True), ("þ", True), ("¨", False), ("Có (2020)", True)])
def test_ticks_of_typefaces_and_asides(cell, expected):
    assert values.parse_bool(cell).value is expected
