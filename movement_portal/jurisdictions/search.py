"""Finding areas and police offices by what an officer types.

Accents are optional; every word stands in the name, the code or the names above.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Length

from movement_portal.jurisdictions.enums import JurisdictionKind
from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice
from movement_portal.lib.vietnamese import accented_key, fold, strip_accents

#: Hits of one search.
LIMIT = 20
#: Areas up from an area in which the other words may stand.
_OWN, *_ABOVE = "search_folded", "parent__search_folded", "parent__parent__search_folded"


def search_areas(areas, text: str, *, limit: int = LIMIT) -> list[Jurisdiction]:
    """The areas of a queryset that a text may mean, best first, their parents loaded; two queries.

    The first word stands in the own name or code, the others there or in the names above (“tân tiến lạng sơn”). Names
    with the accents that were typed come first, then those that begin with the text, then the higher levels.
    """
    terms = fold(text).split()
    hits = areas.filter(matching(terms)).order_by()
    rows = hits.values_list("pk", "kind", "name", "search_folded", "name_sort", "parent__name", "parent__parent__name")
    meant = [row for row in rows if stands_in_names(row, fold(text.partition(",")[0]).split())]
    best = sorted(meant, key=lambda row: rank(row, text, terms))[:limit]
    found = Jurisdiction.objects.with_parents().in_bulk([pk for pk, *_ in best])
    return [found[pk] for pk, *_ in best]


def matching(terms: list[str]) -> Q:
    """Areas in whose names all words stand."""
    condition = Q()
    for index, term in enumerate(terms):
        here = Q(**{f"{_OWN}__contains": term})
        for above in _ABOVE if index else ():
            here |= Q(**{f"{above}__contains": term})
        condition &= here
    return condition


def stands_in_names(row, terms: list[str]) -> bool:
    """Whether the words before a comma that are not in the own name stand in the names above, their kinds left out.

    Else “tân thạnh” would find every Tân below a “Thành phố”.
    """
    left = [term for term in terms if term not in row[3]]
    return not left or all(term in fold(f"{row[5] or ''} {row[6] or ''}") for term in left)


def rank(row, text: str, terms: list[str]) -> tuple:
    """The place of a hit among the others."""
    pk, kind, name, folded, name_sort, *_ = row
    whole = " ".join(terms)
    own_name = fold(name)
    has_other_accents = strip_accents(text) != text and not has_accents_of(
        text, f"{JurisdictionKind(kind).label} {name}"
    )
    return (
        not all(term in folded for term in terms),
        has_other_accents,
        own_name != whole,
        not (own_name.startswith(whole) or folded.startswith(whole)),
        not all(f" {folded}".find(f" {term}") >= 0 for term in terms),
        JurisdictionKind(kind).level,
        name_sort,
        pk,
    )


def has_accents_of(text: str, name: str) -> bool:
    """Whether the words of a text that stand in the name stand there with the accents typed."""
    plain, accented = fold(name), accented_key(name)
    words = accented_key(text).replace(",", " ").split()
    return all(word in accented for word in words if fold(word) in plain)


def areas_called(areas, text: str) -> list[Jurisdiction]:
    """The areas of a queryset that a text names in full: by code, name, name with kind, or name with its parents.

    Those with the very accents typed, where there are any; else all that differ only in accents.
    """
    wanted = fold(text)
    if not wanted:
        return []
    found = [
        area
        for area in search_areas(areas, text, limit=4 * LIMIT)
        if area.code == text.strip() or wanted in map(fold, spoken(area))
    ]
    exact = [area for area in found if accented_key(text) in map(accented_key, spoken(area))]
    return exact or found


def spoken(area: Jurisdiction) -> Iterable[str]:
    """The names under which an area is called, from the shortest to the one with all parents."""
    parents = []
    node = area.parent
    while node is not None and node.kind != JurisdictionKind.COUNTRY:
        parents.append(node)
        node = node.parent
    for own in (area.name, area.full_name):
        yield own
        if parents:
            yield f"{own}, {area.parent_names}"
            yield f"{own}, {parents[-1]}"
            yield f"{own}, {parents[-1].name}"


# -- police offices ----------------------------------------------------------------------------------------------------
def office_text(office: PoliceOffice) -> str:
    """An office with the areas above its own: “Công an Xã Tân Tiến, Tỉnh Lạng Sơn”."""
    return ", ".join(filter(None, [office.name, office.jurisdiction.parent_names]))


def search_offices(offices, text: str, *, limit: int = LIMIT) -> list[PoliceOffice]:
    """The offices of a queryset that a text may mean, higher levels first, their areas loaded; one query.

    The first word stands in the name of the office, the others there or in the names of its area and those above.
    """
    words = [word for word in fold(text).replace(",", " ").split() if word]
    hits = offices
    for index, word in enumerate(words):
        here = Q(search_folded__contains=word)
        if index:
            here |= Q(jurisdiction__parent__search_folded__contains=word)
            here |= Q(jurisdiction__parent__parent__search_folded__contains=word)
        hits = hits.filter(here)
    accented = accented_key(text.partition(",")[0])
    found = list(hits.with_areas().order_by(Length("jurisdiction__path"), "name_sort", "id")[: 5 * limit])
    return sorted(found, key=lambda office: accented not in accented_key(office.name))[:limit]


def offices_called(offices, text: str) -> list[PoliceOffice]:
    """The offices of a queryset that a text names in full: by name, or name with the areas above."""
    wanted = fold(text)
    if not wanted:
        return []
    found = [
        office
        for office in search_offices(offices, text, limit=4 * LIMIT)
        if wanted in (fold(office.name), fold(office_text(office)))
    ]
    exact = [one for one in found if accented_key(text) in (accented_key(one.name), accented_key(office_text(one)))]
    return exact or found
