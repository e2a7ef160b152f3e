"""Inspections: list, page, form, and that findings are put right."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from movement_portal.templatetags.portal import chip
from units.forms.checks import FixForm, InspectionForm
from units.models import Inspection
from units.tables.inspections import INSPECTIONS, fixing_chip
from units.tables.records import day_text
from units.views.duty_pages import delete_page, detail_page, duty_tabs, record_actions, unit_link
from units.views.record_lists import export, list_page
from units.views.saving import form_page, made_once
from units.views.teams import unit_asked

LIST = "duties:inspection_list"


def _crumbs():
    return [("Kiểm tra, hướng dẫn", reverse(LIST))]


@require_GET
@vary_on_headers("HX-Request")
def inspection_list(request):
    return list_page(request, INSPECTIONS, tabs=duty_tabs(request.user, LIST))


@require_GET
def inspection_export(request, form):
    return export(request, INSPECTIONS, form)


def inspection_or_404(request, pk):
    rows = Inspection.objects.visible_to(request.user).select_related("unit__jurisdiction")
    return get_object_or_404(rows, pk=pk)


@require_GET
@permission_required("units.view_inspection", raise_exception=True)
def inspection_detail(request, pk):
    row = inspection_or_404(request, pk)
    actions = record_actions(request.user, row, "duties:inspection")
    if request.user.has_perm("units.change_inspection") and row.fixed_on is None and (row.deadline or row.findings):
        actions.append(("Ghi đã khắc phục", reverse("duties:inspection_fix", args=[pk]), "check-lg"))
    facts = [
        ("Đơn vị", format_html("{}, {}", unit_link(row.unit), row.unit.jurisdiction.full_name)),
        ("Ngày kiểm tra", day_text(row.inspected_on)),
        ("Đoàn, tổ kiểm tra", row.team),
        ("Nội dung", row.content),
        ("Kết quả, tồn tại", row.findings),
        ("Hạn khắc phục", day_text(row.deadline)),
        ("Khắc phục", fixing_chip(row.deadline, row.fixed_on, chip)),
        ("Kết quả khắc phục", row.fix_note),
    ]
    title = f"Kiểm tra ngày {day_text(row.inspected_on)}"
    return detail_page(request, row, title=title, facts=facts, crumbs=_crumbs(), actions=actions)


@require_http_methods(["GET", "POST"])
@permission_required("units.add_inspection", raise_exception=True)
@made_once(Inspection)
def inspection_add(request):
    unit = unit_asked(request)
    form = InspectionForm(request.POST or None, user=request.user, unit=unit)
    return form_page(
        request,
        form,
        heading="Thêm lần kiểm tra",
        back=unit.get_absolute_url() if unit else reverse(LIST),
        crumbs=_crumbs(),
        again=lambda _: reverse("duties:inspection_add"),
        again_label="Lưu và thêm đơn vị khác",
    )


@require_http_methods(["GET", "POST"])
@permission_required("units.change_inspection", raise_exception=True)
def inspection_edit(request, pk):
    row = inspection_or_404(request, pk)
    form = InspectionForm(request.POST or None, instance=row, user=request.user)
    back = row.get_absolute_url()
    crumbs = [*_crumbs(), (row.unit.name, back)]
    return form_page(request, form, heading="Sửa lần kiểm tra", back=back, crumbs=crumbs)


@require_http_methods(["GET", "POST"])
@permission_required("units.change_inspection", raise_exception=True)
def inspection_fix(request, pk):
    row = inspection_or_404(request, pk)
    form = FixForm(request.POST or None, instance=row)
    back = row.get_absolute_url()
    crumbs = [*_crumbs(), (row.unit.name, back)]
    return form_page(
        request, form, heading="Ghi đã khắc phục", back=back, crumbs=crumbs, note=row.findings or row.content
    )


@require_http_methods(["GET", "POST"])
@permission_required("units.delete_inspection", raise_exception=True)
def inspection_delete(request, pk):
    return delete_page(request, inspection_or_404(request, pk), back=reverse(LIST), crumbs=_crumbs())
