"""A unit that goes out, and a batch that came back with questions."""

import pytest

from tests.factories import UnitFactory
from tests.spreadsheets.books import Book
from units.models import Headcount


@pytest.fixture
def unit(place):
    unit = UnitFactory(
        name="Trường Mẫu",
        kind="school",
        jurisdiction=place.ward,
        head_name="Lê Văn Mẫu",
        address="Số 1",
        note="dòng một\ndòng hai",
        size_staff_count=None,
    )
    Headcount.objects.create(unit=unit, year=2026, staff_count=1727)
    return unit


@pytest.fixture
def asked(place, unit):
    """A checked batch with one cell changed on both sides, and one in the file alone."""
    book = Book(place)
    unit.head_name = "Theo Sổ"
    unit.save()
    book.cell(unit, "Người đứng đầu").value = "Theo Tệp"
    book.cell(unit, "Địa chỉ").value = "Số 2"
    return book.checked()
