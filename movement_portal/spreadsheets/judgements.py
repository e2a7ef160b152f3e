"""What a check made of the rows, on disk until the whole list is judged, then kept with the batch."""

import functools
import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connections, models, router, transaction

from movement_portal.lib import bulk
from movement_portal.persons.citizen_ids import CitizenId
from movement_portal.spreadsheets.drafts import Draft, RowOfFile, ToMake
from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.fields import encode
from movement_portal.spreadsheets.models import ImportBatch, ImportFault, ImportRow
from movement_portal.spreadsheets.models.corrections import TOLD_APART

#: Marks of values that are another row of the list, and an entry of a catalogue that is still to be made.
ROW_OF_FILE, TO_MAKE = "$row", "$make"

#: Bytes of judged rows that stay in memory.
IN_MEMORY = 4 * 1024 * 1024
#: Rows that are kept in one transaction, and rows of an earlier check that are removed in one.
AT_ONCE, REMOVED = 5_000, 5_000
#: What a check says of a row, in the order of ``judgement_of``.
JUDGED = (
    "worksheet", "number", "outcome", "cells", "originals", "values", "changes", "problems", "notices", "cause",
    "label", "candidates", "questions", "score", "object_id", "version",
)  # fmt: skip
#: Types whose values JSON keeps as they are, and most are.
_AS_THEY_ARE = frozenset({str, int, bool, float, type(None)})


def judgement_of(draft: Draft) -> tuple:
    """What is kept of a draft, by the columns of ``JUDGED``."""
    return (
        draft.worksheet[:100],
        draft.number,
        draft.outcome.value,
        draft.cells,
        draft.originals,
        {key: value if type(value) in _AS_THEY_ARE else _packed(value) for key, value in draft.values.items()},
        draft.changes,
        [problem.as_json() for problem in draft.problems],
        [notice.as_json() for notice in draft.notices],
        draft.problems[0].cause[:200] if draft.problems else "",
        draft.label,
        draft.candidates,
        draft.questions,
        draft.candidates[0][1] if draft.candidates else None,
        draft.found.pk if draft.found is not None else None,
        getattr(draft.found, "version", None),
    )


def row_of(draft: Draft, batch) -> ImportRow:
    """The draft as a row of its batch."""
    return ImportRow(batch=batch, **dict(zip(JUDGED, judgement_of(draft), strict=True)))


def faults_of(batch_id: int, row_id: int, draft: Draft) -> list[ImportFault]:
    """What is wrong in a row and what stands open, one entry a fault."""
    if not draft.problems and not draft.doubts:
        return []
    found = {
        (each.key, each.cause[:TOLD_APART], each.value[:TOLD_APART]): (each, refuses)
        for refuses, each in [
            *((False, each) for each in draft.doubts if draft.outcome == RowOutcome.NEW),
            *((True, each) for each in draft.problems if draft.outcome == RowOutcome.REFUSED),
        ]
    }
    return [
        ImportFault(
            batch_id=batch_id,
            row_id=row_id,
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


class Judgements:
    """The rows of a list as they will be kept: taken in any order, kept in the order of the list.

    Everything is made ready before the transaction, which only writes. To be closed, as a file is.
    """

    def __init__(self, batch: ImportBatch):
        self._batch, self._count = batch, 0
        self._using = router.db_for_write(ImportRow)
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, prefix="portal-rows-")  # noqa: SIM115 closed on leaving
        self._row_fields = [field for field in ImportRow._meta.concrete_fields if not field.primary_key]
        self._fault_fields = [field for field in ImportFault._meta.concrete_fields if not field.primary_key]

    def __enter__(self) -> "Judgements":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def take(self, drafts: Sequence[Draft]) -> None:
        """Take judged rows; the drafts may be forgotten then."""
        if not drafts:
            return
        judged = zip(*map(judgement_of, drafts), strict=True)
        told = dict(zip(JUDGED, map(list, judged), strict=True))
        connection = connections[self._using]
        rows = [
            bulk.prepared(field, told.get(field.name) or self._same(field, len(drafts)), connection)
            for field in self._row_fields
        ]
        positions = [draft.position for draft in drafts]
        # The position stands in for the key, which is not drawn yet.
        faults = [fault for draft in drafts for fault in faults_of(self._batch.pk, draft.position, draft)]
        fault_rows = [fault.row_id for fault in faults]
        fault_columns = [
            bulk.prepared(field, bulk.values_of(field, faults, add=True), connection) for field in self._fault_fields
        ]
        pickle.dump((positions, rows, fault_rows, fault_columns), self._file, pickle.HIGHEST_PROTOCOL)
        self._count += len(drafts)

    def _same(self, field: models.Field, count: int) -> list[Any]:
        """The value of a column that a check does not decide, for so many rows."""
        return [self._batch.pk if field.name == "batch" else field.get_default()] * count

    @property
    def are_many(self) -> bool:
        """Whether writing them all at once would keep others from writing for long."""
        return self._count > AT_ONCE or self._batch.rows.count() > AT_ONCE

    def keep(self) -> None:
        """Write the rows and their faults in place of those there are; inside the caller's transaction."""
        for model in (ImportFault, ImportRow):
            models.QuerySet(model).filter(batch=self._batch)._raw_delete(self._using)
        for write in self._parts(sorted(bulk.draw_keys(ImportRow, self._count, using=self._using))):
            write()

    def keep_in_parts(self, hold: Callable[[], object]) -> None:
        """As ``keep``, in short transactions between which others write; until the last, the rows tell nothing.

        ``hold`` is called in each: it makes sure under a lock that the rows are still this check's to write, or raises.
        """
        for model in (ImportFault, ImportRow):
            while keys := list(model.objects.filter(batch=self._batch).values_list("pk", flat=True)[:REMOVED]):
                with transaction.atomic(using=self._using):
                    hold()
                    models.QuerySet(model).filter(pk__in=keys)._raw_delete(self._using)
        keys = sorted(bulk.reserve_keys(ImportRow, self._count, using=self._using))
        for write in self._parts(keys):
            with transaction.atomic(using=self._using):
                hold()
                write()

    def _parts(self, keys: Sequence[int]) -> Iterator[Callable[[], None]]:
        """What writes each part as it was taken, the rows with the keys of their positions."""
        self._file.seek(0)
        taken = 0
        while taken < self._count:
            part = pickle.load(self._file)
            taken += len(part[0])
            yield functools.partial(self._write, keys, *part)

    def _write(self, keys: Sequence[int], positions, rows, fault_rows, faults) -> None:
        fault_row = ImportFault._meta.get_field("row")
        self._insert(ImportRow, self._row_fields, rows, [keys[position] for position in positions])
        if fault_rows:
            columns = [
                [keys[position] for position in fault_rows] if field is fault_row else values
                for field, values in zip(self._fault_fields, faults, strict=True)
            ]
            fault_keys = bulk.draw_keys(ImportFault, len(fault_rows), using=self._using)
            self._insert(ImportFault, self._fault_fields, columns, fault_keys)

    def _insert(self, model, fields, ready, keys) -> None:
        bulk.insert_prepared(model, [model._meta.pk, *fields], [keys, *ready], using=self._using)
