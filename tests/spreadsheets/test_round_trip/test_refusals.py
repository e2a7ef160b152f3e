"""What a workbook that comes back may not change."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.returning import missing
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import UnitFactory
from tests.spreadsheets.books import Book, counts
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_a_doctored_mark_is_noticed(place, unit):
    book = Book(place)
    mark = book.cell(unit, "Dấu dòng")
    mark.value = mark.value[:-3] + "abc"
    other = UnitFactory(jurisdiction=place.ward)
    assert other.pk
    batch = book.checked()
    assert batch.rows.get().problems[0]["cause"] == "Dấu dòng không hợp lệ"


@pytest.mark.slow
def test_a_locked_code_that_was_changed_all_the_same_is_refused(place, unit):
    other = UnitFactory(jurisdiction=place.ward, name="Khác")
    book = Book(place)
    book.cell(unit, "Mã đơn vị").value = f"{other.code}9"
    assert book.checked().counts["refused"] == 1


@pytest.mark.slow
def test_a_status_is_not_changed_by_a_file(place, unit):
    book = Book(place)
    book.cell(unit, "Tình trạng").value = "Tạm ngừng hoạt động"
    batch = book.checked()
    assert batch.counts["same"] == 1
    assert "hãy đổi trên trang của bản ghi" in str(batch.rows.get().notices)


@pytest.mark.slow
def test_a_new_row_is_a_new_unit(place, unit):
    book = Book(place, by=place.local)
    book.add(Tên_đơn_vị="Sở Mới", Khối="Cơ quan")
    batch = book.checked()
    assert counts(batch, "new", "same") == [1, 1], batch.rows.last().problems
    workflow.commit(batch.pk, by=place.local)
    assert Unit.objects.get(name="Sở Mới").jurisdiction == place.ward


@pytest.mark.slow
def test_a_row_copied_with_its_mark_renames_nothing(place, unit):
    """Whoever copies a row to add a unit would give the old one the new name."""
    book = Book(place)
    book.add(**{label: book.cell(unit, label).value for label in book.columns} | {"Tên đơn vị": "Trường Chép"})
    batch = book.checked()
    assert counts(batch, "refused", "changed") == [2, 0]
    assert {problem["cause"] for row in batch.rows.all() for problem in row.problems} == {
        "Dòng chép từ một dòng đã xuất"
    }


@pytest.mark.slow
def test_a_row_of_another_area_is_refused(place, unit):
    book = Book(place, area=place.ward)
    book.table.cell(book.header + 2, book.columns["Tên đơn vị"]).value = "Sở Mới"
    book.table.cell(book.header + 2, book.columns["Khối"]).value = "Cơ quan"
    book.table.cell(book.header + 2, book.columns["Xã, phường"]).value = "Xã Bình Lộc"
    batch = book.checked()
    assert counts(batch, "same", "refused") == [1, 1]
    assert "chỉ dành cho Phường An Phú" in str(batch.rows.last().problems)


@pytest.mark.slow
def test_a_workbook_of_another_area_is_not_read(place, unit):
    UnitFactory(jurisdiction=place.far)
    stranger = Book(place, by=place.above, area=place.far)
    batch = stranger.read(by=place.officer)
    assert (batch.state, "ngoài phạm vi" in batch.failure) == (BatchState.FAILED, True)


@pytest.mark.slow
def test_a_record_that_has_left_the_area_is_refused(place, unit):
    book = Book(place, by=place.local)
    unit.jurisdiction = place.commune
    unit.save()
    assert book.checked().rows.get().problems[0]["cause"] == "Không còn trong địa bàn"


@pytest.mark.slow
def test_rows_that_did_not_come_back_are_named_and_stay(place, client, unit):
    UnitFactory(jurisdiction=place.ward, name="Sở Giữ")
    book = Book(place)
    book.table.delete_rows(book.cell(unit, "Tên đơn vị").row)
    batch = book.checked()
    assert missing(batch, by=place.officer) == [unit]
    client.force_login(place.officer)
    page = client.get(reverse("spreadsheets:import_check", args=[batch.pk])).content.decode()
    assert f'<a href="{unit.get_absolute_url()}">Trường Mẫu</a>' in page
    workflow.commit(batch.pk, by=place.officer, mode="good_rows")
    assert Unit.objects.filter(pk=unit.pk).exists()


@pytest.mark.slow
def test_another_kind_of_list_is_told(place, unit):
    file = SimpleUploadedFile("x.xlsx", Book(place).data())
    batch = workflow.upload(sheet_for("groupings"), file, by=place.officer)
    assert "danh sách đơn vị" in batch.failure
