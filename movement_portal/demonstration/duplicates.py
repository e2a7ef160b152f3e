"""A dozen units of the demonstration province that are in the register twice, one of them in two communes."""

import random
from collections import defaultdict
from collections.abc import Sequence

from django.db import models

from movement_portal.lib.vietnamese import fold
from units.enums import UnitKind, UnitStatus
from units.models import Unit

PAIRS = 12
#: One way of writing and another.
WRITTEN = (
    ("Trường THCS", "Trường Trung học cơ sở"),
    ("Trường Tiểu học", "Trường TH"),
    ("Trường Mầm non", "MN"),
    ("Trường THPT", "Trường Trung học phổ thông"),
    ("Công ty TNHH MTV", "Cty TNHH Một thành viên"),
    ("Công ty TNHH", "Cty TNHH"),
    ("Công ty Cổ phần", "CTCP"),
    ("Doanh nghiệp tư nhân", "DNTN"),
)
#: What a second entry takes over from the first as it is.
TAKEN_OVER = ("kind", "subkind", "school_level", "enterprise_size", "business_sector", "business_line")
CHANGED = [
    *TAKEN_OVER, "name", "address", "head_name", "head_title", "head_phone", "tax_code", "school_code", "parent",
]  # fmt: skip


def load_duplicates(units: Sequence[Unit], seed: int) -> list[Unit]:
    """Make some units second entries of others of their commune; answers them, the number of units stays."""
    dice = random.Random(seed)
    groups: dict[tuple, list[Unit]] = defaultdict(list)
    models.prefetch_related_objects(units, "jurisdiction")
    for unit in units:
        if unit.status == UnitStatus.ACTIVE and unit.kind != UnitKind.AGENCY and unit.parent_id is None:
            groups[unit.jurisdiction.name_sort, unit.kind].append(unit)
    # The communes whose officers have accounts come first: their offices find something to do.
    ordered = [group for _, group in sorted(groups.items())]
    chosen = [group for group in ordered if len(group) > 2 and _rewritten(group[0].name)][:PAIRS]
    seconds = [_second_entry(dice, number, group[0], group[-1]) for number, group in enumerate(chosen)]
    if far := _in_two_communes(chosen):
        seconds.append(far)
    Unit.objects.bulk_update(seconds, CHANGED)
    return seconds


def _in_two_communes(groups: Sequence[list[Unit]]) -> Unit | None:
    """A unit of one commune that another has in its list too, with the same telephone: one to be asked for."""
    for one in groups:
        for other in groups:
            if one[0].kind == other[0].kind and one[0].jurisdiction_id != other[0].jurisdiction_id and len(other) > 3:
                second = other[1]
                for name in TAKEN_OVER:
                    setattr(second, name, getattr(one[0], name))
                second.name, second.head_phone = _rewritten(one[0].name), one[0].head_phone
                second.tax_code = second.school_code = ""
                second.parent = None
                return second
    return None


def _second_entry(dice: random.Random, number: int, first: Unit, second: Unit) -> Unit:
    for name in TAKEN_OVER:
        setattr(second, name, getattr(first, name))
    second.name = _rewritten(first.name)
    second.tax_code = second.school_code = ""
    second.parent = None
    if number % 3 == 0:
        second.name = fold(second.name).upper()
    if number % 2:
        second.head_phone = first.head_phone
    if dice.random() < 0.5:
        second.address = first.address.replace("Số ", "")
    return second


def _rewritten(name: str) -> str:
    """The name as another office writes it; empty where it has no other way."""
    for one, other in WRITTEN:
        if name.startswith(one + " "):
            return other + name.removeprefix(one)
    return ""
