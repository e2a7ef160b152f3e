"""What a suggesting text box offers while the officer types."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_GET

from movement_portal.lib.vietnamese import fold, nfc
from units.enums import GroupingKind
from units.forms.fields import coded_option
from units.merging.standing import absorbed_units
from units.models import Grouping, Unit
from units.search import best

SHOWN = 12
#: Fewer letters match half the register.
LETTERS = 2


@require_GET
@permission_required("units.view_unit", raise_exception=True)
def unit_options(request):
    text = _typed(request)
    options = []
    if len(text) >= LETTERS:
        # A record that went into another is not offered beside it: its code and name find the one that is left.
        units = Unit.objects.visible_to(request.user).filter(~absorbed_units()).select_related("jurisdiction")
        options = [(coded_option(unit), unit.jurisdiction.full_name) for unit in best(units, text, limit=SHOWN)]
    return render(request, "units/_options.html", {"options": options})


@require_GET
@permission_required("units.view_grouping", raise_exception=True)
def grouping_options(request):
    kind = request.GET.get("loai", "")
    groupings = Grouping.objects.visible_to(request.user).filter(search_folded__contains=fold(_typed(request)))
    if kind in GroupingKind.values:
        groupings = groupings.filter(kind=kind)
    options = [(grouping.name, grouping.code) for grouping in groupings[:SHOWN]]
    return render(request, "units/_options.html", {"options": options})


def _typed(request):
    """What stands in the text box that asks; ``o`` names it."""
    return nfc(request.GET.get(request.GET.get("o", ""), ""))
