"""Cells as offices write them, read as values: pure functions, one for each kind of field.

Each takes a cell that is not empty and returns ``Parsed``; a cell that cannot be read raises ``ValueProblem``, whose
message is shown beside the row.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from movement_portal.lib.dates import FIRST_DAY, LAST_DAY
from movement_portal.lib.phones import normal_phones
from movement_portal.lib.vietnamese import fold, nfc
from movement_portal.spreadsheets.tables import Cell, CellError, cell_text


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value, and what the officer should know about how it was read."""

    value: Any
    notice: str = ""


class ValueProblem(Exception):
    """A cell that cannot be read; ``cause`` is the general fault that many rows may share."""

    def __init__(self, reason: str, cause: str = ""):
        super().__init__(reason)
        self.reason = reason
        self.cause = cause or reason


Parser = Callable[[Cell], Parsed]

#: What spreadsheets show where a formula failed, in files that keep only the text.
#: Stands between the items of a cell that names several, and between code and name of an item.
JOINT, BETWEEN = "; ", " · "
_BETWEEN_ITEMS = re.compile(r"[;\n]")

ERROR_CELLS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
#: Marks that stand for “nothing written”.
BLANK_MARKS = frozenset({"", "-", "--", "---", "–", "—", "…", "...", "//", "/", "null", "none", "nan"})
LONGEST_MARK = max(map(len, BLANK_MARKS))

_NUMBER = re.compile(r"([+-]?\d[\d.,\s]*)(?:\s*(?P<unit>[^\d].*))?", re.DOTALL)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*")
_SPREAD_CODE = re.compile(r"\d{1,3}(?:[,.]\d{3})+")
#: A long number as a spreadsheet shows it: 7.97663E+05. A code such as 797663E0 has no sign.
_POWER_OF_TEN = re.compile(r"(\d)(?:[.,](\d+))?E\+(\d{1,2})", re.IGNORECASE)
_WHOLE_AS_DECIMAL = re.compile(r"\d+[.]0")

_DAY = re.compile(r"(?:ngày\s*)?(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})(?:\s+\d.*)?", re.IGNORECASE)
_DAY_IN_WORDS = re.compile(r"(?:ngày\s*)?(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})", re.IGNORECASE)
_ISO_DAY = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T\s].*)?")
_COMPACT_DAY = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)")
#: Months in words: 15-Mar-2020, 15/Thg3/2020, T5/2019.
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = re.compile(rf"(?<=[\s/.\-])({'|'.join(_ENGLISH_MONTHS)})[a-z]*\.?(?=[\s/.,\-])", re.IGNORECASE)
_SHORT_MONTH = re.compile(r"(?<![^\W\d_])(?:thg|th|t)\.?\s*(?=\d{1,2}\s*[/.\-])", re.IGNORECASE)
_BARE_SERIAL = re.compile(r"[1-7]\d{4}")
_MONTH = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*(?:[/.\-\s]|năm)\s*(\d{4})", re.IGNORECASE)
_QUARTER = re.compile(r"(?:quý|quí|q)\.?\s*(iv|i{1,3}|[1-4])\s*(?:[/.\-\s]|năm)\s*(?:năm\s*)?(\d{4})", re.IGNORECASE)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = re.compile(r"(?:năm(?:\s+học)?\s*:?\s*)?(\d{4})(?:\s*[-–]\s*(\d{4}))?", re.IGNORECASE)

FIRST_YEAR, LAST_YEAR = FIRST_DAY.year, LAST_DAY.year
#: Days of Excel's own calendar that may stand in a date column: 1927 to 2119.
FIRST_SERIAL, LAST_SERIAL = 10_000, 80_000
EXCEL_EPOCH = datetime.date(1899, 12, 30)

YES = frozenset({"x", "co", "v", "yes", "y", "true", "dung", "1", "da co", "dong y", "roi", "du", "dat", "c"})
NO = frozenset({"khong", "ko", "k", "no", "n", "false", "sai", "0", "chua", "chua co", "khong co", "kg", "o"})
#: The last two are ticks of the typeface Wingdings.
_YES_MARKS = frozenset({"✓", "✔", "☑", "√", "✅", "+", "●", "■", "ü", "þ"})
_NO_MARKS = frozenset({"☐", "✗", "✘", "❌", "○", "□", "¨"})

#: Numbers among words; what stands between these says whose they are.
_PHONE_IN_TEXT = re.compile(r"\+?\d[\d .\-]{7,13}\d")
_AROUND_WORDS = re.compile(r"[\s,;:/()|\-–]+")
_WITH_ASIDE = re.compile(r"([^\W\d_]+)\s*[(,;:]\s*(.+?)\)?")

_AMOUNT_UNITS = {
    "dong": 1,
    "d": 1,
    "vnd": 1,
    "vnđ": 1,
    "nghin": 1_000,
    "ngan": 1_000,
    "nghin dong": 1_000,
    "ngan dong": 1_000,
    "tr": 1_000_000,
    "trd": 1_000_000,
    "trieu": 1_000_000,
    "trieu dong": 1_000_000,
    "ty": 1_000_000_000,
    "ti": 1_000_000_000,
    "ty dong": 1_000_000_000,
    "ti dong": 1_000_000_000,
}


def is_blank(cell: Cell) -> bool:
    """Whether nothing is written in the cell: empty, blanks, or a dash that stands for nothing."""
    if not isinstance(cell, str):
        return cell is None
    # Whatever is longer than the longest of them and begins with a letter or digit says something.
    return not (len(cell) > LONGEST_MARK and cell[0].isalnum()) and nfc(cell).lower() in BLANK_MARKS


def is_blank_text(text: str, cell: Cell) -> bool:
    """As ``is_blank`` for a cell whose text as shown is known already."""
    return len(text) <= LONGEST_MARK and isinstance(cell, str) and text.lower() in BLANK_MARKS


def shown(cell: Cell) -> str:
    """The cell as text, as the office sees it: 79000901 for 79000901.0, 05/03/2020 for a date."""
    if type(cell) is str:
        return nfc(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return f"{cell:%d/%m/%Y}"
    return nfc(cell_text(cell))


def refuse_error_cell(cell: Cell) -> None:
    """Raise ``ValueProblem`` for the result of a formula that failed, or that was never calculated."""
    if isinstance(cell, CellError):
        reason = cell.reason[:1].upper() + cell.reason[1:]
        raise ValueProblem(f"{reason} ({cell.text})." if cell.text else f"{reason}.", "Ô bị lỗi công thức")
    if isinstance(cell, str) and "#" in cell and cell.strip().upper() in ERROR_CELLS:
        raise ValueProblem(f"Ô bị lỗi công thức ({cell.strip()}).", "Ô bị lỗi công thức")


def parse_text(cell: Cell) -> Parsed:
    """Text in one line, composed Unicode, single blanks."""
    return Parsed(shown(cell))


def in_lines(cell: Cell) -> str:
    """As ``shown``, a text of several lines in its lines, blank ones left out."""
    if not isinstance(cell, str):
        return shown(cell)
    return "\n".join(line for line in (nfc(part) for part in cell.splitlines()) if line)


def parse_long_text(cell: Cell) -> Parsed:
    """Text of several lines, blank lines left out."""
    return Parsed(in_lines(cell))


def items_of(text: str) -> list[str]:
    """The items of a cell that names several, between semicolons or lines, each once."""
    return list(dict.fromkeys(item for part in _BETWEEN_ITEMS.split(text) if (item := nfc(part))))


def parse_several(cell: Cell) -> Parsed:
    """The items of a cell, as a list."""
    return Parsed(items_of(cell if isinstance(cell, str) else shown(cell)))


def parse_code(cell: Cell, *, length: int = 0) -> Parsed:
    """A code as text: numbers without decimals, “79,000,301” without its separators, leading zeros brought back
    where the ``length`` of the code is known."""
    if isinstance(cell, datetime.date | datetime.datetime | bool):
        raise ValueProblem("Ô là ngày hoặc có/không, không phải mã.", "Không phải mã")
    if isinstance(cell, float) and not cell.is_integer():
        raise ValueProblem(f"“{cell}” không phải mã.", "Không phải mã")
    text = shown(cell).lstrip("'").replace(" ", "")
    if match := _POWER_OF_TEN.fullmatch(text):
        if len(match[2] or "") != int(match[3]):
            raise ValueProblem(
                f"“{text}” là số dài bị bảng tính viết gọn nên mất chữ số; hãy ghi lại mã ở dạng văn bản.",
                "Mã bị mất chữ số (dạng E+)",
            )
        text = match[1] + match[2]
    elif _SPREAD_CODE.fullmatch(text):
        text = text.replace(",", "").replace(".", "")
    elif _WHOLE_AS_DECIMAL.fullmatch(text):
        text = text.removesuffix(".0")
    notice = ""
    if length and text.isdecimal() and len(text) < length:
        text, notice = text.zfill(length), f"Thêm số 0 ở đầu cho đủ {length} chữ số."
    return Parsed(text, notice)


def number(text: str) -> tuple[Decimal, str]:
    """The number at the start of a text in the Vietnamese way of writing, and the word after it.

    “1.727” and “1 727” are thousands, “83,3” and “1.727,5” have decimals.
    """
    match = _NUMBER.fullmatch(nfc(text))
    if not match:
        raise ValueProblem(f"“{nfc(text)}” không phải là số.", "Không phải là số")
    digits, unit = match[1].strip(" .,"), (match["unit"] or "").strip()
    if any(char.isdecimal() for char in unit):
        raise ValueProblem(f"“{nfc(text)}” không phải là một số.", "Không phải là số")
    if _THOUSANDS.fullmatch(digits) and not digits.lstrip("+-").startswith("0"):
        digits = re.sub(r"[.,\s]", "", digits)
    elif " " in digits:
        raise ValueProblem(f"“{nfc(text)}” không phải là một số.", "Không phải là số")
    else:
        last = max(digits.rfind(","), digits.rfind("."))
        if last >= 0:
            whole, decimals = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
            if digits.count(digits[last]) > 1:
                raise ValueProblem(f"“{nfc(text)}” không phải là số.", "Không phải là số")
            digits = f"{whole}.{decimals}"
    try:
        return Decimal(digits), unit
    except InvalidOperation:
        raise ValueProblem(f"“{nfc(text)}” không phải là số.", "Không phải là số") from None


def parse_decimal(cell: Cell) -> Parsed:
    """A number; “83,3 %” is 83.3."""
    if isinstance(cell, bool | datetime.date):
        raise ValueProblem(f"“{shown(cell)}” không phải là số.", "Không phải là số")
    if isinstance(cell, int | float):
        return Parsed(Decimal(str(cell)).normalize() if isinstance(cell, float) else Decimal(cell))
    return Parsed(number(str(cell))[0])


def parse_integer(cell: Cell) -> Parsed:
    """A whole number, a word after it allowed (“01 mô hình”)."""
    value = parse_decimal(cell).value
    if value != value.to_integral_value():
        raise ValueProblem(f"“{shown(cell)}” không phải số nguyên.", "Không phải số nguyên")
    return Parsed(int(value))


def parse_amount(cell: Cell) -> Parsed:
    """An amount in đồng; “1,5 tỷ” and “500 triệu” are understood."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return parse_integer(cell)
    value, unit = number(shown(cell))
    factor = _AMOUNT_UNITS.get(fold(unit)) if unit else 1
    if factor is None:
        raise ValueProblem(f"Không hiểu đơn vị tiền “{unit}”.", "Không hiểu đơn vị tiền")
    value *= factor
    if value != value.to_integral_value():
        raise ValueProblem(f"“{shown(cell)}” không ra số đồng nguyên.", "Không phải số tiền")
    return Parsed(int(value))


def parse_year(cell: Cell) -> Parsed:
    """A year; of a school year (“2019-2020”) the first."""
    if isinstance(cell, datetime.date):
        return Parsed(cell.year)
    match = _YEAR.fullmatch(shown(cell).removesuffix(".0"))
    if not match or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise ValueProblem(f"“{shown(cell)}” không phải là năm.", "Không phải là năm")
    if match[2] and int(match[2]) != int(match[1]) + 1:
        raise ValueProblem(f"“{shown(cell)}” không phải là một năm học.", "Không phải là năm")
    return Parsed(int(match[1]))


def parse_date(cell: Cell) -> Parsed:
    """A day: dd/mm/yyyy, d-m-yy, ISO, in words, a day of Excel's calendar; a month, a quarter or a year alone gives its
    first."""
    if isinstance(cell, datetime.date):
        day = cell.date() if isinstance(cell, datetime.datetime) else cell
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueProblem(f"Năm {day.year:04d} không đúng.", "Ngày không có thật")
        return Parsed(day)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and FIRST_SERIAL <= cell <= LAST_SERIAL:
        return Parsed(EXCEL_EPOCH + datetime.timedelta(days=int(cell)))
    text = _ENGLISH_MONTH.sub(_number_of_month, _SHORT_MONTH.sub("", shown(cell))).rstrip(" .")
    if match := _ISO_DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text):
        return Parsed(_day(text, match[1], match[2], match[3]))
    if match := _DAY.fullmatch(text) or _DAY_IN_WORDS.fullmatch(text):
        return Parsed(_day(text, match[3], match[2], match[1]))
    if match := _MONTH.fullmatch(text):
        day = _day(text, match[2], match[1], "1")
        return Parsed(day, f"Chỉ ghi tháng: lấy ngày {day:%d/%m/%Y}.")
    if match := _QUARTER.fullmatch(text):
        quarter = _QUARTERS.get(match[1].lower()) or int(match[1])
        day = _day(text, match[2], str(3 * quarter - 2), "1")
        return Parsed(day, f"Chỉ ghi quý: lấy ngày {day:%d/%m/%Y}.")
    if match := _YEAR.fullmatch(text):
        if match[2]:
            raise ValueProblem(f"“{text}” không phải là ngày.", "Không phải là ngày")
        day = _day(text, match[1], "1", "1")
        return Parsed(day, f"Chỉ ghi năm: lấy ngày {day:%d/%m/%Y}.")
    if _BARE_SERIAL.fullmatch(text) and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
        day = EXCEL_EPOCH + datetime.timedelta(days=int(text))
        return Parsed(day, f"“{text}” là số ngày của bảng tính: lấy ngày {day:%d/%m/%Y}.")
    raise ValueProblem(f"“{shown(cell)}” không phải là ngày (dd/mm/yyyy).", "Không phải là ngày")


def _number_of_month(match: re.Match[str]) -> str:
    return str(_ENGLISH_MONTHS.index(match[1].lower()) + 1)


def _day(text: str, year: str, month: str, day: str) -> datetime.date:
    """A day that exists; two digits of a year are 1950 to 2049."""
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 50 else 1900
    try:
        if not FIRST_YEAR <= number <= LAST_YEAR:
            raise ValueError
        return datetime.date(number, int(month), int(day))
    except ValueError:
        raise ValueProblem(f"Không có ngày “{text}”.", "Ngày không có thật") from None


def parse_bool(cell: Cell) -> Parsed:
    """Yes or no in the forms lists use: x, có, ✓, không, chưa, 1, 0."""
    if isinstance(cell, bool):
        return Parsed(cell)
    text = shown(cell)
    folded = fold(text)
    if folded in YES or text in _YES_MARKS:
        return Parsed(True)
    if folded in NO or text in _NO_MARKS:
        return Parsed(False)
    if (match := _WITH_ASIDE.fullmatch(text)) and (said := fold(match[1])) in YES | NO:
        return Parsed(said in YES, f"Không ghi phần “{match[2]}”.")
    raise ValueProblem(f"“{text}” không rõ là có hay không.", "Không rõ là có hay không")


def parse_phones(cell: Cell) -> Parsed:
    """Telephone numbers, several in a cell allowed, as digits joined by “; ”."""
    text = cell if isinstance(cell, str) else shown(cell)
    try:
        phones = normal_phones(text)
    except ValueError as problem:
        if named := _phones_of_people(nfc(text)):
            return named
        raise ValueProblem(f"“{nfc(str(problem))}” không phải số điện thoại.", "Sai số điện thoại") from None
    return Parsed(phones)


def _phones_of_people(text: str) -> Parsed | None:
    """The numbers of a cell that says whose they are: “Anh Nam 0912 345 678, 0987654321 (chị Lan)”."""
    found, rest = _PHONE_IN_TEXT.findall(text), _PHONE_IN_TEXT.sub(" ", text)
    if not found or any(char.isdigit() for char in rest):
        return None
    try:
        phones = normal_phones("; ".join(found))
    except ValueError:
        return None
    return Parsed(phones, f"Chỉ lấy số, không ghi phần “{nfc(_AROUND_WORDS.sub(' ', rest))}”.")
