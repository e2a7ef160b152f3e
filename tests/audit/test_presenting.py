"""History speaks of fields, choices and records by their names."""

import datetime

import pytest

from movement_portal.audit.models import Change
from movement_portal.audit.presenting import HIDDEN, present
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units.models import Headcount, Unit

pytestmark = pytest.mark.django_db


def lines_of(record, action="update"):
    changes = Change.objects.of(record).filter(action=action).order_by("id")
    return {line.label: (line.old, line.new) for presented in present(changes) for line in presented.fields}


def saved(unit, **values):
    for name, value in values.items():
        setattr(unit, name, value)
    unit.save()
    return lines_of(unit)


@pytest.fixture
def unit():
    return UnitFactory(kind="agency", subkind="")


def test_choices_are_words(unit):
    assert saved(unit, subkind="agency__hospital")["Loại hình"] == ("", "Bệnh viện, cơ sở y tế công lập")


def test_yes_no_and_not_known(unit):
    assert saved(unit, has_party_organisation=True)["Có tổ chức Đảng"] == ("", "có")


def test_amounts_are_grouped_and_years_are_not(unit):
    lines = saved(unit, size_year=2025, size_revenue_amount=1727000)
    assert lines["Năm của số liệu quy mô"] == ("", "2025")
    assert lines["Doanh thu (đồng/năm)"] == ("", "1.727.000")


def test_areas_are_named_with_what_they_belong_to(unit):
    province = JurisdictionFactory(province=True, name="Lâm Mẫu")
    unit.jurisdiction = JurisdictionFactory(name="Tân Tiến", parent=province)
    unit.save()
    assert lines_of(unit)["Địa bàn"][1] == "Xã Tân Tiến, Tỉnh Lâm Mẫu"


def test_dates_are_written_as_offices_write_them():
    officer = OfficerFactory()
    posting = officer.postings.get()
    posting.valid_to = datetime.date(2026, 12, 31)
    posting.save()
    assert lines_of(posting)["Đến hết ngày"] == ("", "31/12/2026")


def test_moments_are_local():
    officer = OfficerFactory()
    officer.must_change_password = True
    officer.password_expires_at = datetime.datetime(2026, 1, 1, 18, 30, tzinfo=datetime.UTC)
    officer.save()
    assert lines_of(officer)["Mật khẩu hết hạn lúc"] == ("", "01:30 02/01/2026")


def test_masked_values_say_only_that_they_changed():
    officer = OfficerFactory()
    officer.set_password("một mật khẩu dài")
    officer.save()
    assert HIDDEN in lines_of(officer).popitem()[1]


def test_deleted_record_keeps_its_name_in_the_history_of_others():
    area = JurisdictionFactory()
    parent, unit = UnitFactory(name="Tổng công ty Mẫu", jurisdiction=area), UnitFactory(jurisdiction=area)
    unit.parent = parent
    unit.save()
    unit.parent = None
    unit.save()
    parent.delete()
    assert lines_of(unit)["Đơn vị cấp trên"] == ("Tổng công ty Mẫu", "")


def test_field_that_is_no_more_is_shown_by_its_column(unit):
    Change.objects.bulk_create(
        [
            Change(
                event=Change.objects.of(unit).get().event,
                model="units.unit",
                object_id=unit.pk,
                action="update",
                version=2,
                before={"gone": 1},
                after={"gone": 2},
            )
        ]
    )
    assert lines_of(unit) == {"Gone": ("1", "2")}


@pytest.mark.parametrize("rows", [1, 12])
def test_names_are_asked_once_a_model(rows, django_assert_num_queries):
    area = JurisdictionFactory()
    units = [UnitFactory(jurisdiction=JurisdictionFactory()) for _ in range(rows)]
    for unit in units:
        unit.jurisdiction = area
    Unit.objects.bulk_update(units, ["jurisdiction"])
    Headcount.objects.bulk_create([Headcount(unit=unit, year=2025, staff_count=1) for unit in units])
    changes = list(Change.objects.exclude(model__startswith="jurisdictions"))
    with django_assert_num_queries(2):
        present(changes)
