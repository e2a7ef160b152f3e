"""Commitments of many units at once: what each has already, and writing all of them in one act."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from movement_portal.lib.vietnamese import fold
from units.models import Commitment, Headcount, Unit

COLUMNS = ("signed_count", "total_count", "approximation", "signed_on", "legal_document")


@dataclass(frozen=True)
class Outcome:
    """How many commitments were new, changed, and the same as before."""

    created: int
    changed: int
    same: int

    @property
    def total(self) -> int:
        return self.created + self.changed + self.same


def kept_commitments(units: Sequence[Unit], *, year: int, kind: str, content: str) -> dict[int, Commitment]:
    """The commitments of this year, kind and content that these units have already, by unit.

    The same words in other letters or with other blanks are the same content; the very same go before.
    """
    rows = Commitment.objects.filter(unit__in=units, year=year, kind=kind, search_folded=f" {fold(content)} ")
    return {row.unit_id: row for row in sorted(rows, key=lambda row: row.content == content)}


def staff_counts(units: Sequence[Unit], *, year: int) -> dict[int, int]:
    """The last known number of staff of each unit in or before the year: what “all” most likely is."""
    rows = Headcount.objects.filter(unit__in=units, year__lte=year, staff_count__isnull=False).order_by("year")
    return dict(rows.values_list("unit", "staff_count"))


@transaction.atomic
def record(
    units: Sequence[Unit],
    kept: dict[int, Commitment],
    figures: Sequence[dict[str, Any]],
    *,
    year: int,
    kind: str,
    content: str,
    signed_on=None,
    legal_document=None,
) -> Outcome:
    """Write the figures of each unit: a new commitment, or the one it has; a day or document given fills an empty one.

    Raises ``IntegrityError`` where somebody has written one of them meanwhile, and then nothing is written.
    """
    new, changed = [], []
    for unit, values in zip(units, figures, strict=True):
        values = {name: values[name] for name in ("signed_count", "total_count", "approximation")}
        row = kept.get(unit.pk)
        if row is None:
            head = {"year": year, "kind": kind, "content": content}
            new.append(Commitment(unit=unit, signed_on=signed_on, legal_document=legal_document, **head, **values))
            continue
        values |= {"signed_on": signed_on or row.signed_on, "legal_document": legal_document or row.legal_document}
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    Commitment.objects.bulk_create(new)
    Commitment.objects.bulk_update(changed, COLUMNS)
    return Outcome(len(new), len(changed), len(units) - len(new) - len(changed))
