"""Taking a merge back: everything is read from the history of the merge itself, and put back as it was.

What somebody has changed since is named. A field that was edited after the merge keeps the edit; a row that has gone to
another unit since, or is deleted, is left where it is. What was entered after the merge stays with the unit it was
entered for.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from movement_portal.audit.enums import ChangeAction, EventKind
from movement_portal.audit.models import Change
from movement_portal.audit.presenting import field_label, model_of
from movement_portal.audit.recording import act
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.changes import StaleRecord
from movement_portal.lib.columns import columns_to_read
from movement_portal.lib.tracking import TrackedModel
from movement_portal.lib.transitions import TransitionError
from units.enums import UnitStatus
from units.merging.choices import CODES
from units.merging.doing import PERMISSION
from units.merging.links import links
from units.models import Unit, UnitMerge
from units.models.records import area_changed
from units.workflow import release

STATE = ("status", "status_on", "merged_into_id")

Key = tuple[type[TrackedModel], int]


@dataclass(eq=False)
class Step:
    """One record that the merge wrote, and what is put back of it."""

    model: type[TrackedModel]
    pk: int
    label: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    is_new: bool = False
    record: TrackedModel | None = None
    #: Columns that somebody has changed since.
    kept: list[str] = field(default_factory=list)

    @property
    def kept_fields(self) -> list[str]:
        """What the columns that stay are called."""
        return [field_label(self.model, column) for column in self.kept]

    @property
    def kind(self) -> str:
        return _called(self.model)


def _called(model) -> str:
    """What the rows of a model are called, as the preview of a merge calls them."""
    nouns = {link.noun for link in links() if link.model is model}
    return nouns.pop() if len(nouns) == 1 and "" not in nouns else str(model._meta.verbose_name)


@dataclass
class UndoPlan:
    """What taking a merge back would do."""

    merge: UnitMerge
    steps: list[Step]
    #: Why it cannot be taken back at all; empty when it can.
    refusal: str = ""

    @property
    def edited(self) -> list[Step]:
        """Records somebody has changed, moved on or deleted since."""
        return [step for step in self.steps if step.kept or (step.record is None and not step.is_new)]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many records of each kind are put back, rows that were set aside among them."""
        counted = Counter(
            step.kind for step in self.steps if step.model is not Unit and not step.is_new and step.record is not None
        )
        for row in self.merge.set_aside:
            counted[_called(model_of(row["model"]))] += 1
        return sorted((kind[:1].upper() + kind[1:], count) for kind, count in counted.items())


def plan_undo(merge: UnitMerge, *, lock: bool = False) -> UndoPlan:
    """What taking the merge back would do; ``lock`` holds its records for the transaction that does it."""
    steps = _steps(merge)
    for model in {step.model for step in steps}:
        own = {step.pk: step for step in steps if step.model is model}
        rows = model._base_manager.filter(pk__in=own)
        for record in rows.select_for_update(of=("self",)) if lock else rows:
            own[record.pk].record = record
    for step in steps:
        if step.record is not None:
            _judge(step)
    return UndoPlan(merge, steps, _refusal(merge, steps))


def _steps(merge: UnitMerge) -> list[Step]:
    """Records that the merge wrote, each once; those it set aside come back in full and are no step."""
    steps: dict[Key, Step] = {}
    gone = {(model_of(row["model"]), row["pk"]) for row in merge.set_aside}
    changes = Change.objects.filter(event=merge.event_id).exclude(model=UnitMerge._meta.label_lower).order_by("id")
    for change in changes:
        model = model_of(change.model)
        if model is None or (model, change.object_id) in gone or change.action == ChangeAction.DELETE:
            continue
        step = steps.setdefault((model, change.object_id), Step(model, change.object_id, change.label))
        step.is_new = step.is_new or change.action == ChangeAction.CREATE
        for column in {**change.before, **change.after}:
            step.before.setdefault(column, change.before.get(column))
            step.after[column] = change.after.get(column)
    return list(steps.values())


def _judge(step: Step) -> None:
    """Note the columns that no longer hold what the merge wrote."""
    for column, new in step.after.items():
        if step.model.plain_value(column, getattr(step.record, column)) != new:
            step.kept.append(column)
    if step.model is not Unit and any(_target(step.model, column) is Unit for column in step.kept):
        # It has gone to another unit since, with all that lies where that unit lies.
        step.kept = list(step.after)


def _refusal(merge: UnitMerge, steps: Iterable[Step]) -> str:
    if merge.undone_at is not None:
        return "Lần gộp này đã được hoàn tác."
    own = {step.pk: step for step in steps if step.model is Unit}
    absorbed, survivor = own.get(merge.absorbed_id), merge.survivor
    if survivor.absorptions.filter(undone_at=None).exists():
        return f"“{survivor.name}” sau đó đã gộp tiếp vào một đơn vị khác: hoàn tác lần gộp sau trước."
    if absorbed is None or set(STATE) & set(absorbed.kept):
        return "Tình trạng của hồ sơ đã gộp vào đã đổi sau khi gộp."
    return ""


def undo(merge_id: int, *, by: Officer, reason: str, keeping_edits: bool) -> UnitMerge:
    """Take a merge back; without ``keeping_edits`` only when nobody has changed anything of it since.

    Raises ``PermissionDenied``, ``UnitMerge.DoesNotExist`` out of reach, ``TransitionError`` where it does not fit.
    """
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    if not (reason := reason.strip()[:300]):
        raise TransitionError("Phải ghi vì sao hoàn tác.")
    try:
        with transaction.atomic():
            merge = UnitMerge.objects.visible_to(by).select_for_update(of=("self",)).get(pk=merge_id)
            keys = sorted((merge.survivor_id, merge.absorbed_id))
            list(Unit.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",)))
            plan = plan_undo(merge, lock=True)
            if plan.refusal:
                raise TransitionError(plan.refusal)
            if plan.edited and not keeping_edits:
                raise TransitionError(
                    "Có chỗ đã được sửa sau khi gộp. Xem các chỗ đó rồi đồng ý giữ nguyên để hoàn tác."
                )
            label = f"Hoàn tác gộp hồ sơ {merge.absorbed.code} vào {merge.survivor.name} ({merge.survivor.code})"
            with act(EventKind.EDIT, by=by, label=label[:200], reason=reason):
                return _carry_out(plan, by=by, reason=reason)
    except StaleRecord as error:
        raise TransitionError("Có người vừa sửa một trong hai hồ sơ. Mở lại trang rồi hoàn tác.") from error
    except IntegrityError as error:
        raise TransitionError(
            "Chưa hoàn tác được: mã hoặc dòng cần trả lại đã có ở nơi khác sau khi gộp. Sửa chỗ đó rồi thử lại."
        ) from error


def _carry_out(plan: UndoPlan, *, by: Officer, reason: str) -> UnitMerge:
    merge = plan.merge
    aside = {(model_of(row["model"]), row["pk"]) for row in merge.set_aside}
    steps = [step for step in plan.steps if step.record is not None]
    for step in steps:
        if step.is_new and not step.kept:
            step.record.delete()
    late = [step for step in steps if not step.is_new and _names(step, aside)]
    for step in steps:
        if not step.is_new and step not in late:
            _put_back(step, merge)
    _put_back_codes(steps, merge)
    for found in serializers.deserialize("python", merge.set_aside):
        found.save()
    for step in late:
        _put_back(step, merge)
    area_changed([merge.survivor_id, merge.absorbed_id])
    merge.undone_by, merge.undone_at, merge.undone_reason = by, timezone.now(), reason
    merge.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    return merge


def _names(step: Step, keys: set[Key]) -> bool:
    """Whether what is put back names one of the records."""
    return any((_target(step.model, column), value) in keys for column, value in step.before.items())


def _target(model: type[TrackedModel], column: str) -> type[models.Model] | None:
    return columns_to_read(model)[column][0].related_model


def _put_back(step: Step, merge: UnitMerge) -> None:
    """Write what the record held before; the codes of the two units change sides afterwards."""
    columns = [column for column in step.before if column not in step.kept]
    own = step.model is Unit and step.pk in (merge.survivor_id, merge.absorbed_id)
    if own:
        columns = [column for column in columns if column not in CODES]
    values = {column: _value(step, column) for column in columns}
    if own and step.pk == merge.absorbed_id:
        state = {column: values.pop(column) for column in STATE if column in values}
        for column, value in values.items():
            setattr(step.record, column, value)
        release(
            step.record,
            status=UnitStatus(state["status"]),
            status_on=state.get("status_on"),
            merged_into_id=state.get("merged_into_id"),
        )
        return
    for column, value in values.items():
        setattr(step.record, column, value)
    if values:
        names = [columns_to_read(step.model)[column][0].name for column in values]
        step.record.save(update_fields=names)


def _put_back_codes(steps: list[Step], merge: UnitMerge) -> None:
    """Both units give up the codes that changed sides before either gets its own back."""
    own = [step for step in steps if step.model is Unit and step.pk in (merge.survivor_id, merge.absorbed_id)]
    given = [(step, [name for name in CODES if name in step.before and name not in step.kept]) for step in own]
    for step, names in given:
        if names:
            for name in names:
                setattr(step.record, name, "")
            step.record.save(update_fields=names)
    for step, names in given:
        if names:
            for name in names:
                setattr(step.record, name, _value(step, name))
            step.record.save(update_fields=names)


def _value(step: Step, column: str) -> Any:
    """The value before as the column holds it; history keeps nothing of an empty text."""
    target = columns_to_read(step.model)[column][0]
    value = step.before[column]
    if value is None:
        return None if target.null else target.get_default()
    return target.to_python(value)
