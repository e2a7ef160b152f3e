"""A commune with its officers, and a neighbour of whom nothing may be seen."""

import pytest

from movement_portal.jurisdictions.enums import Function
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory


@pytest.fixture
def province():
    return JurisdictionFactory(province=True, name="Lâm Mẫu", parent=JurisdictionFactory(country=True))


@pytest.fixture
def area(province):
    return JurisdictionFactory(name="Bình An", parent=province)


@pytest.fixture
def neighbour(province):
    return JurisdictionFactory(name="Xa Lạ", parent=province)


@pytest.fixture
def officer(area):
    return OfficerFactory(full_name="Trần Thị Mẫu", jurisdiction=area, jurisdiction__function=Function.MANAGE_RECORDS)


@pytest.fixture
def unit(area):
    return UnitFactory(name="Trường Ánh Dương", jurisdiction=area, kind="school")


@pytest.fixture
def foreign_unit(neighbour):
    return UnitFactory(name="Công ty Bí Mật", jurisdiction=neighbour, kind="enterprise")


@pytest.fixture
def staff(client, officer):
    client.force_login(officer)
    return client
