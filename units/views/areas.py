"""The work-list of units whose area could not be known from the list they came in."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from movement_portal.jurisdictions.place_answers import UNKNOWN, How
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.lib.dates import today
from units import workflow
from units.forms.records import SettleAreaForm
from units.models import Unit

#: Units on one page, the notes in their order; settled ones make room for the next.
SHOWN = 50
#: Areas proposed for one line.
PROPOSED = 4
#: Where the areas proposed for a note come from.
WHY = {
    How.SPLIT: "Nơi ghi trong danh sách là nơi cũ, đã chia về nhiều nơi: gợi ý là các nơi nhận phần của nó.",
    How.AMBIGUOUS: "Có nhiều nơi mang tên này: gợi ý là các nơi đó và nơi tìm thấy trong địa chỉ.",
    How.SUCCESSION: "Nơi ghi trong danh sách là nơi cũ: gợi ý là nơi đã nhận toàn bộ.",
}


@require_GET
@permission_required("units.change_unit", raise_exception=True)
def area_worklist(request):
    """Units waiting for their area, those with the same note together, with the areas their address may mean."""
    waiting = Unit.objects.visible_to(request.user).filter(area_needs_review=True)
    rows = list(waiting.select_related("jurisdiction").order_by("area_note", "name_sort", "id")[:SHOWN])
    index = PlaceIndex.kept(on=today()).seen_from(request.user.jurisdiction) if rows else None
    groups = []
    for note, units in groupby(rows, key=lambda unit: unit.area_note):
        units = list(units)
        meant = index.resolve(note) if note else UNKNOWN
        named = _areas_of(meant)
        groups.append(
            {
                "note": note,
                "why": WHY.get(meant.how, "") if named else "",
                "rows": [(unit, _proposed(index, unit, named), _form(request, unit.code)) for unit in units],
                "shared": named[:PROPOSED],
                "form": _form(request, f"{units[0].code}_all") if len(units) > 1 else None,
            }
        )
    context = {"groups": groups, "total": waiting.count(), "shown": len(rows)}
    return render(request, "units/area_worklist.html", context)


@require_POST
@permission_required("units.change_unit", raise_exception=True)
def area_settle(request):
    """Give the units sent the area sent; a second click finds nothing left to do and says so."""
    form = SettleAreaForm(request.POST, user=request.user)
    if not form.is_valid():
        for message in [text for texts in form.errors.values() for text in texts]:
            messages.error(request, message)
        return redirect(reverse("units:area_worklist"))
    area = form.cleaned_data["area"]
    settled = workflow.settle_area([unit.pk for unit in form.cleaned_data["unit"]], area, by=request.user)
    if settled:
        messages.success(request, f"Đã xác định địa bàn {len(settled)} đơn vị: {area.full_name}.")
    else:
        messages.info(request, "Các đơn vị này đã được xác định địa bàn trước đó.")
    return redirect(reverse("units:area_worklist"))


def _form(request, name):
    """The fields of one line, its ids apart from those of the others."""
    return SettleAreaForm(user=request.user, auto_id=f"id_{name}_%s")


def _proposed(index, unit, named):
    """Areas that the note or the address may mean, those of the note first."""
    found = _areas_of(index.find_in_address(unit.address)) if unit.address else []
    return list({area.pk: area for area in [*named, *found]}.values())[:PROPOSED]


def _areas_of(match):
    """Areas that an answer of the index allows, none of them out of reach."""
    if match.is_outside:
        return []
    return [match.area] if match.area else list(match.candidates)
