"""Lists that were brought in: after their time the number and outcome of each row stay, what it said does not."""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from movement_portal.audit.models import AuditEvent
from movement_portal.lib.dates import beginning_of
from movement_portal.spreadsheets.forgetting import forget_list, lists_with_contents
from units.enums import HoldingSubject
from units.retention.rules import Due, Erased, Retention, register


def find(before: datetime.date) -> list[Due]:
    """Imports that ended and were sent before the day, and still hold what their rows said."""
    batches = lists_with_contents(before=beginning_of(before)).order_by("uploaded_at", "id")
    return [Due(batch.pk, batch.file_name, timezone.localdate(batch.uploaded_at)) for batch in batches]


def erase(due: Sequence[Due], before: datetime.date, event: AuditEvent) -> Erased:
    """Empty the rows and remove the files."""
    return Erased(records=len(due), rows=sum(forget_list(each.pk) for each in due))


def register_lists() -> None:
    """Say how long the rows of lists stay."""
    register(Retention(HoldingSubject.IMPORTED_ROWS, "ngày tải lên của lần nhập đã kết thúc", find, erase))
