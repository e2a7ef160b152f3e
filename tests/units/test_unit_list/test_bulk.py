"""One change for many units of the list, as one act."""

import pytest
from django.urls import reverse

from movement_portal.audit.models import AuditEvent
from tests.access.forms import forms_of
from tests.factories import UnitFactory
from units.enums import GroupingKind
from units.models import Grouping, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def park():
    return Grouping.objects.create(kind=GroupingKind.INDUSTRIAL_PARK, name="KCN Mẫu")


def bulk(client, query="", **data):
    return client.post(f"{reverse('units:unit_bulk')}?{query}", data)


def confirmed(park, count, **data):
    return {"pham_vi": "tat_ca", "so_luong": count, "group": f"industrial_park:{park.pk}", "xac_nhan": 1, **data}


def test_all_that_match_get_the_group_as_one_act(listed, client, commune, park):
    units = [UnitFactory(name=f"Hoa {number}", jurisdiction=commune) for number in range(3)]
    other = UnitFactory(name="Khác", jurisdiction=commune)
    listed()
    preview = bulk(client, "q=hoa", pham_vi="tat_ca")
    assert preview.context["count"] == 3
    assert bulk(client, "q=hoa", **confirmed(park, 3, reason="Rà soát")).status_code == 302
    assert set(Unit.objects.filter(industrial_park=park)) == set(units)
    assert other not in Unit.objects.filter(industrial_park=park)
    event = AuditEvent.objects.get(kind="bulk")
    assert (event.reason, event.changes.count()) == ("Rà soát", 3)


def test_only_picked_units_change_and_none_out_of_reach(listed, client, commune, park):
    mine, far = UnitFactory(jurisdiction=commune), UnitFactory()
    UnitFactory(name="Không chọn", jurisdiction=commune)
    listed()
    bulk(client, **confirmed(park, 1, pham_vi="chon", chon=[mine.pk, far.pk]))
    assert list(Unit.objects.filter(industrial_park=park)) == [mine]


def test_what_the_preview_sends_back_is_what_was_picked(listed, client, commune, park):
    """Keys go through the page as bare digits, however large."""
    unit = UnitFactory(pk=1_234_567, jurisdiction=commune)
    listed()
    [form] = [
        form
        for form in forms_of(bulk(client, pham_vi="chon", chon=[unit.pk]).content.decode())
        if "chon" in form.values
    ]
    assert form.values["chon"] == ["1234567"]


def test_a_group_can_be_taken_away(listed, client, commune, park):
    unit = UnitFactory(jurisdiction=commune, industrial_park=park)
    listed()
    bulk(client, pham_vi="tat_ca", so_luong=1, group="industrial_park:", xac_nhan=1)
    unit.refresh_from_db()
    assert unit.industrial_park is None


def test_a_list_that_changed_since_the_preview_is_shown_again(listed, client, commune, park):
    UnitFactory.create_batch(2, jurisdiction=commune)
    listed()
    response = bulk(client, **confirmed(park, 1))
    assert "đã thay đổi" in response.content.decode()
    assert not Unit.objects.filter(industrial_park=park).exists()


def test_a_second_click_changes_nothing_more(listed, client, commune, park):
    UnitFactory(jurisdiction=commune)
    listed()
    bulk(client, **confirmed(park, 1))
    bulk(client, **confirmed(park, 1))
    assert AuditEvent.objects.filter(kind="bulk").count() == 1


def test_without_a_choice_the_form_says_so(listed, client, commune):
    UnitFactory(jurisdiction=commune)
    listed()
    assert "invalid-feedback" in bulk(client, pham_vi="tat_ca", so_luong=1, xac_nhan=1).content.decode()


def test_nothing_picked_leads_back(listed, client):
    listed()
    assert bulk(client, pham_vi="chon", chon=["x", "99999999999999999999"]).status_code == 302


def test_more_than_the_limit_is_refused(listed, client, commune, park, monkeypatch):
    monkeypatch.setattr("units.views.bulk.LIMIT", 1)
    UnitFactory.create_batch(2, jurisdiction=commune)
    listed()
    assert bulk(client, **confirmed(park, 2)).status_code == 302
    assert not Unit.objects.filter(industrial_park=park).exists()
