"""Tax codes and their check digit."""

import pytest

from movement_portal.spreadsheets.values import ValueProblem
from tests.spreadsheets.lists import tax_code
from units.codes import WrongCheckDigit, is_tax_code, normal_tax_code, parent_tax_code, parse_tax_code, tax_code_digit


def test_the_tenth_digit_checks_the_others():
    # 1*31 + 0*... = 31; 31 mod 11 = 9; 10 - 9 = 1.
    assert tax_code_digit("100000000") == 1


@pytest.mark.parametrize("code", [tax_code(1), tax_code(12345), f"{tax_code(7)}-001"])
def test_right_codes(code):
    assert is_tax_code(code)
    assert normal_tax_code(code) == code


@pytest.mark.parametrize("code", ["1000000002", "100000000", "1000000001-1", "10000000011", "", "abc"])
def test_wrong_codes(code):
    assert not is_tax_code(code)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1000000001001", "1000000001-001"),
        (" 1000 000 001 ", "1000000001"),
        ("1000000001–002", "1000000001-002"),
        ("１０００００００01", "1000000001"),
        (tax_code(1).lstrip("0"), tax_code(1)),
    ],
)
def test_codes_come_to_one_form(written, code):
    assert normal_tax_code(written) == code


def test_digits_of_another_script_are_no_tax_code():
    with pytest.raises(ValueError, match="không phải mã số thuế"):
        normal_tax_code("١٠٠٠٠٠٠٠٠١")


def test_a_number_gets_its_leading_zero_back():
    code = tax_code(12345678)
    assert code.startswith("0")
    parsed = parse_tax_code(float(code))
    assert (parsed.value, bool(parsed.notice)) == (code, True)


def test_the_name_of_a_code_before_it_is_no_part_of_it():
    assert parse_tax_code("MST: 1000 000 001").value == "1000000001"
    assert parse_tax_code("Mã số thuế 1000000001").value == "1000000001"


def test_what_is_no_tax_code_is_told_as_it_stands_in_the_cell():
    with pytest.raises(ValueProblem, match="“chưa có”"):
        parse_tax_code("chưa có")


def test_only_the_check_digit_at_fault_is_said():
    with pytest.raises(WrongCheckDigit):
        normal_tax_code("1000000002")
    with pytest.raises(ValueProblem, match="số kiểm tra"):
        parse_tax_code("1000000002")


def test_a_branch_belongs_to_its_company():
    assert parent_tax_code("1000000001-001") == "1000000001"
    assert parent_tax_code("1000000001") == ""
