"""Personal data leave the lists that they came in."""

import pytest

from movement_portal.spreadsheets.models import ImportBatch, ImportRow
from tests.factories import (
    UnitFactory,
)
from tests.units.test_retention.world import NAME, NUMBER, brought_in, due, everything_in_the_database, held_for, moment
from units.models import Guard
from units.retention.rules import remove

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_rows_that_brought_a_guard_in_are_emptied_and_those_of_others_stay(place):
    held_for("guard")
    unit = UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)
    header = ["Họ và tên", "Đơn vị", "Ngày thôi việc", "Số CCCD", "Ghi chú"]
    batch = brought_in(
        place, "guards", header,
        [NAME, unit.code, "30/06/2021", NUMBER, "xã Mẫu"], ["Vũ Còn Làm", unit.code, "", "", ""],
    )  # fmt: skip
    assert remove(due("guard")).rows == 1
    first, second = batch.rows.order_by("number")
    assert (first.cells, first.values, first.label, first.outcome) == ({}, {}, "", "new")
    assert second.cells["Họ và tên"] == "Vũ Còn Làm"
    held = everything_in_the_database()
    assert NAME not in held
    assert ImportBatch.objects.get().counts["new"] == 2


@pytest.mark.slow
def test_lists_are_emptied_after_their_time_and_their_files_go(place, django_capture_on_commit_callbacks):
    held_for("imported_rows", 12)
    unit = UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)
    header = ["Họ và tên", "Đơn vị", "Số CCCD"]
    with moment("2025-08-01"):
        old = brought_in(place, "guards", header, [NAME, unit.code, NUMBER])
        path = old.file.storage.path(old.file.name)
    new = brought_in(place, "guards", header, ["Vũ Còn Làm", unit.code, ""])
    kind = due("imported_rows")
    assert [found.pk for found in kind.due] == [old.pk]
    with django_capture_on_commit_callbacks(execute=True):
        remove(kind)
    old.refresh_from_db()
    assert (old.file.name, old.file_removed_at is None) == ("", False)
    with pytest.raises(FileNotFoundError):
        open(path, "rb").close()
    assert set(ImportRow.objects.filter(batch=old).values_list("label", flat=True)) == {""}
    assert not ImportRow.objects.filter(batch=old).exclude(cells={}).exists()
    assert ImportRow.objects.get(batch=new).cells["Họ và tên"] == "Vũ Còn Làm"
    assert Guard.objects.filter(name=NAME).exists()
    assert due("imported_rows").due == []


@pytest.mark.slow
def test_cells_of_former_heads_leave_the_lists_they_came_in(place):
    held_for("unit_person", 6)
    header = ["Tên đơn vị", "Khối", "Xã, phường", "Người đứng đầu", "Ghi chú"]
    with moment("2025-08-01"):
        batch = brought_in(
            place, "units", header, ["Công ty Một", "Doanh nghiệp", "Phường An Phú", "Vũ Thứ Nhất", "ở gần chợ"]
        )
    unit = batch.rows.get().object_id
    with moment("2025-09-01"):
        found = UnitFactory._meta.model.objects.get(pk=unit)
        found.head_name = "Vũ Thứ Hai"
        found.save()
    remove(due("unit_person"))
    row = batch.rows.get()
    assert row.cells["Tên đơn vị"] == "Công ty Một"
    assert row.cells["Ghi chú"] == "ở gần chợ"
    assert "Vũ Thứ Nhất" not in everything_in_the_database()
