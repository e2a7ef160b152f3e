"""Incidents: list, page, form, and the table by code and period."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from movement_portal.lib.numbers import written
from movement_portal.templatetags.portal import chip
from units import incident_reports
from units.filters.duties import IncidentFilters, year_options
from units.forms.checks import IncidentForm
from units.incident_law import reminders_of
from units.models import Incident
from units.tables.incidents import INCIDENTS, conclusion_chip, yes_no
from units.tables.records import day_text
from units.views.duty_pages import delete_page, detail_page, duty_tabs, record_actions, unit_link
from units.views.record_lists import export, list_page
from units.views.saving import form_page, made_once
from units.views.teams import unit_asked

LIST = "duties:incident_list"
NO_PERSONS = (
    "Chỉ ghi số vụ và kết luận. Không ghi họ tên, số giấy tờ của bất kỳ ai; hồ sơ vụ việc do cơ quan điều tra giữ."
)


def _crumbs():
    return [("Vụ việc", reverse(LIST))]


@require_GET
@vary_on_headers("HX-Request")
def incident_list(request):
    actions = [("Bảng theo loại và kỳ", reverse("duties:incident_table"), "table")]
    return list_page(request, INCIDENTS, actions=actions, tabs=duty_tabs(request.user, LIST))


@require_GET
def incident_export(request, form):
    return export(request, INCIDENTS, form)


@require_GET
@permission_required("units.view_incident", raise_exception=True)
def incident_table(request):
    """Incidents by code of the circular and by period; each figure opens to its rows."""
    params = incident_reports.counted_by_default(request.GET)
    filters = IncidentFilters(params, request.user)
    ways = incident_reports.WAYS
    way = next((way for way in ways if way.name == request.GET.get("ky")), ways[0])
    years = [value for value, _ in year_options()]
    usual = incident_reports.usual_year(way.name)
    year = int(request.GET["nam"]) if request.GET.get("nam") in years else usual
    spans = incident_reports.spans_of(way.name, year)
    context = {
        "filters": filters,
        "ways": [(each.name, each.label, each is way) for each in ways],
        "years": [(str(each), str(each), each == year) for each in sorted({usual, *map(int, years)}, reverse=True)],
        "controls": [control for control in filters.controls if control.name in ("khoi", "ket_luan")],
        "way": way,
        "spans": spans,
        "lines": incident_reports.table(filters, spans),
        "area": filters.area or request.user.jurisdiction,
    }
    return render(request, "units/incident_table.html", context)


def incident_or_404(request, pk):
    rows = Incident.objects.visible_to(request.user).select_related("unit__jurisdiction")
    return get_object_or_404(rows, pk=pk)


@require_GET
@permission_required("units.view_incident", raise_exception=True)
def incident_detail(request, pk):
    row = incident_or_404(request, pk)
    actions = record_actions(request.user, row, "duties:incident")
    concluded = f" ngày {day_text(row.concluded_on)}" if row.concluded_on else ""
    facts = [
        ("Đơn vị", format_html("{}, {}", unit_link(row.unit), row.unit.jurisdiction.full_name)),
        ("Loại vụ việc", row.get_kind_display()),
        ("Ngày xảy ra", day_text(row.occurred_on)),
        ("Số vụ", written(row.incident_count)),
        ("Do bất khả kháng", yes_no(row.is_force_majeure)),
        ("Phát hiện kịp thời, hạn chế thiệt hại và báo cáo", yes_no(row.found_in_time)),
        ("Báo cáo Công an ngày", day_text(row.reported_on)),
        ("Kết luận", format_html("{}{}", conclusion_chip(row.conclusion, chip), concluded)),
        ("Tóm tắt", row.summary),
        ("Lưu ý", " ".join(reminders_of(row))),
    ]
    title = f"Vụ việc ngày {day_text(row.occurred_on)}"
    return detail_page(request, row, title=title, facts=facts, crumbs=_crumbs(), actions=actions)


@require_http_methods(["GET", "POST"])
@permission_required("units.add_incident", raise_exception=True)
@made_once(Incident)
def incident_add(request):
    unit = unit_asked(request)
    form = IncidentForm(request.POST or None, user=request.user, unit=unit)
    back = unit.get_absolute_url() if unit else reverse(LIST)
    remind = partial(_remind, request)
    return form_page(request, form, heading="Thêm vụ việc", back=back, crumbs=_crumbs(), note=NO_PERSONS, saved=remind)


@require_http_methods(["GET", "POST"])
@permission_required("units.change_incident", raise_exception=True)
def incident_edit(request, pk):
    row = incident_or_404(request, pk)
    form = IncidentForm(request.POST or None, instance=row, user=request.user)
    back = row.get_absolute_url()
    crumbs = [*_crumbs(), (row.unit.name, back)]
    remind = partial(_remind, request)
    return form_page(request, form, heading="Sửa vụ việc", back=back, crumbs=crumbs, note=NO_PERSONS, saved=remind)


def _remind(request, incident):
    for text in reminders_of(incident):
        messages.warning(request, text)


@require_http_methods(["GET", "POST"])
@permission_required("units.delete_incident", raise_exception=True)
def incident_delete(request, pk):
    return delete_page(request, incident_or_404(request, pk), back=reverse(LIST), crumbs=_crumbs())
