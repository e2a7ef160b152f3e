"""What an officer puts right in a list without touching the file, and what the office remembers of it."""

import datetime
import json

import pytest

from movement_portal.spreadsheets import rechecking, workflow
from movement_portal.spreadsheets.enums import Decision, FixAction
from movement_portal.spreadsheets.intake import kept, restored
from movement_portal.spreadsheets.matching import How
from movement_portal.spreadsheets.models import (
    ColumnMemory,
    ImportDecision,
    ImportEdit,
    ImportFault,
    ImportFix,
    ValueMemory,
)
from movement_portal.spreadsheets.tables import CellError
from tests.factories import UnitFactory
from tests.spreadsheets.lists import tax_code
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]


def row(number, kind="Doanh nghiệp", code=None, commune="Phường An Phú"):
    return [f"Công ty Mẫu {number}", kind, tax_code(number) if code is None else code, commune]


def outcomes(batch):
    return list(batch.rows.values_list("outcome", flat=True))


def fixed(place, batch, **values):
    """The batch checked again with one more fix."""
    ImportFix.objects.create(batch=batch, officer=place.officer, **values)
    return workflow.run_check(batch.pk, by=place.officer)


def test_faults_are_kept_by_cause_and_value(place):
    batch = place.checked(HEADER, row(1, commune="Thị xã A"), row(2, commune="Thị xã A"), row(3, kind="Gì đó"))
    faults = ImportFault.objects.filter(batch=batch).values_list("key", "cause", "value", "refuses")
    assert sorted(faults) == [
        ("jurisdiction", "Không rõ xã, phường", "Thị xã A", True),
        ("jurisdiction", "Không rõ xã, phường", "Thị xã A", True),
        ("kind", "Không có trong danh mục khối", "Gì đó", True),
    ]


@pytest.mark.slow
def test_an_area_said_once_holds_for_all_rows_that_name_it(place):
    batch = place.checked(HEADER, row(1, commune="Thị xã A"), row(2, commune="Thị xã A"), row(3, commune="Thị xã B"))
    batch = fixed(
        place, batch, key="jurisdiction", cause="Không rõ xã, phường", value="Thị xã A", action="area", area=place.ward
    )
    assert outcomes(batch) == ["new", "new", "refused"]
    workflow.commit(batch.pk, by=place.officer, mode="good_rows")
    assert set(Unit.objects.values_list("jurisdiction", flat=True)) == {place.ward.pk}


def test_a_place_that_stands_open_can_be_said_although_the_row_is_taken(place):
    batch = place.checked(HEADER, row(1, commune="Thị xã A"), area=place.province)
    assert ImportFault.objects.get(batch=batch).refuses is False
    batch = fixed(
        place, batch, key="jurisdiction", cause="Không rõ xã, phường", value="Thị xã A", action="area", area=place.ward
    )
    workflow.commit(batch.pk, by=place.officer)
    unit = Unit.objects.get()
    assert (unit.jurisdiction, unit.area_needs_review) == (place.ward, False)


def test_an_area_out_of_reach_stays_refused(place):
    batch = place.checked(HEADER, row(1, commune="Thị xã A"))
    batch = fixed(
        place, batch, key="jurisdiction", cause="Không rõ xã, phường", value="Thị xã A", action="area", area=place.far
    )
    assert outcomes(batch) == ["refused"]


def test_a_value_is_replaced_in_all_rows(place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"), row(2, kind="Gì đó"), row(3, kind="Khác"))
    cause = "Không có trong danh mục khối"
    batch = fixed(place, batch, key="kind", cause=cause, value="Gì đó", action="text", text="Doanh nghiệp")
    assert outcomes(batch) == ["new", "new", "refused"]
    assert "được sửa thành" in batch.rows.first().notices[0]["text"]


def test_one_answer_can_hold_for_every_value_of_a_cause(place):
    batch = place.checked(HEADER, row(1, code="12"), row(2, code="34"), row(3))
    cause = batch.rows.first().cause
    batch = fixed(place, batch, key="tax_code", cause=cause, whole=True, action=FixAction.EMPTY)
    assert outcomes(batch) == ["new", "new", "new"]


def test_a_required_field_can_be_filled_for_the_rows_that_lack_it(place):
    batch = place.checked(
        ["Tên đơn vị", "Khối", "Xã, phường"], ["Nhà Mẫu", "", "An Phú"], ["Nhà Mẫu B", "DN", "An Phú"]
    )
    assert outcomes(batch) == ["refused", "new"]
    batch = fixed(place, batch, key="kind", cause="Thiếu khối", action="text", text="Cơ quan")
    workflow.commit(batch.pk, by=place.officer)
    assert dict(Unit.objects.values_list("name", "kind")) == {"Nhà Mẫu": "agency", "Nhà Mẫu B": "enterprise"}


def test_rows_of_a_fault_can_be_left_out(place):
    batch = place.checked(HEADER, row(1), row(1), row(2, commune="Không có"))
    batch = fixed(
        place, batch, key="tax_code", cause="Trùng với một dòng khác trong tệp", whole=True, action=FixAction.LEAVE_OUT
    )
    assert outcomes(batch) == ["new", "left_out", "refused"]
    assert batch.counts["left_out"] == 1


def test_a_row_left_out_repeats_no_other(place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"), row(1))
    cause = "Không có trong danh mục khối"
    batch = fixed(place, batch, key="kind", cause=cause, value="Gì đó", action=FixAction.LEAVE_OUT)
    assert outcomes(batch) == ["left_out", "new"]


def test_a_cell_typed_anew_takes_the_place_of_the_one_in_the_file(place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"), row(2))
    ImportEdit.objects.create(
        batch=batch, worksheet=batch.rows.first().worksheet, number=2, column="Khối", text="DN", officer=place.officer
    )
    batch = workflow.run_check(batch.pk, by=place.officer)
    assert outcomes(batch) == ["new", "new"]
    assert batch.rows.first().cells["Khối"] == "DN"


def test_a_field_without_a_column_is_typed_for_one_row(place):
    batch = place.checked(["Tên đơn vị", "Xã, phường"], ["Nhà Mẫu", "An Phú"])
    assert outcomes(batch) == ["refused"]
    ImportEdit.objects.create(
        batch=batch, worksheet=batch.rows.first().worksheet, number=2, key="kind", text="Cơ quan", officer=place.officer
    )
    assert outcomes(workflow.run_check(batch.pk, by=place.officer)) == ["new"]


def test_a_row_that_an_officer_leaves_out_is_not_written(place):
    batch = place.checked(HEADER, row(1), row(2))
    ImportDecision.objects.create(
        batch=batch,
        worksheet=batch.rows.first().worksheet,
        number=2,
        decision=Decision.SKIP,
        officer=place.officer,
    )
    batch = workflow.run_check(batch.pk, by=place.officer)
    workflow.commit(batch.pk, by=place.officer)
    assert Unit.objects.get().name == "Công ty Mẫu 2"


@pytest.mark.parametrize(
    ("mode", "name", "address"),
    [("update", "Công ty Mẫu 1", "Số 1"), ("fill", "Tên cũ", "Số 1"), ("skip", "Tên cũ", "")],
)
def test_records_found_are_updated_filled_or_kept(place, mode, name, address):
    UnitFactory(name="Tên cũ", tax_code=tax_code(1), jurisdiction=place.ward, kind="enterprise", address="")
    batch = place.read([*HEADER, "Địa chỉ"], [*row(1), "Số 1"])
    batch = workflow.run_check(batch.pk, by=place.officer, existing=mode)
    workflow.commit(batch.pk, by=place.officer)
    unit = Unit.objects.get()
    assert (unit.name, unit.address) == (name, address)


# -- memory ------------------------------------------------------------------------------------------------------------
def chosen(place, batch, by=None, **columns):
    mapping = {table: {**found, **columns} for table, found in batch.mapping.items()}
    return workflow.choose(batch.pk, by=by or place.officer, mapping=mapping, constants={}, default_area=None)


def test_a_column_chosen_once_is_known_in_the_next_list(place):
    head = ["Tên đơn vị", "Khối", "Phân vùng", "Xã, phường"]
    chosen(place, place.read(head, ["A", "DN", "Số 1", "An Phú"]), **{"Phân vùng": "address"})
    batch = place.read(head, ["B", "DN", "Số 2", "An Phú"])
    column = batch.layout["sheets"][0]["columns"][2]
    assert (column["key"], column["how"]) == ("address", How.REMEMBERED)
    assert ColumnMemory.objects.count() == 1


def test_another_office_does_not_share_the_memory(place):
    head = ["Tên đơn vị", "Khối", "Phân vùng", "Xã, phường"]
    chosen(place, place.read(head, ["A", "DN", "Số 1", "An Phú"]), **{"Phân vùng": "address"})
    batch = place.read(head, ["B", "DN", "Số 2", "An Phú"], by=place.above)
    assert batch.layout["sheets"][0]["columns"][2]["key"] != "address"


def test_a_column_of_no_field_is_kept_in_the_note(place):
    head = ["Tên đơn vị", "Khối", "Phân vùng", "Xã, phường"]
    batch = chosen(place, place.read(head, ["A", "DN", "Vùng 3", "An Phú"]), **{"Phân vùng": "+"})
    workflow.commit(batch.pk, by=place.officer)
    assert Unit.objects.get().note == "Phân vùng: Vùng 3"


def test_what_a_value_means_is_known_in_the_next_list(place):
    ValueMemory.objects.create(
        sheet="units", office=place.officer.office, key="jurisdiction", value="Thị xã A", area=place.ward
    )
    assert outcomes(place.checked(HEADER, row(1, commune="Thị xã A"))) == ["new"]
    assert outcomes(place.checked(HEADER, row(2, commune="Thị xã A"), by=place.above)) == ["refused"]


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (["Phường An Phú", "Xã Bình Lộc", "P. An Phú"], "jurisdiction"),
        (["Doanh nghiệp", "Cơ quan", "Cơ sở giáo dục"], "kind"),
        ([tax_code(1), tax_code(2), tax_code(3)], "tax_code"),
    ],
)
def test_a_column_is_known_by_what_stands_in_it(place, cells, key):
    batch = place.read(["Tên đơn vị", "Cột lạ"], *[[f"Đơn vị {number}", cell] for number, cell in enumerate(cells)])
    column = batch.layout["sheets"][0]["columns"][1]
    assert (column["key"], column["how"]) == (key, How.CONTENT)


# -- only the rows touched ---------------------------------------------------------------------------------------------
def test_only_the_rows_touched_are_judged_again(place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"), row(2))
    kept = batch.rows.last()
    ImportEdit.objects.create(
        batch=batch, worksheet=kept.worksheet, number=2, column="Khối", text="DN", officer=place.officer
    )
    batch.file.delete(save=False)
    batch = rechecking.recheck(batch.pk, by=place.officer, places=[(kept.worksheet, 2)])
    assert outcomes(batch) == ["new", "new"]
    assert batch.counts["new"] == 2
    assert not batch.faults.exists()


def test_a_row_judged_again_sees_the_rows_it_repeats(place):
    batch = place.checked(HEADER, row(1), row(2))
    name = batch.rows.first().worksheet
    ImportEdit.objects.create(
        batch=batch, worksheet=name, number=3, column="Mã số thuế", text=tax_code(1), officer=place.officer
    )
    batch = rechecking.recheck(batch.pk, by=place.officer, places=[(name, 3)])
    assert outcomes(batch) == ["new", "refused"]
    assert "Trùng với dòng 2" in batch.rows.last().problems[0]["reason"]


def test_a_row_that_repeats_no_more_is_taken(place):
    batch = place.checked(HEADER, row(1), row(1))
    name = batch.rows.first().worksheet
    ImportEdit.objects.create(
        batch=batch, worksheet=name, number=2, column="Mã số thuế", text=tax_code(2), officer=place.officer
    )
    batch = rechecking.recheck(batch.pk, by=place.officer, places=[(name, 2)])
    assert outcomes(batch) == ["new", "new"]


def test_cells_come_back_as_the_file_had_them(place, tmp_path):
    cells = [
        datetime.date(2024, 5, 3),
        83.25,
        True,
        "hai\ndòng",
        datetime.datetime(2024, 5, 3, 7, 30),
        CellError("#N/A", "lỗi"),
    ]
    assert [restored(json.loads(json.dumps(kept(cell)))) for cell in cells] == cells


def test_two_rows_that_became_one_by_typing_are_not_written(place):
    batch = place.checked(HEADER, row(1), row(2))
    twin = batch.rows.last()
    twin.values = {**twin.values, "name": "CÔNG TY MẪU 1", "tax_code": ""}
    twin.save()
    # As after a row that was judged anew by itself.
    type(batch).objects.update(checked_after=None)
    batch = workflow.commit(batch.pk, by=place.officer)
    assert batch.state == "checked"
    assert not Unit.objects.exists()
