"""A list of people pasted from Word or Excel: each line becomes a guard, a choice among a few, or stays unknown.

What stands around a name is put aside: numbers of order, bullets, “Ông”, telephone and other numbers, titles. A year or
day of birth and a unit narrow what a name finds; where they fit none, the officer is asked instead of told.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from movement_portal.lib.legacy_encodings import Repairer, leaning
from movement_portal.lib.masking import mask_in_text
from movement_portal.lib.vietnamese import fold, nfc
from movement_portal.spreadsheets.fields import name_sort_forms
from units.enums import Education, GuardKind, GuardRole, Sex, TrainingResult
from units.likeness import profile
from units.models import Guard, Unit

#: Lines of one paste.
LINES = 1_000

_ORDER = re.compile(r"^\s*(?:[-–—•*+▪●◦✓✔>]+|\(?\d{1,4}\s*[.)/:\-–]|\(?\d{1,4}\)?(?=\s))\s*")
_TITLE = re.compile(r"^(?:ông|bà|anh|chị|đồng chí|đ/c|đ\.c|đc)[\s.:]+(?=\w+\s)", re.IGNORECASE)
_BORN = re.compile(
    r"(?:(?:sinh(?:\s+năm|\s+ngày)?|s\.?n|n\.?s)[\s.:]*)?(?:\d{1,2}\s*[/.\-]\s*)?(?:\d{1,2}\s*[/.\-]\s*)?((?:19|20)\d\d)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
#: Heads of columns that come along with the list.
_HEADS = frozenset(
    ("ho va ten", "ho ten", "ho ten bao ve", "ho va ten bao ve", "danh sach", "tt ho va ten", "stt ho va ten")
)
#: What columns beside a name say of everybody and that finds nobody.
_SAID_OF_MANY = frozenset(
    fold(text)
    for text in (
        *(label for words in (Education, GuardKind, GuardRole, Sex, TrainingResult) for label in words.labels),
        "bảo vệ", "nhân viên bảo vệ", "NV bảo vệ", "tổ bảo vệ", "đội bảo vệ", "tổ trưởng", "đội trưởng", "tổ phó",
        "đội phó", "tổ viên", "đội viên", "12/12", "hợp đồng", "x",
    )
)  # fmt: skip


class TooManyLines(Exception):
    """More lines than are looked at together; the message says so, for the officer."""


@dataclass
class NamedLine:
    """One pasted line, and the guards within reach that it may mean."""

    text: str
    guards: list[Guard] = field(default_factory=list)
    #: The rest of the line says another year of birth or another unit than the only guard of that name has.
    is_doubtful: bool = False

    @property
    def is_sure(self) -> bool:
        return len(self.guards) == 1 and not self.is_doubtful


def guards_named(text: str, *, by, since: datetime.date | None = None) -> list[NamedLine]:
    """The guards that pasted lines name: those at work, or who were on a day in the past and left later.

    A line is a name, and in further columns (tabs, semicolons, commas) the birth, the unit, anything else. Raises
    ``TooManyLines``. One query for all of them.
    """
    lines = [parts for line in _readable(text) if (parts := _parts(line))]
    if len(lines) > LINES:
        raise TooManyLines(f"Mỗi lần dán không quá {LINES:,} dòng.".replace(",", "."))
    forms = {form for parts in lines for form in name_sort_forms(parts[0])}
    found: dict[str, list[Guard]] = {}
    there = Guard.objects.visible_to(by).filter(erased_on__isnull=True, name_sort__in=forms)
    there = there.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=since)) if since else there.serving()
    for guard in there.select_related("unit").order_by("unit__name_sort", "id"):
        found.setdefault(guard.name_sort, []).append(guard)
    named = []
    for name, *more in lines:
        keys = dict.fromkeys(name_sort_forms(name))
        guards, is_doubtful = _narrowed([guard for key in keys for guard in found.get(key, ())], more)
        named.append(NamedLine(mask_in_text("; ".join([name, *more])), guards, is_doubtful))
    return named


def _readable(text: str) -> list[str]:
    """The lines, those in an old encoding (TCVN3, VNI) as they were meant."""
    lines = text.splitlines()
    repairer = Repairer()
    lean = leaning(repairer.count(lines))
    repairs = ((line, repairer.repair(line, lean)) for line in lines)
    return [repair.text if repair else line for line, repair in repairs]


def _parts(line: str) -> list[str]:
    """The name in a line, then whatever else stands there; nothing for a line without a name."""
    cells = [cell.replace("\t", " ") for cell in re.split(r"[\t;|]", line)]
    if sum(bool(cell.strip()) for cell in cells) == 1:
        cells = line.split(",")
    cells = [text for cell in cells if (text := nfc(cell))]
    while cells and not _LETTER.search(_ORDER.sub("", f"{cells[0]} ")):
        cells = cells[1:]
    if not cells or not _HEADS.isdisjoint(map(fold, cells)):
        return []
    name = _TITLE.sub("", nfc(_ORDER.sub("", cells[0])))
    name, _, behind = name.partition("(")
    more = [behind.rstrip(") "), *cells[1:]] if behind else cells[1:]
    if not (born := re.search(rf"[\s,\-–]+({_BORN.pattern})$", name, re.IGNORECASE)):
        name = name.strip(" ,.-–")
    else:
        name, more = name[: born.start()].strip(" ,.-–"), [born[1], *more]
    return [name, *more] if name else []


def _narrowed(guards: Sequence[Guard], more: Iterable[str]) -> tuple[list[Guard], bool]:
    """Those whose year of birth and unit are what the rest of the line says; all, in doubt, where it fits none."""
    left, is_doubtful, places = list(guards), False, []
    for part in more:
        if born := _BORN.fullmatch(part):
            fitting = [guard for guard in left if guard.birth_year in (None, int(born[1]))]
            is_doubtful |= not fitting
            left = fitting or left
        elif _LETTER.search(part) and fold(part) not in _SAID_OF_MANY:
            places.append(part)
    fitting = [guard for guard in left if any(_is_called(guard.unit, place) for place in places)]
    return fitting or left, is_doubtful or bool(places and not fitting)


def _is_called(unit: Unit, text: str) -> bool:
    word = fold(text)
    if word in unit.search_folded or word in fold(unit.name):
        return True
    mine, theirs = profile(unit.name), profile(text)
    return bool(theirs.words) and mine.block == theirs.block and mine.words == theirs.words
