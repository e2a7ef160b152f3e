"""The lists of commitments, agreements, inspections, incidents and ratings with 100,000 rows of each kind."""

import datetime
import random
from collections.abc import Iterator

from django.db import models

from benchmarks.filling import BATCH, fill_units, officers
from benchmarks.harness import Measure, settle
from benchmarks.pages import country_and_province, measures
from movement_portal.jurisdictions.models import Jurisdiction
from units.enums import AgreementKind, CommitmentKind, IncidentKind, PartKind
from units.models import (
    AgreementParty,
    Commitment,
    CoordinationAgreement,
    Incident,
    Inspection,
    PartRating,
    Unit,
)

ROWS = 100_000
AGREEMENTS = 20_000
#: Units over the whole country among which the rows are spread.
UNITS = 100_000

PAGES = (
    ("commitments, first page", "duties:commitment_list", {}),
    ("commitments, one year", "duties:commitment_list", {"nam": "2024"}),
    ("commitments, incomplete", "duties:commitment_list", {"du": "thieu"}),
    ("commitments, search", "duties:commitment_list", {"q": "truong tieu hoc"}),
    ("commitments, last page", "duties:commitment_list", {"truoc": "cuoi"}),
    ("commitments, by unit", "duties:commitment_list", {"sap_xep": "ten"}),
    ("agreements, first page", "duties:agreement_list", {}),
    ("agreements, last page", "duties:agreement_list", {"truoc": "cuoi"}),
    ("agreements, ending soon", "duties:agreement_list", {"hieu_luc": "sap"}),
    ("agreements, search", "duties:agreement_list", {"q": "tieu hoc"}),
    ("inspections, first page", "duties:inspection_list", {}),
    ("inspections, late", "duties:inspection_list", {"khac_phuc": "qua", "sap_xep": "han"}),
    ("inspections, search", "duties:inspection_list", {"q": "chay"}),
    ("inspections, last page", "duties:inspection_list", {"truoc": "cuoi"}),
    ("inspections, by unit", "duties:inspection_list", {"sap_xep": "ten"}),
    ("incidents, first page", "duties:incident_list", {}),
    ("incidents, one code", "duties:incident_list", {"loai": "3g"}),
    ("incidents, search", "duties:incident_list", {"q": "truong tieu hoc"}),
    ("incidents, last page", "duties:incident_list", {"truoc": "cuoi"}),
    ("incidents, table by code", "duties:incident_table", {}),
    ("ratings, first page", "duties:rating_list", {}),
    ("ratings, one year", "duties:rating_list", {"nam": "2025"}),
    ("ratings, search", "duties:rating_list", {"q": "truong tieu hoc"}),
    ("legal documents", "documents:document_list", {}),
    ("legal documents, search", "documents:document_list", {"q": "chi thi"}),
    ("groups of units", "units:grouping_list", {}),
    ("home", "home", {}),
)


def run(sizes: list[int]) -> Iterator[Measure]:
    """Measures of each list, for the country and a province; once, whatever the sizes."""
    fill_units(UNITS)
    fill_duties()
    yield from measures(PAGES, country_and_province(officers()), rows=ROWS)


def fill_duties() -> None:
    """Rows of each kind over the units; those that are there stay."""
    if Commitment.objects.count() >= ROWS:
        return
    dice = random.Random(ROWS)
    units = list(Unit.objects.order_by("id").values_list("pk", "jurisdiction_id")[:UNITS])

    def any_unit():
        return dice.choice(units)[0]

    def any_day():
        return datetime.date(dice.randint(2019, 2026), dice.randint(1, 10), dice.randint(1, 28))

    _write(
        Commitment,
        [
            Commitment(
                unit_id=unit,
                year=2019 + number % 8,
                kind=CommitmentKind.COMMITMENT,
                content="Không vi phạm pháp luật",
                total_count=50,
                signed_count=dice.choice((48, 50, 50, 50)),
            )
            for number, (unit, _) in enumerate(units)
        ],
    )
    days = [any_day() for _ in range(ROWS)]
    _write(
        Inspection,
        [
            Inspection(
                unit_id=any_unit(),
                inspected_on=day,
                content="Phòng cháy, chữa cháy",
                deadline=day + datetime.timedelta(days=30),
                fixed_on=day + datetime.timedelta(days=20) if dice.random() < 0.97 else None,
            )
            for day in days
        ],
    )
    _write(
        Incident,
        [Incident(unit_id=any_unit(), occurred_on=day, kind=dice.choice(IncidentKind.values)) for day in days],
    )
    _write(
        PartRating,
        [
            PartRating(
                unit_id=unit,
                year=2019 + number % 8,
                kind=PartKind.DEPARTMENT,
                total_count=10,
                good_count=dice.randint(5, 10),
            )
            for number, (unit, _) in enumerate(units)
        ],
    )
    _fill_agreements(dice, units)
    settle()


def _fill_agreements(dice: random.Random, units: list[tuple[int, int]]) -> None:
    above = dict(Jurisdiction.objects.values_list("pk", "parent"))
    chosen = [dice.choice(units) for _ in range(AGREEMENTS)]
    rows = [
        CoordinationAgreement(
            kind=dice.choice(AgreementKind.values),
            number=f"{number}/QCPH",
            title="Phối hợp bảo đảm an ninh, trật tự",
            signed_on=(day := datetime.date(dice.randint(2019, 2026), dice.randint(1, 10), 15)),
            valid_to=day + datetime.timedelta(days=1826),
            jurisdiction_id=above[area] or area,
        )
        for number, (_, area) in enumerate(chosen)
    ]
    _write(CoordinationAgreement, rows)
    _write(
        AgreementParty,
        [AgreementParty(agreement=row, unit_id=unit) for row, (unit, _) in zip(rows, chosen, strict=True)],
    )


def _write(model, rows):
    """The plain queryset: measured records need no history of how they came about."""
    for row in rows:
        row.derive()
    models.QuerySet(model).bulk_create(rows, batch_size=BATCH)
