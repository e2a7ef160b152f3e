"""Rows that belong to a team or a guard: told by the unit, and by what the team or the guard is called there.

Hundreds of units call their team “Tổ bảo vệ”, and persons share names: the unit tells them apart.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from movement_portal.lib.dates import within_period
from movement_portal.lib.vietnamese import fold, sort_key
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import Elsewhere, Field, Kind, Relation
from movement_portal.spreadsheets.records import in_parts
from units.models import Unit
from units.sheets.unit_records import BY_UNIT, UNIT_NAMES

UNIT, BIRTH_YEAR = "unit", "birth_year"


@dataclass(frozen=True, kw_only=True)
class Belonging:
    """How the rows of one kind name what they belong to: their model, the field, and on which day a row is."""

    model: type[models.Model]
    #: Foreign key of the rows to the team or guard.
    field: str
    day: Callable[[Draft], datetime.date | None]
    #: Columns of the team: its first and its last day.
    span: tuple[str, str]
    #: Whether a row may leave out the name where its unit has one only.
    may_be_unnamed: bool = False

    @property
    def owners(self) -> type[models.Model]:
        """The model of what the rows belong to."""
        return self.model._meta.get_field(self.field).related_model

    @property
    def noun(self) -> str:
        return str(self.owners._meta.verbose_name)

    def relation(self) -> Relation:
        """The relation of the field; what it names is found by ``look_up``."""
        return Relation(model=self.owners, lookups=(), is_looked_up=True, is_owner=True)

    def unit_field(self) -> Field:
        """The column that says of which unit; it goes out with the code."""
        return Field(
            name=UNIT,
            label="Đơn vị",
            kind=Kind.RELATION,
            synonyms=UNIT_NAMES,
            help=f"Tên hoặc mã đơn vị: nhiều đơn vị có {self.noun} cùng tên.",
            relation=Relation(model=Unit, lookups=BY_UNIT),
            elsewhere=self._told("unit__code"),
        )

    def birth_field(self) -> Field:
        """The column that tells namesakes of one unit apart."""
        return Field(
            name=BIRTH_YEAR,
            label="Năm sinh",
            kind=Kind.YEAR,
            synonyms=("Sinh năm", "NS"),
            help="Khi đơn vị có hai người cùng họ tên.",
            elsewhere=self._told("birth_year"),
        )

    def _told(self, column: str) -> Elsewhere:
        def read(keys: Collection[int], _officer: Any) -> Mapping[int, Any]:
            found: dict[int, Any] = {}
            for part in in_parts(keys):
                rows = self.model._base_manager.filter(pk__in=part).order_by()
                found.update(rows.values_list("pk", f"{self.field}__{column}"))
            return found

        return Elsewhere(read=read)

    # -- rows ----------------------------------------------------------------------------------------------------------
    def look_up(self, drafts: Sequence[Draft], officer: Any, _places: Any) -> None:
        """Put the team or guard that each row means in its place, or say why none is meant."""
        texts = {draft: str(draft.values.pop(self.field, "")) for draft in drafts}
        units = {draft: draft.get(UNIT) for draft in drafts}
        # Of a guard of a list the year is the row's own.
        years = {draft: draft.values.pop(BIRTH_YEAR, None) if self._is_told_apart else None for draft in drafts}
        by_unit, by_name = self._known(texts, units, officer)
        for draft, text in texts.items():
            unit = units[draft]
            if not _has(self.model, UNIT):
                draft.values.pop(UNIT, None)
            if isinstance(unit, int):
                known = by_unit.get(unit, [])
                found = [row for row in known if fold(row["name"]) == fold(text)] if text else known
            elif any(problem.key == UNIT for problem in draft.problems) or not text:
                continue
            else:
                found = by_name.get(fold(text), [])
            if years[draft] is not None:
                found = [row for row in found if row[BIRTH_YEAR] in (None, years[draft])]
            self._settle(draft, text, found, is_of_unit=isinstance(unit, int))

    def _known(self, texts, units, officer):
        """What there is in the units named, and of the names of rows without a unit; the officer's own only."""
        rows = self.owners.objects.editable_by(officer).order_by("pk")
        columns = ("pk", "unit", "name", *self.span, *((BIRTH_YEAR,) if self._is_told_apart else ()))
        by_unit: dict[int, list[dict]] = defaultdict(list)
        for part in in_parts(unit for unit in units.values() if isinstance(unit, int)):
            for row in rows.filter(unit__in=part).values(*columns):
                by_unit[row["unit"]].append(row)
        by_name: dict[str, list[dict]] = defaultdict(list)
        names = {sort_key(text) for draft, text in texts.items() if text and not isinstance(units[draft], int)}
        for part in in_parts(names):
            for row in rows.filter(name_sort__in=part).values(*columns):
                by_name[fold(row["name"])].append(row)
        return by_unit, by_name

    @property
    def _is_told_apart(self) -> bool:
        """Whether a year of birth tells those of one name apart."""
        return _has(self.owners, BIRTH_YEAR)

    def _settle(self, draft: Draft, text: str, found: list[dict], *, is_of_unit: bool) -> None:
        if not text and not (self.may_be_unnamed and is_of_unit):
            return
        if len(found) > 1 and (day := self.day(draft)) is not None:
            first, last = self.span
            found = [row for row in found if within_period(day, day, row[first], row[last])] or found
        if len(found) == 1:
            draft.values[self.field] = found[0]["pk"]
            return
        where = "Đơn vị này" if is_of_unit else "Sổ"
        called = f" “{text}”" if text else ""
        if not found:
            draft.refuse(self.field, f"{where} không có {self.noun}{called}.", f"Không có {self.noun} này", text)
            return
        more = "năm sinh" if is_of_unit and self._is_told_apart else "tên" if is_of_unit else "đơn vị"
        reason = f"{where} có {len(found)} {self.noun}{called}: hãy ghi thêm {more}."
        draft.refuse(self.field, reason, f"Không rõ {self.noun} nào", text)


def _has(model: type[models.Model], name: str) -> bool:
    return any(column.name == name for column in model._meta.concrete_fields)
