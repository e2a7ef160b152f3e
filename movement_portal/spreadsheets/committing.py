"""Writing a checked list: made ready as far as possible, then written in one short transaction."""

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, router

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib import bulk, turns
from movement_portal.lib.bulk import chunks
from movement_portal.lib.garbage import without_search
from movement_portal.lib.scripts import Outdated, Script
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.fields import Field, Kind, split_year
from movement_portal.spreadsheets.judgements import ROW_OF_FILE, TO_MAKE
from movement_portal.spreadsheets.models import ImportRow
from movement_portal.spreadsheets.planning import (
    PART,
    CheckedRow,
    NewRows,
    Planned,
    Planner,
    StaleRows,
    is_marked,
    is_touched,
    last_change,
    rows_to_write,
)
from movement_portal.spreadsheets.progress import Meter
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import Sheet, Written

#: What making a row ready, and writing it, take of the time of a commit.
MAKING, WRITING = 4, 1
PASSES = MAKING + WRITING

#: Outcomes of rows that are written.
OUTCOMES = (RowOutcome.NEW, RowOutcome.CHANGED)


class Commit:
    """The commit of one checked list: ``make_ready`` outside a transaction, ``write`` inside one. To be closed.

    Either raises ``StaleRows`` when something that the check relied on has changed; nothing is then to be kept.
    """

    def __init__(self, sheet: Sheet, batch, *, officer, meter: Meter):
        self._sheet, self._batch, self._officer, self._meter = sheet, batch, officer, meter
        self._script = Script(using=router.db_for_write(sheet.model))
        self._writing = Writing(sheet, batch, officer)
        self._planner = Planner(sheet, officer)
        #: Rows that can only be made in the transaction.
        self._left: list[int] = []
        order = reversed(OUTCOMES) if sheet.changes_first else OUTCOMES
        self._outcomes = [outcome for outcome in order if batch.counts.get(outcome)]
        self._has_new = RowOutcome.NEW in self._outcomes
        self._is_scripted = _may_be_scripted(sheet)
        self._judged: dict[frozenset[str], bool] = {}
        #: Change of the history after which something may have come into the register.
        self._looked_after = batch.checked_after

    def __enter__(self) -> "Commit":
        return self

    def __exit__(self, *error: object) -> None:
        self._script.__exit__(*error)

    def make_ready(self) -> None:
        """Make the records, their history and what goes with them, as far as the register need not hold the rest."""
        if not self._is_scripted:
            return
        new_rows = None
        if self._may_have_come():
            self._looked_after = last_change(self._sheet.model)
            # Where somebody is writing by now, it is looked once, in the transaction.
            new_rows = None if self._looked_after is None else NewRows(self._sheet, self._officer)
        with without_search():
            for rows in rows_to_write(self._batch, self._outcomes):
                planned = self._planner.planned(rows)
                if new_rows:
                    new = [plan for plan in planned if plan.is_new]
                    new_rows.refuse([plan.row for plan in new], [plan.values for plan in new])
                ready = [plan for plan in planned if self._may_be_scripted(frozenset(plan.before))]
                made = set(ready)
                self._left += [plan.row.pk for plan in planned if plan not in made]
                with self._script.collecting():
                    self._writing.take(ready)
                self._meter.add(MAKING * len(rows))
            if not self._left:
                with self._script.collecting():
                    self._writing.finish()

    def _may_be_scripted(self, changed: frozenset[str]) -> bool:
        """Whether a record can be made before the transaction, of one that is there these columns changed."""
        if changed not in self._judged:
            self._judged[changed] = _may_be_scripted(self._sheet, changed)
        return self._judged[changed]

    def write(self, *, patience: float | None = None) -> None:
        """Write it all, inside the caller's transaction; lists of one kind of record are written one after the other.

        Raises ``TurnTaken`` when another list was not written within so many seconds.
        """
        with without_search():
            if self._has_new:
                # What the one before has made is seen when it is done, and not before.
                turns.take_turn(self._sheet.model, using=self._script.using, seconds=patience)
            if self._may_have_come():
                self._look()
            try:
                self._script.carry_out()
            except Outdated:
                raise StaleRows from None
            for rows in self._not_ready():
                self._writing.take(self._planner.planned(rows))
                if not self._is_scripted:
                    self._meter.add(MAKING * len(rows))
            self._writing.finish()

    def _not_ready(self) -> Iterable[list[CheckedRow]]:
        """The rows that are made in the transaction: all, some, or none of them."""
        if not self._is_scripted:
            return rows_to_write(self._batch, self._outcomes)
        return rows_to_write(self._batch, self._outcomes, self._left) if self._left else ()

    def _may_have_come(self) -> bool:
        """Whether records may have come or changed since it was last looked whether the new rows are new."""
        if not self._has_new:
            return False
        return self._looked_after is None or is_touched(self._sheet.model, after=self._looked_after)

    def _look(self) -> None:
        new_rows = NewRows(self._sheet, self._officer)
        for rows in rows_to_write(self._batch, [RowOutcome.NEW]):
            new_rows.refuse(rows, [self._planner.decoded(row) for row in rows])


def _may_be_scripted(sheet: Sheet, changed: Iterable[str] = ()) -> bool:
    """Whether records of the sheet can be made before the transaction: writing them is all that happens.

    ``changed`` are columns of a record that is there; with none it is asked whether any record can.
    """
    if sheet.before_create or sheet.after_write:
        return False
    written = {sheet.model, *(each.child.model for each in sheet.fields if each.child)}
    made = {each.relation.model for each in sheet.fields if each.relation and each.relation.makes}
    return all(
        model._default_manager.all().may_be_scripted(changed if model is sheet.model else ())
        for model in written | made
    )


class Writing:
    """The writing of one list: what earlier parts of it have made is there for the later ones."""

    def __init__(self, sheet: Sheet, batch, officer):
        self._sheet, self._batch, self._officer = sheet, batch, officer
        self._areas: dict[int, Jurisdiction] = {}
        #: Entries of catalogues that rows name and the list has added, by field and folded name.
        self._made: dict[tuple[str, str], int] = {}
        #: Key of the record of each new row that is written.
        self._keys: dict[tuple[str, int], int] = {}
        self._waiting: list[Planned] = []
        #: Some rows may name others by what the list says of them.
        self._has_links = any(each.relation and each.relation.in_file for each in sheet.fields)

    @functools.cached_property
    def _new_rows(self) -> set[tuple[str, int]]:
        return set(self._batch.rows.filter(outcome=RowOutcome.NEW).values_list("worksheet", "number"))

    def take(self, planned: Sequence[Planned]) -> None:
        """Write these rows, but for those that hang on rows which are still to come."""
        if not planned:
            return
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
        if not self._has_links:
            return True
        return all(place in self._keys or place not in self._new_rows for place in plan.waits_for)

    def _place(self, planned: Sequence[Planned]) -> None:
        """Give the records their areas; raises ``StaleRows`` where one is out of reach by now."""
        name = self._sheet.area
        if not name:
            return
        placed = [plan for plan in planned if name in plan.values]
        for part in in_parts({plan.values[name] for plan in placed} - self._areas.keys()):
            self._areas.update(Jurisdiction.objects.visible_to(self._officer).in_bulk(part))
        column = self._sheet.model._meta.get_field(self._sheet.by_name[name].column)
        for plan in placed:
            if plan.values[name] not in self._areas:
                raise StaleRows
            # Loaded once for all rows: the history and the placements name the area.
            column.set_cached_value(plan.record, self._areas[plan.values[name]])

    def _make_related(self, planned: Sequence[Planned]) -> None:
        """Add the entries of catalogues that rows name, each once, and link them."""
        for each in self._sheet.fields:
            if each.kind != Kind.RELATION or not each.relation.makes:
                continue
            waiting = [plan for plan in planned if is_marked(plan.values.get(each.name), TO_MAKE)]
            named: dict[tuple[str, str], Mapping[str, Any]] = {}
            for plan in waiting:
                key = _name_to_make(each, plan.values)
                if key not in self._made:
                    named.setdefault(key, plan.values)
            if named:
                made = _made(each, named)
                each.relation.model.objects.bulk_create(list(made.values()))
                self._made.update({key: record.pk for key, record in made.items()})
            for plan in waiting:
                setattr(plan.record, self._sheet.attnames[each.name], self._made[_name_to_make(each, plan.values)])

    def _write(self, planned: Sequence[Planned]) -> None:
        sheet = self._sheet
        for plan in planned if self._has_links else ():
            self._link(plan)
        _write_layer(sheet, planned)
        _write_children(sheet, planned)
        if sheet.goes_with or sheet.after_write:
            written = [Written(plan.record, plan.values, plan.before, plan.is_new) for plan in planned]
            if sheet.goes_with:
                _add(sheet.goes_with(written, self._officer))
            if sheet.after_write:
                sheet.after_write(written, self._officer)
        new = [plan for plan in planned if plan.is_new]
        for plan in new if self._has_links else ():
            self._keys[plan.place] = plan.record.pk
        keep_object_ids({plan.row.pk: plan.record.pk for plan in new})

    def _link(self, plan: Planned) -> None:
        for place_of in plan.waits_for:
            for each in self._sheet.stored_fields:
                value = plan.values.get(each.name)
                if is_marked(value, ROW_OF_FILE) and tuple(value[ROW_OF_FILE]) == place_of and place_of in self._keys:
                    setattr(plan.record, self._sheet.attnames[each.name], self._keys[place_of])


def _name_to_make(each: Field, values: Mapping[str, Any]) -> tuple[str, str]:
    """Field and name of an entry that is still to be made; names of a catalogue differ by more than accents."""
    text = values[each.name][TO_MAKE]
    return each.name, text if each.relation.make_all else fold(text)


def _made(each: Field, named: Mapping[tuple[str, str], Mapping[str, Any]]) -> dict[tuple[str, str], models.Model]:
    """New entries, not yet written, by field and name; of each the values of the first row that names it."""
    texts = {key: values[each.name][TO_MAKE] for key, values in named.items()}
    if each.relation.make_all:
        records = each.relation.make_all({texts[key]: values for key, values in named.items()})
        return {key: records[text] for key, text in texts.items()}
    return {key: each.relation.make(text) for key, text in texts.items()}


def _write_layer(sheet: Sheet, planned: Sequence[Planned]) -> None:
    new = [plan.record for plan in planned if plan.is_new]
    changed = [plan for plan in planned if not plan.is_new]
    if new:
        if sheet.before_create:
            sheet.before_create(new)
        sheet.model.objects.bulk_create(new)
    if changed:
        fields = sorted({column for plan in changed for column in plan.before})
        if fields:
            sheet.model.objects.bulk_update([plan.record for plan in changed], fields)


def _add(records: Iterable[models.Model]) -> None:
    """Write rows that go with others, those of each model together."""
    by_model: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for record in records:
        by_model[type(record)].append(record)
    for model, same in by_model.items():
        model.objects.bulk_create(same)


def _write_children(sheet: Sheet, planned: Sequence[Planned]) -> None:
    """Rows of other models that belong to the records: changed where they are there, added where not."""
    if not any(each.child for each in sheet.fields):
        return
    wanted: dict[Any, dict[tuple[int, Any], dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    told: dict[tuple, str] = {}
    for plan in planned:
        for key, value in plan.values.items():
            if key in sheet.by_name:
                continue
            name, year = split_year(key)
            each = sheet.by_name[name]
            wanted[each.child][(plan.record.pk, year)][each.column] = value
            told[(each.child, plan.record.pk, year, each.column)] = plan.row.changes.get(key, ["", ""])[0]
    records = {plan.record.pk: plan.record for plan in planned}
    old = {plan.record.pk for plan in planned if not plan.is_new}
    for spec, rows in wanted.items():
        _write_children_of(sheet, spec, rows, told, records, old)


def _write_children_of(
    sheet: Sheet,
    spec,
    rows: dict[tuple[int, Any], dict[str, Any]],
    told: dict[tuple, str],
    records: dict[int, models.Model],
    old: set[int],
) -> None:
    attname = spec.model._meta.get_field(spec.parent).attname
    there = {}
    for part in in_parts(parent for parent, _ in rows if parent in old):
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


def keep_object_ids(records: dict[int, int]) -> None:
    """Write on every new row, by its key, which record it became."""
    if not records:
        return
    using = router.db_for_write(ImportRow)
    column = ImportRow._meta.get_field("object_id")
    bulk.update_columns(ImportRow, [column], list(records), [list(records.values())], using=using)
