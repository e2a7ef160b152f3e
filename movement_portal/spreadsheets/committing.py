"""Writing a checked list: everything is built first, the transaction only writes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.tracking import chunks
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.drafts import Draft, RowOfFile, ToMake
from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.fields import Field, Kind, encode, split_year
from movement_portal.spreadsheets.models import ImportFault, ImportRow
from movement_portal.spreadsheets.models.corrections import TOLD_APART
from movement_portal.spreadsheets.progress import STRIDE, Meter
from movement_portal.spreadsheets.records import find_records, in_parts, refuse_repeats
from movement_portal.spreadsheets.sheets import Sheet, Written

ROW_OF_FILE, TO_MAKE = "$row", "$make"


class StaleRows(Exception):
    """Something the check relied on has changed since; nothing was written."""


# -- rows as they are kept ---------------------------------------------------------------------------------------------
def row_of(draft: Draft, batch) -> ImportRow:
    """The draft as a row of its batch."""
    return ImportRow(
        batch=batch,
        worksheet=draft.worksheet[:100],
        number=draft.number,
        outcome=draft.outcome,
        cells=draft.cells,
        values={key: _packed(value) for key, value in draft.values.items()},
        changes=draft.changes,
        problems=[problem.as_json() for problem in draft.problems],
        notices=[notice.as_json() for notice in draft.notices],
        cause=draft.problems[0].cause[:200] if draft.problems else "",
        label=draft.label,
        candidates=draft.candidates,
        score=draft.candidates[0][1] if draft.candidates else None,
        object_id=draft.found.pk if draft.found is not None else None,
        version=getattr(draft.found, "version", None),
    )


def faults_of(row: ImportRow, draft: Draft) -> list[ImportFault]:
    """What is wrong in a row and what stands open, one entry a fault."""
    found = {
        (each.key, each.cause[:TOLD_APART], each.value[:TOLD_APART]): (each, refuses)
        for refuses, each in [
            *((False, each) for each in draft.doubts if draft.outcome == RowOutcome.NEW),
            *((True, each) for each in draft.problems if draft.outcome == RowOutcome.REFUSED),
        ]
    }
    return [
        ImportFault(
            batch_id=row.batch_id,
            row=row,
            key=key,
            column=each.column[:TOLD_APART],
            value=value,
            cause=cause,
            refuses=refuses,
        )
        for (key, cause, value), (each, refuses) in found.items()
    ]


def _packed(value: Any) -> Any:
    if isinstance(value, RowOfFile):
        return {ROW_OF_FILE: [value.draft.worksheet[:100], value.draft.number]}
    if isinstance(value, ToMake):
        return {TO_MAKE: value.text}
    return encode(value)


# -- before the transaction --------------------------------------------------------------------------------------------
@dataclass(eq=False)
class Planned:
    """One record to be written."""

    row: ImportRow
    record: models.Model
    #: Values of columns by field name, decoded; values of a year by their key.
    values: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.row.outcome == RowOutcome.NEW

    @property
    def waits_for(self) -> list[tuple[str, int]]:
        """Rows of the file whose records must be there first."""
        return [tuple(value[ROW_OF_FILE]) for value in self.values.values() if _marked(value, ROW_OF_FILE)]


def _marked(value: Any, mark: str) -> bool:
    return isinstance(value, dict) and mark in value


def prepare(sheet: Sheet, rows: Sequence[ImportRow], *, officer, meter: Meter) -> list[Planned]:
    """Records for the rows that add or change something; raises ``StaleRows`` when one was edited since the check."""
    wanted = [row for row in rows if row.outcome in (RowOutcome.NEW, RowOutcome.CHANGED)]
    records: dict[int, models.Model] = {}
    for part in in_parts(row.object_id for row in wanted if row.object_id):
        records.update(sheet.model.objects.visible_to(officer).in_bulk(part))
    planned = []
    for row in meter.over(wanted):
        values = {key: sheet.field_of(key).decode(value) for key, value in row.values.items()}
        if row.outcome == RowOutcome.NEW:
            record = sheet.model()
        elif (record := records.get(row.object_id)) is None or record.version != row.version:
            raise StaleRows
        plan = Planned(row, record, values)
        _fill(sheet, plan)
        planned.append(plan)
    return planned


def _fill(sheet: Sheet, plan: Planned) -> None:
    """Put the plain values into the record; links that are not there yet wait."""
    for each in sheet.stored_fields:
        if each.name in plan.values and not isinstance(value := plan.values[each.name], dict):
            _set(plan, each, value)


def _set(plan: Planned, each: Field, value: Any) -> None:
    attname = plan.record._meta.get_field(each.column).attname
    if not plan.is_new:
        plan.before[each.column] = getattr(plan.record, attname)
    setattr(plan.record, attname, value)


# -- inside the transaction --------------------------------------------------------------------------------------------
def write(sheet: Sheet, planned: Sequence[Planned], *, officer, meter: Meter) -> None:
    """Write all records, their rows of other models, and what goes with them.

    Raises ``StaleRows`` when a new row has come into the register since the check, or a place is out of reach now,
    and ``StaleRecord`` when a record was edited; the caller's transaction then keeps nothing.
    """
    meter.next_pass()
    _refuse_out_of_reach(sheet, planned, officer)
    _refuse_come_since(sheet, [plan for plan in planned if plan.is_new], officer)
    _make_related(sheet, planned)
    _write_records(sheet, planned, meter)
    _write_children(sheet, planned)
    if sheet.after_write:
        sheet.after_write([Written(plan.record, plan.values, plan.before, plan.is_new) for plan in planned], officer)
    for plan in planned:
        plan.row.object_id = plan.record.pk


def _refuse_out_of_reach(sheet: Sheet, planned: Sequence[Planned], officer) -> None:
    if not sheet.area:
        return
    ids = {plan.values[sheet.area] for plan in planned if sheet.area in plan.values}
    if Jurisdiction.objects.visible_to(officer).filter(pk__in=ids).count() != len(ids):
        raise StaleRows


def _refuse_come_since(sheet: Sheet, planned: Sequence[Planned], officer) -> None:
    drafts = [
        Draft(plan.row.worksheet, plan.row.number, values={k: v for k, v in plan.values.items() if _is_plain(v)})
        for plan in planned
    ]
    find_records(sheet, drafts, officer=officer)
    # Cells that were typed anew may have made two rows one since the whole was checked.
    refuse_repeats(sheet, drafts)
    if any(draft.found is not None or draft.problems for draft in drafts):
        raise StaleRows


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict)


def _make_related(sheet: Sheet, planned: Sequence[Planned]) -> None:
    """Add the entries of catalogues that rows name, each once, and link them."""
    for each in sheet.fields:
        if each.kind != Kind.RELATION or each.relation.make is None:
            continue
        waiting = [plan for plan in planned if _marked(plan.values.get(each.name), TO_MAKE)]
        if not waiting:
            continue
        texts = {fold(plan.values[each.name][TO_MAKE]): plan.values[each.name][TO_MAKE] for plan in waiting}
        made = {key: each.relation.make(text) for key, text in texts.items()}
        each.relation.model.objects.bulk_create(list(made.values()))
        for plan in waiting:
            _set(plan, each, made[fold(plan.values[each.name][TO_MAKE])].pk)


def _write_records(sheet: Sheet, planned: Sequence[Planned], meter: Meter) -> None:
    by_row = {(plan.row.worksheet, plan.row.number): plan for plan in planned}
    pending = list(planned)
    written: set[Planned] = set()
    while pending:
        ready = [
            plan
            for plan in pending
            if all(key not in by_row or not by_row[key].is_new or by_row[key] in written for key in plan.waits_for)
        ]
        if not ready:
            # Rows that hang on one another in a circle: no list of an office means that.
            raise StaleRows
        for plan in ready:
            _link(sheet, plan, by_row)
        for part in chunks(ready, STRIDE):
            _write_layer(sheet, part)
            written.update(part)
            meter.tell(len(written))
        pending = [plan for plan in pending if plan not in written]


def _link(sheet: Sheet, plan: Planned, by_row: dict[tuple[str, int], Planned]) -> None:
    for each in sheet.stored_fields:
        value = plan.values.get(each.name)
        if _marked(value, ROW_OF_FILE) and (other := by_row.get(tuple(value[ROW_OF_FILE]))):
            _set(plan, each, other.record.pk)


def _write_layer(sheet: Sheet, planned: Sequence[Planned]) -> None:
    new = [plan.record for plan in planned if plan.is_new]
    changed = [plan for plan in planned if not plan.is_new]
    if not sheet.bulk:
        for plan in planned:
            plan.record.save()
        return
    if new:
        if sheet.before_create:
            sheet.before_create(new)
        sheet.model.objects.bulk_create(new)
    if changed:
        fields = sorted({column for plan in changed for column in plan.before})
        if fields:
            sheet.model.objects.bulk_update([plan.record for plan in changed], fields)


def _write_children(sheet: Sheet, planned: Sequence[Planned]) -> None:
    """Rows of other models that belong to the records: changed where they are there, added where not."""
    wanted: dict[Any, dict[tuple[int, Any], dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    told: dict[tuple, str] = {}
    for plan in planned:
        for key, value in plan.values.items():
            name, year = split_year(key)
            if year is not None and (each := sheet.by_name[name]).child:
                wanted[each.child][(plan.record.pk, year)][each.column] = value
                old = plan.row.changes.get(key, ["", ""])[0]
                told[(each.child, plan.record.pk, year, each.column)] = old
    for spec, rows in wanted.items():
        _write_children_of(sheet, spec, rows, told)


def _write_children_of(sheet: Sheet, spec, rows: dict[tuple[int, Any], dict[str, Any]], told: dict[tuple, str]) -> None:
    attname = spec.model._meta.get_field(spec.parent).attname
    there = {}
    for part in in_parts(parent for parent, _ in rows):
        for child in spec.model._base_manager.filter(**{f"{spec.parent}__in": part}):
            there[(getattr(child, attname), getattr(child, spec.key))] = child
    fields = {each.column: each for each in sheet.fields if each.child == spec}
    new, changed, names = [], [], set()
    for (parent, key), values in rows.items():
        child = there.get((parent, key))
        if child is None:
            new.append(spec.model(**{attname: parent, spec.key: key}, **values))
            continue
        for name, value in values.items():
            if fields[name].shown(getattr(child, name)) != told[(spec, parent, key, name)]:
                raise StaleRows
            setattr(child, name, value)
            names.add(name)
        changed.append(child)
    if new:
        spec.model.objects.bulk_create(new)
    if changed:
        spec.model.objects.bulk_update(changed, sorted(names))


def keep_object_ids(planned: Iterable[Planned]) -> None:
    """Write on every new row which record it became."""
    rows = [plan.row for plan in planned if plan.is_new]
    if rows:
        ImportRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=["object_id"])
