"""The list of units as the officer of a province asks for it."""

import pytest
from django.urls import reverse

from tests.factories import JurisdictionFactory, OfficerFactory


@pytest.fixture
def province():
    country = JurisdictionFactory(country=True)
    return JurisdictionFactory(province=True, name="Mẫu", parent=country)


@pytest.fixture
def commune(province):
    return JurisdictionFactory(name="Tân Tiến", parent=province)


@pytest.fixture
def officer(province):
    return OfficerFactory(jurisdiction=province)


@pytest.fixture
def listed(client, officer):
    """Ask for the list as the officer: the answer of the page."""
    client.force_login(officer)
    return lambda **params: client.get(reverse("units:unit_list"), params)
