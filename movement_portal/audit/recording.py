"""Writing history: the act under way, and the recorder that puts its changes down."""

import contextlib
import contextvars
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.lib.changes import RowChange

BATCH = 1000


@dataclass
class Act:
    """What is being done and by whom; its event is written with the first change it makes."""

    kind: EventKind
    by: Any = None
    label: str = ""
    reason: str = ""
    request_id: str = ""
    id: uuid.UUID = field(default_factory=uuid.uuid4)


_act: contextvars.ContextVar[Act | None] = contextvars.ContextVar("act", default=None)


def current_act() -> Act | None:
    """The act under way in this thread, or None."""
    return _act.get()


@contextlib.contextmanager
def act(kind: EventKind, *, by: Any = None, label: str = "", reason: str = "", request_id: str = "") -> Iterator[Act]:
    """Everything changed inside is one event; nested acts keep their own."""
    outer = _act.get()
    if outer is not None:
        by, request_id = outer.by if by is None else by, request_id or outer.request_id
    doing = Act(kind, by, label, reason, request_id)
    token = _act.set(doing)
    try:
        yield doing
    finally:
        _act.reset(token)


def command_act(label: str) -> contextlib.AbstractContextManager[Act]:
    """The act of a management command."""
    return act(EventKind.COMMAND, label=label)


def describe(*, label: str = "", reason: str = "", kind: EventKind | None = None) -> None:
    """Say of the act under way what it does and why, before its first change."""
    if doing := _act.get():
        doing.label = label or doing.label
        doing.reason = reason or doing.reason
        doing.kind = kind or doing.kind


def unnamed_act() -> Act:
    """What a change outside any act is put down to: the command under way, or else the system."""
    program, *words = sys.argv
    if PurePath(program).name == "manage.py" and words:
        return Act(EventKind.COMMAND, label=f"Lệnh {words[0]}")
    return Act(EventKind.SYSTEM)


def write(changes: Sequence[RowChange]) -> None:
    """Write the changes under the event of the act under way; the caller's transaction holds both."""
    doing = _act.get() or unnamed_act()
    officer = doing.by if doing.by is not None and doing.by.is_authenticated else None
    office = officer.office if officer else None
    event = AuditEvent(
        id=doing.id,
        kind=doing.kind,
        label=doing.label[:200],
        reason=doing.reason,
        officer_id=officer.pk if officer else None,
        officer_name=officer.full_name if officer else "",
        office=office,
        office_name=office.name if office else "",
        path=office.jurisdiction.path if office else "",
        request_id=doing.request_id,
    )
    # A second write of the same act, or one after a rollback, finds or makes the same event.
    AuditEvent.objects.bulk_create([event], ignore_conflicts=True)
    Change.objects.bulk_create(
        [
            Change(
                event_id=event.id,
                model=change.model._meta.label_lower,
                object_id=change.pk,
                action=change.action,
                version=change.version,
                label=change.label,
                owner_model=change.owner_model._meta.label_lower if change.owner_pk else "",
                owner_id=change.owner_pk,
                before=change.before,
                after=change.after,
                path=change.path,
            )
            for change in changes
        ],
        batch_size=BATCH,
    )
