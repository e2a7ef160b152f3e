"""The command does what the page does: answers to faults, what becomes of known records, what waits."""

import openpyxl
import pytest
from django.core.management.base import CommandError

from movement_portal.spreadsheets.models import ColumnMemory
from tests.factories import UnitFactory
from tests.spreadsheets.lists import as_csv, run_import, tax_code
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]


def row(number, kind="Doanh nghiệp", commune="Phường An Phú", name="Công ty Mẫu"):
    return [f"{name} {number}", kind, tax_code(number), commune]


@pytest.fixture
def run(place, tmp_path):
    """Runs the command over rows, as the officer of the place."""

    def run(*rows, header=HEADER, **options):
        path = tmp_path / "danh-sach.csv"
        path.write_bytes(as_csv(header, *rows))
        return run_import(path, officer=place.officer.username, **options)

    return run


@pytest.mark.slow
@pytest.mark.parametrize("commit", [False, True])
def test_a_value_is_put_right_in_all_its_rows(run, place, commit):
    fix = [f"Xã, phường:Thị xã A={place.ward.code}", "khối:Gì đó=Doanh nghiệp"]
    answer = run(row(1, commune="Thị xã A"), row(2, commune="Thị xã A"), row(3, kind="Gì đó"), fix=fix, commit=commit)
    assert (answer["counts"]["new"], answer["counts"]["refused"]) == (3, 0)
    assert Unit.objects.count() == (3 if commit else 0)


@pytest.mark.slow
@pytest.mark.parametrize("commit", [False, True])
def test_every_row_of_a_cause_can_be_left_out(run, commit):
    answer = run(row(1, commune="Thị xã A"), row(2), fix=["Không rõ xã, phường=-"], commit=commit)
    assert (answer["counts"]["new"], answer["left_out"]) == (1, 1)


def test_an_answer_to_no_fault_is_an_error(run):
    with pytest.raises(CommandError, match="Không có lỗi nào như"):
        run(row(1), fix=["Xã, phường:Thị xã A=1"])


def test_an_answer_that_the_field_cannot_read_is_an_error(run):
    with pytest.raises(CommandError, match="không có trong danh mục"):
        run(row(1, kind="Gì đó"), fix=["Khối:Gì đó=Gì khác"])


@pytest.mark.parametrize(("mode", "changed"), [("update", 1), ("fill", 0), ("skip", 0)])
def test_known_records_are_updated_filled_or_kept(run, place, mode, changed):
    UnitFactory(name="Tên cũ", tax_code=tax_code(1), jurisdiction=place.ward, kind="enterprise")
    assert run(row(1), mode=mode)["counts"]["changed"] == changed


@pytest.mark.slow
def test_rows_that_wait_are_counted_by_likeness(run, place):
    UnitFactory(name="Trường THCS Trần Phú", jurisdiction=place.ward)
    answer = run(["Trường THCS Trần Phụ", "Cơ sở giáo dục", "", "An Phú"], commit=True)
    assert answer["likeness"]["waiting"] == 1
    assert sum(answer["likeness"]["scores"].values()) == 1
    assert Unit.objects.count() == 1


def test_worksheets_that_are_not_read_are_told(place, tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["Tên đơn vị", "Xã, phường"], ["Trường Mẫu", "Phường An Phú"]):
        workbook.active.append(row)
    summary = workbook.create_sheet("Tổng hợp")
    for row in (["Xã, phường", "Số đơn vị"], ["Phường An Phú", 1]):
        summary.append(row)
    hidden = workbook.create_sheet("Ẩn")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    workbook.save(tmp_path / "a.xlsx")
    answer = run_import(tmp_path / "a.xlsx", officer=place.officer.username)
    assert [left["sheet"] for left in answer["left_out_sheets"]] == ["Tổng hợp", "Ẩn"]
    assert all(left["reason"] for left in answer["left_out_sheets"])


def test_what_the_office_has_said_of_columns_holds_for_the_command(run, place):
    ColumnMemory.objects.create(sheet="units", office=place.officer.office, header="phan vung", key="address")
    answer = run(["Nhà Mẫu", "DN", "Số 1", "An Phú"], header=["Tên đơn vị", "Khối", "Phân vùng", "Xã, phường"])
    assert answer["mapping"]["Phân vùng"] == "address"


def test_a_worksheet_that_is_not_there_is_named_with_those_that_are(run):
    with pytest.raises(CommandError, match=r"không có trang tính “Khối xã”.*“danh-sach”"):
        run(row(1), worksheet=["danh-sach", "Khối xã"])


def test_a_folder_is_no_file(place, tmp_path):
    with pytest.raises(CommandError, match="là một thư mục"):
        run_import(tmp_path, officer=place.officer.username)
