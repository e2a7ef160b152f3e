"""Entering and editing units."""

import unicodedata
import uuid

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function, PoliceLevel
from tests import reference
from tests.factories import JurisdictionFactory, OfficerFactory, PoliceOfficeFactory, UnitFactory
from units.models import Grouping, Unit

pytestmark = pytest.mark.django_db

ADD = "units:unit_add"


@pytest.fixture
def area():
    return JurisdictionFactory(parent=JurisdictionFactory(province=True))


@pytest.fixture
def officer(area, client):
    officer = OfficerFactory(jurisdiction=area)
    client.force_login(officer)
    return officer


def filled(area, **values):
    return {
        "kind": "school",
        "name": "Trường THCS Hoa Sen",
        "jurisdiction": area.pk,
        "school_level": "lower_secondary",
        "submission_key": str(uuid.uuid4()),
        "is_state_budget": "true",
        "has_party_organisation": "unknown",
        **values,
    }


def test_kind_comes_first(client, officer):
    text = client.get(reverse(ADD)).content.decode()
    assert "?khoi=enterprise" in text
    assert '<form method="post" action="/don-vi' not in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "shown", "left_out"),
    [
        ("agency", "is_state_budget", "school_level"),
        ("enterprise", "enterprise_size", "school_level"),
        ("school", "school_level", "enterprise_size"),
    ],
)
def test_only_fields_of_the_kind(client, officer, kind, shown, left_out):
    text = client.get(reverse(ADD), {"khoi": kind}).content.decode()
    assert f"id_{shown}" in text
    assert f"id_{left_out}" not in text


def test_commune_is_filled_in(client, officer, area):
    text = client.get(reverse(ADD), {"khoi": "agency"}).content.decode()
    assert area.full_name in text


def test_unit_is_entered(client, officer, area):
    data = filled(area, head_phone="0912.345.678 / 0987654321", governing_body="")
    answer = client.post(reverse(ADD), data)
    unit = Unit.objects.get()
    assert answer.url == unit.get_absolute_url()
    assert (unit.kind, unit.head_phone, unit.is_state_budget) == ("school", "0912345678; 0987654321", True)
    assert unit.placements.get().jurisdiction == area


def test_same_form_twice_makes_one_unit(client, officer, area):
    data = filled(area)
    first, second = client.post(reverse(ADD), data), client.post(reverse(ADD), data)
    assert first.url == second.url
    assert Unit.objects.count() == 1


def test_save_and_next_keeps_kind_and_area(client, officer, area):
    answer = client.post(reverse(ADD), filled(area, next="1"))
    assert answer.url == f"{reverse(ADD)}?khoi=school&dia-ban={area.pk}"


@pytest.mark.slow
def test_same_name_in_the_area_is_asked_about(client, officer, area):
    UnitFactory(name="TRƯỜNG THCS HOA SEN", jurisdiction=area)
    asked = client.post(reverse(ADD), filled(area))
    assert asked.status_code == 422
    assert "có thể đơn vị này đã có trong sổ" in asked.content.decode()
    assert Unit.objects.count() == 1
    client.post(reverse(ADD), filled(area, is_another="on"))
    assert Unit.objects.count() == 2


def test_same_name_elsewhere_is_no_question(client, officer, area):
    UnitFactory(name="Trường THCS Hoa Sen")
    assert client.post(reverse(ADD), filled(area)).status_code == 302


@pytest.mark.slow
def test_code_of_a_unit_elsewhere_is_refused_and_not_named(client, officer, area):
    other = UnitFactory(kind="school", name="Trường ở xa", school_code="079001")
    text = client.post(reverse(ADD), filled(area, school_code="079001")).content.decode()
    assert "Mã trường này đã có ở một đơn vị khác" in text
    assert other.name not in text


def test_area_out_of_reach_is_refused(client, officer, area):
    answer = client.post(reverse(ADD), filled(JurisdictionFactory()))
    assert answer.status_code == 422
    assert not Unit.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("tax_code", "0100109107", "mã số thuế"),
        ("head_phone", "gặp bảo vệ", "không phải là số điện thoại"),
        ("parent", "DV9999999", "Không có đơn vị nào"),
        ("governing_body", "Sở chưa có", "Chưa có trong danh mục"),
    ],
)
def test_errors_are_told(client, officer, area, field, value, words):
    answer = client.post(reverse(ADD), filled(area, **{field: value}))
    assert words in answer.content.decode()
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not Unit.objects.exists()


def test_branch_is_linked_to_its_company(client, officer, area):
    company = UnitFactory(kind="enterprise", tax_code="0100109106", jurisdiction=area)
    data = filled(area, kind="enterprise", name="Chi nhánh Một", tax_code="0100109106-001")
    client.post(reverse(ADD), data)
    assert Unit.objects.get(name="Chi nhánh Một").parent == company


def test_new_group_only_with_the_right(client, area):
    PoliceOfficeFactory(jurisdiction=area.parent, level=PoliceLevel.PROVINCE)
    client.force_login(OfficerFactory(jurisdiction=area.parent, jurisdiction__function=Function.MANAGE_RECORDS))
    client.post(reverse(ADD), filled(area, governing_body="Sở Giáo dục"))
    client.post(reverse(ADD), filled(area, name="Trường khác", governing_body="sở giáo dục"))
    assert Grouping.objects.get().governed_units.count() == 2


def test_without_the_right(client, area):
    unit = UnitFactory(jurisdiction=area)
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.READ))
    assert client.get(reverse(ADD)).status_code == 403
    assert client.post(reverse("units:unit_edit", args=[unit.code])).status_code == 403


def edited(unit, **values):
    data = filled(unit.jurisdiction, kind=unit.kind, name=unit.name, version=unit.version, **values)
    return data


def test_unit_is_edited(client, officer, area):
    unit = UnitFactory(jurisdiction=area, kind="school")
    page = reverse("units:unit_edit", args=[unit.code])
    assert unit.name in client.get(page).content.decode()
    assert client.post(page, edited(unit, address="Số 1")).status_code == 302
    unit.refresh_from_db()
    assert (unit.address, unit.version) == ("Số 1", 2)


def test_fields_that_the_form_of_the_kind_does_not_show_stay(client, officer, area):
    unit = UnitFactory(kind="enterprise", jurisdiction=area, is_state_budget=False)
    client.post(reverse("units:unit_edit", args=[unit.code]), edited(unit, note="Sửa"))
    unit.refresh_from_db()
    assert (unit.note, unit.is_state_budget) == ("Sửa", False)


def test_stale_edit_is_refused(client, officer, area):
    unit = UnitFactory(jurisdiction=area, kind="school")
    page = reverse("units:unit_edit", args=[unit.code])
    Unit.objects.filter(pk=unit.pk).update(note="mới")
    answer = client.post(page, edited(unit, note="cũ"))
    assert answer.status_code == 422
    assert Unit.objects.get(pk=unit.pk).note == "mới"


def test_change_of_kind_empties_what_the_new_kind_lacks(client, officer, area):
    unit = UnitFactory(jurisdiction=area, kind="school", school_level="primary", subkind="school__public")
    page = reverse("units:unit_edit", args=[unit.code])
    assert "chuyển từ khối" in client.get(page, {"khoi": "agency"}).content.decode()
    client.post(page, edited(unit) | {"kind": "agency"})
    unit.refresh_from_db()
    assert (unit.kind, unit.school_level, unit.subkind) == ("agency", "", "")


def test_corrected_area_ends_the_review(client, area):
    province = area.parent
    client.force_login(OfficerFactory(jurisdiction=province))
    unit = UnitFactory(jurisdiction=province, kind="school", area_needs_review=True)
    client.post(reverse("units:unit_edit", args=[unit.code]), edited(unit) | {"jurisdiction": area.pk})
    unit.refresh_from_db()
    assert (unit.jurisdiction, unit.area_needs_review) == (area, False)
    assert unit.placements.get().jurisdiction == area


def test_unit_does_not_become_its_own_superior(client, officer, area):
    unit = UnitFactory(jurisdiction=area, kind="school")
    below = UnitFactory(jurisdiction=area, kind="school", parent=unit)
    answer = client.post(reverse("units:unit_edit", args=[unit.code]), edited(unit, parent=below.code))
    assert "đang là cấp trên" in answer.content.decode()


def test_suggestions_stay_within_reach(client, officer, area):
    near = UnitFactory(jurisdiction=area, name="Trường Sen Hồng")
    far = UnitFactory(name="Trường Sen Trắng")
    text = client.get(reverse("units:unit_options"), {"o": "parent", "parent": "sen"}).content.decode()
    assert near.code in text
    assert far.code not in text
    short = client.get(reverse("units:unit_options"), {"o": "parent", "parent": "s"}).content.decode()
    assert "<option" not in short


@pytest.mark.slow
def test_contradicted_size_is_a_warning(client, officer, area):
    reference.load("size_thresholds")
    data = filled(
        area,
        kind="enterprise",
        enterprise_size="micro",
        business_sector="trade",
        size_staff_count="150",
        size_revenue_amount="900.000.000.000",
    )
    text = client.post(reverse(ADD), data, follow=True).content.decode()
    assert Unit.objects.get().size_revenue_amount == 900 * 10**9
    assert "Số liệu đã ghi ứng với quy mô “Lớn”" in text


def test_a_name_of_invisible_characters_is_no_name(client, officer, area):
    response = client.post(reverse(ADD), filled(area, name="\u202e\u200b"))
    assert response.status_code == 422
    assert "Ô này là bắt buộc." in response.content.decode()


def test_every_text_is_kept_composed(client, officer, area):
    texts = {
        "name": "Trường Hoà Bình",
        "head_name": "Lê Thị Huế",
        "address": "Đường Lý Tự Trọng",
        "note": "Đã gọi\nhẹn",
    }
    client.post(reverse(ADD), filled(area, **{key: unicodedata.normalize("NFD", text) for key, text in texts.items()}))
    assert Unit.objects.values(*texts).get() == texts


@pytest.mark.parametrize("year", ["0", "202", "9999"])
def test_a_year_of_figures_that_cannot_be_is_refused(client, officer, area, year):
    response = client.post(
        reverse(ADD), filled(area, kind="enterprise", school_level="", enterprise_size="large", size_year=year)
    )
    assert (response.status_code, Unit.objects.count()) == (422, 0)
