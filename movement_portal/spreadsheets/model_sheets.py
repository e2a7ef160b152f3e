"""A sheet made from a model: every record that an officer lists can be brought in and taken out."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from movement_portal.documents.models import LegalDocument, names_of_documents
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.vietnamese import nfc
from movement_portal.spreadsheets.fields import BY_NAME, Choice, Field, Kind, Lookup, Merge, Relation
from movement_portal.spreadsheets.sheets import Sheet

#: Column -> the form in which a text names a record by it, in the order they are tried.
NATURAL_COLUMNS = ("code", "tax_code", "school_code", "number", "username", "name_sort", "title")

POSITIVE = models.PositiveIntegerField | models.PositiveSmallIntegerField | models.PositiveBigIntegerField

_CODES = ("code", "number", "username")


def model_sheet(
    model: type[models.Model],
    *,
    name: str,
    keys: Sequence[tuple[str, ...]],
    label: str = "",
    synonyms: Mapping[str, Sequence[str]] | None = None,
    lookups: Mapping[str, Sequence[Lookup]] | None = None,
    limits: Mapping[str, Mapping[str, Any]] | None = None,
    leave_out: Sequence[str] = (),
    keep: Sequence[str] = (),
    changes: Mapping[str, Mapping[str, Any]] | None = None,
    first: Sequence[Field] = (),
    last: Sequence[Field] = (),
    area: str | None = None,
    **options,
) -> Sheet:
    """A sheet with a field for every editable column of the model, under its verbose name.

    ``synonyms`` and ``lookups`` add to single fields, ``limits`` narrow what a relation may name; those of ``keep`` are
    set on new records only; ``changes`` are what single fields have otherwise (``{"kind": {"choices": …}}``). ``first``
    and ``last`` are further fields around those of the model. ``area`` names the field of the area a row belongs to (by
    default ``jurisdiction`` where the model has one); other options are those of ``Sheet``.
    """
    synonyms, lookups, limits, changes = synonyms or {}, lookups or {}, limits or {}, changes or {}
    columns = (
        field_of_column(
            column,
            synonyms.get(column.name, ()),
            lookups.get(column.name),
            Merge.KEEP if column.name in keep else Merge.REPLACE,
            limits.get(column.name),
        )
        for column in model._meta.concrete_fields
        if column.editable and not column.primary_key and column.name not in leave_out and not _is_unlisted(column)
    )
    fields = (*first, *(dataclasses.replace(each, **changes.get(each.name, {})) for each in columns), *last)
    if area is None:
        area = "jurisdiction" if any(each.name == "jurisdiction" for each in fields) else ""
    title = str(label or model._meta.verbose_name_plural)
    return Sheet(
        name=name,
        label=title[0].upper() + title[1:],
        model=model,
        fields=fields,
        keys=tuple(keys),
        area=area,
        **options,
    )


def _is_unlisted(column: models.Field) -> bool:
    """Files and free structures have no place in a cell."""
    return isinstance(column, models.FileField | models.JSONField | models.UUIDField)


def field_of_column(
    column: models.Field,
    synonyms: Sequence[str] = (),
    lookups: Sequence[Lookup] | None = None,
    merge: Merge = Merge.REPLACE,
    limit: Mapping[str, Any] | None = None,
) -> Field:
    """The field of one column: kind, bounds, choices and headers follow from it."""
    label = nfc(str(column.verbose_name))
    kind = kind_of_column(column)
    return Field(
        name=column.name,
        label=label[0].upper() + label[1:],
        kind=kind,
        column=column.name,
        synonyms=tuple(synonyms),
        help=str(column.help_text),
        merge=merge,
        required=not column.blank and not column.has_default(),
        choices=tuple(Choice(str(value), str(text)) for value, text in column.flatchoices),
        is_past=column.name in getattr(column.model, "past_fields", ()),
        max_length=(column.max_length or 0) if kind in (Kind.TEXT, Kind.CODE, Kind.PHONE) else 0,
        minimum=0 if isinstance(column, POSITIVE) else None,
        maximum=_largest(column),
        relation=_relation(column, lookups, limit) if kind == Kind.RELATION else None,
        lookup=BY_NAME if column.name == "name" and _has_column(column.model, "name_sort") else None,
    )


def kind_of_column(column: models.Field) -> Kind:
    """The kind of field that fits a column of a model."""
    if column.is_relation:
        is_area = column.related_model is Jurisdiction and column.name == "jurisdiction"
        return Kind.AREA if is_area else Kind.RELATION
    if column.choices:
        return Kind.CHOICE
    if column.name == "year" or column.name.endswith("_year"):
        return Kind.YEAR
    if column.name.endswith("_amount"):
        return Kind.AMOUNT
    if column.name.endswith("phone"):
        return Kind.PHONE
    if column.name in _CODES or column.name.endswith("_code"):
        return Kind.CODE if " " not in str(column.verbose_name) else Kind.TEXT
    for classes, kind in (
        (models.BooleanField, Kind.BOOL),
        (models.DateField, Kind.DATE),
        (models.DecimalField | models.FloatField, Kind.DECIMAL),
        (models.IntegerField, Kind.INTEGER),
        (models.TextField, Kind.LONG_TEXT),
    ):
        if isinstance(column, classes):
            return kind
    return Kind.TEXT


def _largest(column: models.Field) -> int | None:
    if isinstance(column, models.SmallIntegerField):
        return 32_767
    if isinstance(column, models.BigIntegerField):
        return 9_223_372_036_854_775_807
    return 2_147_483_647 if isinstance(column, models.IntegerField) else None


def _has_column(model: type[models.Model], name: str) -> bool:
    return any(column.name == name for column in model._meta.concrete_fields)


def _relation(
    column: models.Field, lookups: Sequence[Lookup] | None, limit: Mapping[str, Any] | None = None
) -> Relation:
    model = column.related_model
    found = [BY_NAME if name == "name_sort" else Lookup(name) for name in NATURAL_COLUMNS if _has_column(model, name)]
    return Relation(
        model=model,
        lookups=tuple(lookups or found),
        limit={**column.get_limit_choices_to(), **(limit or {})},
        is_owner=column.name == getattr(column.model, "owner_relation", ""),
        also_called=names_of_documents if model is LegalDocument else None,
    )
