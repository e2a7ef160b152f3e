"""The pages of the territory and the search behind the picker."""

import datetime

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function, JurisdictionKind, SuccessionKind
from movement_portal.jurisdictions.models import Succession
from tests.factories import JurisdictionFactory, OfficerFactory

pytestmark = pytest.mark.django_db

LAST_DAY, REFORM = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)


@pytest.fixture
def province(country):
    return JurisdictionFactory(province=True, name="Lạng Sơn", parent=country)


@pytest.fixture
def commune(province):
    return JurisdictionFactory(parent=province, name="Tân Tiến", code="05983")


@pytest.fixture
def signed_in(client):
    """``signed_in(area)``: a client of an officer there."""

    def signed_in(area, function=Function.ENTER):
        client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=function))
        # The first request of a session writes to it.
        client.get(reverse("jurisdictions:area_search"))
        return client

    return signed_in


def hits(client, **query):
    return [hit["text"] for hit in client.get(reverse("jurisdictions:area_search"), query).json()["hits"]]


def detail(area):
    return reverse("jurisdictions:area_detail", args=[area.pk])


def test_a_search_answers_with_the_parents(signed_in, province, commune):
    client = signed_in(province)
    hit = client.get(reverse("jurisdictions:area_search"), {"q": "tan tien"}).json()["hits"][0]
    assert hit == {
        "key": commune.pk,
        "text": "Xã Tân Tiến, Tỉnh Lạng Sơn",
        "name": "Xã Tân Tiến",
        "above": "Tỉnh Lạng Sơn",
        "code": "05983",
    }


@pytest.mark.parametrize(
    "text", ["Tân Tiến", "tan tien", "xa tan", "tien", "05983", "tân tiến, lạng sơn", "tan tien lang"]
)
def test_a_search_finds_with_and_without_accents_by_code_and_parents(signed_in, province, commune, text):
    assert hits(signed_in(province), q=text) == ["Xã Tân Tiến, Tỉnh Lạng Sơn"]


def test_typed_accents_come_first(signed_in, province):
    for name in ("Tân Thanh", "Tân Thành", "Tân Thạnh"):
        JurisdictionFactory(parent=province, name=name)
    assert hits(signed_in(province), q="tân thạnh")[0] == "Xã Tân Thạnh, Tỉnh Lạng Sơn"


def test_names_that_begin_with_the_text_come_first(signed_in, province):
    for name in ("An Hòa", "Hòa An", "Hòa"):
        JurisdictionFactory(parent=province, name=name)
    assert [hit.split(",")[0] for hit in hits(signed_in(province), q="hoa")] == ["Xã Hòa", "Xã Hòa An", "Xã An Hòa"]


def test_the_kind_of_a_parent_is_no_name(signed_in, country):
    city = JurisdictionFactory(kind=JurisdictionKind.CITY, name="Mẫu", parent=country, code="75")
    JurisdictionFactory(parent=city, name="Tân An")
    assert hits(signed_in(city), q="tân thạnh") == []


def test_no_more_than_twenty_hits(signed_in, province):
    JurisdictionFactory.create_batch(25, parent=province)
    assert len(hits(signed_in(province), q="tân")) == 20


def test_an_empty_text_offers_the_top_of_the_own_area(signed_in, province, commune):
    assert hits(signed_in(province), q="")[0] == "Tỉnh Lạng Sơn"


def test_areas_out_of_reach_are_not_found(signed_in, province, commune):
    neighbour = JurisdictionFactory(parent=province, name="Tân Tiến")
    assert hits(signed_in(neighbour), q="tan tien") == [neighbour.long_name]


@pytest.mark.slow
def test_areas_that_ended_are_found_only_on_their_day(signed_in, province, commune):
    old = JurisdictionFactory(name="Tân Tiến Cũ", valid_from=None, valid_to=LAST_DAY)
    Succession(predecessor=old, successor=commune, kind=SuccessionKind.MERGED_WHOLE, effective_on=REFORM).save()
    client = signed_in(province)
    assert hits(client, q="cũ") == []
    assert hits(client, q="cũ", on="2025-06-30") == ["Xã Tân Tiến Cũ"]


def test_a_wrong_day_is_refused(signed_in, province):
    assert signed_in(province).get(reverse("jurisdictions:area_search"), {"on": "hôm nay"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 12])
def test_a_search_takes_the_same_queries_however_many_hits(signed_in, province, rows, django_assert_num_queries):
    JurisdictionFactory.create_batch(rows, parent=province)
    client = signed_in(province)
    # Session, officer, postings, hits, their names.
    with django_assert_num_queries(5):
        client.get(reverse("jurisdictions:area_search"), {"q": "tân"})


def test_an_officer_of_a_province_sees_its_communes(signed_in, province, commune):
    page = signed_in(province).get(reverse("jurisdictions:area_list")).content.decode()
    assert detail(commune) in page


def test_an_officer_of_a_commune_sees_the_own_one_and_no_other(signed_in, province, commune):
    neighbour = JurisdictionFactory(parent=province)
    page = signed_in(commune).get(reverse("jurisdictions:area_list")).content.decode()
    assert detail(commune) in page
    assert detail(neighbour) not in page


@pytest.mark.slow
def test_the_tree_of_another_day_is_what_the_own_area_came_from(signed_in, province, commune):
    old = JurisdictionFactory(
        kind=JurisdictionKind.PROVINCE, code="06", name="Cũ", valid_from=None, valid_to=LAST_DAY, parent=province.parent
    )
    below = JurisdictionFactory(parent=old, valid_from=None, valid_to=LAST_DAY)
    Succession(predecessor=old, successor=province, kind=SuccessionKind.MERGED_WHOLE, effective_on=REFORM).save()
    client = signed_in(province)
    page = client.get(reverse("jurisdictions:area_list"), {"on": "30/06/2025"}).content.decode()
    assert detail(below) in page
    assert detail(commune) not in page
    assert client.get(detail(old)).status_code == 200


def test_the_list_can_be_searched(signed_in, province, commune):
    other = JurisdictionFactory(parent=province, name="Khác")
    page = signed_in(province).get(reverse("jurisdictions:area_list"), {"q": "tan tien"}).content.decode()
    assert detail(commune) in page
    assert detail(other) not in page


def test_a_search_without_hits_says_what_to_do(signed_in, province):
    page = signed_in(province).get(reverse("jurisdictions:area_list"), {"q": "không có"}).content.decode()
    assert "Không có địa bàn nào khớp với “không có”" in page


def test_an_area_page_tells_where_it_came_from_and_links_only_what_is_in_reach(signed_in, province, commune):
    old = JurisdictionFactory(name="Nửa Kia", valid_from=None, valid_to=LAST_DAY)
    neighbour = JurisdictionFactory(parent=province, name="Láng Giềng")
    for successor in (commune, neighbour):
        Succession(predecessor=old, successor=successor, kind=SuccessionKind.PART_OF, effective_on=REFORM).save()
    client = signed_in(commune)
    assert "Xã Nửa Kia" in client.get(detail(commune)).content.decode()
    page = client.get(detail(old)).content.decode()
    assert "Xã Láng Giềng" in page
    assert detail(neighbour) not in page


@pytest.mark.slow
def test_an_area_out_of_reach_is_not_found(signed_in, province, commune):
    neighbour = JurisdictionFactory(parent=province)
    client = signed_in(commune)
    assert [client.get(detail(area)).status_code for area in (commune, neighbour, province)] == [200, 404, 404]


@pytest.mark.parametrize("name", ["area_list", "area_detail"])
def test_without_the_right_the_pages_are_forbidden(signed_in, province, name, monkeypatch):
    client = signed_in(province)
    monkeypatch.setattr("movement_portal.jurisdictions.backends.allowed", lambda *_: frozenset({"units.view_unit"}))
    url = detail(province) if name == "area_detail" else reverse("jurisdictions:area_list")
    assert client.get(url).status_code == 403


def test_an_officer_without_a_posting_finds_nothing(client, province):
    client.force_login(OfficerFactory(jurisdiction=False))
    assert client.get(reverse("jurisdictions:area_list")).status_code == 403
    assert hits(client, q="") == []


@pytest.mark.parametrize("rows", [1, 12])
def test_an_area_page_takes_the_same_queries_however_much_there_is_below(
    signed_in, province, rows, django_assert_num_queries
):
    JurisdictionFactory.create_batch(rows, parent=province)
    client = signed_in(province)
    with django_assert_num_queries(12):
        assert client.get(detail(province)).status_code == 200


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_takes_the_same_queries_however_much_there_is(signed_in, province, rows, django_assert_num_queries):
    JurisdictionFactory.create_batch(rows, parent=province)
    client = signed_in(province)
    with django_assert_num_queries(8):
        assert client.get(reverse("jurisdictions:area_list")).status_code == 200


@pytest.mark.parametrize("typed", ["31/02/2026", "abc", "01/01/0202"])
def test_a_day_that_is_none_is_told_and_today_is_shown(signed_in, province, typed):
    text = signed_in(province).get(reverse("jurisdictions:area_list"), {"on": typed}).content.decode()
    assert f"Không có ngày “{typed}”: đang xem địa bàn hôm nay." in text
    assert "Địa bàn như ngày" not in text
