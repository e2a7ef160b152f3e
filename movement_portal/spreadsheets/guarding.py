"""Citizen identification numbers on their way through an import: masked wherever the list is kept or shown.

A cell that holds one becomes a ``CitizenId`` before anything reads it: as text it is masked, so cells, samples, faults
and notices never have the whole, while the field of the number takes it as it is. Numbers inside other texts are
masked in the text itself. A list with passwords is not taken at all.
"""

import re
from collections.abc import Sequence
from typing import Any

from movement_portal.lib.masking import DIGITS, DOTS, OLD_DIGITS, SHOWN, WHOLE, mask_in_text, may_hold_number
from movement_portal.lib.vietnamese import fold
from movement_portal.persons.citizen_ids import CitizenId, NotANumber, is_sealed
from movement_portal.spreadsheets.tables import Cell, UnreadableFile, WorkbookTable
from movement_portal.spreadsheets.values import Parsed, ValueProblem

#: Words in the header of a column of numbers of persons.
_WORDS = re.compile(r"\b(cccd|cmnd|cmtnd|cmt|can cuoc|dinh danh|chung minh nhan dan|chung minh thu)\b")
#: Words of headers that are about bodies, not persons.
_BODIES = re.compile(r"\b(co quan|don vi|truong|to chuc|doanh nghiep|ngay|noi) (cap|dinh danh)\b|\b(ngay|noi) cap\b")
_SEPARATORS = re.compile(r"[\s.\-']")
#: A number as it is shown masked: cells of this form tell the field where its header does not.
MASKED = re.compile(rf"\d{{{SHOWN}}}{DOTS}\d{{{SHOWN}}}")
#: Zeros that a spreadsheet may have dropped in front: 001 is the smallest code of a province.
LOST_ZEROS = 2
#: Digits of a text that is no number and yet must not be shown whole.
TOO_MANY = 8


def is_secret_header(header: str) -> bool:
    """Whether a column of that header holds numbers of persons."""
    folded = fold(header)
    return bool(_WORDS.search(folded)) and not _BODIES.search(folded)


def secret_positions(headers: Sequence[str]) -> frozenset[int]:
    """Places of the columns that hold numbers of persons."""
    return frozenset(place for place, header in enumerate(headers) if is_secret_header(header))


def guarded(cells: list[Cell], secret: frozenset[int]) -> list[Any]:
    """The cells of a row with their numbers guarded; the list given is left alone where nothing is to guard."""
    found: list[Any] | None = None
    for place, cell in enumerate(cells):
        if place in secret:
            changed = _secret(cell)
        elif type(cell) is str and len(cell) >= OLD_DIGITS:
            changed = _plain(cell)
        else:
            continue
        if changed is not cell:
            found = found or list(cells)
            found[place] = changed
    return found or cells


def _plain(cell: str) -> Any:
    if cell.isdecimal() and len(cell) != DIGITS:
        # A code or a telephone number; nine digits are no number of a person without words before them.
        return cell
    if is_sealed(cell):
        return CitizenId.sealed(cell)
    if not may_hold_number(cell):
        return cell
    if WHOLE.fullmatch(cell.strip()):
        return CitizenId.of(cell.strip())
    masked = mask_in_text(cell)
    return cell if masked == cell else masked


def _secret(cell: Any) -> Any:
    """A cell of a column of numbers: the number, or a text of which the middle digits are hidden."""
    if cell is None or isinstance(cell, bool | CitizenId):
        return cell
    text = str(int(cell)) if isinstance(cell, int | float) and cell == cell // 1 else str(cell)
    if is_sealed(text):
        return CitizenId.sealed(text)
    digits = _SEPARATORS.sub("", text)
    if digits.isascii() and digits.isdecimal():
        if DIGITS - LOST_ZEROS <= len(digits) <= DIGITS:
            return CitizenId.of(digits.zfill(DIGITS))
        if len(digits) >= TOO_MANY:
            return f"{digits[:SHOWN]}{'•' * (len(digits) - 2 * SHOWN)}{digits[-SHOWN:]}"
        return cell
    return _hidden(text) if sum(char.isdigit() for char in text) >= TOO_MANY else cell


def _hidden(text: str) -> str:
    """A text with all but the first and last digits hidden."""
    places = [place for place, char in enumerate(text) if char.isdigit()]
    hidden = set(places[SHOWN:-SHOWN])
    return "".join("•" if place in hidden else char for place, char in enumerate(text))


# -- passwords ---------------------------------------------------------------------------------------------------------
#: Words in the header of a column of passwords.
_PASSWORDS = re.compile(r"\b(mat khau|password|passwd|pwd|pass)\b")


class HoldsPasswords(UnreadableFile):
    """A list with passwords, which the portal keeps nowhere: neither the list nor its file is taken."""

    def __init__(self, header: str):
        super().__init__(
            f"Tệp có cột “{header}”. Cổng không nhận mật khẩu và không giữ tệp này: hãy bỏ cột đó rồi gửi lại. "
            "Mật khẩu lần đầu do cổng cấp sau khi ghi danh sách."
        )


def refuse_passwords(workbook: WorkbookTable) -> None:
    """Raise ``HoldsPasswords`` for a file with a column of passwords in which something stands."""
    for table in workbook.sheets:
        for place, header in enumerate(table.headers):
            if _PASSWORDS.search(fold(header)) and any(
                place < len(row.cells) and row.cells[place] not in (None, "") for row in table.rows
            ):
                raise HoldsPasswords(header)


def parse_citizen_id(cell: Any) -> Parsed:
    """The number of a cell, guarded already or typed on the page."""
    if isinstance(cell, CitizenId):
        return Parsed(cell)
    if MASKED.fullmatch(str(cell).strip()):
        return Parsed(None, "Số đã che trong tệp: giữ số đang lưu, nếu có.")
    try:
        return Parsed(CitizenId.sealed(cell) if is_sealed(str(cell)) else CitizenId.of(str(cell)))
    except NotANumber as problem:
        raise ValueProblem(f"Số định danh cá nhân phải có {DIGITS} chữ số.", "Không phải số định danh") from problem


def masked_throughout(value: Any) -> Any:
    """A structure of lists, dicts and texts with every number masked."""
    if isinstance(value, str):
        return mask_in_text(value)
    if isinstance(value, dict):
        return {key: masked_throughout(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [masked_throughout(each) for each in value]
    return value
