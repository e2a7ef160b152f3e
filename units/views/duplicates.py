"""Units that may be one: the hint while typing, the list of pairs, what an officer says of a pair."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from movement_portal.audit.timeline import timeline_of
from movement_portal.lib.transitions import TransitionError
from units.duplicates import duplicates_of, typed_unit
from units.enums import PairState
from units.merging import workflow
from units.merging.comparing import compared
from units.merging.lists import MERGES, PAIRS, reasons_in_words
from units.merging.transfer_lists import RECEIVED, SENT
from units.models import DuplicatePair
from units.models.units import OPEN_STATUSES
from units.views.record_lists import export, list_page

#: Letters of a name from which there is something to compare.
LETTERS = 4


def tabs(user, current):
    """The lists about duplicates beside one another: label, address, whether it is the one shown."""
    shown = [
        (listed.title, reverse(listed.list_url), listed.list_url == current)
        for listed in (PAIRS, MERGES, RECEIVED, SENT)
        if user.has_perm(listed.permission)
    ]
    if user.has_perm(PAIRS.permission):
        outside = "duplicates:outside_list"
        shown.insert(1, ("Trùng ngoài phạm vi", reverse(outside), outside == current))
    return shown


@require_POST
@permission_required("units.add_unit", raise_exception=True)
def unit_hint(request):
    """Units that the one being typed may already be; it stops nobody from going on."""
    unit = typed_unit(request.POST, request.user)
    found = None
    if len(unit.name) >= LETTERS or unit.tax_code or unit.school_code:
        found = duplicates_of(unit, by=request.user)
    return render(request, "units/_hint.html", {"duplicates": found})


@require_GET
@vary_on_headers("HX-Request")
def pair_list(request):
    return list_page(request, PAIRS, tabs=tabs(request.user, PAIRS.list_url))


@require_GET
def pair_export(request, form):
    return export(request, PAIRS, form)


def pair_or_404(request, pk):
    areas = [f"{side}__jurisdiction__parent__parent" for side in ("first", "second")]
    pairs = DuplicatePair.objects.visible_to(request.user).select_related(*areas, "settled_by")
    return get_object_or_404(pairs, pk=pk)


@require_GET
@permission_required(["units.view_duplicatepair", "units.view_unit"], raise_exception=True)
def pair_detail(request, pk):
    """Both units side by side, and what may be done with them."""
    return _pair_page(request, pair_or_404(request, pk))


@require_POST
@permission_required(workflow.PERMISSION, raise_exception=True)
def pair_dismiss(request, pk):
    pair = pair_or_404(request, pk)
    try:
        workflow.dismiss(pair.pk, by=request.user, reason=request.POST.get("reason", ""))
    except TransitionError as error:
        if pair.state == PairState.OPEN:
            return _pair_page(request, pair, error=str(error), status=422)
        messages.warning(request, str(error))
        return redirect("duplicates:pair_detail", pair.pk)
    messages.success(request, "Đã ghi: hai đơn vị này không phải một. Cổng không nêu lại cặp này nữa.")
    return redirect("duplicates:pair_list")


@require_POST
@permission_required(workflow.PERMISSION, raise_exception=True)
def pair_reopen(request, pk):
    pair = pair_or_404(request, pk)
    try:
        workflow.reopen(pair.pk, by=request.user)
    except TransitionError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Cặp này lại chờ xem xét.")
    return redirect("duplicates:pair_detail", pair.pk)


def _pair_page(request, pair, *, error="", status=200):
    can_settle = request.user.has_perm(workflow.PERMISSION)
    both_exist = pair.first.status in OPEN_STATUSES and pair.second.status in OPEN_STATUSES
    context = {
        "pair": pair,
        "reasons": reasons_in_words(pair.reasons),
        "lines": compared(pair.first, pair.second, request.user),
        "is_waiting": pair.state == PairState.OPEN and both_exist,
        "is_dismissed": pair.state == PairState.DISMISSED,
        "can_settle": can_settle,
        "can_merge": request.user.has_perm("units.merge_unit"),
        "reason": request.POST.get("reason", ""),
        "error": error,
        "timeline": timeline_of(pair, request.user),
    }
    return render(request, "units/pair_detail.html", context, status=status)
