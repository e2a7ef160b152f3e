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
from django.db.models import Count, F, Q, Value, Window
from django.db.models.functions import Concat

from movement_portal.lib.numbers import written

PAGE_SIZES = (25, 50, 100, 200)
DEFAULT_SIZE = 50
COUNT_CAP = 10_000
#: Rows of a list that are looked through in order before its matches are sorted.
NEAR = 2_000

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
    is_text: bool = False

    def order(self, *, backwards: bool = False, past_index: bool = False):
        """The column for ``order_by``; ``backwards`` reads the whole ordering from its end.

        ``past_index`` writes a text in a form that no index serves, so that the database sorts what it found.
        """
        column = Concat(F(self.name), Value("")) if past_index and self.is_text and not self.nullable else F(self.name)
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
    keys = []
    for path in names:
        name = path.removeprefix("-")
        may_be_empty, is_text = _nature(model, name)
        keys.append(Key(name, path.startswith("-"), may_be_empty or name in nullable, is_text))
    return tuple(keys)


def _nature(model: type[models.Model], name: str) -> tuple[bool, bool]:
    """Whether a column, reached through relations, may be empty, and whether it is a text."""
    options: Any = model._meta
    nullable = False
    *relations, last = name.split("__")
    for relation in relations:
        field = options.get_field(relation)
        nullable = nullable or field.null
        options = field.related_model._meta
    own = {field.name: field for field in options.concrete_fields}
    if last not in own:
        return nullable, False
    return nullable or own[last].null, isinstance(own[last], models.CharField | models.TextField)


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


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """A part of a list.

    An index on the ordering is a trap for rows picked by a condition: a database that walks it in the hope of meeting
    fifty matches soon reads a million rows when they stand at the end of the alphabet. ``picked`` makes it sort the
    matches instead. Where they may be a good part of a large table, ``near`` (the list without the condition) is
    walked a little way first. ``parts``, where there are several, share no row and are together the same as ``rows``:
    the first of each are put in order here, where the database would not find them by index all at once.
    """

    rows: models.QuerySet
    picked: bool = False
    near: models.QuerySet | None = None
    parts: Sequence[models.QuerySet] = ()


def opening(segment: Segment, keys: Sequence[Key], wanted: int, *, counted: bool) -> models.QuerySet:
    """The first rows of a segment; with ``counted`` each says in ``rows_in_all`` how many there are."""
    rows = segment.rows.order_by(*[key.order(past_index=segment.picked) for key in keys])
    return (rows.annotate(rows_in_all=Window(Count("*"))) if counted else rows)[:wanted]


def in_order(rows: Sequence[Any], keys: Sequence[Key], *, backwards: bool = False) -> list[Any]:
    """Rows in the ordering, as the database puts them; texts among the keys are compared letter by letter."""
    ordered = list(rows)
    for key in reversed(keys):
        values = [(_value(row, key.name), row) for row in ordered]
        present = [(value, row) for value, row in values if value is not None]
        present.sort(key=operator.itemgetter(0), reverse=key.descending != backwards)
        missing = [row for value, row in values if value is None]
        found = [row for _, row in present]
        ordered = missing + found if backwards else found + missing
    return ordered


class KeysetPage:
    """One page of a list, from the parameters of its address.

    ``source`` is a queryset (of ``values()`` or of instances, holding the columns of ``keys``), or several segments
    that share no row and stand one after the other, as the ranks of a search do. A token that was not made here for
    the same ordering gives the first page. ``rows`` is the page; ``next_token`` and ``previous_token`` are empty at
    the ends. With ``counted`` the query of a first page counts as well: ``total`` is then the length of the list,
    on other pages None; only for one segment of ``values()``.
    """

    def __init__(
        self,
        source: models.QuerySet | Sequence[Segment],
        keys: Sequence[Key],
        params: Mapping[str, str],
        *,
        size: int | None = None,
        counted: bool = False,
        first: Callable[[], list[Any]] | None = None,
    ):
        self.segments = [Segment(source)] if isinstance(source, models.QuerySet) else list(source)
        self.keys = tuple(keys)
        self.size = size or page_size(params)
        self.total: int | None = None
        self._counted = counted
        self._first = first
        self._salt = f"{_SALT}:{self.segments[0].rows.model._meta.label_lower}:{self.keys}"
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
            condition = beyond(self.keys, start[1], backwards=backwards) if start and index == first else Q()
            rows = self._take(self.segments[index], condition, wanted - len(found), backwards=backwards)
            found += [(index, row) for row in rows]
            if len(found) >= wanted:
                break
        return found

    def _take(self, segment, condition, wanted, *, backwards):
        """The first rows of a segment that fit the condition."""
        if self._first is not None and not condition and not backwards:
            return self._noted(self._first())
        if len(segment.parts) > 1:
            order = [key.order(backwards=backwards) for key in self.keys]
            firsts = [row for part in segment.parts for row in part.filter(condition).order_by(*order)[:wanted]]
            return in_order(firsts, self.keys, backwards=backwards)[:wanted]
        if segment.near is not None:
            order = [key.order(backwards=backwards) for key in self.keys]
            stretch = segment.near.filter(condition).order_by(*order).values_list("pk", flat=True)[:NEAR]
            found = list(segment.rows.filter(pk__in=list(stretch)).order_by(*order)[:wanted])
            if len(found) == wanted:
                return found
        if not condition and not backwards:
            return self._noted(list(opening(segment, self.keys, wanted, counted=self._counted)))
        order = [key.order(backwards=backwards, past_index=segment.picked) for key in self.keys]
        rows = segment.rows.filter(condition).order_by(*order)
        if not self._counted or condition:
            return list(rows[:wanted])
        return self._noted(list(rows.annotate(rows_in_all=Window(Count("*")))[:wanted]))

    def _noted(self, found):
        """The rows of a first page; where they were counted, the total is noted."""
        if self._counted:
            self.total = found[0]["rows_in_all"] if found else 0
        return found

    def _token(self, place):
        index, row = place
        values = [_dumped(_value(row, key.name)) for key in self.keys]
        return signing.Signer(salt=self._salt).sign_object([index, *values])

    def _read(self, token):
        """Segment and values of a token, or None when it was not made for this list."""
        try:
            index, *values = signing.Signer(salt=self._salt).unsign_object(token)
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


def capped(count: int, cap: int = COUNT_CAP) -> CappedCount:
    """A known count as the list tells it."""
    return CappedCount(min(count, cap), count > cap)


def capped_count(queryset: models.QuerySet, cap: int = COUNT_CAP) -> CappedCount:
    """How many rows there are, counted up to ``cap`` and not beyond."""
    return capped(queryset.order_by().values("pk")[: cap + 1].count(), cap)
