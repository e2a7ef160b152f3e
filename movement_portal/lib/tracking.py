"""Records that keep their history: a base model whose every write is handed to one recorder.

``TrackedModel`` and ``TrackedQuerySet`` cover ``save``, ``delete``, ``update``, ``bulk_create`` and ``bulk_update``.
The recorder is set once at start (``audit`` does it); the write and its record share one transaction, so that a change
whose history cannot be written does not happen.
"""

import datetime
import decimal
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models, router, transaction
from django.db.models.deletion import Collector

CREATE, UPDATE, DELETE = "create", "update", "delete"

#: Stands in the history for a value that is not kept there.
MASK = "…"

#: Rows read or written by one statement; below the parameter limits of both databases.
CHUNK = 500

Plain = str | int | float | bool | list | dict | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after a write: plain values of the fields that differ, by column name."""

    model: type[models.Model]
    pk: int
    action: str
    before: dict[str, Plain]
    after: dict[str, Plain]
    version: int
    label: str
    #: Path of the area the row belongs to; empty for a row of no area.
    path: str = ""


class StaleRecord(Exception):
    """Somebody else saved the row since it was read; ``instance`` holds what was to be written."""

    def __init__(self, instance: models.Model):
        super().__init__("Bản ghi đã được người khác sửa sau khi bạn mở.")
        self.instance = instance


_recorder: Callable[[Sequence[RowChange]], None] | None = None


def set_recorder(recorder: Callable[[Sequence[RowChange]], None] | None) -> None:
    """Name the function that writes history; every tracked write calls it inside its transaction."""
    global _recorder
    _recorder = recorder


def record(changes: Sequence[RowChange]) -> None:
    """Hand changes to the recorder; raises ``ImproperlyConfigured`` where there is none."""
    if not changes:
        return
    if _recorder is None:
        raise ImproperlyConfigured("No recorder of history is set; a tracked row may not be written without one.")
    _recorder(changes)


def plain(value: Any) -> Plain:
    """The value as JSON holds it: dates in ISO form, decimals as text, everything else as it is."""
    if isinstance(value, datetime.date | datetime.datetime | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    return value


def chunks(items: Sequence, size: int = CHUNK) -> Iterable[Sequence]:
    """The items in runs of ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))


class TrackedQuerySet(models.QuerySet):
    """Writes in bulk that keep history, the version and derived columns."""

    def update(self, **kwargs):
        """As Django's, with history; refuses a field from which another column is derived."""
        derived_from = {source for sources in self.model.derived_fields.values() for source in sources}
        if spoiled := derived_from.intersection(kwargs):
            raise ValueError(
                f"update() would leave derived columns behind ({', '.join(sorted(spoiled))}): use bulk_update()."
            )
        names = [self.model.attname(name) for name in kwargs]
        with transaction.atomic(using=router.db_for_write(self.model)):
            before = {row["pk"]: row for row in self.select_for_update_if_possible().values("pk", "version", *names)}
            rows = self.model._base_manager.all()
            for pks in chunks(list(before)):
                models.QuerySet.update(rows.filter(pk__in=pks), version=models.F("version") + 1, **kwargs)
            changes = []
            for pks in chunks(list(before)):
                touched = list(rows.filter(pk__in=pks))
                paths = self.model.area_paths(touched)
                for row, path in zip(touched, paths, strict=True):
                    changes.extend(row.change_since(before[row.pk], names, path))
            record(changes)
        return len(before)

    update.alters_data = True

    def select_for_update_if_possible(self):
        """Lock the rows where the query allows it (no slice, no DISTINCT, no aggregate)."""
        query = self.query
        if query.is_sliced or query.distinct or query.group_by is not None or query.combinator:
            return self.order_by() if not query.is_sliced else self
        return self.order_by().select_for_update(of=("self",))

    def bulk_create(self, objs, batch_size=None, ignore_conflicts=False, update_conflicts=False, **kwargs):
        if ignore_conflicts or update_conflicts:
            raise ValueError("A tracked row is either created or changed: conflicts cannot be passed over.")
        objs = list(objs)
        for obj in objs:
            obj.derive()
        with transaction.atomic(using=router.db_for_write(self.model)):
            super().bulk_create(objs, batch_size=batch_size, **kwargs)
            paths = self.model.area_paths(objs)
            record([obj.creation(path) for obj, path in zip(objs, paths, strict=True)])
        return objs

    bulk_create.alters_data = True

    def bulk_update(self, objs, fields, batch_size=CHUNK):
        """Write ``fields`` of whole, loaded instances; raises ``StaleRecord`` when one was changed since it was read.

        The rows go through one upsert a batch, many times faster than Django's CASE expressions.
        """
        objs = list(objs)
        derived = [name for name, sources in self.model.derived_fields.items() if set(sources) & set(fields)]
        names = [self.model.attname(name) for name in dict.fromkeys([*fields, *derived])]
        changes: list[RowChange] = []
        with transaction.atomic(using=router.db_for_write(self.model)):
            for batch in chunks(objs, batch_size or CHUNK):
                rows = self.model._base_manager.filter(pk__in=[obj.pk for obj in batch])
                before = {
                    row["pk"]: row for row in rows.select_for_update(of=("self",)).values("pk", "version", *names)
                }
                for obj in batch:
                    if obj.pk not in before or before[obj.pk]["version"] != obj.version:
                        raise StaleRecord(obj)
                    obj.derive()
                paths = self.model.area_paths(batch)
                moved = []
                for obj, path in zip(batch, paths, strict=True):
                    obj.version += 1
                    if found := obj.change_since(before[obj.pk], names, path):
                        changes.extend(found)
                        moved.append(obj)
                    else:
                        obj.version -= 1
                if moved:
                    super().bulk_create(
                        moved, update_conflicts=True, unique_fields=["pk"], update_fields=[*names, "version"]
                    )
            record(changes)
        return len(changes)

    bulk_update.alters_data = True

    def delete(self):
        with transaction.atomic(using=router.db_for_write(self.model)):
            return delete_recorded(list(self.select_for_update_if_possible()))

    delete.alters_data = True
    delete.queryset_only = True


class TrackedModel(models.Model):
    """A record with a history and a version that a stale save fails on."""

    #: Columns computed from others: name -> the fields it is computed from; ``derive`` fills them.
    derived_fields: dict[str, tuple[str, ...]] = {}
    #: Fields whose new value is not kept in the history (a password): it says only that they changed.
    masked_fields: tuple[str, ...] = ()
    #: Fields whose change is no event (the moment of the last login).
    untracked_fields: tuple[str, ...] = ()

    version = models.PositiveIntegerField("phiên bản", default=1, editable=False)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args, force_insert=False, force_update=False, using=None, update_fields=None):
        """Save with history; raises ``StaleRecord`` when the row has changed since this instance was read."""
        using = using or router.db_for_write(type(self), instance=self)
        self.derive()
        if update_fields is not None:
            written = set(update_fields)
            derived = {name for name, sources in self.derived_fields.items() if written & set(sources)}
            update_fields = written | derived | {"version"}
        with transaction.atomic(using=using):
            before = None
            if not self._state.adding and not force_insert:
                before = self._stored(using)
                if before is None or before["version"] != self.version:
                    raise StaleRecord(self)
                self.version += 1
            try:
                super().save(
                    *args,
                    force_insert=force_insert,
                    force_update=force_update,
                    using=using,
                    update_fields=update_fields,
                )
                path = self.area_paths([self])[0]
                if before is None:
                    record([self.creation(path)])
                else:
                    names = self.tracked_names()
                    if update_fields is not None:
                        names = [name for name in names if name in {self.attname(field) for field in update_fields}]
                    record(self.change_since(before, names, path))
            except BaseException:
                if before is not None:
                    self.version = before["version"]
                raise

    def delete(self, using=None, keep_parents=False):
        with transaction.atomic(using=using or router.db_for_write(type(self), instance=self)):
            return delete_recorded([self])

    def derive(self):
        """Fill the columns of ``derived_fields``."""

    @classmethod
    def attname(cls, name):
        """Column attribute of a field: ``parent`` -> ``parent_id``."""
        return cls._meta.get_field(name).attname

    @classmethod
    def tracked_names(cls):
        """Column attributes that belong in the history: all but the key, the version, derived and untracked ones."""
        left_out = {"version", *cls.derived_fields, *cls.untracked_fields}
        return [
            column.attname
            for column in cls._meta.concrete_fields
            if not column.primary_key and column.name not in left_out and column.attname not in left_out
        ]

    @classmethod
    def area_paths(cls, rows):
        """Path of the area of each row, in order; models of no area answer with empty texts."""
        return [""] * len(rows)

    def creation(self, path=""):
        """This row, just created, as a change."""
        return RowChange(type(self), self.pk, CREATE, {}, self._filled(), self.version, str(self)[:255], path)

    def deletion(self, path=""):
        """This row, about to be deleted, as a change."""
        return RowChange(type(self), self.pk, DELETE, self._filled(), {}, self.version, str(self)[:255], path)

    def change_since(self, stored, names, path=""):
        """The difference from ``stored`` (raw column values) as a list of one change, or none."""
        before, after = {}, {}
        for name in set(self.tracked_names()).intersection(names, stored):
            old, new = self.plain_value(name, stored[name]), self.plain_value(name, getattr(self, name))
            if old != new:
                masked = name in self.masked_fields
                before[name], after[name] = (MASK, MASK) if masked else (old, new)
        if not after:
            return []
        return [RowChange(type(self), self.pk, UPDATE, before, after, self.version, str(self)[:255], path)]

    def _filled(self):
        """Plain values of the tracked columns that hold something."""
        values = {name: self.plain_value(name, getattr(self, name)) for name in self.tracked_names()}
        return {
            name: MASK if name in self.masked_fields else value
            for name, value in values.items()
            if value not in (None, "", [], {})
        }

    def _stored(self, using):
        """Raw column values of this row as the database has them now, the row locked."""
        rows = type(self)._base_manager.using(using).select_for_update(of=("self",)).filter(pk=self.pk)
        return rows.values("version", *self.tracked_names()).first()

    @classmethod
    def plain_value(cls, name, value):
        """A value of the column as the history holds it."""
        column = cls._meta.get_field(name)
        if isinstance(column, models.FileField):
            return str(getattr(value, "name", value) or "")
        return plain((column.target_field if column.is_relation else column).to_python(value))


def delete_recorded(rows):
    """Delete the rows and what goes with them, each tracked one recorded; answers as ``QuerySet.delete``."""
    if not rows:
        return 0, {}
    using = router.db_for_write(type(rows[0]), instance=rows[0])
    collector = Collector(using=using)
    collector.collect(rows)
    gone = [row for found in collector.data.values() for row in found]
    for queryset in collector.fast_deletes:
        if issubclass(queryset.model, TrackedModel):
            gone.extend(queryset)
    by_model: dict[type[TrackedModel], list] = {}
    for row in gone:
        if isinstance(row, TrackedModel):
            by_model.setdefault(type(row), []).append(row)
    changes = []
    for model, found in by_model.items():
        changes.extend(row.deletion(path) for row, path in zip(found, model.area_paths(found), strict=True))
    answer = collector.delete()
    record(changes)
    return answer
