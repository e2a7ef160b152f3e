"""What a merge would touch: the rows that go over, those of which only one can be kept, those that stay."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from movement_portal.audit.presenting import Names, column_order, field_label, value_text
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.periods import Period, PeriodsApart, overlap
from movement_portal.lib.tracking import TrackedModel
from units.merging.choices import BOTH, OURS, THEIRS, FieldChoice, field_choices
from units.merging.links import Link, Policy, apart_with, links, unique_with
from units.models import Unit

SAME = "như nhau"


@dataclass(frozen=True)
class Conflict:
    """A row of each record, of which the unit that is left can only have one."""

    link: Link
    ours: int
    theirs: int
    label: str
    #: Why both cannot be kept, as the constraint says.
    reason: str
    ours_text: str
    theirs_text: str
    options: tuple[str, ...]
    chosen: str

    @property
    def key(self) -> str:
        return conflict_key(self.link, self.theirs)

    @property
    def is_question(self) -> bool:
        """Whether there is something to choose: the rows differ, or both may be kept."""
        return self.ours_text != self.theirs_text or len(self.options) > 2


def conflict_key(link: Link, pk: int) -> str:
    """Name of the answer about one row."""
    return f"{link.key}-{pk}"


@dataclass(frozen=True)
class Move:
    """The rows of one relation."""

    link: Link
    pks: tuple[int, ...]
    conflicts: tuple[Conflict, ...] = ()

    @property
    def count(self) -> int:
        """Rows that go over without a question."""
        return len(self.pks) - len(self.conflicts)


@dataclass(frozen=True)
class Plan:
    """Everything a merge would touch; ``token`` is another one when anything of it has changed."""

    survivor: Unit
    absorbed: Unit
    fields: list[FieldChoice]
    moves: list[Move]
    stays: list[tuple[str, int]]
    token: str = ""
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        return sum(len(move.pks) for move in self.moves)


def plan_merge(survivor: Unit, absorbed: Unit, *, user: Officer, answers: Mapping[str, str] | None = None) -> Plan:
    """What merging one record into the other would do, with the answers given so far."""
    moves, stays = [], []
    versions = [f"{unit.pk}:{unit.version}" for unit in (survivor, absorbed)]
    for link in links():
        rows = link.model._base_manager.filter(**{link.field: absorbed}).order_by("pk")
        if link.policy == Policy.STAY:
            if link.noun or link.model._meta.label_lower not in _SAID_ALREADY:
                stays.append((link.label, rows.count()))
            continue
        found = list(rows.values_list("pk", "version"))
        versions += [f"{link.key}:{pk}:{version}" for pk, version in found]
        if found:
            conflicts = _conflicts(link, survivor, absorbed, user, answers or {})
            moves.append(Move(link, tuple(pk for pk, _ in found), tuple(conflicts)))
    token = hashlib.sha256(" ".join(versions).encode()).hexdigest()[:24]
    return Plan(
        survivor,
        absorbed,
        field_choices(survivor, absorbed, user=user, answers=answers),
        moves,
        [(label, count) for label, count in stays if count],
        token,
        [conflict for move in moves for conflict in move.conflicts],
    )


#: Kinds of rows that the page need not tell of.
_SAID_ALREADY = frozenset({"units.duplicatepair"})


def _conflicts(link: Link, survivor: Unit, absorbed: Unit, user: Officer, answers: Mapping[str, str]) -> list[Conflict]:
    pairs: dict[int, tuple[int, str]] = {}
    for constraint, columns in unique_with(link):
        sides = []
        for unit in (survivor, absorbed):
            rows = link.model._base_manager.filter(**{link.field: unit}).order_by("pk")
            if constraint.condition is not None:
                rows = rows.filter(constraint.condition)
            sides.append({tuple(values): pk for pk, *values in rows.values_list("pk", *columns)})
        for values, pk in sides[1].items():
            if values in sides[0] and None not in values:
                pairs.setdefault(pk, (sides[0][values], str(constraint.violation_error_message)))
    for constraint, columns in apart_with(link):
        for ours, theirs in _on_the_same_days(link, constraint, columns, survivor, absorbed):
            pairs.setdefault(theirs, (ours, str(constraint.violation_error_message)))
    if not pairs:
        return []
    rows = link.model._base_manager.in_bulk([*pairs, *(ours for ours, _ in pairs.values())])
    owner = {link.model.owner_relation} - {link.field, ""}
    models.prefetch_related_objects(list(rows.values()), *{*link.model.label_relations, *owner})
    return [
        _conflict(link, rows[ours], rows[theirs], reason, user, answers) for theirs, (ours, reason) in pairs.items()
    ]


def _on_the_same_days(link: Link, constraint: PeriodsApart, columns, survivor: Unit, absorbed: Unit):
    """Keys of two rows, one of each unit, that are alike and whose periods share a day; each row of theirs once."""
    known: dict[tuple, list[tuple[int, Period]]] = {}
    for unit in (survivor, absorbed):
        rows = link.model._base_manager.filter(**{link.field: unit}, **{f"{name}__isnull": False for name in columns})
        if constraint.unless:
            rows = rows.filter(**{f"{constraint.unless}__isnull": True})
        found = list(rows.order_by("pk").values_list("pk", constraint.first, constraint.last, *columns))
        if unit is survivor:
            for pk, first, last, *values in found:
                known.setdefault(tuple(values), []).append((pk, (first, last)))
            continue
        for pk, first, last, *values in found:
            ours = next((key for key, days in known.get(tuple(values), ()) if overlap(days, (first, last))), None)
            if ours is not None:
                yield ours, pk


def _conflict(
    link: Link, ours: TrackedModel, theirs: TrackedModel, reason: str, user: Officer, answers: Mapping[str, str]
) -> Conflict:
    options = (OURS, THEIRS, BOTH) if link.rename else (OURS, THEIRS)
    texts = told_apart(link, ours, theirs, user)
    proposed = THEIRS if not texts[0] and texts[1] else OURS
    answer = answers.get(conflict_key(link, theirs.pk), proposed)
    return Conflict(
        link,
        ours.pk,
        theirs.pk,
        _called(link, theirs),
        reason,
        texts[0] or SAME,
        texts[1] or SAME,
        options,
        answer if answer in options else proposed,
    )


def _called(link: Link, row: TrackedModel) -> str:
    """What a row is called where its unit is known: the year, the team, the activity."""
    owner = link.model.owner_relation
    if owner and owner != link.field:
        return str(getattr(row, owner))
    unit = getattr(row, link.field).name
    return str(row).replace(f"{unit}, ", "").replace(f", {unit}", "")


def own_columns(link: Link) -> list[str]:
    """Columns of a row that say something of it: neither keys of other records nor what tells two rows apart."""
    told = {column for _, columns in (*unique_with(link), *apart_with(link)) for column in columns}
    model = link.model
    relations = {each.attname for each in model._meta.concrete_fields if each.is_relation}
    masked = {model.attname(name) for name in model.masked_fields}
    return [name for name in model.tracked_names() if name not in told | relations | masked]


def told_apart(link: Link, ours: TrackedModel, theirs: TrackedModel, user: Officer) -> tuple[str, str]:
    """What the two rows say differently, in words."""
    model, names = link.model, Names(user)
    columns = column_order(model, own_columns(link))
    texts = []
    for row, other in ((ours, theirs), (theirs, ours)):
        differing = [
            f"{field_label(model, name)}: {value_text(model, name, model.plain_value(name, getattr(row, name)), names)}"
            for name in columns
            if model.differs(name, getattr(row, name), getattr(other, name)) and getattr(row, name) not in (None, "")
        ]
        texts.append("; ".join(differing))
    return texts[0], texts[1]
