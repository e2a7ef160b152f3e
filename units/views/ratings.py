"""Ratings of the parts of units: list, and a form for each year of a unit."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from movement_portal.lib.numbers import percent, written
from units.forms.checks import PartRatingForm
from units.models import PartRating
from units.tables.ratings import RATINGS
from units.views.duty_pages import delete_page, detail_page, duty_tabs, record_actions, unit_link
from units.views.record_lists import export, list_page
from units.views.saving import form_page
from units.views.teams import unit_asked

LIST = "duties:rating_list"


def _crumbs(unit=None):
    list_of_all = ("Xếp loại đầu mối trực thuộc", reverse(LIST))
    return [list_of_all, (unit.name, unit.get_absolute_url())] if unit else [list_of_all]


@require_GET
@vary_on_headers("HX-Request")
def rating_list(request):
    return list_page(request, RATINGS, tabs=duty_tabs(request.user, LIST))


@require_GET
def rating_export(request, form):
    return export(request, RATINGS, form)


def rating_or_404(request, pk):
    rows = PartRating.objects.visible_to(request.user).select_related("unit__jurisdiction")
    return get_object_or_404(rows, pk=pk)


@require_GET
@permission_required("units.view_partrating", raise_exception=True)
def rating_detail(request, pk):
    row = rating_or_404(request, pk)
    actions = record_actions(request.user, row, "duties:rating")
    good = f"{written(row.good_count)} / {written(row.total_count)} ({percent(row.good_count, row.total_count)})"
    facts = [
        ("Đơn vị", format_html("{}, {}", unit_link(row.unit), row.unit.jurisdiction.full_name)),
        ("Năm", str(row.year)),
        ("Đầu mối", row.get_kind_display()),
        ("Đạt Tập thể lao động tiên tiến hoặc Hoàn thành tốt nhiệm vụ trở lên", good),
        ("Người bị kỷ luật từ cảnh cáo trở lên", written(row.disciplined_count)),
    ]
    return detail_page(request, row, title=str(row), facts=facts, crumbs=_crumbs(row.unit), actions=actions)


@require_http_methods(["GET", "POST"])
@permission_required("units.add_partrating", raise_exception=True)
def rating_add(request):
    """A year of a unit; sent a second time it is refused by the year that is there."""
    unit = unit_asked(request)
    form = PartRatingForm(request.POST or None, user=request.user, unit=unit)
    back = f"{unit.get_absolute_url()}#xep-loai-dau-moi" if unit else reverse(LIST)
    return form_page(request, form, heading="Thêm xếp loại đầu mối trực thuộc", back=back, crumbs=_crumbs(unit))


@require_http_methods(["GET", "POST"])
@permission_required("units.change_partrating", raise_exception=True)
def rating_edit(request, pk):
    row = rating_or_404(request, pk)
    form = PartRatingForm(request.POST or None, instance=row, user=request.user)
    back = row.get_absolute_url()
    return form_page(request, form, heading=f"Sửa xếp loại: {row}", back=back, crumbs=_crumbs(row.unit))


@require_http_methods(["GET", "POST"])
@permission_required("units.delete_partrating", raise_exception=True)
def rating_delete(request, pk):
    return delete_page(request, rating_or_404(request, pk), back=reverse(LIST), crumbs=_crumbs())
