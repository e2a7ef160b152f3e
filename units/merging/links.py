"""Every relation to a unit, and what a merge does with it: the register that a merge asks, and refuses without.

A new relation to ``Unit`` makes a test fail and every merge refuse until its app declares it here (lower apps) or in
its own ``merging.py`` (upper ones). Tables that name a unit by a bare number (history, rows of imports, issued
workbooks) tell of the record as it was and stay.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models

from movement_portal.lib.periods import PeriodsApart
from movement_portal.lib.tracking import TrackedModel
from units.models import (
    ActivityUnit,
    AgreementParty,
    Commitment,
    DuplicatePair,
    Guard,
    Headcount,
    Incident,
    Inspection,
    PartRating,
    Placement,
    SecurityTeam,
    StatusChange,
    TeamReview,
    TeamStrength,
    TrainingAttendance,
    TrainingCertificate,
    TransferRequest,
    Unit,
    UnitIdentifier,
    UnitMerge,
)


class Policy(StrEnum):
    #: Rows go over to the unit that is left.
    MOVE = "move"
    #: Rows tell what befell the old record and stay with it.
    STAY = "stay"


@dataclass(frozen=True)
class Link:
    """One relation to a unit and what a merge does with its rows."""

    model: type[TrackedModel]
    field: str
    policy: Policy = Policy.MOVE
    #: Rows of these models go along when two rows are found to be one: model and its relation to the row.
    parts: tuple[tuple[type[TrackedModel], str], ...] = ()
    #: Text by which two rows of the same name can both be kept; the second gets the old code behind it.
    rename: str = ""
    #: Day column by which the second of two rows of one person ends instead of going: what is sealed is not copied.
    ends: str = ""
    #: Relation by which that second row then names the first.
    same: str = ""
    #: Rows are told in words where the model alone does not say what they are to the unit.
    noun: str = ""

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"

    @property
    def column(self) -> str:
        return self.model._meta.get_field(self.field).attname

    @property
    def label(self) -> str:
        """What the rows are called on the page."""
        noun = self.noun or str(self.model._meta.verbose_name)
        return noun[:1].upper() + noun[1:]


_links: dict[str, Link] = {}


class UndeclaredLink(Exception):
    """A relation to a unit of which nobody has said what a merge does with it."""


def declare(*links: Link) -> None:
    """Say of relations what a merge does with their rows."""
    for link in links:
        _links[link.key] = link


def links() -> list[Link]:
    """Every declared relation, in the order declared: rows that others belong to stand before those."""
    return list(_links.values())


def relations() -> Iterator[str]:
    """Every relation that can name a unit, as ``app.model.field``: keys, many-to-many tables, generic ones."""
    for relation in Unit._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete:
            yield f"{relation.related_model._meta.label_lower}.{relation.field.name}"
    for field in Unit._meta.local_many_to_many:
        yield f"{Unit._meta.label_lower}.{field.name}"
    for model in apps.get_models():
        for field in model._meta.private_fields:
            if isinstance(field, GenericForeignKey):
                yield f"{model._meta.label_lower}.{field.name}"


def undeclared() -> list[str]:
    """Relations of which nobody has said what a merge does with them."""
    return sorted(set(relations()) - _links.keys())


def check_declared() -> None:
    """Raise ``UndeclaredLink`` naming the tables when a relation is unknown."""
    if missing := undeclared():
        names = sorted({str(apps.get_model(*key.split(".")[:2])._meta.verbose_name) for key in missing})
        raise UndeclaredLink(f"Chưa gộp được: cổng chưa biết phải làm gì với {', '.join(names)}.")


def unique_with(link: Link) -> Iterator[tuple[models.UniqueConstraint, tuple[str, ...]]]:
    """Constraints under which two rows of two units cannot both be rows of one, with their other columns."""
    for constraint in link.model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and link.field in constraint.fields:
            others = [name for name in constraint.fields if name != link.field]
            yield constraint, tuple(link.model._meta.get_field(name).attname for name in others)


def apart_with(link: Link) -> Iterator[tuple[PeriodsApart, tuple[str, ...]]]:
    """Constraints under which two rows of two units cannot both be rows of one on the same day, as ``unique_with``."""
    for constraint in link.model._meta.constraints:
        if isinstance(constraint, PeriodsApart) and link.field in constraint.fields:
            others = [name for name in constraint.fields if name != link.field]
            yield constraint, tuple(link.model._meta.get_field(name).attname for name in others)


declare(
    Link(UnitIdentifier, "unit"),
    Link(Headcount, "unit"),
    Link(SecurityTeam, "unit", parts=((TeamStrength, "team"), (TeamReview, "team"), (Guard, "team")), rename="name"),
    Link(
        Guard,
        "unit",
        parts=((TrainingAttendance, "guard"), (TrainingCertificate, "guard"), (Guard, "same_as")),
        ends="ended_on",
        same="same_as",
    ),
    Link(ActivityUnit, "unit", noun="hoạt động đã tham gia"),
    Link(Commitment, "unit"),
    Link(AgreementParty, "unit", noun="văn bản phối hợp đã ký"),
    Link(Inspection, "unit"),
    Link(Incident, "unit"),
    Link(PartRating, "unit"),
    Link(TransferRequest, "unit"),
    Link(Unit, "parent", noun="chi nhánh, đơn vị trực thuộc"),
    Link(Unit, "merged_into", noun="đơn vị đã sáp nhập vào"),
    Link(Placement, "unit", Policy.STAY),
    Link(StatusChange, "unit", Policy.STAY),
    Link(StatusChange, "merged_into", Policy.STAY, noun="bước sáp nhập đã ghi"),
    Link(DuplicatePair, "first", Policy.STAY),
    Link(DuplicatePair, "second", Policy.STAY),
    Link(UnitMerge, "survivor", Policy.STAY, noun="lần gộp trước"),
    Link(UnitMerge, "absorbed", Policy.STAY, noun="lần gộp trước"),
)
