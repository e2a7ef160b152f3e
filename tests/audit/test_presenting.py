"""History speaks of fields, choices and records by their names."""

import datetime

import pytest

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import Change, tracked_models
from movement_portal.audit.presenting import HIDDEN, Actor, actors_of, present
from movement_portal.audit.recording import act
from movement_portal.audit.timeline import history_url
from movement_portal.jurisdictions.enums import Function, SuccessionKind
from movement_portal.jurisdictions.models import Officer, Succession
from movement_portal.lib.dates import day_before
from tests.factories import REFORM, JurisdictionFactory, OfficerFactory, UnitFactory
from units import workflow
from units.models import Headcount, Placement, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reader(country):
    return OfficerFactory(jurisdiction=country, username="docgia", jurisdiction__function=Function.MANAGE_RECORDS)


def lines_of(record, action="update", reader=None):
    changes = Change.objects.of(record).filter(action=action).order_by("id")
    presented_changes = present(changes, reader or Officer.objects.get(username="docgia"))
    return {line.label: (line.old, line.new) for presented in presented_changes for line in presented.fields}


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


def test_areas_are_named_with_what_they_belong_to(unit, country):
    province = JurisdictionFactory(province=True, name="Lâm Mẫu", parent=country)
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


def test_deleted_record_keeps_its_name_in_the_history_of_others(country):
    area = JurisdictionFactory(parent=country)
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
    reader = Officer.objects.get(username="docgia")
    # The last one asks whether an import made them.
    with django_assert_num_queries(7):
        present(changes, reader)


# -- what lies out of the reader's reach -------------------------------------------------------------------------------
@pytest.fixture
def province(country):
    return JurisdictionFactory(province=True, name="Lâm Mẫu", parent=country)


@pytest.fixture
def moved(province):
    """A unit that a superior moved from a neighbour's area into ours."""
    far = JurisdictionFactory(name="Ở Xa", parent=province, valid_from=None)
    unit = UnitFactory(jurisdiction=far, name="Trường Mẫu")
    near = JurisdictionFactory(name="Ở Gần", parent=province, valid_from=None)
    superior = OfficerFactory(jurisdiction=province, full_name="Lê Thị Trên")
    with act(EventKind.EDIT, by=superior):
        return workflow.relocate(unit, near, on=REFORM, by=superior)


def test_an_area_out_of_reach_is_told_without_its_name(moved):
    reader = OfficerFactory(jurisdiction=moved.jurisdiction)
    before, after = lines_of(moved, reader=reader)["Địa bàn"]
    assert (before, after) == ("một địa bàn ngoài phạm vi", "Xã Ở Gần, Tỉnh Lâm Mẫu")


@pytest.mark.slow
def test_no_text_of_the_time_line_names_what_is_out_of_reach(client, moved):
    client.force_login(OfficerFactory(jurisdiction=moved.jurisdiction))
    for url in (moved.get_absolute_url(), history_url(moved)):
        text = client.get(url).content.decode()
        assert "Chuyển địa bàn" in text
        assert "Ở Xa" not in text


def test_a_superior_is_named_as_the_one_who_did_it(moved):
    reader = OfficerFactory(jurisdiction=moved.jurisdiction)
    event = Change.objects.of(moved).latest("id").event
    assert actors_of([event], reader)[event.pk].name == "Lê Thị Trên"


def test_an_officer_of_an_area_out_of_reach_stays_unnamed(moved, province):
    stranger = OfficerFactory(jurisdiction=JurisdictionFactory(parent=province), full_name="Trần Ở Xa")
    with act(EventKind.EDIT, by=stranger):
        moved.note = "đã xem"
        moved.save()
    event = Change.objects.of(moved).latest("id").event
    reader = OfficerFactory(jurisdiction=moved.jurisdiction)
    assert actors_of([event], reader)[event.pk] == Actor("Một cán bộ ngoài phạm vi")


def test_the_old_area_that_ours_came_from_is_named(province):
    old = JurisdictionFactory(name="Làng Cũ", parent=province, valid_from=None, valid_to=day_before(REFORM))
    new = JurisdictionFactory(name="Làng Mới", parent=province)
    Succession.objects.create(predecessor=old, successor=new, kind=SuccessionKind.MERGED_WHOLE, effective_on=REFORM)
    unit = UnitFactory(jurisdiction=old)
    unit.jurisdiction = new
    unit.save()
    assert lines_of(unit, reader=OfficerFactory(jurisdiction=new))["Địa bàn"][0] == "Xã Làng Cũ, Tỉnh Lâm Mẫu"


def test_a_placement_is_called_by_its_unit_alone(moved):
    labels = Change.objects.filter(model=Placement._meta.label_lower).values_list("label", flat=True)
    assert set(labels) == {"Trường Mẫu"}


def test_whatever_a_record_points_to_says_whose_names_are_known():
    related = {
        field.related_model
        for model in tracked_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.attname in model.tracked_names()
    }
    assert not [model for model in related if not hasattr(model._default_manager.all(), "known_to")]
