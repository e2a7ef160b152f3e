"""Taking an import back: what it made goes, what it changed is as it was; what was touched since stays and is named.

All is read from the history of the import itself, so this holds for every kind of sheet: records, their rows by year,
catalogue entries made on the way, steps of a life. Whatever the number of rows, the questions to the database are a few
for each kind of record and thousand rows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.urls import NoReverseMatch

from movement_portal.audit.enums import ChangeAction
from movement_portal.audit.models import Change
from movement_portal.audit.presenting import field_label, model_of
from movement_portal.lib.bulk import CHUNK
from movement_portal.lib.changes import MASK
from movement_portal.lib.columns import columns_to_read
from movement_portal.lib.tracking import TrackedModel
from movement_portal.spreadsheets.models import ImportBatch, ImportRow
from movement_portal.spreadsheets.progress import Meter
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import sheet_for

OUT_OF_REACH = "không còn thuộc địa bàn đồng chí phụ trách"
EDITED = "đã được sửa sau khi nhập"
NOT_KEPT = "giá trị cũ không được giữ trong nhật ký"
GONE_SINCE = "giá trị cũ đã bị xóa khỏi danh mục"
TAKEN_SINCE = "giá trị cũ đã được nơi khác dùng"

Key = tuple[type[models.Model], int]


@dataclass(eq=False)
class Item:
    """One record that the import made or changed."""

    model: type[TrackedModel]
    pk: int
    label: str
    is_new: bool
    #: Version in which the import left the record.
    version: int
    owner: Key | None
    #: Plain values of the columns that the import changed.
    before: dict[str, Any]
    after: dict[str, Any]
    record: TrackedModel | None = None
    #: Column -> value that is put back.
    restore: dict[str, Any] = field(default_factory=dict)
    #: Why the record, or the columns named, stay as they are; empty where all is taken back.
    reason: str = ""
    kept_columns: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return (self.model, self.pk)

    @property
    def is_kept(self) -> bool:
        return bool(self.reason)

    @property
    def kept_fields(self) -> list[str]:
        """What the columns that stay are called on screen."""
        return [field_label(self.model, column) for column in self.kept_columns]

    def keep(self, reason: str) -> None:
        """Let the record stay as it is; the first reason stands."""
        self.reason = self.reason or reason
        self.restore = {}

    def keep_column(self, column: str, reason: str) -> None:
        """Leave one changed column as it is."""
        self.restore.pop(column, None)
        self.kept_columns.append(column)
        self.reason = self.reason or reason


@dataclass
class Undo:
    """What taking an import back would do."""

    items: list[Item]
    #: Of each new record the new records that refer to it.
    referring: dict[Key, list[Item]] = field(default_factory=lambda: defaultdict(list))

    @property
    def removed(self) -> list[Item]:
        return [item for item in self.items if item.is_new and not item.is_kept]

    @property
    def restored(self) -> list[Item]:
        return [item for item in self.items if item.restore]

    @property
    def kept(self) -> list[Item]:
        return [item for item in self.items if item.is_kept]

    @property
    def counts(self) -> dict[str, int]:
        """So many records that go, are put back, stay."""
        return {"removed": len(self.removed), "restored": len(self.restored), "kept": len(self.kept)}

    def by_kind(self, items: Iterable[Item]) -> list[tuple[str, int]]:
        """How many of the items are of each kind of record, in words."""
        counted = Counter(str(item.model._meta.verbose_name) for item in items)
        return counted.most_common()


# -- what would happen -------------------------------------------------------------------------------------------------
def plan_undo(batch: ImportBatch, *, officer, lock: bool = False) -> Undo:
    """What taking the import back would do; ``lock`` holds its records for the transaction that does it."""
    undo = Undo(items_of(batch))
    by_model: dict[type[TrackedModel], list[Item]] = defaultdict(list)
    for item in undo.items:
        by_model[item.model].append(item)
    for model, items in by_model.items():
        _load(model, items, officer, lock)
    # What is gone already needs no taking back.
    undo.items = [item for item in undo.items if item.record is not None]
    for item in undo.items:
        _judge(item)
    stays = sheet_for(batch.sheet).stays
    for item, reason in stays(undo.items, officer) if stays else ():
        item.keep(reason)
    for model, items in by_model.items():
        _check_old_values(model, [item for item in items if item.restore])
    _keep_used(undo)
    return undo


def items_of(batch: ImportBatch) -> list[Item]:
    """Records that the import made or changed, each once, as its history tells."""
    items: dict[Key, Item] = {}
    changes = Change.objects.filter(event=batch.event_id).exclude(model=ImportBatch._meta.label_lower).order_by("id")
    columns = ("model", "object_id", "action", "version", "label", "owner_model", "owner_id", "before", "after")
    for row in changes.values_list(*columns).iterator(chunk_size=2_000):
        model, pk, action, version, label, owner_model, owner_id, before, after = row
        kind = model_of(model)
        if kind is None or not issubclass(kind, TrackedModel):
            continue
        item = items.get((kind, pk))
        if item is None:
            owner = (model_of(owner_model), owner_id) if owner_id else None
            item = Item(kind, pk, label, action == ChangeAction.CREATE, version, owner, {}, {})
            items[item.key] = item
        item.version = version
        for column, value in after.items():
            item.before.setdefault(column, before.get(column))
            item.after[column] = value
    return list(items.values())


def _load(model: type[TrackedModel], items: Sequence[Item], officer, lock: bool) -> None:
    by_pk = {item.pk: item for item in items}
    for part in in_parts(by_pk):
        rows = model._base_manager.filter(pk__in=part)
        for record in rows.select_for_update(of=("self",)) if lock else rows:
            by_pk[record.pk].record = record
        seen = set(model._default_manager.visible_to(officer).filter(pk__in=part).values_list("pk", flat=True))
        for pk in part:
            if by_pk[pk].record is not None and pk not in seen:
                by_pk[pk].keep(OUT_OF_REACH)


def _judge(item: Item) -> None:
    """A new record stays when it was edited; a changed one keeps the columns that no longer hold what came in."""
    if item.is_kept:
        return
    if item.is_new:
        if item.record.version != item.version:
            item.keep(EDITED)
        return
    for column, new in item.after.items():
        old, now = item.before.get(column), item.model.plain_value(column, getattr(item.record, column))
        if MASK in (old, new):
            item.keep_column(column, NOT_KEPT)
        elif now == new:
            item.restore[column] = column_of(item.model, column).to_python(old)
        elif now != old:
            item.keep_column(column, EDITED)


def column_of(model: type[TrackedModel], column: str) -> models.Field:
    """The field of a column attribute."""
    return columns_to_read(model)[column][0]


def _check_old_values(model: type[TrackedModel], items: Sequence[Item]) -> None:
    """Keep columns whose old value cannot come back: the record it named is gone, or another one bears it now."""
    for column in sorted({column for item in items for column in item.restore}):
        target = column_of(model, column)
        concerned = [item for item in items if item.restore.get(column) not in (None, "")]
        if target.is_relation:
            there = _existing(target.related_model, {item.restore[column] for item in concerned})
            lost = [item for item in concerned if item.restore[column] not in there]
            reason = GONE_SINCE
        elif _is_unique(model, target):
            bearers = _bearers(model, column, concerned)
            own = {item.pk for item in concerned}
            lost = [item for item in concerned if bearers.get(item.restore[column], item.pk) not in own]
            reason = TAKEN_SINCE
        else:
            continue
        for item in lost:
            item.keep_column(column, reason)


def _existing(model: type[models.Model], pks: Iterable) -> set:
    return {pk for part in in_parts(pks) for pk in model._base_manager.filter(pk__in=part).values_list("pk", flat=True)}


def _is_unique(model: type[models.Model], column: models.Field) -> bool:
    return column.unique or any(
        tuple(constraint.fields) == (column.name,)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    )


def _bearers(model: type[models.Model], column: str, items: Sequence[Item]) -> dict[Any, int]:
    """Which record bears each old value today."""
    bearers: dict[Any, int] = {}
    for part in in_parts(item.restore[column] for item in items):
        bearers.update(model._base_manager.filter(**{f"{column}__in": part}).values_list(column, "pk"))
    return bearers


# -- what is used since ------------------------------------------------------------------------------------------------
def references_to(model: type[models.Model]) -> Iterator[models.ForeignObjectRel]:
    """Relations of other models to this one, the hidden ones as well."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation


def _keep_used(undo: Undo) -> None:
    """Keep new records that something else refers to, and what belongs to records that stay."""
    items = {item.key: item for item in undo.items}
    new: dict[type[models.Model], list[Item]] = defaultdict(list)
    for item in undo.items:
        if item.is_new:
            new[item.model].append(item)
    for model, found in new.items():
        for relation in references_to(model):
            _note_references(undo, relation, found, items)
    belonging: dict[Key, list[Item]] = defaultdict(list)
    for item in undo.items:
        if item.is_new and item.owner in items and items[item.owner].is_new:
            belonging[item.owner].append(item)
    referred: dict[Key, list[Item]] = defaultdict(list)
    for key, referring in undo.referring.items():
        for item in referring:
            referred[item.key].append(items[key])
    pending = [item for item in undo.items if item.is_new and item.is_kept]
    while pending:
        stays = pending.pop()
        also = [(other, f"đang được dùng ở “{stays.label}”") for other in referred[stays.key]]
        also += [(other, f"thuộc về “{stays.label}”") for other in belonging[stays.key]]
        for other, reason in also:
            if not other.is_kept:
                other.keep(reason)
                pending.append(other)


def _note_references(undo: Undo, relation, found: Sequence[Item], items: dict[Key, Item]) -> None:
    by_pk = {item.pk: item for item in found}
    model, column = relation.related_model, relation.field.attname
    is_own_note = not issubclass(model, TrackedModel) or model.is_note_of_portal
    if is_own_note and relation.on_delete is models.CASCADE:
        # What the portal itself notes beside a record goes with it.
        return
    kind = str(model._meta.verbose_name)
    for part in in_parts(by_pk):
        rows = model._base_manager.filter(**{f"{relation.field.name}__in": part}).order_by()
        for pk, target in rows.values_list("pk", column):
            other = items.get((model, pk))
            if other is None or (not other.is_new and column not in other.restore):
                by_pk[target].keep(f"đã được dùng sau khi nhập ({kind})")
            elif other.is_new and other.key != by_pk[target].key:
                undo.referring[by_pk[target].key].append(other)


# -- doing it ----------------------------------------------------------------------------------------------------------
def carry_out(undo: Undo, *, meter: Meter) -> None:
    """Put back and remove what the plan says; the caller's transaction holds the records locked.

    Raises ``StaleRecord`` or ``IntegrityError`` when something has come between, and then nothing may be kept.
    """
    by_model: dict[type[TrackedModel], list[Item]] = defaultdict(list)
    for item in undo.restored:
        by_model[item.model].append(item)
    for model, items in by_model.items():
        _restore(model, items)
        meter.add(len(items))
    for layer in _layers(undo):
        for model, items in layer.items():
            for part in in_parts(item.pk for item in items):
                model._base_manager.filter(pk__in=part).delete()
                meter.add(len(part))
    meter.done()


def _restore(model: type[TrackedModel], items: Sequence[Item]) -> None:
    for item in items:
        for column, value in item.restore.items():
            setattr(item.record, column, value)
    names = sorted({column_of(model, column).name for item in items for column in item.restore})
    model._base_manager.bulk_update([item.record for item in items], names)


def _layers(undo: Undo) -> Iterator[dict[type[TrackedModel], list[Item]]]:
    """The new records that go, those that nothing refers to any more first."""
    going = {item.key: item for item in undo.removed}
    waiting = {key: {item.key for item in undo.referring.get(key, ()) if item.key in going} for key in going}
    refers: dict[Key, list[Key]] = defaultdict(list)
    for key, others in waiting.items():
        for other in others:
            refers[other].append(key)
    ready = [key for key, others in waiting.items() if not others]
    while ready:
        layer: dict[type[TrackedModel], list[Item]] = defaultdict(list)
        freed = []
        for key in ready:
            layer[key[0]].append(going[key])
            for target in refers[key]:
                waiting[target].discard(key)
                if not waiting[target]:
                    freed.append(target)
        yield layer
        ready = freed


# -- in words ----------------------------------------------------------------------------------------------------------
#: Kept records that a summary names; each row of the list names its own.
NAMED = 200


def summary_of(undo: Undo) -> dict[str, Any]:
    """What taking an import back does, as a page shows it and a batch keeps it."""
    kept = undo.kept
    return {
        "counts": undo.counts,
        "removed_kinds": undo.by_kind(undo.removed),
        "restored_kinds": undo.by_kind(undo.restored),
        "kept": [
            {
                "label": item.label,
                "kind": str(item.model._meta.verbose_name),
                "reason": item.reason,
                "fields": item.kept_fields,
                "url": "" if item.reason == OUT_OF_REACH else page_of(item.record),
            }
            for item in kept[:NAMED]
        ],
    }


def page_of(record: models.Model) -> str:
    """Address of a record's page, where it has one."""
    try:
        return record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
    except NoReverseMatch:
        return ""


def keep_reasons(batch: ImportBatch, model: type[models.Model], undo: Undo) -> None:
    """Note on every row of the list whose record stays why it does."""
    reasons: dict[int, str] = {}
    for item in undo.kept:
        fields = f" ({', '.join(item.kept_fields)})" if item.kept_fields else ""
        if item.model is model:
            reasons[item.pk] = f"{item.reason}{fields}"
        elif item.owner and item.owner[0] is model:
            reasons.setdefault(item.owner[1], f"{item.label}: {item.reason}{fields}")
    ImportRow.objects.filter(batch=batch).exclude(kept_reason="").update(kept_reason="")
    for part in in_parts(reasons):
        rows = list(ImportRow.objects.filter(batch=batch, object_id__in=part))
        for row in rows:
            row.kept_reason = reasons[row.object_id]
        ImportRow.objects.bulk_update(rows, ["kept_reason"], batch_size=CHUNK)
