"""Taking personal values out of history: the row of history stays, with a mask where the value was.

Who changed what and when is told as before; what a person was called is not. Every row so touched is written down
(``Redaction``), and the triggers of the database let nothing else through.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import models, transaction

from movement_portal.audit.models import AuditEvent, Change, Redaction
from movement_portal.lib.bulk import chunks
from movement_portal.lib.changes import MASK

#: Stands where the name of a person stood; the triggers know it too.
REMOVED = "(đã xóa dữ liệu cá nhân)"


@dataclass(frozen=True, slots=True)
class Cut:
    """What is taken out of one change: columns before and after, and whether its label names the person."""

    change: Change
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    label: bool = False


def cut(change: Change, columns: Collection[str], *, label: bool = False) -> Cut:
    """All values of the columns out of one change."""
    every = frozenset(columns)
    return Cut(change, every, every, label)


def redact(cuts: Iterable[Cut], *, event: AuditEvent) -> int:
    """Take values out of changes, under the event of the act that does it; answers how many changes were touched."""
    done = 0
    with transaction.atomic():
        for part in chunks(list(cuts)):
            touched = [each.change for each in part if _mask(each)]
            Redaction.objects.bulk_create(
                [Redaction(event=event, change=change, columns=_columns(change)) for change in touched]
            )
            # Past the queryset that refuses, on purpose: the triggers see to it that values give way to the mask only.
            models.QuerySet(Change).bulk_update(touched, ["before", "after", "label"])
            done += len(touched)
    return done


def _mask(each: Cut) -> bool:
    """Mask the values of one change in memory; whether there was any."""
    change = each.change
    before, after = _masked(change.before, each.before), _masked(change.after, each.after)
    label = REMOVED if each.label and change.label else change.label
    is_new = (before, after, label) != (change.before, change.after, change.label)
    change.before, change.after, change.label = before, after, label
    return is_new


def _masked(values: dict, columns: frozenset[str]) -> dict:
    return {name: MASK if name in columns and value not in (None, "") else value for name, value in values.items()}


def _columns(change: Change) -> list[str]:
    return sorted({name for values in (change.before, change.after) for name in values if values[name] == MASK})


def redact_labels(events: Sequence[AuditEvent], *, event: AuditEvent) -> int:
    """Take what an act was about out of its label: “Sửa người bảo vệ: (đã xóa dữ liệu cá nhân)”."""
    touched = []
    for each in events:
        verb, colon, _ = each.label.partition(": ")
        label = f"{verb}: {REMOVED}"[:200] if colon else REMOVED
        if label != each.label:
            each.label = label
            touched.append(each)
    with transaction.atomic():
        for part in chunks(touched):
            Redaction.objects.bulk_create([Redaction(event=event, act=each) for each in part])
            models.QuerySet(AuditEvent).bulk_update(part, ["label"])
    return len(touched)
