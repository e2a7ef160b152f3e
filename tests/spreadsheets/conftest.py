import pytest

from tests.spreadsheets.lists import Place


@pytest.fixture
def place(db):
    """One province with two communes, a second province, and officers of both and above."""
    return Place()
