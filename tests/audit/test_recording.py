"""Whose act a change is put down to."""

import sys
import threading

import pytest

from movement_portal.audit.commands import AuditedCommand
from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.recording import act, current_act, describe
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units.models import Grouping

pytestmark = pytest.mark.django_db


def grouping(name="Y tế"):
    return Grouping.objects.create(kind="sector", name=name)


def event_of(record):
    return Change.objects.of(record).latest("id").event


def test_change_outside_any_act_is_the_systems():
    event = event_of(grouping())
    assert (event.kind, event.officer, event.path) == (EventKind.SYSTEM, None, "")


def test_change_of_a_command_names_the_command(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/somewhere/manage.py", "shell"])
    event = event_of(grouping())
    assert (event.kind, event.label) == (EventKind.COMMAND, "Lệnh shell")


def test_audited_command_is_one_act_named_after_it():
    class Command(AuditedCommand):
        def handle(self, **options):
            for name in ("Một", "Hai"):
                grouping(name)

    Command.__module__ = "units.management.commands.load_groupings"
    Command().execute(no_color=True, force_color=False, skip_checks=True)
    event = AuditEvent.objects.get(kind=EventKind.COMMAND)
    assert (event.label, event.officer, event.changes.count()) == ("Lệnh load_groupings", None, 2)


def test_nested_act_is_its_own_event_by_the_same_officer():
    officer = OfficerFactory()
    with act(EventKind.EDIT, by=officer, request_id="r1") as outer:
        before = grouping("Một")
        with act(EventKind.BULK, label="Hàng loạt") as inner:
            within = grouping("Hai")
        after = grouping("Ba")
    assert [event_of(row).pk for row in (before, within, after)] == [outer.id, inner.id, outer.id]
    assert (event_of(within).officer, event_of(within).request_id) == (officer, "r1")


def test_act_ends_with_an_error_too():
    with pytest.raises(RuntimeError), act(EventKind.BULK):
        raise RuntimeError
    assert current_act() is None


def test_acts_of_two_threads_do_not_meet():
    seen = []
    with act(EventKind.BULK):
        thread = threading.Thread(target=lambda: seen.append(current_act()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_act_is_described_before_its_first_change():
    with act(EventKind.EDIT):
        describe(label="Đổi tên", reason="Theo quyết định", kind=EventKind.BULK)
        event = event_of(grouping())
    assert (event.label, event.reason, event.kind) == ("Đổi tên", "Theo quyết định", EventKind.BULK)


def test_event_keeps_names_as_they_were():
    area = JurisdictionFactory()
    officer = OfficerFactory(full_name="Lê Văn Mẫu", jurisdiction=area)
    with act(EventKind.EDIT, by=officer):
        event = event_of(UnitFactory(jurisdiction=area))
    officer.full_name = "Lê Văn Khác"
    officer.save()
    event.refresh_from_db()
    assert (event.officer_name, event.office_name, event.path) == ("Lê Văn Mẫu", officer.office.name, area.path)


def test_request_is_one_act_of_its_officer(client):
    client.force_login(OfficerFactory())
    response = client.get("/nhat-ky/")
    assert len(response["X-Request-ID"]) == 32
