"""Paging by keyset: a page begins after the last row of the one before, however far that is, and never by OFFSET."""

import dataclasses
import datetime
import decimal
import functools
import operator
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from movement_portal.lib.numbers import written

PAGE_SIZES = (25, 50, 100, 200)
DEFAULT_SIZE = 50
COUNT_CAP = 10_000

#: Parameters of the address: the row the page begins after, the row it ends before, rows a page.
AFTER, BEFORE, SIZE = "sau", "truoc", "so_dong"
#: Stands for the end of the list in ``BEFORE``: the last page.
END = "cuoi"

_SALT = "paging"


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """One column of an ordering; missing values come last in either direction."""

    name: str
    descending: bool = False
    nullable: bool = False

    def order(self, *, backwards: bool = False):
        """The column for ``order_by``; ``backwards`` reads the whole ordering from its end."""
        column = F(self.name)
        down = self.descending != backwards
        if not self.nullable:
            return column.desc() if down else column.asc()
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        return column.desc(**nulls) if down else column.asc(**nulls)

    def equal(self, value: Any) -> Q:
        """Rows that stand level with the value."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any, *, backwards: bool = False, level: bool = False) -> Q | None:
        """Rows that come after the value (with ``level``, or stand level with it); None where there are none."""
        if value is None:
            if backwards:
                return Q() if level else Q(**{f"{self.name}__isnull": False})
            return self.equal(None) if level else None
        comparison = ("lt" if self.descending != backwards else "gt") + ("e" if level else "")
        condition = Q(**{f"{self.name}__{comparison}": value})
        if self.nullable and not backwards:
            condition |= Q(**{f"{self.name}__isnull": True})
        return condition


def keys_for(model: type[models.Model], names: Sequence[str], nullable: Sequence[str] = ()) -> tuple[Key, ...]:
    """An ordering from names as ``order_by`` takes them (``-updated_at``); the last column must be unique.

    Whether a column may be empty is asked of the model; an annotation that may be is named in ``nullable``.
    """
    return tuple(
        Key(name.lstrip("-"), name.startswith("-"), name.lstrip("-") in nullable or _is_nullable(model, name))
        for name in names
    )


def _is_nullable(model: type[models.Model], name: str) -> bool:
    options: Any = model._meta
    nullable = False
    *relations, last = name.lstrip("-").split("__")
    for relation in relations:
        field = options.get_field(relation)
        nullable = nullable or field.null
        options = field.related_model._meta
    own = {field.name: field.null for field in options.concrete_fields}
    return nullable or own.get(last, False)


def beyond(keys: Sequence[Key], values: Sequence[Any], *, backwards: bool = False) -> Q:
    """The condition for rows that come after (or before) the row with these values."""
    condition = Q()
    for key, value in reversed(list(zip(keys, values, strict=True))):
        further = key.beyond(value, backwards=backwards)
        rest = key.equal(value) & condition if condition or key is not keys[-1] else None
        options = [option for option in (further, rest) if option is not None]
        condition = functools.reduce(operator.or_, options) if options else Q(pk__in=())
    # Says again what follows from the rest, in the one form that an index on the first column serves.
    bound = keys[0].beyond(values[0], backwards=backwards, level=True)
    return bound & condition if bound and not keys[0].nullable else condition


class KeysetPage:
    """One page of a list, from the parameters of its address.

    ``source`` is a queryset (of ``values()`` or of instances, holding the columns of ``keys``), or several that share
    no row and stand one after the other, as the ranks of a search do. A token that was not made here for the same
    ordering gives the first page. ``rows`` is the page; ``next_token`` and ``previous_token`` are empty at the ends.
    """

    def __init__(
        self,
        source: models.QuerySet | Sequence[models.QuerySet],
        keys: Sequence[Key],
        params: Mapping[str, str],
        *,
        size: int | None = None,
    ):
        self.segments = [source] if isinstance(source, models.QuerySet) else list(source)
        self.keys = tuple(keys)
        self.size = size or page_size(params)
        self._salt = f"{_SALT}:{self.segments[0].model._meta.label_lower}:{self.keys}"
        after, before = params.get(AFTER, ""), params.get(BEFORE, "")
        start = self._read(after or before) if (after or before) not in ("", END) else None
        self._fetch(start, backwards=not after and (before == END or (bool(before) and start is not None)))

    def _fetch(self, start, *, backwards):
        found = self._walk(start, self.size + 1, backwards=backwards)
        more = len(found) > self.size
        found = found[: self.size]
        if start and ((backwards and not more and len(found) < self.size) or not found):
            # Rows went missing since the token was made: begin anew rather than with a short page.
            return self._fetch(None, backwards=False)
        if backwards:
            found.reverse()
        self.rows = [row for _, row in found]
        has_previous, has_next = (more, start is not None) if backwards else (start is not None, more)
        self.previous_token = self._token(found[0]) if found and has_previous else ""
        self.next_token = self._token(found[-1]) if found and has_next else ""

    def _walk(self, start, wanted, *, backwards):
        """Up to ``wanted`` rows with their segment, from ``start`` on in the direction asked."""
        found: list[tuple[int, Any]] = []
        step = -1 if backwards else 1
        first = start[0] if start else (len(self.segments) - 1 if backwards else 0)
        stop = -1 if backwards else len(self.segments)
        for index in range(first, stop, step):
            queryset = self.segments[index].order_by(*(key.order(backwards=backwards) for key in self.keys))
            if start and index == first:
                queryset = queryset.filter(beyond(self.keys, start[1], backwards=backwards))
            found += [(index, row) for row in queryset[: wanted - len(found)]]
            if len(found) >= wanted:
                break
        return found

    def _token(self, place):
        index, row = place
        values = [_dumped(_value(row, key.name)) for key in self.keys]
        return signing.dumps([index, *values], salt=self._salt)

    def _read(self, token):
        """Segment and values of a token, or None when it was not made for this list."""
        try:
            index, *values = signing.loads(token, salt=self._salt)
            loaded = [_loaded(value) for value in values]
        except (signing.BadSignature, ValueError, TypeError, ValidationError):
            return None
        return (index, loaded) if index < len(self.segments) and len(loaded) == len(self.keys) else None

    @property
    def has_other_pages(self):
        return bool(self.previous_token or self.next_token)


def page_size(params: Mapping[str, str]) -> int:
    """Rows a page as the address asks, one of ``PAGE_SIZES``."""
    asked = params.get(SIZE, "")
    return int(asked) if asked.isascii() and asked.isdigit() and int(asked[:6]) in PAGE_SIZES else DEFAULT_SIZE


def _value(row, name):
    if isinstance(row, Mapping):
        return row[name]
    return functools.reduce(getattr, name.split("__"), row)


def _dumped(value):
    """The value as JSON, its type beside it where JSON has none."""
    if isinstance(value, datetime.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"on": value.isoformat()}
    if isinstance(value, decimal.Decimal):
        return {"number": str(value)}
    if isinstance(value, uuid.UUID):
        return str(value)
    return value


def _loaded(value):
    if not isinstance(value, dict):
        return value
    [(kind, text)] = value.items()
    readers: dict[str, Callable[[str], Any]] = {
        "at": datetime.datetime.fromisoformat,
        "on": datetime.date.fromisoformat,
        "number": decimal.Decimal,
    }
    return readers[kind](text)


@dataclasses.dataclass(frozen=True, slots=True)
class CappedCount:
    """A count that stops at a cap: “1.727”, or “hơn 10.000”."""

    value: int
    is_capped: bool

    def __int__(self):
        return self.value

    def __str__(self):
        return f"hơn {written(self.value)}" if self.is_capped else written(self.value)


def capped_count(queryset: models.QuerySet, cap: int = COUNT_CAP) -> CappedCount:
    """How many rows there are, counted up to ``cap`` and not beyond."""
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return CappedCount(min(found, cap), found > cap)
