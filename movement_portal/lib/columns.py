"""The columns of a model, by the names under which its instances hold their values."""

import functools
from collections.abc import Sequence
from typing import Any, cast

from django.db import models

from movement_portal.lib import bulk
from movement_portal.lib.masking import PROSE, is_phone_column, mask_in_text, may_hold_number


@functools.cache
def moment_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Names of the fields that note the moment of every write (``auto_now``)."""
    return tuple(field.name for field in model._meta.concrete_fields if getattr(field, "auto_now", False))


@functools.cache
def columns_to_read(model: type[models.Model]) -> dict[str, tuple[models.Field, frozenset[type]]]:
    """Column attribute -> the field that knows its values, and the types of those that need no conversion."""
    return {field.attname: (field, bulk.plain_types(field)) for field in model._meta.concrete_fields}


@functools.cache
def prose_columns(model: type[models.Model]) -> tuple[str, ...]:
    """Columns that hold words as officers write them: no codes, no choices, nothing computed or hidden."""
    left_out = {*getattr(model, "derived_fields", ()), *getattr(model, "masked_fields", ())}
    return tuple(
        column.attname
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and (isinstance(column, models.TextField) or (column.max_length or 0) >= PROSE)
        and not column.choices
        and column.name not in left_out
    )


def mask_numbers(rows: Sequence[models.Model]) -> None:
    """Mask numbers of identity papers in the words of rows of one model before they are written.

    Forms refuse them (``free_text``) and lists are read with them masked; this is the last door of all others.
    """
    for name in prose_columns(type(rows[0])) if rows else ():
        texts = [text for row in rows if type(text := row.__dict__.get(name)) is str]
        if may_hold_number("\n".join(texts)):
            for row in rows:
                if type(text := row.__dict__.get(name)) is str:
                    setattr(row, name, mask_in_text(text, is_phone=is_phone_column(name)))


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
