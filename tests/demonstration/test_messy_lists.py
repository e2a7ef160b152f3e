"""The messy lists of the demonstration: what they are messy with, and that only a demonstration portal offers them."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from movement_portal.demonstration import messy_lists
from movement_portal.spreadsheets import samples
from movement_portal.spreadsheets.reading import read_workbook
from movement_portal.spreadsheets.sheets import header_test, sheet_for
from tests.factories import JurisdictionFactory, PoliceOfficeFactory

PLACES = ["Phường Bình Mẫu", "Xã Tân Mẫu"]


@pytest.fixture
def read(tmp_path):
    def reader(content):
        (tmp_path / "a.xlsx").write_bytes(content)
        return read_workbook(tmp_path / "a.xlsx", "a.xlsx", known_header=header_test(sheet_for("units")))

    return reader


def test_schools_are_typed_in_an_old_face_below_two_rows_of_headers(read):
    (sheet,) = read(messy_lists.schools(PLACES)).sheets
    assert sheet.header_height == 2
    assert "Hiệu trưởng > Họ và tên" in sheet.headers
    assert {row.cells[1].split(" ")[0] for row in sheet.rows if row.cells[1]} == {"Trường"}
    assert sheet.repairs[0].how == "tcvn3"
    assert sheet.repairs[0].count > 10
    reasons = {line.reason for line in sheet.skipped}
    assert {"dòng tổng cộng", "dòng đánh số cột", "phần ghi chú và ký tên ở cuối bảng"} <= reasons


def test_enterprises_stand_on_a_sheet_a_commune(read):
    old = [messy_lists.OldPlace("Phường 5", "Quận Mẫu")]
    known = [messy_lists.Known("Công ty TNHH May mặc An Cát 5", "Số 1")]
    workbook = read(messy_lists.enterprises([(place, old, known) for place in PLACES]))
    assert [sheet.name for sheet in workbook.sheets] == PLACES
    codes = {type(row.cells[1]) for row in workbook.sheets[0].rows if row.cells[1]}
    assert codes == {int, str}
    assert "An Cát" in list(workbook.sheets[0].rows)[-1].cells[2] or "CÁT" in list(workbook.sheets[0].rows)[-1].cells[2]


def test_agencies_repeat_few_faults(read):
    (sheet,) = read(messy_lists.agencies(PLACES)).sheets
    assert len(sheet.rows) == 60
    assert sum("mẫu" in row.cells[3].lower() and row.cells[3] not in PLACES for row in sheet.rows) == 20


def test_misspelt_names_are_not_the_names():
    name = "Công ty TNHH May mặc An Cát 5"
    assert all(messy_lists.misspelt(name, number) != name for number in range(4))


@pytest.mark.slow
@pytest.mark.django_db
def test_a_demonstration_portal_offers_three(client):
    country = JurisdictionFactory(country=True)
    province = JurisdictionFactory(province=True, code="79", name="Hồ Chí Minh", parent=country)
    for area in (country, province, *JurisdictionFactory.create_batch(3, parent=province)):
        PoliceOfficeFactory(jurisdiction=area)
    call_command("load_demo")
    offered = samples.offered()
    assert len(offered) == 3
    assert all(samples.path_of(each.file_name).stat().st_size > 5_000 for each in offered)
    assert reverse("spreadsheets:sample_list")
