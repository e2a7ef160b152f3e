"""One person guarding two units: found by the number, hinted at by name and year of birth."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from movement_portal.lib.bulk import chunks
from movement_portal.lib.dates import today
from movement_portal.lib.periods import overlap
from movement_portal.persons.citizen_ids import CitizenId
from movement_portal.spreadsheets.drafts import Draft
from units.models import Guard

#: Guards named at most.
NAMED = 10


@dataclass(frozen=True)
class Elsewhere:
    """Who at other units may be the same person; of those out of reach only that there is one."""

    #: The same number.
    same: list[Guard] = field(default_factory=list)
    same_out_of_reach: bool = False
    #: The same name and year of birth, at least one without a number.
    alike: list[Guard] = field(default_factory=list)
    alike_out_of_reach: bool = False

    def __bool__(self) -> bool:
        return bool(self.same or self.same_out_of_reach or self.alike or self.alike_out_of_reach)


def found_elsewhere(guard: Guard, user) -> Elsewhere:
    """Guards at work at other units who are or may be this person; none for one who has left."""
    if not guard.is_serving:
        return Elsewhere()
    others = Guard.objects.serving().exclude(unit=guard.unit_id).exclude(pk=guard.pk)
    same, same_beyond = [], False
    if guard.citizen_id_index:
        same, same_beyond = _split(others.filter(citizen_id_index=guard.citizen_id_index), user)
    alike, alike_beyond = [], False
    if guard.birth_year:
        hints = others.filter(name_sort=guard.name_sort, birth_year=guard.birth_year)
        if guard.citizen_id_index:
            # Two different numbers are two persons.
            hints = hints.filter(citizen_id_index__isnull=True)
        if guard.birth_on:
            hints = hints.filter(Q(birth_on=guard.birth_on) | Q(birth_on__isnull=True))
        alike, alike_beyond = _split(hints, user)
    return Elsewhere(same, same_beyond, alike, alike_beyond)


def _split(guards, user) -> tuple[list[Guard], bool]:
    """Those within reach, and whether there is one beyond."""
    within = Guard.objects.visible_to(user).filter(pk__in=guards.values("pk")).select_related("unit")
    found = list(within.order_by("name_sort", "id")[:NAMED])
    keys = Guard.objects.visible_to(user).filter(pk__in=guards.values("pk")).values("pk")
    return found, guards.exclude(pk__in=keys).exists()


def found_here(guard: Guard, user) -> list[Guard]:
    """Other records of this person at the same unit in the same time, which may not be; within reach."""
    if not guard.citizen_id_index or guard.unit_id is None:
        return []
    here = Guard.objects.visible_to(user).filter(unit=guard.unit_id, citizen_id_index=guard.citizen_id_index)
    here = here.filter(same_as=None).exclude(pk=guard.pk)
    return [other for other in here.order_by("id")[:NAMED] if overlap(guard.period, other.period)]


def told_here(guards: Iterable[Guard]) -> list[str]:
    """The same in words."""
    return [f"Số định danh này đã có ở “{guard.name}”, người bảo vệ của chính đơn vị này." for guard in guards]


def told_elsewhere(elsewhere: Elsewhere) -> list[str]:
    """The findings in words."""
    told = [f"Số định danh này đang có ở “{guard.unit}”." for guard in elsewhere.same]
    if elsewhere.same_out_of_reach:
        told.append("Số định danh này đang có ở một đơn vị ngoài địa bàn của đồng chí.")
    told += [f"Có người cùng họ tên, năm sinh ở “{guard.unit}”: xem có phải một người." for guard in elsewhere.alike]
    if elsewhere.alike_out_of_reach:
        told.append("Có người cùng họ tên, năm sinh ở một đơn vị ngoài địa bàn của đồng chí.")
    return told


# -- many at once ------------------------------------------------------------------------------------------------------
OUT_OF_REACH = "một đơn vị ngoài địa bàn của đồng chí"


def units_by_number(indexes: Collection[str], visible) -> dict[str, dict[int, str]]:
    """Of each blind index the units where its bearer is at work: key of the unit -> its name.

    ``visible`` are the guards that the reader sees: of a unit where all of them are others the name is empty.
    """
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for part in chunks(list(indexes)):
        serving = Guard.objects.serving().filter(citizen_id_index__in=part)
        seen = set(visible.filter(citizen_id_index__in=part).values_list("pk", flat=True))
        for pk, index, unit, name in serving.values_list("pk", "citizen_id_index", "unit", "unit__name"):
            found[index][unit] = name if pk in seen else found[index].get(unit, "")
    return found


def elsewhere_in_words(units: dict[int, str], own: int) -> str:
    """The other units of a person in one line: those within reach by name, of the rest only that there is one."""
    names = sorted(name for unit, name in units.items() if unit != own and name)
    beyond = any(unit != own and not name for unit, name in units.items())
    return "; ".join([*names, *([OUT_OF_REACH] if beyond else [])])


def tell_of_lists(drafts: Sequence[Draft], officer, places) -> None:
    """Tell of each row of a list of guards where else its number is; asks the database twice for all rows."""
    day = today()
    rows: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        number, ended_on = draft.get("citizen_id"), draft.get("ended_on")
        if isinstance(number, CitizenId) and isinstance(draft.get("unit"), int) and not (ended_on and ended_on < day):
            rows[number.index].append(draft)
    known = units_by_number(rows, Guard.objects.visible_to(officer))
    for index, same in rows.items():
        units = known.get(index, {})
        for draft in same:
            if told := elsewhere_in_words(units, draft.values["unit"]):
                draft.notice("citizen_id", f"Số định danh này đang có ở {told}.")
            others = {each.values["unit"]: each for each in same if each.values["unit"] != draft.values["unit"]}
            for unit, other in others.items():
                if unit not in units:
                    draft.notice("citizen_id", f"Số định danh này cũng ở {other.place}, một đơn vị khác.")
