"""The life of a model: the table below is the whole of it, and state columns change nowhere else.

đề xuất -> đã phê duyệt -> đang hoạt động (ra mắt) -> củng cố, nhân rộng -> thanh loại, giải thể, sáp nhập
(domain: lifecycle of a model, HD 22/HD-BCA-V05 of 18/11/2022).
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from models_registry.enums import ENDED_STATUSES, ModelStatus, ModelStepKind
from models_registry.models import ModelStep, SelfManagedModel
from movement_portal.audit.recording import describe
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.orders import disorder_of
from movement_portal.lib.transitions import TransitionError, refuse_ahead

PROPOSED, APPROVED, ACTIVE = ModelStatus.PROPOSED, ModelStatus.APPROVED, ModelStatus.ACTIVE
OPEN_STATUSES = (PROPOSED, APPROVED, ACTIVE)
CHANGE_STATUS = "models_registry.change_model_status"
#: Steps that leave the state as it is.
BESIDE = (ModelStepKind.STRENGTHEN, ModelStepKind.REPLICATE)


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
    model, into = locked(model_id, into_id, by)
    if model.status not in step.sources:
        raise TransitionError(f"Mô hình đang ở tình trạng “{model.get_status_display()}”, không “{step.label}” được.")
    reason, decision = reason.strip(), {"decision_number": decision_number.strip(), "decision_on": decision_on}
    if step.needs_reason and not reason:
        raise TransitionError("Phải ghi rõ lý do, nội dung.")
    if step.needs_decision and not all(decision.values()):
        raise TransitionError("Phải ghi số và ngày quyết định.")
    _check_day(step, model, on)
    if step is STRENGTHEN and model.steps.filter(kind=step.kind, effective_on=on, reason=reason, **decision).exists():
        raise TransitionError("Lần củng cố này đã ghi: cùng ngày, cùng văn bản, cùng nội dung.")
    if step.needs_receiver:
        _check_receiver(model, into, on)
    else:
        into = None
    describe(label=f"{step.label}: {model.name}", reason=reason)
    told = {"from_status": model.status, "effective_on": on, "reason": reason, "other": into, "officer": by}
    _apply(step, model, on=on, into=into, **decision)
    check_days(model)
    model.save()
    ModelStep.objects.create(model=model, kind=step.kind, to_status=model.status, **told, **decision)
    return model


def locked(model_id: int, into_id: int | None, by: Officer) -> tuple[SelfManagedModel, SelfManagedModel | None]:
    """Both rows, locked in one order, so that no second officer decides on either at the same time."""
    wanted = SelfManagedModel.objects.visible_to(by).filter(pk__in={model_id, into_id} - {None})
    rows = {model.pk: model for model in wanted.order_by("pk").select_for_update(of=("self",))}
    if model_id not in rows:
        raise SelfManagedModel.DoesNotExist
    if not SelfManagedModel.objects.editable_by(by).filter(pk=model_id).exists():
        raise PermissionDenied
    return rows[model_id], rows.get(into_id) if into_id is not None else None


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
            model.status = getattr(last_of_state(model), "from_status", "") or PROPOSED


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


def check_days(model: SelfManagedModel) -> None:
    """Raise ``TransitionError`` where the days of a model cannot be, by its decision or by what is written of it."""
    if model.ended_on and model.decision_on and model.ended_on < model.decision_on:
        raise TransitionError(
            f"Ngày kết thúc không được trước ngày quyết định thành lập ({model.decision_on:%d/%m/%Y})."
        )
    for _, message in disorder_of(model, ("launched_on", "ended_on")):
        raise TransitionError(message)


def _check_receiver(model, into, on):
    if into is None:
        raise TransitionError("Chọn mô hình nhận trong phạm vi của đồng chí.")
    if into.pk == model.pk:
        raise TransitionError("Mô hình không thể sáp nhập vào chính nó.")
    if into.status != ACTIVE:
        raise TransitionError(f"Mô hình nhận đang ở tình trạng “{into.get_status_display()}”.")
    if into.launched_on and on < into.launched_on:
        raise TransitionError(
            f"Mô hình nhận ra mắt ngày {into.launched_on:%d/%m/%Y}: không sáp nhập trước ngày đó được."
        )


def last_of_state(model: SelfManagedModel) -> ModelStep | None:
    """The step by which the model came to stand as it does; None for one that came in without."""
    return model.steps.exclude(kind__in=BESIDE).order_by("-pk").first()
