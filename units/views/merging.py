"""Merging two records of one unit: what it would touch, doing it, taking it back, what was merged."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from movement_portal.audit.timeline import timeline_of
from movement_portal.lib.transitions import TransitionError
from units.duplicates import duplicates_of
from units.forms.merging import MergePickForm, UndoForm
from units.merging.doing import PERMISSION, PlanChanged, merge
from units.merging.links import undeclared
from units.merging.lists import MERGES
from units.merging.planning import plan_merge
from units.merging.undoing import plan_undo, undo
from units.models import Unit, UnitMerge
from units.models.units import OPEN_STATUSES
from units.views.duplicates import tabs
from units.views.profile import unit_or_404
from units.views.record_lists import export, list_page

#: What the buttons of a choice say.
WORDS = {"ours": "Giữ lại", "theirs": "Lấy", "both": "Giữ cả hai"}


@require_GET
@vary_on_headers("HX-Request")
def merge_list(request):
    return list_page(request, MERGES, tabs=tabs(request.user, MERGES.list_url))


@require_GET
def merge_export(request, form):
    return export(request, MERGES, form)


@require_http_methods(["GET", "POST"])
@permission_required(["units.view_unit", PERMISSION], raise_exception=True)
def merge_pick(request, code):
    """Which other record is of this unit; likely ones are proposed."""
    unit = unit_or_404(request, code)
    form = MergePickForm(request.POST or None, unit=unit, user=request.user)
    if form.is_valid():
        return redirect("duplicates:unit_merge", unit.code, form.cleaned_data["other"].code)
    context = {"unit": unit, "form": form, "likely": duplicates_of(unit, by=request.user).likely}
    return render(request, "units/merge_pick.html", context, status=200 if request.method == "GET" else 422)


@require_http_methods(["GET", "POST"])
@permission_required(["units.view_unit", PERMISSION], raise_exception=True)
def unit_merge(request, code, other):
    """Everything the merge would touch, and the merge itself: ``other`` goes into ``code``."""
    if gone := _merged_already(request, code, other):
        messages.info(request, f"Hai hồ sơ này đã gộp: {gone.absorbed.code} vào {gone.survivor.code}.")
        return redirect("duplicates:merge_detail", gone.pk)
    survivor, absorbed = unit_or_404(request, code), unit_or_404(request, other)
    if survivor.pk == absorbed.pk:
        raise Http404
    for unit in (survivor, absorbed):
        if unit.status not in OPEN_STATUSES:
            messages.warning(request, f"“{unit.name}” đang ở tình trạng “{unit.get_status_display()}”, không gộp được.")
            return redirect(unit)
    error = ""
    if request.method == "POST":
        try:
            done = merge(
                survivor.pk,
                absorbed.pk,
                by=request.user,
                reason=request.POST.get("reason", ""),
                token=request.POST.get("token", ""),
                answers=request.POST,
            )
        except PlanChanged:
            error = "Hồ sơ đã thay đổi từ lúc xem trước. Xem lại bên dưới rồi bấm gộp lần nữa."
            survivor, absorbed = Unit.objects.get(pk=survivor.pk), Unit.objects.get(pk=absorbed.pk)
        except TransitionError as refusal:
            error = str(refusal)
        else:
            messages.success(
                request, f"Đã gộp {absorbed.code} vào “{done.survivor.name}”. Mã cũ vẫn tìm ra đơn vị này."
            )
            return redirect("duplicates:merge_detail", done.pk)
    plan = plan_merge(survivor, absorbed, user=request.user, answers=request.POST or None)
    context = {
        "survivor": survivor,
        "absorbed": absorbed,
        "plan": plan,
        "questions": [choice for choice in plan.conflicts if choice.is_question],
        "same": [choice for choice in plan.conflicts if not choice.is_question],
        "is_unknown": bool(undeclared()),
        "error": error,
        "reason": request.POST.get("reason", ""),
        "words": WORDS,
    }
    return render(request, "units/unit_merge.html", context, status=422 if error else 200)


def _merged_already(request, code, other):
    """The standing merge of two records within reach, whichever way: another tab or officer was quicker."""
    codes = {code, other}
    merges = UnitMerge.objects.visible_to(request.user).standing().select_related("survivor", "absorbed")
    return merges.filter(survivor__code__in=codes, absorbed__code__in=codes).first()


def merge_or_404(request, pk):
    merges = UnitMerge.objects.visible_to(request.user)
    return get_object_or_404(merges.select_related("survivor", "absorbed", "merged_by", "undone_by"), pk=pk)


@require_GET
@permission_required(["units.view_unitmerge", "units.view_unit"], raise_exception=True)
def merge_detail(request, pk):
    """What went into what, and the history of the record that is gone."""
    found = merge_or_404(request, pk)
    context = {
        "merge": found,
        "counts": plan_undo(found).counts if found.undone_at is None else [],
        "can_undo": found.undone_at is None and request.user.has_perm(PERMISSION),
        "timeline": timeline_of(found.absorbed, request.user),
    }
    return render(request, "units/merge_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(["units.view_unit", PERMISSION], raise_exception=True)
def merge_undo(request, pk):
    """What taking the merge back would do, who has edited what since, and doing it."""
    found = merge_or_404(request, pk)
    plan = plan_undo(found)
    if plan.refusal:
        messages.warning(request, plan.refusal)
        return redirect("duplicates:merge_detail", found.pk)
    form = UndoForm(request.POST or None, has_edits=bool(plan.edited))
    if form.is_valid():
        try:
            undo(
                found.pk,
                by=request.user,
                reason=form.cleaned_data["reason"],
                keeping_edits=form.cleaned_data.get("keeping_edits", False),
            )
        except TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã hoàn tác: {found.absorbed.code} lại là một hồ sơ riêng.")
            return redirect("units:unit_detail", found.absorbed.code)
    context = {"merge": found, "plan": plan, "form": form}
    return render(request, "units/merge_undo.html", context, status=200 if request.method == "GET" else 422)
