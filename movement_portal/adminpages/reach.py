"""Names that stay unsaid: a row that an officer sees may name a record that they do not."""

from collections.abc import Callable, Iterable, Sequence

from django.db import models

from movement_portal.audit.presenting import beyond
from movement_portal.jurisdictions.scoping import ReferenceModel
from movement_portal.lib.tracking import TrackedModel


class Named:
    """Stands where a record would: its name, or what is said in place of one; no address leads to it."""

    pk = ""

    def __init__(self, name: str):
        self._name = name

    def __str__(self):
        return self._name


def naming_relations(model: type[models.Model], columns: Iterable[str]) -> list[models.ForeignKey]:
    """The relations among the columns that may name what lies out of reach.

    The one by which the row itself has its area does not: whoever sees the row may know where it is kept.
    """
    own = getattr(model._default_manager.all(), "path_lookup", "").partition("__")[0]
    fields = {field.name: field for field in model._meta.concrete_fields if field.is_relation}
    return [
        fields[name]
        for name in dict.fromkeys(columns)
        if name in fields
        and name != own
        and issubclass(fields[name].related_model, TrackedModel)
        and not issubclass(fields[name].related_model, ReferenceModel)
    ]


def leave_unsaid(records: Sequence[models.Model], columns: Iterable[str], reader) -> None:
    """Put a stand-in for each record that these relations name and the reader may not know; a question a model."""
    records = [record for record in records if record.pk]
    if not records:
        return
    known: dict[type[models.Model], set] = {}
    relations = naming_relations(type(records[0]), columns)
    for related in {field.related_model for field in relations}:
        names = [field.attname for field in relations if field.related_model is related]
        wanted = {key for record in records for name in names if (key := getattr(record, name)) is not None}
        rows = related._default_manager.known_to(reader) if wanted else related._default_manager.none()
        known[related] = set(rows.filter(pk__in=wanted).order_by().values_list("pk", flat=True))
    for field in relations:
        for record in records:
            key = getattr(record, field.attname)
            if key is not None and key not in known[field.related_model]:
                field.set_cached_value(record, Named(beyond(field.related_model)))


def name_only(record: models.Model, columns: Iterable[str], opens: Callable[[type[models.Model]], bool]) -> None:
    """Put a stand-in for each record whose page the reader may not open, where the record names it."""
    for field in record._meta.concrete_fields:
        if field.is_relation and field.name in columns and getattr(record, field.attname) is not None:
            related = getattr(record, field.name)
            if not isinstance(related, Named) and not opens(type(related)):
                field.set_cached_value(record, Named(str(related)))
