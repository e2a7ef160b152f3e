"""Personal data leave records, history, readings and lists when their time is over, and not a day before."""

import datetime
import json

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from movement_portal.audit.models import AuditEvent, Change, Redaction
from movement_portal.audit.redacting import REMOVED
from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.vietnamese import fold, sort_key
from movement_portal.persons.models import PersonalRead
from movement_portal.persons.reading import put_down
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.models import ImportBatch, ImportRow
from movement_portal.spreadsheets.sheets import sheet_for
from tests import reference
from tests.factories import (
    GuardFactory,
    JurisdictionFactory,
    OfficerFactory,
    SecurityTeamFactory,
    SelfManagedModelFactory,
    TrainingCertificateFactory,
    TrainingCourseFactory,
    UnitFactory,
)
from tests.spreadsheets.lists import Place, uploaded
from units.enums import HoldingSubject
from units.models import Guard, HoldingPeriod, TrainingAttendance, TrainingCertificate, UnitMerge
from units.retention.rules import overdue, period_in_words, remove

pytestmark = pytest.mark.django_db

NUMBER = "000123456789"
NAME, CARD, PHONE = "Lê Văn Đã Thôi", "THE-77/NV", "0100000077"


def day(text):
    return datetime.date.fromisoformat(text)


def moment(text):
    return time_machine.travel(datetime.datetime.fromisoformat(f"{text}T03:00:00+00:00"), tick=True)


@pytest.fixture(autouse=True)
def held_clock():
    with moment("2026-11-22"):
        yield


def held_for(subject, months=24):
    """The office in charge has set a period."""
    HoldingPeriod.objects.create(
        subject=subject, months=months, basis="Quyết định 5/QĐ-CAT", valid_from=day("2026-01-01")
    )


def due(subject):
    return next(kind for kind in overdue() if kind.retention.subject == subject)


def everything_in_the_database():
    """Every cell of every table, as one text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts += [as_text(cell) for row in cursor.fetchall() for cell in row]
    return " ".join(texts)


def as_text(cell):
    """A cell as it reads: JSON is stored with its letters escaped."""
    if isinstance(cell, str) and cell[:1] in ("{", "["):
        cell = json.dumps(json.loads(cell), ensure_ascii=False)
    return str(cell)


# -- periods -----------------------------------------------------------------------------------------------------------
def test_the_files_set_no_period_and_nothing_is_due_then(capsys):
    reference.load("holding_periods")
    assert HoldingPeriod.objects.count() == len(HoldingSubject.values)
    assert not HoldingPeriod.objects.filter(months__isnull=False).exists()
    GuardFactory(ended_on=day("1990-01-01"), citizen_id=NUMBER)
    call_command("remove_personal_data", commit=True)
    out = capsys.readouterr().out
    assert out.count("Chưa đặt thời hạn: giữ nguyên") == len(HoldingSubject.values)
    assert "Không có gì hết thời hạn" in out
    assert Guard.objects.get().citizen_id.clear == NUMBER


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"months": 12}, "holdingperiod_has_source"),
        ({"months": 0, "basis": "QĐ 5"}, "holdingperiod_some_months"),
        ({"subject": "khác"}, "holdingperiod_subject_known"),
        ({"valid_to": datetime.date(2025, 1, 1)}, "holdingperiod_ends_after_start"),
    ],
)
def test_the_database_refuses_a_period_without_source_or_sense(values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        HoldingPeriod.objects.create(**{"subject": "guard", "valid_from": day("2026-01-01"), **values})


def test_the_page_of_personal_data_says_the_periods_with_their_source(client):
    held_for("guard", 60)
    assert "60 tháng" in period_in_words(HoldingSubject.GUARD)
    client.force_login(OfficerFactory())
    page = client.get(reverse("persons:personal_data")).content.decode()
    assert "60 tháng từ ngày thôi làm" in page
    assert "Quyết định 5/QĐ-CAT" in page
    assert "chưa đặt thời hạn, giữ nguyên" in page


def test_a_period_of_another_day_does_not_count():
    HoldingPeriod.objects.create(
        subject="guard", months=1, basis="QĐ 5", valid_from=day("2025-01-01"), valid_to=day("2026-01-01")
    )
    GuardFactory(ended_on=day("2020-01-01"))
    assert due("guard").due == ()


# -- numbers of guards -------------------------------------------------------------------------------------------------
def test_a_number_goes_when_neither_post_nor_certificate_needs_it():
    held_for("guard_number")
    gone = GuardFactory(ended_on=day("2024-11-21"), citizen_id=NUMBER, name=NAME)
    TrainingCertificateFactory(guard=gone, issued_on=day("2018-01-01"), expires_on=day("2023-01-01"))
    GuardFactory(ended_on=day("2024-11-22"), citizen_id="000123456780")
    GuardFactory(citizen_id="000123456781")
    certified = GuardFactory(ended_on=day("2020-01-01"), citizen_id="000123456782")
    TrainingCertificateFactory(guard=certified, issued_on=day("2020-01-01"), expires_on=day("2025-01-01"))
    kind = due("guard_number")
    assert [found.pk for found in kind.due] == [gone.pk]
    assert remove(kind).records == 1
    gone.refresh_from_db()
    assert (gone.citizen_id, gone.citizen_id_index, gone.name) == (None, None, NAME)
    assert Guard.objects.filter(citizen_id_index__isnull=False).count() == 3
    event = AuditEvent.objects.get(label__startswith="Xóa dữ liệu cá nhân hết thời hạn lưu")
    assert "24 tháng" in event.reason
    assert "Quyết định 5/QĐ-CAT" in event.reason
    assert due("guard_number").due == []


# -- guards ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def guard():
    """A guard who left long ago, entered, corrected, certified and looked at."""
    area = JurisdictionFactory()
    officer = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_RECORDS)
    with moment("2020-02-01"):
        guard = GuardFactory(
            unit=UnitFactory(jurisdiction=area, name="Trường Mẫu"), name="Lê Văn Nhầm", birth_year=1985,
            citizen_id=NUMBER, staff_card_number=CARD, started_on=day("2015-01-01"), education="college",
        )  # fmt: skip
        TrainingCertificateFactory(guard=guard, number="7/GCN", issued_on=day("2019-01-01"))
        TrainingCertificateFactory(guard=guard, number="8/GCN", issued_on=day("2020-01-01"))
        TrainingAttendance.objects.create(course=TrainingCourseFactory(), guard=guard)
        put_down(guard, by=officer, reason="Đối chiếu hồ sơ gốc", what="Số định danh cá nhân")
        guard.name, guard.ended_on = NAME, day("2021-06-30")
        guard.save()
    return guard


def test_nothing_of_a_guard_is_left_but_what_is_counted(guard, capsys):
    held_for("guard")
    other = GuardFactory(unit=guard.unit, name="Vũ Còn Làm", birth_year=1985)
    call_command("remove_personal_data")
    out = capsys.readouterr().out
    assert f"- {NAME}, Trường Mẫu, từ 30/06/2021" in out
    assert "Chạy thử: chưa xóa gì" in out
    guard.refresh_from_db()
    assert guard.name == NAME

    call_command("remove_personal_data", commit=True)
    assert "Đã xóa ở 1 bản ghi" in capsys.readouterr().out
    guard.refresh_from_db()
    assert (guard.name, guard.birth_year, guard.citizen_id, guard.staff_card_number) == (REMOVED, None, None, "")
    assert (guard.education, guard.started_on, guard.ended_on) == ("college", day("2015-01-01"), day("2021-06-30"))
    assert guard.erased_on == day("2026-11-22")
    assert guard.attendances.count() == 1
    certificates = TrainingCertificate.objects.filter(guard=guard).order_by("issued_on")
    assert [row.number for row in certificates] == [f"{REMOVED} 1", f"{REMOVED} 2"]
    assert [row.issued_on.year for row in certificates] == [2019, 2020]

    held = everything_in_the_database()
    told = (NAME, "Lê Văn Nhầm", CARD, "7/GCN", "8/GCN", NUMBER)
    assert [text for text in told if text in held or f" {fold(text)} " in held or sort_key(text) in held] == []
    assert "Vũ Còn Làm" in held
    other.refresh_from_db()
    assert other.birth_year == 1985


def test_history_tells_as_before_who_did_what_and_when(guard):
    held_for("guard")
    before = list(Change.objects.of(guard).order_by("id").values_list("id", "event", "action", "version", "path"))
    reads = list(PersonalRead.objects.values_list("id", "event", "officer", "reason", "what"))
    remove(due("guard"))
    after = Change.objects.of(guard).order_by("id")
    assert list(after.values_list("id", "event", "action", "version", "path"))[:-1] == before
    assert after[0].after["education"] == "college"
    assert list(PersonalRead.objects.values_list("id", "event", "officer", "reason", "what")) == reads
    assert PersonalRead.objects.get().label == REMOVED
    assert AuditEvent.objects.filter(label=f"Xem số định danh cá nhân: {REMOVED}").count() == 1
    assert Redaction.objects.filter(change__isnull=False).count() >= 5
    assert due("guard").due == []


def test_a_guard_without_data_is_shown_and_written_no_more(guard, client):
    held_for("guard")
    remove(due("guard"))
    officer = OfficerFactory(jurisdiction=guard.unit.jurisdiction, jurisdiction__function=Function.MANAGE_RECORDS)
    client.force_login(officer)
    page = client.get(guard.get_absolute_url()).content.decode()
    assert "Dữ liệu cá nhân đã xóa ngày 22/11/2026" in page
    assert client.get(reverse("forces:guard_edit", args=[guard.pk])).url == guard.get_absolute_url()
    assert client.post(reverse("admin:units_guard_change", args=[guard.pk]), {"name": "x"}).status_code == 403
    guard.refresh_from_db()
    guard.name = NAME
    with pytest.raises(IntegrityError, match="guard_erased_tells_of_nobody"), transaction.atomic():
        guard.save()


def test_history_forgets_a_guard_who_was_deleted(guard):
    held_for("guard")
    with moment("2022-01-01"):
        guard.delete()
    kind = due("guard")
    assert [found.label for found in kind.due] == [f"{NAME}, Trường Mẫu (đã xóa khỏi sổ)"]
    remove(kind)
    assert not [text for text in (NAME, CARD, "7/GCN") if text in everything_in_the_database()]
    assert due("guard").due == []


def test_the_page_of_history_shows_that_a_value_is_gone(guard, client):
    held_for("guard")
    remove(due("guard"))
    client.force_login(OfficerFactory(jurisdiction=guard.unit.jurisdiction))
    page = client.get(guard.get_absolute_url()).content.decode()
    assert "(không hiển thị)" in page
    assert NAME not in page


# -- lists -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Place()


def brought_in(place, sheet, *rows):
    batch = workflow.upload(sheet_for(sheet), uploaded(*rows), by=place.officer)
    workflow.run_check(batch.pk, by=place.officer)
    return workflow.commit(batch.pk, by=place.officer)


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


# -- heads, contacts, leaders ------------------------------------------------------------------------------------------
def test_history_forgets_former_heads_and_keeps_the_present_one():
    held_for("unit_person")
    with moment("2020-01-01"):
        unit = UnitFactory(name="Trường Mẫu", head_name="Vũ Thứ Nhất", head_phone=PHONE, contact_name="Vũ Liên Hệ")
    with moment("2022-01-01"):
        unit.head_name, unit.head_phone = "Vũ Thứ Hai", "0100000078"
        unit.save()
    with moment("2026-01-01"):
        unit.head_name = "Vũ Thứ Ba"
        unit.save()
    kind = due("unit_person")
    assert [found.label for found in kind.due] == ["Trường Mẫu: tên cũ trong lịch sử"]
    remove(kind)
    held = everything_in_the_database()
    assert [name for name in ("Vũ Thứ Nhất", PHONE) if name in held] == []
    # The second left ten months ago; the third and the contact are there.
    assert all(name in held for name in ("Vũ Thứ Hai", "Vũ Thứ Ba", "Vũ Liên Hệ", "0100000078"))
    unit.refresh_from_db()
    assert (unit.head_name, unit.head_phone) == ("Vũ Thứ Ba", "0100000078")
    assert due("unit_person").due == []


def test_a_unit_long_dissolved_names_nobody_any_more():
    held_for("unit_person")
    with moment("2020-01-01"):
        gone = UnitFactory(
            status="dissolved", status_on=day("2020-01-01"), head_name="Vũ Giải Thể", contact_phone=PHONE
        )
        UnitFactory(status="suspended", status_on=day("2020-01-01"), head_name="Vũ Tạm Ngừng")
    remove(due("unit_person"))
    gone.refresh_from_db()
    assert (gone.head_name, gone.contact_phone) == ("", "")
    held = everything_in_the_database()
    assert "Vũ Giải Thể" not in held
    assert " vu giai the " not in held
    assert PHONE not in held
    assert "Vũ Tạm Ngừng" in held


def test_leaders_of_teams_that_ended_and_of_rows_kept_aside_are_forgotten():
    held_for("team_leader")
    with moment("2020-01-01"):
        team = SecurityTeamFactory(leader_name="Ngô Tổ Trưởng", ended_on=day("2020-01-01"))
        standing = SecurityTeamFactory(leader_name="Ngô Còn Làm")
        merge = UnitMerge.objects.create(
            survivor=standing.unit, absorbed=team.unit, reason="Trùng", merged_by=OfficerFactory(),
            event_id="00000000-0000-0000-0000-000000000001",
            set_aside=[
                {"model": "units.securityteam", "pk": 9, "fields": {"name": "Tổ", "leader_name": "Ngô Cất Riêng"}}
            ],
        )  # fmt: skip
    remove(due("team_leader"))
    team.refresh_from_db()
    merge.refresh_from_db()
    assert team.leader_name == ""
    assert merge.set_aside[0]["fields"] == {"name": "Tổ", "leader_name": "", "leader_phone": ""}
    held = everything_in_the_database()
    assert "Ngô Tổ Trưởng" not in held
    assert "Ngô Cất Riêng" not in held
    assert "Ngô Còn Làm" in held


def test_heads_of_models_that_ended_are_forgotten():
    held_for("model_head")
    with moment("2020-01-01"):
        ended = SelfManagedModelFactory(head_name="Đỗ Trưởng Cũ", head_phone=PHONE)
        type(ended).objects.filter(pk=ended.pk).update(
            status="dissolved", status_on=day("2020-01-01"), ended_on=day("2020-01-01")
        )
        SelfManagedModelFactory(head_name="Đỗ Trưởng Nay")
        ended.groups.create(name="Tổ 1", head_name="Đỗ Tổ Trưởng")
    remove(due("model_head"))
    held = everything_in_the_database()
    assert [name for name in ("Đỗ Trưởng Cũ", PHONE, "Đỗ Tổ Trưởng") if name in held] == []
    assert "Đỗ Trưởng Nay" in held


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


@pytest.mark.parametrize("count", [1, 12])
def test_the_questions_do_not_grow_with_the_guards(count, django_assert_max_num_queries):
    held_for("guard")
    unit = UnitFactory()
    for _ in range(count):
        GuardFactory(unit=unit, ended_on=day("2020-01-01"))
    kind = due("guard")
    with django_assert_max_num_queries(40):
        remove(kind)
