"""History in human words: names of fields, choices and records instead of columns, codes and ids."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime

from movement_portal.audit.enums import ChangeAction
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.sources import Source, sources_of
from movement_portal.jurisdictions.models import Jurisdiction, Officer, PoliceOffice
from movement_portal.lib.changes import MASK

#: Shown for a value that the history does not keep.
HIDDEN = "(không hiển thị)"
#: Shown for a record that is gone and whose name nobody kept.
GONE = "(đã xóa)"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record before and after, in words; an empty text is an empty field."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PresentedChange:
    """One change with its fields in words; ``kind`` names the model."""

    change: Change
    kind: str
    fields: list[FieldChange]
    #: The line of a file that it was taken from, where there is one the reader may open.
    source: Source | None = None


def model_of(label: str) -> type[models.Model] | None:
    """The model a change speaks of, or None when it is no longer part of the portal."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def field_of(model: type[models.Model] | None, column: str) -> models.Field | None:
    """The field of a column of the model, or None when there is none any more."""
    try:
        return model._meta.get_field(column) if model else None
    except FieldDoesNotExist:
        return None


def field_label(model: type[models.Model] | None, column: str) -> str:
    """What the field is called on screen: “Tên đơn vị”."""
    field = field_of(model, column)
    name = str(field.verbose_name) if field else column
    return name[:1].upper() + name[1:]


class Names:
    """Names of the records that values point to, for one reader; each model is asked once, however many there are."""

    def __init__(self, reader: Officer) -> None:
        self.reader = reader
        self._wanted: dict[type[models.Model], set] = {}
        self._found: dict[type[models.Model], dict] = {}

    def want(self, model: type[models.Model] | None, values: dict[str, Any]) -> None:
        """Note the records that these column values of a row of the model point to."""
        for column, value in values.items():
            field = field_of(model, column)
            if field is not None and field.is_relation and value not in (None, "", MASK):
                self._wanted.setdefault(field.related_model, set()).add(value)

    def want_keys(self, model: type[models.Model], keys: Iterable) -> None:
        """Note records of a model by their keys."""
        self._wanted.setdefault(model, set()).update(keys)

    def knows(self, model: type[models.Model], pk: Any) -> bool:
        """Whether the reader may know which record it is; of one noted before."""
        return self.name(model, pk) not in (GONE, beyond(model))

    def name(self, model: type[models.Model], pk: Any) -> str:
        """The name of a record noted before; the last known one when it is deleted."""
        if missing := self._wanted.get(model, set()) - self._found.get(model, {}).keys():
            self._found.setdefault(model, {}).update(names_of(model, missing, self.reader))
        return self._found.get(model, {}).get(pk, GONE)


def beyond(model: type[models.Model]) -> str:
    """A record that the reader may not know of: “một đơn vị ngoài phạm vi”."""
    return f"một {model._meta.verbose_name} ngoài phạm vi"


def names_of(model: type[models.Model], pks: Iterable, reader: Officer) -> dict[Any, str]:
    """Names by key, in as many queries however many keys; records out of the reader's reach go without their names.

    Deleted records answer with the name they had.
    """
    pks = set(pks)
    rows = model._default_manager.known_to(reader).filter(pk__in=pks)
    if model is Jurisdiction:
        # Seven communes are called Tân Tiến: an area is named with what it belongs to.
        found = {row.pk: row.long_name for row in rows.select_related("parent__parent__parent__parent")}
    else:
        found = {row.pk: str(row) for row in rows.select_related()}
    if unknown := pks - found.keys():
        kept = model._base_manager.filter(pk__in=unknown).values_list("pk", flat=True)
        found.update(dict.fromkeys(kept, beyond(model)))
    if gone := pks - found.keys():
        deleted = Change.objects.visible_to(reader).filter(
            model=model._meta.label_lower, object_id__in=gone, action=ChangeAction.DELETE
        )
        found.update(deleted.order_by("id").values_list("object_id", "label"))
    return found


def value_text(model: type[models.Model] | None, column: str, value: Any, names: Names) -> str:
    """A plain value of a column as an officer reads it; an empty value is an empty text."""
    if value == MASK:
        return HIDDEN
    if value in (None, "", [], {}):
        return ""
    field = field_of(model, column)
    if field is not None and field.is_relation:
        return names.name(field.related_model, value)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain_text(field, value)


def _plain_text(field: models.Field | None, value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, list):
        return ", ".join(_plain_text(None, item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain_text(None, item)}" for key, item in value.items())
    if isinstance(field, models.FileField):
        # The name under which a paper is kept is the portal's own and says nothing.
        return "có tệp"
    if isinstance(field, models.DateTimeField):
        moment = parse_datetime(value)
        return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else value
    if isinstance(field, models.DateField):
        return formats.date_format(datetime.date.fromisoformat(value), "DATE_FORMAT")
    if isinstance(field, models.DecimalField):
        return formats.number_format(Decimal(value), use_l10n=True, force_grouping=True)
    # Years and orders are small integers and stay ungrouped; amounts and counts are not.
    if isinstance(value, int | float) and not isinstance(
        field, models.SmallIntegerField | models.PositiveSmallIntegerField
    ):
        return formats.number_format(value, use_l10n=True, force_grouping=True)
    return str(value)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as the reader may know it; acts of no officer are the system's."""

    name: str
    office: str = ""


def actors_of(events: Iterable[AuditEvent], reader: Officer) -> dict[Any, Actor]:
    """Who did each event, by its key: officers of offices that the reader does not know stay unnamed."""
    events = list(events)
    names = Names(reader)
    names.want_keys(PoliceOffice, {event.office_id for event in events} - {None})
    return {event.pk: _actor(event, names) for event in events}


def _actor(event: AuditEvent, names: Names) -> Actor:
    if event.office_id is None or names.knows(PoliceOffice, event.office_id):
        return Actor(event.officer_name or "Hệ thống", event.office_name)
    return Actor(beyond(Officer).capitalize())


def present(changes: Sequence[Change], reader: Officer) -> list[PresentedChange]:
    """Changes in words for their reader, in the order given; names are looked up once per model, not per change."""
    names = Names(reader)
    for change in changes:
        model = model_of(change.model)
        names.want(model, change.before)
        names.want(model, change.after)
    sources = sources_of(changes, reader)
    return [_presented(change, names, sources.get(change.pk)) for change in changes]


def _presented(change: Change, names: Names, source: Source | None) -> PresentedChange:
    model = model_of(change.model)
    columns = column_order(model, {**change.before, **change.after})
    return PresentedChange(
        change=change,
        kind=str(model._meta.verbose_name) if model else change.model,
        fields=[
            FieldChange(
                name=column,
                label=field_label(model, column),
                old=value_text(model, column, change.before.get(column), names),
                new=value_text(model, column, change.after.get(column), names),
            )
            for column in columns
        ],
        source=source,
    )


def column_order(model: type[models.Model] | None, columns: Iterable[str]) -> list[str]:
    """The columns in the order of the model's fields, unknown ones last."""
    order = {field.attname: index for index, field in enumerate(model._meta.concrete_fields)} if model else {}
    return sorted(columns, key=lambda column: (order.get(column, len(order)), column))
