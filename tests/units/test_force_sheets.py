"""Lists of guards as offices send them: birth under either header, closed lists as written, numbers never in clear."""

import datetime
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from movement_portal.audit.models import AuditEvent
from movement_portal.lib.masking import mask
from movement_portal.persons import rotation
from movement_portal.persons.files import key_of
from movement_portal.persons.keys import keyring
from movement_portal.persons.models import PersonalRead
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.intake import NUMBER_MASKED
from movement_portal.spreadsheets.models import ImportEdit, ImportRow
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import GuardFactory, UnitFactory
from tests.spreadsheets.lists import uploaded
from units.models import Guard, SecurityTeam, TrainingCertificate, Unit

#: Numbers that nobody can have: no province is 000.
CANARIES = [f"00098{n:03d}4321" for n in range(5)]
HEADER = ["STT", "Họ và tên", "Ngày sinh", "Đơn vị", "Chức vụ", "Trình độ", "Số CCCD"]


@pytest.fixture
def unit(place):
    return UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)


def brought_in(place, sheet, *rows, commit=True):
    batch = workflow.upload(sheet_for(sheet), uploaded(*rows), by=place.officer)
    assert batch.state == BatchState.READ, batch.failure
    batch = workflow.run_check(batch.pk, by=place.officer)
    return workflow.commit(batch.pk, by=place.officer) if commit else batch


def faults(batch):
    return [problem["reason"] for row in batch.rows.all() for problem in row.problems]


def test_guards_come_in_as_offices_write_them(place, unit):
    rows = [
        ["1", "Lê Văn Một", "05/03/1980", "Trường Mẫu", "Tổ trưởng", "12/12", CANARIES[0]],
        ["2", "Lê Văn Hai", "1985", unit.code, "Bảo vệ", "9/12", ""],
    ]
    batch = brought_in(place, "guards", HEADER, *rows)
    assert faults(batch) == []
    one, two = Guard.objects.order_by("id")
    assert (one.birth_on, one.birth_year, one.role, one.education) == (
        datetime.date(1980, 3, 5),
        1980,
        "head",
        "upper_secondary",
    )
    assert (two.birth_on, two.birth_year, two.role, two.education) == (None, 1985, "member", "lower_secondary")
    assert (one.citizen_id.clear, two.citizen_id) == (CANARIES[0], None)


@pytest.mark.slow
def test_a_second_time_nothing_changes_and_a_number_finds_its_guard(place, unit):
    row = ["1", "Lê Văn Một", "05/03/1980", "Trường Mẫu", "Bảo vệ", "", CANARIES[0]]
    brought_in(place, "guards", HEADER, row)
    assert brought_in(place, "guards", HEADER, row, commit=False).counts["same"] == 1
    renamed = [*row[:1], "Lê Văn Đổi", *row[2:]]
    brought_in(place, "guards", HEADER, renamed)
    assert Guard.objects.get().name == "Lê Văn Đổi"


def test_lost_zeros_are_brought_back_and_what_is_no_number_is_refused_masked(place, unit):
    rows = [
        ["1", "A", "1980", "Trường Mẫu", "", "", CANARIES[1].lstrip("0").zfill(10)],
        ["2", "B", "1980", "Trường Mẫu", "", "", "123456789"],
    ]
    batch = brought_in(place, "guards", HEADER, *rows, commit=False)
    assert faults(batch) == ["Số định danh cá nhân phải có 12 chữ số."]
    kept = json.dumps(list(ImportRow.objects.values("cells", "problems", "values")))
    assert "123456789" not in kept


def test_two_rows_of_one_number_are_refused_however_they_are_written(place, unit):
    spaced = f"{CANARIES[0][:3]} {CANARIES[0][3:6]} {CANARIES[0][6:9]} {CANARIES[0][9:]}"
    rows = [["1", "A", "1980", "Trường Mẫu", "", "", CANARIES[0]], ["2", "B", "1981", "Trường Mẫu", "", "", spaced]]
    batch = brought_in(place, "guards", HEADER, *rows, commit=False)
    assert batch.counts["refused"] == 1
    assert "Trùng với dòng 2" in faults(batch)[0]


@pytest.mark.slow
def test_a_unit_out_of_reach_is_not_found(place, unit):
    other = UnitFactory(name="Trường Xa")
    batch = brought_in(place, "guards", HEADER, ["1", "A", "", other.code, "", "", ""], commit=False)
    assert batch.counts["refused"] == 1


def test_a_unit_list_never_keeps_the_numbers_of_persons(place):
    header = ["Tên đơn vị", "Khối", "Xã, phường", "CCCD người đại diện", "Ghi chú"]
    row = ["Công ty Một", "Doanh nghiệp", "Phường An Phú", CANARIES[0], f"Giám đốc, số {CANARIES[1]}"]
    batch = brought_in(place, "units", header, row)
    assert {"column": "Ghi chú", "text": NUMBER_MASKED} in batch.rows.get().notices
    unit = Unit.objects.get(name="Công ty Một")
    assert CANARIES[1] not in unit.note
    assert mask(CANARIES[1]) in unit.note
    assert CANARIES[0] not in json.dumps(list(ImportRow.objects.values()), default=str)


@pytest.mark.slow
def test_teams_and_certificates_come_in(place, unit):
    header = ["Đơn vị", "Tên đội, tổ bảo vệ", "Loại lực lượng", "Tổ trưởng", "Công ty dịch vụ bảo vệ"]
    rows = [
        ["Trường Mẫu", "Tổ bảo vệ", "Kiêm nhiệm", "Lê Văn A", ""],
        ["Trường Mẫu", "Thuê ngoài", "Thuê", "", "Công ty Mẫu"],
        ["Trường Mẫu", "Thiếu công ty", "Thuê", "", ""],
    ]
    batch = brought_in(place, "security-teams", header, *rows, commit=False)
    assert batch.counts["refused"] == 1
    assert "Thuê dịch vụ phải ghi công ty" in faults(batch)[0]
    assert brought_in(place, "security-teams", header, *rows[:2]).state == BatchState.COMMITTED
    assert set(SecurityTeam.objects.values_list("kind", flat=True)) == {"part_time", "hired"}
    GuardFactory(unit=unit, name="Lê Văn Một")
    header = ["Họ và tên", "Số GCN", "Nơi cấp", "Ngày cấp"]
    brought_in(place, "training-certificates", header, ["Lê Văn Một", "1/GCN", "Phòng An ninh kinh tế", "20/04/2026"])
    assert TrainingCertificate.objects.get().expires_on == datetime.date(2031, 4, 20)


@pytest.mark.slow
def test_a_changed_key_reaches_files_and_rows_that_wait(place, unit):
    row = ["1", "Chờ", "1980", "Trường Mẫu", "", "", CANARIES[0]]
    pending = brought_in(place, "guards", HEADER, row, commit=False)
    new = rotation.add_key()
    assert rotation.remaining() >= 2
    call_command("citizen_keys", "resume", verbosity=0)
    assert rotation.remaining() == 0
    rotation.drop_old_keys()
    path = Path(pending.file.storage.path(pending.file.name))
    assert key_of(path) == new
    workflow.commit(pending.pk, by=place.officer)
    assert Guard.objects.get().citizen_id.clear == CANARIES[0]


@pytest.mark.slow
def test_of_a_changed_key_nothing_is_left_in_lists_long_written(place, unit):
    old = keyring().name
    brought_in(place, "guards", HEADER, ["1", "Lê Văn Một", "1980", "Trường Mẫu", "", "", CANARIES[0]])
    assert f"cid1.{old}." in json.dumps(list(ImportRow.objects.values("values")))
    call_command("citizen_keys", "rotate", verbosity=0)
    call_command("citizen_keys", "retire", verbosity=0)
    assert f"cid1.{old}." not in json.dumps(list(ImportRow.objects.values("values")))
    assert Guard.objects.get().citizen_id.clear == CANARIES[0]


def test_a_typed_correction_is_taken(place, unit):
    row = ["1", "Chờ", "1980", "Trường Mẫu", "", "", "123456789"]
    batch = brought_in(place, "guards", HEADER, row, commit=False)
    found = batch.rows.get()
    ImportEdit.objects.create(
        batch=batch,
        worksheet=found.worksheet,
        number=found.number,
        column="Số CCCD",
        text=CANARIES[3],
        officer=place.officer,
    )
    workflow.run_check(batch.pk, by=place.officer)
    workflow.commit(batch.pk, by=place.officer)
    assert Guard.objects.get().citizen_id.clear == CANARIES[3]


def downloaded(answer):
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    for close in answer._resource_closers:
        close()
    return content


@pytest.mark.slow
def test_the_file_comes_back_whole_for_a_reason_that_is_written_down(place, unit, client):
    row = ["1", "Lê Văn Một", "1980", "Trường Mẫu", "", "", CANARIES[0]]
    batch = brought_in(place, "guards", HEADER, row)
    client.force_login(place.officer)
    address = f"/nhap-excel/{batch.pk}/tep-goc/"
    page = client.get(address)
    assert "Ghi lý do" in page.content.decode()
    assert CANARIES[0] not in page.content.decode()
    assert client.post(address, {"reason": "xem"}).status_code == 422
    assert not PersonalRead.objects.exists()
    answer = client.post(address, {"reason": "Đối chiếu với bản giấy của đơn vị"})
    assert CANARIES[0] in downloaded(answer)
    assert "no-store" in answer["Cache-Control"]
    read = PersonalRead.objects.get()
    assert (read.officer, read.label, read.reason) == (
        place.officer,
        batch.file_name,
        "Đối chiếu với bản giấy của đơn vị",
    )
    assert AuditEvent.objects.get(pk=read.event_id).label == f"Xem tệp gốc có số định danh: {batch.file_name}"


def test_a_number_in_a_column_of_another_name_asks_for_a_reason_too(place, unit, client):
    client.force_login(place.officer)
    for header, number, asks in (("Mã thẻ", CANARIES[0], True), ("Mã thẻ", "12", False), ("CMND", "", True)):
        header = ["Họ và tên", "Đơn vị", header]
        batch = workflow.upload(
            sheet_for("guards"), uploaded(header, [f"A {number}", "Trường Mẫu", number]), by=place.officer
        )
        answer = client.get(f"/nhap-excel/{batch.pk}/tep-goc/")
        assert answer.streaming != asks, header
        if answer.streaming:
            assert "Mã thẻ" in downloaded(answer)
    assert AuditEvent.objects.filter(kind="export", label__startswith="Tải tệp gốc").count() == 1
