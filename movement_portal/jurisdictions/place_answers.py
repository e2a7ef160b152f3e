"""What the search for a place reads and answers: a name with the areas it may mean, what was said of it, the match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from movement_portal.jurisdictions.enums import DISTRICT_KINDS, PROVINCE_KINDS, JurisdictionKind
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import PATH_DIGITS


class How(StrEnum):
    """How an answer came about."""

    CODE = "code"
    NAME = "name"
    #: An old name, all of whose area went into the one answered.
    SUCCESSION = "succession"
    #: An old name whose area went into several.
    SPLIT = "split"
    AMBIGUOUS = "ambiguous"
    #: The place is known, and lies outside the area asked for.
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PlaceMatch:
    """The area meant, or else those that may be meant; with ``OUTSIDE`` the candidates lie outside."""

    area: Jurisdiction | None = None
    candidates: tuple[Jurisdiction, ...] = ()
    how: How = How.UNKNOWN
    #: A place in the text was shortened to the first letters of its words: TP.BMT, TX.PT.
    is_shortened: bool = False

    @property
    def is_outside(self) -> bool:
        """Whether the place is known and out of the area asked for."""
        return self.how == How.OUTSIDE


UNKNOWN = PlaceMatch()


@dataclass(frozen=True)
class Reading:
    """One name read off the end of words: the areas it may mean, and what is left before it."""

    areas: tuple[Jurisdiction, ...]
    kinds: frozenset[JurisdictionKind] | None
    start: int


@dataclass(frozen=True)
class Context:
    """Provinces and districts that a place was said to lie in; None where nothing was said."""

    provinces: frozenset[int] | None = None
    districts: frozenset[int] | None = None

    @property
    def is_known(self) -> bool:
        """Whether a province or a district was said."""
        return self.provinces is not None or self.districts is not None

    def with_provinces(self, areas: Iterable[Jurisdiction]) -> "Context":
        """The same districts in these provinces."""
        return Context(frozenset(area.pk for area in areas), self.districts)

    def with_districts(self, areas: Iterable[Jurisdiction]) -> "Context":
        """These districts in the same provinces."""
        return Context(self.provinces, frozenset(area.pk for area in areas))


def of_kind(areas: Sequence[Jurisdiction], kinds) -> list[Jurisdiction]:
    """Areas of the kinds that were written; all of them where no kind was."""
    return [area for area in areas if kinds is None or area.kind in kinds]


def fitting(areas: Sequence[Jurisdiction], kinds, level) -> list[Jurisdiction]:
    """Areas that fit the kinds written before a name, or none where another level is meant.

    Districts and communes change their kind in time: those of the written kind come first, others stay.
    """
    if kinds is None:
        return list(areas)
    if not kinds & level:
        return []
    of = of_kind(areas, kinds)
    if level is PROVINCE_KINDS:
        return of
    return of or list(areas) if level is DISTRICT_KINDS else list(areas)


def in_order(areas: Iterable[Jurisdiction]) -> tuple[Jurisdiction, ...]:
    """Areas in the order of the tree, by name."""
    return tuple(sorted(areas, key=lambda area: (area.path[:-PATH_DIGITS], area.name_sort, area.pk)))
