"""Numbers of identity papers inside texts: found, masked to their first and last three digits, refused at entry.

Twelve digits that begin with 0, run together or in groups; nine, as old papers have them, where the words before
say so.
Telephone numbers, tax codes, amounts, dates and codes of bodies are none.
"""

import itertools
import re
from collections.abc import Iterator

from movement_portal.lib.vietnamese import fold

DIGITS, OLD_DIGITS = 12, 9
#: Digits that stay visible at either end.
SHOWN = 3
DOTS = "•" * (DIGITS - 2 * SHOWN)
#: Length from which a column holds words, not a code.
PROSE = 100

SEPARATORS = re.compile(r"[\s.\-]")
#: A text that is one number and nothing else.
WHOLE = re.compile(r"0(?:[\s.\-]?\d){11}")

REFUSAL = (
    "Có số giống số định danh cá nhân ({}). Ghi số định danh vào ô “Số định danh cá nhân” của người bảo vệ, "
    "nơi số được mã hóa; ở đây chỉ ghi họ tên, chức vụ."
)

_BLANK = "[ \\t\u00a0\u2000-\u200b\u202f\u3000]"
_BETWEEN = f"(?:{_BLANK}{{1,2}}|[.·\u2010\u2011\u2013-])"
_RUN = re.compile(rf"\d(?:{_BETWEEN}?\d)*")
#: Without one of these there is nothing to find: asked first, of whole columns at once.
_MAYBE = re.compile(rf"0(?<!\d0)(?:{_BETWEEN}?\d){{{DIGITS - 1}}}(?!\d)")
_MAYBE_OLD = re.compile(rf"\d(?:{_BETWEEN}?\d){{{OLD_DIGITS - 1}}}")
#: Without so many digits beside one another there is nothing at all, and most texts have them not.
_SEVERAL = re.compile(r"\d\W{0,2}\d\W{0,2}\d\W{0,2}\d\W{0,2}\d")
_GROUP = re.compile(r"\d+")
#: Ends the words before a number that say what number it is: “CMND số 123456789”, “chứng minh thư của bà Mai: ...”.
_PAPERS = re.compile(
    r"\b(cccd|c c c d|cmnd|c m n d|cmtnd|cmt|can cuoc|chung minh (nhan dan|thu|quan doi|si quan))\b[^\d]*$"
)
#: How far before a number those words stand, and what ends their reach.
_REACH, _STOP = 60, re.compile(r"[;\n]")
#: Behind an amount.
_UNIT = re.compile(r"\s*(đồng|đ\b|vnđ|vnd|nghìn|ngàn|triệu|tỷ|tỉ|người|lượt|cuộc|hộ|%)", re.IGNORECASE)
#: Groups in which people write the number when something else follows it.
_SHAPES = {(3, 3, 3, 3), (4, 4, 4), (3, 3, 6), (6, 6), (3, 9), (3, 1, 2, 6)}
_HEX = re.compile(r"[0-9a-fA-F]+")
#: Letters and digits from which a word is a check sum.
_CHECKSUM = 20


def mask(digits: str) -> str:
    """079••••••123."""
    return f"{digits[:SHOWN]}{'•' * (len(digits) - 2 * SHOWN)}{digits[-SHOWN:]}"


def mask_in_text(text: str, *, is_phone: bool = False) -> str:
    """The text with every number of identity papers masked: what is kept of a cell, a title, a reason, a note."""
    if not may_hold_number(text):
        return text
    parts, end = [], 0
    for start, stop in _places(text, is_phone):
        parts += [text[end:start], mask("".join(_GROUP.findall(text[start:stop])))]
        end = stop
    return "".join([*parts, text[end:]])


def refusal(text: str, *, is_phone: bool = False) -> str:
    """Why the text is refused where numbers of identity papers are not kept, with what to do; empty if it is not."""
    if not may_hold_number(text):
        return ""
    found = next(_places(text, is_phone), None)
    return REFUSAL.format(mask("".join(_GROUP.findall(text[slice(*found)])))) if found else ""


def may_hold_number(text: str) -> bool:
    """Whether it is worth looking; texts of many records may be asked about at once, each on its own line."""
    if _SEVERAL.search(text) is None:
        return False
    if "0" in text and _MAYBE.search(text):
        return True
    return _may_name_papers(text) and _MAYBE_OLD.search(text) is not None


def _may_name_papers(text: str) -> bool:
    """Whether letters stand in the text without which none of ``_PAPERS`` does.

    One by one: cells by the hundred thousand are asked, and nothing answers as quickly.
    """
    return (
        "CM" in text or "cm" in text or "Cm" in text or "CC" in text or "cc" in text or "Cc" in text
        or "C." in text or "c." in text or "n c" in text or "n C" in text or "N C" in text or "N c" in text
        or "ng m" in text or "ng M" in text or "NG M" in text or "NG m" in text
    )  # fmt: skip


def is_phone_column(name: str) -> bool:
    """Whether a column holds telephone numbers: two beside one another may read as one number in groups."""
    return name.endswith("phone")


def _places(text: str, is_phone: bool) -> Iterator[tuple[int, int]]:
    """Start and end of every number."""
    for run in _RUN.finditer(text):
        if sum(map(str.isdigit, run[0])) < OLD_DIGITS:
            continue
        groups = [(run.start() + group.start(), run.start() + group.end()) for group in _GROUP.finditer(run[0])]
        yield from _together(text, groups) if is_phone else _in_run(text, groups)


def _together(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    return (place for place in groups if place[1] - place[0] == DIGITS and text[place[0]] == "0")


def _in_run(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The numbers among groups of digits that only blanks, dots and dashes part."""
    widths = [end - start for start, end in groups]
    start, end = groups[0][0], groups[-1][1]
    if _says_papers(text, start) and not _UNIT.match(text, end):
        # The words say so: whatever the first digit, also where a day or a telephone number follows.
        stops = dict(zip(itertools.accumulate(widths), (stop for _, stop in groups), strict=True))
        if found := stops.get(DIGITS) or stops.get(OLD_DIGITS):
            return (yield start, found)
    if sum(widths) == DIGITS and text[start] == "0" and not _is_fraction(text, start):
        if len(groups) == 1 and _is_checksum(text, start, end):
            return
        if _may_be_one(text, groups, widths):
            yield start, end
        return
    at = 0
    while at < len(groups):
        size = next((size for size in (1, 2, 3, 4) if _is_window(text, groups, widths, at, size)), 0)
        if size:
            yield groups[at][0], groups[at + size - 1][1]
        at += size or 1


def _is_window(text: str, groups: list[tuple[int, int]], widths: list[int], at: int, size: int) -> bool:
    """Whether so many groups of a longer run are a number: at its start, or behind another number."""
    shape = tuple(widths[at : at + size])
    if text[groups[at][0]] != "0" or not (shape == (DIGITS,) or shape in _SHAPES):
        return False
    if at == 0 or widths[at - 1] >= OLD_DIGITS:
        return True
    return shape == (DIGITS,) and text[groups[at][0] - 1] not in ".·"


def _may_be_one(text: str, groups: list[tuple[int, int]], widths: list[int]) -> bool:
    """Whether twelve digits in groups read as one number, not as days, a list, or a telephone number and a count."""
    if len(groups) == 1 or max(widths) == 1:
        return True
    if max(widths) < SHOWN:
        return False
    for place in range(1, len(groups)):
        # 01.02.2025, 03 2024: a year behind a day or a month.
        year = text[groups[place][0] : groups[place][1]]
        if len(year) == 4 and year[:2] in ("19", "20") and widths[place - 1] <= 2:
            return False
    digits = "".join(text[start:end] for start, end in groups)
    ahead = sum(widths[:-1])
    is_phone = (ahead == 10 and digits[1] in "35789") or (ahead == 11 and digits[1] == "2")
    return not is_phone


def _says_papers(text: str, start: int) -> bool:
    before = _STOP.split(text[max(0, start - _REACH) : start])[-1]
    return _PAPERS.search(fold(before)) is not None


def _is_fraction(text: str, start: int) -> bool:
    """Whether the digits follow a decimal comma: 1,012345678901."""
    return start > 1 and text[start - 1] in ",." and text[start - 2].isdigit()


def _is_checksum(text: str, start: int, end: int) -> bool:
    """Whether the digits stand inside a longer word of hexadecimal digits."""
    while start and _HEX.fullmatch(text[start - 1]):
        start -= 1
    found = _HEX.match(text, start)
    return found is not None and found.end() - start >= _CHECKSUM and found.end() >= end
