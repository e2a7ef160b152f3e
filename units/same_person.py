"""One person guarding two units: found by the number, hinted at by name and year of birth."""

from dataclasses import dataclass, field

from django.db.models import Q

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


def told_elsewhere(elsewhere: Elsewhere) -> list[str]:
    """The findings in words."""
    told = [f"Số định danh này đang có ở “{guard.unit}”." for guard in elsewhere.same]
    if elsewhere.same_out_of_reach:
        told.append("Số định danh này đang có ở một đơn vị ngoài địa bàn của đồng chí.")
    told += [f"Có người cùng họ tên, năm sinh ở “{guard.unit}”: xem có phải một người." for guard in elsewhere.alike]
    if elsewhere.alike_out_of_reach:
        told.append("Có người cùng họ tên, năm sinh ở một đơn vị ngoài địa bàn của đồng chí.")
    return told
