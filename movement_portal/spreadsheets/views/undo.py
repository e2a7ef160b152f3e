"""Taking an import back: what would happen, and the button that does it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from movement_portal.spreadsheets import jobs, workflow
from movement_portal.spreadsheets.enums import JobState, JobStep
from movement_portal.spreadsheets.models.batches import UNDONE
from movement_portal.spreadsheets.undoing import plan_undo, summary_of
from movement_portal.spreadsheets.views.showing import about, find_batch, step_url

may_undo = permission_required(workflow.UNDO_PERMISSION, raise_exception=True)


@require_GET
@may_undo
def import_undo(request, pk):
    batch = find_batch(request, pk)
    if not workflow.may_undo(batch, request.user):
        raise PermissionDenied
    if batch.state not in workflow.UNDO.sources:
        return redirect(step_url(batch))
    is_large = jobs.is_large_commit(batch)
    summary = batch.undo_plan if is_large else summary_of(plan_undo(batch, officer=request.user))
    weighed = batch.jobs.filter(step=JobStep.WEIGH, state=JobState.DONE).first() if is_large else None
    context = {**about(request, batch), "summary": summary, "is_large": is_large, "weighed": weighed}
    return render(request, "spreadsheets/import_undo.html", context)


@require_POST
@may_undo
def import_undo_weigh(request, pk):
    """Ask in the background what taking a large import back would do."""
    batch = find_batch(request, pk)
    try:
        batch = jobs.weigh_undo(batch, by=request.user)
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
    return redirect(undo_url(batch))


@require_POST
@may_undo
def import_undo_run(request, pk):
    batch = find_batch(request, pk)
    try:
        batch = jobs.undo(batch, by=request.user)
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
        return redirect(undo_url(batch))
    if batch.state in UNDONE:
        messages.success(request, f"Đã hoàn tác lần nhập “{batch.file_name}”.")
    return redirect(step_url(batch))


def undo_url(batch):
    """The page of the undo while it can be done, else where the batch is."""
    if batch.state in workflow.UNDO.sources:
        return reverse("spreadsheets:import_undo", args=[batch.pk])
    return step_url(batch)
