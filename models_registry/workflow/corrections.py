"""Steps that were written down wrong: corrected, or taken back as if never taken."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from models_registry.enums import ENDED_STATUSES, ModelStatus, ModelStepKind
from models_registry.models import ModelStep, SelfManagedModel
from models_registry.workflow.steps import BESIDE, CHANGE_STATUS, check_days, last_of_state, locked
from movement_portal.audit.recording import describe
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.transitions import TransitionError, refuse_ahead


def may_withdraw(step: ModelStep) -> bool:
    """Whether a step can be taken back: a strengthening, or the last change of state but not the first."""
    if step.kind == ModelStepKind.STRENGTHEN:
        return True
    return bool(step.from_status) and step == last_of_state(step.model)


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
    if step == last_of_state(model):
        model.status_on = step.effective_on
        if model.status in ENDED_STATUSES:
            model.ended_on = step.effective_on
    check_days(model)
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
    if step.kind == ModelStepKind.LAUNCH:
        _refuse_what_needs_launch(model)
    describe(label=f"Rút bước “{step.get_kind_display()}”: {model.name}"[:200])
    kind = step.kind
    step.delete()
    if kind != ModelStepKind.STRENGTHEN:
        before = last_of_state(model)
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


def _refuse_what_needs_launch(model: SelfManagedModel) -> None:
    """Raise ``TransitionError`` where something stands that no model has before its launch."""
    if model.merged_models.exists():
        raise TransitionError("Đã có mô hình sáp nhập vào mô hình này: rút lần sáp nhập ấy trước.")
    if model.ratings.exists() or model.recognitions.exists():
        raise TransitionError("Mô hình đã xếp loại hoặc được công nhận điển hình: xóa các dòng ấy trước.")


def _locked_for(step: ModelStep, by: Officer) -> SelfManagedModel:
    if not by.has_perm(CHANGE_STATUS):
        raise PermissionDenied
    model, _ = locked(step.model_id, None, by)
    return model


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
            # Copied from, or taking another in, it ran already.
            taken_in = ModelStep.objects.filter(kind=ModelStepKind.MERGE, other=model, model__merged_into=model)
            last += [each for each in others if each.kind in BESIDE] + list(taken_in)
        elif step.to_status in ENDED_STATUSES:
            first += [each for each in beside if each.pk < step.pk]
    for each in first:
        if step.effective_on < each.effective_on:
            raise TransitionError(f"Không được trước “{each.get_kind_display()}” ({each.effective_on:%d/%m/%Y}).")
    for each in last:
        if step.effective_on > each.effective_on:
            raise TransitionError(f"Không được sau “{each.get_kind_display()}” ({each.effective_on:%d/%m/%Y}).")
