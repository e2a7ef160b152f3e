"""A list of units pasted from Word or a chat: each line becomes a unit, a choice among a few, or stays unknown.

What stands around a name is put aside: bullets, numbers, telephone numbers, further columns. A code names its unit
surely; a name does when one unit in reach bears it, in whatever abbreviation; what is only alike is asked about. The
words that say what a unit is and its numbers agree or it is another unit (``units.likeness``).
"""

import enum
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.abbreviations import common_words, other_words, words
from movement_portal.lib.paging import capped_count
from movement_portal.lib.vietnamese import accented_key, fold, nfc
from movement_portal.spreadsheets.fields import name_sort_forms
from units.likeness import ASK, SURE, UNSURE, Profile, profile
from units.merging.codes import FORMER_CODES
from units.merging.standing import absorbed_units
from units.search import best

#: Lines that are looked at together.
LIMIT = 500
#: Units offered for an unsure line.
OFFERED = 5
#: Units compared with a line: those that share most of its rarer words.
COMPARED = 60
#: Words of a line that units are looked for by.
RAREST = 4
#: Up to so many units are read through once for all lines; in more each line asks the index of the search.
READ_THROUGH = 200_000

_BULLET = re.compile(r"^\s*(?:[-–—•*+▪●◦✓✔>]+|\(?\d{1,4}\s*[.)/:\-–]|\(?[a-zđ]\)|[a-z]\.(?=\s))\s*", re.IGNORECASE)
_PHONE = re.compile(
    r"[\s,;:(\-–|/]*(?:\b(?:sđt|sdt|đt|dt|điện thoại|đ/t|tel|phone)\b[\s.:]*)?"
    r"(?<!\d)(?:\+?84|0)[\d .\-]{8,12}\d?\)?(?!\d)",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(DV\d{7,10}|\d{10}(?:-\d{3})?)\b", re.IGNORECASE)
_EDGES = " \t,;:.|-–—()\"“”'"


class Sureness(enum.StrEnum):
    SURE = "sure"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Match:
    """A unit that a line may mean, and how much its name is alike in percent."""

    pk: int
    code: str
    name: str
    area: str
    score: int


@dataclass(slots=True)
class Line:
    """One pasted line: as it came, the name in it, what stands behind the name, the codes in it."""

    text: str
    name: str
    behind: str = ""
    codes: tuple[str, ...] = ()


@dataclass(slots=True)
class Found:
    """What became of a line."""

    line: Line
    sureness: Sureness = Sureness.UNKNOWN
    matches: list[Match] = field(default_factory=list)
    #: An earlier line has named the same unit.
    is_repeat: bool = False

    @property
    def best(self) -> Match | None:
        return self.matches[0] if self.matches else None


# -- lines -------------------------------------------------------------------------------------------------------------
def lines_of(text: str) -> list[Line]:
    """The lines of a pasted text that name something; a single line is taken apart at its semicolons or commas."""
    rows = [row for row in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if row.strip()]
    if len(rows) == 1 and "\t" not in rows[0]:
        mark = ";" if ";" in rows[0] else ","
        if mark == ";" or rows[0].count(",") > 1:
            rows = rows[0].split(mark)
    return [line for row in rows if (line := _line(row)) is not None][: LIMIT + 1]


def _line(row: str) -> Line | None:
    cells = [_BULLET.sub("", cell).strip(_EDGES) for cell in row.split("\t")]
    codes = tuple(code.upper() for cell in cells for code in _CODE.findall(cell))
    cells = [_CODE.sub(" ", _PHONE.sub(" ", cell)) for cell in cells]
    cells = [text for cell in cells if (text := nfc(cell).strip(_EDGES)) and not text.isdecimal()]
    if not cells and not codes:
        return None
    return Line(nfc(row.replace("\t", " · ")), cells[0] if cells else "", " ".join(cells[1:]), codes)


# -- units -------------------------------------------------------------------------------------------------------------
def find_pasted(text: str, units: QuerySet) -> list[Found]:
    """What each line of the text means among the units given (those in an officer's reach), in the order of the text.

    A handful of queries whatever the number of lines, unless the units are more than ``READ_THROUGH``.
    """
    found = [Found(line) for line in lines_of(text)[:LIMIT]]
    units = units.filter(~absorbed_units())
    keys: dict[int, list[tuple[int, int, bool]]] = {}
    _by_code(found, keys, units)
    _by_name(found, keys, units)
    rest = [index for index, each in enumerate(found) if index not in keys and each.line.name]
    _by_likeness(found, rest, keys, units)
    _describe(found, keys, units)
    seen: set[int] = set()
    for each in found:
        if each.sureness == Sureness.SURE:
            each.is_repeat = each.matches[0].pk in seen
            seen.add(each.matches[0].pk)
    return found


def _by_code(found: Sequence[Found], keys, units: QuerySet) -> None:
    codes = {code for each in found for code in each.line.codes}
    if not codes:
        return
    rows = units.filter(Q(code__in=codes) | Q(tax_code__in=codes) | Q(school_code__in=codes))
    known = {}
    for pk, name, *its in rows.order_by().values_list("pk", "name", "code", "tax_code", "school_code"):
        known.update(dict.fromkeys(filter(None, its), (pk, name)))
    former = units.filter(identifiers__scheme__in=FORMER_CODES, identifiers__value__in=codes).order_by()
    for code, *unit in former.values_list("identifiers__value", "pk", "name"):
        known.setdefault(code, tuple(unit))
    for index, each in enumerate(found):
        for code in each.line.codes:
            if code in known and _fits(code, each.line.name, known[code][1]):
                keys[index] = [(known[code][0], 100, True)]
                break


def _fits(code: str, typed: str, name: str) -> bool:
    """Whether a code found in a line can be meant: ten digits may be a telephone number beside another name."""
    return not typed or not code.isdecimal() or judged(typed, name)[0] >= ASK


def _names_in(line: Line) -> list[str]:
    """The name as it stands, and what stands before its first comma: behind it an address often follows."""
    short = line.name.split(",")[0].strip(_EDGES)
    return [line.name, short] if short and short != line.name else [line.name]


def _by_name(found: Sequence[Found], keys, units: QuerySet) -> None:
    """Lines that are the whole name of a unit, with the tones in whatever place."""
    forms: dict[str, set[int]] = defaultdict(set)
    for index, each in enumerate(found):
        if index not in keys and each.line.name:
            for name in _names_in(each.line):
                for form in name_sort_forms(name):
                    forms[form].add(index)
    if not forms:
        return
    hits: dict[int, list[int]] = defaultdict(list)
    for pk, name_sort in units.filter(name_sort__in=list(forms)).order_by().values_list("pk", "name_sort"):
        for index in forms[name_sort]:
            hits[index].append(pk)
    for index, pks in hits.items():
        keys[index] = [(pk, 100, True) for pk in pks]


def _by_likeness(found: Sequence[Found], rest: Sequence[int], keys, units: QuerySet) -> None:
    """Lines whose words a unit shares: judged by likeness, the likest first."""
    if not rest:
        return
    for index, candidates in _candidates(found, rest, units).items():
        scored = []
        for pk, name in candidates:
            score, is_sure = max(judged(typed, name) for typed in _names_in(found[index].line))
            if score >= ASK:
                scored.append((pk, score, is_sure))
        scored.sort(key=lambda each: (-each[1], each[0]))
        if scored:
            keys[index] = scored


def _candidates(found, rest, units: QuerySet) -> dict[int, list[tuple[int, str]]]:
    """For each line the units worth comparing, as (key, name)."""
    if capped_count(units, cap=READ_THROUGH).is_capped:
        return {
            index: [(unit.pk, unit.name) for unit in best(units, found[index].line.name, limit=OFFERED)]
            for index in rest
        }
    typed = {}
    for index in rest:
        own = {fold(word) for word in words(found[index].line.name)}
        typed[index] = own - common_words() or own
    vocabulary = set().union(*typed.values())
    holders: dict[str, list[int]] = {word: [] for word in vocabulary}
    for pk, text in units.order_by().values_list("pk", "search_folded").iterator(chunk_size=10_000):
        for word in vocabulary.intersection(text.split()):
            holders[word].append(pk)
    shared: dict[int, Counter] = {}
    for index, own in typed.items():
        counter = shared[index] = Counter()
        # A word that few units have says more than one that many have.
        for word in sorted((word for word in own if holders[word]), key=lambda word: len(holders[word]))[:RAREST]:
            weight = 1 / len(holders[word])
            for pk in holders[word]:
                counter[pk] += weight
    chosen = {index: [pk for pk, _ in counter.most_common(COMPARED)] for index, counter in shared.items()}
    names = dict(_in_parts(units, {pk for pks in chosen.values() for pk in pks}, "pk", "name"))
    return {index: [(pk, names[pk]) for pk in pks if pk in names] for index, pks in chosen.items()}


def _in_parts(units: QuerySet, keys: Iterable[int], *columns: str) -> Iterable[tuple]:
    keys = list(keys)
    for start in range(0, len(keys), 1_000):
        yield from units.filter(pk__in=keys[start : start + 1_000]).order_by().values_list(*columns)


def judged(typed: str, name: str) -> tuple[int, bool]:
    """How much a typed name is that of a unit, in percent, and whether surely.

    A typed name may leave out what a unit is (“Nguyễn Du” for “Trường THCS Nguyễn Du”), which is then asked about.
    """
    if _says_the_same(typed, name):
        differ = _accents_differ(typed, name)
        return (UNSURE, False) if differ else (100, True)
    mine, theirs = profile(typed), profile(name)
    if mine.numbers != theirs.numbers or (mine.kinds and mine.kinds != theirs.kinds):
        return 0, False
    if mine.forms and theirs.forms and mine.forms != theirs.forms:
        return 0, False
    score = round(fuzz.token_sort_ratio(mine.text, theirs.text))
    if mine.words and set(mine.words) <= set(theirs.words):
        score = max(score, ASK + round(10 * len(set(mine.words)) / max(len(theirs.words), 1)))
    if mine.kinds != theirs.kinds or not _spelled_alike(mine, theirs) or _accents_differ(typed, name):
        score = min(score, UNSURE)
    return score, score >= SURE


def _says_the_same(typed: str, name: str) -> bool:
    """Whether two names hold the same words, abbreviations written out: “THCS” is “Trung học cơ sở”."""
    mine, theirs = words(typed), words(name)
    said, named = {fold(word) for word in mine}, {fold(word) for word in theirs}
    if said == named:
        return True
    meant = said | {fold(word) for word in other_words(mine)}
    meant_there = named | {fold(word) for word in other_words(theirs)}
    return said <= meant_there and named <= meant


def _spelled_alike(mine: Profile, theirs: Profile) -> bool:
    """Whether the names differ in the spelling of one word at most, not in a word of its own."""
    left = sorted(set(mine.words) - set(theirs.words))
    right = sorted(set(theirs.words) - set(mine.words))
    return len(left) == len(right) <= 1 and all(
        len(one) > 2 and fuzz.ratio(one, other) >= ASK - 5 for one, other in zip(left, right, strict=True)
    )


def _accents_differ(typed: str, name: str) -> bool:
    """Whether both are written with accents and a word of the same letters has others: “Phú” and “Phụ”."""
    mine, theirs = accented_key(typed).split(), accented_key(name).split()
    if all(fold(word) == word for word in mine):
        return False
    accents: dict[str, set[str]] = defaultdict(set)
    for word in theirs:
        accents[fold(word)].add(word)
    return any(fold(word) in accents and word not in accents[fold(word)] and fold(word) != word for word in mine)


# -- what is shown -----------------------------------------------------------------------------------------------------
def _describe(found: Sequence[Found], keys, units: QuerySet) -> None:
    """Say how sure each line is; of several units of one name the one whose area the line names."""
    wanted = {pk for hits in keys.values() for pk, _, _ in hits[: OFFERED * 4]}
    rows = {row[0]: row for row in _in_parts(units, wanted, "pk", "code", "name", "jurisdiction_id")}
    areas = Jurisdiction.objects.with_parents().in_bulk({row[3] for row in rows.values()})
    for index, hits in keys.items():
        each = found[index]
        hits = [hit for hit in hits[: OFFERED * 4] if hit[0] in rows]
        if not hits:
            continue
        sure = [hit for hit in hits if hit[2]]
        if len(sure) > 1:
            said = f" {fold(each.line.text)} "
            named = [hit for hit in sure if f" {fold(areas[rows[hit[0]][3]].name)} " in said]
            sure = named if len(named) == 1 else sure
            hits = [*sure, *(hit for hit in hits if hit not in sure)]
        each.sureness = Sureness.SURE if len(sure) == 1 else Sureness.UNSURE
        kept = sure if len(sure) == 1 else hits[:OFFERED]
        each.matches = [
            Match(pk, rows[pk][1], rows[pk][2], areas[rows[pk][3]].full_name, score) for pk, score, _ in kept
        ]
