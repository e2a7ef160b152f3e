"""Places as people write them, asked of the whole country in memory."""

import copy
import datetime
import unicodedata

import pytest

from movement_portal.jurisdictions.place_answers import How
from movement_portal.jurisdictions.places import PlaceIndex

pytestmark = pytest.mark.slow

NOW = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def index_within(country_in_memory):
    """An index that answers within the area of a code of today, or within the whole country."""
    areas, successions = country_in_memory
    made = {}

    def make(code=None):
        if code not in made:
            within = areas.on(code, NOW) if code else None
            records = [copy.copy(area) for area in areas.records.values()]
            made[code] = PlaceIndex(records, successions, on=NOW, within=within)
        return made[code]

    return make


@pytest.fixture(scope="module")
def places(index_within):
    return index_within()


def shown(match):
    """The area meant, else the candidates, as an officer reads them."""
    return match.area.long_name if match.area else [area.long_name for area in match.candidates]


@pytest.mark.parametrize(
    ("text", "province", "district", "expected"),
    [
        ("26740", "", "", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("00004", "", "", "Phường Ba Đình, Thành phố Hà Nội"),
        ("4", "Hà Nội", "", "Phường Ba Đình, Thành phố Hà Nội"),
        ("H. Côn Đảo", "", "", "Đặc khu Côn Đảo, Thành phố Hồ Chí Minh"),
        ("Xã Tân Thông Hội nay là xã Củ Chi", "", "", "Xã Củ Chi, Thành phố Hồ Chí Minh"),
        ("26740.0", "", "", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("01", "", "", "Thành phố Hà Nội"),
        ("Phường Sài Gòn", "", "", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("phuong sai gon", "", "", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("P. Sài Gòn", "TP.HCM", "", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("P.Sài Gòn", "TPHCM", "", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("Sài Gòn", "Tp Hồ Chí Minh", "", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("Phường Sài Gòn, Thành phố Hồ Chí Minh", "", "", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("PHƯỜNG YÊN HOÀ", "TP Hà Nội", "", "Phường Yên Hòa, Thành phố Hà Nội"),
        ("Phường Yên Hòa", "Hà Nội", "", "Phường Yên Hòa, Thành phố Hà Nội"),
        ("P. 16", "TP Hồ Chí Minh", "Q. Gò Vấp", "Phường An Hội Đông, Thành phố Hồ Chí Minh"),
        ("P16", "TP Hồ Chí Minh", "Gò Vấp", "Phường An Hội Đông, Thành phố Hồ Chí Minh"),
        ("Phường 08", "", "Q.4", "Phường Khánh Hội, Thành phố Hồ Chí Minh"),
        ("TT. Tân Túc", "", "H. Bình Chánh", "Xã Tân Nhựt, Thành phố Hồ Chí Minh"),
        ("X. Bù Nho", "Tỉnh Bình Phước", "Huyện Phú Riềng", "Xã Phú Riềng, Thành phố Đồng Nai"),
        ("Phường Phú Hữu", "TP.HCM", "Quận 9", "Phường Long Trường, Thành phố Hồ Chí Minh"),
        ("Xã Qui Đức", "", "Huyện Bình Chánh", "Xã Hưng Long, Thành phố Hồ Chí Minh"),
        ("Xã Quy Đức", "", "Huyện Bình Chánh", "Xã Hưng Long, Thành phố Hồ Chí Minh"),
        ("Xã Đắk Song", "Lâm Đồng", "", "Xã Đắk Song, Tỉnh Lâm Đồng"),
        ("Thành phố Đồng Nai", "", "", "Thành phố Đồng Nai"),
        ("Tỉnh Đồng Nai", "", "", "Thành phố Đồng Nai"),
        ("Tỉnh Bình Phước", "", "", "Thành phố Đồng Nai"),
        ("Đặc khu Phú Quốc", "An Giang", "", "Đặc khu Phú Quốc, Tỉnh An Giang"),
    ],
)
def test_a_cell_is_understood(places, text, province, district, expected):
    assert shown(places.resolve(text, province=province, district=district)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "Phường Không Có",
        "99999",
        "Cộng",
        # Accents that say another name: Tân Hòa is not Tân Hóa.
        "Phường Sài Gón",
    ],
)
def test_what_fits_nothing_is_unknown_and_has_no_candidates(places, text):
    match = places.resolve(text)
    assert (match.area, match.candidates, match.how) == (None, (), How.UNKNOWN)


def test_both_unicode_forms_are_read(places):
    written = unicodedata.normalize("NFD", "Phường Yên Hòa, Thành phố Hà Nội")
    assert shown(places.resolve(written)) == "Phường Yên Hòa, Thành phố Hà Nội"


def test_a_name_of_several_communes_answers_with_all_of_them(places):
    match = places.resolve("Xã Tân Tiến")
    assert match.area is None
    assert match.how == How.AMBIGUOUS
    assert {"Xã Tân Tiến, Thành phố Đồng Nai", "Xã Tân Tiến, Tỉnh Lạng Sơn"} <= set(shown(match))


def test_the_province_tells_communes_of_one_name_apart(places):
    assert shown(places.resolve("Xã Tân Tiến", province="Lạng Sơn")) == "Xã Tân Tiến, Tỉnh Lạng Sơn"


def test_a_commune_that_was_split_answers_with_its_parts(places):
    match = places.resolve("Phường Sơn Kỳ", province="TP Hồ Chí Minh", district="Quận Tân Phú")
    assert match.how == How.SPLIT
    assert len(match.candidates) == 3


def test_a_commune_of_today_that_is_named_as_a_split_old_one_is_ambiguous_below_a_district(places):
    match = places.resolve("Phường Ngọc Hà", province="Hà Nội", district="Quận Ba Đình")
    assert match.how == How.AMBIGUOUS
    assert shown(match) == ["Phường Ba Đình, Thành phố Hà Nội", "Phường Ngọc Hà, Thành phố Hà Nội"]


def test_without_a_district_the_commune_of_today_is_meant(places):
    assert shown(places.resolve("Phường Ngọc Hà", province="Hà Nội")) == "Phường Ngọc Hà, Thành phố Hà Nội"


def test_an_unknown_district_leaves_the_commune_unknown(places):
    assert places.resolve("Phường Bến Nghé", province="TP Hồ Chí Minh", district="Quận Không").how == How.UNKNOWN


def test_a_district_of_another_province_leaves_the_commune_unknown(places):
    assert places.resolve("Phường 16", province="Hà Nội", district="Quận Gò Vấp").how == How.UNKNOWN


def test_a_short_code_may_be_a_province_or_a_commune_that_lost_its_zeros(places):
    match = places.resolve("4")
    assert match.how == How.AMBIGUOUS
    assert shown(match) == ["Tỉnh Cao Bằng", "Phường Ba Đình, Thành phố Hà Nội"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "Số 1 Ngách 8, Phường Thượng Cát, Thành phố Hà Nội, Việt Nam",
            "Phường Thượng Cát, Thành phố Hà Nội",
        ),
        (
            "151/11, Tổ 3, Phường Hưng Long, Thị xã Chơn Thành, Tỉnh Bình Phước",
            "Phường Chơn Thành, Thành phố Đồng Nai",
        ),
        ("Ấp Lý Hòa Hiệp xã Lý Nhơn Huyện Cần Giờ Tp Hồ Chí Minh.", "Xã An Thới Đông, Thành phố Hồ Chí Minh"),
        ("Tổ 6, Tt Thanh Bình, Huyện Bù Đốp, Tỉnh Bình Phước", "Xã Thiện Hưng, Thành phố Đồng Nai"),
        ("95 Phan Văn Hớn-Phường Tân Thới Nhất-Quận 12 - Thành Phố Hồ Chí Minh", "Phường Đông Hưng Thuận"),
        ("69/11 Phạm Văn Chiêu P14 Gò Vấp TPHCM", "Phường An Hội Tây, Thành phố Hồ Chí Minh"),
        ("100 Cao Bá Quát, Phường Lang Biang - Đà Lạt, Tỉnh Lâm Đồng", "Phường Lang Biang - Đà Lạt"),
        ("243 Hoàng Diệu, Phuờng 8, Quận 4, TP. HCM", "Phường Khánh Hội, Thành phố Hồ Chí Minh"),
        ("Khu phố 6\nPhường Sài Gòn\nThành phố Hồ Chí Minh", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
    ],
)
def test_an_address_is_understood_from_its_end(places, address, expected):
    match = places.find_in_address(address)
    assert match.area is not None
    assert match.area.long_name.startswith(expected)


@pytest.mark.parametrize(
    "address",
    [
        "157 Lý Chính Thắng",
        "12 Xa lộ Hà Nội",
        "Số 10 Nguyễn Trãi, Hà Đông, Hà Nội",
        "Ấp 7",
        "Thành phố Hà Nội",
        "",
        "Phường Bồ Đe, Quận Long Biên, Hà Nội",
    ],
)
def test_a_street_is_no_commune(places, address):
    assert places.find_in_address(address).area is None


def test_a_name_without_more_is_sought_within_the_area_asked_for(index_within):
    assert shown(index_within("20").resolve("Tân Tiến")) == "Xã Tân Tiến, Tỉnh Lạng Sơn"


def test_a_place_in_another_province_is_reported_as_outside(index_within):
    match = index_within("20").resolve("Xã Tân Tiến, Thành phố Đồng Nai")
    assert match.is_outside
    assert match.area is None
    assert shown(match) == ["Xã Tân Tiến, Thành phố Đồng Nai"]


def test_an_unknown_place_of_another_province_is_outside_too(index_within):
    match = index_within("20").find_in_address("Xóm 1, Xã Không Có, Thành phố Hà Nội")
    assert match.is_outside
    assert shown(match) == ["Thành phố Hà Nội"]


def test_a_code_of_another_province_is_outside(index_within):
    assert index_within("20").resolve("26740").is_outside


def test_an_old_place_of_a_province_that_joined_is_inside(index_within):
    match = index_within("75").resolve("Phường Hưng Long", province="Bình Phước", district="Chơn Thành")
    assert shown(match) == "Phường Chơn Thành, Thành phố Đồng Nai"


def test_every_commune_of_today_is_found_by_its_long_name_and_by_its_code(places):
    wrong = []
    for area in places.areas.values():
        if places.descent.today(area.pk)[0] == {area.pk} and area.kind != "country":
            by_name, by_code = places.resolve(area.long_name).area, places.resolve(area.code).area
            if by_name is not area or (len(area.code) == 5 and by_code is not area):
                wrong.append((area.long_name, by_name, by_code))
    assert wrong == []


def test_every_old_commune_under_its_old_names_leads_to_what_became_of_it_and_nowhere_else(places):
    wrong = []
    for area in places.areas.values():
        if area.valid_from is None and area.parent_id and area.parent.parent_id and area.parent.parent.parent_id:
            match = places.resolve(area.long_name)
            became, _ = places.descent.today(area.pk)
            if match.area is not None and {match.area.pk} != became:
                wrong.append((area.long_name, match.area.long_name))
            if match.area is None and not became <= {one.pk for one in match.candidates}:
                wrong.append((area.long_name, shown(match)))
    assert wrong == []


def test_an_index_is_seen_from_an_area_without_being_made_anew(index_within):
    whole = index_within()
    near = whole.seen_from(index_within("20").within)
    assert shown(near.resolve("Tân Tiến")) == "Xã Tân Tiến, Tỉnh Lạng Sơn"
    assert near.areas is whole.areas
    assert whole.within is None


# -- first letters in place of names -----------------------------------------------------------------------------------
DAK_LAK, PHU_THO, HO_CHI_MINH, DONG_THAP, KHANH_HOA = "66", "25", "79", "82", "56"


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (DAK_LAK, "P. Tân Lập, TP.BMT", "Phường Tân Lập, Tỉnh Đắk Lắk"),
        (DAK_LAK, "Tân Lập, BMT", "Phường Tân Lập, Tỉnh Đắk Lắk"),
        (DAK_LAK, "phuong tan lap, tp bmt", "Phường Tân Lập, Tỉnh Đắk Lắk"),
        (PHU_THO, "P. Âu Cơ, TX.PT", "Phường Âu Cơ, Tỉnh Phú Thọ"),
        (HO_CHI_MINH, "P. Phú Cường, TP.TDM", "Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"),
        (HO_CHI_MINH, "P. Phú Hòa, TP. TDM, T.BD", "Phường Phú Lợi, Thành phố Hồ Chí Minh"),
        (HO_CHI_MINH, "P.7, TP.VT", "Phường Tam Thắng, Thành phố Hồ Chí Minh"),
        (DONG_THAP, "P.4, TP.MT, TG", "Phường Đạo Thạnh, Tỉnh Đồng Tháp"),
    ],
)
def test_first_letters_of_a_city_are_read_within_the_province(index_within, code, text, expected):
    index = index_within(code)
    assert shown(index.resolve_shortened(text)) == expected
    assert shown(index.find_shortened_in_address(f"12 LL, {text}")) == expected


@pytest.mark.parametrize("text", ["TP.BMT", "BMT", "T.P BMT"])
def test_a_city_of_before_by_its_letters_is_asked_about(index_within, text):
    match = index_within(DAK_LAK).resolve_shortened(text)
    assert (match.area, match.how, match.is_shortened) == (None, How.SPLIT, True)
    assert "Phường Buôn Ma Thuột" in map(str, match.candidates)


def test_letters_on_both_sides_of_a_hyphen(index_within):
    match = index_within(KHANH_HOA).resolve_shortened("TP.PR-TC")
    assert "Phường Phan Rang" in map(str, match.candidates)


@pytest.mark.parametrize("text", ["TP.BMT", "P. Tân Lập, TP.BMT"])
def test_letters_of_another_province_say_nothing(index_within, text):
    assert index_within(HO_CHI_MINH).resolve_shortened(text).how == How.UNKNOWN


@pytest.mark.parametrize("text", ["TG", "BD", "KP", "TT", "X"])
def test_two_letters_alone_say_too_little(index_within, text):
    for code in (DONG_THAP, HO_CHI_MINH):
        assert index_within(code).resolve_shortened(text).how == How.UNKNOWN


def test_letters_are_not_read_unasked(index_within):
    assert index_within(DAK_LAK).resolve("P. Tân Lập, TP.BMT").how == How.UNKNOWN
