"""The import bench: upload, match columns, check, commit; each step an address to leave and come back to."""

import tempfile
from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import note
from movement_portal.lib.paging import KeysetPage, keys_for
from movement_portal.persons.forms import ReasonForm
from movement_portal.persons.keys import WrongKey
from movement_portal.persons.reading import put_down
from movement_portal.spreadsheets import jobs, samples, workflow
from movement_portal.spreadsheets.enums import BatchState, CommitMode, RowOutcome
from movement_portal.spreadsheets.forms import ColumnsForm, UploadForm
from movement_portal.spreadsheets.journal import choices_made
from movement_portal.spreadsheets.kinds import likelier_sheet
from movement_portal.spreadsheets.matching import UnknownField
from movement_portal.spreadsheets.memory import forget_column, forget_constant
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.originals import holds_numbers
from movement_portal.spreadsheets.refused import LEFT_BEHIND, write_refused
from movement_portal.spreadsheets.returning import missing
from movement_portal.spreadsheets.sheets import importable_sheets, sheet_for
from movement_portal.spreadsheets.tables import UnreadableFile
from movement_portal.spreadsheets.values import ValueProblem
from movement_portal.spreadsheets.views.showing import (
    about,
    check_context,
    find_batch,
    link_to,
    may_import,
    rows_of,
    state_chip,
    step_url,
)
from movement_portal.spreadsheets.worklists import WAITING

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Own lists not yet written that stand on top of the others.
OWN_SHOWN = 10


# -- list, upload ------------------------------------------------------------------------------------------------------
@require_GET
@may_import
def import_list(request):
    batches = ImportBatch.objects.visible_to(request.user).select_related("officer").defer("layout", "mapping")
    page = KeysetPage(batches, keys_for(ImportBatch, ["-uploaded_at", "-id"]), request.GET)
    own = batches.filter(officer=request.user, state__in=WAITING).order_by("-uploaded_at", "-id")[:OWN_SHOWN]
    labels = {sheet.name: sheet.label for sheet in importable_sheets(request.user)}

    def line(batch):
        return batch, labels.get(batch.sheet, batch.sheet), state_chip(batch), step_url(batch)

    context = {"page": page, "lines": [line(batch) for batch in page.rows], "own": [line(batch) for batch in own]}
    return render(request, "spreadsheets/import_list.html", context)


@require_http_methods(["GET", "POST"])
@may_import
def import_upload(request):
    if not importable_sheets(request.user):
        raise PermissionDenied
    initial = {"sheet": request.GET.get("sheet", "")}
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        batch = jobs.upload(data["sheet"], data["file"], by=request.user, default_area=data.get("default_area"))
        if batch.state != BatchState.FAILED:
            return redirect(step_url(batch))
        form.add_error("file", batch.failure)
    kinds = importable_sheets(request.user)
    context = {"form": form, "templates": kinds, "samples": samples.offered({sheet.name for sheet in kinds})}
    return render(request, "spreadsheets/import_upload.html", context)


# -- one import ------------------------------------------------------------------------------------------------------


@require_GET
@may_import
def import_detail(request, pk):
    batch = find_batch(request, pk)
    if batch.state in (BatchState.READ, BatchState.CHECKED, BatchState.RUNNING):
        return redirect(step_url(batch))
    context = {**about(request, batch), **rows_of(request, batch), **choices_made(batch)}
    if batch.state == BatchState.COMMITTED:
        context["next_url"] = batch.next_address(context["sheet"])
        context["left_behind"] = sum(batch.counts.get(outcome, 0) for outcome in LEFT_BEHIND)
    return render(request, "spreadsheets/import_detail.html", context)


@require_http_methods(["GET", "POST"])
@may_import
def import_columns(request, pk):
    batch = find_batch(request, pk)
    if batch.state not in (BatchState.READ, BatchState.CHECKED):
        return redirect(step_url(batch))
    reused = request.GET.getlist("dung-lai")
    form = ColumnsForm(request.POST or None, batch=batch, user=request.user, reused=reused)
    if request.method == "POST":
        try:
            if header := request.POST.get("forget"):
                forget_column(batch, header, by=request.user)
                batch = jobs.read_again(batch, by=request.user, header_rows=batch.header_rows)
                return redirect(step_url(batch))
            if key := request.POST.get("forget_constant"):
                forget_constant(batch, key, by=request.user)
                return redirect("spreadsheets:import_columns", pk)
            if "read_again" in request.POST:
                batch = jobs.read_again(batch, by=request.user, header_rows=form.header_rows)
                return redirect(step_url(batch))
            if form.is_valid():
                data = form.cleaned_data
                batch = jobs.choose(
                    batch,
                    by=request.user,
                    mapping=data["mapping"],
                    constants=data["constants"],
                    default_area=data.get("default_area"),
                    ways=data["ways"],
                )
                return redirect(step_url(batch))
        except (workflow.ImportRefused, UnknownField, ValueProblem, UnreadableFile) as problem:
            messages.error(request, str(problem))
            return redirect("spreadsheets:import_columns", pk)
    likelier = likelier_sheet(batch.layout, sheet_for(batch.sheet), request.user)
    context = {**about(request, batch), "form": form, "likelier": likelier}
    return render(request, "spreadsheets/import_columns.html", context)


@require_GET
@may_import
def import_check(request, pk):
    batch = find_batch(request, pk)
    if batch.state != BatchState.CHECKED:
        return redirect(step_url(batch))
    context = {**about(request, batch), **check_context(request, batch), **rows_of(request, batch)}
    gone = [(record, link_to(record)) for record in missing(batch, by=request.user)]
    context |= {"asked": batch.counts.get(RowOutcome.ASKED, 0), "missing": gone}
    return render(request, "spreadsheets/import_check.html", context)


@require_POST
@may_import
def import_commit(request, pk):
    batch = find_batch(request, pk)
    mode = CommitMode.GOOD_ROWS if request.POST.get("mode") == CommitMode.GOOD_ROWS else CommitMode.ALL_OR_NOTHING
    try:
        batch = jobs.commit(batch, by=request.user, mode=mode)
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("spreadsheets:import_detail", pk)
    if batch.state == BatchState.COMMITTED:
        messages.success(request, "Đã ghi danh sách vào sổ.")
    return redirect("spreadsheets:import_detail", pk)


@require_POST
@may_import
def import_cancel(request, pk):
    batch = find_batch(request, pk)
    try:
        workflow.cancel(batch.pk, by=request.user)
        messages.success(request, f"Đã hủy lần nhập “{batch.file_name}”; không có dòng nào được ghi.")
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("spreadsheets:import_list")


# -- downloads ---------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
@may_import
def import_file(request, pk):
    """The file as it came; one with whole numbers of persons for a reason that is written down first."""
    batch = find_batch(request, pk)
    if not batch.file:
        raise Http404
    asks = holds_numbers(batch)
    form = ReasonForm(request.POST or None)
    if asks and not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "spreadsheets/import_file.html", {"batch": batch, "form": form}, status=status)
    try:
        opened = batch.file.open("rb")
    except WrongKey as problem:
        messages.error(request, str(problem))
        return redirect("spreadsheets:import_list")
    if asks:
        put_down(batch, by=request.user, reason=form.cleaned_data["reason"], what="Tệp gốc có số định danh")
    else:
        # A list may hold other personal data: whoever takes it out is on record.
        note(kind=EventKind.EXPORT, label=f"Tải tệp gốc “{batch.file_name}”")
    return FileResponse(opened, as_attachment=True, filename=batch.file_name)


@require_GET
@may_import
def import_refused(request, pk):
    """The rows that stayed behind, in the workbook as the office wrote it, with the reasons in one more column."""
    batch = find_batch(request, pk)
    target = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    write_refused(target, batch)
    target.seek(0)
    name = f"{PurePath(batch.file_name).stem}-bi-tu-choi.xlsx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=XLSX)
