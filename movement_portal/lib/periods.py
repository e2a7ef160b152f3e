"""A constraint over periods: of rows alike in some columns no two hold on the same day, on both databases.

PostgreSQL keeps it as an exclusion constraint (it needs the extension ``btree_gist``), SQLite by triggers.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q

Period = tuple[datetime.date | None, datetime.date | None]

_TRIGGER = """CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s WHEN %(new)s
AND EXISTS (SELECT 1 FROM %(table)s AS other WHERE %(same)s)
BEGIN SELECT RAISE(ABORT, '%(fault)s'); END"""


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods, both days of each included, share a day; an open end is open."""
    return (one[0] is None or other[1] is None or one[0] <= other[1]) and (
        other[0] is None or one[1] is None or other[0] <= one[1]
    )


def sharing_a_day(first: str, last: str, period: Period) -> Q:
    """Rows whose period, from column ``first`` to column ``last``, shares a day with the one given."""
    found = Q()
    if period[1] is not None:
        found &= Q(**{f"{first}__isnull": True}) | Q(**{f"{first}__lte": period[1]})
    if period[0] is not None:
        found &= Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": period[0]})
    return found


class PeriodsApart(models.BaseConstraint):
    """No two rows that share the values of ``fields`` have a day in common; rows without one of the values are free.

    Rows that hold something in a column of ``unless`` are left out: another row stands for them.
    """

    def __init__(
        self,
        *,
        name: str,
        fields: Sequence[str],
        first: str,
        last: str,
        unless: str = "",
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ):
        super().__init__(
            name=name, violation_error_code=violation_error_code, violation_error_message=violation_error_message
        )
        self.fields, self.first, self.last, self.unless = tuple(fields), first, last, unless

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "first": self.first, "last": self.last}
        if self.unless:
            kwargs["unless"] = self.unless
        return path, args, kwargs

    def __eq__(self, other):
        return isinstance(other, PeriodsApart) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__

    # -- in the database -----------------------------------------------------------------------------------------------
    def constraint_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            return f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._exclusion(model, schema_editor)}"
        # Of a table that SQLite makes anew the triggers are made anew too.
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            added = self.constraint_sql(model, schema_editor)
            return Statement(
                "ALTER TABLE %(table)s ADD %(added)s",
                table=Table(model._meta.db_table, schema_editor.quote_name),
                added=added,
            )
        return None

    def remove_sql(self, model, schema_editor):
        return schema_editor._delete_constraint_sql(schema_editor.sql_delete_check, model, self.name)

    def _column(self, model, name, quote):
        return quote(model._meta.get_field(name).column)

    def _exclusion(self, model, schema_editor):
        def column(name):
            return self._column(model, name, schema_editor.quote_name)

        same = ", ".join(f"{column(name)} WITH =" for name in self.fields)
        held = " AND ".join(
            [
                *(f"{column(name)} IS NOT NULL" for name in self.fields),
                *([f"{column(self.unless)} IS NULL"] if self.unless else []),
            ]
        )
        days = f"daterange({column(self.first)}, {column(self.last)}, '[]')"
        return f"EXCLUDE USING gist ({same}, {days} WITH &&) WHERE ({held})"

    def _triggers(self, model, schema_editor) -> Iterator[Statement]:
        quote = schema_editor.quote_name

        def column(name):
            return self._column(model, name, quote)

        new = [f"NEW.{column(name)} IS NOT NULL" for name in self.fields]
        same = [f"other.{column(name)} = NEW.{column(name)}" for name in self.fields]
        if self.unless:
            new.append(f"NEW.{column(self.unless)} IS NULL")
            same.append(f"other.{column(self.unless)} IS NULL")
        first, last = column(self.first), column(self.last)
        for one, other in ((f"other.{first}", f"NEW.{last}"), (f"NEW.{first}", f"other.{last}")):
            same.append(f"({one} IS NULL OR {other} IS NULL OR {one} <= {other})")
        key = quote(model._meta.pk.column)
        watched = (*self.fields, self.first, self.last, *([self.unless] if self.unless else []))
        moved = "UPDATE OF " + ", ".join(column(name) for name in watched)
        for event, when in (("insert", "INSERT"), ("update", moved)):
            yield Statement(
                _TRIGGER,
                name=quote(f"{self.name}_{event}"),
                event=when,
                table=Table(model._meta.db_table, quote),
                new=" AND ".join(new),
                # A new row has no key yet.
                same=" AND ".join([*same, *([f"other.{key} <> NEW.{key}"] if event == "update" else [])]),
                fault=self.name,
            )

    # -- in forms ------------------------------------------------------------------------------------------------------
    def validate(self, model, instance, exclude=None, using=None):
        """Raise ``ValidationError`` where another row of the same values has a day in common with this one."""
        if exclude and not {*self.fields, self.first, self.last}.isdisjoint(exclude):
            return
        values = self.values_of(instance)
        stands_back = self.unless and getattr(instance, model._meta.get_field(self.unless).attname) is not None
        if stands_back or None in values.values():
            return
        others = model._base_manager.using(using).filter(**values)
        if self.unless:
            others = others.filter(**{f"{self.unless}__isnull": True})
        others = others.filter(sharing_a_day(self.first, self.last, self.period_of(instance)))
        if instance.pk is not None:
            others = others.exclude(pk=instance.pk)
        if others.exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def values_of(self, instance: models.Model) -> dict[str, Any]:
        """What a row holds in the columns by which rows are alike."""
        columns: list[Any] = [instance._meta.get_field(name) for name in self.fields]
        return {column.attname: getattr(instance, column.attname) for column in columns}

    def period_of(self, instance: models.Model) -> Period:
        """The first and the last day of a row."""
        return getattr(instance, self.first), getattr(instance, self.last)
