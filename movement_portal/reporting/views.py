"""The first page: what waits for the officer, what the area holds, what they did last."""

from django.db.models import Count, Max
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from movement_portal.accounts.journal import acts, acts_in_words
from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import Change
from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.worklists import work_of
from units.enums import UnitKind
from units.models import Unit

RECENT = 8


@require_GET
def home(request):
    user = request.user
    sees_units = user.has_perm("units.view_unit")
    context = {
        "work": work_of(user),
        "figures": _figures(user) if sees_units else [],
        "account_acts": _account_acts(user) if user.has_perm("jurisdictions.change_officer") else [],
        # Who only reads has changed nothing and is not told so.
        "recent": _recent(user) if sees_units and user.has_perm("units.change_unit") else None,
        "can_add": user.has_perm("units.add_unit"),
    }
    return render(request, "reporting/home.html", context)


def _figures(user):
    """Units that exist, by kind, each with the address of its list; (label, count, url)."""
    counts = dict(Unit.objects.visible_to(user).open().order_by().values_list("kind").annotate(count=Count("pk")))
    address = reverse("units:unit_list")
    by_kind = [
        (kind.label, counts.get(kind.value, 0), f"{address}?{urlencode({'khoi': kind.value})}") for kind in UnitKind
    ]
    return [("Tất cả đơn vị", sum(counts.values()), address), *by_kind]


def _account_acts(user):
    """The last acts on accounts in reach, the newest first."""
    return acts_in_words(acts(user, Officer.objects.visible_to(user)).order_by("-at", "-id")[:RECENT], user)


def _recent(user):
    """Units that the officer changed last one by one, the newest first, with the moment; no imports, no bulk acts."""
    changed = Change.objects.filter(event__officer=user, event__kind=EventKind.EDIT, model=Unit._meta.label_lower)
    latest = (
        changed.order_by().values("object_id").annotate(last=Max("pk"), at=Max("event__at")).order_by("-last")[:RECENT]
    )
    moments = {row["object_id"]: row["at"] for row in latest}
    units = Unit.objects.visible_to(user).filter(pk__in=moments).select_related("jurisdiction")
    return sorted(((moments[unit.pk], unit) for unit in units), key=lambda pair: pair[0], reverse=True)
