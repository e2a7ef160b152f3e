"""Which unit stands in for a record that was merged into it: by key for imports, by code for addresses and forms."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from units.merging.codes import OLD_CODE
from units.models import Unit, UnitMerge


def absorbed_units() -> Q:
    """The condition that a unit's record has gone into another."""
    return Q(Exists(UnitMerge.objects.standing().filter(absorbed=OuterRef("pk"))))


def stand_ins(keys: Iterable[int]) -> dict[int, int]:
    """Of records that have gone into another, the keys of the units that are left; however long the chain was."""
    merges = UnitMerge.objects.standing().filter(absorbed__in=list(keys)).order_by()
    return dict(merges.values_list("absorbed", "absorbed__merged_into"))


def survivor_of(code: str, user) -> Unit | None:
    """The unit in reach that took in the record of a code, or None."""
    return Unit.objects.visible_to(user).filter(identifiers__scheme=OLD_CODE, identifiers__value=code).first()


def is_absorbed(unit: Unit) -> bool:
    """Whether the unit's record has gone into another; asks only of those that could have."""
    return unit.merged_into_id is not None and unit.absorptions.filter(undone_at=None).exists()
