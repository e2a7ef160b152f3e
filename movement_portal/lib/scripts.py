"""Writes made ready before the transaction that carries them out.

A list of 100,000 rows takes long to turn into columns and a few seconds to write. On SQLite whoever writes keeps all
others from writing, so only the second belongs in the transaction. While a script collects, the bulk writes of tracked
records (``bulk_create``, ``bulk_update``) and their history go to a file instead of the database: keys are reserved in
short transactions of their own, and what was read is noted with its version. ``carry_out`` writes all of it, unless a
version has changed since. Keys reserved for a script that is never carried out are not used again.
"""

import contextlib
import pickle
import tempfile
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import models

from movement_portal.lib import bulk

#: Bytes of a script that stay in memory.
IN_MEMORY = 4 * 1024 * 1024

INSERT, UPDATE = "insert", "update"


class Outdated(Exception):
    """A record has changed since the script read it; nothing may be written."""


class Script:
    """Writes in the order in which they were collected. To be closed, as a file is."""

    def __init__(self, *, using: str):
        self.using = using
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, prefix="portal-script-")  # noqa: SIM115 closed on leaving
        self._writes = 0
        self._first: dict[Hashable, Callable[[], object]] = {}
        self._read: dict[type[models.Model], dict[int, int]] = {}

    def __enter__(self) -> "Script":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    @contextlib.contextmanager
    def collecting(self) -> Iterator[None]:
        """Bulk writes of tracked records inside are collected; other writes of them are refused."""
        token = bulk.script.set(self)
        try:
            yield
        finally:
            bulk.script.reset(token)

    # -- what bulk writes hand over ------------------------------------------------------------------------------------
    def insert(
        self,
        model: type[models.Model],
        fields: Sequence[models.Field],
        ready: Sequence[Sequence[Any]],
        *,
        draw: bool = False,
    ) -> None:
        """Rows as columns of driver values; with ``draw`` they get their keys when they are written."""
        self._collect(INSERT, model, fields, (ready, draw))

    def update(
        self,
        model: type[models.Model],
        fields: Sequence[models.Field],
        keys: Sequence[int],
        ready: Sequence[Sequence[Any]],
    ) -> None:
        """New values of columns of the rows with these keys."""
        self._collect(UPDATE, model, fields, (list(keys), ready))

    def _collect(self, kind: str, model: type[models.Model], fields: Sequence[models.Field], values: tuple) -> None:
        names = [field.name for field in fields]
        pickle.dump((kind, model._meta.label, names, *values), self._file, pickle.HIGHEST_PROTOCOL)
        self._writes += 1

    def first(self, name: Hashable, write: Callable[[], object]) -> None:
        """Have something written before all else, once for each name."""
        self._first.setdefault(name, write)

    def has_read(self, model: type[models.Model], versions: Mapping[int, int]) -> None:
        """Note the versions that records had when their new values were made."""
        self._read.setdefault(model, {}).update(versions)

    # -- in the transaction --------------------------------------------------------------------------------------------
    def carry_out(self, tell: Callable[[float], object] | None = None) -> None:
        """Write everything, inside the caller's transaction; ``tell`` hears which share of it is written.

        Raises ``Outdated`` when a record that was read has changed or is gone.
        """
        for model, versions in self._read.items():
            self._refuse_changed(model, versions)
        for write in self._first.values():
            write()
        self._file.seek(0)
        for number in range(self._writes):
            kind, label, names, *values = pickle.load(self._file)
            model = apps.get_model(label)
            fields = [model._meta.get_field(name) for name in names]
            (self._insert if kind == INSERT else self._update)(model, fields, *values)
            if tell:
                tell((number + 1) / self._writes)

    def _refuse_changed(self, model: type[models.Model], versions: Mapping[int, int]) -> None:
        keys = list(versions)
        for start in range(0, len(keys), bulk.ROWS):
            part = keys[start : start + bulk.ROWS]
            rows = model._base_manager.using(self.using).filter(pk__in=part).order_by("pk").select_for_update()
            found = dict(rows.values_list("pk", "version"))
            if any(found.get(key) != versions[key] for key in part):
                raise Outdated

    def _insert(self, model, fields, ready, draw) -> None:
        if draw:
            keys = bulk.draw_keys(model, len(ready[0]), using=self.using)
            fields, ready = [model._meta.pk, *fields], [keys, *ready]
        bulk.insert_prepared(model, fields, ready, using=self.using)

    def _update(self, model, fields, keys, ready) -> None:
        bulk.update_prepared(model, fields, keys, ready, using=self.using)
