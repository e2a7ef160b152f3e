"""Taking an import back: what it made goes, what it changed is as it was; what was touched since stays and is named.

All is read from the history of the import itself, so this holds for every kind of sheet: records, their rows by year,
catalogue entries made on the way, steps of a life. Whatever the number of rows, the questions to the database are a few
for each kind of record and thousand rows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.urls import NoReverseMatch

from movement_portal.audit.enums import ChangeAction
from movement_portal.audit.models import Change
from movement_portal.audit.presenting import field_label, model_of
from movement_portal.lib.bulk import CHUNK
from movement_portal.lib.changes import MASK
from movement_portal.lib.columns import columns_to_read, load_relation
from movement_portal.lib.tracked_rows import delete_alone
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
    #: Of each new record what the portal itself notes beside it, and goes with it.
    notes: dict[Key, list[Key]] = field(default_factory=lambda: defaultdict(list))

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
    kinds = by_model(undo.items)
    for model, items in kinds.items():
        _load(batch, model, items, lock)
    _keep_unseen(batch, kinds, officer)
    _tie(kinds)
    # What is gone already needs no taking back.
    undo.items = [item for item in undo.items if item.record is not None]
    for item in undo.items:
        _judge(item)
    stays = sheet_for(batch.sheet).stays
    for item, reason in stays(undo.items, officer) if stays else ():
        item.keep(reason)
    _check_old_values(kinds)
    _keep_used(undo, batch)
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


def _touched(batch: ImportBatch, model: type[models.Model]) -> models.QuerySet:
    """Keys of the records of a model that the import made or changed, as a part of other questions."""
    changes = Change.objects.filter(event=batch.event_id, model=model._meta.label_lower)
    return changes.order_by().values("object_id")


def _load(batch: ImportBatch, model: type[TrackedModel], items: Sequence[Item], lock: bool) -> None:
    by_pk = {item.pk: item for item in items}
    rows = model._base_manager.filter(pk__in=_touched(batch, model)).order_by("pk")
    for record in rows.select_for_update(of=("self",)) if lock else rows:
        by_pk[record.pk].record = record


def _keep_unseen(batch: ImportBatch, kinds: Mapping[type[TrackedModel], Sequence[Item]], officer) -> None:
    """Keep the records that the officer does not see; one question for all."""
    numbered = list(kinds)
    asked = [
        model._default_manager.visible_to(officer).filter(pk__in=_touched(batch, model)).order_by()
        for model in numbered
    ]
    found = _together(rows.values_list(Value(number), "pk") for number, rows in enumerate(asked))
    seen = {(numbered[number], pk) for number, pk in found}
    for items in kinds.values():
        for item in items:
            if item.record is not None and item.key not in seen:
                item.keep(OUT_OF_REACH)


def _together(asked: Iterable[models.QuerySet]) -> Iterable[tuple]:
    """The rows of several questions, asked as one."""
    first, *others = [*asked] or [None]
    if first is None:
        return ()
    return (first.union(*others, all=True) if others else first).iterator(chunk_size=CHUNK)


def _tie(kinds: Mapping[type[TrackedModel], Sequence[Item]]) -> None:
    """Have the records that name one another at hand in one another: their history names them without asking."""
    loaded = {item.key: item.record for items in kinds.values() for item in items if item.record is not None}
    for model, items in kinds.items():
        for column in model._meta.concrete_fields:
            if column.is_relation and column.related_model in kinds:
                for item in items:
                    key = item.record and getattr(item.record, column.attname)
                    if (named := loaded.get((column.related_model, key))) is not None:
                        column.set_cached_value(item.record, named)


def by_model(items: Iterable[Item]) -> dict[type[TrackedModel], list[Item]]:
    """The items by the model of their records."""
    found: dict[type[TrackedModel], list[Item]] = defaultdict(list)
    for item in items:
        found[item.model].append(item)
    return found


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


def _check_old_values(kinds: Mapping[type[TrackedModel], Sequence[Item]]) -> None:
    """Keep columns whose old value cannot come back: the record it named is gone, or another one bears it now.

    One question for each model named, and one for each column of which every value is another.
    """
    named: dict[type[models.Model], list[tuple[str, Item]]] = defaultdict(list)
    for model, items in kinds.items():
        for column in sorted({column for item in items for column in item.restore}):
            target = column_of(model, column)
            concerned = [item for item in items if item.restore.get(column) not in (None, "")]
            if target.is_relation:
                named[target.related_model] += [(column, item) for item in concerned]
            elif _is_unique(model, target):
                bearers = _bearers(model, column, concerned)
                own = {item.pk for item in concerned}
                for item in concerned:
                    if bearers.get(item.restore[column], item.pk) not in own:
                        item.keep_column(column, TAKEN_SINCE)
    for model, wanted in named.items():
        there = _existing(model, {item.restore[column] for column, item in wanted})
        for column, item in wanted:
            if item.restore[column] not in there:
                item.keep_column(column, GONE_SINCE)


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


def _keep_used(undo: Undo, batch: ImportBatch) -> None:
    """Keep new records that something else refers to, and what belongs to records that stay."""
    items = {item.key: item for item in undo.items}
    new = {item.model for item in undo.items if item.is_new}
    referred: dict[Key, list[Item]] = defaultdict(list)
    for relation, pk, target in _references(batch, new):
        item = items.get((relation.model, target))
        if item is None:
            continue
        model, other = relation.related_model, items.get((relation.related_model, pk))
        if _is_note(relation):
            undo.notes[item.key].append((model, pk))
        elif other is None or (not other.is_new and relation.field.attname not in other.restore):
            item.keep(f"đã được dùng sau khi nhập ({model._meta.verbose_name})")
        elif other.is_new:
            referred[other.key].append(item)
    belonging: dict[Key, list[Item]] = defaultdict(list)
    for item in undo.items:
        if item.is_new and item.owner in items and items[item.owner].is_new:
            belonging[item.owner].append(item)
    pending = [item for item in undo.items if item.is_new and item.is_kept]
    while pending:
        stays = pending.pop()
        also = [(other, f"đang được dùng ở “{stays.label}”") for other in referred[stays.key]]
        also += [(other, f"thuộc về “{stays.label}”") for other in belonging[stays.key]]
        for other, reason in also:
            if not other.is_kept:
                other.keep(reason)
                pending.append(other)


def _references(
    batch: ImportBatch, made: Iterable[type[models.Model]]
) -> Iterable[tuple[models.ForeignObjectRel, int, int]]:
    """What refers to the records of these models that the import made: the relation, who refers, to whom.

    One question for all relations of all models, whatever the number of rows.
    """
    relations = [relation for model in made for relation in references_to(model)]
    asked = []
    for number, relation in enumerate(relations):
        model, name = relation.related_model, relation.field
        new = _touched(batch, relation.model).filter(action=ChangeAction.CREATE)
        # Records under another sort of key are none that an import makes.
        key = F("pk") if isinstance(model._meta.pk, models.IntegerField) else Value(0)
        rows = model._base_manager.filter(**{f"{name.name}__in": new}).order_by()
        asked.append(rows.values_list(Value(number), key, name.attname))
    return ((relations[number], pk, target) for number, pk, target in _together(asked))


def _is_note(relation: models.ForeignObjectRel) -> bool:
    """Whether the rows that refer are what the portal itself notes beside a record, which goes with it."""
    model = relation.related_model
    is_own_note = not issubclass(model, TrackedModel) or model.is_note_of_portal
    return is_own_note and relation.on_delete is models.CASCADE


# -- doing it ----------------------------------------------------------------------------------------------------------
def carry_out(undo: Undo, *, meter: Meter) -> None:
    """Put back and remove what the plan says; the caller's transaction holds the records locked.

    Raises ``StaleRecord`` or ``IntegrityError`` when something has come between, and then nothing may be kept.
    """
    restored, going = by_model(undo.restored), by_model(undo.removed)
    for model in referring_first(restored):
        _restore(model, restored[model])
        meter.add(len(restored[model]))
    notes: dict[type[models.Model], set[int]] = defaultdict(set)
    for item in undo.removed:
        for model, pk in undo.notes.get(item.key, ()):
            notes[model].add(pk)
    for model, keys in notes.items():
        for part in in_parts(keys):
            model._base_manager.filter(pk__in=part).delete()
    for model, items in going.items():
        if restored:
            _read_again(model, items)
        if area := getattr(model._default_manager.all(), "path_lookup", "").rpartition("__")[0]:
            load_relation([item.record for item in items], area)
    delete_alone({model: [item.record for item in items] for model, items in going.items()})
    meter.add(len(undo.removed))
    meter.done()


def referring_first(kinds: Iterable[type[models.Model]]) -> Iterator[type[models.Model]]:
    """The models in an order in which what refers comes before what it refers to.

    What follows a record when it is put back (the models led by a unit lie where it lies) is then as it was already.
    """
    left = list(kinds)
    while left:
        referred = {
            column.related_model
            for model in left
            for column in model._meta.concrete_fields
            if column.is_relation and column.related_model is not model
        }
        free = [model for model in left if model not in referred] or left[:1]
        yield from free
        left = [model for model in left if model not in free]


def _restore(model: type[TrackedModel], items: Sequence[Item]) -> None:
    for item in items:
        for column, value in item.restore.items():
            setattr(item.record, column, value)
    names = sorted({column_of(model, column).name for item in items for column in item.restore})
    model._base_manager.bulk_update([item.record for item in items], names)


def _read_again(model: type[TrackedModel], items: Sequence[Item]) -> None:
    """Take records as they stand: they are locked, so what has changed since followed what was put back."""
    by_pk = {item.pk: item.record for item in items}
    names = [column.attname for column in model._meta.concrete_fields]
    for part in in_parts(by_pk):
        for fresh in model._base_manager.filter(pk__in=part).order_by():
            for name in names:
                setattr(by_pk[fresh.pk], name, getattr(fresh, name))


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
