"""Changing keys while the portal runs: a new key seals from now on, what is stored is sealed anew batch by batch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.fernet import Fernet
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from movement_portal.persons.citizen_ids import MARK, CitizenId
from movement_portal.persons.fields import CitizenIdField
from movement_portal.persons.keys import SEAL_FILE, fingerprint, key_folder, keyring, read_seal_keys, write_seal_keys

#: Rows sealed anew in one transaction.
BATCH = 500


@dataclass(frozen=True)
class Holder:
    """Something else that keeps sealed values: ``count(key)`` of those under another key, ``reseal()`` batch by batch.

    ``reseal`` yields how many each batch had; stopped between two of them it goes on where it was.
    """

    label: str
    count: Callable[[str], int]
    reseal: Callable[[], Iterator[int]]


_holders: dict[str, Holder] = {}


def register_holder(slug: str, holder: Holder) -> None:
    """Name a further place of sealed values; an app does it when it starts."""
    _holders[slug] = holder


def holders() -> list[Holder]:
    """Every further place of sealed values."""
    return list(_holders.values())


def sealed_columns() -> list[tuple[type[models.Model], str]]:
    """Every column of the portal that holds sealed numbers."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, CitizenIdField)
    ]


def add_key() -> str:
    """Put a new key before the others and answer its fingerprint: from now on it seals, the others still open.

    Running processes see it with their next use of a key.
    """
    keyring()
    key = Fernet.generate_key().decode("ascii")
    write_seal_keys([key, *read_seal_keys(key_folder() / SEAL_FILE)])
    return fingerprint(key)


def stale_rows(model: type[models.Model], name: str) -> models.QuerySet:
    """Rows whose number is sealed under another key than the one that seals now."""
    rows = models.QuerySet(model).annotate(sealed_text=Cast(name, models.TextField()))
    return rows.filter(**{f"{name}__isnull": False}).exclude(sealed_text__startswith=f"{MARK}.{keyring().name}.")


def reseal(model: type[models.Model], name: str) -> Iterator[int]:
    """Seal the rows of a column anew, a batch a transaction; yields how many each batch had.

    No change of the record: history and version stay, and a row that an officer saves meanwhile is not overwritten,
    for only the same old token is replaced. Raises ``WrongKey`` where a key is missing, keeping what was done.
    """
    last = 0
    while True:
        rows = list(stale_rows(model, name).filter(pk__gt=last).order_by("pk").values_list("pk", name)[:BATCH])
        if not rows:
            return
        last = rows[-1][0]
        with transaction.atomic():
            for pk, number in rows:
                _replace(model, name, pk, number)
        yield len(rows)


def _replace(model: type[models.Model], name: str, pk: int, number: CitizenId) -> None:
    sealed = Cast(name, models.TextField())
    same = models.QuerySet(model).annotate(sealed_text=sealed).filter(pk=pk, sealed_text=number.token)
    fresh = number.resealed()
    # Past the tracked queryset on purpose: the record does not change.
    models.QuerySet.update(same, **{name: fresh, f"{name}_index": fresh.index})


def reindex(model: type[models.Model], name: str) -> int:
    """Compute every index of a column anew, after the key of the index was replaced; answers the rows."""
    done = last = 0
    while True:
        rows = list(
            models.QuerySet(model)
            .filter(pk__gt=last, **{f"{name}__isnull": False})
            .order_by("pk")
            .values_list("pk", name)[:BATCH]
        )
        if not rows:
            return done
        last, done = rows[-1][0], done + len(rows)
        with transaction.atomic():
            for pk, number in rows:
                models.QuerySet.update(models.QuerySet(model).filter(pk=pk), **{f"{name}_index": number.index})


def remaining() -> int:
    """How many sealed values are still under a key that no longer seals."""
    name = keyring().name
    counted = sum(stale_rows(model, column).count() for model, column in sealed_columns())
    return counted + sum(holder.count(name) for holder in holders())


def drop_old_keys() -> int:
    """Leave only the key that seals; answers how many went. Raises ``ValueError`` while one is still needed."""
    if remaining():
        raise ValueError("Vẫn còn số định danh mã hóa bằng khóa cũ.")
    keys = read_seal_keys(key_folder() / SEAL_FILE)
    write_seal_keys(keys[:1])
    return len(keys) - 1
