"""Agreements of coordination: list, page with its parties, forms, the scan."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from movement_portal.audit.recording import describe
from movement_portal.documents.files import paper_response
from movement_portal.lib.numbers import written
from movement_portal.templatetags.portal import chip
from units.agreements import LastParty, add_parties, remove_party
from units.forms.agreements import AgreementForm, PartiesForm
from units.models import AgreementParty, CoordinationAgreement
from units.tables.agreements import AGREEMENTS
from units.tables.documents import validity_chip
from units.tables.records import day_text
from units.views.duty_pages import delete_page, detail_page, duty_tabs, record_actions, scan_link
from units.views.record_lists import export, list_page
from units.views.saving import form_page, made_once, tell_left_out

LIST = "duties:agreement_list"
#: Parties named on the agreement's page.
SHOWN = 500


def _crumbs():
    return [("Văn bản phối hợp", reverse(LIST))]


@require_GET
@vary_on_headers("HX-Request")
def agreement_list(request):
    return list_page(request, AGREEMENTS, tabs=duty_tabs(request.user, LIST))


@require_GET
def agreement_export(request, form):
    return export(request, AGREEMENTS, form)


def agreement_or_404(request, pk):
    rows = CoordinationAgreement.objects.visible_to(request.user).select_related("jurisdiction")
    return get_object_or_404(rows, pk=pk)


def own_agreement_or_404(request, pk):
    """An agreement of the officer's own area: one in which a unit of theirs merely takes part is only read."""
    return get_object_or_404(CoordinationAgreement.objects.editable_by(request.user), pk=pk)


@require_GET
@permission_required("units.view_coordinationagreement", raise_exception=True)
def agreement_detail(request, pk):
    row, user = agreement_or_404(request, pk), request.user
    is_own = CoordinationAgreement.objects.editable_by(user).filter(pk=pk).exists()
    actions = record_actions(user, row, "duties:agreement") if is_own else []
    facts = [
        ("Trích yếu", row.title),
        ("Loại văn bản", row.get_kind_display()),
        ("Ngày ký", day_text(row.signed_on)),
        ("Hiệu lực", validity_chip(row.valid_from, row.valid_to, chip)),
        ("Có hiệu lực từ ngày", day_text(row.valid_from)),
        ("Cơ quan Công an ký", row.police_body),
        ("Địa bàn", row.jurisdiction.full_name),
        ("Bản quét", scan_link("duties:agreement_scan", row)),
        ("Ghi chú", row.note),
    ]
    parties = AgreementParty.objects.filter(agreement=row)
    within = parties.visible_to(user).select_related("unit", "jurisdiction").order_by("id")
    total = parties.count()
    shown = list(within[:SHOWN])
    return detail_page(
        request,
        row,
        title=row.number,
        facts=facts,
        crumbs=_crumbs(),
        actions=actions,
        template="units/agreement_detail.html",
        parties=shown,
        party_count=total,
        elsewhere=total - len(shown),
        can_add=is_own and user.has_perm("units.add_agreementparty"),
        can_remove=total > 1 and is_own and user.has_perm("units.delete_agreementparty"),
    )


@require_GET
@permission_required("units.view_coordinationagreement", raise_exception=True)
def agreement_scan(request, pk):
    row = agreement_or_404(request, pk)
    return paper_response(row.scan, str(row))


@require_http_methods(["GET", "POST"])
@permission_required(["units.add_coordinationagreement", "units.add_agreementparty"], raise_exception=True)
@made_once(CoordinationAgreement)
def agreement_add(request):
    form = AgreementForm(request.POST or None, request.FILES or None, user=request.user)

    def saved(agreement):
        add_parties(
            agreement,
            units=form.cleaned_data["units"],
            area=form.cleaned_data["area"],
            bodies=form.cleaned_data["bodies"],
        )

    return form_page(request, form, heading="Thêm văn bản phối hợp", back=reverse(LIST), crumbs=_crumbs(), saved=saved)


@require_http_methods(["GET", "POST"])
@permission_required("units.change_coordinationagreement", raise_exception=True)
def agreement_edit(request, pk):
    row = own_agreement_or_404(request, pk)
    form = AgreementForm(request.POST or None, request.FILES or None, instance=row, user=request.user)
    back = row.get_absolute_url()
    return form_page(request, form, heading="Sửa văn bản phối hợp", back=back, crumbs=[*_crumbs(), (row.number, back)])


@require_http_methods(["GET", "POST"])
@permission_required("units.add_agreementparty", raise_exception=True)
def agreement_parties(request, pk):
    """Further parties of an agreement."""
    row = own_agreement_or_404(request, pk)
    form = PartiesForm(request.POST or None, user=request.user)
    back = row.get_absolute_url()
    if form.is_valid():
        describe(label=f"Thêm bên ký: {row.number}"[:200])
        count = add_parties(row, **form.cleaned_data)
        messages.success(request, f"Đã thêm {written(count)} bên ký." if count else "Các bên này đã có trong văn bản.")
        tell_left_out(request, form)
        return redirect(back)
    return form_page(request, form, heading="Thêm bên ký", back=back, crumbs=[*_crumbs(), (row.number, back)])


@require_POST
@permission_required("units.delete_agreementparty", raise_exception=True)
def party_remove(request, pk, party_id):
    row = own_agreement_or_404(request, pk)
    describe(label=f"Bỏ bên ký: {row.number}"[:200])
    try:
        name = remove_party(row, party_id, by=request.user)
    except AgreementParty.DoesNotExist:
        raise Http404 from None
    except LastParty as problem:
        messages.error(request, str(problem))
        return redirect(row)
    messages.success(request, format_html("Đã bỏ “{}” khỏi văn bản.", name))
    return redirect(row)


@require_http_methods(["GET", "POST"])
@permission_required("units.delete_coordinationagreement", raise_exception=True)
def agreement_delete(request, pk):
    return delete_page(request, own_agreement_or_404(request, pk), back=reverse(LIST), crumbs=_crumbs())
