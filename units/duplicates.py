"""Units that one about to be entered may already be, by the rule of ``units.merging.rule``.

Of units outside the officer's reach nothing comes out but that there is one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from movement_portal.jurisdictions.models import Jurisdiction, Officer
from movement_portal.jurisdictions.scoping import PATH_DIGITS, path_range
from movement_portal.lib.phones import split_phones
from movement_portal.lib.vietnamese import nfc
from units.codes import normal_tax_code
from units.merging.rule import COLUMNS, Suspect, Verdict, judge, suspect, suspect_of
from units.models import Unit
from units.models.units import PHONE_FIELDS

SHOWN = 5
#: Units of one area that are looked at.
LOOKED_AT = 5_000
#: Digits of the path of a province: the country above it, and itself.
PROVINCE_DIGITS = 2 * PATH_DIGITS


@dataclass(frozen=True)
class Likely:
    """A unit that the new one may be, and why."""

    unit: Unit
    verdict: Verdict


@dataclass(frozen=True)
class Duplicates:
    """Candidates that the officer may open, and the keys of others outside their reach, the likest first."""

    likely: list[Likely] = field(default_factory=list)
    out_of_reach: list[int] = field(default_factory=list)

    @property
    def elsewhere(self) -> bool:
        return bool(self.out_of_reach)

    def __bool__(self) -> bool:
        return bool(self.likely or self.out_of_reach)


def typed_unit(data: Mapping[str, str], user: Officer) -> Unit:
    """The unit that a form is about, as far as it is typed; what cannot be read yet is left out."""
    unit = Unit(name=nfc(data.get("name", ""))[:255], address=nfc(data.get("address", ""))[:500])
    area = data.get("jurisdiction", "")
    if area.isascii() and area.isdigit() and len(area) < 10:
        areas = Jurisdiction.objects.visible_to(user)
        unit.jurisdiction = areas.filter(pk=int(area)).first() or user.jurisdiction
        unit.jurisdiction_id = unit.jurisdiction.pk
    unit.school_code = nfc(data.get("school_code", ""))[:20]
    try:
        unit.tax_code = normal_tax_code(data.get("tax_code", "").strip())
    except ValueError:
        unit.tax_code = ""
    for name in PHONE_FIELDS:
        try:
            setattr(unit, name, "; ".join(split_phones(data.get(name, "")[:100])))
        except ValueError:
            setattr(unit, name, "")
    return unit


def duplicates_of(unit: Unit, *, by: Officer) -> Duplicates:
    """Units in the register that the unit, saved or not, may be; accents and abbreviations do not tell apart."""
    mine = suspect_of(unit)
    found = {
        other.pk: verdict
        for other in _candidates(unit, mine)
        if other.pk != unit.pk and (verdict := judge(mine, other, is_asking=True))
    }
    best = sorted(found, key=lambda pk: (-found[pk].score, pk))
    reached = Unit.objects.visible_to(by).select_related("jurisdiction__parent__parent").in_bulk(best)
    likely = [Likely(reached[pk], found[pk]) for pk in best if pk in reached]
    return Duplicates(likely[:SHOWN], [pk for pk in best if pk not in reached])


def _candidates(unit: Unit, mine: Suspect) -> Iterator[Suspect]:
    """Units of the same area, those of the province with the same telephone, and any with the same code."""
    seen = set()
    for condition in _conditions(unit, mine):
        units = Unit.objects.open().filter(condition).order_by("pk")
        for row in units.values_list(*COLUMNS)[:LOOKED_AT]:
            if row[0] not in seen:
                seen.add(row[0])
                yield suspect(row)
    codes = _written(mine)
    if codes:
        named = Unit.objects.open().filter(identifiers__value__in=codes).order_by()
        for *row, code in named.values_list(*COLUMNS, "identifiers__value")[:LOOKED_AT]:
            yield suspect(tuple(row), [code])


def _conditions(unit: Unit, mine: Suspect) -> Iterator[Q]:
    if codes := _written(mine):
        yield Q(tax_code__in=codes)
        yield Q(school_code__in=codes)
    if mine.name and unit.jurisdiction_id:
        yield Q(jurisdiction=unit.jurisdiction_id)
        province = path_range(unit.jurisdiction.path[:PROVINCE_DIGITS], "jurisdiction__path")
        for phone in sorted(mine.phones):
            yield province & Q(search_folded__holds=f" {phone} ")


def _written(mine: Suspect) -> list[str]:
    """The codes as they may be written: a branch of ten and three digits with its hyphen and without."""
    forms = {mine.tax_code, mine.school_code, *mine.codes} - {""}
    forms |= {f"{code[:10]}-{code[10:]}" for code in mine.codes if len(code) == 13 and code.isdigit()}
    return sorted(forms)
