"""Personal data whose time is over, and where free text still tells whom they are about."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_GET

from movement_portal.audit.models import AuditEvent
from units.models import Unit
from units.retention.rules import REMOVAL, TO_LOOK_AT, overdue

#: Places told of one kind; the command tells all.
SHOWN = 200
#: Removals told, the latest first.
REMOVALS = 10


@require_GET
@permission_required(["units.change_holdingperiod", "units.view_unit"], raise_exception=True)
def overdue_list(request):
    """What is due kind by kind, and the places to look at, as far as the officer may read them."""
    kinds = [(kind, kind.mentions(by=request.user)) for kind in overdue()]
    units = Unit.objects.in_bulk({each.person.unit for _, mentions in kinds for each in mentions[:SHOWN]})
    removed = AuditEvent.objects.visible_to(request.user).filter(label__startswith=REMOVAL, reason__contains=TO_LOOK_AT)
    context = {
        "kinds": [
            {
                "kind": kind,
                "count": len(mentions),
                "places": [(each, units[each.person.unit]) for each in mentions[:SHOWN]],
            }
            for kind, mentions in kinds
        ],
        "any_set": any(kind.before is not None for kind, _ in kinds),
        "removed": removed.order_by("-at")[:REMOVALS],
        "shown": SHOWN,
    }
    return render(request, "units/retention_list.html", context)
