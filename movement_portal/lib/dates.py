"""Dates of rows that are valid for a time: ``valid_from`` and ``valid_to`` are both days on which the row is valid."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from movement_portal.lib.periods import sharing_a_day

#: Years that a record can be of: the people's police was founded in 1945; a year beyond the last is a slip of the hand.
FIRST_YEAR, LAST_YEAR = 1945, 2200
#: Days that anything typed can be of, a birth among them: 0205 is 2025 with a slip of the finger.
FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(LAST_YEAR, 12, 31)

DAY_AHEAD, YEAR_AHEAD = "Ngày này chưa đến.", "Năm này chưa đến."


def today() -> datetime.date:
    """Today in the portal's time zone."""
    return timezone.localdate()


def plausible_day(day: datetime.date) -> None:
    """Refuse a day of a year that no record of the portal can be of."""
    if not FIRST_DAY <= day <= LAST_DAY:
        message = f"Năm {day.year:04d} không đúng: năm phải từ {FIRST_DAY.year} đến {LAST_DAY.year}."
        raise ValidationError(message, code="year")


def is_ahead(value: datetime.date | int | None) -> bool:
    """Whether a day, or a year, is still to come."""
    if isinstance(value, datetime.date):
        return value > today()
    return isinstance(value, int) and value > today().year


def happened(value: datetime.date | int) -> None:
    """Refuse a day or a year of something that has happened, while it is still to come."""
    if is_ahead(value):
        raise ValidationError(DAY_AHEAD if isinstance(value, datetime.date) else YEAR_AHEAD, code="ahead")


def is_within(first: datetime.date | None, last: datetime.date | None, on: datetime.date | None = None) -> bool:
    """Whether a day, today unless said, lies from the first to the last of two days; an empty one bounds nothing."""
    on = on or today()
    return (first is None or first <= on) and (last is None or last >= on)


def valid_on(date: datetime.date, prefix: str = "") -> models.Q:
    """Rows valid on the date; an empty ``valid_from`` or ``valid_to`` is open."""
    starts = models.Q(**{f"{prefix}valid_from__isnull": True}) | models.Q(**{f"{prefix}valid_from__lte": date})
    ends = models.Q(**{f"{prefix}valid_to__isnull": True}) | models.Q(**{f"{prefix}valid_to__gte": date})
    return starts & ends


def within_period(
    valid_from: datetime.date | None,
    valid_to: datetime.date | None,
    outer_from: datetime.date | None,
    outer_to: datetime.date | None,
) -> bool:
    """Whether the first period lies inside the outer one; an empty day is open."""
    starts = outer_from is None or (valid_from is not None and valid_from >= outer_from)
    ends = outer_to is None or (valid_to is not None and valid_to <= outer_to)
    return starts and ends


def overlapping(valid_from: datetime.date | None, valid_to: datetime.date | None, prefix: str = "") -> models.Q:
    """Rows that share at least one day with the period; an empty day is open."""
    return sharing_a_day(f"{prefix}valid_from", f"{prefix}valid_to", (valid_from, valid_to))


def ends_after_start(
    name: str, *, is_start_known: bool = False, message: str = "Ngày kết thúc phải sau ngày bắt đầu."
) -> models.CheckConstraint:
    """The constraint that ``valid_to`` is not before ``valid_from``, named as given; an empty day is open.

    ``is_start_known`` says that ``valid_from`` is never empty, ``message`` what is read where the constraint is broken.
    """
    ends = models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from"))
    condition = ends if is_start_known else models.Q(valid_from__isnull=True) | ends
    return models.CheckConstraint(name=name, condition=condition, violation_error_message=message)


def plausible_year(name: str) -> models.CheckConstraint:
    """The constraint that ``year`` is one that a record can be of, named as given."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
        violation_error_message=f"Năm phải từ {FIRST_YEAR}.",
    )


def day_before(date: datetime.date) -> datetime.date:
    """The day before."""
    return date - datetime.timedelta(days=1)


def period_text(valid_from: datetime.date | None, valid_to: datetime.date | None) -> str:
    """A period in words: “01/07/2025 – nay”, “đến hết 30/06/2025”, “01/07/2025 – 29/04/2026”."""
    if valid_from is None:
        return f"đến hết {valid_to:%d/%m/%Y}" if valid_to else "từ trước đến nay"
    return f"{valid_from:%d/%m/%Y} – " + (f"{valid_to:%d/%m/%Y}" if valid_to else "nay")


def beginning_of(day: datetime.date) -> datetime.datetime:
    """The first moment of a day in the portal's time zone."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
