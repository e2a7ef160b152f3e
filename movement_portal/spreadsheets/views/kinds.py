"""A list that was sent as one kind and is another."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from movement_portal.spreadsheets import jobs, workflow
from movement_portal.spreadsheets.sheets import importable_sheets
from movement_portal.spreadsheets.tables import UnreadableFile
from movement_portal.spreadsheets.views.showing import find_batch, may_import, step_url


@require_POST
@may_import
def import_kind(request, pk):
    """Read the list as the kind that was chosen."""
    batch = find_batch(request, pk)
    sheet = {each.name: each for each in importable_sheets(request.user)}.get(request.POST.get("sheet", ""))
    if sheet is None:
        raise Http404
    try:
        batch = jobs.read_as(batch, sheet, by=request.user)
    except (workflow.ImportRefused, UnreadableFile) as problem:
        messages.error(request, str(problem))
        batch.refresh_from_db()
    return redirect(step_url(batch))
