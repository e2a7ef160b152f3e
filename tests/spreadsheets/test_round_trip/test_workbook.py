"""The workbook that goes out, from the page and by command."""

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from movement_portal.audit.models import AuditEvent
from movement_portal.spreadsheets.models import IssuedWorkbook
from tests.factories import UnitFactory
from tests.spreadsheets.books import MARK, Book, drop_down, header_of
from tests.spreadsheets.lists import run_import

pytestmark = pytest.mark.django_db


def test_only_the_area_that_was_asked_for_goes_out(place, unit):
    UnitFactory(jurisdiction=place.commune, name="Sở Xa")
    UnitFactory(jurisdiction=place.ward, name="Đã giải thể", status="dissolved", status_on="2026-01-01")
    book = Book(place, area=place.ward)
    assert book.issued.record_ids == [unit.pk]
    assert drop_down(book.book, "Xã, phường", first=MARK) == ["Phường An Phú"]


def test_codes_and_marks_are_locked_other_cells_are_open(place, unit):
    book = Book(place)
    assert book.table.protection.sheet
    assert not book.table.protection.password
    assert book.table.column_dimensions["A"].hidden
    locked = {label: book.cell(unit, label).protection.locked for label in book.columns}
    assert {label for label, is_locked in locked.items() if is_locked} == {
        "Dấu dòng",
        "Mã đơn vị",
        "Tình trạng",
        "Tình trạng từ ngày",
    }
    assert not book.table.column_dimensions["C"].protection.locked


@pytest.mark.slow
def test_it_asks_as_often_for_many_as_for_few(place, unit, django_assert_max_num_queries):
    UnitFactory.create_batch(30, jurisdiction=place.ward, parent=unit)
    with django_assert_max_num_queries(25):
        Book(place)


@pytest.mark.slow
def test_marks_hold_nothing_that_another_program_would_rewrite(place):
    UnitFactory.create_batch(40, jurisdiction=place.ward)
    book = Book(place)
    marks = [book.table.cell(row, 1).value for row in range(book.header + 1, book.table.max_row + 1)]
    assert len(marks) == 40
    assert not any("_" in mark or mark[0] in "=+-@'" for mark in marks)


@pytest.mark.slow
def test_the_page_gives_it_out_and_lists_it(place, client, unit):
    client.force_login(place.officer)
    url = reverse("spreadsheets:sheet_workbook", args=["units"])
    response = client.post(url, {"area": ""})
    assert response["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.get(kind="export").label.startswith("Xuất đơn vị để sửa ngoài cổng")
    assert "Tỉnh Mẫu Sơn" in client.get(url).content.decode()


def test_the_page_gives_out_no_area_out_of_reach(place, client, unit):
    client.force_login(place.local)
    url = reverse("spreadsheets:sheet_workbook", args=["units"])
    assert client.post(url, {"area": place.commune.pk}).status_code == 422
    assert not IssuedWorkbook.objects.exists()


def test_who_may_not_import_gets_none(place, client):
    client.force_login(place.clerk)
    assert client.post(reverse("spreadsheets:sheet_workbook", args=["units"])).status_code == 403


@pytest.mark.slow
def test_by_command(place, unit, tmp_path):
    path = tmp_path / "so.xlsx"
    call_command("sheet_workbook", "units", officer=place.officer.username, area=place.ward.code, out=path)
    book = openpyxl.load_workbook(path)
    table = book.worksheets[0]
    header, columns = header_of(table, first=MARK)
    table.cell(header + 1, columns["Địa chỉ"]).value = "Số 9"
    book.save(path)
    answer = run_import(path, officer=place.officer.username, commit=True)
    assert (answer["counts"]["changed"], answer["committed"]) == (1, True)
    unit.refresh_from_db()
    assert unit.address == "Số 9"


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "address"), [("file", "Theo tệp"), ("register", "Theo sổ")])
def test_by_command_cells_changed_on_both_sides_are_answered_at_once(place, unit, tmp_path, capsys, answer, address):
    book = Book(place)
    book.cell(unit, "Địa chỉ").value = "Theo tệp"
    (tmp_path / "so.xlsx").write_bytes(book.data())
    unit.address = "Theo sổ"
    unit.save()
    asked = run_import(tmp_path / "so.xlsx", officer=place.officer.username)
    assert asked["counts"]["asked"] == 1
    call_command("import_sheet", "units", str(tmp_path / "so.xlsx"), officer=place.officer.username)
    assert "1 có ô mà tệp và sổ cùng sửa" in capsys.readouterr().out
    done = run_import(tmp_path / "so.xlsx", officer=place.officer.username, commit=True, both_changed=answer)
    assert "asked" not in done["counts"]
    unit.refresh_from_db()
    assert unit.address == address
