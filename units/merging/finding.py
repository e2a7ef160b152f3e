"""The nightly search for units that may be one: every unit against those it could be, province by province.

Inside an area names are compared block by block (``units.likeness``); across the areas of a province only units that
share a code, a telephone number or an address; across provinces only other codes. Of a province nothing is held but
short keys and the units of one area, so that memory does not grow with the country. What is found is written so that a
second run changes nothing.

A pair that an officer has judged not to be one stays judged. It is proposed again only when it is no longer the pair
that was judged: the name or a code of either unit has changed, or a reason has come that was not there before.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from rapidfuzz import fuzz, process

from movement_portal.jurisdictions.enums import PROVINCE_KINDS, JurisdictionKind
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import path_range
from movement_portal.lib.bulk import chunks
from movement_portal.lib.dates import today
from units.enums import PairState
from units.likeness import ASK
from units.merging.rule import COLUMNS, Suspect, Verdict, judge, plain_code, suspect
from units.models import DuplicatePair, Unit, UnitIdentifier
from units.models.pairs import reason_words

#: Units of one block compared all with all; of more, those that share one of their rarest words.
BLOCK = 400
RAREST = 3
#: Units that share one telephone number or address and are still compared; more share a switchboard or a tower.
SHARING = 30
READ_AT_A_TIME = 5_000
CODE_COLUMNS = ("tax_code", "school_code")
#: What of a stored pair a later run may change.
RENEWED = ("score", "reasons", "compared", "state", "found_on", "settled_by", "settled_on", "settled_reason")

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """Two units that may be one, the elder first, and what of them was compared."""

    first: int
    second: int
    verdict: Verdict
    compared: str

    @property
    def key(self) -> Key:
        return self.first, self.second


@dataclass
class Tally:
    """What one run has done."""

    compared: int = 0
    found: int = 0
    new: int = 0
    reopened: int = 0
    gone: int = 0


def find_duplicates() -> Tally:
    """Bring the stored pairs up to date; each province is one transaction."""
    tally = Tally()
    for part in _parts():
        _bring_up_to_date(part, tally)
    return tally


# -- what is compared --------------------------------------------------------------------------------------------------
def _parts() -> Iterator[Q]:
    """The provinces, and whatever lies below none, as conditions on the area of a unit."""
    tops = Q(kind__in=PROVINCE_KINDS) | Q(parent=None) & ~Q(kind=JurisdictionKind.COUNTRY)
    inside = list(Jurisdiction.objects.filter(tops).order_by("path").values_list("path", flat=True))
    for path in inside:
        yield path_range(path, "jurisdiction__path")
    yield Q(jurisdiction__kind=JurisdictionKind.COUNTRY)


def _found_in(part: Q, tally: Tally) -> dict[Key, Found]:
    """Every pair of which the elder unit lies in the part of the country."""
    found: dict[Key, Found] = {}
    shared = _Shared()
    for area in _areas(part):
        tally.compared += len(area)
        for one in area:
            shared.add(one)
        for one, other, score in _near_names(area):
            _keep(found, one, other, judge(one, other, score=score))
    pending = shared.pairs() | _codes_across(part)
    for keys in chunks(sorted(pending - found.keys()), READ_AT_A_TIME):
        suspects = _suspects(Unit.objects.open().filter(pk__in={pk for key in keys for pk in key}))
        for first, second in keys:
            if first in suspects and second in suspects:
                one, other = suspects[first], suspects[second]
                _keep(found, one, other, judge(one, other))
    return found


def _keep(found: dict[Key, Found], one: Suspect, other: Suspect, verdict: Verdict | None) -> None:
    if verdict is None:
        return
    first, second = sorted((one, other), key=lambda each: each.pk)
    found[first.pk, second.pk] = Found(first.pk, second.pk, verdict, f"{_print(first)}-{_print(second)}")


def _print(one: Suspect) -> str:
    """What makes the unit another when it changes: its name taken apart and its codes."""
    said = f"{sorted(one.profile.kinds)}{one.profile.numbers}{sorted(one.profile.forms)}{one.text}{sorted(one.codes)}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _rows(units) -> Iterator[tuple]:
    return units.order_by("jurisdiction_id", "id").values_list(*COLUMNS).iterator(chunk_size=READ_AT_A_TIME)


def _identifiers(units) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = UnitIdentifier.objects.filter(unit__in=units.order_by().values("pk")).order_by()
    for unit, value in rows.values_list("unit_id", "value").iterator(chunk_size=READ_AT_A_TIME):
        found[unit].append(value)
    return found


def _suspects(units) -> dict[int, Suspect]:
    others = _identifiers(units)
    return {row[0]: suspect(row, others.get(row[0], ())) for row in _rows(units)}


def _areas(part: Q) -> Iterator[list[Suspect]]:
    """The units of the part that exist, area by area."""
    units = Unit.objects.open().filter(part)
    others = _identifiers(units)
    area: list[Suspect] = []
    for row in _rows(units):
        one = suspect(row, others.get(row[0], ()))
        if area and area[0].area != one.area:
            yield area
            area = []
        area.append(one)
    if area:
        yield area


def _near_names(area: list[Suspect]) -> Iterator[tuple[Suspect, Suspect, float]]:
    """Pairs of one area of the same block whose own words are near, each once."""
    blocks: dict[tuple, list[Suspect]] = defaultdict(list)
    for one in area:
        blocks[one.block].append(one)
    for block in blocks.values():
        if len(block) > 1:
            yield from _near_in_block(block)


def _near_in_block(block: list[Suspect]) -> Iterator[tuple[Suspect, Suspect, float]]:
    texts = [one.text for one in block]
    by_word: dict[str, list[int]] = defaultdict(list)
    if len(block) > BLOCK:
        for index, one in enumerate(block):
            for word in set(one.profile.words):
                by_word[word].append(index)
    for index, one in enumerate(block):
        if by_word:
            words = sorted(set(one.profile.words), key=lambda word: (len(by_word[word]), word))[:RAREST]
            near = {other for word in words for other in by_word[word] if other > index}
            choices = {other: texts[other] for other in sorted(near)[: BLOCK * 4]}
        else:
            choices = {other: texts[other] for other in range(index + 1, len(block))}
        for _, score, other in process.extract_iter(texts[index], choices, scorer=fuzz.ratio, score_cutoff=ASK):
            yield one, block[other], score


class _Shared:
    """Keys of units across the areas of a province, as numbers: a code, a telephone number, an address with a block."""

    def __init__(self):
        self._by_key: dict[int, list[int]] = {}

    def add(self, one: Suspect) -> None:
        keys = [*(("code", code) for code in one.codes), *(("phone", phone, one.block) for phone in one.phones)]
        if one.address:
            keys.append(("address", one.address, one.block))
        for key in keys:
            self._by_key.setdefault(hash(key), []).append(one.pk)

    def pairs(self) -> set[Key]:
        """Every two units that share a key which not too many share."""
        return {
            (first, second)
            for units in self._by_key.values()
            if 1 < len(units) <= SHARING
            for index, first in enumerate(sorted(units))
            for second in sorted(units)[index + 1 :]
        }


def _codes_across(part: Q) -> set[Key]:
    """Two units, the elder in the part, of which one has among its other codes a code of the other."""
    units = Unit.objects.open().filter(part).order_by()
    found: set[Key] = set()
    own = UnitIdentifier.objects.filter(unit__in=units.values("pk"))
    pairs = {row for rows in chunks(list(own.order_by().values_list("value", "unit"))) for row in _bearers(rows)}
    for column in CODE_COLUMNS:
        codes = units.exclude(**{column: ""})
        others = UnitIdentifier.objects.filter(value__in=codes.values(column)).order_by()
        named = list(others.values_list("value", "unit"))
        pairs |= {row for rows in chunks(named) for row in _bearers(rows)}
    for keys in chunks(sorted(pairs)):
        elder = set(units.filter(pk__in={first for first, _ in keys}).values_list("pk", flat=True))
        found |= {key for key in keys if key[0] in elder}
    return found


def _bearers(named: Iterable[tuple[str, int]]) -> Iterator[Key]:
    """Of codes and the units they are noted at, those units with every other one that bears the code."""
    by_code: dict[str, set[int]] = defaultdict(set)
    for value, unit in named:
        if plain_code(value):
            by_code[value].add(unit)
    for column in (*CODE_COLUMNS, "identifiers__value"):
        bearers = Unit.objects.open().filter(**{f"{column}__in": list(by_code)}).order_by()
        for pk, value in bearers.values_list("pk", column):
            for unit in by_code[value]:
                if unit != pk:
                    yield min(pk, unit), max(pk, unit)


# -- what is written ---------------------------------------------------------------------------------------------------
@transaction.atomic
def _bring_up_to_date(part: Q, tally: Tally) -> None:
    found = _found_in(part, tally)
    tally.found += len(found)
    here = Unit.objects.filter(part).order_by().values("pk")
    rows = DuplicatePair.objects.filter(first__in=here).order_by().select_for_update(of=("self",))
    stored = {(pair.first_id, pair.second_id): pair for pair in rows}
    day = today()
    new = [_pair(each, day) for key, each in found.items() if key not in stored]
    DuplicatePair.objects.bulk_create(new)
    changed = [pair for key, pair in stored.items() if key in found and _renew(pair, found[key], tally, day)]
    DuplicatePair.objects.bulk_update(changed, RENEWED)
    # What nobody has judged and nothing speaks for any more goes; what somebody judged is remembered.
    gone = [pair.pk for key, pair in stored.items() if pair.state == PairState.OPEN and key not in found]
    for keys in chunks(gone):
        DuplicatePair.objects.filter(pk__in=keys).delete()
    tally.new += len(new)
    tally.gone += len(gone)


def _pair(each: Found, day) -> DuplicatePair:
    return DuplicatePair(
        first_id=each.first,
        second_id=each.second,
        score=each.verdict.score,
        reasons=reason_words(each.verdict.reasons),
        compared=each.compared,
        found_on=day,
    )


def _renew(pair: DuplicatePair, each: Found, tally: Tally, day) -> bool:
    """Bring a stored pair to what was found now; whether it changed."""
    reasons = reason_words(each.verdict.reasons)
    if pair.state == PairState.OPEN:
        is_same = (pair.score, pair.reasons, pair.compared) == (each.verdict.score, reasons, each.compared)
        pair.score, pair.reasons, pair.compared = each.verdict.score, reasons, each.compared
        return not is_same
    if pair.state == PairState.MERGED or not is_another(pair, each):
        return False
    pair.score, pair.reasons, pair.compared = each.verdict.score, reasons, each.compared
    pair.state, pair.found_on = PairState.OPEN, day
    pair.settled_by = pair.settled_on = None
    pair.settled_reason = ""
    tally.reopened += 1
    return True


def is_another(pair: DuplicatePair, each: Found) -> bool:
    """Whether a pair judged not to be one is no longer the pair that was judged: a name, a code, a new reason."""
    return pair.compared != each.compared or not set(each.verdict.reasons) <= set(pair.reason_list)
