"""Filters of lists: what an address may ask, as conditions, as controls and as removable chips."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from movement_portal.jurisdictions.enums import PREFIXES
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import covers, is_root, reach_of
from movement_portal.lib.masking import mask_in_text
from movement_portal.lib.paging import AFTER, BEFORE, SIZE, Key, Segment, keys_for
from movement_portal.lib.prepared import Prepared, Slot
from movement_portal.lib.vietnamese import fold, nfc

TEXT, AREA, SORT = "q", "dia_ban", "sap_xep"
AREA_LABEL = "Thuộc địa bàn"
#: Longest text that is looked for.
TEXT_LENGTH = 200

Options = Sequence[tuple[str, str]]


def equals(column: str) -> Callable[[str], Q]:
    return lambda value: Q(**{column: value})


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its parameter, the words for it, the values it takes, and what a value means."""

    name: str
    label: str
    options: Options
    condition: Callable[[str], Q]
    #: Whether it stands in the first row; the others are behind a button until one is used.
    is_first: bool = False
    #: What the first choice says when nothing is chosen; empty when the options say it.
    nothing: str = "Tất cả"


@dataclass(frozen=True, slots=True)
class Period:
    """Two days of the address between which something happened: its label, its parameters, what it means.

    Without the parameter of the first it is one day, which the label alone asks for.
    """

    label: str
    first: str
    last: str
    condition: Callable[[datetime.date | None, datetime.date | None], Q]

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Each parameter and what the page asks for it."""
        if not self.first:
            return [(self.last, self.label)]
        return [(self.first, f"{self.label} từ ngày"), (self.last, f"{self.label} đến ngày")]


@dataclass(frozen=True, slots=True)
class Typed:
    """A filter that takes what is typed: its parameter, the words for it, what a text means to an officer."""

    name: str
    label: str
    condition: Callable[[str, Any], Q]
    placeholder: str = ""
    #: URL name of the page that suggests texts while one types.
    suggested_by: str = ""


def day_of(text: str) -> datetime.date | None:
    """A day as 31/12/2026 or 2026-12-31; None for anything else."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def between(column: str) -> Callable[[datetime.date | None, datetime.date | None], Q]:
    """Rows whose day in the column is not before the first and not after the last; an open end is open."""

    def condition(first, last):
        found = Q()
        if first:
            found &= Q(**{f"{column}__gte": first})
        if last:
            found &= Q(**{f"{column}__lte": last})
        return found

    return condition


@dataclass(frozen=True, slots=True)
class Control:
    """One filter as the page shows it."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]
    is_first: bool


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter in use: its words, and the address without it."""

    label: str
    value: str
    query: str


#: Asked on every page of a list; values, not objects: a province has over a hundred areas below it.
_areas_below = Prepared(
    lambda: (
        Jurisdiction.objects.visible_in_reach()
        .as_of(Slot("day", models.DateField()))
        .filter(parent=Slot("area", Jurisdiction._meta.pk))
        .order_by("name_sort", "id")
        .values_list("pk", "kind", "name")
    )
)


@dataclass
class ListFilters:
    """What one address asks of a list, for one officer; whatever it says that means nothing is passed over.

    A list of records of units sets the class variables; the list of units itself says more.
    """

    params: QueryDict
    user: object
    on: datetime.date = field(default_factory=timezone.localdate)

    model: ClassVar[type[models.Model]]
    #: Filters of the list, in their order.
    options: ClassVar[Sequence[Filter]] = ()
    periods: ClassVar[Sequence[Period]] = ()
    typed: ClassVar[Sequence[Typed]] = ()
    #: Orderings that the address may ask for, the usual one first.
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    #: Columns of folded text, words between blanks, in which a typed word must begin one.
    text_columns: ClassVar[Sequence[str]] = ("search_folded",)
    placeholder: ClassVar[str] = "Tên, mã, điện thoại, người"

    @cached_property
    def numbered(self) -> frozenset[str]:
        """Parameters into which a citizen identification number was typed: not used, and in no address."""
        texts = {name: self.params.get(name, "") for name in (TEXT, *(one.name for one in self.typed))}
        return frozenset(name for name, text in texts.items() if mask_in_text(text) != text)

    @property
    def has_number(self) -> bool:
        """Whether a citizen identification number was typed where it would stand in the address."""
        return bool(self.numbered)

    @cached_property
    def text(self) -> str:
        return "" if TEXT in self.numbered else nfc(self.params.get(TEXT, ""))[:TEXT_LENGTH]

    @cached_property
    def area(self) -> Jurisdiction | None:
        """The area the list is narrowed to, of those that the officer sees."""
        asked = self.params.get(AREA, "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            return None
        areas = Jurisdiction.objects.visible_to(self.user).exclude(pk=self.user.jurisdiction.pk)
        return areas.filter(pk=int(asked)).select_related("parent__parent").first()

    @cached_property
    def scope(self):
        """Every record that the officer sees in the area."""
        rows = self.model.objects.visible_to(self.user)
        return rows.within(self.area) if self.area else rows

    @cached_property
    def is_whole_country(self) -> bool:
        area = self.area or self.user.jurisdiction
        return area is not None and is_root(area.path)

    @cached_property
    def filters(self) -> Sequence[Filter]:
        """The filters of this list."""
        return self.options

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The value of each filter in use."""
        found = {}
        for one in self.filters:
            value = self.params.get(one.name, "")
            if value and any(value == option for option, _ in one.options):
                found[one.name] = value
        return found

    @cached_property
    def texts(self) -> dict[str, str]:
        """What is typed into each filter that takes a text."""
        found = {one.name: nfc(self.params.get(one.name, ""))[:TEXT_LENGTH] for one in self.typed}
        return {name: text for name, text in found.items() if text and name not in self.numbered}

    @cached_property
    def days(self) -> dict[str, datetime.date]:
        """The days of the periods in use, by parameter."""
        names = [name for period in self.periods for name, _ in period.asked]
        found = {name: day_of(self.params.get(name, "")) for name in names}
        return {name: day for name, day in found.items() if day}

    @cached_property
    def misread_days(self) -> list[str]:
        """What was typed for a day and is none: nothing is narrowed by it, and the page says so."""
        names = [name for period in self.periods for name, _ in period.asked]
        typed = [self.params.get(name, "").strip() for name in names if name not in self.days]
        return [text[:40] for text in typed if text]

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether anything but the area picks the records."""
        return bool(self.text or self.chosen or self.texts or self.days)

    @cached_property
    def condition(self) -> Q:
        """What the filters and periods in use ask."""
        condition = Q()
        for one in self.filters:
            if one.name in self.chosen or not one.nothing:
                condition &= one.condition(self.chosen.get(one.name, ""))
        for typed in self.typed:
            if typed.name in self.texts:
                condition &= typed.condition(self.texts[typed.name], self.user)
        for period in self.periods:
            if not self.days.keys().isdisjoint((period.first, period.last)):
                condition &= period.condition(self.days.get(period.first), self.days.get(period.last))
        return condition

    @cached_property
    def picked(self):
        """The records that the filters leave, whatever the text."""
        return self.scope.filter(self.condition)

    @cached_property
    def everything(self):
        """All that the list holds, as one queryset without order."""
        return self.with_words(self.picked)

    @cached_property
    def parts(self):
        """All that the list holds, as querysets without order that share no row; of most lists it is one."""
        return [self.everything]

    def with_words(self, rows):
        """Those of the rows that hold every word looked for."""
        for word in fold(self.text).split():
            found = Q()
            for column in self.text_columns:
                found |= Q(**{f"{column}__contains": f" {word}"})
            rows = rows.filter(found)
        return rows

    @cached_property
    def sort(self) -> str:
        """The ordering asked for; empty is by rank when there is a text, and else by name."""
        asked = self.params.get(SORT, "")
        return asked if asked.removeprefix("-") in self.orderings else ""

    def listing(self, *, is_large: bool = False) -> tuple[list[Segment], tuple[Key, ...]]:
        """The list as segments, and the ordering of each."""
        names = self.orderings[self.sort.removeprefix("-") or next(iter(self.orderings))]
        if self.sort.startswith("-"):
            names = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in names)
        picked = self.is_narrowed or self.area is not None
        return [Segment(self.everything, picked=picked, parts=self.parts)], keys_for(self.model, names)

    # -- what the page shows -------------------------------------------------------------------------------------------

    def query(self, **changes: str | None) -> str:
        """The address's query with changes, without the place in the list."""
        params = self.params.copy()
        for name in (AFTER, BEFORE, *changes, *self.numbered):
            params.pop(name, None)
        for name, value in changes.items():
            if value:
                params[name] = value
        for name in [name for name, value in params.items() if not value]:
            del params[name]
        return params.urlencode()

    @cached_property
    def controls(self) -> list[Control]:
        controls = []
        for one in self.filters:
            now = self.chosen.get(one.name, "")
            options = [(value, label, value == now) for value, label in one.options]
            if one.nothing:
                options.insert(0, ("", one.nothing, not now))
            controls.append(Control(one.name, one.label, options, one.is_first))
        return controls

    @cached_property
    def period_controls(self) -> list[tuple[str, str, str]]:
        """The days that the page asks for: parameter, label, value."""
        found = []
        for period in self.periods:
            for name, label in period.asked:
                day = self.days.get(name)
                found.append((name, label, f"{day:%d/%m/%Y}" if day else ""))
        return found

    @property
    def typed_controls(self) -> list[tuple[Typed, str, str]]:
        """The filters that take a text: each with its text and the address that suggests some."""
        return [
            (one, self.texts.get(one.name, ""), f"{reverse(one.suggested_by)}?o={one.name}" if one.suggested_by else "")
            for one in self.typed
        ]

    @property
    def uses_more(self) -> bool:
        """Whether a filter of those behind the button is in use."""
        behind = any(one.name in self.chosen for one in self.filters if not one.is_first)
        return behind or bool(self.days or self.texts or self.misread_days)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the address says beside the filters, for the form to carry on."""
        return [(name, self.params[name]) for name in (SORT, SIZE) if self.params.get(name)]

    @cached_property
    def area_options(self) -> list[tuple[str, str, bool]]:
        """The areas one step below, above them the one chosen, above it where the officer came from."""
        own = self.user.jurisdiction
        if own is None:
            return []
        here = self.area or own
        options = [("", f"Toàn bộ {own.full_name}" if self.area else f"{own.full_name}", not self.area)]
        if self.area:
            above = self.area.parent
            if above and above.pk != own.pk and covers(own, above):
                options.append((str(above.pk), above.full_name, False))
            options.append((str(here.pk), here.full_name, True))
        rows = _areas_below(area=here.pk, day=self.on, **reach_of(self.user))
        return [*options, *((str(pk), f"{PREFIXES[kind]} {name}", False) for pk, kind, name in rows)]

    @property
    def active(self) -> list[ActiveFilter]:
        """The filters in use as chips, each with the address that drops it."""
        chips = []
        if self.text:
            chips.append(ActiveFilter("Tìm", f"“{self.text}”", self.query(**{TEXT: None})))
        if self.area:
            chips.append(ActiveFilter(AREA_LABEL, self.area.full_name, self.query(**{AREA: None})))
        chips += [
            ActiveFilter(one.label, dict(one.options)[self.chosen[one.name]], self.query(**{one.name: None}))
            for one in self.filters
            if one.name in self.chosen
        ]
        chips += [
            ActiveFilter(one.label, f"“{text}”", self.query(**{one.name: None}))
            for one, text, _ in self.typed_controls
            if text
        ]
        for name, label, value in self.period_controls:
            if value:
                chips.append(ActiveFilter(label, value, self.query(**{name: None})))
        return chips
