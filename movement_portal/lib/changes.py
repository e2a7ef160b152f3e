"""What one write does to one row, in plain values, and the one recorder that is told of it."""

import datetime
import decimal
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from movement_portal.lib import wholes

CREATE, UPDATE, DELETE = "create", "update", "delete"

#: Stands in the history for a value that is not kept there.
MASK = "…"

Plain = str | int | float | bool | list | dict | None


class StaleRecord(Exception):
    """Somebody else saved the row since it was read; ``instance`` holds what was to be written."""

    def __init__(self, instance: models.Model):
        super().__init__("Bản ghi đã được người khác sửa sau khi đồng chí mở.")
        self.instance = instance


@dataclass(slots=True)
class RowChange:
    """One row before and after a write: plain values of the fields that differ, by column name."""

    model: type[models.Model]
    pk: int
    action: str
    before: dict[str, Plain]
    after: dict[str, Plain]
    version: int
    label: str
    #: Path of the area the row belongs to; empty for a row of no area.
    path: str = ""
    #: The record on whose page this row is shown (a unit for its headcounts), and its key.
    owner_model: type[models.Model] | None = None
    owner_pk: int | None = None


_recorder: Callable[[Sequence[RowChange]], None] | None = None


def set_recorder(recorder: Callable[[Sequence[RowChange]], None] | None) -> None:
    """Name the function that writes history; every tracked write calls it inside its transaction."""
    global _recorder
    _recorder = recorder


_followers: dict[type[models.Model], Callable[[Sequence[RowChange]], None]] = {}


def follow(model: type[models.Model], follower: Callable[[Sequence[RowChange]], None]) -> None:
    """Name the function that hears of every change of rows of a model, in the transaction of the write.

    It keeps what other tables hold of these rows; while a script collects it writes by ``bulk.update_columns``.
    """
    _followers[model] = follower


def record(changes: Sequence[RowChange], *, is_ahead: bool = False) -> None:
    """Hand changes to the recorder and to who follows their model; ``is_ahead`` leaves these to ``tell`` later.

    Raises ``ImproperlyConfigured`` where there is no recorder.
    """
    if not changes:
        return
    if _recorder is None:
        raise ImproperlyConfigured("No recorder of history is set; a tracked row may not be written without one.")
    wholes.record(changes, _recorder)
    if not is_ahead:
        tell(changes)


def tell(changes: Sequence[RowChange]) -> None:
    """Tell who follows the models of rows that the rows are written."""
    for model, follower in _followers.items():
        if followed := [change for change in changes if change.model is model]:
            follower(followed)


def plain(value: Any) -> Plain:
    """The value as JSON holds it, one spelling for equal values.

    Moments are in UTC and ISO form, decimals texts without trailing zeros, everything else is as it is.
    """
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | datetime.datetime | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, uuid.UUID | datetime.timedelta):
        return str(value)
    return value
