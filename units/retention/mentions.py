"""Where free text still tells a person whose data end: found for an officer to look at, never changed by itself.

Looked for near the unit of the person: in the words of the unit, of what belongs to it or took place with it, in the
history of those records and in the reasons given for changing them. Compared without accents, as a whole phrase.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch

from movement_portal.audit.models import Change
from movement_portal.audit.redacting import REMOVED
from movement_portal.lib.bulk import chunks
from movement_portal.lib.columns import prose_columns
from movement_portal.lib.tracking import TrackedModel
from movement_portal.lib.vietnamese import fold
from units.models import Guard, TrainingCourse, Unit

#: Ends of columns that name a person on purpose: such data have periods of their own.
NAMING = ("head_name", "contact_name", "leader_name", "_title", "phone")
#: Records that took place with units and name none themselves.
FURTHER: dict[type[models.Model], tuple[str, ...]] = {TrainingCourse: ("attendances__guard__unit",)}
HISTORY, REASON = "nội dung cũ trong lịch sử", "lý do trong lịch sử"


@dataclass(frozen=True)
class Named:
    """A person whose data end: the name, and the unit near which texts may tell it."""

    name: str
    unit: int


@dataclass(frozen=True)
class Mention:
    """One place that an officer should look at."""

    record: models.Model
    #: What of the record: the label of the column, or where in its history.
    place: str
    person: Named

    @property
    def kind(self) -> str:
        """“Kiểm tra, hướng dẫn”."""
        title = str(self.record._meta.verbose_name)
        return title[:1].upper() + title[1:]

    @property
    def url(self) -> str:
        """The page of the record, or of what it belongs to; empty where it has none."""
        for each in (self.record, getattr(self.record, getattr(self.record, "owner_relation", "") or "pk")):
            find = getattr(each, "get_absolute_url", None)
            try:
                if find:
                    return find()
            except NoReverseMatch:
                continue
        return ""


def mentions_of(people: Iterable[Named], *, by=None) -> list[Mention]:
    """Every place near a person's unit that tells the name; for an officer only of records that they may read."""
    wanted: dict[int, dict[str, Named]] = defaultdict(dict)
    for person in people:
        folded = fold(person.name)
        # One word alone is no full name.
        if " " in folded and person.name != REMOVED:
            wanted[person.unit][f" {folded} "] = person
    if by is not None:
        seen = Unit.objects.visible_to(by)
        inside = {pk for part in chunks(list(wanted)) for pk in seen.filter(pk__in=part).values_list("pk", flat=True)}
        wanted = {unit: names for unit, names in wanted.items() if unit in inside}
    found: dict[tuple, Mention] = {}
    for model in models_with_words():
        if by is not None and not by.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
            continue
        for part in chunks(list(wanted)):
            near = _near(model, part, by)
            for mention in [*_in_records(near, wanted), *_in_history(model, near, wanted)]:
                found[mention.record._meta.label, mention.record.pk, mention.place, mention.person.name] = mention
    return sorted(found.values(), key=lambda each: (each.person.unit, each.person.name, each.kind, each.record.pk))


@functools.cache
def models_with_words() -> tuple[type[TrackedModel], ...]:
    """Tracked models with free text near a unit."""
    return tuple(
        model
        for model in apps.get_models()
        if issubclass(model, TrackedModel) and words_of(model) and unit_paths(model)
    )


@functools.cache
def words_of(model: type[TrackedModel]) -> tuple[str, ...]:
    """Columns of free text, those left out that name a person on purpose."""
    columns = (name for name in prose_columns(model) if not name.endswith(NAMING))
    return tuple(name for name in columns if not (model is Guard and name == "name"))


@functools.cache
def unit_paths(model: type[models.Model]) -> tuple[str, ...]:
    """Lookups from a model to the units that its records are about, took place with, or belong to."""
    if model is Unit:
        return ("pk",)
    own = [field.name for field in model._meta.concrete_fields if field.related_model is Unit]
    own += [
        f"{relation.name}__unit"
        for relation in model._meta.related_objects
        if getattr(relation.related_model, "owner_relation", "") == relation.field.name
        and any(field.name == "unit" for field in relation.related_model._meta.concrete_fields)
    ]
    owner = getattr(model, "owner_relation", "")
    if not own and owner:
        own = [f"{owner}__{path}" for path in unit_paths(model._meta.get_field(owner).related_model)]
    return (*own, *FURTHER.get(model, ()))


def _near(model: type[TrackedModel], units: Sequence[int], by) -> dict[models.Model, set[int]]:
    """Records of the model near the units, each with those units."""
    rows = model._base_manager.all() if by is None else model._default_manager.visible_to(by)
    near: dict[int, set[int]] = defaultdict(set)
    for path in unit_paths(model):
        pairs = rows.filter(**{f"{path}__in": units}).order_by().values_list("pk", path)
        for pk, unit in pairs.iterator(chunk_size=2_000):
            near[pk].add(unit)
    owner = [model.owner_relation] if model.owner_relation else []
    records: dict[models.Model, set[int]] = {}
    for part in chunks(list(near)):
        for record in model._base_manager.select_related(*owner).filter(pk__in=part):
            records[record] = near[record.pk]
    return records


def _in_records(near: Mapping[models.Model, set[int]], wanted: Mapping[int, Mapping[str, Named]]) -> Iterator[Mention]:
    for record, units in near.items():
        for name in words_of(type(record)):
            for person in _told(getattr(record, name), units, wanted):
                yield Mention(record, str(record._meta.get_field(name).verbose_name), person)


def _in_history(
    model: type[TrackedModel], near: Mapping[models.Model, set[int]], wanted: Mapping[int, Mapping[str, Named]]
) -> Iterator[Mention]:
    """What records said before, and why they were changed; what they say now is told already."""
    words = words_of(model)
    records = {record.pk: record for record in near}
    for part in chunks(list(records)):
        changes = Change.objects.filter(model=model._meta.label_lower, object_id__in=part).order_by()
        rows = changes.values_list("object_id", "before", "after", "event__reason")
        for pk, before, after, reason in rows.iterator(chunk_size=2_000):
            record, units = records[pk], near[records[pk]]
            for person in _told(reason, units, wanted):
                yield Mention(record, REASON, person)
            for values in (before, after):
                for name in words:
                    if (text := values.get(name)) and text != getattr(record, name):
                        for person in _told(text, units, wanted):
                            yield Mention(record, HISTORY, person)


def _told(text: Any, units: Iterable[int], wanted: Mapping[int, Mapping[str, Named]]) -> Iterator[Named]:
    """The persons of the units whom a text tells."""
    if not isinstance(text, str) or not text:
        return
    folded = f" {fold(text)} "
    for unit in units:
        for name, person in wanted.get(unit, {}).items():
            if name in folded:
                yield person


def places_in_words(mentions: Sequence[Mention]) -> str:
    """The places without the names, as the journal keeps them when the names are gone."""
    units = Unit._base_manager.in_bulk({mention.person.unit for mention in mentions})
    told = [f"{each.kind} của {units[each.person.unit].code} ({each.place})" for each in mentions]
    return "; ".join(dict.fromkeys(told))
