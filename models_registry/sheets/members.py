"""Cells of a list of models that name several: the units and the bodies of areas that take part; figures by day."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from models_registry.models import ModelMember, ModelStrength
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib.dates import today
from movement_portal.spreadsheets.fields import Elsewhere, Relation
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.several import Links
from movement_portal.spreadsheets.sheets import Written
from movement_portal.spreadsheets.values import ValueProblem
from units.models import Unit
from units.sheets.activities import BY_UNIT

UNITS, BODIES = "member_units", "member_bodies"

_BODY = re.compile(r"^(.+?)\s*\((.+)\)$")


# -- out ---------------------------------------------------------------------------------------------------------------
def _body_item(body: str, area: Any) -> str:
    return f"{body.replace(';', ',')} ({area.long_name})"


def _open_members(keys: Collection[int]):
    return ModelMember._base_manager.filter(model__in=keys, valid_to__isnull=True).order_by("id")


def _seen_members(officer):
    """Units that take part today, those that the officer sees."""
    seen = Unit.objects.visible_to(officer).order_by()
    return ModelMember._base_manager.filter(valid_to__isnull=True, unit__in=seen.values("pk"))


def read_bodies(keys: Collection[int], officer) -> Mapping[int, list[str]]:
    """The bodies that take part and their areas, by key of the model."""
    rows = _open_members(keys).filter(unit__isnull=True).select_related("jurisdiction__parent__parent__parent")
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.model_id].append(_body_item(row.body, row.jurisdiction))
    return found


def _last_strength(column: str):
    def read(keys: Collection[int], officer) -> Mapping[int, Any]:
        rows = ModelStrength._base_manager.filter(model__in=keys, **{f"{column}__isnull": False})
        return dict(rows.order_by("counted_on").values_list("model", column))

    return read


def look_up_bodies(items: Collection[str], officer, places: PlaceIndex) -> Mapping[str, str | ValueProblem]:
    """Bodies as they go out; one whose area is not known or out of reach is none."""
    told: dict[str, str | ValueProblem] = {}
    for item in items:
        match = _BODY.match(item)
        area = places.resolve(match[2]).area if match else None
        if area is not None and covers(officer.jurisdiction, area):
            told[item] = _body_item(match[1], area)
        else:
            reason = f"“{item}”: ghi tên cơ quan rồi địa bàn trong phạm vi của đồng chí ở trong ngoặc."
            told[item] = ValueProblem(reason, "không rõ địa bàn")
    return told


MEMBERSHIP = Links(
    name=UNITS,
    model=ModelMember,
    parent="model",
    target="unit",
    relation=Relation(model=Unit, lookups=BY_UNIT),
    rows=_seen_members,
)
MEMBER_UNITS, MEMBER_BODIES = MEMBERSHIP.elsewhere, Elsewhere(read=read_bodies, look_up=look_up_bodies)
GROUPS, MEMBERS, COUNTED = (
    Elsewhere(read=_last_strength(name)) for name in ("group_count", "member_count", "counted_on")
)


# -- in ----------------------------------------------------------------------------------------------------------------
def write_members(written: Sequence[Written], officer) -> None:
    """Add the members that rows name and the models do not have; four questions however many."""
    rows = [each for each in written if each.values.get(UNITS) or each.values.get(BODIES)]
    if not rows:
        return
    keys = {each.record.pk for each in rows if not each.created}
    units = MEMBERSHIP.named(item for each in rows for item in each.values.get(UNITS) or ())
    there = set()
    for part in in_parts(keys):
        there.update(_open_members(part).values_list("model", "unit", "body", "jurisdiction"))
    places = PlaceIndex.kept(on=today())
    new = []
    for each in rows:
        wanted = [(units[item], "", None) for item in each.values.get(UNITS) or () if item in units]
        wanted += _bodies(each.values.get(BODIES), places)
        for unit, body, area in dict.fromkeys(wanted):
            leads = unit is not None and unit.pk == each.record.lead_unit_id
            if not leads and (each.record.pk, unit and unit.pk, body, area) not in there:
                home = places.areas.get(area)
                new.append(ModelMember(model=each.record, unit=unit, body=body, jurisdiction=home))
    ModelMember.objects.bulk_create(new)


def _bodies(items: Iterable[str] | None, places: PlaceIndex) -> list[tuple[None, str, int]]:
    matches = [_BODY.match(item) for item in items or ()]
    return [(None, match[1], places.resolve(match[2]).area.pk) for match in matches if match]


def write_strengths(written: Sequence[Written], officer) -> None:
    """Write the groups and members of rows as counted on their day; three questions however many."""
    names = ("group_count", "member_count")
    rows = [each for each in written if any(each.values.get(name) is not None for name in names)]
    if not rows:
        return
    known = [each.record.pk for each in rows if not each.created]
    counted = _last_strength("counted_on")(known, officer) if known else {}
    days = {each.record.pk: each.values.get("counted_on") or counted.get(each.record.pk) or today() for each in rows}
    there = {}
    for part in in_parts(known):
        for row in ModelStrength._base_manager.filter(model__in=part, counted_on__in=set(days.values())):
            there[row.model_id, row.counted_on] = row
    new, changed = [], []
    for each in rows:
        key = each.record.pk, days[each.record.pk]
        row = there.get(key)
        if row is None:
            new.append(row := ModelStrength(model=each.record, counted_on=key[1]))
        else:
            changed.append(row)
        for name in names:
            if each.values.get(name) is not None:
                setattr(row, name, each.values[name])
    ModelStrength.objects.bulk_create(new)
    ModelStrength.objects.bulk_update(changed, names)
