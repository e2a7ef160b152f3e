"""What a list of activities comes to: sessions, attendances, units; each said by its own name, never as persons.

“Lượt người” counts attendances: who came to two sessions is two of them. A sum with a number in it that is not exact
says so: “gần” or “trên” where all such numbers are, “khoảng” where they differ.
"""

from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum, When

from movement_portal.jurisdictions.scoping import path_bounds
from movement_portal.lib.numbers import written
from movement_portal.lib.paging import CappedCount
from units.enums import ActivityKind, Approximation
from units.filters.activities import ActivityFilters
from units.models import ActivityUnit, Unit

#: Activities of which the units are counted with their totals; of more they follow the page.
COUNTED_AT_ONCE = 20_000
_SUMS = {
    "activities": Count("pk"),
    "sessions": Sum("session_count"),
    "attendances": Sum("attendance_count"),
    "unknown": Count("pk", filter=Q(attendance_count__isnull=True)),
    **{f"count_{each}": Count("pk", filter=Q(approximation=each)) for each in Approximation},
}


@dataclass(frozen=True)
class Totals:
    """Sums over activities: how many there are, sessions, attendances and how exact, how many lack attendances."""

    activities: int
    sessions: int
    attendances: int
    approximation: str
    unknown: int

    @property
    def attendances_in_words(self) -> str:
        """“gần 684.468”; a dash where none is known."""
        if self.activities == self.unknown:
            return written(None)
        word = f"{Approximation(self.approximation).label} " if self.approximation else ""
        return f"{word}{written(self.attendances)}"

    def __str__(self):
        if not self.activities:
            return ""
        text = f"{written(self.sessions)} cuộc, {self.attendances_in_words} lượt người"
        return f"{text} ({written(self.unknown)} hoạt động chưa ghi)" if self.unknown else text


def _totals(rows) -> Totals:
    """The sums of rows of sums."""
    sums = {name: sum(row[name] or 0 for row in rows) for name in _SUMS}
    used = [each for each in Approximation if sums[f"count_{each}"]]
    return Totals(
        activities=sums["activities"],
        sessions=sums["sessions"],
        attendances=sums["attendances"],
        approximation=(used[0] if len(used) == 1 else Approximation.ABOUT if used else ""),
        unknown=sums["unknown"],
    )


def totals_of(*parts: QuerySet) -> Totals:
    """The sums over querysets of activities that share no row, a query for each."""
    return _totals([part.order_by().aggregate(**_SUMS) for part in parts])


def totals_by_kind(*parts: QuerySet) -> tuple[dict[str, Totals], Totals]:
    """The sums of each kind that there is, and of all of them together, a query for each queryset."""
    rows = [row for part in parts for row in part.order_by().values("kind").annotate(**_SUMS)]
    kinds = {row["kind"] for row in rows}
    return {kind: _totals([row for row in rows if row["kind"] == kind]) for kind in kinds}, _totals(rows)


def summary(filters: ActivityFilters) -> tuple[CappedCount, str]:
    """The number of activities of a list, and what they come to."""
    totals = totals_of(*filters.parts)
    return CappedCount(totals.activities, False), str(totals)


# -- units -------------------------------------------------------------------------------------------------------------
def unit_count(filters: ActivityFilters) -> int:
    """How many units of the area in view took part in an activity of the list: each counted once."""
    if filters.is_narrowed:
        rows, unit, _ = _participations(filters)
        return rows.values(unit).distinct().count()
    units = Unit.objects.visible_to(filters.user).order_by()
    units = units.within(filters.area) if filters.area else units
    return units.filter(Exists(ActivityUnit.objects.filter(unit=OuterRef("pk")))).count()


def unit_counts_by_kind(filters: ActivityFilters) -> tuple[dict[str, int], int]:
    """How many units of the area in view took part in activities of each kind of the list, and in any; one query."""
    rows, unit, column = _participations(filters)
    marks = {f"is_{kind}": Max(Case(When(**{column: kind}, then=1), default=0)) for kind in ActivityKind.values}
    each = {kind: Sum(f"is_{kind}", default=0) for kind in ActivityKind.values}
    sums = rows.values(unit).annotate(**marks).aggregate(units=Count("*"), **each)
    return {kind: sums[kind] for kind in ActivityKind.values}, sums["units"]


def _participations(filters: ActivityFilters) -> tuple[QuerySet, str, str]:
    """The participations of units of the area in view in activities of the list; what names a row's unit and kind."""
    if filters.is_whole_country:
        # Most participations are meant: the database joins them to the activities as it finds best.
        rows = filters.everything.order_by().annotate(taking_part=F("participants__unit"))
        rows = rows.filter(taking_part__isnull=False).exclude(taking_part__in=_units_outside(filters))
        return rows, "taking_part", "kind"
    listed = Q()
    for part in filters.parts:
        # Joined by “or” each part is found once and looked up, not joined to.
        listed |= Q(activity__in=part.order_by().values("pk"))
    rows = ActivityUnit.objects.of_units_visible_to(filters.user, filters.area).filter(listed)
    return rows.order_by(), "unit", "activity__kind"


def _units_outside(filters: ActivityFilters) -> QuerySet:
    """The few units that do not lie in the country in view."""
    first, following = path_bounds((filters.area or filters.user.jurisdiction).path)
    outside = Q(jurisdiction__path__lt=first) | Q(jurisdiction__path__gte=following)
    return Unit.objects.filter(outside).order_by().values("pk")


@dataclass(frozen=True)
class KindLine:
    """One kind in the table of totals: its sums, its units, the address of the list behind it."""

    label: str
    totals: Totals
    #: None where they are not counted yet.
    units: int | None
    query: str
    #: The list of those of which the attendances are not known.
    unknown_query: str


@dataclass(frozen=True)
class KindTable:
    """The totals of each kind that a list holds, in the order of the kinds, and of all together."""

    lines: list[KindLine]
    totals: Totals
    #: Units that took part in any of them, each counted once; None where they are not counted yet.
    units: int | None


def table_by_kind(filters: ActivityFilters, *, counts_units: bool) -> KindTable:
    """The table of totals of a list; units of more than ``COUNTED_AT_ONCE`` activities only where that is asked for."""
    totals, together = totals_by_kind(*filters.parts)
    units: dict[str, int] = {}
    all_units = None
    if counts_units or together.activities <= COUNTED_AT_ONCE:
        units, all_units = unit_counts_by_kind(filters)
    lines = [
        KindLine(
            kind.label,
            totals[kind],
            units.get(kind),
            filters.query(loai=kind.value),
            filters.query(loai=kind.value, luot_nguoi="chua"),
        )
        for kind in ActivityKind
        if kind in totals
    ]
    return KindTable(lines, together, all_units)
