"""Units that lack something a complete record has, and what each lacks."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_GET

from units.models import Unit
from units.profile.units import WANTED, hints_for, incomplete

#: Units on the page; those completed make room for the next.
SHOWN = 50


@require_GET
@permission_required("units.change_unit", raise_exception=True)
def unit_incomplete(request):
    """All of them, or those that lack one thing (``thieu``)."""
    lacking = request.GET.get("thieu", "")
    lacking = lacking if lacking in {wanted.field for wanted in WANTED} else ""
    units = Unit.objects.visible_to(request.user).open().filter(incomplete(lacking))
    rows = [(unit, hints_for(unit)) for unit in units.select_related("jurisdiction")[:SHOWN]]
    context = {"rows": rows, "wanted": WANTED, "lacking": lacking, "is_cut": len(rows) == SHOWN}
    return render(request, "units/incomplete.html", context)
