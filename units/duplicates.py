"""Units that a new one may already be: the same name in the same area, or the same official code anywhere."""

from dataclasses import dataclass

from django.db.models import Q

from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.abbreviations import other_words, words
from movement_portal.lib.vietnamese import fold
from units.models import Unit
from units.search import matching

SHOWN = 5
#: Units with all the words of the name that are looked at.
LOOKED_AT = 200


@dataclass(frozen=True)
class Duplicates:
    """Candidates that the officer may open, and whether there are others outside their reach."""

    units: list[Unit]
    elsewhere: bool

    def __bool__(self) -> bool:
        return bool(self.units) or self.elsewhere


def duplicates_of(unit: Unit, *, by: Officer) -> Duplicates:
    """Units in the register that look like one about to be entered; accents and abbreviations do not tell apart."""
    same_area = Unit.objects.filter(matching(unit.name), jurisdiction=unit.jurisdiction_id)
    keys = [pk for pk, name in same_area.values_list("pk", "name")[:LOOKED_AT] if _is_same(name, unit.name)]
    found = Q(pk__in=keys)
    for name in ("tax_code", "school_code"):
        if value := getattr(unit, name):
            found |= Q(**{name: value})
    alike = Unit.objects.filter(found).exclude(pk=unit.pk)
    reached = list(alike.visible_to(by).select_related("jurisdiction__parent__parent")[:SHOWN])
    return Duplicates(reached, len(reached) < SHOWN and alike.count() > len(reached))


def _is_same(one, other):
    """Whether two names say the same: “THCS” is “Trung học cơ sở”."""
    return _said(one) <= _meant(other) and _said(other) <= _meant(one)


def _said(name):
    return {fold(word) for word in words(name)}


def _meant(name):
    return _said(name) | {fold(word) for word in other_words(words(name))}
