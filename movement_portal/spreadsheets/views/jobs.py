"""A step of an import in the background: how far it is, and the button that stops it."""

import math
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from movement_portal.spreadsheets import jobs, running, workflow
from movement_portal.spreadsheets.board import Board, Standing, worker_is_there
from movement_portal.spreadsheets.enums import BatchState, JobState, JobStep
from movement_portal.spreadsheets.models import ImportJob
from movement_portal.spreadsheets.sheets import sheet_for
from movement_portal.spreadsheets.views.showing import find_batch, may_import, step_url

#: Part of the whole that must be done before the time left is more than a guess.
ENOUGH = 0.04

#: Which of the steps of an import a job does.
STEP_NUMBERS = {JobStep.READ: 1, JobStep.CHECK: 3, JobStep.COMMIT: 4, JobStep.WEIGH: 0, JobStep.UNDO: 0}
#: What stopping leads to, by the state of the batch afterwards.
STOP_NOTES = {
    BatchState.CANCELLED: "Dừng thì lần nhập này bị hủy.",
    BatchState.READ: "Dừng thì quay về bước ghép cột, tệp vẫn còn.",
    BatchState.COMMITTED: "Dừng thì không có gì thay đổi.",
    BatchState.PARTLY_UNDONE: "Dừng thì không có gì thay đổi.",
    BatchState.CHECKED: "Dừng thì không dòng nào được ghi, kết quả kiểm tra vẫn còn.",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """A job as the page shows it."""

    job: ImportJob
    standing: Standing
    percent: int
    #: “còn khoảng 2 phút”; empty while nobody can tell.
    left: str
    is_waiting: bool
    is_stopping: bool
    #: No worker has given a sign of life for a while.
    nobody: bool


def progress_of(job):
    """How far the active job of a batch is, as its worker told last."""
    board = Board(str(job.token))
    standing = board.read()
    is_waiting = job.state == JobState.WAITING
    return Progress(
        job,
        standing,
        percent=math.floor(standing.fraction * 100),
        left="" if is_waiting else time_left(standing, (timezone.now() - job.started_at).total_seconds()),
        is_waiting=is_waiting,
        is_stopping=board.stop_asked,
        nobody=is_waiting and not worker_is_there(),
    )


def time_left(standing, elapsed):
    """The time that is left when the rest goes as fast as what is done: “còn khoảng 2 phút”."""
    if standing.fraction < ENOUGH:
        return ""
    seconds = elapsed * (1 - standing.fraction) / standing.fraction
    if seconds < 10:
        return "còn vài giây"
    if seconds < 90:
        return f"còn khoảng {math.ceil(seconds / 10) * 10} giây"
    return f"còn khoảng {math.ceil(seconds / 60)} phút"


def url_after(batch):
    """Where the work goes on when the last job of a batch has ended."""
    batch.refresh_from_db()
    last = batch.jobs.first()
    if last is not None and last.step == JobStep.WEIGH and batch.state == last.from_state:
        return reverse("spreadsheets:import_undo", args=[batch.pk])
    return step_url(batch)


@require_GET
@may_import
def import_progress(request, pk):
    batch = find_batch(request, pk)
    job = jobs.active_job(batch) if batch.state == BatchState.RUNNING else None
    if job is None:
        url = url_after(batch)
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    context = {
        "batch": batch,
        "sheet": sheet_for(batch.sheet),
        "progress": progress_of(job),
        "step": STEP_NUMBERS[JobStep(job.step)],
        "stop_note": STOP_NOTES[running.state_after(job, JobState.CANCELLED)],
    }
    return render(
        request, "spreadsheets/_progress.html" if request.htmx else "spreadsheets/import_progress.html", context
    )


@require_POST
@may_import
def import_stop(request, pk):
    batch = find_batch(request, pk)
    try:
        jobs.stop(batch.pk, by=request.user)
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("spreadsheets:import_progress", pk)
