"""From a list to records: what is new, changed, the same, refused, and what is kept of it."""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from movement_portal.audit.models import AuditEvent, Change
from movement_portal.lib.scripts import Script
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState, RowOutcome
from movement_portal.spreadsheets.models import ImportBatch, ImportRow
from movement_portal.spreadsheets.models.batches import UNDONE, WRITTEN
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import JurisdictionFactory, UnitFactory
from tests.spreadsheets.lists import tax_code, uploaded
from units.models import Headcount, Placement, Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường", "Ghi chú"]


def row(number, name="Công ty Mẫu", commune="Phường An Phú", note=""):
    return [f"{name} {number}", "Doanh nghiệp", tax_code(number), commune, note]


def outcomes(batch):
    return list(batch.rows.values_list("outcome", flat=True))


def reasons(batch):
    return [problem["reason"] for found in batch.rows.all() for problem in found.problems]


# -- what becomes of rows ----------------------------------------------------------------------------------------------
def test_new_rows_become_records_under_their_commune(place):
    batch = place.committed(HEADER, row(1), row(2, commune="xã Bình Lộc"))
    assert {name: count for name, count in batch.counts.items() if count} == {"new": 2}
    assert dict(Unit.objects.values_list("name", "jurisdiction__name")) == {
        "Công ty Mẫu 1": "An Phú",
        "Công ty Mẫu 2": "Bình Lộc",
    }
    assert Unit.objects.filter(code__startswith="DV").count() == 2
    assert Placement.objects.filter(valid_to=None).count() == 2


def test_the_same_list_again_changes_nothing(place):
    place.committed(HEADER, row(1), row(2))
    events = AuditEvent.objects.filter(kind="import", changes__model="units.unit").count()
    batch = place.committed(HEADER, row(1), row(2))
    assert outcomes(batch) == [RowOutcome.SAME, RowOutcome.SAME]
    assert AuditEvent.objects.filter(kind="import", changes__model="units.unit").count() == events


@pytest.mark.slow
def test_a_changed_row_shows_old_and_new(place):
    place.committed(HEADER, row(1))
    batch = place.checked(HEADER, row(1, name="Công ty Khác"))
    found = batch.rows.get()
    assert (found.outcome, found.changes) == ("changed", {"name": ["Công ty Mẫu 1", "Công ty Khác 1"]})
    workflow.commit(batch.pk, by=place.officer)
    assert Unit.objects.get().name == "Công ty Khác 1"


def test_an_empty_cell_leaves_what_is_there(place):
    place.committed(HEADER, row(1, note="giữ lại"))
    batch = place.committed(HEADER, row(1))
    assert outcomes(batch) == ["same"]
    assert Unit.objects.get().note == "giữ lại"


@pytest.mark.slow
def test_a_note_is_added_below_what_is_there(place):
    place.committed(HEADER, row(1, note="một"))
    place.committed(HEADER, row(1, note="hai"))
    assert Unit.objects.get().note == "một\nhai"
    assert outcomes(place.committed(HEADER, row(1, note="hai"))) == ["same"]


def test_name_and_area_find_a_record_without_codes(place):
    UnitFactory(name="Sở Mẫu Hòa", jurisdiction=place.ward)
    batch = place.checked(["Tên đơn vị", "Khối", "Xã, phường"], ["SỞ MẪU HOÀ", "Cơ quan", "An Phú"])
    assert outcomes(batch) == ["same"]


def test_two_of_one_name_with_different_codes_are_two(place):
    head = ["Tên trường", "Mã trường", "Xã, phường"]
    batch = place.committed(head, ["THCS Mẫu", "79000001", "An Phú"], ["THCS Mẫu", "79000002", "An Phú"])
    assert outcomes(batch) == ["new", "new"]


def test_a_repeat_names_the_row_it_repeats(place):
    batch = place.checked(HEADER, row(1), row(2), row(1, name="Viết khác"))
    assert outcomes(batch) == ["new", "new", "refused"]
    assert reasons(batch) == ["Trùng với dòng 2 (Công ty Mẫu 1)."]


@pytest.mark.parametrize(
    ("cells", "column", "part"),
    [
        (["", "Doanh nghiệp", "", "An Phú", ""], "Tên đơn vị", "Thiếu tên"),
        (["A", "Không có khối", "", "An Phú", ""], "Khối", "không có trong danh mục"),
        (["A", "Doanh nghiệp", "0123456780", "An Phú", ""], "Mã số thuế", "sai số kiểm tra"),
        (["A", "Doanh nghiệp", "12", "An Phú", ""], "Mã số thuế", "không phải mã số thuế"),
        (["x" * 300, "Doanh nghiệp", "", "An Phú", ""], "Tên đơn vị", "tối đa 255"),
        (["A", "Doanh nghiệp", "", "Phường Không Có", ""], "Xã, phường", "Không xác định được"),
    ],
)
def test_a_refused_row_says_column_and_reason(place, cells, column, part):
    batch = place.checked(HEADER, cells)
    problem = batch.rows.get().problems[0]
    assert batch.counts["refused"] == 1
    assert problem["column"] == column
    assert part in problem["reason"]


def test_all_faults_of_a_row_are_told_at_once(place):
    batch = place.checked(HEADER, ["A", "Không có", "12", "An Phú", ""])
    assert len(batch.rows.get().problems) == 2


def test_a_place_that_is_not_known_is_told_with_the_other_faults_of_its_row(place):
    batch = place.checked(HEADER, ["A", "Không có", "", "Phường Không Có", ""])
    assert {problem["cause"] for problem in batch.rows.get().problems} >= {"Không rõ xã, phường"}
    assert len(batch.rows.get().problems) == 2


# -- places ------------------------------------------------------------------------------------------------------------
def test_an_unknown_commune_goes_under_the_chosen_area_and_on_the_work_list(place):
    place.committed(HEADER, row(1, commune="Phường Không Có"), area=place.province)
    unit = Unit.objects.get()
    assert (unit.jurisdiction, unit.area_needs_review, unit.area_note) == (place.province, True, "Phường Không Có")


@pytest.mark.slow
def test_a_place_set_right_by_a_later_list_leaves_the_work_list(place):
    place.committed(HEADER, row(1, commune="Phường Không Có"), area=place.province)
    place.committed(HEADER, row(1), area=place.province)
    unit = Unit.objects.get()
    assert (unit.jurisdiction, unit.area_needs_review) == (place.ward, False)


@pytest.mark.slow
def test_a_list_without_places_does_not_move_what_was_placed(place):
    place.committed(HEADER, row(1))
    batch = place.committed(["Tên đơn vị", "Mã số thuế"], ["Công ty Mẫu 1", tax_code(1)], area=place.province)
    assert outcomes(batch) == ["same"]


def test_a_commune_is_found_in_the_address(place):
    head = ["Tên đơn vị", "Khối", "Địa chỉ"]
    place.committed(head, ["Sở A", "Cơ quan", "Số 1 Lê Lợi, phường An Phú, tỉnh Mẫu Sơn"])
    assert Unit.objects.get().jurisdiction == place.ward


def test_a_row_of_another_area_is_refused_and_logged(place, caplog):
    with caplog.at_level(logging.WARNING, "movement_portal.reach"):
        batch = place.checked(HEADER, row(1, commune="xã Cẩm Khê, tỉnh Mẫu Hải"))
    assert outcomes(batch) == ["refused"]
    assert "ngoài địa bàn phụ trách" in reasons(batch)[0]
    assert caplog.records[0].rows == [2]


def test_a_code_taken_out_of_reach_says_no_more(place):
    UnitFactory(name="Bí mật", tax_code=tax_code(1), jurisdiction=place.far)
    batch = place.checked(HEADER, row(1))
    assert outcomes(batch) == ["refused"]
    assert "Bí mật" not in str(batch.rows.values())
    assert "ngoài địa bàn" in reasons(batch)[0]


def test_a_default_area_out_of_reach_is_refused(place):
    with pytest.raises(PermissionDenied):
        place.read(HEADER, row(1), area=place.far)
    assert not ImportBatch.objects.exists()


def test_without_the_right_nothing_is_kept(place):
    with pytest.raises(PermissionDenied):
        place.read(HEADER, row(1), by=place.clerk)
    assert not ImportBatch.objects.exists()


# -- values kept by year -----------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_numbers_of_years_go_to_their_years(place):
    head = ["Tên trường", "Mã trường", "Xã, phường", "Số học sinh năm 2023", "Số CB-GV-NV năm học 2024-2025"]
    place.committed(head, ["THCS A", "79000001", "An Phú", "1.250", "45"])
    assert list(Headcount.objects.order_by("year").values_list("year", "staff_count", "learner_count")) == [
        (2023, None, 1250),
        (2024, 45, None),
    ]
    batch = place.checked(head, ["THCS A", "79000001", "An Phú", "1.300", "45"])
    assert batch.rows.get().changes == {"learner_count@2023": ["1.250", "1.300"]}
    workflow.commit(batch.pk, by=place.officer)
    assert Headcount.objects.get(year=2023).learner_count == 1300


def test_a_title_tells_the_year(place):
    place.committed(
        ["DANH SÁCH TRƯỜNG", "", "", ""],
        ["NĂM HỌC: 2019-2020", "", "", ""],
        ["Tên trường", "Mã trường", "Xã, phường", "Số học sinh"],
        ["THCS A", "79000001", "An Phú", "100"],
    )
    assert Headcount.objects.get().year == 2019


# -- commit ------------------------------------------------------------------------------------------------------------
def test_a_commit_is_one_act_with_its_file(place):
    batch = place.committed(HEADER, row(1), row(2))
    event = AuditEvent.objects.get(pk=batch.event_id)
    assert (event.kind, event.officer) == ("import", place.officer)
    assert "danh-sach.csv" in event.label
    assert Change.objects.filter(event=event, model="units.unit", action="create").count() == 2
    assert set(batch.rows.values_list("object_id", flat=True)) == set(Unit.objects.values_list("pk", flat=True))


def test_a_second_click_writes_nothing(place):
    batch = place.committed(HEADER, row(1))
    with pytest.raises(workflow.ImportRefused, match="Đã ghi vào sổ"):
        workflow.commit(batch.pk, by=place.officer)
    assert Unit.objects.count() == 1


def test_all_or_nothing_keeps_a_list_with_refused_rows_out(place):
    batch = place.checked(HEADER, row(1), row(1))
    with pytest.raises(workflow.ImportRefused, match="Còn 1 dòng"):
        workflow.commit(batch.pk, by=place.officer)
    assert not Unit.objects.exists()
    assert ImportBatch.objects.get().state == BatchState.CHECKED


@pytest.mark.slow
def test_a_record_edited_since_the_check_sends_the_list_back(place):
    place.committed(HEADER, row(1))
    batch = place.checked(HEADER, row(1, name="Tên mới"))
    unit = Unit.objects.get()
    unit.note = "sửa tay"
    unit.save()
    batch = workflow.commit(batch.pk, by=place.officer)
    assert (batch.state, "Sổ đã thay đổi" in batch.message) == (BatchState.CHECKED, True)
    assert Unit.objects.get().name == "Công ty Mẫu 1"
    assert workflow.commit(batch.pk, by=place.officer).state == BatchState.COMMITTED


@pytest.mark.slow
def test_two_lists_with_the_same_new_record_make_one(place):
    one, two = place.checked(HEADER, row(1)), place.checked(HEADER, row(1))
    workflow.commit(one.pk, by=place.officer)
    batch = workflow.commit(two.pk, by=place.above)
    assert batch.state == BatchState.CHECKED
    assert outcomes(batch) == ["same"]
    assert Unit.objects.count() == 1


def test_a_record_that_came_meanwhile_without_code_is_seen(place):
    head = ["Tên đơn vị", "Khối", "Xã, phường"]
    batch = place.checked(head, ["Sở Mẫu", "Cơ quan", "An Phú"])
    UnitFactory(name="Sở Mẫu", jurisdiction=place.ward)
    assert workflow.commit(batch.pk, by=place.officer).state == BatchState.CHECKED
    assert Unit.objects.count() == 1


def test_an_error_halfway_keeps_nothing(place, monkeypatch):
    batch = place.checked(HEADER, row(1), row(2))

    def fail(*written):
        raise RuntimeError

    # The rows learn last which record they have become.
    monkeypatch.setattr(Script, "_update", fail)
    with pytest.raises(RuntimeError):
        workflow.commit(batch.pk, by=place.officer)
    assert not Unit.objects.exists()
    assert not Change.objects.filter(model="units.unit").exists()
    assert ImportBatch.objects.get().state == BatchState.CHECKED


def test_a_cancelled_list_cannot_be_written(place):
    batch = place.checked(HEADER, row(1))
    workflow.cancel(batch.pk, by=place.officer)
    with pytest.raises(workflow.ImportRefused):
        workflow.commit(batch.pk, by=place.officer)
    assert not Unit.objects.exists()


def moments(state, at):
    """What a batch in a state has a moment of."""
    found = {"committed_at": at} if state in WRITTEN else {}
    return found | ({"undone_at": at} if state in UNDONE else {})


@pytest.mark.slow
@pytest.mark.parametrize("state", BatchState)
@pytest.mark.parametrize("step", workflow.TRANSITIONS)
def test_every_step_is_taken_from_its_sources_only(place, step, state):
    batch = place.read(HEADER, row(1))
    ImportBatch.objects.update(state=state, **moments(state, batch.uploaded_at))
    extra = moments(step.target, batch.uploaded_at)
    if state in step.sources:
        assert workflow.move(batch.pk, step, by=place.officer, **extra).state == step.target
    else:
        with pytest.raises(workflow.ImportRefused):
            workflow.move(batch.pk, step, by=place.officer, **extra)


def test_another_province_cannot_touch_a_batch(place):
    batch = place.checked(HEADER, row(1), by=place.above)
    with pytest.raises(ImportBatch.DoesNotExist):
        workflow.commit(batch.pk, by=place.officer)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 khong phai bang", b"PK\x03\x04hong"])
def test_a_wrong_file_fails_with_a_reason(place, content):
    file = uploaded(name="sai.xlsx")
    file.file.write(content)
    file.size = len(content)
    file.seek(0)
    batch = workflow.upload(sheet_for("units"), file, by=place.officer)
    assert batch.state == BatchState.FAILED
    assert batch.failure
    assert not ImportRow.objects.exists()


# -- cost --------------------------------------------------------------------------------------------------------------
def test_questions_of_a_check_do_not_grow(place):
    counts = []
    for size in (1, 50):
        batch = place.read(HEADER, *[row(number) for number in range(1, size + 1)])
        with CaptureQueriesContext(connection) as queries:
            workflow.choose(batch.pk, by=place.officer, mapping=batch.mapping, constants={}, default_area=None)
        counts.append(len(queries))
    # The first check loads the territory, the second one has it.
    assert counts[1] <= counts[0]


def test_a_code_moves_to_a_unit_only_when_free(place):
    place.committed(HEADER, row(1), row(2))
    code = Unit.objects.get(tax_code=tax_code(1)).code
    head = ["Mã đơn vị", "Mã số thuế"]
    batch = place.checked(head, [code, tax_code(2)])
    assert outcomes(batch) == ["refused"]
    assert "Mã số thuế này đã có" in reasons(batch)[0]


def test_an_area_of_another_day_is_not_taken(place):
    JurisdictionFactory(name="Xóm Cũ", parent=place.province, valid_from=None, valid_to="2025-06-30")
    batch = place.checked(HEADER, row(1, commune="Xóm Cũ"))
    assert outcomes(batch) == ["refused"]
