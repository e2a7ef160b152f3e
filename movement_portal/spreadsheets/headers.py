"""Finding the header of a list below its titles, in one to three rows."""

import datetime
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from movement_portal.lib.vietnamese import nfc
from movement_portal.spreadsheets.tables import Cell, TextRepair, cell_text

JOINT = " > "
#: Rows among which the header is looked for.
SEARCHED_LINES = 60
_MOST_ROWS = 3
#: A header is short; a longer text is a note or an address.
_LONGEST = 120
#: Share of a header row that must look like headers, and of the usual width that it must fill.
_TEXTUAL, _FILLED = 0.75, 0.5
#: Fewer known headers than this may stand in a row by chance.
_SURE = 2

_LETTER = re.compile(r"[^\W\d_]")
_LIKE_DATA = re.compile(r"[\d@]\S*[\d@]|\d+ |.*@")
#: What stands above a list: the letterhead of the office, the country's motto, names of forms.
_LETTERHEAD = re.compile(
    r"cộng h[oò][aà] xã hội|độc lập\s*-|^(mẫu|biểu)( mẫu)?( số|\b.*\d)|^phụ lục|kèm theo|^danh sách\b|^số ?: "
    r"|^(ubnd|ủy ban nhân dân|uỷ ban nhân dân)\b"
    r"|^(bộ )?công an( (tỉnh|thành phố|tp|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)\b.*)?$"
)
_RUNNING_NUMBER = re.compile(r"(s\.?\s?)?t\.?\s?t\.?|(số )?thứ tự|số tt|no\.?|#", re.IGNORECASE)
_YEAR = re.compile(r"(?:năm(?: học)? )?(?:19|20)\d\d(?: ?[-–] ?(?:19|20)\d\d)?", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"[(\[]?\s*(\d{1,2}|[a-z])\s*[)\]]?(\s*=.*)?", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """A line with content, merged ranges collapsed to their first cell."""

    number: int
    cells: list[Cell]
    #: Columns over which a cell of this line is merged, by its first column.
    spans: dict[int, int]
    #: Where it stands in the answer of the parser.
    place: tuple[int, int] = (0, 0)
    #: What merged ranges change in a row of the list.
    corrections: dict[int, Cell] | None = None
    #: Texts that were repaired.
    repairs: dict[int, TextRepair] | None = None

    def filled(self) -> list[int]:
        """Columns with a value."""
        return [column for column, cell in enumerate(self.cells) if cell is not None]


@dataclass(slots=True)
class Header:
    """Where the header stands among the lines, and its texts by column of the sheet."""

    first: int
    height: int
    texts: list[str]


def find_header(lines: Sequence[Line], known_header: Callable[[str], bool]) -> Header | None:
    """The header among the first lines of a sheet, None when none of them looks like one.

    The block of rows with the most known headers wins; without two known ones, the first that is wide enough, made of
    words, and unlike the data below it.
    """
    usual = _usual_width(lines)
    best, best_key = None, None
    for first in range(min(len(lines), SEARCHED_LINES)):
        for height in range(_MOST_ROWS, 0, -1):
            block = lines[first : first + height]
            texts = _joined(block, height, known_header)
            if texts is None:
                continue
            known = sum(1 for text in texts if text and _is_known(text, known_header))
            if not _is_candidate(block, texts, known, usual, lines[first + height :]):
                continue
            key = (known if known >= _SURE else 0, -first, height)
            if best_key is None or key > best_key:
                best, best_key = Header(first, height, texts), key
    return best


def header_at(lines: Sequence[Line], number: int, known_header: Callable[[str], bool]) -> Header | None:
    """The header whose last row is the one of that number, because an officer says so; None where there is no row."""
    last = next((index for index, line in enumerate(lines) if line.number == number), None)
    if last is None:
        return None
    for height in range(min(_MOST_ROWS, last + 1), 1, -1):
        first = last - height + 1
        if texts := _joined(lines[first : last + 1], height, known_header):
            return Header(first, height, texts)
    return Header(last, 1, [header_text(cell) for cell in lines[last].cells])


def _usual_width(lines):
    widths = sorted(len(line.filled()) for line in lines)
    return widths[math.ceil(0.9 * (len(widths) - 1))] if widths else 0


def _is_known(text, known_header):
    return known_header(text) or (JOINT in text and any(map(known_header, text.split(JOINT))))


def _is_candidate(block, texts, known, usual, below):
    filled = [column for column, text in enumerate(texts) if text]
    if len(filled) < max(_SURE, math.ceil(_FILLED * usual)) and not (len(filled) == usual == 1 and known):
        return False
    words = [text for text in texts if text and _LETTER.search(text) and len(text) <= _LONGEST]
    if len(words) < _TEXTUAL * len(filled):
        return False
    if known >= _SURE or known == len(filled):
        return True
    if any(_LETTERHEAD.search(text.lower()) for text in words):
        return False
    return _is_unlike_data(texts, filled, below)


def _is_unlike_data(texts, filled, below):
    like_data = 0
    for column in filled:
        text = texts[column]
        again = any(column < len(line.cells) and line.cells[column] == text for line in below)
        like_data += again or bool(_LIKE_DATA.match(text))
    # A repeated header stands below as a whole, so only a part that comes again speaks of data.
    return like_data <= (1 - _TEXTUAL) * len(filled) or like_data == len(filled)


def _joined(block, height, known_header):
    """Header texts by column, None when the rows are not one header."""
    if len(block) < height or any(lower.number - upper.number != 1 for upper, lower in pairwise(block)):
        return None
    if any(not _may_be_header(line) and (line is block[0] or not _is_of_years(line)) for line in block):
        return None
    width = max(len(line.cells) for line in block)
    rows = [[header_text(cell) for cell in line.cells] + [""] * (width - len(line.cells)) for line in block]
    texts = rows[-1]
    for index in range(height - 2, -1, -1):
        texts = _under(
            rows[index], block[index].spans, texts, known_header, merged=_merged_from_above(block[index + 1])
        )
        if texts is None:
            return None
    return texts


def _merged_from_above(line):
    """Whether cells of the row above reach down into this one, as those of a header do."""
    return bool(line.corrections) and any(line.corrections.values())


def _under(upper, spans, lower, known_header, *, merged=False):
    """The two rows as one, None when the upper one is no header of the lower one.

    A text of the upper row either stands alone in its column, with nothing below, or over at least two columns of
    the lower row; a row of data below a header has its values below all of them. Over one column it may stand where
    cells are ``merged`` over both rows.
    """
    joined, parents, alone = list(lower), 0, 0
    columns = [column for column, text in enumerate(upper) if text]
    for position, column in enumerate(columns):
        following = columns[position + 1] if position + 1 < len(columns) else len(upper)
        end = column + spans[column] if spans else following
        under = [child for child in range(column, min(end, len(lower))) if lower[child]]
        if not under:
            joined[column] = upper[column]
            alone += 1
        elif len(under) >= 2 or merged:
            parents += 1
            for child in under:
                joined[child] = f"{upper[column]}{JOINT}{lower[child]}"
        else:
            return None
    if not parents:
        return None
    # One text above a list is its title, unless it is a known header above a part of the list.
    whole = all(JOINT in text for text in joined if text)
    if parents == 1 and not alone and (whole or not known_header(upper[columns[0]])):
        return None
    return joined


def _may_be_header(line):
    values = [line.cells[column] for column in line.filled()]
    if any(isinstance(value, datetime.date | datetime.time | bool) for value in values):
        return False
    texts = [value for value in values if isinstance(value, str) and _LETTER.search(value)]
    return len(texts) >= _TEXTUAL * len(values) and not any(_LETTERHEAD.search(text.lower()) for text in texts[:1])


def _is_of_years(line):
    """Whether nothing but years stands on the line: “2024 | 2025” below “Số học sinh”."""
    filled = line.filled()
    return len(filled) >= 2 and all(_YEAR.fullmatch(header_text(line.cells[column])) for column in filled)


def header_text(cell: Cell) -> str:
    """A header on one line."""
    return nfc(cell_text(cell))


def is_running_number(text: str) -> bool:
    """Whether the header is that of the running number: TT, STT, Số thứ tự."""
    return bool(_RUNNING_NUMBER.fullmatch(text))


def is_column_numbering(cells: Sequence[Cell]) -> bool:
    """Whether the line below a header numbers its columns: (1), (2), (3) or A, B, 1, 2."""
    texts = [cell_text(cell) for cell in cells if cell is not None]
    found = [_COLUMN_NUMBER.fullmatch(text) for text in texts]
    if len(found) < 3 or not all(found):
        return False
    numbers = [int(match[1]) for match in found if match and match[1].isdecimal()]
    letters = [match[1].lower() for match in found if match and not match[1].isdecimal()]
    steps = [upper - lower for lower, upper in pairwise(numbers)]
    return (
        bool(numbers or letters)
        and set(steps) <= {1}
        and letters == sorted(set(letters))
        and (len(numbers) > 1 or len(letters) > 2)
    )
