"""Transactions that stand or fall as a whole: no marks inside, history together at the end."""

import contextlib

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.recording import act
from movement_portal.lib import wholes
from movement_portal.lib.changes import StaleRecord
from tests.factories import UnitFactory
from units.models import Unit

pytestmark = pytest.mark.django_db


class Broken(Exception):
    """What goes wrong in the middle."""


@pytest.fixture
def unit():
    return UnitFactory(name="Sở A", note="")


@pytest.fixture
def other():
    return UnitFactory(name="Sở B", note="")


def note(unit, text):
    unit.note = text
    unit.save()


def go_back_after(*writes):
    """Writes behind a mark that is gone back to."""
    with contextlib.suppress(Broken), transaction.atomic():
        for write in writes:
            write()
        raise Broken


def write_whole(*writes):
    with wholes.whole(using="default"):
        for write in writes:
            write()


def fail():
    raise Broken


def notes_in_history():
    return [change.after["note"] for change in Change.objects.order_by("id") if "note" in change.after]


def test_history_is_written_at_the_end_in_the_order_of_the_writes(unit, other):
    with wholes.whole(using="default"):
        note(unit, "một")
        note(other, "hai")
        assert notes_in_history() == []
        note(unit, "ba")
    assert notes_in_history() == ["một", "hai", "ba"]


def test_what_is_written_is_seen_at_once(unit):
    with wholes.whole(using="default"):
        note(unit, "một")
        assert Unit.objects.get(pk=unit.pk).note == "một"


def test_no_marks_are_set_and_the_history_costs_the_same_for_many_writes(unit):
    asked = []
    for count in (2, 4):
        with CaptureQueriesContext(connection) as captured, wholes.whole(using="default"):
            for number in range(count):
                Unit.objects.filter(pk=unit.pk).update(note=f"{count}/{number}")
        statements = [query["sql"] for query in captured]
        assert sum(sql.startswith("SAVEPOINT") for sql in statements) == 1
        asked.append([sql for sql in statements if "audit_" in sql])
    assert len(asked[0]) == len(asked[1])


def test_a_failure_leaves_neither_write_nor_history(unit, other):
    with pytest.raises(Broken):
        write_whole(lambda: note(unit, "một"), lambda: note(other, "hai"), fail)
    assert (notes_in_history(), set(Unit.objects.values_list("note", flat=True))) == ([], {""})


def test_a_write_that_fails_makes_all_fail(unit):
    """Nobody may go on as if a part had not failed: the database refuses every further word."""
    stale = Unit.objects.get(pk=unit.pk)

    def go_on_all_the_same():
        with contextlib.suppress(StaleRecord):
            note(stale, "hai")
        Unit.objects.count()

    with pytest.raises(transaction.TransactionManagementError):
        write_whole(lambda: note(unit, "một"), go_on_all_the_same)
    assert (notes_in_history(), Unit.objects.get().note) == ([], "")


def test_a_mark_of_ones_own_is_gone_back_to_with_its_history(unit, other):
    with wholes.whole(using="default"):
        note(unit, "một")
        go_back_after(lambda: note(other, "hai"))
        with transaction.atomic():
            note(Unit.objects.get(pk=other.pk), "ba")
        note(unit, "bốn")
    assert notes_in_history() == ["một", "ba", "bốn"]


def test_a_whole_inside_a_mark_of_ones_own_goes_with_it(unit, other):
    with wholes.whole(using="default"):
        note(unit, "một")
        go_back_after(lambda: write_whole(lambda: note(other, "hai")))
    assert notes_in_history() == ["một"]


def test_a_whole_inside_another_is_part_of_it(unit, other):
    with wholes.whole(using="default"):
        note(unit, "một")
        with wholes.whole(using="default"):
            note(other, "hai")
        assert notes_in_history() == []
    assert notes_in_history() == ["một", "hai"]


def test_each_change_stays_with_the_act_that_made_it(unit, other):
    with act(EventKind.IMPORT, label="ngoài") as outer, wholes.whole(using="default"):
        note(unit, "một")
        with act(EventKind.EDIT, label="trong") as inner:
            note(other, "hai")
        note(unit, "ba")
    told = {event.pk: [change.after["note"] for change in event.changes.order_by("id")] for event in acts(outer, inner)}
    assert told == {outer.id: ["một", "ba"], inner.id: ["hai"]}


def acts(*doing):
    return AuditEvent.objects.filter(pk__in=[each.id for each in doing])


def test_the_event_of_an_act_is_written_once(unit, other):
    with act(EventKind.IMPORT), CaptureQueriesContext(connection) as captured, wholes.whole(using="default"):
        note(unit, "một")
        with act(EventKind.EDIT):
            note(other, "hai")
        note(unit, "ba")
    events = [query["sql"] for query in captured if 'INTO "audit_auditevent"' in query["sql"]]
    assert len(events) == 2


def test_many_changes_do_not_stay_in_memory(unit, monkeypatch):
    monkeypatch.setattr(wholes, "MOST", 2)
    with wholes.whole(using="default"):
        note(unit, "một")
        assert notes_in_history() == []
        note(unit, "hai")
        assert notes_in_history() == ["một", "hai"]
