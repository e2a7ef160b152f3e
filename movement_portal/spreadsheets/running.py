"""The worker's side of a job: take it, do its step, tell how far it is, stop when asked to."""

import contextlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.spreadsheets import notices, workflow
from movement_portal.spreadsheets.board import TICK, Board
from movement_portal.spreadsheets.enums import BatchState, CommitMode, JobState, JobStep
from movement_portal.spreadsheets.matching import UnknownField
from movement_portal.spreadsheets.models import ImportBatch, ImportJob
from movement_portal.spreadsheets.progress import Cancelled
from movement_portal.spreadsheets.tables import UnreadableFile
from movement_portal.spreadsheets.undoing import plan_undo, summary_of
from movement_portal.spreadsheets.values import ValueProblem

logger = logging.getLogger(__name__)

#: Sent to the worker's own process when the officer has stopped its job: it breaks off whatever is under way.
STOP_SIGNAL = signal.SIGUSR1
#: Seconds after which a worker that does not break off is ended; its transaction then keeps nothing.
PATIENCE = 5

#: What may be wrong with a list or an officer, each with a message for the officer.
REFUSALS = (workflow.ImportRefused, UnreadableFile, UnknownField, ValueProblem)
FAULT = "Máy chủ gặp lỗi nên chưa làm xong; chưa có gì được ghi vào sổ. Hãy thử lại, hoặc báo người vận hành."
NO_RIGHT = "Đồng chí không còn quyền nhập danh sách này; chưa có gì được ghi vào sổ."


@task()
def run_job(job_id: int, token: str) -> None:
    """What the queue runs; whatever goes wrong is told by the job itself."""
    run(job_id, token)


def worker_name(pid: int) -> str:
    """Machine and process, as a job names its worker."""
    return f"{socket.gethostname()[:60]}:{pid}"


def this_worker() -> str:
    """The worker that this process is."""
    return worker_name(os.getpid())


# -- one run -----------------------------------------------------------------------------------------------------------
def run(job_id: int, token: str) -> None:
    """Do the step of a job, unless somebody else has it or has stopped it."""
    job = claim(job_id, token)
    if job is None:
        return
    board = job.board = Board(token)
    label = f"{job.get_step_display()} “{job.batch.file_name}” (chạy nền)"
    try:
        with act(EventKind.IMPORT, by=job.officer, label=label, request_id=job.request_id):
            _run(job)
    except workflow.JobLost:
        logger.warning("job %s was given to another worker or stopped; what this one did is not kept", job_id)
    else:
        notices.ring(job.officer_id)
    finally:
        board.clear()


def claim(job_id: int, token: str) -> ImportJob | None:
    """Take a waiting job; None where another worker has it or it is no more."""
    with transaction.atomic():
        jobs = ImportJob.objects.select_for_update(of=("self",)).select_related("batch", "officer")
        job = jobs.filter(pk=job_id, token=token, state=JobState.WAITING).first()
        if job is not None:
            job.state, job.started_at, job.worker = JobState.RUNNING, timezone.now(), this_worker()
            job.attempts += 1
            job.save(update_fields=["state", "started_at", "worker", "attempts"])
    return job


def _run(job: ImportJob) -> None:
    try:
        with beating(job.board):
            STEPS[JobStep(job.step)](job)
    except Cancelled:
        if may_break_off():
            # Broken off anywhere, perhaps between a statement and its answer.
            connection.close()
        give_back(job, JobState.CANCELLED)
    except (PermissionDenied, ImportBatch.DoesNotExist):
        give_back(job, JobState.FAILED, NO_RIGHT)
    except REFUSALS as refusal:
        give_back(job, JobState.FAILED, str(refusal))
    except workflow.JobLost:
        raise
    except Exception:
        logger.exception("job %s failed", job.pk)
        give_back(job, JobState.FAILED, FAULT)


def give_back(job: ImportJob, state: JobState, message: str = "") -> None:
    """Give the batch of a job that was not done back to where its officer can go on. Raises ``JobLost``."""
    workflow.release(job, state, state_after(job, state), message=message)


def state_after(job: ImportJob, state: JobState) -> BatchState:
    """State of the batch when its job was not done."""
    if job.step == JobStep.READ and job.from_state == BatchState.UPLOADED:
        return BatchState.CANCELLED if state == JobState.CANCELLED else BatchState.FAILED
    # The choice of columns was kept when the check began; the rows of an earlier check no longer answer to it.
    return BatchState.READ if job.step == JobStep.CHECK else BatchState(job.from_state)


# -- steps -------------------------------------------------------------------------------------------------------------
def _read(job: ImportJob) -> None:
    workflow.read(job.batch, by=job.officer, job=job)


def _check(job: ImportJob) -> None:
    workflow.run_check(job.batch_id, by=job.officer, job=job, progress=job.board)


def _commit(job: ImportJob) -> None:
    mode = CommitMode(job.options["mode"])
    workflow.commit(job.batch_id, by=job.officer, mode=mode, job=job, progress=job.board)


def _weigh(job: ImportJob) -> None:
    job.board.stage("Xem từng bản ghi", 1)
    summary = summary_of(plan_undo(job.batch, officer=job.officer))
    workflow.release(job, JobState.DONE, BatchState(job.from_state), undo_plan=summary)


def _undo(job: ImportJob) -> None:
    workflow.undo(job.batch_id, by=job.officer, job=job, progress=job.board)


STEPS = {
    JobStep.READ: _read,
    JobStep.CHECK: _check,
    JobStep.COMMIT: _commit,
    JobStep.WEIGH: _weigh,
    JobStep.UNDO: _undo,
}


# -- signs of life, and the wish to stop -------------------------------------------------------------------------------
_breakable = threading.Event()


def break_off(signum, frame) -> None:
    """Handler of ``STOP_SIGNAL``: end the step under way, wherever it is."""
    if _breakable.is_set():
        _breakable.clear()
        raise Cancelled


def may_break_off() -> bool:
    """Whether this process lets its jobs be broken off by a signal: a worker does, a server or a test does not."""
    return signal.getsignal(STOP_SIGNAL) is break_off


@contextlib.contextmanager
def beating(board: Board) -> Iterator[None]:
    """Give signs of life while the step inside goes on, and break it off when the officer wants that."""
    over = threading.Event()
    breakable = may_break_off()
    thread = threading.Thread(target=_beat, args=(board, over, breakable), daemon=True, name="beat")
    board.tell()
    if breakable:
        _breakable.set()
    thread.start()
    try:
        yield
    finally:
        _breakable.clear()
        over.set()
        thread.join()


def _beat(board: Board, over: threading.Event, breakable: bool) -> None:
    asked_at = None
    while not over.wait(TICK):
        with contextlib.suppress(OSError):
            board.tell()
        if not breakable or not board.stop_asked:
            continue
        asked_at = asked_at or time.monotonic()
        if time.monotonic() - asked_at > PATIENCE:
            logger.error("a step does not break off; its process ends, and its transaction with it")
            os._exit(1)
        signal.pthread_kill(threading.main_thread().ident, STOP_SIGNAL)
