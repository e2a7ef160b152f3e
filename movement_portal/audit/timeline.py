"""The history of one record as its page tells it: act by act, the newest first."""

from dataclasses import dataclass, field

from django.db import models
from django.urls import reverse

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.presenting import Actor, PresentedChange, actors_of, present

#: Changes shown on a record's own page; all of them stand on its history page.
SHOWN = 20


@dataclass(slots=True)
class Entry:
    """One act and what it changed of the record and of the rows that belong to it."""

    event: AuditEvent
    by: Actor
    changes: list[PresentedChange] = field(default_factory=list)
    #: Address of the act's page; empty where the officer may not open it.
    url: str = ""

    @property
    def sources(self):
        """Lines of files that the changes were taken from, each once."""
        return list(dict.fromkeys(presented.source for presented in self.changes if presented.source))

    @property
    def is_routine(self):
        """An ordinary edit, which needs no further word."""
        return self.event.kind == EventKind.EDIT


@dataclass(frozen=True, slots=True)
class Timeline:
    """What ``audit/_timeline.html`` prints; ``more_url`` leads to the whole history when this is not all of it."""

    entries: list[Entry]
    more_url: str = ""


def timeline_of(record: models.Model, user) -> Timeline:
    """The latest changes of a record the officer may view: in as many queries however many there are."""
    changes = list(Change.objects.told_to(user, record).select_related("event").order_by("-id")[: SHOWN + 1])
    more = history_url(record) if len(changes) > SHOWN else ""
    return Timeline(entries_of(changes[:SHOWN], user), more)


def history_url(record: models.Model) -> str:
    """Address of the whole history of a record."""
    return reverse("audit:record_history", args=[record._meta.label_lower, record.pk])


def entries_of(changes: list[Change], user) -> list[Entry]:
    """Changes, the newest first and their events loaded, put together act by act."""
    entries: list[Entry] = []
    actors = actors_of({change.event for change in changes}, user)
    for presented in present(changes, user):
        event = presented.change.event
        if not entries or entries[-1].event.pk != event.pk:
            entries.append(Entry(event, actors[event.pk]))
        entries[-1].changes.append(presented)
    if user.has_perm("audit.view_auditevent"):
        events = AuditEvent.objects.open_to(user).filter(pk__in=[entry.event.pk for entry in entries])
        opened = set(events.values_list("pk", flat=True))
        for entry in entries:
            if entry.event.pk in opened:
                entry.url = reverse("audit:event_detail", args=[entry.event.pk])
    return entries
