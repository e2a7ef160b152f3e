"""The page of one unit and what is done from it."""

import datetime

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function, SuccessionKind
from movement_portal.jurisdictions.models import Succession
from tests import reference
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units import workflow
from units.enums import UnitStatus
from units.models import Headcount, StatusChange, Unit, UnitIdentifier

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 1, 5)


@pytest.fixture
def officer(province, client):
    officer = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)
    client.force_login(officer)
    return officer


@pytest.fixture
def unit(province):
    return UnitFactory(
        jurisdiction=JurisdictionFactory(parent=province),
        kind="school",
        school_level="primary",
        head_phone="0912345678",
    )


def pages_of(unit):
    code = [unit.code]
    return {
        "units.view_unit": [reverse("units:unit_detail", args=code)],
        "units.change_unit": [reverse("units:unit_edit", args=code), reverse("units:unit_relocate", args=code)],
        "units.change_unit_status": [
            reverse("units:unit_step", args=[unit.code, name]) for name in workflow.TRANSITIONS
        ],
        "units.override_eligibility": [reverse("units:unit_override", args=code)],
        "units.add_headcount": [reverse("units:headcount_add", args=code)],
        "units.add_unitidentifier": [reverse("units:identifier_add", args=code)],
    }


@pytest.mark.slow
@pytest.mark.parametrize("function", list(Function))
def test_pages_open_by_right_alone(client, province, unit, function):
    officer = OfficerFactory(jurisdiction=province, jurisdiction__function=function)
    client.force_login(officer)
    for permission, pages in pages_of(unit).items():
        for page in pages:
            answer = client.get(page, follow=True)
            assert (answer.status_code == 200) == officer.has_perm(permission), page
            assert answer.status_code in (200, 403)


@pytest.mark.slow
def test_pages_out_of_reach_are_not_found(client, officer):
    for pages in pages_of(UnitFactory()).values():
        for page in pages:
            assert client.get(page).status_code == 404
            assert client.post(page).status_code in (404, 405)


@pytest.mark.slow
def test_page_tells_facts_rules_and_gaps(client, officer, unit):
    reference.load("eligibility_rules")
    text = client.get(unit.get_absolute_url()).content.decode()
    assert "Trường tiểu học không thuộc đối tượng" in text
    assert "124/2021/TT-BCA, Điều 1" in text
    assert "0912 345 678" in text
    assert f"{reverse('units:unit_edit', args=[unit.code])}#id_head_name" in text
    assert "id_head_phone" not in text


@pytest.mark.slow
def test_officer_who_reads_is_offered_nothing_to_do(client, province, unit):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ))
    text = client.get(unit.get_absolute_url()).content.decode()
    assert "Có thể làm" not in text
    assert "/sua/" not in text


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
def test_query_count_does_not_grow(client, officer, unit, rows, django_assert_max_num_queries):
    for number in range(rows):
        Headcount.objects.create(unit=unit, year=2000 + number, staff_count=1)
        UnitIdentifier.objects.create(unit=unit, scheme="BHXH", value=str(number))
        UnitFactory(jurisdiction=unit.jurisdiction, parent=unit)
        old = JurisdictionFactory(parent=unit.jurisdiction.parent, valid_from=None, valid_to=DAY)
        Succession.objects.create(
            predecessor=old, successor=unit.jurisdiction, kind=SuccessionKind.PART_OF, effective_on=DAY
        )
        merged = UnitFactory(jurisdiction=unit.jurisdiction)
        workflow.perform(workflow.MERGE, merged.pk, by=officer, on=DAY, reason="x", into_id=unit.pk)
    with django_assert_max_num_queries(40):
        assert client.get(unit.get_absolute_url()).status_code == 200


@pytest.mark.slow
def test_merged_unit_leads_to_the_one_that_took_it_in(client, officer, unit):
    receiver = UnitFactory(jurisdiction=unit.jurisdiction, name="Trường nhận")
    workflow.perform(workflow.MERGE, unit.pk, by=officer, on=DAY, reason="Quyết định 1", into_id=receiver.pk)
    text = client.get(unit.get_absolute_url()).content.decode()
    assert "Đơn vị này đã sáp nhập" in text
    assert receiver.get_absolute_url() in text
    assert unit.get_absolute_url() in client.get(receiver.get_absolute_url()).content.decode()


@pytest.mark.slow
def test_receiver_out_of_reach_is_not_named(client, province, unit):
    elsewhere = JurisdictionFactory(parent=province)
    receiver = UnitFactory(jurisdiction=elsewhere, name="Trường ở xa")
    leader = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)
    workflow.perform(workflow.MERGE, unit.pk, by=leader, on=DAY, reason="x", into_id=receiver.pk)
    client.force_login(OfficerFactory(jurisdiction=unit.jurisdiction))
    text = client.get(unit.get_absolute_url()).content.decode()
    assert "một đơn vị ở địa bàn khác" in text
    assert "một đơn vị ngoài phạm vi" in text
    assert "Trường ở xa" not in text
    assert receiver.code not in text


def test_step_taken_and_second_click(client, officer, unit):
    page = reverse("units:unit_step", args=[unit.code, "suspend"])
    data = {"effective_on": "05/01/2026", "reason": "Sửa trường"}
    assert client.post(page, data).url == unit.get_absolute_url()
    assert Unit.objects.get(pk=unit.pk).status == UnitStatus.SUSPENDED
    again = client.post(page, data)
    assert again.status_code == 422
    assert "Đơn vị đang ở tình trạng “Tạm ngừng”" in again.content.decode()
    assert StatusChange.objects.count() == 1
    assert client.get(page).url == unit.get_absolute_url()


def test_unknown_step_is_not_found(client, officer, unit):
    assert client.get(reverse("units:unit_step", args=[unit.code, "bay"])).status_code == 404


def test_merge_by_suggestion(client, officer, unit):
    receiver = UnitFactory(jurisdiction=unit.jurisdiction, name="Trường nhận")
    data = {"effective_on": "05/01/2026", "reason": "x", "into": f"{receiver.code} · Trường nhận"}
    client.post(reverse("units:unit_step", args=[unit.code, "merge"]), data)
    assert Unit.objects.get(pk=unit.pk).merged_into == receiver


@pytest.mark.slow
def test_relocate_and_override(client, officer, province, unit):
    area = JurisdictionFactory(parent=province)
    client.post(
        reverse("units:unit_relocate", args=[unit.code]),
        {"jurisdiction": area.pk, "effective_on": "05/01/2026", "legal_basis": "QĐ 1"},
    )
    client.post(
        reverse("units:unit_override", args=[unit.code]), {"conclusion": "eligible", "reason": "Có thêm cấp THCS"}
    )
    unit.refresh_from_db()
    assert (unit.jurisdiction, unit.eligibility_override) == (area, True)
    assert unit.placements.count() == 2


def test_relocate_out_of_reach(client, officer, unit):
    answer = client.post(
        reverse("units:unit_relocate", args=[unit.code]),
        {"jurisdiction": JurisdictionFactory().pk, "effective_on": "05/01/2026"},
    )
    assert answer.status_code == 422
    assert unit.placements.count() == 1


@pytest.mark.slow
def test_headcount_added_once_a_year_and_edited(client, officer, unit):
    page = reverse("units:headcount_add", args=[unit.code])
    data = {"year": "2025", "staff_count": "1.200", "learner_count": "5"}
    assert client.post(page, data).status_code == 302
    again = client.post(page, data)
    assert "Năm này đã có số liệu" in again.content.decode()
    row = Headcount.objects.get()
    assert (row.staff_count, row.learner_count) == (1200, 5)
    edit = reverse("units:headcount_edit", args=[unit.code, 2025])
    assert client.post(edit, {**data, "staff_count": "7", "version": row.version}).status_code == 302
    stale = client.post(edit, {**data, "staff_count": "8", "version": row.version})
    assert stale.status_code == 422
    assert Headcount.objects.get().staff_count == 7


def test_other_code_added_and_edited(client, officer, unit):
    client.post(reverse("units:identifier_add", args=[unit.code]), {"scheme": "BHXH", "value": "007"})
    row = UnitIdentifier.objects.get()
    assert (row.unit, row.value) == (unit, "007")
    page = reverse("units:identifier_edit", args=[unit.code, row.pk])
    client.post(page, {"scheme": "BHXH", "value": "008", "version": row.version})
    assert UnitIdentifier.objects.get().value == "008"
    other = UnitFactory(jurisdiction=unit.jurisdiction)
    assert client.get(reverse("units:identifier_edit", args=[other.code, row.pk])).status_code == 404


def test_form_opens_in_place(client, officer, unit):
    answer = client.get(reverse("units:headcount_add", args=[unit.code]), headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "<form" in answer.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["units:unit_edit", "units:unit_relocate", "units:unit_override"])
def test_errors_are_summed_up_once(officer, unit, client, name):
    answer = client.post(reverse(name, args=[unit.code]), {"kind": unit.kind})
    assert answer.content.decode().count("error-summary") == 1


def test_a_whole_profile_says_so_on_screen_and_not_on_paper(client, unit, officer, monkeypatch):
    monkeypatch.setattr("units.views.profile.hints_for", lambda _: [])
    shown = client.get(unit.get_absolute_url()).content.decode()
    before, _, _ = shown.partition("Hồ sơ đủ thông tin chính")
    assert before.rpartition("<p ")[2].startswith('class="no-print">')
