"""Taking what lists said of persons out of the rows that are kept of them; outcome and number of each row stay."""

import datetime
from collections.abc import Collection, Iterable, Sequence

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from movement_portal.lib.bulk import chunks
from movement_portal.lib.tracking import TrackedModel
from movement_portal.spreadsheets.keeping import ENDED, release_files
from movement_portal.spreadsheets.models import ImportBatch, ImportEdit, ImportFault, ImportFix, ImportRow
from movement_portal.spreadsheets.sheets import sheets

#: What a row says, and what is left where it says nothing.
SAID = {
    "cells": {},
    "originals": {},
    "values": {},
    "changes": {},
    "problems": [],
    "notices": [],
    "questions": [],
    "label": "",
}  # fmt: skip


def forget_records(
    model: type[TrackedModel],
    pks: Iterable[int],
    fields: Collection[str] | None = None,
    *,
    before: datetime.datetime | None = None,
) -> int:
    """Empty the rows of lists that became these records, or the cells of some fields; answers how many rows.

    ``before`` leaves lists alone that were sent later. Lists that are still open are not touched.
    """
    names = [sheet.name for sheet in sheets() if sheet.model is model]
    batches = ImportBatch.objects.filter(sheet__in=names, state__in=ENDED)
    if before is not None:
        batches = batches.filter(uploaded_at__lt=before)
    emptied = 0
    with transaction.atomic():
        for part in chunks(list(pks)):
            rows = list(
                ImportRow.objects.filter(object_id__in=part, batch__in=batches.values("pk")).select_related("batch")
            )
            touched = [row for row in rows if (_empty(row) if fields is None else _empty_fields(row, fields))]
            ImportRow.objects.bulk_update(touched, list(SAID), batch_size=len(part))
            _forget_beside(touched, fields)
            emptied += len(touched)
    return emptied


def _empty(row: ImportRow) -> bool:
    if all(getattr(row, name) == nothing for name, nothing in SAID.items()):
        return False
    for name, nothing in SAID.items():
        setattr(row, name, type(nothing)())
    return True


def _empty_fields(row: ImportRow, fields: Collection[str]) -> bool:
    """Take the cells of some fields out of a row, and what was said of them."""
    headers = {header for header, key in row.batch.mapping.get(row.worksheet, {}).items() if key in fields}
    held = {name: getattr(row, name) for name in SAID}
    for name in ("cells", "originals"):
        setattr(row, name, {key: value for key, value in held[name].items() if key not in headers})
    for name in ("values", "changes"):
        setattr(row, name, {key: value for key, value in held[name].items() if key not in fields})
    for name in ("problems", "notices"):
        setattr(row, name, [each for each in held[name] if each.get("column") not in headers])
    row.questions = [each for each in held["questions"] if each.get("key") not in fields]
    return any(getattr(row, name) != value for name, value in held.items())


def _forget_beside(rows: Sequence[ImportRow], fields: Collection[str] | None) -> None:
    """Faults and typed cells of the rows, and the samples that stand over their columns."""
    faults = ImportFault.objects.filter(row__in=[row.pk for row in rows])
    faults = faults if fields is None else faults.filter(key__in=fields)
    faults.exclude(value="").update(value="")
    for batch_id in {row.batch_id for row in rows}:
        numbers = {row.number for row in rows if row.batch_id == batch_id}
        edits = ImportEdit.objects.filter(batch=batch_id, number__in=numbers)
        (edits if fields is None else edits.filter(key__in=fields)).update(text="", original=None)
        batch = ImportBatch.objects.only("layout").get(pk=batch_id)
        _drop_samples(batch_id, batch.layout, fields)


def _drop_samples(batch_id: int, layout: dict, fields: Collection[str] | None) -> None:
    for table in layout.get("sheets", ()):
        for column in table["columns"]:
            if fields is None or column["key"] in fields:
                column["samples"] = []
        table["top"], table["repairs"] = [], []
        if fields is None:
            for line in table["skipped"]:
                line["text"] = ""
    # The layout is no part of the history of an import.
    models.QuerySet.update(models.QuerySet(ImportBatch).filter(pk=batch_id), layout=layout)


def lists_with_contents(*, before: datetime.datetime) -> models.QuerySet:
    """Imports sent before a moment that have ended and of which a row still says something, or the file is kept."""
    said = ImportRow.objects.filter(batch=OuterRef("pk")).exclude(cells={})
    batches = ImportBatch.objects.filter(uploaded_at__lt=before, state__in=ENDED)
    return batches.filter(Exists(said) | ~models.Q(file=""))


def forget_list(batch_id: int) -> int:
    """Empty every row of an import and remove its file; answers how many rows."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        emptied = ImportRow.objects.filter(batch=batch).exclude(cells={}).update(**SAID)
        ImportFault.objects.filter(batch=batch).delete()
        ImportEdit.objects.filter(batch=batch).delete()
        ImportFix.objects.filter(batch=batch).delete()
        _drop_samples(batch.pk, batch.layout, None)
        release_files([batch])
    return emptied
