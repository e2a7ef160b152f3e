"""Personal data of guards leave records, history and readings when their time is over, and not a day before."""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from movement_portal.audit.models import AuditEvent, Change, Redaction
from movement_portal.audit.redacting import REMOVED
from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.vietnamese import fold, given_sort_key, sort_key
from movement_portal.persons.models import PersonalRead
from tests.factories import (
    GuardFactory,
    OfficerFactory,
    TrainingCertificateFactory,
    UnitFactory,
)
from tests.units.test_retention.world import CARD, NAME, NUMBER, day, due, everything_in_the_database, held_for, moment
from units.models import Guard, TrainingCertificate
from units.retention.rules import remove

pytestmark = pytest.mark.django_db


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


@pytest.mark.slow
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
    forms = [(text, f" {fold(text)} ", sort_key(text), given_sort_key(text)) for text in told]
    assert [text for text, *keys in forms if any(form in held for form in (text, *keys))] == []
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_history_forgets_a_guard_who_was_deleted(guard):
    held_for("guard")
    with moment("2022-01-01"):
        guard.delete()
    kind = due("guard")
    assert [found.label for found in kind.due] == [f"{NAME}, Trường Mẫu (đã xóa khỏi sổ)"]
    remove(kind)
    assert not [text for text in (NAME, CARD, "7/GCN") if text in everything_in_the_database()]
    assert due("guard").due == []


def test_a_guard_deleted_after_midnight_left_on_the_day_of_the_office(guard):
    held_for("guard")
    # Half past midnight of 2 January in Hanoi.
    with time_machine.travel(datetime.datetime(2022, 1, 1, 17, 30, tzinfo=datetime.UTC), tick=False):
        guard.delete()
    assert [found.ended_on for found in due("guard").due] == [datetime.date(2022, 1, 2)]


@pytest.mark.slow
def test_the_page_of_history_shows_that_a_value_is_gone(guard, client):
    held_for("guard")
    remove(due("guard"))
    client.force_login(OfficerFactory(jurisdiction=guard.unit.jurisdiction))
    page = client.get(guard.get_absolute_url()).content.decode()
    assert "(không hiển thị)" in page
    assert NAME not in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_questions_do_not_grow_with_the_guards(count, django_assert_max_num_queries):
    held_for("guard")
    unit = UnitFactory()
    for _ in range(count):
        GuardFactory(unit=unit, ended_on=day("2020-01-01"))
    kind = due("guard")
    # Every kind of record near the unit is asked once for texts that tell a name.
    with django_assert_max_num_queries(80):
        remove(kind)
