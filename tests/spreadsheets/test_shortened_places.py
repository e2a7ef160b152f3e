"""Places shortened to their first letters in a list: read within the officer's province, told, asked where open."""

import pytest

from movement_portal.jurisdictions.enums import JurisdictionKind
from tests.factories import JurisdictionFactory

HEADER = ["Tên đơn vị", "Khối", "Xã, phường"]


@pytest.fixture
def city(place):
    """A city of before whose two wards are communes of today."""
    return JurisdictionFactory(name="Buôn Ma Mẫu", kind=JurisdictionKind.PROVINCIAL_CITY, parent=place.province)


@pytest.fixture
def ward(city):
    return JurisdictionFactory(name="Tân Lập Mẫu", kind=JurisdictionKind.WARD, parent=city)


def checked(place, *texts):
    rows = [[f"Công ty Mẫu {number}", "Doanh nghiệp", text] for number, text in enumerate(texts)]
    return list(place.checked(HEADER, *rows).rows.order_by("number"))


def test_a_city_by_its_letters_narrows_a_commune(place, ward):
    (row,) = checked(place, "P. Tân Lập Mẫu, TP.BMM")
    assert (row.outcome, row.values["jurisdiction"]) == ("new", ward.pk)
    assert "tên viết tắt" in row.notices[0]["text"]


def test_letters_that_nobody_bears_are_refused(place, ward):
    (row,) = checked(place, "P. Tân Lập Mẫu, TP.XYZ")
    assert row.outcome == "refused"


@pytest.mark.parametrize("text", ["Phường An Phú (mới)", "Phường An Phú (sau sáp nhập)"])
def test_marks_behind_a_name_are_passed_over(place, text):
    (row,) = checked(place, text)
    assert row.values["jurisdiction"] == place.ward.pk
