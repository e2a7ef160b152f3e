"""Workbooks to be filled in away from the portal: templates, and an office's own records to be sent back."""

from tempfile import SpooledTemporaryFile

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.blank_workbooks import write_template
from movement_portal.spreadsheets.enums import Answer, BatchState, RowOutcome
from movement_portal.spreadsheets.exporting import MEMORY, file_response
from movement_portal.spreadsheets.forms import WorkbookForm
from movement_portal.spreadsheets.issuing import TooManyRecords, issue
from movement_portal.spreadsheets.models import IssuedWorkbook
from movement_portal.spreadsheets.returning import question_of
from movement_portal.spreadsheets.sheets import sheet_for
from movement_portal.spreadsheets.views.showing import find_batch, step_url

may_import = permission_required("spreadsheets.import_sheet", raise_exception=True)


def find_sheet(request, name):
    """A kind of list that the officer may bring in; 404 for one that is not there, else 403."""
    try:
        sheet = sheet_for(name)
    except KeyError:
        raise Http404 from None
    if not sheet.may_import(request.user) or request.user.jurisdiction is None:
        raise PermissionDenied
    return sheet


@require_GET
@may_import
def sheet_template(request, name):
    sheet = find_sheet(request, name)
    stream = SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115  closed by ``file_response`` or by its answer
    write_template(stream, sheet, officer=request.user)
    return file_response(stream, f"mau-{name}.xlsx")


# -- an office's own records, to be sent back --------------------------------------------------------------------------
#: Workbooks given out that the page names.
RECENT = 20


@require_http_methods(["GET", "POST"])
@may_import
def sheet_workbook(request, name):
    """Which area goes out; the answer to sending the form is the workbook."""
    sheet = find_sheet(request, name)
    form = WorkbookForm(request.POST or None, user=request.user, initial={"area": request.GET.get("dia_ban")})
    if request.method == "POST" and form.is_valid():
        stream = SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115  closed by ``file_response`` or by its answer
        area = form.cleaned_data["area"] or request.user.jurisdiction
        try:
            workbook = issue(stream, sheet, officer=request.user, area=area)
            return file_response(stream, f"{name}-sua-va-gui-lai-{workbook.pk}.xlsx")
        except TooManyRecords as problem:
            form.add_error("area", str(problem))
    issued = IssuedWorkbook.objects.visible_to(request.user).filter(sheet=name).defer("record_ids")
    issued = issued.select_related("officer", "jurisdiction").prefetch_related("returns")[:RECENT]
    context = {"sheet": sheet, "form": form, "issued": issued}
    return render(request, "spreadsheets/sheet_workbook.html", context, status=422 if form.errors else 200)


#: Rows with questions on one page.
QUESTIONS = 50


@require_http_methods(["GET", "POST"])
@may_import
def import_questions(request, pk):
    """Cells that a returned workbook and the register both changed: which of the two is right."""
    batch = find_batch(request, pk)
    if batch.state != BatchState.CHECKED:
        return redirect(step_url(batch))
    asked = batch.rows.filter(outcome=RowOutcome.ASKED)
    if request.method == "POST":
        answers = answers_of(request.POST, asked)
        if not answers:
            messages.warning(request, "Chưa chọn ô nào.")
            return redirect("spreadsheets:import_questions", pk)
        try:
            batch = workflow.answer(pk, by=request.user, answers=answers)
        except workflow.ImportRefused as refusal:
            messages.error(request, refusal.message)
        left = batch.counts.get(RowOutcome.ASKED, 0)
        return redirect("spreadsheets:import_questions" if left else "spreadsheets:import_check", pk)
    rows = [
        (row, [(question_of(row.object_id, each["key"]), each) for each in row.questions]) for row in asked[:QUESTIONS]
    ]
    context = {"batch": batch, "rows": rows, "count": asked.count(), "answers": Answer.choices}
    return render(request, "spreadsheets/import_questions.html", context)


def answers_of(data, asked):
    """The answers of a form by question; “tat_ca” answers every question of the list."""
    if (whole := data.get("tat_ca", "")) in Answer.values:
        return {question_of(row.object_id, each["key"]): whole for row in asked for each in row.questions}
    known = {question_of(row.object_id, each["key"]) for row in asked for each in row.questions}
    return {name: value for name, value in data.items() if name in known and value in Answer.values}
