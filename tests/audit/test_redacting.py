"""Values leave history only for the mask, only where it is written down, and nothing else of history moves."""

import pytest
from django.db import DatabaseError, connection, models, transaction

from movement_portal.audit.models import AuditEvent, Change, Redaction
from movement_portal.audit.recording import act, note
from movement_portal.audit.redacting import REMOVED, Cut, cut, redact, redact_labels
from movement_portal.lib.changes import MASK
from tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    with act("edit", label="Sửa hồ sơ đơn vị: Vũ Văn Cũ"):
        unit = UnitFactory(head_name="Vũ Văn Cũ", head_phone="0100000001")
        unit.head_name = "Vũ Văn Mới"
        unit.save()
    return unit


@pytest.fixture
def event():
    with act("command", label="Xóa dữ liệu cá nhân"):
        return note(kind="command", label="Xóa dữ liệu cá nhân", reason="24 tháng")


def rewritten(change, **values):
    """The change written anew past Django, as the database allows it or not."""
    with transaction.atomic():
        models.QuerySet(Change).filter(pk=change.pk).update(**values)


def test_values_give_way_to_the_mask_and_that_is_written_down(unit, event):
    created, changed = Change.objects.of(unit).order_by("id")
    assert redact([cut(created, {"head_name"}), Cut(changed, before=frozenset({"head_name"}))], event=event) == 2
    created, changed = Change.objects.of(unit).order_by("id")
    assert (created.after["head_name"], created.after["head_phone"]) == (MASK, "0100000001")
    assert (changed.before["head_name"], changed.after["head_name"]) == (MASK, "Vũ Văn Mới")
    assert created.label == unit.name
    kept = Redaction.objects.order_by("id")
    assert [(row.change_id, row.event_id, row.columns) for row in kept] == [
        (created.pk, event.pk, ["head_name"]),
        (changed.pk, event.pk, ["head_name"]),
    ]


def test_what_is_masked_already_is_not_written_down_again(unit, event):
    for expected in (1, 0):
        change = Change.objects.of(unit).earliest("id")
        assert redact([cut(change, {"head_name"}, label=True)], event=event) == expected
    assert Change.objects.of(unit).earliest("id").label == REMOVED


def test_labels_of_acts_lose_what_they_were_about(unit, event):
    named = AuditEvent.objects.get(label__endswith="Vũ Văn Cũ")
    assert redact_labels([named], event=event) == 1
    assert AuditEvent.objects.get(pk=named.pk).label == f"Sửa hồ sơ đơn vị: {REMOVED}"
    assert Redaction.objects.get().act_id == named.pk


@pytest.mark.parametrize(
    "values",
    [
        {"after": {"head_name": "Người Khác"}},
        {"after": {}},
        {"after": {"head_name": MASK, "more": MASK}},
        {"label": "khác"},
        {"version": 7},
        {"path": "000009"},
        {"object_id": 1},
        {"action": "delete"},
    ],
)
def test_the_door_lets_nothing_else_through(unit, event, values):
    change = Change.objects.of(unit).latest("id")
    Redaction.objects.create(event=event, change=change)
    with pytest.raises(DatabaseError, match="only ever added"):
        rewritten(change, **values)
    rewritten(change, before=dict.fromkeys(change.before, MASK), after=dict.fromkeys(change.after, MASK))


def test_without_a_written_reason_nothing_is_masked(unit, event):
    change = Change.objects.of(unit).latest("id")
    with pytest.raises(DatabaseError, match="only ever added"):
        rewritten(change, after=dict.fromkeys(change.after, MASK))
    named = AuditEvent.objects.get(label__endswith="Vũ Văn Cũ")
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        models.QuerySet(AuditEvent).filter(pk=named.pk).update(label=f"x: {REMOVED}")
    Redaction.objects.create(event=event, act=named)
    for values in ({"label": "khác"}, {"label": f"x: {REMOVED}", "reason": "khác"}):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            models.QuerySet(AuditEvent).filter(pk=named.pk).update(**values)


def test_what_is_written_down_stays(unit, event):
    row = Redaction.objects.create(event=event, change=Change.objects.of(unit).latest("id"))
    with pytest.raises(TypeError):
        row.save()
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        cursor.execute("UPDATE audit_redaction SET columns = '[]'")


def test_the_database_wants_one_row_named(event):
    with pytest.raises(DatabaseError, match="redaction_names_one_row"), transaction.atomic():
        Redaction.objects.create(event=event)
