"""The offices of a place, and a clerk of one."""

import pytest

from tests.adminpages.test_officer_sheets.rows import Offices
from tests.factories import OfficerFactory


@pytest.fixture
def offices(db):
    return Offices()


@pytest.fixture
def clerk(offices):
    """An officer of the ward who enters records."""
    return OfficerFactory(jurisdiction=offices.ward, username="tran.mau", full_name="Trần Văn Mẫu")
