"""Dates of rows that are valid for a time: ``valid_from`` and ``valid_to`` are both days on which the row is valid."""

import datetime

from django.db import models
from django.utils import timezone


def today() -> datetime.date:
    """Today in the portal's time zone."""
    return timezone.localdate()


def valid_on(date: datetime.date, prefix: str = "") -> models.Q:
    """Rows valid on the date; an empty ``valid_from`` or ``valid_to`` is open."""
    starts = models.Q(**{f"{prefix}valid_from__isnull": True}) | models.Q(**{f"{prefix}valid_from__lte": date})
    ends = models.Q(**{f"{prefix}valid_to__isnull": True}) | models.Q(**{f"{prefix}valid_to__gte": date})
    return starts & ends
