"""Writes of many rows that keep history: what ``tracking`` does for one record, for all rows of a query at once."""

import itertools

from django.db import models, router
from django.db.models.deletion import Collector
from django.utils import timezone

from movement_portal.lib import bulk, wholes
from movement_portal.lib.changes import RowChange, StaleRecord, record, tell
from movement_portal.lib.columns import mask_numbers, moment_fields, prose_columns
from movement_portal.lib.masking import is_phone_column, mask_in_text


class TrackedQuerySet(models.QuerySet):
    """Writes in bulk that keep history, the version and derived columns."""

    def update(self, **kwargs):
        """As Django's, with history; refuses a field from which another column is derived.

        Rows that hold the new values already are left as they are and counted all the same.
        """
        bulk.refuse_while_collecting("update()")
        self._not_support_combined_queries("update")
        if self.query.is_sliced:
            raise TypeError("Cannot update a query once a slice has been taken.")
        derived_from = {source for sources in self.model.derived_fields.values() for source in sources}
        if spoiled := derived_from.intersection(self.model._meta.get_field(name).name for name in kwargs):
            raise ValueError(
                f"update() would leave derived columns behind ({', '.join(sorted(spoiled))}): use bulk_update()."
            )
        if "version" in kwargs:
            raise ValueError("The version counts the changes of a record and is not written by hand.")
        for name in {*prose_columns(self.model)}.intersection(kwargs):
            if isinstance(kwargs[name], str):
                kwargs[name] = mask_in_text(kwargs[name], is_phone=is_phone_column(name))
        names = [self.model.attname(name) for name in kwargs]
        tracked = set(self.model.tracked_names()).intersection(names)
        stamps = dict.fromkeys(moment_fields(self.model), timezone.now()) | kwargs
        if tracked:
            stamps["version"] = models.F("version") + 1
        with wholes.marked(using=router.db_for_write(self.model)):
            before = {row["pk"]: row for row in self.locked().values("pk", "version", *names)}
            pks = [pk for pk, row in before.items() if self.model.would_change(row, kwargs)]
            # An expression may name an annotation, which only this query knows.
            source = self.order_by() if self.query.annotations else self.model._base_manager.all()
            for batch in bulk.chunks(pks, bulk.ROWS):
                models.QuerySet.update(source.filter(pk__in=batch), **stamps)
            if tracked:
                record(self._changes_since(before, pks, names))
        return len(before)

    update.alters_data = True

    def _changes_since(self, before, pks, names):
        changes = []
        for batch in bulk.chunks(pks, bulk.ROWS):
            touched = list(self.model._base_manager.filter(pk__in=batch))
            for row, about in zip(touched, self.model.about(touched), strict=True):
                changes.extend(row.change_since(before[row.pk], names, about))
        return changes

    def locked(self):
        """These rows, locked where the query allows it (no slice, no DISTINCT, no aggregate)."""
        query = self.query
        if query.is_sliced:
            return self
        if query.distinct or query.group_by is not None or query.combinator:
            return self.order_by()
        return self.order_by().select_for_update(of=("self",))

    def may_be_scripted(self, changed=()):
        """Whether a script can collect the bulk writes of such rows, an update of these fields among them.

        A queryset that does more than writing rows says so by its own methods, and must say here what holds for them.
        """
        own = type(self)
        does_more = (own.bulk_create, own.bulk_update) != (TrackedQuerySet.bulk_create, TrackedQuerySet.bulk_update)
        return not does_more and bulk.can_draw_keys(self.model)

    def bulk_create(self, objs, batch_size=None, ignore_conflicts=False, update_conflicts=False, **kwargs):
        if ignore_conflicts or update_conflicts:
            raise ValueError("A tracked row is either created or changed: conflicts cannot be passed over.")
        objs = list(objs)
        mask_numbers(objs)
        for obj in objs:
            obj.derive()
            obj.version = 1
        using = router.db_for_write(self.model)
        with bulk.transaction_of(using):
            if not kwargs and all(type(obj) is self.model for obj in objs) and bulk.can_insert(objs):
                bulk.insert(objs, using=using)
            else:
                bulk.refuse_while_collecting("bulk_create() of these rows")
                super().bulk_create(objs, batch_size=batch_size, **kwargs)
            record([obj.creation(about) for obj, about in zip(objs, self.model.about(objs), strict=True)])
        return objs

    bulk_create.alters_data = True

    def bulk_update(self, objs, fields, batch_size=bulk.ROWS):
        """Write ``fields`` of whole, loaded instances; answers how many rows have a change in their history.

        Raises ``StaleRecord`` when one was changed since it was read, and then changes nothing.
        """
        objs = list(objs)
        if len({obj.pk for obj in objs}) < len(objs):
            raise ValueError("bulk_update() was given one record twice.")
        if partial := next((obj for obj in objs if obj.get_deferred_fields()), None):
            raise ValueError(f"bulk_update() writes whole rows: {partial!r} was read without some of its fields.")
        written = {self.model._meta.get_field(name).name for name in fields}
        derived = [name for name, sources in self.model.derived_fields.items() if set(sources) & written]
        names = [self.model.attname(name) for name in dict.fromkeys([*fields, *derived])]
        changes: list[RowChange] = []
        versions = [(obj, obj.version) for obj in objs]
        try:
            with bulk.transaction_of(router.db_for_write(self.model)):
                for batch in bulk.chunks(objs, batch_size or bulk.ROWS):
                    changes.extend(self._bulk_update(batch, names))
                record(changes)
        except BaseException:
            for obj, version in versions:
                obj.version = version
            raise
        return len(changes)

    bulk_update.alters_data = True

    def _bulk_update(self, batch, names):
        """Write one batch, locked, and answer its changes; rows without a difference are not written."""
        rows = self.model._base_manager.filter(pk__in=[obj.pk for obj in batch])
        if script := bulk.script.get():
            script.has_read(self.model, {obj.pk: obj.version for obj in batch})
        else:
            rows = rows.select_for_update(of=("self",))
        before = {row["pk"]: row for row in rows.values("pk", "version", *names)}
        changes, moved = [], []
        mask_numbers(batch)
        for obj in batch:
            if obj.pk not in before or before[obj.pk]["version"] != obj.version:
                raise StaleRecord(obj)
            obj.derive()
        for obj, about in zip(batch, self.model.about(batch), strict=True):
            stored = before[obj.pk]
            obj.version += 1
            if found := obj.change_since(stored, names, about):
                changes.extend(found)
            else:
                obj.version -= 1
            if found or any(obj.differs(name, stored[name], getattr(obj, name)) for name in names):
                moved.append(obj)
        if moved:
            written = dict.fromkeys([*names, "version", *moment_fields(self.model)])
            fields = [self.model._meta.get_field(name) for name in written]
            columns = [bulk.values_of(field, moved, add=False) for field in fields]
            bulk.update_columns(
                self.model, fields, [obj.pk for obj in moved], columns, using=router.db_for_write(self.model)
            )
        return changes

    def delete(self):
        bulk.refuse_while_collecting("delete()")
        with wholes.marked(using=router.db_for_write(self.model)):
            return delete_recorded(list(self.locked()))

    delete.alters_data = True
    delete.queryset_only = True


def keeps_history(model: type[models.Model]) -> bool:
    """Whether every write of the rows of a model is recorded."""
    return isinstance(model._base_manager.all(), TrackedQuerySet)


def delete_alone(kinds):
    """Delete rows, given by model, to which nothing refers but each other; each is recorded as the instance has it.

    They were read under a lock that still holds, and who deletes them has asked what refers to them: nothing is asked
    again. Where something does after all, the database refuses when the transaction ends.
    """
    bulk.refuse_while_collecting("delete_alone()")
    kinds = {model: list(rows) for model, rows in kinds.items()}
    for model, rows in kinds.items():
        # All are told before any goes: rows are called after one another.
        record([row.deletion(about) for row, about in zip(rows, model.about(rows), strict=True)])
    for model, rows in kinds.items():
        using = router.db_for_write(model)
        for batch in bulk.chunks([row.pk for row in rows], bulk.NEW_ROWS):
            models.QuerySet(model, using=using).filter(pk__in=batch)._raw_delete(using)


def delete_recorded(rows):
    """Delete rows of one model and what goes with them, each tracked one recorded; answers as ``QuerySet.delete``.

    What is recorded is what the database holds, whatever an instance in memory says.
    """
    if not rows:
        return 0, {}
    model, using = type(rows[0]), router.db_for_write(type(rows[0]), instance=rows[0])
    collector = Collector(using=using)
    collector.collect(rows)
    gone: dict[type[models.Model], dict] = {}
    cascaded = [found for kind, found in collector.data.items() if keeps_history(kind)]
    cascaded += [found for found in collector.fast_deletes if keeps_history(found.model)]
    for row in itertools.chain.from_iterable(cascaded):
        gone.setdefault(type(row), {})[row.pk] = row
    gone[model] = {}
    for batch in bulk.chunks([row.pk for row in rows], bulk.ROWS):
        gone[model].update({row.pk: row for row in model._base_manager.filter(pk__in=batch)})
    changes = []
    for kind, found in gone.items():
        held = list(found.values())
        changes.extend(row.deletion(about) for row, about in zip(held, kind.about(held), strict=True))
    record(changes, is_ahead=True)
    deleted = collector.delete()
    tell(changes)
    return deleted
