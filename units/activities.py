"""What is done with an activity beside saving it: its units, their attendances, a new one after an earlier one."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from movement_portal.jurisdictions.scoping import covers
from units.models import Activity, ActivityUnit, Unit
from units.models.units import OPEN_STATUSES

#: Fields that a new activity may take from an earlier one. Days and attendances are never the same again.
COPIED = (
    "kind",
    "topic",
    "programme",
    "form",
    "place",
    "organiser",
    "jurisdiction",
    "partners",
    "session_count",
    "materials",
    "units",
    "unit_count",
)


def units_of(activity: Activity, user) -> list[Unit]:
    """The units that took part, as far as the officer sees them, in the order they were put down."""
    rows = ActivityUnit.objects.filter(activity=activity, unit__in=Unit.objects.visible_to(user).values("pk"))
    return [row.unit for row in rows.select_related("unit").order_by("id")]


@transaction.atomic
def set_units(activity: Activity, units: Sequence[Unit], *, by, opened: Collection[int] | None = None) -> None:
    """Make these the units that took part; those that the officer does not see stay.

    ``opened`` are the keys of those that a form began with: what others added or took out since then stays so.
    """
    rows = ActivityUnit.objects.select_for_update(of=("self",)).filter(activity=activity)
    there = dict(rows.filter(unit__in=Unit.objects.visible_to(by).values("pk")).values_list("unit", "pk"))
    wanted = {unit.pk for unit in units}
    gone = [pk for unit, pk in there.items() if unit not in wanted and (opened is None or unit in opened)]
    if gone:
        ActivityUnit.objects.filter(pk__in=gone).delete()
    known = {*there, *(opened or ())}
    ActivityUnit.objects.bulk_create(
        [ActivityUnit(activity=activity, unit=unit) for unit in units if unit.pk not in known]
    )


@transaction.atomic
def add_units(activity: Activity, units: Sequence[Unit]) -> None:
    """Put further units down as having taken part."""
    there = set(ActivityUnit.objects.filter(activity=activity).values_list("unit", flat=True))
    ActivityUnit.objects.bulk_create(
        [ActivityUnit(activity=activity, unit=unit) for unit in units if unit.pk not in there]
    )


@transaction.atomic
def take_out(activity: Activity, rows: Collection[int]) -> int:
    """Take rows of units out of an activity by their keys; answers how many."""
    found = ActivityUnit.objects.filter(activity=activity, pk__in=list(rows))
    count = found.count()
    found.delete()
    return count


class Overtaken(Exception):
    """Somebody else has written attendances since the officer saw them; ``rows`` are the keys of their rows."""

    def __init__(self, rows: Sequence[int]):
        super().__init__()
        self.rows = frozenset(rows)


@transaction.atomic
def set_attendances(
    activity: Activity, counts: Mapping[int, int | None], *, seen: Mapping[int, int | None] | None = None
) -> int:
    """Write the attendances of units by the key of their row; answers how many changed.

    ``seen`` is what stood there when the officer opened the page: what was left as it was is not written over what
    somebody else has put there since. Raises ``Overtaken`` where both have written, and nothing is written then.
    """
    seen = seen or {}
    rows = ActivityUnit.objects.select_for_update(of=("self",)).filter(activity=activity, pk__in=list(counts))
    changed = [
        row
        for row in rows.order_by("pk")
        if row.attendance_count != counts[row.pk] and (row.pk not in seen or seen[row.pk] != counts[row.pk])
    ]
    if overtaken := [row.pk for row in changed if row.pk in seen and seen[row.pk] != row.attendance_count]:
        raise Overtaken(overtaken)
    for row in changed:
        row.attendance_count = counts[row.pk]
    return ActivityUnit.objects.bulk_update(changed, ["attendance_count"]) if changed else 0


def copy_of(earlier: Activity, user) -> dict:
    """What the form of a new activity begins with after an earlier one: the fields of ``COPIED`` that hold something.

    Units that are closed or out of the officer's reach are left out, and so is an area out of it.
    """
    values = {name: getattr(earlier, name) for name in COPIED if name != "units"}
    if not covers(user.jurisdiction, earlier.jurisdiction):
        del values["jurisdiction"]
    values["units"] = [unit for unit in units_of(earlier, user) if unit.status in OPEN_STATUSES]
    return {name: value for name, value in values.items() if value not in ("", None, [])}
