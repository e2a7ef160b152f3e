"""Reference data kept as files: brought into the database again and again, without undoing what administrators correct.

A file of ``fixtures/reference/`` is JSON: ``model``, ``key`` (the fields that tell its rows apart), ``about`` (where
the rows come from) and ``rows``; a foreign key is an object of the fields that find its row, as in
``{"legal_document": {"number": "124/2021/TT-BCA"}}``. Files are read in the order of their names.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction

from movement_portal.audit.enums import ChangeAction, EventKind
from movement_portal.audit.models import Change
from movement_portal.audit.recording import act
from movement_portal.lib.changes import plain
from movement_portal.lib.tracking import TrackedModel

#: Label of the act under which the files are loaded; changes under any other are an administrator's.
LABEL = "Nạp dữ liệu dùng chung"


@dataclass
class Outcome:
    """What became of the rows of one file; ``kept`` names what administrators corrected and the file left alone."""

    file: str
    created: int = 0
    changed: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)


def load_reference(paths: Iterable[Path], *, overwrite: bool = False) -> list[Outcome]:
    """Bring every file into the database in one transaction.

    A field that an administrator changed and a row that one deleted stay as they are; ``overwrite`` takes the files'.
    Raises ``ValueError`` for a file that does not fit its model.
    """
    with transaction.atomic(), act(EventKind.COMMAND, label=LABEL):
        return [_load(path, overwrite) for path in paths]


def _follow(existing, row, names, outcome, *, overwrite) -> bool:
    """Take over the values of the file's row that differ, but for those an office has corrected; whether any did."""
    differing = [name for name in names if _plain(existing, name) != _plain(row, name)]
    corrected = set() if overwrite or not differing else _corrected(existing)
    taken = [name for name in differing if name not in corrected]
    outcome.kept += [
        f"{existing}: {existing._meta.get_field(name).verbose_name}" for name in differing if name in corrected
    ]
    for name in taken:
        setattr(existing, name, getattr(row, name))
    return bool(taken)


def _load(path, overwrite):
    content = json.loads(path.read_text(encoding="utf-8"))
    model, key = apps.get_model(content["model"]), content["key"]
    if not issubclass(model, TrackedModel):
        raise ValueError(f"{path.name}: {content['model']} keeps no history, so corrections could not be told.")
    outcome = Outcome(path.name)
    stored = {_key_of(row, model, key): row for row in model.objects.all()}
    deleted = set() if overwrite else _deleted(model, key)
    found: dict[tuple, Any] = {}
    new, changed = [], []
    for values in _resolved(path.name, model, content["rows"]):
        row = model(**values)
        row.derive()
        identity = _key_of(row, model, key)
        if identity in found:
            raise ValueError(f"{path.name}: two rows have the key {identity}.")
        found[identity] = row
        if identity not in stored:
            if identity in deleted:
                outcome.kept.append(f"{row}: đã bị xóa")
            else:
                new.append(row)
            continue
        existing = stored[identity]
        if _follow(existing, row, values, outcome, overwrite=overwrite):
            changed.append(existing)
        else:
            outcome.same += 1
    for row in [*new, *changed]:
        row.clean_fields(exclude=["version"])
    model.objects.bulk_create(new)
    if changed:
        names = {name for values in content["rows"] for name in values}
        model.objects.bulk_update(changed, sorted(names))
    outcome.created, outcome.changed = len(new), len(changed)
    return outcome


def _resolved(file, model, rows):
    """Values of each row by field name, foreign keys looked up."""
    cache: dict[tuple, Any] = {}
    for row in rows:
        values = {}
        for name, value in row.items():
            column = model._meta.get_field(name)
            if isinstance(value, dict):
                related, wanted = column.related_model, tuple(sorted(value.items()))
                if (related, wanted) not in cache:
                    cache[related, wanted] = related._base_manager.filter(**value).first()
                if cache[related, wanted] is None:
                    raise ValueError(f"{file}: no {related._meta.label} {value}.")
                values[name] = cache[related, wanted]
            else:
                values[name] = column.to_python(value)
        yield values


def _plain(row, name):
    return plain(getattr(row, row.attname(name)))


def _key_of(row, model, key):
    return tuple(_plain(row, name) for name in key)


def _by_others(model):
    return Change.objects.filter(model=model._meta.label_lower).exclude(event__label=LABEL)


def _deleted(model, key):
    """Keys of rows that an administrator deleted."""
    gone = _by_others(model).filter(action=ChangeAction.DELETE).values_list("before", flat=True)
    return {tuple(before.get(model.attname(name)) for name in key) for before in gone}


def _corrected(row):
    """Names of the fields of a row that an administrator wrote: all of them when the row is theirs."""
    names = set()
    for action, after in _by_others(type(row)).filter(object_id=row.pk).values_list("action", "after"):
        if action == ChangeAction.CREATE:
            return {column.name for column in row._meta.concrete_fields}
        names.update(after)
    return {column.name for column in row._meta.concrete_fields if column.attname in names}
