"""Kinds of sheets: each app declares its own in ``<app>/sheets.py``; this engine knows none of them."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db import models

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import Field, Kind, split_year

RowHook = Callable[[Draft], None]
ListHook = Callable[[list[Draft]], None]


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that a row looks like: its key, how much in percent, and whether that alone makes them the same."""

    pk: int
    score: int
    is_sure: bool = False


LikenessSearch = Callable[[Sequence[Draft]], Mapping[Draft, Sequence[Alike]]]


@dataclass(frozen=True)
class Written:
    """A record an import has just written: the values of its row, and the old values of the columns that changed."""

    record: models.Model
    values: Mapping[str, Any]
    #: Empty for a new record.
    before: Mapping[str, Any]
    created: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A list of one kind: its columns, how its rows find their records, and what is special about it.

    Hooks are pure: they read and write drafts and ask no database.
    """

    name: str
    #: What a list of it is called: “Đơn vị”.
    label: str
    model: type[models.Model]
    fields: tuple[Field, ...]
    #: Keys in order of trust; each is the names of the fields that make one record out.
    keys: tuple[tuple[str, ...], ...]
    #: DATE fields of the first and the last day, where what the keys tell may have several records one after another: a
    #: row is about the one whose days it shares, and adds a record where it shares a day with none.
    periods: tuple[str, str] | None = None
    #: AREA field that says where a row belongs; empty for records of no area.
    area: str = ""
    #: TEXT fields that narrow or replace it: the province, the district, the address.
    area_province: str = ""
    #: CODE field that gives the area by its official code.
    area_code: str = ""
    area_district: str = ""
    address: str = ""
    #: YEAR field that says of which year the values kept by year are.
    year: str = ""
    #: Columns of the model for a row whose area could not be known: a flag, and the place as it was written.
    review_flag: str = ""
    review_note: str = ""
    #: Text of several lines that takes what columns of no field say; “note” where the sheet has one.
    note: str = ""
    #: After the cells of a row are read and before its record is looked for.
    after_row: tuple[RowHook, ...] = ()
    #: Over all rows of the file, before records are looked for.
    after_all: tuple[ListHook, ...] = ()
    #: When the records that cells name are known and before the row's own is looked for: asks the database once for
    #: all rows, for the officer; is given the index of places where the sheet has an area.
    look_up: tuple[Callable[[Sequence[Draft], Any, Any], None], ...] = ()
    #: When it is known whether the row is new.
    after_match: tuple[RowHook, ...] = ()
    #: Makes, for an officer and one list, the search for records that rows without a key match look like; the search
    #: is called with each part of the list and asks the database once for all rows of it.
    likeness: Callable[[Any], LikenessSearch] | None = None
    #: Of keys of records that have gone into others, the keys of those that stand in for them today.
    stand_ins: Callable[[Sequence[int]], Mapping[int, int]] | None = None
    #: Fills what a bulk insert skips (an internal code); the records are made inside the transaction as well then.
    before_create: Callable[[list[models.Model]], None] | None = None
    #: Rows of other models that go with the records just made, for the officer; asks no database, for the records are
    #: made before the transaction that writes them.
    goes_with: Callable[[list["Written"], Any], Iterable[models.Model]] | None = None
    #: Writes what goes with the records just written, for the officer, in bulk. It sees them in the database, so that
    #: all records of such a sheet are made and written inside the transaction.
    after_write: Callable[[list["Written"], Any], None] | None = None
    #: What a list changes makes room for what it adds: a posting that ends, for the one that follows.
    changes_first: bool = False
    #: Example rows of the template, by field name; without them one is made from the fields.
    examples: tuple[Mapping[str, Any], ...] = ()
    #: Of the records in reach those that go out in a workbook to be sent back; all without it.
    issued: Callable[[models.QuerySet], models.QuerySet] | None = None
    #: Only records that the officer may write go out: where several areas see one, it names what others do not see.
    own_only: bool = False
    #: Page that lists the records, for links.
    list_url: str = ""
    #: Place among the kinds that an officer chooses from; the first is proposed.
    order: int = 100
    #: What is done after such a list has been written: the words of its button, and the URL name of its page, which is
    #: told the act of the import (``viec``).
    next_label: str = ""
    next_url: str = ""
    #: Of the records that an import made or changed (items of ``undoing``), for the officer who takes it back, those
    #: that stay as they are, each with the reason.
    stays: Callable[[Sequence[Any], Any], Iterable[tuple[Any, str]]] | None = None
    #: Further permissions of the sheet beside those to add and change its records.
    permissions: tuple[str, ...] = field(default=())

    @functools.cached_property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}

    @functools.cached_property
    def index(self) -> dict[str, Field]:
        """Fields by folded header; the first field that claims a header has it."""
        index: dict[str, Field] = {}
        for each in self.fields:
            for name in each.names:
                index.setdefault(name, each)
        return index

    def field_of(self, key: str) -> Field:
        """The field of a key such as “name” or “staff_count@2024”; raises ``KeyError`` for one that is none."""
        return self.by_name.get(key) or self.by_name[split_year(key)[0]]

    def label_of(self, key: str) -> str:
        """What a value is called on screen: “Số người học năm 2024”."""
        name, year = split_year(key)
        label = self.by_name[name].label
        return f"{label} năm {year}" if year else label

    @property
    def note_field(self) -> str:
        """Name of the field that takes what columns of no field say; empty where there is none."""
        name = self.note or "note"
        return name if name in self.by_name and self.by_name[name].kind == Kind.LONG_TEXT else ""

    @functools.cached_property
    def stored_fields(self) -> tuple[Field, ...]:
        """Fields that are columns of the model."""
        return tuple(each for each in self.fields if each.column and each.child is None)

    @functools.cached_property
    def longest(self) -> dict[str, int]:
        """How many characters each field takes, of those whose texts have an end."""
        return {each.name: each.max_length for each in self.fields if each.max_length}

    @functools.cached_property
    def by_column(self) -> frozenset[str]:
        """Names of the fields that are columns of the model."""
        return frozenset(each.name for each in self.stored_fields)

    @functools.cached_property
    def columns(self) -> dict[str, tuple[str, str | None, Callable[[], Any]]]:
        """By name and by attribute of each column of the model: its attribute, its field, and what makes its default.

        A column that the sheet has no field for has None there.
        """
        told = {}
        for column in self.model._meta.concrete_fields:
            field_name = self.fields_by_column.get(column.attname)
            told[column.name] = told[column.attname] = (column.attname, field_name, column.get_default)
        return told

    @functools.cached_property
    def attnames(self) -> dict[str, str]:
        """Attribute of the model that holds the value of each stored field: jurisdiction -> jurisdiction_id."""
        return {each.name: self.model._meta.get_field(each.column).attname for each in self.stored_fields}

    @functools.cached_property
    def fields_by_column(self) -> dict[str, str]:
        """Name of the field stored in each attribute of the model."""
        return {attname: name for name, attname in self.attnames.items()}

    @functools.cached_property
    def key_parts(self) -> dict[tuple[str, ...], tuple[tuple[str, bool, bool], ...]]:
        """The fields of each key: name, whether it is the area, whether it may be blank and still tell.

        Blank may be the day from which a row is valid, open for the first.
        """
        return {
            key: tuple((name, name == self.area, name != key[0] and not self.by_name[name].required) for name in key)
            for key in self.keys
        }

    @functools.cached_property
    def weak_keys(self) -> frozenset[tuple[str, ...]]:
        """Keys that are a name, which two records may share."""
        return frozenset(key for key in self.keys if any(self.by_name[name].kind == Kind.TEXT for name in key))

    @property
    def import_permissions(self) -> tuple[str, ...]:
        """All that an officer needs to bring such a list in."""
        options = self.model._meta
        return (
            "spreadsheets.import_sheet",
            f"{options.app_label}.add_{options.model_name}",
            f"{options.app_label}.change_{options.model_name}",
            *self.permissions,
        )

    def may_view(self, user) -> bool:
        """Whether the officer may look at records of the kind, and with them at what is kept of lists of it."""
        options = self.model._meta
        return user.has_perm(f"{options.app_label}.{get_permission_codename('view', options)}")

    def may_export(self, user) -> bool:
        """Whether the officer may take such a list out: the model's own right to export, else the right to view."""
        options = self.model._meta
        right = get_permission_codename("export", options)
        if right not in dict(options.permissions):
            right = get_permission_codename("view", options)
        return user.has_perm(f"{options.app_label}.{right}")

    def may_import(self, user) -> bool:
        """Whether the officer may bring such a list in."""
        return user.has_perms(self.import_permissions)


_sheets: dict[str, Sheet] = {}


def register(sheet: Sheet) -> Sheet:
    """Make a kind of sheet known under its name; a second one of the name replaces the first."""
    for key in sheet.keys:
        for name in key:
            sheet.by_name[name]
    _sheets[sheet.name] = sheet
    _known_headers.cache_clear()
    return sheet


def sheet_for(name: str) -> Sheet:
    """The kind of sheet of that name; raises ``KeyError`` where there is none."""
    return _sheets[name]


def sheets() -> list[Sheet]:
    """All kinds of sheets by their place, those of one place in the order they were declared."""
    return sorted(_sheets.values(), key=lambda sheet: sheet.order)


def sheet_of_model(model: type[models.Model]) -> Sheet | None:
    """The sheet of a model, or None."""
    return next((sheet for sheet in _sheets.values() if sheet.model is model), None)


def importable_sheets(user) -> list[Sheet]:
    """Kinds of sheets that the officer may bring in."""
    return [sheet for sheet in sheets() if sheet.may_import(user)]


@functools.cache
def _known_headers() -> frozenset[str]:
    return frozenset(name for sheet in _sheets.values() for name in sheet.index)


def known_header(text: str) -> bool:
    """Whether some kind of sheet knows a column of that header; the reader finds the header row by it."""
    return fold(text) in _known_headers()


def header_test(sheet: Sheet) -> Callable[[str], bool]:
    """As ``known_header`` for the columns of one kind of sheet."""
    return lambda text: fold(text) in sheet.index


def fields_of_kind(sheet: Sheet, kinds: Iterable[Kind]) -> list[Field]:
    """Fields of a sheet whose kind is one of those given."""
    wanted = frozenset(kinds)
    return [each for each in sheet.fields if each.kind in wanted]
