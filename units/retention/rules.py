"""Personal data whose time is over: each kind says what is due, and removes it from records, history and lists."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent
from movement_portal.audit.recording import act, note
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import mid_sentence
from units.enums import HoldingSubject
from units.law import months_before
from units.models import HoldingPeriod
from units.retention.mentions import Mention, Named, mentions_of, places_in_words


@dataclass(frozen=True)
class Due:
    """One record whose data are no longer to be held, as the report names it."""

    pk: int
    label: str
    #: When the need ended, where it is a day.
    ended_on: datetime.date | None = None


@dataclass(frozen=True)
class Erased:
    """What was taken out."""

    records: int = 0
    changes: int = 0
    rows: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(self.records + other.records, self.changes + other.changes, self.rows + other.rows)


@dataclass(frozen=True)
class Retention:
    """One kind of personal data."""

    subject: HoldingSubject
    #: From when the months count: “ngày thôi làm”.
    since: str
    #: Records whose need ended before the day.
    find: Callable[[datetime.date], Sequence[Due]]
    #: Takes their data out under the event; the same day is given.
    erase: Callable[[Sequence[Due], datetime.date, AuditEvent], Erased]
    #: The persons of what is due, whom free text may still tell; nobody without it.
    people: Callable[[Sequence[Due], datetime.date], Iterable[Named]] | None = None

    @property
    def title(self) -> str:
        return str(self.subject.label)


#: Begins the label of the act.
REMOVAL = "Xóa dữ liệu cá nhân hết thời hạn lưu"
#: Begins the list of places where free text still tells a name.
TO_LOOK_AT = "Cần xem lại bằng mắt"

_retentions: dict[HoldingSubject, Retention] = {}


def register(retention: Retention) -> None:
    """Say how one kind of personal data ends; an app does it when it starts."""
    _retentions[retention.subject] = retention


def retentions() -> list[Retention]:
    """Every kind, in the order of the subjects."""
    return [_retentions[subject] for subject in HoldingSubject if subject in _retentions]


def period_of(subject: HoldingSubject, day: datetime.date | None = None) -> HoldingPeriod | None:
    """The period of the day; of two the later. None where nobody has recorded the subject."""
    periods = HoldingPeriod.objects.as_of(day or today()).filter(subject=subject).select_related("legal_document")
    return periods.order_by("-valid_from").first()


def period_in_words(subject: HoldingSubject) -> str:
    """How long such data stay, as the page of personal data says it."""
    since, period = _retentions[subject].since, period_of(subject)
    if period is None or period.months is None:
        return f"chưa đặt thời hạn, giữ nguyên; khi đặt sẽ tính từ {since}."
    return f"{period.months} tháng từ {since} (căn cứ: {period.source})."


@dataclass(frozen=True)
class Overdue:
    """One kind and what of it is due; without a period nothing is."""

    retention: Retention
    period: HoldingPeriod | None
    #: Need that ended before this day is due.
    before: datetime.date | None
    due: Sequence[Due] = ()

    def mentions(self, *, by=None) -> list[Mention]:
        """Where free text tells whom this is about, to be looked at; for an officer of what they may read."""
        if self.before is None or self.retention.people is None or not self.due:
            return []
        return mentions_of(self.retention.people(self.due, self.before), by=by)


def overdue(day: datetime.date | None = None) -> list[Overdue]:
    """What is due on the day, today unless said, kind by kind."""
    day = day or today()
    found = []
    for retention in retentions():
        period = period_of(retention.subject, day)
        if period is None or period.months is None:
            found.append(Overdue(retention, period, None))
            continue
        before = months_before(day, period.months)
        found.append(Overdue(retention, period, before, retention.find(before)))
    return found


def _lower(title: str) -> str:
    return mid_sentence(title)


def remove(kind: Overdue, *, by=None) -> Erased:
    """Take the data of one kind out, in one transaction and under one event that says why."""
    if kind.before is None or kind.period is None or not kind.due:
        return Erased()
    label = f"{REMOVAL}: {_lower(kind.retention.title)}"
    with act(EventKind.COMMAND, by=by), transaction.atomic():
        reason = f"{kind.period.months} tháng từ {kind.retention.since}; căn cứ: {kind.period.source}"
        # Said without the names, which are gone afterwards.
        if mentions := kind.mentions():
            reason += f"\n{TO_LOOK_AT}: {places_in_words(mentions)}"
        event = note(kind=EventKind.COMMAND, label=label, reason=reason)
        return kind.retention.erase(kind.due, kind.before, event)
