"""Invented commitments, agreements, inspections, incidents and ratings of the demonstration province."""

import datetime
import random
from collections.abc import Iterator, Sequence

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.models import Jurisdiction
from units.enums import Approximation, CommitmentKind, UnitKind, UnitStatus
from units.models import Commitment, Headcount, Unit

#: The agencies of seed 003 (domain.md 9.1): they signed in one year, “nearly 7,000” persons in all.
SIGNING_AGENCIES, SIGNING_YEAR = 160, 2018
DIRECTIVE = "07/CT-BCA-V28"
YEARS = (2024, 2025, 2026)


def load_duties(units: Sequence[Unit], province: Jurisdiction, seed: int) -> dict[str, int]:
    """Everything of the kind; answers how many of each."""
    dice = random.Random(seed)
    active = [unit for unit in units if unit.status == UnitStatus.ACTIVE]
    commitments = Commitment.objects.bulk_create([*_first_signing(dice, active), *_commitments(dice, active)])
    return {"commitments": len(commitments)}


# -- commitments -------------------------------------------------------------------------------------------------------
def _first_signing(dice: random.Random, units: Sequence[Unit]) -> Iterator[Commitment]:
    agencies = [unit for unit in units if unit.kind == UnitKind.AGENCY]
    directive = LegalDocument.objects.filter(number=DIRECTIVE).first()
    for unit in dice.sample(agencies, SIGNING_AGENCIES):
        signed = dice.randint(34, 53)
        yield Commitment(
            unit=unit,
            year=SIGNING_YEAR,
            kind=CommitmentKind.COMMITMENT,
            content="Thực hiện Chỉ thị 07 về phong trào trong cơ quan, doanh nghiệp, nhà trường",
            signed_count=signed,
            total_count=signed + dice.randint(0, 4),
            approximation=Approximation.NEARLY if dice.random() < 0.1 else "",
            signed_on=datetime.date(SIGNING_YEAR, dice.randint(1, 11), dice.randint(1, 28)),
            legal_document=directive,
        )


def _commitments(dice: random.Random, units: Sequence[Unit]) -> Iterator[Commitment]:
    staff = {
        (unit, year): count
        for unit, year, count in Headcount.objects.filter(staff_count__isnull=False).values_list(
            "unit", "year", "staff_count"
        )
    }
    for year in YEARS:
        for unit in dice.sample(units, len(units) // 3):
            total = staff.get((unit.pk, year))
            signed = None if total is None else max(0, total - dice.choice((0, 0, 0, 1, 2, 5)))
            yield Commitment(
                unit=unit,
                year=year,
                kind=CommitmentKind.COVENANT if dice.random() < 0.25 else CommitmentKind.COMMITMENT,
                content="Không vi phạm pháp luật, không mắc tệ nạn xã hội",
                signed_count=signed,
                total_count=total,
                signed_on=datetime.date(year, dice.randint(1, 3), dice.randint(1, 28)),
            )
