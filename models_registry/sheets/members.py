"""Cells that name many: the units and the bodies of areas that take part in a model, between semicolons."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from models_registry.models import ModelMember, ModelStrength
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import nfc
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import Elsewhere, Relation
from movement_portal.spreadsheets.naming import find_related
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import Written
from units.models import Unit
from units.sheets.forces import BY_UNIT

UNITS, BODIES = "member_units", "member_bodies"
JOINT = "; "

_ITEMS = re.compile(r"\s*[;\n]\s*")
_CODE = re.compile(r"^(DV\d{7,10}|\d{10}(?:-\d{3})?)(?:\s*[·:–-].*)?$", re.IGNORECASE)
_BODY = re.compile(r"^(.+?)\s*\((.+)\)$")


def items_of(text: str) -> list[str]:
    """The items of a cell, each once."""
    return list(dict.fromkeys(item for item in _ITEMS.split(text) if item))


def together(old: Any, new: Any) -> str:
    """The items of both, old ones first: a list adds members; who leaves is said on the model's page."""
    return JOINT.join(dict.fromkeys([*items_of(old or ""), *items_of(new or "")]))


# -- out ---------------------------------------------------------------------------------------------------------------
def _unit_item(code: str, name: str) -> str:
    return f"{code} · {name.replace(';', ',')}"


def _body_item(body: str, area: Any) -> str:
    return f"{body.replace(';', ',')} ({area.long_name})"


def _open_members(keys: Collection[int]):
    return ModelMember._base_manager.filter(model__in=keys, valid_to__isnull=True).order_by("id")


def read_units(keys: Collection[int], officer) -> dict[int, str]:
    """The units that take part, those that the officer sees, by key of the model."""
    seen = Unit.objects.visible_to(officer).order_by()
    rows = _open_members(keys).filter(unit__in=seen.values("pk"))
    found: dict[int, list[str]] = defaultdict(list)
    for model, code, name in rows.values_list("model", "unit__code", "unit__name"):
        found[model].append(_unit_item(code, name))
    return {model: JOINT.join(items) for model, items in found.items()}


def read_bodies(keys: Collection[int], officer) -> dict[int, str]:
    """The bodies that take part and their areas, by key of the model."""
    rows = _open_members(keys).filter(unit__isnull=True).select_related("jurisdiction__parent__parent__parent")
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.model_id].append(_body_item(row.body, row.jurisdiction))
    return {model: JOINT.join(items) for model, items in found.items()}


def _last_strength(column: str):
    def read(keys: Collection[int], officer) -> Mapping[int, Any]:
        rows = ModelStrength._base_manager.filter(model__in=keys, **{f"{column}__isnull": False})
        return dict(rows.order_by("counted_on").values_list("model", column))

    return read


MEMBER_UNITS = Elsewhere(read=read_units, join=together)
MEMBER_BODIES = Elsewhere(read=read_bodies, join=together)
GROUPS, MEMBERS, COUNTED = (
    Elsewhere(read=_last_strength(name)) for name in ("group_count", "member_count", "counted_on")
)


# -- in ----------------------------------------------------------------------------------------------------------------
def look_up_members(drafts: Sequence[Draft], officer, places: PlaceIndex) -> None:
    """Write the members of each row as they go out; a unit or area that is not known refuses the row."""
    _look_up_units([draft for draft in drafts if draft.get(UNITS)], officer)
    _look_up_bodies([draft for draft in drafts if draft.get(BODIES)], places, officer.jurisdiction.path)


def _look_up_units(drafts: Sequence[Draft], officer) -> None:
    named = {item: _name_in(item) for draft in drafts for item in items_of(draft.values[UNITS])}
    if not named:
        return
    found = find_related(Relation(model=Unit, lookups=BY_UNIT), set(named.values()), officer)
    wanted = {pk for pks in found.values() for pk in pks}
    rows = {}
    for part in in_parts(wanted):
        rows.update(
            {pk: _unit_item(*row) for pk, *row in Unit.objects.filter(pk__in=part).values_list("pk", "code", "name")}
        )
    for draft in drafts:
        items = []
        for item in items_of(draft.values[UNITS]):
            pks = found.get(named[item], [])
            if len(pks) == 1:
                items.append(rows[pks[0]])
            elif pks:
                draft.refuse(
                    UNITS, f"Có {len(pks)} đơn vị tên “{item}”; hãy ghi mã.", "Đơn vị tham gia: không rõ", item
                )
            else:
                draft.refuse(UNITS, f"Không tìm thấy đơn vị “{item}”.", "Đơn vị tham gia: không tìm thấy", item)
        draft.values[UNITS] = JOINT.join(dict.fromkeys(items))


def _name_in(item: str) -> str:
    match = _CODE.match(item)
    return match[1].upper() if match else nfc(item)


def _look_up_bodies(drafts: Sequence[Draft], places: PlaceIndex, reach: str) -> None:
    known: dict[str, str] = {}
    for draft in drafts:
        items = []
        for item in items_of(draft.values[BODIES]):
            if item not in known:
                known[item] = _body_known(item, places, reach)
            if known[item]:
                items.append(known[item])
            else:
                reason = f"“{item}”: ghi tên cơ quan rồi địa bàn trong phạm vi của đồng chí ở trong ngoặc."
                draft.refuse(BODIES, reason, "Cơ quan tham gia: không rõ địa bàn", item)
        draft.values[BODIES] = JOINT.join(dict.fromkeys(items))


def _body_known(item: str, places: PlaceIndex, reach: str) -> str:
    """A body as it goes out; empty where its area is not known or out of reach."""
    match = _BODY.match(item)
    area = places.resolve(match[2]).area if match else None
    return _body_item(match[1], area) if area is not None and area.path.startswith(reach) else ""


def write_members(written: Sequence[Written], officer) -> None:
    """Add the members that rows name and the models do not have; four questions however many."""
    rows = [each for each in written if each.values.get(UNITS) or each.values.get(BODIES)]
    if not rows:
        return
    keys = {each.record.pk for each in rows}
    units = _units_named(rows)
    there = set()
    for part in in_parts(keys):
        there.update(_open_members(part).values_list("model", "unit", "body", "jurisdiction"))
    places = PlaceIndex.kept(on=today())
    new = []
    for each in rows:
        wanted = [(units[code], "", None) for code in _codes(each.values.get(UNITS)) if code in units]
        wanted += _bodies(each.values.get(BODIES), places)
        for unit, body, area in dict.fromkeys(wanted):
            leads = unit is not None and unit == each.record.lead_unit_id
            if not leads and (each.record.pk, unit, body, area) not in there:
                new.append(ModelMember(model=each.record, unit_id=unit, body=body, jurisdiction_id=area))
    ModelMember.objects.bulk_create(new)


def _codes(text: str | None) -> list[str]:
    return [_name_in(item) for item in items_of(text or "")]


def _units_named(rows: Iterable[Written]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in in_parts(code for each in rows for code in _codes(each.values.get(UNITS))):
        found.update(Unit.objects.filter(code__in=part).values_list("code", "pk"))
    return found


def _bodies(text: str | None, places: PlaceIndex) -> list[tuple[None, str, int]]:
    matches = [_BODY.match(item) for item in items_of(text or "")]
    return [(None, match[1], places.resolve(match[2]).area.pk) for match in matches if match]


def write_strengths(written: Sequence[Written], officer) -> None:
    """Write the groups and members of rows as counted on their day; three questions however many."""
    names = ("group_count", "member_count")
    rows = [each for each in written if any(each.values.get(name) is not None for name in names)]
    if not rows:
        return
    counted = _last_strength("counted_on")([each.record.pk for each in rows], officer)
    days = {each.record.pk: each.values.get("counted_on") or counted.get(each.record.pk) or today() for each in rows}
    there = {}
    for part in in_parts(days):
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
