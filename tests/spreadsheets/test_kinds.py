"""A list sent as one kind that is another: the right kind is offered, and taken in one click."""

import pytest
from django.urls import reverse

from movement_portal.spreadsheets import correcting, workflow
from movement_portal.spreadsheets.kinds import likelier_sheet
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import UnitFactory

GUARDS = ["Họ và tên", "Ngày, tháng, năm sinh", "Giới tính", "Nơi làm việc", "Nhiệm vụ", "Trình độ học vấn"]
UNITS = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường", "Người đứng đầu"]
GUARD = ["Nguyễn Văn Mẫu", "01/02/1980", "Nam", "Trường THCS Mẫu", "Tổ trưởng", "12/12"]


@pytest.fixture
def guards(place):
    """A list of guards that was sent as one of units."""
    return place.read(GUARDS, GUARD)


def offered(batch, officer):
    found = likelier_sheet(batch.layout, sheet_for(batch.sheet), officer)
    return found[0].sheet.name if found else ""


def test_a_list_of_guards_sent_as_units_is_offered_as_guards(place, guards):
    assert offered(guards, place.officer) == "guards"


def test_a_list_of_units_is_offered_as_nothing_else(place):
    assert offered(place.read(UNITS, ["Sở Mẫu", "Cơ quan", "", "An Phú", "Trần Văn Mẫu"]), place.officer) == ""


def test_a_list_of_guards_sent_as_such_is_offered_as_nothing_else(place):
    assert offered(place.read(GUARDS, GUARD, sheet="guards"), place.officer) == ""


STUDENTS = ["TT", "Họ và tên", "Năm sinh", "Cơ quan, đơn vị", "Kết quả"]
STUDENT = ["1", "Nguyễn Văn Mẫu", "1980", "Trường THCS Mẫu", "Đạt"]


def test_a_title_that_names_a_kind_says_more_than_a_column_that_is_missing(place):
    batch = place.read(["DANH SÁCH HỌC VIÊN LỚP HUẤN LUYỆN ĐỢT 2 NĂM 2026"], STUDENTS, STUDENT)
    assert offered(batch, place.officer) == "training-attendances"


def test_a_list_whose_title_names_its_own_kind_is_offered_as_nothing_else(place):
    title = ["DANH SÁCH NGƯỜI BẢO VỆ, HỌC VIÊN LỚP HUẤN LUYỆN"]
    assert offered(place.read(title, GUARDS, GUARD, sheet="guards"), place.officer) == ""


def test_a_list_that_no_kind_knows_is_offered_as_nothing(place):
    assert offered(place.read(["Cột này", "Cột kia"], ["1", "2"]), place.officer) == ""


def test_a_kind_that_the_officer_may_not_bring_in_is_not_offered(place, guards, monkeypatch):
    monkeypatch.setattr("movement_portal.spreadsheets.kinds.importable_sheets", lambda _: [sheet_for("units")])
    assert offered(guards, place.officer) == ""


@pytest.mark.slow
def test_the_page_offers_the_kind_and_one_click_takes_it(client, place, guards):
    UnitFactory(name="Trường THCS Mẫu", jurisdiction=place.ward, kind="school")
    client.force_login(place.officer)
    page = client.get(reverse("spreadsheets:import_columns", args=[guards.pk])).content.decode()
    assert "Đọc lại là “Người bảo vệ”" in page
    answer = client.post(reverse("spreadsheets:import_kind", args=[guards.pk]), {"sheet": "guards"})
    guards.refresh_from_db()
    assert (answer.status_code, guards.sheet, guards.state) == (302, "guards", "read")
    assert workflow.commit(place.check(guards).pk, by=place.officer).counts["new"] == 1


@pytest.mark.slow
def test_what_was_put_right_is_forgotten_with_the_kind(place):
    batch = place.checked(UNITS, ["Sở Mẫu", "Cơ quan", "", "An Phú", "Trần Văn Mẫu"])
    correcting.edit(batch.pk, batch.rows.get().pk, by=place.officer, column="Tên đơn vị", text="Sở Khác")
    batch = workflow.read_as(batch.pk, sheet_for("guards"), by=place.officer)
    assert (batch.sheet, batch.state, batch.edits.count()) == ("guards", "read", 0)


def test_an_unknown_kind_is_not_found(client, place, guards):
    client.force_login(place.officer)
    assert client.post(reverse("spreadsheets:import_kind", args=[guards.pk]), {"sheet": "none"}).status_code == 404


@pytest.mark.slow
def test_a_written_list_stays_of_its_kind(place):
    batch = place.committed(UNITS, ["Sở Mẫu", "Cơ quan", "", "An Phú", "Trần Văn Mẫu"])
    with pytest.raises(workflow.ImportRefused):
        workflow.read_as(batch.pk, sheet_for("guards"), by=place.officer)
