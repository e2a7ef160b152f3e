"""What a unit's page tells of the activities it took part in."""

from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear

from units.models import Activity, ActivityUnit
from units.sections import Section
from units.sections import register as register_section

#: The latest activities named on a unit's page; all of them stand in the list.
SHOWN = 6


def _activities(unit, user):
    """Activities of the unit year by year, and the latest of them; the attendances are the unit's own."""
    if not user.has_perm("units.view_activity"):
        return None
    rows = ActivityUnit.objects.visible_to(user).filter(unit=unit).order_by()
    years = list(
        rows.annotate(year=ExtractYear("activity__held_on"))
        .values("year")
        .annotate(count=Count("pk"), sessions=Sum("activity__session_count"), attendances=Sum("attendance_count"))
        .order_by("-year")
    )
    latest = Activity.objects.visible_to(user).filter(pk__in=rows.values("activity")).order_by("-held_on", "-id")
    return {
        "unit": unit,
        "count": sum(year["count"] for year in years),
        "years": years,
        "latest": list(latest[:SHOWN]),
        "can_add": user.has_perm("units.add_activity"),
    }


def register_activities() -> None:
    """Put the section on the unit's page."""
    register_section(Section("hoat-dong", "Hoạt động", "units/_activities.html", _activities, order=17))
