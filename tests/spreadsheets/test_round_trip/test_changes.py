"""A workbook goes out, is changed on both sides, and comes back: what is written, kept and asked."""

import pytest
from django.urls import reverse

from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from tests.factories import ActivityFactory, UnitFactory
from tests.spreadsheets.books import Book, counts
from units.activities import set_units
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_one_that_nobody_touched_changes_nothing(place, unit):
    batch = Book(place).checked()
    assert batch.workbook is not None
    assert counts(batch, "same", "changed", "new", "refused", "asked") == [1, 0, 0, 0, 0]


@pytest.mark.slow
def test_every_column_is_matched_by_itself(place, unit):
    (mapping,) = Book(place).read().mapping.values()
    assert mapping.pop("Dấu dòng") in ("", "-")
    assert all(mapping.values())


@pytest.mark.slow
def test_what_only_the_file_changed_is_written(place, unit):
    book = Book(place)
    book.cell(unit, "Người đứng đầu").value = "Trần Thị Mẫu"
    book.cell(unit, "Số cán bộ, nhân viên, người lao động năm 2026").value = 1800
    book.cell(unit, "Lao động bình quân").value = "1.800"
    book.cell(unit, "Ghi chú").value = "thay hẳn"
    batch = book.checked()
    assert set(batch.rows.get().changes) == {"head_name", "staff_count@2026", "size_staff_count", "note"}
    workflow.commit(batch.pk, by=place.officer)
    unit.refresh_from_db()
    assert (unit.head_name, unit.size_staff_count, unit.note) == ("Trần Thị Mẫu", 1800, "thay hẳn")
    assert unit.headcounts.get().staff_count == 1800


@pytest.mark.slow
def test_a_cell_of_several_takes_more_and_loses_none(place, unit):
    activity = ActivityFactory(jurisdiction=place.ward)
    set_units(activity, [unit], by=place.officer)
    book = Book(place, sheet="activities")
    assert book.checked().counts["same"] == 1
    cell = book.cell(activity, "Đơn vị tham gia")
    assert cell.value == f"{unit.code} · Trường Mẫu"
    cell.value = UnitFactory(name="Công ty Mẫu", jurisdiction=place.ward).name
    workflow.commit(book.checked().pk, by=place.officer)
    assert sorted(row.unit.name for row in activity.participants.all()) == ["Công ty Mẫu", "Trường Mẫu"]


@pytest.mark.slow
def test_an_emptied_cell_empties_the_field(place, unit):
    book = Book(place)
    book.cell(unit, "Địa chỉ").value = None
    batch = workflow.commit(book.checked().pk, by=place.officer)
    unit.refresh_from_db()
    assert (batch.state, unit.address) == (BatchState.COMMITTED, "")


@pytest.mark.slow
def test_an_emptied_cell_that_is_needed_is_refused(place, unit):
    book = Book(place)
    book.cell(unit, "Tên đơn vị").value = None
    batch = book.checked()
    assert batch.counts["refused"] == 1
    assert "Thiếu tên đơn vị." in str(batch.rows.get().problems)


@pytest.mark.slow
def test_a_renamed_record_is_the_same_record(place, unit):
    book = Book(place)
    book.cell(unit, "Tên đơn vị").value = "Tên hoàn toàn khác"
    workflow.commit(book.checked().pk, by=place.officer)
    assert Unit.objects.get().name == "Tên hoàn toàn khác"


@pytest.mark.slow
def test_what_only_the_register_changed_is_kept(place, unit):
    book = Book(place)
    unit.head_name = "Người Mới"
    unit.save()
    batch = book.checked()
    assert counts(batch, "same", "changed", "asked") == [1, 0, 0]


@pytest.mark.slow
def test_the_same_change_on_both_sides_is_no_question(place, unit):
    book = Book(place)
    unit.head_name = "Người Mới"
    unit.save()
    book.cell(unit, "Người đứng đầu").value = "Người Mới"
    assert counts(book.checked(), "same", "asked") == [1, 0]


@pytest.mark.slow
def test_different_changes_on_both_sides_are_asked(place, asked):
    assert counts(asked, "asked", "changed") == [1, 0]
    assert asked.rows.get().questions == [
        {
            "key": "head_name",
            "label": "Người đứng đầu",
            "exported": "Lê Văn Mẫu",
            "register": "Theo Sổ",
            "file": "Theo Tệp",
        }
    ]
    with pytest.raises(workflow.ImportRefused, match="tệp và sổ cùng sửa"):
        workflow.commit(asked.pk, by=place.officer)


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "head"), [("file", "Theo Tệp"), ("register", "Theo Sổ")])
def test_an_answer_decides(place, unit, asked, answer, head):
    batch = workflow.answer(asked.pk, by=place.officer, answers={f"{unit.pk}|head_name": answer})
    assert counts(batch, "asked", "changed") == [0, 1]
    workflow.commit(batch.pk, by=place.officer)
    unit.refresh_from_db()
    assert (unit.head_name, unit.address) == (head, "Số 2")


@pytest.mark.slow
@pytest.mark.parametrize("data", [{"tat_ca": "file"}, None])
def test_the_page_asks_and_takes_answers(place, client, unit, asked, data):
    client.force_login(place.officer)
    url = reverse("spreadsheets:import_questions", args=[asked.pk])
    check = client.get(reverse("spreadsheets:import_check", args=[asked.pk])).content.decode()
    assert url in check
    assert "cần trả lời" in check
    assert "Mọi dòng đều hợp lệ" not in check
    page = client.get(url).content.decode()
    assert "Theo Sổ" in page
    assert "Theo Tệp" in page
    response = client.post(url, data or {f"{unit.pk}|head_name": "file"})
    assert response.url == reverse("spreadsheets:import_check", args=[asked.pk])
    asked.refresh_from_db()
    assert asked.answers == {f"{unit.pk}|head_name": "file"}
