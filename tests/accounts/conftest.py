import pytest

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer
from tests.factories import JurisdictionFactory, OfficerFactory, PostingFactory


@pytest.fixture
def commune(province):
    return JurisdictionFactory(parent=province, name="Bến Mẫu")


@pytest.fixture
def neighbour(province):
    return JurisdictionFactory(parent=province, name="Đồng Mẫu")


def administrator(area, *, grants=(), functions=()):
    """An account administrator of the area, freshly read, who may hand on ``grants``."""
    officer = OfficerFactory(
        jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS, jurisdiction__grants=list(grants)
    )
    for function in functions:
        PostingFactory(officer=officer, office=officer.office, function=function)
    return Officer.objects.get(pk=officer.pk)


@pytest.fixture
def admin(commune):
    """The administrator of a commune, who may appoint for entering and reading."""
    return administrator(commune, grants=[Function.ENTER, Function.READ])


@pytest.fixture
def clerk(commune):
    return OfficerFactory(jurisdiction=commune, full_name="Lê Thị Mẫu", username="lemau")


@pytest.fixture
def signed_in(client, admin):
    """The browser of the administrator."""
    client.force_login(admin)
    return client
