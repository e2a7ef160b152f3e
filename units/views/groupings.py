"""Catalogue of the groups that units belong to."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from movement_portal.lib.vietnamese import fold
from units.enums import GroupingKind
from units.forms.records import GroupingForm
from units.models import Grouping, Unit
from units.views.bulk import GROUP

#: Relation from a group to its units, by kind.
RELATIONS = {
    GroupingKind.SECTOR: "sector",
    GroupingKind.INDUSTRIAL_PARK: "industrial_park",
    GroupingKind.GOVERNING_BODY: "governing_body",
}


@require_GET
@permission_required("units.change_grouping", raise_exception=True)
def grouping_list(request):
    kind = request.GET.get("loai", "")
    kind = kind if kind in GroupingKind.values else GroupingKind.SECTOR.value
    query = request.GET.get("q", "")
    groupings = Grouping.objects.visible_to(request.user).filter(kind=kind)
    if folded := fold(query):
        groupings = groupings.filter(search_folded__contains=folded)
    relation = RELATIONS[GroupingKind(kind)]
    counts = dict(
        Unit.objects.visible_to(request.user)
        .filter(**{f"{relation}__in": groupings})
        .order_by()
        .values_list(relation)
        .annotate(count=Count("pk"))
    )
    rows = [(grouping, counts.get(grouping.pk, 0)) for grouping in groupings]
    context = {"rows": rows, "kinds": GroupingKind.choices, "kind": kind, "query": query, "relation": relation}
    return render(request, "units/grouping_list.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("units.add_grouping", raise_exception=True)
def grouping_add(request):
    form = GroupingForm(request.POST or None, initial={"kind": request.GET.get("loai", "")})
    return _save(request, form, "Thêm nhóm đơn vị")


@require_http_methods(["GET", "POST"])
@permission_required("units.change_grouping", raise_exception=True)
def grouping_edit(request, pk):
    grouping = get_object_or_404(Grouping.objects.visible_to(request.user), pk=pk)
    form = GroupingForm(request.POST or None, instance=grouping)
    paste = f"{reverse('units:unit_pick')}?{urlencode({GROUP: f'{grouping.kind}:{grouping.pk}'})}"
    return _save(request, form, f"Sửa nhóm “{grouping.name}”", paste)


def _save(request, form, heading, paste=""):
    if form.is_valid() and form.try_save():
        messages.success(request, f"Đã lưu “{form.instance.name}”.")
        return redirect(f"{reverse('units:grouping_list')}?loai={form.instance.kind}")
    context = {"form": form, "heading": heading, "paste_url": paste}
    return render(request, "units/grouping_form.html", context, status=200 if request.method == "GET" else 422)
