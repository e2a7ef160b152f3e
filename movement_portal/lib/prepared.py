"""Queries whose SQL is made once a process.

Django makes the SQL of a queryset anew each time; for the small queries of every page that costs more than the database
takes to answer. A prepared query is an ordinary queryset with ``Slot`` in the place of what differs from call to call.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.expressions import Value
from django.db.models.lookups import FieldGetDbPrepValueMixin, Lookup


class Slot(Value):
    """Stands in a queryset for a value of the field's kind that each call gives by name."""

    def __init__(self, name: str, field: models.Field):
        super().__init__(name, output_field=field)

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def bound(self, value: Any, connection) -> Any:
        """The value as the driver takes it."""
        return self.output_field.get_db_prep_value(value, connection)


class ListSlot(Slot):
    """Stands for a list of values, for the lookup ``among``."""

    def bound(self, value: Sequence[Any], connection) -> Any:
        plain = [super(ListSlot, self).bound(each, connection) for each in value]
        return plain if connection.vendor == "postgresql" else json.dumps(plain)


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class Among(FieldGetDbPrepValueMixin, Lookup):
    """One of the values of a ``ListSlot``: one parameter, however many there are."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, self.rhs]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self.rhs]


class Prepared:
    """A queryset made by ``build``, compiled at the first call; calling it gives its rows as a list.

    What ``build`` reads from outside (a date, a user) is fixed from then on: whatever may differ is a slot.
    """

    def __init__(self, build: Callable[[], models.QuerySet]):
        self._build = build
        self._plan: tuple[models.QuerySet, Any, str, list[Any]] | None = None

    def __call__(self, **values: Any) -> list[Any]:
        queryset, compiler, sql, params = self._plan or self._compile()
        if not sql:
            return []
        connection = connections[queryset.db]
        bound = _bound(params, values, connection)
        # Copies, because several threads run the same plan, each on its own connection.
        running = _copied(compiler)
        running.connection = connection
        running.as_sql = _always((sql, bound))
        source = _copied(queryset)
        source._query = _copied(queryset.query)
        source._query.get_compiler = _always(running)
        return list(source._iterable_class(source))

    def _compile(self):
        queryset = self._build()
        compiler = queryset.query.get_compiler(using=queryset.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            sql, params = "", ()
        self._plan = (queryset, compiler, sql, list(params))
        return self._plan


class PreparedCount(Prepared):
    """As ``Prepared``; a call answers how many rows there are."""

    def __call__(self, **values: Any) -> int:  # type: ignore[override]
        queryset, _, sql, params = self._plan or self._compile()
        if not sql:
            return 0
        connection = connections[queryset.db]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS counted", _bound(params, values, connection))
            return cursor.fetchone()[0]


def _bound(params, values, connection):
    return tuple([each.bound(values[each.value], connection) if isinstance(each, Slot) else each for each in params])


def _copied(thing):
    """A second one with the same attributes; ``copy.copy`` of a queryset would run it."""
    twin = object.__new__(type(thing))
    vars(twin).update(vars(thing))
    return twin


def _always(answer):
    """A function that gives the answer whatever it is asked."""

    def function(*args, **kwargs):
        return answer

    return function
