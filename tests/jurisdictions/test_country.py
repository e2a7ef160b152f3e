"""Facts of the reference data, the whole country loaded."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.db.models import Count, F

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import (
    COMMUNE_KINDS,
    DISTRICT_KINDS,
    PROVINCE_KINDS,
    JurisdictionKind,
    PoliceLevel,
    SuccessionKind,
)
from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice, Succession
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.jurisdictions.scoping import PATH_DIGITS
from movement_portal.jurisdictions.search import search_areas

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("whole_country")]

BEFORE, REFORM = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)
BEFORE_CITY, CITY, NOW = datetime.date(2026, 4, 29), datetime.date(2026, 4, 30), datetime.date(2026, 11, 22)


def area(code, on):
    return Jurisdiction.objects.as_of(on).get(code=code)


def count(kinds, on):
    return Jurisdiction.objects.as_of(on).filter(kind__in=kinds).count()


@pytest.mark.parametrize("on", [REFORM, BEFORE_CITY, CITY, NOW])
def test_there_are_34_provinces_and_3321_communes_since_the_reform(on):
    assert (count(PROVINCE_KINDS, on), count(DISTRICT_KINDS, on), count(COMMUNE_KINDS, on)) == (34, 0, 3321)


def test_there_were_63_provinces_696_districts_and_10035_communes_before():
    assert (count(PROVINCE_KINDS, BEFORE), count(DISTRICT_KINDS, BEFORE), count(COMMUNE_KINDS, BEFORE)) == (
        63,
        696,
        10035,
    )


@pytest.mark.parametrize(
    ("on", "cities", "communes", "wards"),
    [(REFORM, 6, 2621, 687), (BEFORE_CITY, 6, 2621, 687), (CITY, 7, 2611, 697)],
)
def test_kinds_follow_the_change_of_30_april_2026(on, cities, communes, wards):
    kinds = ([JurisdictionKind.CITY], [JurisdictionKind.COMMUNE], [JurisdictionKind.WARD])
    assert tuple(count(kind, on) for kind in kinds) == (cities, communes, wards)


def test_dong_nai_is_a_city_with_all_its_communes_below_it():
    before, after = area("75", BEFORE_CITY), area("75", CITY)
    assert (before.full_name, after.full_name) == ("Tỉnh Đồng Nai", "Thành phố Đồng Nai")
    assert before.descendants().count() == after.descendants().count() == 95


def test_an_unchanged_commune_of_dong_nai_goes_on_and_a_changed_one_is_renamed():
    kinds = Succession.objects.filter(effective_on=CITY).values_list("kind").annotate(Count("pk")).order_by("kind")
    assert dict(kinds) == {SuccessionKind.CONTINUED: 85, SuccessionKind.RENAMED: 11}


def test_one_code_names_two_areas_one_after_the_other():
    old, new = area("00004", BEFORE), area("00004", REFORM)
    assert (old.full_name, new.full_name) == ("Phường Trúc Bạch", "Phường Ba Đình")


def test_every_area_but_the_country_has_a_parent_of_its_time():
    below = Jurisdiction.objects.exclude(kind=JurisdictionKind.COUNTRY)
    assert not below.filter(parent__isnull=True).exists()
    assert not below.filter(parent__valid_from__gt=F("valid_from")).exists()
    assert not below.filter(parent__valid_to__lt=F("valid_to")).exists()
    assert not below.filter(parent__valid_to__isnull=False, valid_to__isnull=True).exists()


def test_every_path_is_the_path_of_the_parent_and_the_own_id():
    paths = dict(Jurisdiction.objects.values_list("pk", "path"))
    parents = Jurisdiction.objects.values_list("pk", "parent_id")
    wrong = [pk for pk, up in parents if paths[pk] != (paths[up] if up else "") + str(pk).zfill(PATH_DIGITS)]
    assert wrong == []


def test_every_old_commune_has_a_successor_and_every_new_one_an_origin():
    old = Jurisdiction.objects.as_of(BEFORE).filter(kind__in=COMMUNE_KINDS)
    new = Jurisdiction.objects.as_of(REFORM).filter(kind__in=COMMUNE_KINDS)
    assert (old.filter(successions=None).count(), new.filter(origins=None).count()) == (0, 0)


def test_only_the_five_island_districts_without_communes_have_a_successor():
    districts = Jurisdiction.objects.filter(kind__in=DISTRICT_KINDS, successions__isnull=False)
    assert set(districts.values_list("name", flat=True)) == {
        "Bạch Long Vĩ",
        "Cồn Cỏ",
        "Hoàng Sa",
        "Lý Sơn",
        "Côn Đảo",
    }


def test_three_provinces_went_into_ho_chi_minh_city_under_the_resolution():
    rows = Succession.objects.filter(successor=area("79", REFORM)).order_by("predecessor__code")
    assert {(row.predecessor.name, row.kind, row.legal_basis) for row in rows} == {
        (name, SuccessionKind.MERGED_WHOLE, "Nghị quyết số 202/2025/QH15")
        for name in ("Bình Dương", "Bà Rịa - Vũng Tàu", "Hồ Chí Minh")
    }


def test_eleven_provinces_went_on_unchanged_and_no_document_is_invented_for_them():
    rows = Succession.objects.filter(
        predecessor__kind__in=PROVINCE_KINDS, effective_on=REFORM, kind=SuccessionKind.CONTINUED
    )
    assert list(rows.values_list("legal_basis", flat=True)) == [""] * 11


def test_names_have_one_spelling_of_the_tone():
    names = [f"{name} " for name in Jurisdiction.objects.values_list("name", flat=True)]
    assert [name for name in names if any(bad in name for bad in ("Hoà ", "hoà ", "Thuỷ", "Thuỵ", "Hoá "))] == []


@pytest.mark.parametrize(("code", "name"), [("725", "Thuận An"), ("46", "Huế"), ("09253", "Nhân Hòa")])
def test_names_with_marks_are_spelt_as_they_are_written(code, name):
    assert name in Jurisdiction.objects.filter(code=code).values_list("name", flat=True)


@pytest.mark.parametrize(
    ("level", "on", "expected"),
    [
        (PoliceLevel.MINISTRY, NOW, 1),
        (PoliceLevel.PROVINCE, datetime.date(2025, 1, 1), 63),
        (PoliceLevel.PROVINCE, NOW, 34),
        (PoliceLevel.DISTRICT, datetime.date(2025, 2, 28), 694),
        (PoliceLevel.DISTRICT, datetime.date(2025, 3, 1), 0),
        (PoliceLevel.COMMUNE, REFORM, 3319),
        (PoliceLevel.COMMUNE, NOW, 3319),
    ],
)
def test_police_offices_of_a_level_on_a_date(level, on, expected):
    assert PoliceOffice.objects.as_of(on).filter(level=level).count() == expected


def test_a_commune_office_stands_below_its_province_and_the_ministry():
    office = PoliceOffice.objects.get(jurisdiction=area("00004", NOW))
    assert office.parent.jurisdiction == office.jurisdiction.parent
    assert office.parent.parent.level == PoliceLevel.MINISTRY


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("24", NOW, "Công an tỉnh Bắc Ninh"),
        ("01", NOW, "Công an Thành phố Hà Nội"),
        ("75", BEFORE_CITY, "Công an tỉnh Đồng Nai"),
        ("75", CITY, "Công an Thành phố Đồng Nai"),
        ("00004", NOW, "Công an phường Ba Đình"),
        ("724", BEFORE, "Công an thành phố Dĩ An"),
    ],
)
def test_an_office_is_named_after_its_area(code, on, name):
    assert list(area(code, on).police_offices.values_list("name", flat=True)) in ([name], [])


def test_the_load_is_one_act_of_a_command():
    assert list(AuditEvent.objects.values_list("kind", "label")) == [(EventKind.COMMAND, "Nạp địa bàn cả nước")]
    rows = Jurisdiction.objects.count() + Succession.objects.count() + PoliceOffice.objects.count()
    assert Change.objects.count() == rows


def test_the_history_of_an_area_is_found_by_its_path():
    ward = area("00004", NOW)
    assert Change.objects.get(model="jurisdictions.jurisdiction", object_id=ward.pk).path == ward.path


def loaded(*options):
    out = io.StringIO()
    call_command("load_territory", *options, stdout=out)
    return out.getvalue()


def test_a_second_load_changes_nothing_and_says_so():
    assert loaded() == "Địa bàn đã đủ, không có gì thay đổi.\n"


def test_a_correction_by_hand_is_kept_and_named():
    ward = area("00004", NOW)
    ward.name = "Ba Đình Mới"
    ward.save()
    assert "00004 Phường Ba Đình Mới (bộ dữ liệu: Phường Ba Đình)" in loaded()
    assert area("00004", NOW).name == "Ba Đình Mới"


def test_a_correction_by_hand_is_taken_back_when_asked():
    ward = area("00004", NOW)
    ward.name = "Ba Đình Mới"
    ward.save()
    assert loaded("--force") == "Đã sửa 1 địa bàn.\n"
    assert area("00004", NOW).name == "Ba Đình"


def test_what_is_missing_is_added_again():
    Succession.objects.filter(effective_on=CITY, kind=SuccessionKind.RENAMED).delete()
    assert loaded() == "Đã thêm 11 kế thừa.\n"


def test_an_area_moved_to_another_first_day_is_not_made_twice():
    ward = area("00004", NOW)
    ward.valid_from = datetime.date(2025, 8, 1)
    ward.save()
    loaded()
    assert Jurisdiction.objects.filter(code="00004", valid_to=None).count() == 1


def test_the_index_of_places_takes_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        places = PlaceIndex.load(on=NOW)
        match = places.resolve("Phường Bến Nghé", province="TP Hồ Chí Minh", district="Quận 1")
    assert match.area.long_name == "Phường Sài Gòn, Thành phố Hồ Chí Minh"


def test_the_picker_tells_the_communes_of_one_name_apart():
    found = search_areas(Jurisdiction.objects.as_of(NOW), "xã tân tiến")
    assert [one.long_name for one in found if one.full_name == "Xã Tân Tiến"] == [
        f"Xã Tân Tiến, {province}"
        for province in (
            "Tỉnh Tuyên Quang",
            "Tỉnh Lạng Sơn",
            "Tỉnh Hưng Yên",
            "Tỉnh Thanh Hóa",
            "Tỉnh Đắk Lắk",
            "Tỉnh Cà Mau",
            "Thành phố Đồng Nai",
        )
    ]


@pytest.mark.parametrize("text", ["a", "tân", "phuong 1", "tan tien lang son", ""])
def test_the_picker_takes_two_queries_over_the_whole_country(text, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert search_areas(Jurisdiction.objects.all(), text)
