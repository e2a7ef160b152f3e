"""The life of a model: the table below is the whole of it, and state columns change nowhere else.

đề xuất -> đã phê duyệt -> đang hoạt động (ra mắt) -> củng cố, nhân rộng -> thanh loại, giải thể, sáp nhập
(domain: lifecycle of a model, HD 22/HD-BCA-V05 of 18/11/2022).
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.db.models import Max

from models_registry.enums import ENDED_STATUSES, ModelStatus, ModelStepKind
from models_registry.models import ModelLogEntry, ModelStep, SelfManagedModel
from movement_portal.audit.recording import describe
from movement_portal.jurisdictions.models import Jurisdiction, Officer
from movement_portal.lib import wholes
from movement_portal.lib.dates import today
from movement_portal.lib.transitions import TransitionError, refuse_ahead
from units.models import Unit

PROPOSED, APPROVED, ACTIVE = ModelStatus.PROPOSED, ModelStatus.APPROVED, ModelStatus.ACTIVE
OPEN_STATUSES = (PROPOSED, APPROVED, ACTIVE)
CHANGE_STATUS = "models_registry.change_model_status"


@dataclass(frozen=True)
class Transition:
    """One step: from which states, to which, and what must be said with it."""

    kind: ModelStepKind
    sources: tuple[ModelStatus, ...]
    target: ModelStatus
    help: str
    needs_decision: bool = False
    needs_reason: bool = False
    #: Another model takes this one in.
    needs_receiver: bool = False

    @property
    def name(self) -> str:
        return self.kind.value

    @property
    def label(self) -> str:
        return str(self.kind.label)


APPROVE = Transition(
    ModelStepKind.APPROVE, (PROPOSED,), APPROVED, "Đã có quyết định thành lập mô hình.", needs_decision=True
)
LAUNCH = Transition(
    ModelStepKind.LAUNCH, (PROPOSED, APPROVED), ACTIVE, "Mô hình ra mắt và hoạt động từ ngày ghi dưới đây."
)
STRENGTHEN = Transition(
    ModelStepKind.STRENGTHEN,
    (ACTIVE,),
    ACTIVE,
    "Kiện toàn thành viên, quy chế, cách làm; mô hình vẫn hoạt động.",
    needs_reason=True,
)
RETIRE = Transition(
    ModelStepKind.RETIRE,
    (ACTIVE,),
    ModelStatus.RETIRED,
    "Loại mô hình không còn hiệu quả; hồ sơ và lịch sử vẫn được giữ.",
    needs_reason=True,
)
DISSOLVE = Transition(
    ModelStepKind.DISSOLVE,
    OPEN_STATUSES,
    ModelStatus.DISSOLVED,
    "Mô hình chấm dứt; hồ sơ và lịch sử vẫn được giữ.",
    needs_reason=True,
)
MERGE = Transition(
    ModelStepKind.MERGE,
    (ACTIVE,),
    ModelStatus.MERGED,
    "Mô hình này chấm dứt, mô hình nhận tiếp tục; hai hồ sơ dẫn sang nhau.",
    needs_reason=True,
    needs_receiver=True,
)
RESTORE = Transition(
    ModelStepKind.RESTORE,
    ENDED_STATUSES,
    ACTIVE,
    "Dùng khi đã ghi nhầm thanh loại, giải thể hoặc sáp nhập; nêu rõ vì sao.",
    needs_reason=True,
)

TRANSITIONS = {step.name: step for step in (APPROVE, LAUNCH, STRENGTHEN, RETIRE, DISSOLVE, MERGE, RESTORE)}


def steps_for(model: SelfManagedModel, user: Officer) -> list[Transition]:
    """Steps that the officer may take with the model as it is now: only where it lies in their own area."""
    if not user.has_perm(CHANGE_STATUS) or not SelfManagedModel.objects.editable_by(user).filter(pk=model.pk).exists():
        return []
    return [step for step in TRANSITIONS.values() if model.status in step.sources]


@transaction.atomic
def propose(
    model: SelfManagedModel, *, by: Officer, on: datetime.date | None = None, source: SelfManagedModel | None = None
) -> SelfManagedModel:
    """Enter a new model as proposed on a day; ``source`` is the model that it copies.

    A model led by a unit lies where the unit lies. Raises ``PermissionDenied`` without the right or out of reach and
    ``TransitionError`` for a day to come or a source that does not run.
    """
    source = _may_enter([model], by, source)
    [model] = _enter([model], PROPOSED, ModelStepKind.PROPOSE, by=by, on=on or today(), source=source)
    return model


@transaction.atomic
def replicate(
    source: SelfManagedModel,
    copies: Sequence[SelfManagedModel],
    *,
    by: Officer,
    on: datetime.date,
    is_running: bool = False,
) -> list[SelfManagedModel]:
    """Enter copies of a model (“nhân rộng”) as proposed, or as launched, on a day; each is told on the source.

    As many queries for one as for many. Raises as ``propose``; launched, without the right to decide on models as well.
    """
    if is_running:
        return launch_entered(copies, by=by, on=on, source=source)
    locked = _may_enter(copies, by, source)
    return _enter(copies, PROPOSED, ModelStepKind.PROPOSE, by=by, on=on, source=locked)


@transaction.atomic
def launch_entered(
    models: Sequence[SelfManagedModel], *, by: Officer, on: datetime.date, source: SelfManagedModel | None = None
) -> list[SelfManagedModel]:
    """Enter models that run already, launched on a day; of ``source`` they are copies (“nhân rộng”).

    As many queries for one as for many. Raises as ``propose``; without the right to decide on models as well.
    """
    if not by.has_perm(CHANGE_STATUS):
        raise PermissionDenied
    source = _may_enter(models, by, source)
    return _enter(models, ACTIVE, ModelStepKind.LAUNCH, by=by, on=on, source=source)


def _enter(models, status, kind, *, by, on, source):
    """Write new models in a state, each with its first step; the source has a step for each copy."""
    refuse_ahead(on)
    for model in models:
        model.replicated_from = source or model.replicated_from
        model.status, model.status_on = status, on
        model.launched_on = on if status == ACTIVE else None
    if len(models) == 1:
        models[0].save()
    else:
        SelfManagedModel.objects.bulk_create(models)
    ModelStep.objects.bulk_create(
        ModelStep(model=model, kind=kind, from_status="", to_status=status, effective_on=on, officer=by)
        for model in models
    )
    if source is not None:
        ModelStep.objects.bulk_create(
            ModelStep(
                model=source,
                kind=ModelStepKind.REPLICATE,
                from_status=ACTIVE,
                to_status=ACTIVE,
                effective_on=on,
                other=copy,
                officer=by,
            )
            for copy in models
        )
    return list(models)


def _may_enter(models: Sequence[SelfManagedModel], by: Officer, source) -> SelfManagedModel | None:
    """Put models led by units where the units lie; the source comes back locked. Raises what ``propose`` says."""
    if not by.has_perm("models_registry.add_selfmanagedmodel"):
        raise PermissionDenied
    wanted = {model.lead_unit_id for model in models if model.lead_unit_id}
    homes = dict(Unit.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", "jurisdiction_id"))
    if len(homes) < len(wanted):
        raise PermissionDenied
    for model in models:
        if model.lead_unit_id:
            model.jurisdiction_id = homes[model.lead_unit_id]
    areas = {model.jurisdiction_id for model in models}
    if Jurisdiction.objects.visible_to(by).filter(pk__in=areas).count() < len(areas):
        raise PermissionDenied
    if source is None:
        return None
    source = SelfManagedModel.objects.visible_to(by).select_for_update(of=("self",)).get(pk=source.pk)
    if source.status != ACTIVE:
        raise TransitionError("Chỉ nhân rộng từ mô hình đang hoạt động.")
    return source


@transaction.atomic
def perform(
    step: Transition,
    model_id: int,
    *,
    by: Officer,
    on: datetime.date,
    reason: str = "",
    decision_number: str = "",
    decision_on: datetime.date | None = None,
    into_id: int | None = None,
) -> SelfManagedModel:
    """Take one step on a day up to today, record it, and return the model in its new state.

    Raises ``PermissionDenied`` without the right or for a model that lies elsewhere, ``SelfManagedModel.DoesNotExist``
    out of reach and ``TransitionError`` where the step does not fit.
    """
    if not by.has_perm(CHANGE_STATUS):
        raise PermissionDenied
    model, into = _locked(model_id, into_id, by)
    if model.status not in step.sources:
        raise TransitionError(f"Mô hình đang ở tình trạng “{model.get_status_display()}”, không “{step.label}” được.")
    reason, decision_number = reason.strip(), decision_number.strip()
    if step.needs_reason and not reason:
        raise TransitionError("Phải ghi rõ lý do, nội dung.")
    if step.needs_decision and not (decision_number and decision_on):
        raise TransitionError("Phải ghi số và ngày quyết định.")
    _check_day(step, model, on)
    if step.needs_receiver:
        _check_receiver(model, into)
    else:
        into = None
    describe(label=f"{step.label}: {model.name}", reason=reason)
    source = model.status
    _apply(step, model, on=on, into=into, decision_number=decision_number, decision_on=decision_on)
    model.save()
    _record(
        model,
        step.kind,
        source,
        on=on,
        by=by,
        reason=reason,
        decision_number=decision_number,
        decision_on=decision_on,
        other=into,
    )
    return model


def _locked(model_id: int, into_id: int | None, by: Officer) -> tuple[SelfManagedModel, SelfManagedModel | None]:
    """Both rows, locked in one order, so that no second officer decides on either at the same time."""
    wanted = SelfManagedModel.objects.visible_to(by).filter(pk__in={model_id, into_id} - {None})
    locked = {model.pk: model for model in wanted.order_by("pk").select_for_update(of=("self",))}
    if model_id not in locked:
        raise SelfManagedModel.DoesNotExist
    if not SelfManagedModel.objects.editable_by(by).filter(pk=model_id).exists():
        raise PermissionDenied
    return locked[model_id], locked.get(into_id) if into_id is not None else None


def _apply(step, model, *, on, into, decision_number, decision_on):
    if step is not STRENGTHEN:
        model.status, model.status_on = step.target, on
    if step is APPROVE:
        model.decision_number, model.decision_on = decision_number, decision_on
    elif step is LAUNCH:
        model.launched_on = on
    elif step in (RETIRE, DISSOLVE, MERGE):
        model.ended_on, model.merged_into = on, into
    elif step is RESTORE:
        model.ended_on, model.merged_into = None, None
        if model.launched_on is None:
            # Ended before it was launched: as it was before that.
            model.status = getattr(_last_of_state(model), "from_status", "") or PROPOSED


def _record(model, kind, source, *, on, by, reason="", decision_number="", decision_on=None, other=None):
    ModelStep.objects.create(
        model=model,
        kind=kind,
        from_status=source,
        to_status=model.status,
        effective_on=on,
        decision_number=decision_number,
        decision_on=decision_on,
        reason=reason,
        other=other,
        officer=by,
    )


def _check_day(step, model, on):
    refuse_ahead(on)
    if model.status == PROPOSED:
        return  # an old model entered today was approved and launched long before it was typed in
    floor = model.launched_on if step is STRENGTHEN else model.status_on
    if step.target in ENDED_STATUSES:
        done = model.steps.filter(kind=ModelStepKind.STRENGTHEN).aggregate(last=Max("effective_on"))["last"]
        floor = max(filter(None, (floor, done)), default=None)
    if floor and on < floor:
        raise TransitionError(f"Ngày có hiệu lực không được trước bước gần nhất ({floor:%d/%m/%Y}).")


def _check_receiver(model, into):
    if into is None:
        raise TransitionError("Chọn mô hình nhận trong phạm vi của đồng chí.")
    if into.pk == model.pk:
        raise TransitionError("Mô hình không thể sáp nhập vào chính nó.")
    if into.status != ACTIVE:
        raise TransitionError(f"Mô hình nhận đang ở tình trạng “{into.get_status_display()}”.")


# -- steps that were written down wrong --------------------------------------------------------------------------------
#: Steps that leave the state as it is.
BESIDE = (ModelStepKind.STRENGTHEN, ModelStepKind.REPLICATE)


def may_withdraw(step: ModelStep) -> bool:
    """Whether a step can be taken back: a strengthening, or the last change of state but not the first."""
    if step.kind == ModelStepKind.STRENGTHEN:
        return True
    return bool(step.from_status) and step == _last_of_state(step.model)


@transaction.atomic
def correct(step: ModelStep, *, by: Officer) -> SelfManagedModel:
    """Write the day, decision and reason of a step as they should have been; the model's own days follow.

    ``step`` holds the new values. Raises as ``perform`` does, ``StaleRecord`` when the step changed in between.
    """
    model = _locked_for(step, by)
    refuse_ahead(step.effective_on)
    _check_between(step, model)
    describe(label=f"Sửa bước “{step.get_kind_display()}”: {model.name}"[:200])
    step.save()
    if step.kind == ModelStepKind.LAUNCH:
        model.launched_on = step.effective_on
    elif step.kind == ModelStepKind.APPROVE:
        model.decision_number, model.decision_on = step.decision_number, step.decision_on
    if step == _last_of_state(model):
        model.status_on = step.effective_on
        if model.status in ENDED_STATUSES:
            model.ended_on = step.effective_on
    model.save()
    return model


@transaction.atomic
def withdraw(step: ModelStep, *, by: Officer) -> SelfManagedModel:
    """Take a step back that was never taken: the model stands as before it, the history keeps both.

    Raises ``TransitionError`` for any but a strengthening or the last change of state, else as ``perform``.
    """
    model = _locked_for(step, by)
    if not may_withdraw(step):
        raise TransitionError("Chỉ rút được lần củng cố, hoặc bước cuối cùng làm đổi tình trạng.")
    if step.kind == ModelStepKind.LAUNCH and model.steps.filter(kind__in=BESIDE).exists():
        raise TransitionError("Mô hình đã củng cố hoặc nhân rộng: rút các việc ấy trước.")
    describe(label=f"Rút bước “{step.get_kind_display()}”: {model.name}"[:200])
    kind = step.kind
    step.delete()
    if kind != ModelStepKind.STRENGTHEN:
        before = _last_of_state(model)
        if before is None:
            raise TransitionError("Không rõ mô hình ở tình trạng nào trước bước này.")
        model.status, model.status_on = before.to_status, before.effective_on
        is_over = model.status in ENDED_STATUSES
        model.ended_on = before.effective_on if is_over else None
        model.merged_into = before.other if model.status == ModelStatus.MERGED else None
        if kind == ModelStepKind.LAUNCH:
            model.launched_on = None
        model.save()
    return model


def _locked_for(step: ModelStep, by: Officer) -> SelfManagedModel:
    if not by.has_perm(CHANGE_STATUS):
        raise PermissionDenied
    model, _ = _locked(step.model_id, None, by)
    return model


def _last_of_state(model: SelfManagedModel) -> ModelStep | None:
    """The step by which the model came to stand as it does; None for one that came in without."""
    return model.steps.exclude(kind__in=BESIDE).order_by("-pk").first()


def _check_between(step: ModelStep, model: SelfManagedModel) -> None:
    """A step keeps its place: not before the one before it, not after the one after it."""
    if step.kind == ModelStepKind.PROPOSE:
        return  # the day on which it was typed in, which may be long after the others
    others = list(model.steps.exclude(pk=step.pk).exclude(kind=ModelStepKind.PROPOSE).order_by("pk"))
    states = [each for each in others if each.kind not in BESIDE]
    if step.kind in BESIDE:
        first = [each for each in states if each.kind == ModelStepKind.LAUNCH]
        last = [each for each in states[-1:] if each.to_status in ENDED_STATUSES]
    else:
        first = [each for each in states if each.pk < step.pk][-1:]
        last = [each for each in states if each.pk > step.pk][:1]
        beside = [each for each in others if each.kind == ModelStepKind.STRENGTHEN]
        if step.kind == ModelStepKind.LAUNCH:
            last += beside
        elif step.to_status in ENDED_STATUSES:
            first += [each for each in beside if each.pk < step.pk]
    for each in first:
        if step.effective_on < each.effective_on:
            raise TransitionError(f"Không được trước “{each.get_kind_display()}” ({each.effective_on:%d/%m/%Y}).")
    for each in last:
        if step.effective_on > each.effective_on:
            raise TransitionError(f"Không được sau “{each.get_kind_display()}” ({each.effective_on:%d/%m/%Y}).")


@transaction.atomic
def enter_active(models: Sequence[SelfManagedModel], *, by: Officer | None) -> list[SelfManagedModel]:
    """Enter models of an old list that run already: launched on ``launched_on``, each with its step.

    ``by`` None is the portal itself. Raises ``PermissionDenied`` when an area lies outside the officer's reach, and
    nothing is entered.
    """
    models = list(models)
    if by is not None:
        areas = {model.jurisdiction_id for model in models}
        if Jurisdiction.objects.visible_to(by).filter(pk__in=areas).count() != len(areas):
            raise PermissionDenied
    for model in models:
        model.status, model.status_on = ACTIVE, model.launched_on
    made = SelfManagedModel.objects.bulk_create(models)
    ModelStep.objects.bulk_create(
        ModelStep(
            model=model,
            kind=ModelStepKind.LAUNCH,
            from_status="",
            to_status=ACTIVE,
            effective_on=model.launched_on,
            officer=by,
        )
        for model in made
    )
    return made


def log_changed(model_ids: Sequence[int]) -> None:
    """Bring ``last_active_on`` of models up to their activity logs."""
    entries = ModelLogEntry._base_manager.filter(model__in=model_ids).values("model")
    with wholes.marked(using=router.db_for_write(SelfManagedModel)):
        latest = dict(entries.annotate(latest=Max("held_on")).values_list("model", "latest"))
        changed = []
        for model in SelfManagedModel._base_manager.filter(pk__in=model_ids).order_by("pk"):
            if model.last_active_on != latest.get(model.pk):
                model.last_active_on = latest.get(model.pk)
                changed.append(model)
        if changed:
            SelfManagedModel.objects.bulk_update(changed, ["last_active_on"])
