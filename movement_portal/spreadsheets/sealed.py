"""What imports keep sealed, for a change of keys: uploaded files, numbers in rows and corrections."""

from collections.abc import Iterator

from django.db import models, transaction
from django.db.models.functions import Cast

from movement_portal.persons.citizen_ids import MARK, CitizenId, is_sealed
from movement_portal.persons.keys import keyring
from movement_portal.persons.rotation import BATCH, Holder, register_holder
from movement_portal.spreadsheets.models import ImportBatch, ImportEdit, ImportFix, ImportRow, ValueMemory


def stale_texts(model: type[models.Model], column: str, key: str) -> models.QuerySet:
    """Rows of a model with a sealed number under another key in a column of text or JSON."""
    text = Cast(column, models.TextField())
    rows = models.QuerySet(model).annotate(kept=text).filter(kept__contains=f"{MARK}.")
    return rows.exclude(kept__contains=f"{MARK}.{key}.")


#: Rows of imports long ended as well: whoever has an old key and a copy of the database shall open nothing.
PLACES = ((ImportRow, "values"), (ImportEdit, "text"), (ImportFix, "text"), (ValueMemory, "text"))


def count(key: str) -> int:
    """Files and rows that are under another key."""
    files = sum(1 for _ in ImportBatch._meta.get_field("file").storage.stale(key))
    return files + sum(stale_texts(model, column, key).count() for model, column in PLACES)


def reseal() -> Iterator[int]:
    """Seal them anew, batch by batch; what fails with ``WrongKey`` keeps what was done."""
    yield from ImportBatch._meta.get_field("file").storage.reseal()
    for model, column in PLACES:
        while rows := list(stale_texts(model, column, keyring().name).order_by("pk")[:BATCH]):
            with transaction.atomic():
                for row in rows:
                    models.QuerySet(model).filter(pk=row.pk).update(**{column: _anew(getattr(row, column))})
            yield len(rows)


def _anew(value):
    if isinstance(value, dict):
        return {key: _anew(each) for key, each in value.items()}
    if isinstance(value, str) and is_sealed(value):
        return CitizenId.sealed(value).resealed().token
    return value


def register_sealed() -> None:
    """Let the change of keys know of them."""
    register_holder("imports", Holder("Tệp và dòng của các lần nhập", count, reseal))
