"""What a list of activities comes to: sessions, attendances, units; each said by its own name, never as persons.

“Lượt người” counts attendances: who came to two sessions is two of them. A sum with a number in it that is not exact
says so: “gần” or “trên” where all such numbers are, “khoảng” where they differ.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from movement_portal.lib.numbers import written
from movement_portal.lib.paging import CappedCount
from units.enums import ActivityKind, Approximation
from units.filters.activities import ActivityFilters
from units.models import ActivityUnit, Unit

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
    taken = ActivityUnit.objects.filter(unit=OuterRef("pk"))
    if filters.is_narrowed:
        taken = taken.filter(activity__in=filters.everything.order_by().values("pk"))
    return _units(filters).filter(Exists(taken)).count()


def unit_counts_by_kind(filters: ActivityFilters) -> dict[str, int]:
    """How many units of the area in view took part in activities of each kind of the list."""
    rows = ActivityUnit.objects.filter(
        unit__in=_units(filters).values("pk"), activity__in=filters.everything.order_by().values("pk")
    )
    return dict(rows.order_by().values_list("activity__kind").annotate(units=Count("unit", distinct=True)))


def _units(filters: ActivityFilters) -> QuerySet:
    units = Unit.objects.visible_to(filters.user).order_by()
    return units.within(filters.area) if filters.area else units


@dataclass(frozen=True)
class KindLine:
    """One kind in the table of totals: its sums, its units, the address of the list behind it."""

    label: str
    totals: Totals
    units: int
    query: str


def lines_by_kind(filters: ActivityFilters) -> tuple[list[KindLine], Totals]:
    """The totals of each kind that the list holds, in the order of the kinds, and of all together; two queries."""
    units = unit_counts_by_kind(filters)
    totals, together = totals_by_kind(*filters.parts)
    lines = [
        KindLine(kind.label, totals[kind], units.get(kind, 0), filters.query(loai=kind.value))
        for kind in ActivityKind
        if kind in totals
    ]
    return lines, together
