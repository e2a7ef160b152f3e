"""A police office chosen by typing: within reach, of today, named with the areas above."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function, PoliceLevel
from movement_portal.jurisdictions.fields import Choice, OfficeField
from tests.factories import JurisdictionFactory, OfficerFactory, PoliceOfficeFactory

pytestmark = pytest.mark.django_db

SEARCH = reverse("jurisdictions:office_search")


@pytest.fixture
def province(country):
    return JurisdictionFactory(province=True, name="Lâm Mẫu", parent=country)


@pytest.fixture
def offices(province, country):
    """Two communes of the province and one of the same name in another."""
    far = JurisdictionFactory(province=True, name="Đồng Kênh", parent=country)
    places = [(province, "Tân Hòa"), (province, "Tân Hóa"), (far, "Tân Hòa")]
    return [PoliceOfficeFactory(jurisdiction=JurisdictionFactory(parent=parent, name=name)) for parent, name in places]


@pytest.fixture
def admin(province):
    return OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_ACCOUNTS)


def texts(client, text):
    return [hit["text"] for hit in client.get(SEARCH, {"q": text}).json()["hits"]]


def test_accents_are_optional_and_those_typed_rank_first(client, admin, offices):
    client.force_login(admin)
    assert texts(client, "tân hóa") == ["Công an Xã Tân Hóa, Tỉnh Lâm Mẫu", "Công an Xã Tân Hòa, Tỉnh Lâm Mẫu"]


def test_further_words_may_name_the_areas_above(client, country, offices):
    client.force_login(OfficerFactory(jurisdiction=country, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    assert texts(client, "tan hoa dong kenh") == ["Công an Xã Tân Hòa, Tỉnh Đồng Kênh"]


def test_the_higher_office_comes_first(client, admin, offices, province):
    client.force_login(admin)
    assert texts(client, "cong an")[0] == admin.office.name


def test_an_office_that_has_ended_is_not_offered(client, admin, offices):
    office = offices[0]
    office.valid_to = datetime.date(2025, 12, 31)
    office.level = PoliceLevel.COMMUNE
    office.save()
    client.force_login(admin)
    assert texts(client, "tan hoa") == ["Công an Xã Tân Hóa, Tỉnh Lâm Mẫu"]


def test_without_the_right_to_see_offices_nothing_is_answered(client, province):
    client.force_login(OfficerFactory(jurisdiction=False))
    assert client.get(SEARCH).status_code == 403


@pytest.mark.parametrize("rows", [1, 12])
def test_a_search_costs_the_same_for_many(client, admin, province, rows, django_assert_num_queries):
    for number in range(rows):
        PoliceOfficeFactory(jurisdiction=JurisdictionFactory(parent=province, name=f"Tân Hòa {number}"))
    client.force_login(admin)
    client.get(SEARCH)
    with django_assert_num_queries(4):
        client.get(SEARCH, {"q": "tan hoa"})


def test_a_name_of_two_offices_is_asked_again(offices, country):
    field = OfficeField().narrow(OfficerFactory(jurisdiction=country))
    with pytest.raises(ValidationError, match="Có nhiều cơ quan khớp"):
        field.clean(Choice("", "Công an Xã Tân Hòa"))
    assert field.clean(Choice("", "công an xã tân hòa, tỉnh đồng kênh")) == offices[2]


def test_an_office_out_of_reach_is_no_choice_and_is_not_named(offices, admin):
    field = OfficeField().narrow(admin)
    for sent in (Choice(str(offices[2].pk)), Choice(str(offices[2].pk), "Công an Xã Tân Hòa, Tỉnh Đồng Kênh")):
        with pytest.raises(ValidationError, match=r"phạm vi|Không tìm thấy"):
            field.clean(sent)
    html = field.widget.render("office", Choice(str(offices[0].pk)))
    assert "Công an Xã Tân Hòa, Tỉnh Lâm Mẫu" in html
