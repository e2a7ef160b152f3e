"""Records that keep their history: a base model whose every write is handed to one recorder.

``TrackedModel`` and ``TrackedQuerySet`` cover ``save``, ``delete``, ``update``, ``bulk_create``, ``bulk_update``, what
Django builds on them (``get_or_create``, related managers, cascades) and fixtures. The recorder is set once at start
(``audit`` does it); the write and its record share one transaction, so that a change whose history cannot be written
does not happen. The version of a record grows with its recorded changes and with nothing else. Left outside:
many-to-many rows without a model of their own, and the private ``_update`` and ``_raw_delete``.
"""

import copy
import functools

from django.db import models, router
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from movement_portal.lib import bulk, wholes
from movement_portal.lib.changes import CREATE, DELETE, MASK, UPDATE, Plain, RowChange, StaleRecord, plain, record
from movement_portal.lib.columns import columns_to_read, load_relation, mask_numbers, moment_fields
from movement_portal.lib.tracked_rows import TrackedQuerySet, delete_recorded


class TrackedModel(models.Model):
    """A record with a history and a version that a stale save fails on."""

    #: Columns computed from others: name -> the fields it is computed from; ``derive`` fills them.
    derived_fields: dict[str, tuple[str, ...]] = {}
    #: Columns kept from rows of other tables (``changes.follow``): written with a new row, never with a change of it.
    kept_fields: tuple[str, ...] = ()
    #: Fields whose new value is not kept in the history (a password): it says only that they changed.
    masked_fields: tuple[str, ...] = ()
    #: Fields whose change is no event (the moment of the last login).
    untracked_fields: tuple[str, ...] = ()
    #: Relations that ``__str__`` reads: fetched for all rows of a bulk write at once.
    label_relations: tuple[str, ...] = ()
    #: Rows that the portal notes by itself beside records and that go with them (a likely duplicate).
    is_note_of_portal = False
    #: Days and years of what has happened: none may lie ahead.
    past_fields: tuple[str, ...] = ()
    #: The relation to the record whose page tells this one's history too (``unit`` of a headcount).
    owner_relation: str = ""

    version = models.PositiveIntegerField("phiên bản", default=1, editable=False)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *, force_insert=False, force_update=False, using=None, update_fields=None, held=None):
        """Save with history; raises ``StaleRecord`` when the row has changed since this instance was read.

        ``held`` are its ``stored_values`` where it was read under a lock that still holds: they are not read again.
        """
        bulk.refuse_while_collecting("save()")
        using = using or router.db_for_write(type(self), instance=self)
        if "version" in self.get_deferred_fields():
            raise ValueError(f"{self!r} was read without its version and cannot be saved.")
        mask_numbers([self])
        self.derive()
        names = set(self.tracked_names()) - self.get_deferred_fields()
        is_new = force_insert or (self._state.adding and not force_update and update_fields is None)
        if self.kept_fields and update_fields is None and not is_new:
            update_fields = self._unkept_fields()
        if update_fields is not None:
            written = {self._meta.get_field(name).name for name in update_fields}
            written |= {name for name, sources in self.derived_fields.items() if written & set(sources)}
            names &= {self.attname(name) for name in written}
            update_fields = written | {"version"} | set(moment_fields(type(self)))
        writing = {"force_update": force_update, "using": using, "update_fields": update_fields}
        # A key set by hand is a new row, never the silent overwriting of another.
        if is_new:
            self.version = 1
            with wholes.marked(using=using):
                super().save(force_insert=True, **writing)
                record([self.creation(self.about([self])[0])])
            return
        version = self.version
        with wholes.marked(using=using):
            stored = held or self._stored(using)
            if stored is None or stored["version"] != version:
                raise StaleRecord(self)
            try:
                self.version += bool(self._differences(stored, names))
                super().save(**writing)
                if self.version > version:
                    record(self.change_since(stored, names, self.about([self])[0]))
            except BaseException:
                self.version = version
                raise

    def delete(self, using=None, keep_parents=False):
        bulk.refuse_while_collecting("delete()")
        if self.pk is None:
            raise ValueError(f"{self!r} was never saved and cannot be deleted.")
        with wholes.marked(using=using or router.db_for_write(type(self), instance=self)):
            return delete_recorded([self])

    def _unkept_fields(self):
        """Names of the loaded fields that a change writes: all but the key and what is kept from other tables."""
        left_out = {*self.kept_fields, *self.get_deferred_fields()}
        fields = self._meta.concrete_fields
        return [
            field.name for field in fields if not field.primary_key and left_out.isdisjoint((field.name, field.attname))
        ]

    @classmethod
    def kept_from(cls) -> dict[str, models.Q]:
        """For each of ``kept_fields``, all of them yes or no, the condition under which it is yes."""
        return {}

    def derive(self):
        """Fill the columns of ``derived_fields``."""

    def history_label(self) -> str:
        """What the history calls the row; read by all who see the row or its owner, it names no other record."""
        return str(self)

    @classmethod
    def attname(cls, name):
        """Column attribute of a field: ``parent`` -> ``parent_id``."""
        return cls._meta.get_field(name).attname

    @classmethod
    @functools.cache
    def tracked_names(cls):
        """Column attributes that belong in the history: all but the key, the version, computed and untracked ones."""
        left_out = {"version", *cls.derived_fields, *cls.kept_fields, *cls.untracked_fields}
        return tuple(
            column.attname
            for column in cls._meta.concrete_fields
            if not column.primary_key and column.name not in left_out and column.attname not in left_out
        )

    @classmethod
    def area_paths(cls, rows):
        """Path of the area of each row, in order; models of no area answer with empty texts."""
        return [""] * len(rows)

    @classmethod
    def about(cls, rows) -> list[dict]:
        """What a change says of each row beside its values: label, area, owner; no query per row."""
        for name in cls.label_relations:
            load_relation(rows, name)
        owner = cls._meta.get_field(cls.owner_relation) if cls.owner_relation else None
        return [
            {
                "label": row.history_label()[:255],
                "path": path,
                "owner_model": owner and owner.related_model,
                "owner_pk": owner and getattr(row, owner.attname),
            }
            for row, path in zip(rows, cls.area_paths(rows), strict=True)
        ]

    @classmethod
    def would_change(cls, stored, values):
        """Whether a row with these stored column values differs from the new ones; an expression may always."""
        for name, value in values.items():
            if hasattr(value, "resolve_expression"):
                return True
            column = cls.attname(name)
            new = value.pk if isinstance(value, models.Model) else value
            if cls.plain_value(column, stored[column]) != cls.plain_value(column, new):
                return True
        return False

    def creation(self, about):
        """This row, just created, as a change."""
        return RowChange(type(self), self.pk, CREATE, {}, self._filled(), self.version, **about)

    def deletion(self, about):
        """This row, about to be deleted, as a change."""
        return RowChange(type(self), self.pk, DELETE, self._filled(), {}, self.version, **about)

    def change_since(self, stored, names, about):
        """The difference from ``stored`` (raw column values) as a list of one change, or none."""
        found = self._differences(stored, names)
        if not found:
            return []
        before = {name: MASK if name in self.masked_fields else old for name, (old, _) in found.items()}
        after = {name: MASK if name in self.masked_fields else new for name, (_, new) in found.items()}
        return [RowChange(type(self), self.pk, UPDATE, before, after, self.version, **about)]

    def _differences(self, stored, names):
        """Column name -> old and new plain value, for the tracked columns among ``names`` that differ."""
        found = {}
        for name in self.tracked_names():
            if name in names and name in stored and self.differs(name, stored[name], new := getattr(self, name)):
                found[name] = (self.plain_value(name, stored[name]), self.plain_value(name, new))
        return found

    def _filled(self):
        """Plain values of the tracked columns that hold something."""
        found, columns, masked = {}, columns_to_read(type(self)), self.masked_fields
        for name in self.tracked_names():
            value = getattr(self, name)
            if value is None or value == "":
                continue
            if type(value) not in columns[name][1]:
                value = self.plain_value(name, value)
            if value not in (None, "", [], {}):
                found[name] = MASK if name in masked else value
        return found

    def stored_values(self):
        """Raw column values of this instance, which has just been read, as ``save`` compares with them."""
        return {name: copy.deepcopy(getattr(self, name)) for name in ("version", *self.tracked_names())}

    def _stored(self, using):
        """Raw column values of this row as the database has them now, the row locked."""
        rows = type(self)._base_manager.using(using).select_for_update(of=("self",)).filter(pk=self.pk)
        return rows.values("version", *self.tracked_names()).first()

    @classmethod
    def differs(cls, name, old, new) -> bool:
        """Whether two values of the column are different ones for the history."""
        if type(old) is type(new) and old == new:
            return False
        return cls.plain_value(name, old) != cls.plain_value(name, new)

    @classmethod
    def plain_value(cls, name, value) -> Plain:
        """A value of the column as the history holds it."""
        column, as_it_is = columns_to_read(cls)[name]
        if type(value) in as_it_is:
            return value
        if isinstance(column, models.FileField):
            return str(getattr(value, "name", value) or "")
        return plain((column.target_field if column.is_relation else column).to_python(value))


@receiver(pre_save)
def read_before_fixture(sender, instance, raw, using, **kwargs):
    """Fixtures go round ``save``: note what the row was before one overwrites it."""
    if raw and issubclass(sender, TrackedModel):
        instance.stored_before_fixture = instance._stored(using)


@receiver(post_save)
def record_fixture(sender, instance, raw, **kwargs):
    """Record a row that a fixture wrote."""
    if raw and issubclass(sender, TrackedModel):
        stored, about = instance.stored_before_fixture, instance.about([instance])[0]
        record([instance.creation(about)] if stored is None else instance.change_since(stored, stored, about))
