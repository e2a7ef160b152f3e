"""The columns of a model, by the names under which its instances hold their values."""

import functools
from collections.abc import Sequence
from typing import Any, cast

from django.db import models

from movement_portal.lib import bulk


@functools.cache
def moment_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Names of the fields that note the moment of every write (``auto_now``)."""
    return tuple(field.name for field in model._meta.concrete_fields if getattr(field, "auto_now", False))


@functools.cache
def columns_to_read(model: type[models.Model]) -> dict[str, tuple[models.Field, frozenset[type]]]:
    """Column attribute -> the field that knows its values, and the types of those that need no conversion."""
    return {field.attname: (field, bulk.plain_types(field)) for field in model._meta.concrete_fields}


def load_relation(rows: Sequence[models.Model], name: str) -> None:
    """Have the records at hand that rows of one model name by a relation, or by a chain (``team__unit``).

    One query for thousands of rows, where Django's prefetch makes a condition that grows with them.
    """
    if not rows:
        return
    first, _, rest = name.partition("__")
    relation = cast(models.ForeignKey, rows[0]._meta.get_field(first))
    bare = [row for row in rows if not relation.is_cached(row)]
    keys = list({getattr(row, relation.attname) for row in bare} - {None})
    known: dict[Any, models.Model | None] = {None: None}
    for part in bulk.chunks(keys, bulk.ROWS):
        target = relation.target_field.attname
        records = relation.related_model._base_manager.filter(**{f"{target}__in": part}).order_by()
        known.update({getattr(record, target): record for record in records})
    for row in bare:
        if (key := getattr(row, relation.attname)) in known:
            relation.set_cached_value(row, known[key])
    if rest:
        related = (relation.get_cached_value(row, default=None) for row in rows)
        load_relation(list({id(record): record for record in related if record is not None}.values()), rest)
