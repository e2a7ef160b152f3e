"""What a check made of the rows, on disk until the whole list is judged, then kept with the batch."""

import pickle
import tempfile
from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router

from movement_portal.lib import bulk
from movement_portal.spreadsheets.committing import faults_of, row_of
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.models import ImportBatch, ImportFault, ImportRow

#: Bytes of judged rows that stay in memory.
IN_MEMORY = 4 * 1024 * 1024


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
        rows = [row_of(draft, self._batch) for draft in drafts]
        # The position stands in for the key, which is not drawn yet.
        faults = []
        for row, draft in zip(rows, drafts, strict=True):
            row.pk = draft.position
            faults += faults_of(row, draft)
        positions = [draft.position for draft in drafts]
        fault_rows = [fault.row_id for fault in faults]
        part = (positions, self._ready(self._row_fields, rows), fault_rows, self._ready(self._fault_fields, faults))
        pickle.dump(part, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += len(drafts)

    def _ready(self, fields: Sequence[models.Field], objs: Sequence[models.Model]) -> list[list[Any]]:
        connection = connections[self._using]
        return [bulk.prepared(field, bulk.values_of(field, objs, add=True), connection) for field in fields]

    def keep(self) -> None:
        """Write the rows and their faults in place of those there are; inside the caller's transaction."""
        self._batch.rows.all().delete()
        keys = sorted(bulk.draw_keys(ImportRow, self._count, using=self._using))
        self._file.seek(0)
        fault_row = ImportFault._meta.get_field("row")
        taken = 0
        while taken < self._count:
            positions, rows, fault_rows, faults = pickle.load(self._file)
            taken += len(positions)
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
