"""Activities of the demonstration province: the same each time, of its areas, with the figures of the real report."""

import datetime

import pytest

from movement_portal.demonstration.activities import load_activities
from tests.factories import JurisdictionFactory, UnitFactory
from units.activity_totals import totals_of
from units.models import Activity, ActivityUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(province):
    communes = JurisdictionFactory.create_batch(2, parent=province)
    kinds = ("agency", "enterprise", "school")
    return [UnitFactory(jurisdiction=communes[at % 2], kind=kinds[at % 3]) for at in range(12)]


def test_the_years_of_the_former_directive_come_to_the_figures_of_the_report(units, province):
    load_activities(units, province, 1)
    reported = Activity.objects.filter(held_on__range=(datetime.date(2017, 1, 1), datetime.date(2020, 12, 31)))
    assert str(totals_of(reported)) == "4.193 cuộc, 684.468 lượt người"


def test_activities_lie_in_a_year_and_a_half_and_units_go_to_those_of_their_area(units, province):
    counts = load_activities(units, province, 1)
    assert (counts["activities"], counts["participations"]) == (Activity.objects.count(), ActivityUnit.objects.count())
    days = set(Activity.objects.exclude(held_on__year__lt=2025).values_list("held_on", flat=True))
    assert datetime.date(2025, 6, 1) <= min(days)
    assert max(days) <= datetime.date(2026, 11, 20)
    for row in ActivityUnit.objects.select_related("activity", "unit"):
        assert row.activity.jurisdiction_id in (row.unit.jurisdiction_id, province.pk)


@pytest.mark.slow
def test_the_same_seed_tells_the_same(units, province):
    def told():
        return list(Activity.objects.order_by("id").values_list("topic", "held_on", "attendance_count"))

    load_activities(units, province, 5)
    first = told()
    Activity.objects.all().delete()
    load_activities(units, province, 5)
    assert told() == first
