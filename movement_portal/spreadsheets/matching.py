"""Which column of a list fills which field: by its header, by likeness of the header, by what stands in it."""

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from movement_portal.lib.vietnamese import fold, nfc
from movement_portal.spreadsheets.fields import Field, Kind, split_year, with_year
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import is_blank, shown

#: In a mapping: the column is left out on purpose.
IGNORED = "-"
#: In a mapping: what the column says goes into the note of the record, under its header.
NOTE = "+"

#: Likeness from which two headers are taken for one another.
LIKE_ENOUGH = 90
#: Share of the filled cells that must have the form of a field for the content to speak.
CONTENT_SHARE = 0.8
SAMPLES = 4

#: Folded header of the column that the portal itself adds to a list of refused rows.
OWN_HEADER = "ly do tu choi"

_YEAR = re.compile(r"\b(?:nam hoc |nam )?((?:19|20)\d\d)(?: (?:19|20)\d\d)?\b")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WHOLE = re.compile(r"(tong|chung)\b")
_DIGITS = re.compile(r"\d+")
#: Between the things that one header names.
_PARTS = re.compile(r"[,;/+&\n(]|\s[-–]\s|\s(?:và|kèm)\s")
#: Filled cells below which a column says too little.
FEWEST = 3
#: Forms that the cells of a kind of field have.
FORMS = {
    Kind.DATE: re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"),
    Kind.PHONE: re.compile(r"(?:\+?84|0)[\d .-]{8,12}"),
}
#: What the reader calls a column without a header.
_NO_HEADER = re.compile(r"Cột [A-Z]{1,3}")
_PLACE = re.compile(r"(?:phường|xã|đặc khu|thị trấn|p\.|x\.|tt\.)\s*[^\W\d]", re.IGNORECASE)
#: Headers of running numbers: never a field.
RUNNING_NUMBERS = frozenset({"stt", "tt", "so tt", "so thu tu", "thu tu", "no"})


class How(enum.StrEnum):
    """What speaks for a match, the surest first."""

    USER = "user"
    REMEMBERED = "remembered"
    SYNONYM = "synonym"
    LIKENESS = "likeness"
    CONTENT = "content"
    NOTE = "note"
    IGNORED = "ignored"
    NONE = "none"


HOW_LABELS = {
    How.USER: "đã chọn",
    How.REMEMBERED: "nhớ từ lần trước",
    How.SYNONYM: "theo tên cột",
    How.LIKENESS: "gần giống tên cột",
    How.CONTENT: "theo nội dung",
    How.NOTE: "giữ ở ghi chú",
    How.IGNORED: "bỏ qua",
    How.NONE: "chưa ghép",
}


@dataclass(frozen=True)
class ColumnMatch:
    """One column of a list: its header, the field it fills (a key, with the year where it has one), and why."""

    index: int
    header: str
    key: str
    how: How
    score: int = 0
    samples: tuple[str, ...] = ()
    #: The choice is that of an earlier list of the office.
    is_remembered: bool = False

    @property
    def choice(self) -> str:
        """The key, or the mark that stands for it in a mapping."""
        return {How.IGNORED: IGNORED, How.NOTE: NOTE}.get(self.how, self.key)

    @property
    def how_label(self) -> str:
        return HOW_LABELS[self.how]


class UnknownField(ValueError):
    """A mapping names a field or a column that is not there; the message is for the officer."""


def match_columns(
    sheet: Sheet,
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    chosen: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
) -> list[ColumnMatch]:
    """A match for every column, in order.

    ``headers`` are unique; ``chosen`` are decisions of the officer by header (a key, or ``IGNORED``, ``NOTE``, or ""
    for none), which win; ``remembered`` are those of earlier lists, by folded header. Each field is filled by one
    column; where two claim it, the surer one has it.
    """
    chosen = checked_choice(sheet, headers, chosen or {})
    remembered = remembered or {}
    proposals = []
    for index, header in enumerate(headers):
        samples = _samples(rows, index)
        if header in chosen:
            proposals.append(_decided(index, header, chosen[header], How.USER, samples))
        elif fold(header) == OWN_HEADER:
            proposals.append(_decided(index, header, IGNORED, How.IGNORED, samples))
        elif is_choice(sheet, key := remembered.get(fold(header))):
            proposals.append(_decided(index, header, key, How.REMEMBERED, samples))
        else:
            proposals.append(_by_header(sheet, index, header, samples))
    proposals = _one_column_a_field(proposals)
    taken = {match.key for match in proposals if match.key}
    for at, match in enumerate(proposals):
        if match.how == How.NONE and match.header not in chosen and not _is_running_number(match.header):
            found = by_content(sheet, match.header, [row[match.index] for row in rows if match.index < len(row)], taken)
            if found:
                taken.add(found.name)
                proposals[at] = ColumnMatch(match.index, match.header, found.name, How.CONTENT, 80, match.samples)
    return proposals


def _decided(index: int, header: str, key: str, how: How, samples: tuple[str, ...]) -> ColumnMatch:
    """A match that somebody has decided; a mark in place of a key fills no field."""
    is_remembered = how == How.REMEMBERED
    how = {IGNORED: How.IGNORED, NOTE: How.NOTE, "": How.NONE}.get(key, how)
    key = key if how in (How.USER, How.REMEMBERED) else ""
    return ColumnMatch(index, header, key, how, 100, samples, is_remembered)


def is_choice(sheet: Sheet, key: str | None) -> bool:
    """Whether a column of the sheet may be given the key or mark; nothing is none."""
    if key is None:
        return False
    try:
        refuse_unknown_choice(sheet, key)
    except UnknownField:
        return False
    return True


def refuse_unknown_choice(sheet: Sheet, key: str) -> None:
    """Raise ``UnknownField`` for what no column of the sheet may be given."""
    if key == NOTE and not sheet.note_field:
        raise UnknownField(f"Bảng “{sheet.label}” không có mục ghi chú.")
    if key not in ("", IGNORED, NOTE):
        refuse_unknown_key(sheet, key)


def checked_choice(sheet: Sheet, headers: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """The officer's choice by header as it stands in the list; raises ``UnknownField``."""
    by_folded = {fold(header): header for header in headers}
    by_folded.update({header: header for header in headers})
    found = {}
    for column, key in chosen.items():
        header = by_folded.get(nfc(column)) or by_folded.get(fold(column))
        if header is None:
            raise UnknownField(f"Không có cột “{column}” trong tệp.")
        refuse_unknown_choice(sheet, key)
        found[header] = key
    return found


def refuse_unknown_key(sheet: Sheet, key: str) -> None:
    """Raise ``UnknownField`` for a key that names no field of the sheet."""
    try:
        hidden = sheet.field_of(key).hidden
    except (KeyError, ValueError):
        hidden = True
    if hidden:
        raise UnknownField(f"Bảng “{sheet.label}” không có trường “{key}”.")


def _samples(rows: Sequence[Sequence[Cell]], index: int) -> tuple[str, ...]:
    found: list[str] = []
    for row in rows:
        if index < len(row) and not is_blank(row[index]) and (text := shown(row[index])[:80]) not in found:
            found.append(text)
            if len(found) == SAMPLES:
                break
    return tuple(found)


def _is_running_number(header: str) -> bool:
    return fold(header) in RUNNING_NUMBERS


def header_forms(header: str) -> list[str]:
    """Folded texts by which a header may be known: whole, without asides, then the parts of a joined header."""
    parts = [part.strip() for part in header.split(">")]
    forms = [fold(header), fold(_ASIDE.sub(" ", header))]
    if len(parts) > 1:
        forms += [fold(" ".join(parts)), fold(_ASIDE.sub(" ", parts[-1])), fold(_ASIDE.sub(" ", parts[0]))]
    return [form for form in dict.fromkeys(forms) if form]


def without_year(form: str) -> tuple[str, int | None]:
    """A folded header and the year that stands in it: “so hoc sinh nam 2024” -> (“so hoc sinh”, 2024)."""
    match = _YEAR.search(form)
    if not match:
        return form, None
    return " ".join((form[: match.start()] + form[match.end() :]).split()), int(match[1])


def _by_header(sheet: Sheet, index: int, header: str, samples: tuple[str, ...]) -> ColumnMatch:
    if _is_running_number(header) and fold(header) not in sheet.index:
        return ColumnMatch(index, header, "", How.NONE, 0, samples)
    over_several = fold(_ASIDE.sub(" ", header.split(">")[0])) if ">" in header else ""
    for form in header_forms(header):
        if found := sheet.index.get(form):
            # A text over several columns says least of each; of these columns it means the whole most likely.
            score = 100 if form != over_several else 98 if _WHOLE.match(fold(header.rpartition(">")[2])) else 97
            return ColumnMatch(index, header, found.name, How.SYNONYM, score, samples)
        bare, year = without_year(form)
        if year and (found := sheet.index.get(bare)):
            return ColumnMatch(index, header, _key(found, year), How.SYNONYM, 99, samples)
    if found := _first_of_several(sheet, header):
        return ColumnMatch(index, header, found.name, How.SYNONYM, 96, samples)
    best: tuple[float, str] = (0, "")
    for form in header_forms(header):
        bare, year = without_year(form)
        match = process.extractOne(bare, list(sheet.index), scorer=fuzz.token_sort_ratio, score_cutoff=LIKE_ENOUGH)
        if match and match[1] > best[0] and _DIGITS.findall(match[0]) == _DIGITS.findall(bare):
            found = sheet.index[match[0]]
            best = (match[1], _key(found, year) if year else found.name)
    if best[1]:
        return ColumnMatch(index, header, best[1], How.LIKENESS, int(best[0]), samples)
    return ColumnMatch(index, header, "", How.NONE, 0, samples)


def _first_of_several(sheet: Sheet, header: str) -> Field | None:
    """The field of a header that names several things in one cell, the first of them: “Tên, địa chỉ, điện thoại”."""
    parts = [form for part in _PARTS.split(header) if (form := fold(part))]
    first = sheet.index.get(parts[0]) if len(parts) > 1 else None
    if first is None or first.kind != Kind.TEXT or not all(part in sheet.index for part in parts[1:]):
        return None
    return first


def _key(found: Field, year: int) -> str:
    """A year in a header belongs to fields kept by year; elsewhere it says nothing."""
    return with_year(found.name, year) if found.child else found.name


def _one_column_a_field(matches: list[ColumnMatch]) -> list[ColumnMatch]:
    """Where several columns claim a field, the surest keeps it, then the leftmost."""
    order = {How.USER: 0, How.REMEMBERED: 1, How.SYNONYM: 2, How.LIKENESS: 3}
    winners: dict[str, ColumnMatch] = {}
    for match in sorted(matches, key=lambda each: (order.get(each.how, 9), -each.score, each.index)):
        if match.key:
            winners.setdefault(match.key, match)
    return [
        match
        if not match.key or winners[match.key] is match
        else ColumnMatch(match.index, match.header, "", How.NONE, 0, match.samples)
        for match in matches
    ]


def by_content(sheet: Sheet, header: str, cells: Sequence[Cell], taken: set[str]) -> Field | None:
    """The field whose form the cells of a column have, where no column has claimed it yet.

    A form of its own decides (a tax code, a school code); of fields that share a form (dates, closed lists, phones)
    only the one that is left alone; of dates only where the header says nothing, for any list has days of its own.
    """
    texts = [shown(cell) for cell in cells if not is_blank(cell)]
    if len(texts) < FEWEST:
        return None
    open_fields = [each for each in sheet.fields if each.name not in taken and not each.hidden and not each.child]
    for each in open_fields:
        if each.looks_like and _share(texts, each.looks_like.fullmatch) >= CONTENT_SHARE:
            return each
    for each in open_fields:
        if each.name == sheet.area and _share(texts, _PLACE.match) >= CONTENT_SHARE:
            return each
    if not _NO_HEADER.fullmatch(header):
        open_fields = [each for each in open_fields if each.kind != Kind.DATE]
    fitting = [each for each in open_fields if _share(texts, _form_test(each)) >= CONTENT_SHARE]
    return fitting[0] if len(fitting) == 1 else None


def _share(texts: Sequence[str], test: Callable[[str], Any]) -> float:
    return sum(1 for text in texts if test(text)) / len(texts)


def _form_test(each: Field) -> Callable[[str], Any]:
    """Whether a text has the form that the kind of a field gives it; never so for kinds without one."""
    if each.kind == Kind.CHOICE:
        return lambda text: fold(text) in each.choice_index
    form = FORMS.get(each.kind)
    return form.fullmatch if form else _never


def _never(text: str) -> None:
    """No text has the form of a field without one."""


def field_choices(sheet: Sheet, matches: Sequence[ColumnMatch]) -> list[tuple[str, str]]:
    """Keys and labels that a column may be given, the years in use among them."""
    years = sorted({year for match in matches if (year := split_year(match.key)[1])})
    choices = []
    for each in sheet.fields:
        if each.hidden:
            continue
        choices.append((each.name, each.label))
        if each.child:
            choices += [(key, sheet.label_of(key)) for year in years if (key := with_year(each.name, year))]
    return choices


def missing_required(sheet: Sheet, keys: set[str]) -> list[Field]:
    """Required fields that no column and no constant fills, and that nothing else of a row may tell."""
    return [
        each
        for each in sheet.fields
        if each.required and each.name not in keys and each.kind != Kind.AREA and not each.is_derived
    ]
