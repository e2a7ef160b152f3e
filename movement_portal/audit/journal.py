"""The journal: acts of many records, each told in one line."""

from dataclasses import dataclass

from django.db.models import Count, Max

from movement_portal.audit.enums import ChangeAction, EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.presenting import model_of
from movement_portal.lib.numbers import written

#: An act of which the officer sees no row.
BEYOND = "Thay đổi ngoài phần dữ liệu đồng chí được xem"


@dataclass(frozen=True, slots=True)
class JournalLine:
    event: AuditEvent
    #: What the act did, one text for each kind of record: “Sửa 25 đơn vị”.
    deeds: list[str]

    @property
    def text(self):
        """The act in one line: a single act says it by its own label, one of many rows with how many they are."""
        label = self.event.label
        if label and self.event.kind == EventKind.EDIT:
            return label
        return ": ".join(filter(None, (label, "; ".join(self.deeds)))) or BEYOND


def deeds_of(events, user):
    """What each event did to records within reach, by event; one query.

    Rows that go with a record (where a new unit lies) are not told beside the record itself.
    """
    rows = (
        Change.objects.visible_to(user)
        .filter(event__in=[event.pk for event in events])
        .values("event_id", "model", "owner_model", "action")
        .annotate(count=Count("pk"), name=Max("label"))
        .order_by("event_id", "-count", "model", "action")
    )
    rows = list(rows)
    told = {(row["event_id"], row["model"]) for row in rows}
    deeds: dict = {}
    for row in rows:
        if (row["event_id"], row["owner_model"]) in told:
            continue
        model = model_of(row["model"])
        kind = str(model._meta.verbose_name) if model else row["model"]
        what = f"{kind} “{row['name']}”" if row["count"] == 1 else f"{written(row['count'])} {kind}"
        deeds.setdefault(row["event_id"], []).append(f"{ChangeAction(row['action']).label} {what}")
    return deeds
