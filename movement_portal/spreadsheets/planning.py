"""Records as a checked list would have them: read from its rows, not yet written."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models, router
from django.db.models.base import ModelState

from movement_portal.audit.models import Change
from movement_portal.lib import turns
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.judgements import ROW_OF_FILE
from movement_portal.spreadsheets.records import find_records, in_parts
from movement_portal.spreadsheets.repeats import Repeats
from movement_portal.spreadsheets.sheets import Sheet

#: Rows of a list that are in memory together while it is written.
PART = 1_000


class StaleRows(Exception):
    """Something the check relied on has changed since; nothing was written."""


class CheckedRow(NamedTuple):
    """What of a kept row a commit needs."""

    pk: int
    worksheet: str
    number: int
    outcome: str
    values: dict[str, Any]
    changes: dict[str, list[str]]
    object_id: int | None
    version: int | None

    @property
    def is_new(self) -> bool:
        return self.outcome == RowOutcome.NEW


@dataclass(eq=False)
class Planned:
    """One record to be written."""

    row: CheckedRow
    record: models.Model
    #: Values of columns by field name, decoded; values of a year by their key.
    values: dict[str, Any]
    is_new: bool
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, int]:
        """Worksheet and number of the row."""
        return self.row.worksheet, self.row.number

    @property
    def waits_for(self) -> list[tuple[str, int]]:
        """Rows of the file whose records must be there first."""
        return [tuple(value[ROW_OF_FILE]) for value in self.values.values() if is_marked(value, ROW_OF_FILE)]


def is_marked(value: Any, mark: str) -> bool:
    """Whether a value stands for something that is not there yet."""
    return isinstance(value, dict) and mark in value


def rows_to_write(
    batch, outcomes: Sequence[RowOutcome], keys: Sequence[int] | None = None
) -> Iterator[list[CheckedRow]]:
    """The rows of a batch with these outcomes in parts of ``PART``, or those of them with these keys."""
    for outcome in outcomes:
        rows = batch.rows.filter(outcome=outcome).order_by("id").values_list(*CheckedRow._fields)
        if keys is None:
            yield from _in_turn(rows, lambda row: row[0])
            continue
        for part in in_parts(keys):
            yield from _in_turn(rows.filter(pk__in=part), lambda row: row[0])


def _in_turn(rows: models.QuerySet, key: Callable[[Any], int]) -> Iterator[list[CheckedRow]]:
    """Rows in the order of their keys, ``PART`` at a time; no cursor stays open while they are written over."""
    left = rows
    while True:
        # One more than wanted tells whether there are others.
        found = list(left[: PART + 1])
        part = list(itertools.starmap(CheckedRow, found[:PART]))
        if part:
            yield part
        if len(found) <= PART:
            return
        left = rows.filter(pk__gt=key(part[-1]))


class Planner:
    """Makes records of the rows of one list, part by part."""

    def __init__(self, sheet: Sheet, officer):
        self._sheet, self._officer = sheet, officer
        self._blank = Blank(sheet.model)

    def decoded(self, row: CheckedRow) -> dict[str, Any]:
        """The values of a row as they were before they were kept."""
        field_of = self._sheet.field_of
        return {key: field_of(key).decode(value) if type(value) is str else value for key, value in row.values.items()}

    def planned(self, rows: Sequence[CheckedRow]) -> list[Planned]:
        """Records for rows that add or change something; raises ``StaleRows`` when one was edited since the check."""
        records: dict[int, models.Model] = {}
        known = self._sheet.model.objects.editable_by(self._officer)
        if relations := self._sheet.model.label_relations:
            # The history calls the records after these.
            known = known.select_related(*relations)
        for part in in_parts(row.object_id for row in rows if row.object_id and not row.is_new):
            records.update(known.in_bulk(part))
        return [self._plan(row, records) for row in rows]

    def _plan(self, row: CheckedRow, records: Mapping[int, models.Model]) -> Planned:
        is_new, values, attnames = row.is_new, self.decoded(row), self._sheet.attnames
        plain = {attnames[key]: value for key, value in values.items() if type(value) is not dict and key in attnames}
        if is_new:
            return Planned(row, self._blank.copy(plain), values, is_new)
        record = records.get(row.object_id)
        if record is None or record.version != row.version:
            raise StaleRows
        by_column = self._sheet.by_name
        before = {by_column[key].column: getattr(record, attnames[key]) for key in values if key in attnames}
        for attname, value in plain.items():
            setattr(record, attname, value)
        return Planned(row, record, values, is_new, before)


class Blank:
    """A new record of a model, made once and copied: Django takes its time over each of forty columns."""

    def __init__(self, model: type[models.Model]):
        self._model = model
        self._values = {name: value for name, value in vars(model()).items() if name != "_state"}
        self._made = {
            field.attname: field.get_default
            for field in model._meta.concrete_fields
            if field.has_default()
            and (callable(field.default) or isinstance(self._values.get(field.attname), list | dict))
        }

    def copy(self, values: Mapping[str, Any]) -> models.Model:
        """A record with these values by attribute, and the defaults of its model for others."""
        record = self._model.__new__(self._model)
        record._state = ModelState()
        vars(record).update(self._values)
        for name, made in self._made.items():
            setattr(record, name, made())
        vars(record).update(values)
        return record


def last_change(model: type[models.Model]) -> int | None:
    """Key of a change in the history: whatever is not to be seen yet of such records comes to have a higher one.

    None where that cannot be told, for somebody is writing them: keys are drawn before a transaction ends. What is
    read after this is what it speaks of.
    """
    using = router.db_for_write(model)
    last = Change.objects.using(using).order_by("-pk").values_list("pk", flat=True).first() or 0
    # In this order: who has ended by now is seen, who begins now draws higher keys.
    return None if turns.others_write(model, using=using) else last


def is_touched(model: type[models.Model], *, after: int) -> bool:
    """Whether the history knows of a change of such records after that one."""
    return Change.objects.filter(pk__gt=after, model=model._meta.label_lower).exists()


class NewRows:
    """Looks whether the new rows of a list are still new: not in the register by now, not twice in the list.

    Cells that were typed anew may have made two rows one since the whole was checked.
    """

    def __init__(self, sheet: Sheet, officer):
        self._sheet, self._officer = sheet, officer
        self._repeats = Repeats(sheet)

    def refuse(self, rows: Sequence[CheckedRow], values: Sequence[Mapping[str, Any]]) -> None:
        """Raise ``StaleRows`` when one of the rows, given with its decoded values, is not new any more."""
        drafts = [
            Draft(row.worksheet, row.number, values={key: each for key, each in own.items() if type(each) is not dict})
            for row, own in zip(rows, values, strict=True)
        ]
        find_records(self._sheet, drafts, officer=self._officer)
        self._repeats.refuse(drafts)
        if any(draft.found is not None or draft.problems for draft in drafts):
            raise StaleRows
