"""The columns of a model, by the names under which its instances hold their values."""

import functools

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
