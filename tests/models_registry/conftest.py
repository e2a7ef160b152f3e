"""Areas and officers that tests of models share; the clock stands on 22 November 2026."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from movement_portal.jurisdictions.enums import Function, PoliceLevel
from tests.factories import JurisdictionFactory, OfficerFactory, PoliceOfficeFactory, UnitFactory


@pytest.fixture(autouse=True)
def clock(held_clock):
    """All of them on one day."""


@pytest.fixture
def neighbour(province):
    """Another commune of the province."""
    return JurisdictionFactory(parent=province)


@pytest.fixture
def unit(commune):
    return UnitFactory(jurisdiction=commune, name="Siêu thị Hoa Ban")


@pytest.fixture
def clerk(commune):
    return OfficerFactory(jurisdiction=commune)


@pytest.fixture
def leader(province):
    PoliceOfficeFactory(jurisdiction=province, level=PoliceLevel.PROVINCE)
    return OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)


@pytest.fixture
def signed_in(client, leader):
    """The browser of the leader."""
    client.force_login(leader)
    return client


@pytest.fixture
def connection_queries():
    """``connection_queries(call)``: how many questions the call asks of the database."""

    def count(call):
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count
