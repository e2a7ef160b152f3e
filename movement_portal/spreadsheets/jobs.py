"""Steps of an import in the background: begun by a page, stopped by it, settled when a worker died.

A small list is read, checked and written within the request. A large one is given to the queue: the batch is held in
the state “running”, the page may be closed, and the step itself ends the job in the transaction that keeps its result.
So a worker that dies at any moment leaves either all of it or nothing, and a second worker may begin anew.
"""

import datetime
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from movement_portal.audit.recording import current_act
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.spreadsheets import notices, workflow
from movement_portal.spreadsheets.board import Board
from movement_portal.spreadsheets.enums import CommitMode, JobState, JobStep, RowOutcome
from movement_portal.spreadsheets.memory import remember_columns, remember_constants
from movement_portal.spreadsheets.models import ImportBatch, ImportJob
from movement_portal.spreadsheets.models.jobs import ACTIVE
from movement_portal.spreadsheets.running import give_back, run_job
from movement_portal.spreadsheets.sheets import Sheet, sheet_for
from movement_portal.spreadsheets.ways import Ways, ways_kept

#: Seconds without a sign of life after which a worker counts as dead.
SILENCE = 30
#: Workers that may die over one job before it is given up.
MOST_ATTEMPTS = 3

GIVEN_UP = (
    "Máy chủ dừng giữa chừng nhiều lần nên việc này chưa xong; chưa có gì được ghi vào sổ. "
    "Hãy chia danh sách thành các tệp nhỏ hơn, hoặc báo người vận hành."
)

#: Tasks of the queue that will still run, or do.
UNFINISHED = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
#: States from which each step is taken.
SOURCES = {
    JobStep.READ: workflow.READ.sources,
    JobStep.CHECK: workflow.CHECK.sources,
    JobStep.COMMIT: workflow.COMMIT.sources,
    JobStep.WEIGH: workflow.UNDO.sources,
    JobStep.UNDO: workflow.UNDO.sources,
}


# -- what the pages ask for: now, or in the background -----------------------------------------------------------------
def upload(sheet: Sheet, file: File, *, by, default_area: Jurisdiction | None = None) -> ImportBatch:
    """Keep a file and read it; the batch that comes back is read, failed, or still being read."""
    batch = workflow.keep(sheet, file, by=by, default_area=default_area)
    if batch.file_size > settings.IMPORT_BACKGROUND_BYTES:
        return start(batch.pk, JobStep.READ, by=by)
    return workflow.read(batch, by=by)


def read_again(batch: ImportBatch, *, by, header_rows: Mapping[str, int]) -> ImportBatch:
    """As ``workflow.read_again``; the batch that comes back may still be being read."""
    if not is_large(batch):
        return workflow.read_again(batch.pk, by=by, header_rows=header_rows)
    rows = {name: row for name, row in header_rows.items() if row > 0}
    return start(batch.pk, JobStep.READ, by=by, header_rows=rows)


def read_as(batch: ImportBatch, sheet: Sheet, *, by) -> ImportBatch:
    """As ``workflow.read_as``; the batch that comes back may still be being read."""
    if not is_large(batch):
        return workflow.read_as(batch.pk, sheet, by=by)
    workflow.require_right(sheet, by)
    workflow.forget_corrections(batch)
    return start(
        batch.pk, JobStep.READ, by=by, sheet=sheet.name, header_rows={}, mapping={}, layout={}, constants={}, ways={}
    )


def choose(
    batch: ImportBatch,
    *,
    by,
    mapping: Mapping[str, Mapping[str, str]],
    ways: Mapping[str, Ways] | None = None,
    **choice,
) -> ImportBatch:
    """As ``workflow.choose``; the batch that comes back may still be being checked."""
    if not is_large(batch, mapping):
        return workflow.choose(batch.pk, by=by, mapping=mapping, ways=ways, **choice)
    workflow.require_reach(by, choice.get("default_area"))
    remember_columns(batch, mapping, by=by)
    remember_constants(batch, mapping, choice.get("constants", {}), by=by)
    if ways is not None:
        choice["ways"] = ways_kept(ways)
    return start(batch.pk, JobStep.CHECK, by=by, mapping=mapping, **choice)


def check_again(batch: ImportBatch, *, by, **choice) -> ImportBatch:
    """As ``workflow.run_check`` over the whole list; the batch that comes back may still be being checked."""
    if not is_large(batch):
        return workflow.run_check(batch.pk, by=by, **choice)
    return start(batch.pk, JobStep.CHECK, by=by, **choice)


def commit(batch: ImportBatch, *, by, mode: CommitMode) -> ImportBatch:
    """As ``workflow.commit``; the batch that comes back may still be being written."""
    if not is_large_commit(batch):
        return workflow.commit(batch.pk, by=by, mode=mode)
    return start(batch.pk, JobStep.COMMIT, by=by, options={"mode": mode})


def weigh_undo(batch: ImportBatch, *, by) -> ImportBatch:
    """Find out in the background what taking a large import back would do; ``undo_plan`` of the batch holds it then."""
    workflow.require_undo(batch, by)
    return start(batch.pk, JobStep.WEIGH, by=by)


def undo(batch: ImportBatch, *, by) -> ImportBatch:
    """As ``workflow.undo``; the import that comes back may still be being taken back."""
    if not is_large_commit(batch):
        return workflow.undo(batch.pk, by=by)
    workflow.require_undo(batch, by)
    return start(batch.pk, JobStep.UNDO, by=by)


def is_large_commit(batch: ImportBatch) -> bool:
    """Whether a batch writes, or wrote, more rows than a request should take."""
    written = batch.counts.get(RowOutcome.NEW, 0) + batch.counts.get(RowOutcome.CHANGED, 0)
    return written > settings.IMPORT_BACKGROUND_ROWS


def is_large(batch: ImportBatch, mapping: Mapping | None = None) -> bool:
    """Whether a step over all rows of a batch is more than a request should take."""
    chosen = batch.mapping if mapping is None else mapping
    rows = sum(table["rows"] for table in batch.layout.get("sheets", ()) if table["name"] in chosen)
    return rows > settings.IMPORT_BACKGROUND_ROWS or batch.file_size > settings.IMPORT_BACKGROUND_BYTES


# -- begin, stop -------------------------------------------------------------------------------------------------------
def start(batch_id: int, step: JobStep, *, by, options: Mapping | None = None, **values) -> ImportBatch:
    """Hold a batch, with the values set, and give its step to the queue; a second click is refused.

    Raises ``ImportRefused`` from a state in which the step cannot be taken.
    """
    doing = current_act()
    with transaction.atomic():
        batch, state = workflow.hold(batch_id, SOURCES[step], by=by, **values)
        job = ImportJob.objects.create(
            batch=batch,
            step=step,
            officer=by,
            from_state=state,
            options=dict(options or {}),
            request_id=doing.request_id if doing else "",
        )
    run_job.enqueue(job.pk, str(job.token))
    batch.refresh_from_db()
    return batch


def stop(batch_id: int, *, by) -> None:
    """Stop the job of a batch: at once while it waits, within a second or so while it runs.

    Raises ``ImportRefused`` where nothing runs any more.
    """
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    workflow.require_right(sheet_for(batch.sheet), by)
    job = active_job(batch)
    if job is None:
        raise workflow.ImportRefused("Việc này đã xong trước khi dừng.")
    # Both: a worker may take the job between the two, and a worker that commits keeps others from writing.
    Board(str(job.token)).ask_to_stop()
    if job.state == JobState.WAITING:
        stop_waiting(job)


def stop_waiting(job: ImportJob) -> None:
    """End a job that no worker has taken; one that was taken meanwhile stops itself."""
    with transaction.atomic():
        ImportBatch.objects.select_for_update(of=("self",)).get(pk=job.batch_id)
        if ImportJob.objects.select_for_update().filter(pk=job.pk, state=JobState.WAITING).exists():
            give_back(job, JobState.CANCELLED)
            Board(str(job.token)).clear()


def active_job(batch: ImportBatch) -> ImportJob | None:
    """The job that waits or runs for a batch."""
    return ImportJob.objects.filter(batch=batch, state__in=ACTIVE).first()


# -- workers that died -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Settled:
    """A job whose worker died, and what became of it."""

    job: ImportJob
    state: JobState


def settle(*, silence: float = SILENCE, dead_worker: str = "") -> list[Settled]:
    """Find jobs whose worker is dead and give each to another, or back to its officer; answers what was done.

    A worker is dead when it gave no sign of life for ``silence`` seconds, or when it is the one named. What it did is
    gone with its transaction; were it only slow, its end would find the job lost and be rolled back. Jobs that wait
    while the queue has lost their task are put into it again.
    """
    settled = []
    for job in ImportJob.objects.filter(state=JobState.RUNNING).select_related("batch", "officer"):
        if job.worker == dead_worker or silence_of(job) > silence:
            settled.extend(_settle(job))
    _queue_again(silence)
    return settled


def silence_of(job: ImportJob) -> float:
    """Seconds since the worker of a job gave a sign of life."""
    return time.time() - max(Board(str(job.token)).last_sign, job.started_at.timestamp())


def _settle(job: ImportJob) -> Iterator[Settled]:
    board, token = Board(str(job.token)), job.token
    try:
        if board.stop_asked:
            state = JobState.CANCELLED
            give_back(job, state)
        elif job.attempts < MOST_ATTEMPTS:
            state = JobState.WAITING
            _requeue(job)
        else:
            state = JobState.FAILED
            give_back(job, state, GIVEN_UP)
    except workflow.JobLost:
        # It ended, or was settled by another process, since it was looked up.
        return
    for zombie in tasks_of(job.pk, token).filter(status=TaskResultStatus.RUNNING):
        zombie.set_failed(RuntimeError("the worker died"))
    board.clear()
    if state != JobState.WAITING:
        notices.ring(job.officer_id)
    yield Settled(job, state)


def _requeue(job: ImportJob) -> None:
    """Give a job to the queue anew under another token, so that the dead worker's end, were it to come, is void."""
    with transaction.atomic():
        held = ImportJob.objects.select_for_update().get(pk=job.pk)
        if held.state != JobState.RUNNING or held.token != job.token:
            raise workflow.JobLost
        held.state, held.token, held.worker = JobState.WAITING, uuid.uuid4(), ""
        held.save(update_fields=["state", "token", "worker"])
    run_job.enqueue(held.pk, str(held.token))


def _queue_again(silence: float) -> None:
    """Put jobs that wait without a task into the queue: the server or a worker died between two writes."""
    before = timezone.now() - datetime.timedelta(seconds=silence)
    for job in ImportJob.objects.filter(state=JobState.WAITING, created_at__lt=before):
        tasks = tasks_of(job.pk, job.token)
        # A worker takes the job right after its task: one that has not is dead.
        for zombie in tasks.filter(status=TaskResultStatus.RUNNING, started_at__lt=before):
            zombie.set_failed(RuntimeError("the worker died"))
        if not tasks.filter(status__in=UNFINISHED).exists():
            run_job.enqueue(job.pk, str(job.token))


def tasks_of(job_id: int, token: uuid.UUID):
    """Tasks of the queue that run a job under a token."""
    return DBTaskResult.objects.filter(
        task_path=run_job.module_path, args_kwargs={"args": [job_id, str(token)], "kwargs": {}}
    )
