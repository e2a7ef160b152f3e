"""Commitments: list, page, form, the scan, and many units at once."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from movement_portal.audit.recording import describe
from movement_portal.documents.files import paper_response
from movement_portal.lib.changes import StaleRecord
from movement_portal.lib.numbers import written
from movement_portal.templatetags.portal import chip
from units import commitments
from units.forms.duties import CommitmentForm, FiguresForm, ManyCommitmentsForm
from units.models import Commitment
from units.tables.commitments import COMMITMENTS, signed_of_total, signing_chip
from units.tables.records import day_text
from units.views.duty_pages import (
    delete_page,
    detail_page,
    duty_tabs,
    record_actions,
    record_link,
    scan_link,
    unit_link,
)
from units.views.record_lists import export, list_page
from units.views.saving import form_page, made_once, show_form, tell_left_out
from units.views.teams import unit_asked

LIST = "duties:commitment_list"
MANY_AT_ONCE = "Cam kết của nhiều đơn vị"


def _crumbs():
    return [("Cam kết, giao ước", reverse(LIST))]


@require_GET
@vary_on_headers("HX-Request")
def commitment_list(request):
    actions = []
    if request.user.has_perm("units.add_commitment"):
        actions = [
            ("Ghi nhiều đơn vị", reverse("duties:commitment_many"), "ui-checks"),
        ]
    return list_page(request, COMMITMENTS, actions=actions, tabs=duty_tabs(request.user, LIST))


@require_GET
def commitment_export(request, form):
    return export(request, COMMITMENTS, form)


def commitment_or_404(request, pk):
    rows = Commitment.objects.visible_to(request.user).select_related("unit__jurisdiction", "legal_document")
    return get_object_or_404(rows, pk=pk)


@require_GET
@permission_required("units.view_commitment", raise_exception=True)
def commitment_detail(request, pk):
    row = commitment_or_404(request, pk)
    actions = record_actions(request.user, row, "duties:commitment")
    state = signing_chip(row.signed_count, row.total_count, row.approximation, chip)
    facts = [
        ("Đơn vị", format_html("{}, {}", unit_link(row.unit), row.unit.jurisdiction.full_name)),
        ("Hình thức", row.get_kind_display()),
        ("Năm", str(row.year)),
        ("Nội dung", row.content),
        ("Thực hiện văn bản", record_link(row.legal_document)),
        ("Ngày ký", day_text(row.signed_on)),
        (
            "Đã ký / tổng số người",
            format_html("{} {}", signed_of_total(row.signed_count, row.total_count, row.approximation), state),
        ),
        ("Bản quét", scan_link("duties:commitment_scan", row)),
    ]
    return detail_page(request, row, title=str(row), facts=facts, crumbs=_crumbs(), actions=actions)


@require_GET
@permission_required("units.view_commitment", raise_exception=True)
def commitment_scan(request, pk):
    row = commitment_or_404(request, pk)
    return paper_response(row.scan, f"{row}, {row.unit.name}")


@require_http_methods(["GET", "POST"])
@permission_required("units.add_commitment", raise_exception=True)
@made_once(Commitment)
def commitment_add(request):
    unit = unit_asked(request)
    form = CommitmentForm(request.POST or None, request.FILES or None, user=request.user, unit=unit)
    back = unit.get_absolute_url() if unit else reverse(LIST)
    return form_page(
        request,
        form,
        heading="Thêm cam kết, giao ước",
        back=back,
        crumbs=_crumbs(),
        again=lambda _: reverse("duties:commitment_add"),
        again_label="Lưu và thêm đơn vị khác",
    )


@require_http_methods(["GET", "POST"])
@permission_required("units.change_commitment", raise_exception=True)
def commitment_edit(request, pk):
    row = commitment_or_404(request, pk)
    form = CommitmentForm(request.POST or None, request.FILES or None, instance=row, user=request.user)
    back = row.get_absolute_url()
    crumbs = [*_crumbs(), (str(row), back)]
    return form_page(request, form, heading="Sửa cam kết, giao ước", back=back, crumbs=crumbs)


@require_http_methods(["GET", "POST"])
@permission_required(["units.add_commitment", "units.change_commitment"], raise_exception=True)
def commitment_many(request):
    """First what all have in common and which units; then one table with the figures of each."""
    form = ManyCommitmentsForm(request.POST or None, user=request.user)
    if not form.is_valid():
        page = {"heading": MANY_AT_ONCE, "crumbs": _crumbs(), "back": reverse(LIST)}
        return show_form(request, form, **page, button="Ghi số người của từng đơn vị", icon="ui-checks")
    head = dict(form.cleaned_data)
    units = head.pop("units")
    rows, kept = _figures(request, units, head)
    if "figures" not in request.POST:
        tell_left_out(request, form)
    elif _all_valid(rows):
        try:
            return _record_many(request, units, kept, rows, head)
        except (IntegrityError, StaleRecord):
            # Written meanwhile, by the first click or by somebody else: shown as what is kept now.
            messages.warning(request, "Có đơn vị vừa được ghi. Xem lại số của các đơn vị rồi lưu.")
            rows, kept = _figures(request, units, head, fresh=True)
    context = {
        "form": form,
        "rows": rows,
        "kept_count": len(kept),
        "takes_all": "takes_all" in request.POST,
        "crumbs": _crumbs(),
        "hidden": _hidden(request, units),
        "wrong_count": sum(bool(row.is_bound and row.errors) for row in rows),
    }
    is_wrong = "figures" in request.POST and context["wrong_count"]
    return render(request, "units/commitment_figures.html", context, status=422 if is_wrong else 200)


def _figures(request, units, head, *, fresh=False):
    """A form for each unit, filled with what is kept or likely; and what is kept."""
    key = {name: head[name] for name in ("year", "kind", "content")}
    kept = commitments.kept_commitments(units, **key)
    staff = commitments.staff_counts(units, year=head["year"])
    data = request.POST if "figures" in request.POST and not fresh else None
    takes_all = "takes_all" in request.POST
    rows = [
        FiguresForm(data, unit=unit, kept=kept.get(unit.pk), staff_count=staff.get(unit.pk), takes_all=takes_all)
        for unit in units
    ]
    return rows, kept


def _all_valid(rows):
    """Whether every row is right; all of them are looked at, so that every wrong one is told."""
    return not [row for row in rows if not row.is_valid()]


def _hidden(request, units):
    """The first step as the second sends it again: name and value."""
    names = ("year", "kind", "signed_on", "content", "legal_document")
    return [
        *((name, request.POST.get(name, "")) for name in names),
        ("units_settled", "1"),
        *(("units", str(unit.pk)) for unit in units),
    ]


def _record_many(request, units, kept, rows, head):
    describe(label=f"Ghi cam kết của {written(len(units))} đơn vị")
    outcome = commitments.record(units, kept, [row.cleaned_data for row in rows], **head)
    parts = [(outcome.created, "ghi mới"), (outcome.changed, "sửa"), (outcome.same, "giữ nguyên")]
    told = ", ".join(f"{written(count)} {word}" for count, word in parts if count)
    messages.success(request, f"Đã ghi cam kết của {written(outcome.total)} đơn vị: {told}.")
    document = head["legal_document"]
    query = {"nam": head["year"], "hinh_thuc": head["kind"]} | ({"van_ban": document.pk} if document else {})
    return redirect(f"{reverse(LIST)}?{urlencode(query)}")


@require_http_methods(["GET", "POST"])
@permission_required("units.delete_commitment", raise_exception=True)
def commitment_delete(request, pk):
    return delete_page(request, commitment_or_404(request, pk), back=reverse(LIST), crumbs=_crumbs())
