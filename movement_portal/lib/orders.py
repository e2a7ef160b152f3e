"""Days and years that follow one another across records: a certificate comes after the birth of whom it is given to.

What stands in one record is a constraint of the database; what spans two is told once, as ``orders`` of the model of
the later value, and asked by every form, the admin pages and the lists alike. An odd order is told, not refused.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

When = datetime.date | int | None


@dataclass(frozen=True, slots=True)
class Order:
    """One day or year that may not come after another; a day is compared with a year by its year.

    Each is a column of the model, or that of a record it names: ``course__started_on``.
    """

    first: str
    last: str
    message: str
    #: Whether what stands the other way round is refused; else it is only told.
    is_wall: bool = True
    #: The later one can only be where the earlier one is known: a rating, of a model that was launched.
    needs_first: bool = False

    @property
    def names(self) -> tuple[str, str]:
        return self.first, self.last

    @property
    def column(self) -> str:
        """The column of the record itself that the message belongs to, the later one where both are."""
        return next((name for name in (self.last, self.first) if "__" not in name), self.last.partition("__")[0])

    def is_broken(self, get: Callable[[str], When]) -> bool:
        """Whether the two stand the other way round; what is not known breaks nothing."""
        first, last = get(self.first), get(self.last)
        if first is None or last is None:
            return self.needs_first and last is not None
        if isinstance(first, datetime.date) and isinstance(last, datetime.date):
            return first > last
        return year_of(first) > year_of(last)


def year_of(when: datetime.date | int) -> int:
    """The year of a day, or the year itself."""
    return when.year if isinstance(when, datetime.date) else when


def orders_of(model: type[models.Model]) -> Sequence[Order]:
    """The orders that records of the model keep."""
    return getattr(model, "orders", ())


def broken_in(record: models.Model) -> Iterator[Order]:
    """The orders that a record, with what it names, does not keep."""
    for order in orders_of(type(record)):
        if order.is_broken(lambda path: value_of(record, path)):
            yield order


def oddities_of(record: models.Model) -> list[str]:
    """What of a record is odd and not refused, each once."""
    return list(dict.fromkeys(order.message for order in broken_in(record) if not order.is_wall))


def value_of(record: models.Model | None, path: str) -> Any:
    """The value at the end of a path of relations; None where the record, or one on the way, is not there."""
    *relations, name = path.split("__")
    for relation in relations:
        if record is None or getattr(record, f"{relation}_id") is None:
            return None
        record = getattr(record, relation)
    return getattr(record, name, None)


@dataclass(frozen=True, slots=True)
class Dependent:
    """An order of other records that depends on a column of this one."""

    model: type[models.Model]
    relation: str
    column: str
    order: Order

    @property
    def other(self) -> str:
        """The path of what the column is compared with, as the other records see it."""
        return next(name for name in self.order.names if name != f"{self.relation}__{self.column}")

    def is_broken(self, mine: When, theirs: When) -> bool:
        """Whether another record does not keep the order, by what this one and that one hold."""
        return self.order.is_broken({f"{self.relation}__{self.column}": mine, self.other: theirs}.__getitem__)

    @property
    def message(self) -> str:
        """What is said on this record, which does not show the others."""
        return f"{self.order.message} Xem {self.model._meta.verbose_name} đã ghi."


def dependents_of(model: type[models.Model]) -> Iterator[Dependent]:
    """The walls of other models that look at a column of this one."""
    for relation in model._meta.related_objects:
        other, name = relation.related_model, relation.field.name
        for order in orders_of(other):
            for path in order.names:
                start, _, column = path.partition("__")
                if order.is_wall and column and start == name and "__" not in column:
                    yield Dependent(other, name, column, order)


def disorder_of(record: models.Model, changed: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Column and message of each wall that a record about to be saved breaks.

    Records that belong to it are asked only where a column that they look at is among those ``changed``.
    """
    for order in broken_in(record):
        if order.is_wall:
            yield order.column, order.message
    if record.pk is None:
        return
    for each in dependents_of(type(record)):
        if each.column in changed and (mine := getattr(record, each.column)) is not None:
            theirs = each.model._base_manager.filter(**{each.relation: record.pk}).order_by()
            if any(each.is_broken(mine, value) for value in theirs.values_list(each.other, flat=True)):
                yield each.column, each.message
