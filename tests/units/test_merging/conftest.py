"""Two records of one unit, and the officer of the province who merges them."""

import pytest

from movement_portal.jurisdictions.enums import Function
from tests.factories import OfficerFactory
from tests.units.test_merging.world import doubles


@pytest.fixture
def officer(province):
    return OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)


@pytest.fixture
def pair(commune, officer):
    return doubles(commune, officer)
