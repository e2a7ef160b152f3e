"""The life of an import: the table below is the whole of it, and a step is only ever taken through ``move``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.utils import timezone

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib import wholes
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets.enums import BatchState, JobState
from movement_portal.spreadsheets.models import ImportBatch, ImportJob
from movement_portal.spreadsheets.sheets import Sheet, sheet_for


@dataclass(frozen=True)
class Transition:
    name: str
    label: str
    sources: tuple[BatchState, ...]
    target: BatchState


READ = Transition("read", "Đọc tệp", (BatchState.UPLOADED, BatchState.READ, BatchState.CHECKED), BatchState.READ)
CHECK = Transition("check", "Kiểm tra", (BatchState.READ, BatchState.CHECKED), BatchState.CHECKED)
COMMIT = Transition("commit", "Ghi vào sổ", (BatchState.CHECKED,), BatchState.COMMITTED)
CANCEL = Transition("cancel", "Hủy", (BatchState.UPLOADED, BatchState.READ, BatchState.CHECKED), BatchState.CANCELLED)
FAIL = Transition("fail", "Không đọc được", (BatchState.UPLOADED,), BatchState.FAILED)

#: A step begins in the background; the states are those from which the step itself is taken.
HOLD = Transition(
    "hold",
    "Chạy nền",
    (
        BatchState.UPLOADED,
        BatchState.READ,
        BatchState.CHECKED,
        BatchState.COMMITTED,
        BatchState.PARTLY_UNDONE,
    ),
    BatchState.RUNNING,
)
UNDO = Transition("undo", "Hoàn tác", (BatchState.COMMITTED, BatchState.PARTLY_UNDONE), BatchState.UNDONE)
UNDO_PART = Transition("undo_part", "Hoàn tác", UNDO.sources, BatchState.PARTLY_UNDONE)

TRANSITIONS = (READ, CHECK, COMMIT, CANCEL, FAIL, HOLD, UNDO, UNDO_PART)


class ImportRefused(Exception):
    """The step cannot be taken; the message says why, for the officer."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class JobLost(Exception):
    """The job has been given to another worker, or stopped: what this one did is not kept."""


def move(batch_id: int, step: Transition, *, by, job: ImportJob | None = None, **values) -> ImportBatch:
    """Take a step under a lock, setting the values with it; raises ``ImportRefused`` from any other state.

    A step in the background is taken from the state in which its job found the batch, and ends the job with it; raises
    ``JobLost`` where the job is no longer this worker's. The caller's transaction decides whether it stays.
    """
    with wholes.marked(using=router.db_for_write(ImportBatch)):
        # The history of a batch is that of its area.
        batches = ImportBatch.objects.visible_to(by).select_related("jurisdiction")
        batch = batches.select_for_update(of=("self",)).get(pk=batch_id)
        held = batch.stored_values()
        require_right(sheet_for(batch.sheet), by)
        state = end_job(job, JobState.DONE) if job else batch.state
        if state not in step.sources:
            raise ImportRefused(
                f"Lần nhập đang ở trạng thái “{BatchState(state).label}”, không thể {mid_sentence(step.label)}."
            )
        batch.state = step.target
        if step is CHECK:
            batch.judged_times += 1
        for name, value in values.items():
            setattr(batch, name, value)
        batch.save(held=held)
    return batch


def hold(batch_id: int, sources: Sequence[BatchState], *, by, **values) -> tuple[ImportBatch, BatchState]:
    """Hold a batch for a job, setting the values with it; answers it and the state it had.

    Raises ``ImportRefused`` from a state in which the job's step cannot be taken; the caller's transaction makes the
    job.
    """
    batch = ImportBatch.objects.visible_to(by).select_for_update(of=("self",)).get(pk=batch_id)
    require_right(sheet_for(batch.sheet), by)
    state = BatchState(batch.state)
    if state not in sources or state not in HOLD.sources:
        raise ImportRefused(f"Lần nhập đang ở trạng thái “{state.label}”, hãy đợi hoặc tải lại trang.")
    batch.state, batch.message = HOLD.target, ""
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save()
    return batch, state


def end_job(job: ImportJob, state: JobState, message: str = "") -> str:
    """End a running job under a lock; answers the state its batch had before. Raises ``JobLost``."""
    held = ImportJob.objects.select_for_update().get(pk=job.pk)
    if not held.is_active or held.token != job.token:
        raise JobLost
    held.state, held.message, held.ended_at = state, message, timezone.now()
    held.save(update_fields=["state", "message", "ended_at"])
    return held.from_state


def begin_keeping(batch_id: int, *, by, job: ImportJob | None) -> Callable[[], None]:
    """Say that the rows of an earlier check tell nothing any more; answers what makes sure, inside each transaction
    that writes new ones, that no other worker or officer has the batch by now (``JobLost``, ``ImportRefused``)."""
    if job is None:
        version = move(batch_id, READ, by=by).version

        def hold_batch() -> None:
            batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
            if (batch.state, batch.version) != (READ.target, version):
                raise ImportRefused("Danh sách vừa được đọc hoặc kiểm tra lại ở nơi khác, hãy tải lại trang.")

        return hold_batch

    def hold_job() -> None:
        held = ImportJob.objects.select_for_update().get(pk=job.pk)
        if not held.is_active or held.token != job.token:
            raise JobLost
        if held.from_state != READ.target:
            held.from_state = READ.target
            held.save(update_fields=["from_state"])

    with transaction.atomic():
        hold_job()
    return hold_job


def stage(job: ImportJob | None, label: str, upto: float) -> None:
    """Tell whoever waits for a job that a stage of it begins, at whose end ``upto`` of the whole is done."""
    if job is not None:
        job.board.stage(label, upto)


def release(job: ImportJob, state: JobState, target: BatchState, *, message: str = "", **values) -> ImportBatch:
    """Give a batch back whose job was not done (stopped by an officer, refused, its worker dead) or changed nothing.

    Nothing of the step was kept but the values, so the batch goes to ``target``, with the message. Raises ``JobLost``.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=job.batch_id)
        end_job(job, state, message)
        batch.state = target
        batch.message = message
        if target == BatchState.FAILED:
            batch.failure = message
        for name, value in values.items():
            setattr(batch, name, value)
        batch.save()
    return batch


def require_right(sheet: Sheet, officer) -> None:
    """Raise ``PermissionDenied`` for an officer who may not bring such a list in."""
    if officer.jurisdiction is None or not sheet.may_import(officer):
        raise PermissionDenied


def require_reach(officer, area: Jurisdiction | None) -> None:
    """Raise ``PermissionDenied`` for an area out of the officer's reach."""
    if area is not None and not covers(officer.jurisdiction, area):
        raise PermissionDenied
