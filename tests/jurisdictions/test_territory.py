"""Areas and offices by themselves: dates, parents, paths, what the database refuses."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from movement_portal.jurisdictions.enums import JurisdictionKind, PoliceLevel, SuccessionKind
from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice, Succession
from tests.factories import JurisdictionFactory, OfficerFactory, PoliceOfficeFactory

pytestmark = pytest.mark.django_db

LAST_DAY, REFORM = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)


def refusal(record):
    with pytest.raises(ValidationError) as error:
        record.full_clean()
    return error.value.message_dict


@pytest.mark.parametrize(("on", "exists"), [(LAST_DAY, True), (REFORM, False)])
def test_an_area_exists_on_its_last_day_and_no_longer(on, exists):
    area = JurisdictionFactory(valid_from=None, valid_to=LAST_DAY)
    assert Jurisdiction.objects.as_of(on).filter(pk=area.pk).exists() is exists


@pytest.mark.parametrize(("on", "exists"), [(LAST_DAY, False), (REFORM, True)])
def test_an_area_exists_from_its_first_day(on, exists):
    area = JurisdictionFactory(valid_from=REFORM)
    assert Jurisdiction.objects.as_of(on).filter(pk=area.pk).exists() is exists


def test_ancestors_and_descendants_follow_the_path(country, province):
    commune = JurisdictionFactory(parent=province)
    assert list(commune.ancestors()) == [country, province]
    assert list(province.descendants()) == [commune]


def test_areas_created_in_bulk_have_their_paths(province):
    made = Jurisdiction.objects.bulk_create(
        [Jurisdiction(kind=JurisdictionKind.WARD, code=f"9{n}", name=f"Mẫu {n}", parent=province) for n in range(3)]
    )
    stored = dict(Jurisdiction.objects.values_list("pk", "path"))
    assert [stored[area.pk] for area in made] == [province.path + str(area.pk).zfill(6) for area in made]
    assert [area.path for area in made] == [stored[area.pk] for area in made]


def test_a_moved_area_takes_everything_below_it_along(province):
    district = JurisdictionFactory(kind=JurisdictionKind.DISTRICT, parent=province)
    commune = JurisdictionFactory(parent=district)
    other = JurisdictionFactory(province=True)
    district.parent = other
    district.save()
    commune.refresh_from_db()
    assert commune.path == other.path + district.path[-6:] + str(commune.pk).zfill(6)


def test_a_parent_must_exist_all_the_time(province):
    area = JurisdictionFactory.build(parent=province, valid_from=datetime.date(2025, 1, 1))
    assert "parent" in refusal(area)


def test_a_parent_may_not_lie_below(province):
    district = JurisdictionFactory(kind=JurisdictionKind.DISTRICT, parent=province)
    province.parent = district
    assert refusal(province)["parent"] == ["Địa bàn không thể thuộc chính nó hoặc địa bàn bên dưới nó."]


def test_a_parent_stands_higher():
    parent = JurisdictionFactory(name="Trên")
    assert refusal(JurisdictionFactory.build(parent=parent))["parent"][0].startswith("Xã Trên không phải là cấp trên")


def test_an_area_does_not_end_before_those_below_it(province):
    JurisdictionFactory(parent=province)
    province.valid_to = datetime.date(2026, 1, 1)
    assert "valid_to" in refusal(province)


def test_a_code_names_one_area_at_a_time():
    JurisdictionFactory(code="12345", valid_from=None, valid_to=REFORM)
    assert "code" in refusal(JurisdictionFactory.build(code="12345", valid_from=REFORM))


def test_a_code_may_name_another_area_afterwards():
    JurisdictionFactory(code="12345", valid_from=None, valid_to=LAST_DAY)
    JurisdictionFactory.build(code="12345", valid_from=REFORM).full_clean()


def raw(queryset, **values):
    """Write past the checks of the models, to the database itself."""
    models.QuerySet.update(queryset, **values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"code": "11111", "valid_from": REFORM}, "code"),
        ({"code": "11111", "valid_from": datetime.date(2025, 8, 1)}, "code"),
        ({"valid_from": REFORM, "valid_to": LAST_DAY}, "jurisdiction_ends_after_start"),
    ],
)
def test_the_database_refuses_an_area(values, constraint):
    JurisdictionFactory(code="11111", valid_from=REFORM)
    area = JurisdictionFactory(code="22222")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        raw(Jurisdiction.objects.filter(pk=area.pk), **values)


def test_the_database_refuses_two_areas_of_one_code_from_before():
    JurisdictionFactory(code="11111", valid_from=None, valid_to=LAST_DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        JurisdictionFactory(code="11111", valid_from=None, valid_to=datetime.date(2024, 1, 1))


def test_the_database_refuses_an_area_below_itself(province):
    with pytest.raises(IntegrityError, match="jurisdiction_not_below_itself"), transaction.atomic():
        raw(Jurisdiction.objects.filter(pk=province.pk), parent=province)


@pytest.fixture
def two_areas():
    return JurisdictionFactory(code="00001", valid_from=None, valid_to=LAST_DAY), JurisdictionFactory(code="00002")


def succession(two_areas, **values):
    old, new = two_areas
    defaults = {"predecessor": old, "successor": new, "kind": SuccessionKind.RENAMED, "effective_on": REFORM}
    return Succession(**defaults | values)


def test_a_succession_joins_the_last_day_and_the_first(two_areas):
    succession(two_areas).full_clean()


def test_a_predecessor_must_exist_the_day_before(two_areas):
    assert "predecessor" in refusal(succession(two_areas, effective_on=datetime.date(2025, 8, 1)))


def test_a_successor_must_exist_on_the_day(two_areas):
    assert "successor" in refusal(succession(two_areas, effective_on=LAST_DAY))


def test_what_went_over_whole_has_ended(two_areas):
    raw(Jurisdiction.objects.filter(pk=two_areas[0].pk), valid_to=None)
    two_areas[0].refresh_from_db()
    assert "predecessor" in refusal(succession(two_areas, kind=SuccessionKind.MERGED_WHOLE))


def test_what_gave_a_part_goes_on(two_areas):
    raw(Jurisdiction.objects.filter(pk=two_areas[0].pk), valid_to=None)
    two_areas[0].refresh_from_db()
    succession(two_areas, kind=SuccessionKind.PART_OF).full_clean()


def test_the_database_refuses_an_area_that_succeeds_itself(two_areas):
    with pytest.raises(IntegrityError, match="succession_between_two"), transaction.atomic():
        succession(two_areas, successor=two_areas[0]).save()


def test_the_database_refuses_a_succession_twice(two_areas):
    succession(two_areas).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        succession(two_areas, kind=SuccessionKind.PART_OF).save()


def test_an_office_lasts_no_longer_than_its_area(two_areas):
    office = PoliceOfficeFactory.build(jurisdiction=two_areas[0], valid_to=datetime.date(2025, 12, 31))
    assert "jurisdiction" in refusal(office)


def test_an_office_has_no_lower_one_above_it(province):
    below = PoliceOfficeFactory(jurisdiction=JurisdictionFactory(parent=province), valid_from=REFORM)
    office = PoliceOfficeFactory.build(
        jurisdiction=province, level=PoliceLevel.PROVINCE, parent=below, valid_from=REFORM
    )
    assert "parent" in refusal(office)


def test_offices_stand_in_no_circle(province):
    first = PoliceOfficeFactory(jurisdiction=province, level=PoliceLevel.PROVINCE, valid_from=REFORM)
    second = PoliceOfficeFactory(jurisdiction=province, level=PoliceLevel.PROVINCE, valid_from=REFORM, parent=first)
    first.parent = second
    assert refusal(first)["parent"] == ["Cơ quan không thể là cấp trên của chính mình."]


def test_the_database_refuses_an_office_above_itself(province):
    office = PoliceOfficeFactory(jurisdiction=province)
    with pytest.raises(IntegrityError, match="policeoffice_not_below_itself"), transaction.atomic():
        raw(PoliceOffice.objects.filter(pk=office.pk), parent=office)


def test_the_history_in_reach_is_what_the_own_area_came_from(two_areas):
    old, new = two_areas
    neighbour = JurisdictionFactory(code="00003", valid_from=None, valid_to=LAST_DAY)
    succession(two_areas).save()
    officer = OfficerFactory(jurisdiction=new)
    assert set(Jurisdiction.objects.visible_with_history(officer)) == {old, new}
    assert neighbour not in Jurisdiction.objects.visible_with_history(officer)


def test_the_history_in_reach_goes_back_step_by_step(two_areas):
    old, middle = two_areas
    raw(Jurisdiction.objects.filter(pk=middle.pk), valid_to=datetime.date(2026, 4, 29))
    new = JurisdictionFactory(code="00002", valid_from=datetime.date(2026, 4, 30))
    succession(two_areas).save()
    Succession(
        predecessor=middle, successor=new, kind=SuccessionKind.CONTINUED, effective_on=datetime.date(2026, 4, 30)
    ).save()
    officer = OfficerFactory(jurisdiction=new)
    assert set(Jurisdiction.objects.visible_with_history(officer)) == {old, middle, new}


def test_without_a_posting_no_history_is_in_reach():
    JurisdictionFactory()
    assert not Jurisdiction.objects.visible_with_history(OfficerFactory(jurisdiction=False)).exists()
