"""Writing a checked list: in one transaction, a part of it in memory at a time."""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, router
from django.db.models.base import ModelState

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib import bulk
from movement_portal.lib.garbage import without_search
from movement_portal.lib.tracking import chunks
from movement_portal.lib.vietnamese import fold
from movement_portal.persons.citizen_ids import CitizenId
from movement_portal.spreadsheets.drafts import Draft, RowOfFile, ToMake
from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.fields import Field, Kind, encode, split_year
from movement_portal.spreadsheets.models import ImportFault, ImportRow
from movement_portal.spreadsheets.models.corrections import TOLD_APART
from movement_portal.spreadsheets.progress import Meter
from movement_portal.spreadsheets.records import Repeats, find_records, in_parts
from movement_portal.spreadsheets.sheets import Sheet, Written

ROW_OF_FILE, TO_MAKE = "$row", "$make"

#: Rows of a list that are in memory together while it is written.
PART = 1_000
#: What looking whether a row is still new, and writing it, take of the time of a commit.
LOOKING, WRITING = 1, 4
PASSES = LOOKING + WRITING


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
        originals=draft.originals,
        values={key: _packed(value) for key, value in draft.values.items()},
        changes=draft.changes,
        problems=[problem.as_json() for problem in draft.problems],
        notices=[notice.as_json() for notice in draft.notices],
        cause=draft.problems[0].cause[:200] if draft.problems else "",
        label=draft.label,
        candidates=draft.candidates,
        questions=draft.questions,
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
    if isinstance(value, CitizenId):
        return value.token
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
    def place(self) -> tuple[str, int]:
        """Worksheet and number of the row."""
        return self.row.worksheet, self.row.number

    @property
    def waits_for(self) -> list[tuple[str, int]]:
        """Rows of the file whose records must be there first."""
        return [tuple(value[ROW_OF_FILE]) for value in self.values.values() if _marked(value, ROW_OF_FILE)]


def _marked(value: Any, mark: str) -> bool:
    return isinstance(value, dict) and mark in value


def rows_to_write(batch, outcome: RowOutcome) -> Iterator[list[ImportRow]]:
    """The rows of a batch with an outcome in parts of ``PART``, without what only its pages show."""
    rows = batch.rows.filter(outcome=outcome).order_by("id")
    rows = rows.only("batch", "worksheet", "number", "outcome", "values", "changes", "object_id", "version")
    yield from _in_turn(rows, lambda row: row.pk)


def _in_turn(rows: models.QuerySet, key: Callable[[Any], int]) -> Iterator[list[Any]]:
    """Rows in the order of their keys, ``PART`` at a time; no cursor stays open while they are written over."""
    part = list(rows[:PART])
    while part:
        yield part
        part = list(rows.filter(pk__gt=key(part[-1]))[:PART])


def prepare(sheet: Sheet, rows: Sequence[ImportRow], *, officer) -> list[Planned]:
    """Records for rows that add or change something; raises ``StaleRows`` when one was edited since the check."""
    blank = Blank(sheet.model)
    records: dict[int, models.Model] = {}
    for part in in_parts(row.object_id for row in rows if row.object_id):
        records.update(sheet.model.objects.editable_by(officer).in_bulk(part))
    planned = []
    for row in rows:
        values = {key: sheet.field_of(key).decode(value) for key, value in row.values.items()}
        if row.outcome == RowOutcome.NEW:
            record = blank.copy()
        elif (record := records.get(row.object_id)) is None or record.version != row.version:
            raise StaleRows
        plan = Planned(row, record, values)
        _fill(sheet, plan)
        planned.append(plan)
    return planned


class Blank:
    """A new record of a model, made once and copied: Django takes its time over each of forty columns."""

    def __init__(self, model: type[models.Model]):
        self._model = model
        self._values = {name: value for name, value in vars(model()).items() if name != "_state"}
        self._made = {
            field.attname: field.get_default
            for field in model._meta.concrete_fields
            if callable(field.default) or isinstance(self._values.get(field.attname), list | dict)
        }

    def copy(self) -> models.Model:
        """A record with the defaults of its model."""
        record = self._model.__new__(self._model)
        record._state = ModelState()
        vars(record).update(self._values)
        for name, made in self._made.items():
            setattr(record, name, made())
        return record


def _fill(sheet: Sheet, plan: Planned) -> None:
    """Put the plain values into the record; links that are not there yet wait."""
    for each in sheet.stored_fields:
        if each.name in plan.values and not isinstance(value := plan.values[each.name], dict):
            _set(sheet, plan, each, value)


def _set(sheet: Sheet, plan: Planned, each: Field, value: Any) -> None:
    attname = sheet.attnames[each.name]
    if not plan.is_new:
        plan.before[each.column] = getattr(plan.record, attname)
    setattr(plan.record, attname, value)


# -- inside the transaction --------------------------------------------------------------------------------------------
def write(sheet: Sheet, batch, *, officer, meter: Meter) -> None:
    """Write the records of all rows that add or change something, their rows of other models, and what goes with them.

    A part of the list is in memory at a time. Raises ``StaleRows`` when a new row has come into the register since the
    check, or a place is out of reach now, and ``StaleRecord`` when a record was edited; the caller's transaction then
    keeps nothing.
    """
    with without_search():
        refuse_come_since(sheet, batch, officer, meter)
        writing = Writing(sheet, batch, officer, meter)
        for outcome in (RowOutcome.NEW, RowOutcome.CHANGED):
            for rows in rows_to_write(batch, outcome):
                writing.take(prepare(sheet, rows, officer=officer))
        writing.finish()


def refuse_come_since(sheet: Sheet, batch, officer, meter: Meter) -> None:
    """Raise ``StaleRows`` when a record that the list would add is in the register by now, or twice in the list.

    Cells that were typed anew may have made two rows one since the whole was checked.
    """
    repeats = Repeats(sheet)
    new = batch.rows.filter(outcome=RowOutcome.NEW).order_by("id").values_list("pk", "worksheet", "number", "values")
    for rows in _in_turn(new, lambda row: row[0]):
        drafts = [
            Draft(worksheet, number, values=_plain_values(sheet, values)) for _, worksheet, number, values in rows
        ]
        find_records(sheet, drafts, officer=officer)
        repeats.refuse(drafts)
        if any(draft.found is not None or draft.problems for draft in drafts):
            raise StaleRows
        meter.add(LOOKING * len(rows))


def _plain_values(sheet: Sheet, values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: sheet.field_of(key).decode(value) for key, value in values.items() if not isinstance(value, dict)}


class Writing:
    """The writing of one list: what earlier parts of it have made is there for the later ones."""

    def __init__(self, sheet: Sheet, batch, officer, meter: Meter):
        self._sheet, self._batch, self._officer, self._meter = sheet, batch, officer, meter
        self._areas: dict[int, Jurisdiction] = {}
        #: Entries of catalogues that rows name and the list has added, by field and folded name.
        self._made: dict[tuple[str, str], int] = {}
        #: Key of the record of each new row that is written.
        self._keys: dict[tuple[str, int], int] = {}
        self._waiting: list[Planned] = []

    @functools.cached_property
    def _new_rows(self) -> set[tuple[str, int]]:
        return set(self._batch.rows.filter(outcome=RowOutcome.NEW).values_list("worksheet", "number"))

    def take(self, planned: Sequence[Planned]) -> None:
        """Write these rows, but for those that hang on rows which are still to come."""
        self._place(planned)
        self._make_related(planned)
        pending = list(planned)
        while ready := [plan for plan in pending if self._is_ready(plan)]:
            self._write(ready)
            written = set(ready)
            pending = [plan for plan in pending if plan not in written]
        self._waiting += pending

    def finish(self) -> None:
        """Write the rows that waited for others."""
        while self._waiting:
            ready = [plan for plan in self._waiting if self._is_ready(plan)]
            if not ready:
                # Rows that hang on one another in a circle: no list of an office means that.
                raise StaleRows
            written = set(ready)
            self._waiting = [plan for plan in self._waiting if plan not in written]
            for part in chunks(ready, PART):
                self._write(part)

    def _is_ready(self, plan: Planned) -> bool:
        return all(place in self._keys or place not in self._new_rows for place in plan.waits_for)

    def _place(self, planned: Sequence[Planned]) -> None:
        """Give the records their areas; raises ``StaleRows`` where one is out of reach by now."""
        name = self._sheet.area
        if not name:
            return
        placed = [plan for plan in planned if name in plan.values]
        for part in in_parts({plan.values[name] for plan in placed} - self._areas.keys()):
            self._areas.update(Jurisdiction.objects.visible_to(self._officer).in_bulk(part))
        for plan in placed:
            if plan.values[name] not in self._areas:
                raise StaleRows
            # Loaded once for all rows: the history and the placements name the area.
            setattr(plan.record, self._sheet.by_name[name].column, self._areas[plan.values[name]])

    def _make_related(self, planned: Sequence[Planned]) -> None:
        """Add the entries of catalogues that rows name, each once, and link them."""
        for each in self._sheet.fields:
            if each.kind != Kind.RELATION or each.relation.make is None:
                continue
            waiting = [plan for plan in planned if _marked(plan.values.get(each.name), TO_MAKE)]
            texts = {(each.name, fold(text)): text for plan in waiting if (text := plan.values[each.name][TO_MAKE])}
            made = {key: each.relation.make(text) for key, text in texts.items() if key not in self._made}
            if made:
                each.relation.model.objects.bulk_create(list(made.values()))
                self._made.update({key: record.pk for key, record in made.items()})
            for plan in waiting:
                _set(self._sheet, plan, each, self._made[each.name, fold(plan.values[each.name][TO_MAKE])])

    def _write(self, planned: Sequence[Planned]) -> None:
        sheet = self._sheet
        for plan in planned:
            self._link(plan)
        _write_layer(sheet, planned)
        _write_children(sheet, planned)
        if sheet.after_write:
            written = [Written(plan.record, plan.values, plan.before, plan.is_new) for plan in planned]
            sheet.after_write(written, self._officer)
        for plan in planned:
            plan.row.object_id = plan.record.pk
            if plan.is_new:
                self._keys[plan.place] = plan.record.pk
        keep_object_ids(planned)
        self._meter.add(WRITING * len(planned))

    def _link(self, plan: Planned) -> None:
        for place_of in plan.waits_for:
            for each in self._sheet.stored_fields:
                value = plan.values.get(each.name)
                if _marked(value, ROW_OF_FILE) and tuple(value[ROW_OF_FILE]) == place_of and place_of in self._keys:
                    _set(self._sheet, plan, each, self._keys[place_of])


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
    records = {plan.record.pk: plan.record for plan in planned}
    for spec, rows in wanted.items():
        _write_children_of(sheet, spec, rows, told, records)


def _write_children_of(
    sheet: Sheet,
    spec,
    rows: dict[tuple[int, Any], dict[str, Any]],
    told: dict[tuple, str],
    records: dict[int, models.Model],
) -> None:
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
            new.append(spec.model(**{spec.parent: records[parent], spec.key: key}, **values))
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
    using = router.db_for_write(ImportRow)
    for part in chunks([plan.row for plan in planned if plan.is_new], bulk.ROWS):
        keys, records = [row.pk for row in part], [row.object_id for row in part]
        bulk.update_columns(ImportRow, [ImportRow._meta.get_field("object_id")], keys, [records], using=using)
