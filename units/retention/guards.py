"""Guards who have left: their numbers, then all that tells who they were; the row stays to be counted."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from movement_portal.audit.enums import ChangeAction
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.redacting import REMOVED, Cut, cut, redact, redact_labels
from movement_portal.lib.bulk import chunks
from movement_portal.lib.changes import MASK
from movement_portal.lib.dates import beginning_of, today
from movement_portal.persons.models import PersonalRead
from movement_portal.spreadsheets.forgetting import forget_records
from units.enums import HoldingSubject
from units.models import Guard, TrainingCertificate
from units.retention.mentions import Named
from units.retention.rules import Due, Erased, Retention, register

#: Columns that tell who a guard is, and what they hold afterwards.
EMPTY = {
    "name": REMOVED,
    "birth_on": None,
    "birth_year": None,
    "staff_card_number": "",
    "staff_card_on": None,
    "staff_card_returned_on": None,
    "citizen_id": None,
}
GUARD, CERTIFICATE = Guard._meta.label_lower, TrainingCertificate._meta.label_lower


# -- numbers -----------------------------------------------------------------------------------------------------------
def find_numbers(before: datetime.date) -> list[Due]:
    """Guards with a number who left before the day and hold no certificate that ran on until then."""
    held = TrainingCertificate.objects.filter(guard=OuterRef("pk"), withdrawn_on__isnull=True, expires_on__gte=before)
    guards = Guard.objects.filter(ended_on__lt=before, citizen_id_index__isnull=False)
    return _due(guards.exclude(Exists(held)))


def erase_numbers(due: Sequence[Due], before: datetime.date, event: AuditEvent) -> Erased:
    """Take the numbers out of the register and of the lists they came in; history never held them."""
    done = Erased()
    for part in chunks([each.pk for each in due]):
        guards = list(Guard.objects.filter(pk__in=part))
        for guard in guards:
            guard.citizen_id = None
        Guard.objects.bulk_update(guards, ["citizen_id"])
        done += Erased(len(guards), 0, forget_records(Guard, part, fields=["citizen_id"]))
    return done


def _due(guards) -> list[Due]:
    rows = guards.select_related("unit").order_by("ended_on", "id")
    return [Due(guard.pk, str(guard), guard.ended_on) for guard in rows.iterator(chunk_size=2_000)]


# -- persons -----------------------------------------------------------------------------------------------------------
def find_guards(before: datetime.date) -> list[Due]:
    """Guards who left before the day, and those deleted from the register before it, whom history still tells of."""
    there = _due(Guard.objects.filter(ended_on__lt=before, erased_on__isnull=True))
    deleted = Change.objects.filter(
        model=GUARD, action=ChangeAction.DELETE, event__at__lt=beginning_of(before)
    ).exclude(label=REMOVED)
    gone = deleted.order_by("id").values_list("object_id", "label", "event__at")
    return [*there, *(Due(pk, f"{label} (đã xóa khỏi sổ)", timezone.localdate(at)) for pk, label, at in gone)]


def erase_guards(due: Sequence[Due], before: datetime.date, event: AuditEvent) -> Erased:
    """Leave of each guard what is counted: unit, role, kind, education, days, courses, days of certificates."""
    done = Erased()
    for part in chunks([each.pk for each in due]):
        changes = _changes_of(part)
        certificates = {change.object_id for change in changes if change.model == CERTIFICATE}
        acts = _acts_naming(changes, part)
        _empty(part)
        # Anew: what was just written holds the old values too.
        redacted = redact([_cut(change) for change in _changes_of(part)], event=event)
        reads = PersonalRead.objects.filter(model=GUARD, object_id__in=part).exclude(label=REMOVED)
        acts |= set(reads.values_list("event", flat=True))
        redact_labels(list(AuditEvent.objects.filter(pk__in=acts)), event=event)
        models.QuerySet.update(models.QuerySet(PersonalRead).filter(pk__in=reads.values("pk")), label=REMOVED)
        rows = forget_records(Guard, part) + forget_records(TrainingCertificate, certificates)
        done += Erased(len(part), redacted, rows)
    return done


def _changes_of(pks) -> list[Change]:
    """The history of the guards and of what belongs to them."""
    own = Q(model=GUARD, object_id__in=pks) | Q(owner_model=GUARD, owner_id__in=pks)
    return list(Change.objects.filter(own).order_by("id"))


def _cut(change: Change) -> Cut:
    """Out of the history of a guard what tells who it was; every label of it and of its parts names the person."""
    columns = EMPTY if change.model == GUARD else {"number"} if change.model == CERTIFICATE else ()
    return cut(change, columns, label=True)


def people(due: Sequence[Due], before: datetime.date) -> Iterator[Named]:
    """What the guards are and were called, each with the unit."""
    for part in chunks([each.pk for each in due]):
        yield from (Named(*row) for row in Guard.objects.filter(pk__in=part).values_list("name", "unit"))
        for change in Change.objects.filter(model=GUARD, object_id__in=part, owner_id__isnull=False):
            for values in (change.before, change.after):
                if (name := values.get("name")) and name != MASK:
                    yield Named(name, change.owner_id)


def _acts_naming(changes, pks) -> set:
    """Keys of the acts whose label names one of the guards."""
    names: dict[int, set[str]] = defaultdict(set)
    for pk, name in Guard.objects.filter(pk__in=pks).values_list("pk", "name"):
        names[pk].add(name)
    for change in changes:
        if change.model == GUARD:
            for values in (change.before, change.after):
                if (name := values.get("name")) and name != MASK:
                    names[change.object_id].add(name)
    events: dict = defaultdict(set)
    for change in changes:
        events[change.event_id] |= names[change.object_id if change.model == GUARD else change.owner_id]
    labels = AuditEvent.objects.filter(pk__in=events).values_list("pk", "label")
    return {pk for pk, label in labels if any(name in label for name in events[pk])}


def _empty(pks) -> None:
    guards = list(Guard.objects.filter(pk__in=pks))
    for guard in guards:
        for name, value in EMPTY.items():
            setattr(guard, name, value)
        guard.erased_on = today()
    Guard.objects.bulk_update(guards, [*EMPTY, "erased_on"])
    certificates = list(TrainingCertificate.objects.filter(guard__in=pks).order_by("guard", "id"))
    counted: dict[int, int] = defaultdict(int)
    for certificate in certificates:
        counted[certificate.guard_id] += 1
        # Two of one guard may not bear the same number.
        certificate.number = f"{REMOVED} {counted[certificate.guard_id]}"
    TrainingCertificate.objects.bulk_update(certificates, ["number"])


def register_guards() -> None:
    """Say how the data of guards end."""
    register(
        Retention(
            HoldingSubject.GUARD_NUMBER,
            "ngày thôi làm, và khi không còn giấy chứng nhận huấn luyện còn giá trị",
            find_numbers,
            erase_numbers,
        )
    )
    register(Retention(HoldingSubject.GUARD, "ngày thôi làm, hoặc ngày xóa khỏi sổ", find_guards, erase_guards, people))
