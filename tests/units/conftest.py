"""Who tests of units are about: a unit of a commune, and the officer who enters it."""

import pytest

from tests.factories import OfficerFactory, UnitFactory


@pytest.fixture
def unit(commune):
    return UnitFactory(jurisdiction=commune, name="Trường THPT Hoa Ban")


@pytest.fixture
def officer(commune):
    return OfficerFactory(jurisdiction=commune)


@pytest.fixture
def signed_in(client, officer):
    """The browser of the officer."""
    client.force_login(officer)
    return client
