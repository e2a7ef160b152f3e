"""Catalogue of the groups that units belong to."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.exporting import Listing, export_links, send, sheet_listing, wants_every_column
from movement_portal.spreadsheets.sheets import sheet_of_model
from movement_portal.spreadsheets.writing import Kind, OutColumn
from units.enums import GroupingKind
from units.forms.records import GroupingForm
from units.models import Grouping, Unit
from units.views.bulk import GROUP

EXPORTED = (
    OutColumn("Tên", width=40),
    OutColumn("Mã", width=16),
    OutColumn("Đơn vị trong phạm vi", Kind.INTEGER, width=14),
)
#: Relation from a group to its units, by kind.
RELATIONS = {
    GroupingKind.SECTOR: "sector",
    GroupingKind.INDUSTRIAL_PARK: "industrial_park",
    GroupingKind.GOVERNING_BODY: "governing_body",
}


@require_GET
@permission_required("units.change_grouping", raise_exception=True)
def grouping_list(request):
    kind, query, rows = groupings_shown(request)
    sheet = sheet_of_model(Grouping)
    context = {
        "rows": rows,
        "kinds": GroupingKind.choices,
        "kind": kind,
        "query": query,
        "relation": RELATIONS[GroupingKind(kind)],
        "exports": export_links("units:grouping_export", request.GET.urlencode(), request.user, sheet=sheet),
    }
    return render(request, "units/grouping_list.html", context)


def groupings_shown(request):
    """The kind and the search that an address asks for, and the groups with their numbers of units in reach."""
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
    return kind, query, [(grouping, counts.get(grouping.pk, 0)) for grouping in groupings]


@require_GET
@permission_required("units.change_grouping", raise_exception=True)
def grouping_export(request, form):
    kind, query, rows = groupings_shown(request)
    filters = [("Loại nhóm", GroupingKind(kind).label), *([("Tìm", f"“{query}”")] if query else [])]
    if wants_every_column(request):
        records = Grouping.objects.visible_to(request.user).filter(pk__in=[grouping.pk for grouping, _ in rows])
        listing = sheet_listing(sheet_of_model(Grouping), records, filters=filters, officer=request.user)
    else:
        listing = Listing(
            title="Danh sách nhóm đơn vị",
            stem="danh-sach-nhom-don-vi",
            columns=EXPORTED,
            rows=[[grouping.name, grouping.code, count] for grouping, count in rows],
            filters=filters,
        )
    return send(listing, form=form, officer=request.user)


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
