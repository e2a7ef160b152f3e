"""Putting a checked list right on its page: faults of many rows, single cells, what becomes of known records."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from movement_portal.lib.numbers import written
from movement_portal.spreadsheets import correcting, jobs, workflow
from movement_portal.spreadsheets.enums import BatchState, Decision, ExistingMode, RowOutcome
from movement_portal.spreadsheets.forms import CellForm, FixForm
from movement_portal.spreadsheets.matching import UnknownField
from movement_portal.spreadsheets.models import ImportRow
from movement_portal.spreadsheets.open_choices import chosen_otherwise
from movement_portal.spreadsheets.tables import UnreadableFile
from movement_portal.spreadsheets.views.showing import check_context, find_batch, may_import, one_row, step_url


def back_to_check(pk, anchor=""):
    """The check page, at a part of it."""
    return redirect(reverse("spreadsheets:import_check", args=[pk]) + (f"#{anchor}" if anchor else ""))


def tell_rest(request, batch, done):
    """Say what was done, and what is left."""
    if batch.state != BatchState.CHECKED:
        return
    left = batch.counts.get(RowOutcome.REFUSED, 0)
    rest = f"còn {written(left)} dòng bị từ chối" if left else "không còn dòng nào bị từ chối"
    messages.success(request, f"{done}; {rest}.")


@require_POST
@may_import
def import_fix(request, pk):
    batch = find_batch(request, pk)
    form = FixForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return back_to_check(pk)
    try:
        batch = correcting.fix(
            batch.pk,
            by=request.user,
            fault=form.fault,
            answer=form.answer,
            remember=form.cleaned_data["remember"],
        )
        tell_rest(request, batch, "Đã áp dụng cách sửa")
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
    return back_to_check(pk)


@require_POST
@may_import
def import_unfix(request, pk):
    batch = find_batch(request, pk)
    try:
        if "forget" in request.POST:
            value, key = request.POST.get("value", ""), request.POST.get("key", "")
            batch = correcting.forget(batch.pk, by=request.user, key=key, value=value)
            tell_rest(request, batch, "Đã quên cách sửa")
        else:
            number = request.POST.get("fix", "")
            batch = correcting.withdraw(batch.pk, int(number) if number.isdecimal() else 0, by=request.user)
            tell_rest(request, batch, "Đã rút lại cách sửa")
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
    return back_to_check(pk, "cach-sua")


@require_POST
@may_import
def import_edit(request, pk):
    """One cell typed anew; with htmx the answer is the row and the counts."""
    batch = find_batch(request, pk)
    form = CellForm(request.POST, user=request.user)
    problem = ""
    row_id = form.data.get("row", "")
    try:
        if form.is_valid():
            data = form.cleaned_data
            batch = correcting.edit(
                batch.pk, data["row"], by=request.user, text=data["text"], column=data["column"], key=data["key"]
            )
        else:
            problem = " ".join(error for errors in form.errors.values() for error in errors)
    except (workflow.ImportRefused, UnknownField) as refusal:
        problem = str(refusal)
    except ImportRow.DoesNotExist:
        problem = "Dòng này không còn trong danh sách; hãy tải lại trang."
    return answer_of_row(request, batch, row_id, problem)


@require_POST
@may_import
def import_row(request, pk):
    """One row left out, or taken in again."""
    batch = find_batch(request, pk)
    row_id, problem = request.POST.get("row", ""), ""
    try:
        if not row_id.isdecimal():
            raise ImportRow.DoesNotExist
        if request.POST.get("decision") == Decision.SKIP:
            batch = correcting.decide(batch.pk, int(row_id), by=request.user, decision=Decision.SKIP)
        else:
            batch = correcting.undecide(batch.pk, int(row_id), by=request.user)
    except workflow.ImportRefused as refusal:
        problem = refusal.message
    except ImportRow.DoesNotExist:
        problem = "Dòng này không còn trong danh sách; hãy tải lại trang."
    return answer_of_row(request, batch, row_id, problem)


def answer_of_row(request, batch, row_id, problem):
    """With htmx the row as it stands now; without, the page with the message."""
    row = batch.rows.filter(pk=row_id).first() if str(row_id).isdecimal() else None
    if request.htmx and row is not None:
        shown = {"each": one_row(request, batch, row), "problem": problem, "shared_notices": ()}
        context = check_context(request, batch) | shown
        return render(request, "spreadsheets/_row_swap.html", context)
    if problem:
        messages.error(request, problem)
    return back_to_check(batch.pk, f"dong-{row_id}" if row else "")


@require_POST
@may_import
def import_existing(request, pk):
    batch = find_batch(request, pk)
    mode = request.POST.get("existing", "")
    try:
        if mode in ExistingMode.values:
            correcting.choose_existing(batch.pk, by=request.user, mode=ExistingMode(mode))
    except workflow.ImportRefused as refusal:
        messages.error(request, refusal.message)
    return back_to_check(pk)


@require_POST
@may_import
def import_way(request, pk):
    """Read a worksheet in another way where its file leaves a choice, and check the list again."""
    batch = find_batch(request, pk)
    if batch.state != BatchState.CHECKED:
        messages.error(request, f"Lần nhập đang ở trạng thái “{batch.get_state_display()}”.")
        return redirect(step_url(batch))
    named = (request.POST.get(name, "") for name in ("worksheet", "way", "column"))
    try:
        ways = chosen_otherwise(batch, *named, chosen=bool(request.POST.get("chosen")))
        batch = jobs.check_again(batch, by=request.user, ways=ways)
        tell_rest(request, batch, "Đã đọc lại theo lựa chọn")
    except KeyError:
        messages.error(request, "Tệp không có lựa chọn này; hãy tải lại trang.")
    except (workflow.ImportRefused, UnreadableFile) as refusal:
        messages.error(request, refusal.message)
    return redirect(step_url(batch))
