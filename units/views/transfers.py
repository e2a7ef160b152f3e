"""Requests that a unit be handed over: sent without knowing it, answered by the office that looks after it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from movement_portal.audit.timeline import timeline_of
from movement_portal.jurisdictions.enums import COMMUNE_KINDS
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib.transitions import TransitionError
from units.duplicates import duplicates_of, typed_unit
from units.forms.transfers import TYPED, AcceptForm, RefuseForm, TransferSendForm
from units.merging import transfer_workflow
from units.merging.transfer_lists import RECEIVED, SENT
from units.models import DuplicatePair, TransferRequest, Unit
from units.views.duplicates import tabs
from units.views.record_lists import export, list_page

#: Units shown at a time among those that have a double elsewhere.
SHOWN = 50


@require_GET
@vary_on_headers("HX-Request")
def transfer_list(request):
    return list_page(request, RECEIVED, tabs=tabs(request.user, RECEIVED.list_url))


@require_GET
def transfer_export(request, form):
    return export(request, RECEIVED, form)


@require_GET
@vary_on_headers("HX-Request")
def sent_list(request):
    return list_page(request, SENT, tabs=tabs(request.user, SENT.list_url))


@require_GET
def sent_export(request, form):
    return export(request, SENT, form)


@require_GET
@permission_required(["units.view_duplicatepair", "units.view_unit"], raise_exception=True)
def outside_list(request):
    """Units of the officer that have a double elsewhere: of that only that there is one."""
    pairs = DuplicatePair.objects.half_seen_by(request.user)
    own = Unit.objects.visible_to(request.user)
    keys = {key for ends in pairs.values_list("first", "second") for key in ends}
    units = own.filter(pk__in=keys).select_related("jurisdiction").order_by("name_sort", "id")
    context = {
        "units": list(units[:SHOWN]),
        "total": units.count(),
        "can_send": request.user.has_perm(transfer_workflow.SEND),
        "tabs": tabs(request.user, "duplicates:outside_list"),
    }
    return render(request, "units/outside_list.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(["units.view_unit", transfer_workflow.SEND], raise_exception=True)
def transfer_send(request):
    """Ask for the unit elsewhere that one being typed, or one of the officer's own, is; only the server knows which."""
    data = request.POST if request.method == "POST" else request.GET
    own = _own_unit(request, data.get("don-vi", ""))
    typed = {name: data.get(name, "") for name in TYPED if data.get(name)}
    wanted = own or typed_unit(data, request.user)
    outside = _outside(wanted, request.user)
    if not outside:
        messages.info(request, "Không còn đơn vị trùng nào ngoài phạm vi của đồng chí.")
        return redirect(own or "units:unit_add")
    is_sent = request.method == "POST" and "request_reason" in request.POST
    form = TransferSendForm(request.POST if is_sent else None, user=request.user, initial=_first(request, wanted))
    if is_sent and form.is_valid():
        try:
            transfer_workflow.send(
                outside[0],
                form.cleaned_data["to_area"],
                by=request.user,
                called=wanted.name,
                reason=form.cleaned_data["request_reason"],
            )
        except TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã gửi đề nghị đến nơi đang quản lý. Trả lời sẽ hiện ở “Đề nghị đã gửi”.")
            return redirect("duplicates:sent_list")
    context = {"form": form, "typed": typed, "own": own, "called": wanted.name}
    status = 422 if is_sent and form.errors else 200
    return render(request, "units/transfer_send.html", context, status=status)


def _own_unit(request, code):
    return Unit.objects.visible_to(request.user).open().filter(code=code).first() if code else None


def _outside(unit, user):
    """Units beyond reach that the unit may be, the likest first."""
    found = duplicates_of(unit, by=user).out_of_reach
    if unit.pk:
        pairs = DuplicatePair.objects.half_seen_by(user).order_by("-score", "id")
        ends = [ends for ends in pairs.values_list("first", "second") if unit.pk in ends]
        found = [*(key for pair in ends for key in pair if key != unit.pk), *found]
    return list(dict.fromkeys(found))


def _first(request, unit):
    """The area that is meant to begin with: the one typed, or the officer's own commune."""
    area = unit.jurisdiction if unit.jurisdiction_id else request.user.jurisdiction
    return {"to_area": area} if area.kind in COMMUNE_KINDS else {}


# -- for the office that looks after the unit --------------------------------------------------------------------------
@require_GET
@permission_required(["units.view_transferrequest", "units.view_unit"], raise_exception=True)
def transfer_detail(request, pk):
    """The request with the unit, and the two answers."""
    return _received_page(request, _received(request, pk))


@require_POST
@permission_required(transfer_workflow.DECIDE, raise_exception=True)
def transfer_accept(request, pk):
    found = _received(request, pk)
    form = AcceptForm(request.POST)
    if form.is_valid():
        try:
            transfer_workflow.accept(
                found.pk, by=request.user, on=form.cleaned_data["effective_on"], note=form.cleaned_data["note"]
            )
        except TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã chuyển “{found.unit.name}” về {found.to_area.full_name}.")
            return redirect("duplicates:transfer_list")
    return _received_page(request, found, accept=form)


@require_POST
@permission_required(transfer_workflow.DECIDE, raise_exception=True)
def transfer_refuse(request, pk):
    found = _received(request, pk)
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            transfer_workflow.refuse(found.pk, by=request.user, reason=form.cleaned_data["reason"])
        except TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã trả lời: không đồng ý chuyển.")
            return redirect("duplicates:transfer_list")
    return _received_page(request, found, refuse=form)


def _received(request, pk):
    related = ("unit", "from_area", "to_area__parent", "requested_by", "decided_by")
    return get_object_or_404(TransferRequest.objects.visible_to(request.user).select_related(*related), pk=pk)


def _received_page(request, found, *, accept=None, refuse=None):
    can_decide = request.user.has_perm(transfer_workflow.DECIDE) and found.requested_by_id != request.user.pk
    context = {
        "transfer": found,
        "unit": Unit.objects.visible_to(request.user).filter(pk=found.unit_id).first(),
        "can_decide": can_decide and found.is_waiting,
        "keeps_seeing": covers(request.user.jurisdiction, found.to_area),
        "accept": accept or AcceptForm(),
        "refuse": refuse or RefuseForm(),
        "timeline": timeline_of(found, request.user),
    }
    return render(request, "units/transfer_detail.html", context, status=422 if accept or refuse else 200)


# -- for the office that asks ------------------------------------------------------------------------------------------
def _sent(request, pk):
    rows = TransferRequest.objects.sent_by(request.user).select_related("to_area__parent", "requested_by")
    return get_object_or_404(rows, pk=pk)


@require_GET
@permission_required("units.view_transferrequest", raise_exception=True)
def sent_detail(request, pk):
    """What was asked and answered; the unit itself only once it has come over."""
    found = _sent(request, pk)
    context = {
        "transfer": found,
        "unit": Unit.objects.visible_to(request.user).filter(pk=found.unit_id).first(),
        "can_withdraw": found.is_waiting and request.user.has_perm(transfer_workflow.SEND),
    }
    return render(request, "units/sent_detail.html", context)


@require_POST
@permission_required(transfer_workflow.SEND, raise_exception=True)
def sent_withdraw(request, pk):
    found = _sent(request, pk)
    try:
        transfer_workflow.withdraw(found.pk, by=request.user)
    except TransitionError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Đã rút đề nghị.")
    return redirect(reverse("duplicates:sent_detail", args=[found.pk]))
