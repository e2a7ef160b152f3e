"""The journal, one act, and the history of one record: who sees which of them."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.recording import act
from movement_portal.audit.timeline import history_url
from movement_portal.jurisdictions.enums import Function
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units.models import Grouping, Headcount, Unit

pytestmark = pytest.mark.django_db

JOURNAL = "/nhat-ky/"


@pytest.fixture
def area(province):
    return JurisdictionFactory(parent=province)


@pytest.fixture
def neighbour(province):
    return JurisdictionFactory(parent=province)


def manager(area, **kwargs):
    return OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_RECORDS, **kwargs)


@pytest.fixture
def officer(area):
    return manager(area, full_name="Trần Thị Mẫu")


def done_by(officer, *units, kind=EventKind.BULK, label="Ghi chú hàng loạt", reason=""):
    """One act of the officer that changes the units; its event."""
    with act(kind, by=officer, label=label, reason=reason) as doing:
        for unit in units:
            unit.note += "x"
        Unit.objects.bulk_update(units, ["note"])
    return AuditEvent.objects.get(pk=doing.id)


def page(client, officer, url):
    client.force_login(officer)
    return client.get(url)


def test_journal_lists_acts_with_what_they_did(client, officer, area):
    done_by(officer, *UnitFactory.create_batch(2, jurisdiction=area))
    done_by(officer, UnitFactory(jurisdiction=area, name="Sở A"), label="")
    text = page(client, officer, JOURNAL).content.decode()
    assert "Ghi chú hàng loạt: Sửa 2 đơn vị" in " ".join(text.split())
    assert "Sửa đơn vị “Sở A”" in text


def test_a_single_act_is_told_once(client, officer, area):
    done_by(officer, UnitFactory(jurisdiction=area, name="Sở A"), kind=EventKind.EDIT, label="Tạm ngừng: Sở A")
    lines = page(client, officer, JOURNAL).context["lines"]
    assert lines[0].text == "Tạm ngừng: Sở A"


def test_what_goes_with_a_record_is_not_told_beside_it(client, officer, area):
    with act(EventKind.EDIT, by=officer):
        UnitFactory(jurisdiction=area, name="Sở A")
    lines = page(client, officer, JOURNAL).context["lines"]
    assert lines[0].text == "Thêm đơn vị “Sở A”"


def test_history_leads_back_to_its_record(client, officer, area):
    unit, group = UnitFactory(jurisdiction=area), Grouping.objects.create(kind="sector", name="Y tế")
    assert page(client, officer, history_url(unit)).context["back_url"] == unit.get_absolute_url()
    assert client.get(history_url(group)).context["back_url"] == f"/quan-tri/units/grouping/{group.pk}/change/"


def test_journal_needs_its_permission(client, area):
    assert page(client, OfficerFactory(jurisdiction=area), JOURNAL).status_code == 403


def test_journal_of_a_neighbour_shows_nothing_of_ours(client, officer, area, neighbour):
    event = done_by(officer, UnitFactory(jurisdiction=area, name="Sở A"))
    response = page(client, manager(neighbour), JOURNAL)
    assert event.pk not in [line.event.pk for line in response.context["lines"]]
    assert "Sở A" not in response.content.decode()


@pytest.mark.slow
def test_acts_of_the_system_are_seen_at_the_top_only(client, area, province):
    unit = UnitFactory(jurisdiction=area)
    event = done_by(None, unit, kind=EventKind.COMMAND, label="Lệnh mẫu")
    for place, seen in ((province, False), (province.parent, True)):
        lines = page(client, manager(place), JOURNAL).context["lines"]
        assert (event.pk in [line.event.pk for line in lines]) is seen


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("can_bo=tran thi", 1),
        ("can_bo=Trần Thị Mẫu", 1),
        ("can_bo=le van", 0),
        ("loai=bulk", 1),
        ("loai=import", 0),
        ("bang=units.unit", 1),
        ("bang=units.headcount", 0),
        ("tu_ngay=02/03/2026&den_ngay=02/03/2026", 1),
        ("tu_ngay=03/03/2026", 0),
        ("den_ngay=01/03/2026", 0),
    ],
)
def test_journal_filters(client, officer, area, query, found):
    unit = UnitFactory(jurisdiction=area)
    with time_machine.travel(datetime.datetime(2026, 3, 1, 17, 5, tzinfo=datetime.UTC), tick=False):
        done_by(officer, unit)
    assert len(page(client, officer, f"{JOURNAL}?{query}").context["lines"]) == found


def test_journal_is_paged_by_keyset(client, officer, area):
    unit = UnitFactory(jurisdiction=area)
    events = [done_by(officer, unit).pk for _ in range(30)]
    first = page(client, officer, f"{JOURNAL}?so_dong=25")
    second = client.get(JOURNAL, {"so_dong": 25, "sau": first.context["page"].next_token})
    seen = [line.event.pk for response in (first, second) for line in response.context["lines"]]
    assert seen == events[::-1]


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
def test_journal_asks_as_often_for_many_acts(client, officer, area, rows, django_assert_num_queries):
    for unit in UnitFactory.create_batch(rows, jurisdiction=area):
        done_by(officer, unit)
    client.force_login(officer)
    client.get(JOURNAL)
    with django_assert_num_queries(5):
        client.get(JOURNAL)


def test_bulk_act_opens_to_its_rows(client, officer, area):
    event = done_by(officer, *UnitFactory.create_batch(3, jurisdiction=area), reason="Theo công văn")
    response = page(client, officer, reverse("audit:event_detail", args=[event.pk]))
    assert len(response.context["presented_changes"]) == 3
    assert "Theo công văn" in response.content.decode()


def test_act_of_a_neighbour_is_not_found(client, officer, area, neighbour):
    event = done_by(officer, UnitFactory(jurisdiction=area))
    assert page(client, manager(neighbour), reverse("audit:event_detail", args=[event.pk])).status_code == 404


def test_act_from_above_opens_with_the_rows_within_reach_only(client, officer, province, area, neighbour):
    ours, theirs = UnitFactory(jurisdiction=area, name="Sở A"), UnitFactory(jurisdiction=neighbour, name="Sở B")
    event = done_by(manager(province), ours, theirs)
    response = page(client, officer, reverse("audit:event_detail", args=[event.pk]))
    assert [presented.change.label for presented in response.context["presented_changes"]] == ["Sở A"]
    assert "Sở B" not in response.content.decode()


def test_act_on_reference_data_elsewhere_does_not_open(client, officer, neighbour):
    with act(EventKind.EDIT, by=manager(neighbour)) as doing:
        Grouping.objects.create(kind="sector", name="Y tế")
    assert page(client, officer, reverse("audit:event_detail", args=[doing.id])).status_code == 404


def test_rows_of_models_the_officer_may_not_view_are_left_out(area):
    keeper = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS)
    UnitFactory(jurisdiction=area)
    assert not Change.objects.visible_to(keeper).filter(model="units.unit").exists()


def test_officer_without_a_posting_yet_is_no_news_to_a_neighbour(neighbour):
    keeper = OfficerFactory(jurisdiction=neighbour, jurisdiction__function=Function.MANAGE_ACCOUNTS)
    other = OfficerFactory(jurisdiction=False)
    assert not Change.objects.visible_to(keeper).of(other).exists()


def history(record):
    return reverse("audit:record_history", args=[record._meta.label_lower, record.pk])


def test_record_history_tells_every_change_to_whoever_views_the_record(client, area):
    reader = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.READ)
    unit = UnitFactory(jurisdiction=area)
    done_by(manager(area, full_name="Lê Văn Mẫu"), unit)
    Headcount.objects.create(unit=unit, year=2025, staff_count=1727)
    text = page(client, reader, history(unit)).content.decode()
    assert "Lê Văn Mẫu" in text
    assert "1.727" in text
    assert "Xem lần thao tác này" not in text


def test_record_history_links_acts_the_officer_may_open(client, officer, area):
    unit = UnitFactory(jurisdiction=area)
    event = done_by(officer, unit)
    assert reverse("audit:event_detail", args=[event.pk]) in page(client, officer, history(unit)).content.decode()


def test_record_history_of_a_neighbours_record_is_not_found(client, officer, neighbour):
    assert page(client, officer, history(UnitFactory(jurisdiction=neighbour))).status_code == 404


def test_record_history_needs_the_right_to_view(client, area):
    keeper = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS)
    assert page(client, keeper, history(UnitFactory(jurisdiction=area))).status_code == 403


@pytest.mark.parametrize("model", ["units.nothing", "audit.change", "auth.group", "nonsense"])
def test_history_of_what_keeps_none_is_not_found(client, officer, model):
    assert page(client, officer, f"{JOURNAL}ban-ghi/{model}/1/").status_code == 404


@pytest.mark.slow
def test_record_history_asks_as_often_for_many_changes(client, officer, area):
    unit = UnitFactory(jurisdiction=area)
    client.force_login(officer)
    counts = []
    for rows in (1, 11):
        for _ in range(rows):
            done_by(officer, unit)
        client.get(history(unit))
        with CaptureQueriesContext(connection) as queries:
            client.get(history(unit))
        counts.append(len(queries))
    assert counts[0] == counts[1] < 12
