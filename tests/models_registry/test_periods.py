"""The table of a period: its sums hold whatever became of the models."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from models_registry import periods
from models_registry.enums import ModelStatus
from models_registry.models import SelfManagedModel
from tests.factories import JurisdictionFactory, ModelKindFactory, SelfManagedModelFactory

DAYS = st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31))
ENDS = st.sampled_from((ModelStatus.RETIRED, ModelStatus.DISSOLVED))


@st.composite
def lives(draw):
    """Launch, end and how it ended of one model, and whether it is a copy."""
    launched = draw(DAYS)
    ended = draw(st.none() | st.dates(launched, datetime.date(2027, 6, 30)))
    return launched, ended, draw(ENDS) if ended else ModelStatus.ACTIVE, draw(st.booleans())


def figures(first, last):
    models = SelfManagedModel.objects.all()
    return {column: periods.rows_of(models, column, first, last).count() for column in periods.COLUMNS}


@pytest.mark.slow
class SumsTest(TestCase):
    @settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(lives(), max_size=12), DAYS, DAYS)
    def test_end_is_start_and_what_came_less_what_went(self, models, one, other):
        area, kind = JurisdictionFactory(province=True), ModelKindFactory()
        source = SelfManagedModelFactory(jurisdiction=area, kind=kind)
        for launched, ended, status, is_copy in models:
            SelfManagedModelFactory(
                jurisdiction=area,
                kind=kind,
                status=status,
                status_on=launched,
                launched_on=launched,
                ended_on=ended,
                replicated_from=source if is_copy else None,
            )
        first, last = sorted((one, other))
        found = figures(first, last)
        assert found[periods.END] == sum(
            column.sign * count for column, count in found.items() if column is not periods.END
        )


@pytest.mark.django_db
def test_period_ends_where_the_next_begins():
    area = JurisdictionFactory(province=True)
    SelfManagedModelFactory.create_batch(3, jurisdiction=area, active=True)
    march = figures(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
    april = figures(datetime.date(2026, 4, 1), datetime.date(2026, 4, 30))
    assert march[periods.END] == april[periods.START] == 3
