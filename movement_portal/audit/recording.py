"""Writing history: the recorder that puts changes down under the event of the act under way."""

import functools
import sys
from collections.abc import Sequence
from pathlib import PurePath

from django.db import connections, models, router

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.lib import bulk, wholes
from movement_portal.lib.acts import Act, act, current_act, describe
from movement_portal.lib.bulk import chunks
from movement_portal.lib.changes import RowChange
from movement_portal.lib.masking import mask_in_text

__all__ = ["act", "current_act", "describe", "note", "unnamed_act", "write"]

#: Changes written by one statement.
BATCH = 20_000


def unnamed_act() -> Act:
    """What a change outside any act is put down to: the command under way, or else the system."""
    program, *words = sys.argv
    if PurePath(program).name == "manage.py" and words:
        return Act(EventKind.COMMAND, label=f"Lệnh {words[0]}")
    return Act(EventKind.SYSTEM)


def write(changes: Sequence[RowChange]) -> None:
    """Write the changes under the event of the act under way; the caller's transaction holds both.

    Where a script collects the writes, it collects these as well.
    """
    doing = current_act() or unnamed_act()
    script, using = bulk.script.get(), router.db_for_write(Change)
    if script:
        script.first(doing.id, functools.partial(_write_event_once, doing))
    else:
        _write_event_once(doing)
    # Keys of the history are drawn as it is written: they tell in which order acts came to be.
    keys = [] if script else bulk.draw_keys(Change, len(changes), using=using)
    for number, batch in enumerate(chunks(changes, BATCH)):
        columns = [
            [doing.id] * len(batch),
            [change.model._meta.label_lower for change in batch],
            [change.pk for change in batch],
            [change.action for change in batch],
            [change.version for change in batch],
            [change.label for change in batch],
            [change.owner_model._meta.label_lower if change.owner_pk else "" for change in batch],
            [change.owner_pk for change in batch],
            [change.before for change in batch],
            [change.after for change in batch],
            [change.path for change in batch],
        ]
        if script:
            connection = connections[using]
            ready = [bulk.prepared(field, each, connection) for field, each in zip(_columns(), columns, strict=True)]
            script.insert(Change, _columns(), ready, draw=True)
        else:
            own = keys[number * BATCH : (number + 1) * BATCH]
            bulk.insert_columns(Change, [Change._meta.pk, *_columns()], [own, *columns], using=using)


@functools.cache
def _columns() -> list[models.Field]:
    """The fields of a change in the order in which they are written, the key left out."""
    names = (
        "event", "model", "object_id", "action", "version", "label", "owner_model", "owner_id", "before", "after",
        "path",
    )  # fmt: skip
    return [Change._meta.get_field(name) for name in names]


def note(*, kind: str, label: str, reason: str = "") -> AuditEvent:
    """Put the act under way down although it changes nothing: a list that left the portal."""
    doing = current_act() or unnamed_act()
    doing.kind, doing.label, doing.reason = kind, label, reason
    return _write_event(doing)


def _write_event_once(doing: Act) -> None:
    """Write the event of an act, unless the transaction under way is known to hold it."""
    whole = wholes.undivided()
    if whole is None or doing.id not in whole.done:
        _write_event(doing)
    if whole is not None:
        whole.done.add(doing.id)


def _write_event(doing: Act) -> AuditEvent:
    officer = doing.by if doing.by is not None and doing.by.is_authenticated else None
    office = officer.office if officer else None
    event = AuditEvent(
        id=doing.id,
        kind=doing.kind,
        # A number typed into a reason, or standing in a name, is not kept whole.
        label=mask_in_text(doing.label)[:200],
        reason=mask_in_text(doing.reason),
        officer_id=officer.pk if officer else None,
        officer_name=officer.full_name if officer else "",
        office=office,
        office_name=office.name if office else "",
        path=office.jurisdiction.path if office else "",
        request_id=doing.request_id,
    )
    # A second write of the same act, or one after a rollback, finds or makes the same event.
    AuditEvent.objects.bulk_create([event], ignore_conflicts=True)
    return event
