"""Codes of units: the tax code and its check digit."""

import re
import unicodedata

from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import Parsed, ValueProblem, parse_code, shown

#: Weights of the first nine digits of a tax code.
TAX_CODE_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
TAX_CODE_DIGITS = 10

_TAX_CODE = re.compile(r"(\d{10})(?:-(\d{3}))?", re.ASCII)
_LABEL = re.compile(r"(?:mãsốthuế|mst/msdn|mst|msdn)[:.]?(?=\d)", re.IGNORECASE)
_RUN_TOGETHER = re.compile(r"(\d{10})(\d{3})", re.ASCII)


class WrongCheckDigit(ValueError):
    """Ten digits of which the last does not belong to the others."""


def tax_code_digit(first_nine: str) -> int:
    """The tenth digit that belongs to the first nine; 10 where no digit does."""
    total = sum(weight * int(digit) for weight, digit in zip(TAX_CODE_WEIGHTS, first_nine, strict=True))
    return 10 - total % 11


def is_tax_code(code: str) -> bool:
    """Whether a text is a tax code: ten digits, the last of which checks the others, and “-001” for a branch."""
    match = _TAX_CODE.fullmatch(code)
    return match is not None and tax_code_digit(match[1][:9]) == int(match[1][9])


def parent_tax_code(code: str) -> str:
    """The tax code of the company that a branch code belongs to; empty for a company's own."""
    match = _TAX_CODE.fullmatch(code)
    return match[1] if match and match[2] else ""


def normal_tax_code(text: str) -> str:
    """A tax code as the register keeps it: no blanks, a dash before the branch, a lost leading zero brought back.

    Raises ``ValueError`` with a Vietnamese message, ``WrongCheckDigit`` where only the last digit is at fault.
    """
    # Digits of full width, as keyboards of the East type them, are digits.
    code = re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", text)).replace("–", "-").replace("—", "-")
    if match := _RUN_TOGETHER.fullmatch(code):
        code = f"{match[1]}-{match[2]}"
    filled = code.zfill(TAX_CODE_DIGITS)
    if code.isascii() and code.isdecimal() and len(code) < TAX_CODE_DIGITS and is_tax_code(filled):
        code = filled
    if not _TAX_CODE.fullmatch(code):
        raise ValueError(f"“{text}” không phải mã số thuế: cần 10 chữ số, chi nhánh thêm “-001”.")
    if not is_tax_code(code):
        raise WrongCheckDigit(f"“{text}” sai số kiểm tra của mã số thuế.")
    return code


def parse_tax_code(cell: Cell) -> Parsed:
    """A tax code from a cell of a list, its name before it left out."""
    text = parse_code(cell).value
    if not text[:1].isdecimal():
        text = _LABEL.sub("", text)
    try:
        code = normal_tax_code(text)
    except WrongCheckDigit as problem:
        raise ValueProblem(str(problem), "Sai số kiểm tra của mã số thuế") from None
    except ValueError as problem:
        raise ValueProblem(str(problem).replace(text, shown(cell)), "Không phải mã số thuế") from None
    digits = len(code.replace("-", ""))
    return Parsed(code, "Thêm số 0 ở đầu." if digits > len(re.sub(r"\D", "", text)) else "")
