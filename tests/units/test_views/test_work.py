"""Work-lists of the register, its groups, and the first page."""

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function, PoliceLevel
from movement_portal.lib.dates import today
from tests.factories import (
    GuardFactory,
    JurisdictionFactory,
    OfficerFactory,
    PoliceOfficeFactory,
    TrainingCertificateFactory,
    UnitFactory,
)
from units.models import Grouping, Unit

pytestmark = pytest.mark.django_db

#: Questions of the first page, work-lists and all: the session, the officer, what waits, what there is, what was done.
FIRST_PAGE = 18


@pytest.fixture
def province():
    area = JurisdictionFactory(province=True)
    PoliceOfficeFactory(jurisdiction=area, level=PoliceLevel.PROVINCE)
    return area


@pytest.fixture
def officer(province, client):
    officer = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)
    client.force_login(officer)
    return officer


@pytest.mark.slow
def test_area_is_proposed_and_given_by_one_click(client, officer, province):
    area = JurisdictionFactory(parent=province, name="Hoa Lư")
    unit = UnitFactory(
        jurisdiction=province, area_needs_review=True, area_note="X. Hoa Lư cũ", address="Số 1, Xã Hoa Lư"
    )
    text = client.get(reverse("units:area_worklist")).content.decode()
    assert "X. Hoa Lư cũ" in text
    assert f'value="{area.pk}"' in text
    client.post(reverse("units:area_settle"), {"unit": unit.pk, "proposed": area.pk})
    unit.refresh_from_db()
    assert (unit.jurisdiction, unit.area_needs_review) == (area, False)
    again = client.post(reverse("units:area_settle"), {"unit": unit.pk, "proposed": area.pk}, follow=True)
    assert "đã được xác định địa bàn trước đó" in again.content.decode()


def test_area_is_given_by_name_to_all_of_one_note(client, officer, province):
    area = JurisdictionFactory(parent=province, name="Hoa Lư")
    JurisdictionFactory(parent=province, name="Hoa Lư Bắc")
    units = UnitFactory.create_batch(3, jurisdiction=province, area_needs_review=True, area_note="Hoa Lư")
    data = {"unit": [unit.pk for unit in units], "jurisdiction": "", "jurisdiction_text": area.long_name}
    client.post(reverse("units:area_settle"), data)
    assert Unit.objects.filter(jurisdiction=area, area_needs_review=False).count() == 3


@pytest.mark.parametrize(("name", "words"), [("", "Chọn một địa bàn"), ("Không có xã này", "Không tìm thấy địa bàn")])
def test_area_not_understood_changes_nothing(client, officer, province, name, words):
    unit = UnitFactory(jurisdiction=province, area_needs_review=True)
    answer = client.post(reverse("units:area_settle"), {"unit": unit.pk, "jurisdiction_text": name}, follow=True)
    assert words in answer.content.decode()
    assert Unit.objects.get(pk=unit.pk).area_needs_review


def test_area_and_units_out_of_reach(client, officer, province):
    mine, other = UnitFactory(jurisdiction=province, area_needs_review=True), UnitFactory(area_needs_review=True)
    for unit, area in ((mine, JurisdictionFactory()), (other, province)):
        client.post(reverse("units:area_settle"), {"unit": unit.pk, "proposed": area.pk})
        assert Unit.objects.get(pk=unit.pk).area_needs_review


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize("page", ["units:area_worklist", "units:unit_incomplete", "home"])
def test_query_count_does_not_grow(client, officer, province, rows, page, django_assert_max_num_queries):
    UnitFactory.create_batch(rows, jurisdiction=province, area_needs_review=True, address="Số 1")
    with django_assert_max_num_queries(24):
        assert client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", ["units:area_worklist", "units:unit_incomplete"])
def test_work_needs_the_right(client, province, page):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ))
    assert client.get(reverse(page)).status_code == 403


def test_incomplete_units_by_what_they_lack(client, officer, province):
    no_phone = UnitFactory(
        jurisdiction=province, subkind="agency__state_body", is_state_budget=True, address="x", head_name="x"
    )
    no_level = UnitFactory(
        jurisdiction=province,
        kind="school",
        subkind="school__public",
        address="x",
        head_name="x",
        head_phone="0912345678",
    )
    UnitFactory(name="Ở xa")
    page = reverse("units:unit_incomplete")
    everything = client.get(page).content.decode()
    assert no_phone.name in everything
    assert no_level.name in everything
    assert "Ở xa" not in everything
    by_level = client.get(page, {"thieu": "school_level"}).content.decode()
    assert no_level.name in by_level
    assert no_phone.name not in by_level


@pytest.mark.slow
def test_home_tells_work_counts_and_last_edits(client, officer, province):
    UnitFactory.create_batch(2, jurisdiction=province, area_needs_review=True)
    UnitFactory(jurisdiction=province, kind="school")
    unit = UnitFactory(jurisdiction=province, name="Trường vừa sửa", kind="school")
    client.post(reverse("units:headcount_add", args=[unit.code]), {"year": "2025", "staff_count": "1"})
    client.post(
        reverse("units:unit_override", args=[unit.code]), {"conclusion": "eligible", "reason": "Có thêm cấp THCS"}
    )
    text = client.get(reverse("home")).content.decode()
    assert reverse("units:area_worklist") in text
    assert reverse("units:unit_incomplete") in text
    assert "khoi=school" in text
    assert "Trường vừa sửa" in text


@pytest.mark.slow
def test_home_of_account_administrators_tells_of_accounts(client, province):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    OfficerFactory(jurisdiction=province, is_active=False)
    text = client.get(reverse("home")).content.decode()
    assert "Tài khoản đang khóa" in text
    assert "Đơn vị trong" not in text


def test_home_without_a_posting(client):
    client.force_login(OfficerFactory(jurisdiction=False))
    assert "chưa được phân công" in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("function", list(Function))
def test_home_opens_for_every_function(client, province, function):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=function))
    assert client.get(reverse("home")).status_code == 200


def test_groups_are_listed_added_and_edited(client, officer, province):
    page = reverse("units:grouping_add")
    client.post(page, {"kind": "sector", "name": "Y tế", "code": ""})
    grouping = Grouping.objects.get()
    UnitFactory(jurisdiction=province, sector=grouping)
    again = client.post(page, {"kind": "sector", "name": "y tế", "code": ""})
    assert "Nhóm này đã có" in again.content.decode()
    edit = reverse("units:grouping_edit", args=[grouping.pk])
    client.post(edit, {"kind": "sector", "name": "Y tế, dược", "code": "", "version": grouping.version})
    text = client.get(reverse("units:grouping_list"), {"q": "duoc"}).content.decode()
    assert "Y tế, dược" in text


def test_groups_are_for_the_administration_of_records(client, province):
    grouping = Grouping.objects.create(kind="sector", name="Y tế")
    client.force_login(OfficerFactory(jurisdiction=province))
    for page in (
        reverse("units:grouping_list"),
        reverse("units:grouping_add"),
        reverse("units:grouping_edit", args=[grouping.pk]),
    ):
        assert client.get(page).status_code == 403


def test_who_only_reads_is_not_told_what_they_have_not_changed(client, province):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ))
    assert "Tôi vừa sửa" not in client.get(reverse("home")).content.decode()


def test_who_writes_sees_what_they_changed_last(client, officer):
    assert "Tôi vừa sửa" in client.get(reverse("home")).content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize("is_root", [False, True])
def test_the_first_page_asks_as_much_whatever_waits(client, django_assert_num_queries, rows, is_root):
    area = JurisdictionFactory(country=True) if is_root else JurisdictionFactory(province=True)
    PoliceOfficeFactory(jurisdiction=area, level=PoliceLevel.MINISTRY if is_root else PoliceLevel.PROVINCE)
    officer = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_RECORDS)
    for unit in UnitFactory.create_batch(rows, jurisdiction=area, area_needs_review=True):
        TrainingCertificateFactory(guard=GuardFactory(unit=unit), expires_on=today())
        GuardFactory(unit=unit)
    client.force_login(officer)
    client.get(reverse("home"))
    with django_assert_num_queries(FIRST_PAGE):
        client.get(reverse("home"))
