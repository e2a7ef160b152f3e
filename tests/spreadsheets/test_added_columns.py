"""What stands outside the columns of a list and tells the area of a row: group rows, names of worksheets, addresses."""

import datetime

import openpyxl
import pytest

from movement_portal.jurisdictions.enums import JurisdictionKind, SuccessionKind
from movement_portal.jurisdictions.models import Succession
from movement_portal.spreadsheets.areas import spots_of
from movement_portal.spreadsheets.checking import check
from movement_portal.spreadsheets.reading import read_workbook
from movement_portal.spreadsheets.sheet_plans import Plan, plan_sheet
from movement_portal.spreadsheets.sheets import header_test, sheet_for
from movement_portal.spreadsheets.workflow.reading import proposed_mapping
from tests.factories import REFORM, JurisdictionFactory, UnitFactory
from tests.spreadsheets.workbooks import saved

TODAY = datetime.date(2026, 11, 22)
HEADER = ["TT", "Tên đơn vị", "Mã số thuế", "Địa chỉ"]


@pytest.fixture
def checked(place, tmp_path):
    """Check the worksheets given as lists of rows by name; plans and drafts come back."""

    def run(default=None, **sheets):
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for name, rows in sheets.items():
            page = workbook.create_sheet(name.replace("_", " "))
            for row in rows:
                page.append(row)
        path = saved(workbook, tmp_path / "a.xlsx")
        sheet = sheet_for("units")
        tables = read_workbook(path, "a.xlsx", known_header=header_test(sheet)).sheets
        plans = tuple(plan_sheet(sheet, table) for table in tables)
        return plans, check(sheet, Plan(plans), officer=place.officer, default_area=default, today=TODAY).drafts

    return run


def company(number, address=None):
    return [number, f"Công ty Ước Mơ {number}", None, address]


def told(draft):
    return " ".join(notice.text for notice in draft.notices)


def test_group_rows_of_places_tell_the_area(checked, place):
    rows = [HEADER, ["I. Phường An Phú"], ["1. Khối sản xuất"], company(1), ["II. Xã Bình Lộc"], company(2)]
    (plan,), drafts = checked(Bảng=rows)
    assert plan.headers[-2:] == ("Nhóm dòng", "Nhóm dòng cấp 2")
    assert [(match.header, match.key) for match in plan.matches][-2:] == [
        ("Nhóm dòng", "jurisdiction"),
        ("Nhóm dòng cấp 2", ""),
    ]
    assert [draft.values["jurisdiction"] for draft in drafts] == [place.ward.pk, place.commune.pk]
    assert drafts[0].cells["Nhóm dòng cấp 2"] == "Khối sản xuất"


def test_a_mark_in_a_cell_of_its_own_is_no_part_of_the_place(checked, place):
    rows = [HEADER, ["I", "Phường An Phú"], company(1), ["II", "Xã Bình Lộc"], company(2), ["III", "Thị xã Cũ"]]
    _, drafts = checked(Bảng=[*rows, company(3)])
    assert [draft.values.get("jurisdiction") for draft in drafts] == [place.ward.pk, place.commune.pk, None]
    assert "Thị xã Cũ" in drafts[2].problems[0].value


def test_group_rows_tell_the_area_of_rows_whose_own_column_is_empty(checked, place):
    rows = [[*HEADER, "Xã, phường"], ["I. Phường An Phú"], [*company(1), None], [*company(2), "Xã Bình Lộc"]]
    _, drafts = checked(Bảng=rows)
    assert [draft.values["jurisdiction"] for draft in drafts] == [place.ward.pk, place.commune.pk]
    assert "theo dòng nhóm “Phường An Phú”" in told(drafts[0])


@pytest.mark.parametrize("group", ["Phường An Phú (tiếp theo)", "Phường An Phú (2 đơn vị)", "P. An Phú: 02 đơn vị"])
def test_what_stands_behind_the_place_of_a_group_is_no_part_of_it(checked, place, group):
    _, (draft,) = checked(Bảng=[HEADER, ["I", group], company(1)])
    assert draft.values["jurisdiction"] == place.ward.pk


def test_districts_around_group_rows_of_communes_say_which_commune_of_the_name_is_meant(checked, place):
    ended = {"valid_from": None, "valid_to": REFORM.replace(month=6, day=30)}
    for number, today in ((3, place.ward), (4, place.commune)):
        kind = JurisdictionKind.URBAN_DISTRICT
        district = JurisdictionFactory(name=str(number), kind=kind, parent=place.province, **ended)
        old = JurisdictionFactory(name="9", kind=JurisdictionKind.WARD, parent=district, **ended)
        Succession.objects.create(
            predecessor=old, successor=today, kind=SuccessionKind.MERGED_WHOLE, effective_on=REFORM
        )
    rows = [HEADER, ["I", "QUẬN 3"], ["1", "Phường 9"], company(1), ["II", "QUẬN 4"], ["1", "Phường 9"], company(2)]
    (plan,), drafts = checked(Bảng=rows)
    assert [match.key for match in plan.matches][-2:] == ["area_district", "jurisdiction"]
    assert [draft.values["jurisdiction"] for draft in drafts] == [place.ward.pk, place.commune.pk]


def test_a_column_of_places_wins_over_group_rows(checked, place):
    rows = [[*HEADER, "Xã, phường"], ["I. Phường An Phú"], [*company(1), "Xã Bình Lộc"]]
    _, (draft,) = checked(Bảng=rows)
    assert draft.values["jurisdiction"] == place.commune.pk


def test_a_worksheet_named_after_a_place_tells_the_area_and_shows_it_as_a_column(checked, place):
    plans, drafts = checked(Phường_An_Phú=[HEADER, company(1)], Xã_Bình_Lộc=[HEADER, company(2)])
    assert [plan.matches[-1].header for plan in plans] == ["Tên trang tính"] * 2
    assert [plan.matches[-1].key for plan in plans] == ["jurisdiction"] * 2
    assert [draft.values["jurisdiction"] for draft in drafts] == [place.ward.pk, place.commune.pk]


def test_a_worksheet_named_without_the_kind_tells_the_area_of_rows_that_do_not(checked, place):
    _, drafts = checked(An_Phú=[HEADER, company(1), company(2, "Ấp 1, xã Bình Lộc")])
    assert [draft.values["jurisdiction"] for draft in drafts] == [place.ward.pk, place.commune.pk]
    assert "tên trang tính “An Phú”" in told(drafts[0])
    assert "trang tính" not in told(drafts[1])


@pytest.mark.parametrize("name", ["1. An Phú", "CAP An Phú", "P An Phú", "Công an phường An Phú", "P. An Phú"])
def test_a_worksheet_named_as_the_police_do_tells_the_area(checked, place, name):
    _, (draft,) = checked(**{name: [HEADER, company(1)]})
    assert draft.values["jurisdiction"] == place.ward.pk


@pytest.mark.parametrize(
    "title",
    ["CÔNG AN PHƯỜNG AN PHÚ", "DANH SÁCH TRÊN ĐỊA BÀN PHƯỜNG AN PHÚ NĂM 2026", "Địa bàn: phường An Phú"],
)
def test_a_title_that_names_one_commune_tells_the_area(checked, place, title):
    _, (draft,) = checked(Bảng=[["CÔNG AN TỈNH MẪU SƠN"], [title], [], HEADER, company(1)])
    assert draft.values["jurisdiction"] == place.ward.pk
    assert "theo dòng tiêu đề" in told(draft)


def test_a_summary_beside_the_lists_is_not_taken_for_one(checked):
    summary = [["TT", "Xã, phường", "Số đơn vị"], [1, "Phường An Phú", 2], [2, "Xã Bình Lộc", 1]]
    plans, _ = checked(An_Phú=[HEADER, company(1)], Tổng_hợp=summary)
    assert list(proposed_mapping(sheet_for("units"), plans)) == ["An Phú"]


def test_a_title_that_names_two_communes_or_none_tells_nothing(checked):
    for title in ("PHƯỜNG AN PHÚ VÀ XÃ BÌNH LỘC", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BẢO HIỂM XÃ HỘI"):
        _, (draft,) = checked(Bảng=[[title], [], HEADER, company(1)])
        assert draft.area_guessed


def test_a_place_all_of_whose_meanings_lie_in_another_province_is_refused(checked, place):
    """A chosen area takes rows of unknown places, not those of others."""
    rows = [[*HEADER[:3], "Xã, phường"], [1, "Công ty A", None, "Xã Không Có, tỉnh Mẫu Hải"]]
    _, (far, unknown) = checked(place.ward, Bảng=[*rows, [2, "Công ty B", None, "Xã Không Có"]])
    assert [problem.cause for problem in far.problems] == ["Ngoài địa bàn phụ trách"]
    assert (unknown.problems, unknown.values["jurisdiction"]) == ([], place.ward.pk)


def test_two_communes_in_one_cell_are_candidates(checked, place):
    for text in ("Phường An Phú; Xã Bình Lộc", "P. An Phú và xã Bình Lộc", "phường An Phú, xã Bình Lộc"):
        _, (draft,) = checked(place.province, Bảng=[[*HEADER[:3], "Xã, phường"], [1, "Công ty A", None, text]])
        assert set(draft.area_candidates) == {place.ward.pk, place.commune.pk}


def test_a_worksheet_that_is_no_place_leaves_it_to_the_address(checked, place):
    _, drafts = checked(Xã_hội_hóa=[HEADER, company(1, "Ấp 1, xã Bình Lộc")])
    assert drafts[0].values["jurisdiction"] == place.commune.pk


# -- places that were split --------------------------------------------------------------------------------------------


@pytest.fixture
def split(place):
    """A commune of before the reform that went into both communes of today."""
    old = JurisdictionFactory(
        name="Cát Mẫu",
        kind=JurisdictionKind.COMMUNE,
        parent=place.province,
        valid_from=None,
        valid_to=REFORM.replace(month=6, day=30),
    )
    for today in (place.ward, place.commune):
        Succession.objects.create(predecessor=old, successor=today, kind=SuccessionKind.PART_OF, effective_on=REFORM)
    return old


LIST = [*HEADER[:3], "Xã, phường", "Địa chỉ"]


def test_candidates_of_a_split_place_are_told(checked, split, place):
    _, (draft,) = checked(place.province, Bảng=[LIST, [1, "Công ty A", None, "Xã Cát Mẫu", None]])
    assert draft.area_guessed
    assert set(draft.area_candidates) == {place.ward.pk, place.commune.pk}
    assert "An Phú" in told(draft)
    assert "Bình Lộc" in told(draft)
    assert draft.values["area_needs_review"]


def test_the_address_settles_a_split_place(checked, split, place):
    _, (draft,) = checked(place.province, Bảng=[LIST, [1, "Công ty A", None, "Xã Cát Mẫu", "Ấp 2, xã Bình Lộc"]])
    assert (draft.area_guessed, draft.values["jurisdiction"]) == (False, place.commune.pk)
    assert "theo địa chỉ" in told(draft)


def test_units_of_the_same_hamlet_speak_for_a_candidate(checked, split, place):
    UnitFactory.create_batch(2, jurisdiction=place.commune, address="Số 9, ấp Bến Mẫu, xã Bình Lộc")
    UnitFactory(jurisdiction=place.ward, address="Số 1, khu phố 3")
    _, (draft,) = checked(place.province, Bảng=[LIST, [1, "Công ty A", None, "Xã Cát Mẫu", "Số 2 Ấp Bến Mẫu"]])
    assert "2 trong 2 nơi cùng “Ấp Bến Mẫu”" in told(draft)
    assert draft.area_guessed


@pytest.mark.parametrize(
    ("address", "spots"),
    [
        ("Số 1, Ấp 3, xã A", ["ap 3"]),
        ("12 đường Lê Lợi, KP. 5, Phường B", ["duong le loi", "kp 5"]),
        ("Phường B", []),
        ("", []),
    ],
)
def test_spots_of_an_address(address, spots):
    assert list(spots_of(address)) == spots


def test_a_worksheet_without_a_known_column_is_not_proposed(checked):
    plans, _ = checked(Bảng=[HEADER, company(1)], Liên_hệ=[["Liên hệ đồng chí phụ trách"]])
    assert list(proposed_mapping(sheet_for("units"), plans)) == ["Bảng"]
