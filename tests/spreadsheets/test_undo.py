"""An import taken back: what it made goes, what it changed is as it was, what was touched since stays and is named."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import Function
from movement_portal.spreadsheets import jobs, undoing, workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.models import ImportBatch, ImportJob
from tests.factories import OfficerFactory, UnitFactory
from tests.spreadsheets.lists import tax_code
from units.models import Grouping, Headcount, Placement, Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường", "Địa chỉ", "Người đứng đầu"]


def line(number, address="Số 1", head="Nguyễn Văn Mẫu", commune="An Phú"):
    return [f"Công ty {number}", "Doanh nghiệp", tax_code(number), commune, address, head]


def lines(count, **cells):
    return [line(number, **cells) for number in range(1, count + 1)]


def unit_of(number):
    return Unit.objects.get(tax_code=tax_code(number))


# -- new records -------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_what_an_import_made_goes_with_all_that_came_along(place):
    batch = place.committed(HEADER, *lines(3))
    assert Placement.objects.exists()
    batch = workflow.undo(batch.pk, by=place.officer)
    assert batch.state == BatchState.UNDONE
    assert batch.undo_plan["counts"]["kept"] == 0
    assert not Unit.objects.exists()
    assert not Placement.objects.exists()


@pytest.mark.slow
def test_what_was_there_before_is_not_touched(place):
    UnitFactory(jurisdiction=place.ward)
    batch = place.committed(HEADER, *lines(2))
    workflow.undo(batch.pk, by=place.officer)
    assert Unit.objects.count() == 1


@pytest.mark.slow
def test_a_record_that_was_edited_stays_and_is_named(place):
    batch = place.committed(HEADER, *lines(3))
    edited = unit_of(2)
    edited.address = "Số 9"
    edited.save()
    batch = workflow.undo(batch.pk, by=place.officer)
    assert batch.state == BatchState.PARTLY_UNDONE
    assert list(Unit.objects.values_list("name", flat=True)) == ["Công ty 2"]
    named = next(each for each in batch.undo_plan["kept"] if each["kind"] == "đơn vị")
    assert (named["label"], named["reason"]) == ("Công ty 2", undoing.EDITED)
    assert batch.rows.get(object_id=edited.pk).kept_reason == undoing.EDITED


@pytest.mark.slow
def test_what_belongs_to_a_record_that_stays_stays_with_it(place):
    batch = place.committed([*HEADER, "Số người lao động năm 2025"], [*line(1), "30"], [*line(2), "40"])
    edited = unit_of(1)
    edited.address = "Số 9"
    edited.save()
    assert Headcount.objects.count() == 2
    workflow.undo(batch.pk, by=place.officer)
    assert list(Headcount.objects.values_list("unit", "staff_count")) == [(edited.pk, 30)]
    assert Placement.objects.filter(unit=edited).exists()


@pytest.mark.slow
def test_a_record_that_something_else_refers_to_stays(place):
    batch = place.committed(HEADER, *lines(2))
    UnitFactory(jurisdiction=place.ward, parent=unit_of(1))
    batch = workflow.undo(batch.pk, by=place.officer)
    assert Unit.objects.filter(tax_code=tax_code(1)).exists()
    assert not Unit.objects.filter(tax_code=tax_code(2)).exists()
    assert "đã được dùng sau khi nhập (đơn vị)" in batch.undo_plan["kept"][0]["reason"]


@pytest.mark.slow
def test_a_record_with_a_row_of_its_own_added_later_stays(place):
    batch = place.committed(HEADER, *lines(2))
    Headcount.objects.create(unit=unit_of(1), year=2024, staff_count=3)
    workflow.undo(batch.pk, by=place.officer)
    assert list(Unit.objects.values_list("tax_code", flat=True)) == [tax_code(1)]


@pytest.mark.slow
def test_branches_of_the_same_list_go_before_their_company(place):
    company = tax_code(1)
    rows = [[f"Chi nhánh {n}", "Doanh nghiệp", f"{company}-00{n}", "An Phú", "", ""] for n in (1, 2)]
    batch = place.committed(HEADER, *rows, line(1))
    assert Unit.objects.filter(parent__tax_code=company).count() == 2
    assert workflow.undo(batch.pk, by=place.officer).state == BatchState.UNDONE
    assert not Unit.objects.exists()


@pytest.mark.slow
def test_a_company_stays_while_its_branch_does(place):
    company = tax_code(1)
    batch = place.committed(HEADER, ["Chi nhánh 1", "Doanh nghiệp", f"{company}-001", "An Phú", "", ""], line(1))
    branch = Unit.objects.get(tax_code=f"{company}-001")
    branch.address = "Số 9"
    branch.save()
    workflow.undo(batch.pk, by=place.officer)
    assert Unit.objects.count() == 2


@pytest.mark.slow
def test_entries_of_catalogues_made_on_the_way_go_too(place):
    batch = place.committed([*HEADER, "Ngành, lĩnh vực"], [*line(1), "Nuôi ong mẫu"])
    assert Grouping.objects.filter(name="Nuôi ong mẫu").exists()
    workflow.undo(batch.pk, by=place.officer)
    assert not Grouping.objects.filter(name="Nuôi ong mẫu").exists()


@pytest.mark.slow
def test_an_entry_of_a_catalogue_that_others_use_now_stays(place):
    batch = place.committed([*HEADER, "Ngành, lĩnh vực"], [*line(1), "Nuôi ong mẫu"])
    UnitFactory(jurisdiction=place.ward, sector=Grouping.objects.get(name="Nuôi ong mẫu"))
    batch = workflow.undo(batch.pk, by=place.officer)
    assert Grouping.objects.filter(name="Nuôi ong mẫu").exists()
    assert [each["label"] for each in batch.undo_plan["kept"]] == ["Nuôi ong mẫu"]
    assert Unit.objects.count() == 1


@pytest.mark.slow
def test_a_record_that_left_the_reach_of_the_officer_stays(place):
    batch = place.committed(HEADER, *lines(2), by=place.above)
    ImportBatch.objects.filter(pk=batch.pk).update(jurisdiction=place.province)
    unit = unit_of(1)
    unit.jurisdiction = place.far
    unit.save()
    batch = workflow.undo(batch.pk, by=place.officer)
    assert batch.undo_plan["kept"][0]["reason"] == undoing.OUT_OF_REACH
    assert batch.undo_plan["kept"][0]["url"] == ""


# -- changed records ---------------------------------------------------------------------------------------------------
@pytest.fixture
def changed(place):
    """Three units in the register whose address and head an import has changed."""
    place.committed(HEADER, *lines(3))
    return place.committed(HEADER, *lines(3, address="Số 2", head="Trần Thị Mẫu"))


@pytest.mark.slow
def test_changed_fields_hold_their_old_values_again(place, changed):
    batch = workflow.undo(changed.pk, by=place.officer)
    assert batch.state == BatchState.UNDONE
    assert set(Unit.objects.values_list("address", "head_name")) == {("Số 1", "Nguyễn Văn Mẫu")}


@pytest.mark.slow
def test_a_field_that_was_edited_since_stays_the_others_come_back(place, changed):
    unit = unit_of(2)
    unit.address = "Số 3"
    unit.save()
    batch = workflow.undo(changed.pk, by=place.officer)
    unit.refresh_from_db()
    assert (unit.address, unit.head_name) == ("Số 3", "Nguyễn Văn Mẫu")
    assert batch.state == BatchState.PARTLY_UNDONE
    assert batch.undo_plan["kept"][0]["fields"] == ["Địa chỉ"]


@pytest.mark.slow
def test_a_field_put_back_by_hand_is_no_reason_to_stay(place, changed):
    unit = unit_of(2)
    unit.address = "Số 1"
    unit.save()
    assert workflow.undo(changed.pk, by=place.officer).state == BatchState.UNDONE


@pytest.mark.slow
def test_the_search_columns_follow(place, changed):
    place.committed(["Tên đơn vị", "Mã số thuế"], ["Tên mới hẳn", tax_code(1)])
    last = ImportBatch.objects.latest("pk")
    workflow.undo(last.pk, by=place.officer)
    assert unit_of(1).name == "Công ty 1"
    assert "moi han" not in unit_of(1).search_folded


@pytest.mark.slow
def test_a_second_import_keeps_the_first_from_going(place, changed):
    first = ImportBatch.objects.order_by("pk").first()
    batch = workflow.undo(first.pk, by=place.officer)
    assert Unit.objects.count() == 3
    assert batch.state == BatchState.PARTLY_UNDONE


@pytest.mark.slow
def test_two_imports_are_taken_back_the_last_first(place, changed):
    first = ImportBatch.objects.order_by("pk").first()
    workflow.undo(changed.pk, by=place.officer)
    batch = workflow.undo(first.pk, by=place.officer)
    assert batch.state == BatchState.PARTLY_UNDONE
    assert Unit.objects.count() == 3


# -- one act, once -----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_taking_back_is_one_act_of_its_officer_with_history(place):
    batch = place.committed(HEADER, *lines(3))
    batch = workflow.undo(batch.pk, by=place.officer)
    event = AuditEvent.objects.get(pk=batch.undo_event_id)
    assert event.officer == place.officer
    assert event.label == "Hoàn tác việc nhập đơn vị từ “danh-sach.csv”"
    assert Change.objects.filter(event=event, model="units.unit", action="delete").count() == 3


@pytest.mark.slow
def test_a_second_time_finds_nothing_to_do(place):
    batch = place.committed(HEADER, *lines(1))
    workflow.undo(batch.pk, by=place.officer)
    with pytest.raises(workflow.ImportRefused):
        workflow.undo(batch.pk, by=place.officer)


@pytest.mark.parametrize("state", [BatchState.READ, BatchState.CHECKED])
def test_only_what_was_written_is_taken_back(place, state):
    batch = place.read(HEADER, *lines(1)) if state == BatchState.READ else place.checked(HEADER, *lines(1))
    with pytest.raises(workflow.ImportRefused):
        workflow.undo(batch.pk, by=place.officer)


@pytest.mark.slow
def test_an_undo_that_the_register_refuses_keeps_nothing(place, monkeypatch):
    batch = place.committed(HEADER, *lines(2))

    def fail(*args, **kwargs):
        Unit.objects.first().delete()
        raise IntegrityError

    monkeypatch.setattr(undoing, "carry_out", fail)
    with pytest.raises(workflow.ImportRefused):
        workflow.undo(batch.pk, by=place.officer)
    batch.refresh_from_db()
    assert batch.state == BatchState.COMMITTED
    assert Unit.objects.count() == 2


@pytest.mark.slow
def test_what_stayed_may_go_later(place):
    batch = place.committed(HEADER, *lines(2))
    branch = UnitFactory(jurisdiction=place.ward, parent=unit_of(1))
    workflow.undo(batch.pk, by=place.officer)
    branch.delete()
    assert workflow.undo(batch.pk, by=place.officer).state == BatchState.UNDONE
    assert not Unit.objects.exists()


def test_the_database_wants_the_moment_of_an_undo(place):
    batch = place.committed(HEADER, *lines(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.UNDONE)


@pytest.mark.slow
def test_the_list_can_be_sent_again(place):
    batch = place.committed(HEADER, *lines(3))
    workflow.undo(batch.pk, by=place.officer)
    assert place.committed(HEADER, *lines(3)).counts["new"] == 3


# -- right, reach ------------------------------------------------------------------------------------------------------
def test_a_clerk_takes_nothing_back(place):
    batch = place.committed(HEADER, *lines(1))
    with pytest.raises(PermissionDenied):
        workflow.undo(batch.pk, by=place.clerk)


def test_a_neighbour_takes_nothing_back(place):
    batch = place.committed(HEADER, *lines(1))
    with pytest.raises(ImportBatch.DoesNotExist):
        workflow.undo(batch.pk, by=place.local)


@pytest.mark.slow
def test_questions_do_not_grow_with_the_rows(place):
    asked = []
    for rows in (20, 60):
        batch = place.committed(HEADER, *lines(rows))
        with CaptureQueriesContext(connection) as queries:
            workflow.undo(batch.pk, by=place.officer)
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert not Unit.objects.exists()


# -- pages -------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_page_says_what_would_happen_and_does_nothing(place, desk):
    batch = place.committed(HEADER, *lines(3))
    unit = unit_of(1)
    unit.address = "Số 9"
    unit.save()
    text = desk.get(reverse("spreadsheets:import_undo", args=[batch.pk])).content.decode()
    assert "2 đơn vị" in text
    assert "Công ty 1" in text
    assert undoing.EDITED in text
    assert Unit.objects.count() == 3


@pytest.mark.slow
def test_the_button_takes_the_import_back(place, desk):
    batch = place.committed(HEADER, *lines(3))
    answer = desk.post(reverse("spreadsheets:import_undo_run", args=[batch.pk]), follow=True)
    assert "Đã hoàn tác" in answer.content.decode()
    assert not Unit.objects.exists()


@pytest.mark.slow
def test_a_large_import_is_weighed_and_taken_back_in_the_background(place, desk, settings):
    batch = place.committed(HEADER, *lines(3))
    settings.IMPORT_BACKGROUND_ROWS = 2
    address = reverse("spreadsheets:import_undo", args=[batch.pk])
    assert "Tính trước" in desk.get(address).content.decode()
    answer = desk.post(reverse("spreadsheets:import_undo_weigh", args=[batch.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == address
    assert "3 đơn vị" in answer.content.decode()
    desk.post(reverse("spreadsheets:import_undo_run", args=[batch.pk]))
    assert not Unit.objects.exists()
    assert [job.state for job in ImportJob.objects.all()] == ["done", "done"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["import_undo", "import_undo_run", "import_undo_weigh"])
def test_strangers_have_no_page_of_an_undo(place, client, name):
    batch = place.committed(HEADER, *lines(1))
    address = reverse(f"spreadsheets:{name}", args=[batch.pk])
    for officer, status in ((place.clerk, 403), (place.local, 404)):
        client.force_login(officer)
        answer = client.get(address) if name == "import_undo" else client.post(address)
        assert answer.status_code == status
    assert Unit.objects.count() == 1


# -- command -----------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_command_says_what_it_would_do_and_does_it_when_told(place, capsys):
    batch = place.committed(HEADER, *lines(3))
    call_command("undo_import", batch.pk, officer=place.officer.username)
    assert "3 đơn vị: xóa" in capsys.readouterr().out
    assert Unit.objects.count() == 3
    call_command("undo_import", batch.pk, officer=place.officer.username, commit=True, json=True)
    assert json.loads(capsys.readouterr().out)["state"] == "undone"
    assert not Unit.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("who", ["clerk", "local"])
def test_the_command_acts_for_its_officer_only(place, who):
    batch = place.committed(HEADER, *lines(1))
    with pytest.raises(CommandError):
        call_command("undo_import", batch.pk, officer=getattr(place, who).username, commit=True)
    assert Unit.objects.count() == 1


@pytest.mark.slow
def test_the_command_wants_an_officer(place):
    batch = place.committed(HEADER, *lines(1))
    with pytest.raises(CommandError):
        call_command("undo_import", batch.pk, officer="khong.co")


@pytest.mark.slow
def test_only_who_administers_records_may_undo(place):
    batch = place.committed(HEADER, *lines(1))
    reader = OfficerFactory(jurisdiction=place.province, jurisdiction__function=Function.READ)
    assert workflow.may_undo(batch, place.officer)
    assert not workflow.may_undo(batch, reader)
    assert jobs.is_large_commit(batch) is False
