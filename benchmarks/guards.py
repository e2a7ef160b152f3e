"""The lists of guard forces with 60,000 guards: first page, filters, search, far page."""

import datetime
import random
from collections.abc import Iterator

from django.db import models

from benchmarks.filling import BATCH, fill_units, officers
from benchmarks.harness import Measure, settle
from benchmarks.pages import country_and_province, measures
from movement_portal.demonstration.people import full_name
from movement_portal.lib.dates import today
from units.enums import TeamKind
from units.models import Guard, SecurityTeam, TeamStrength, TrainingCertificate, Unit

GUARDS, TEAMS = 60_000, 20_000
#: Units over the whole country among which the guards are spread.
UNITS = 100_000

PAGES = (
    ("guards, first page", "forces:guard_list", {}),
    ("guards, search", "forces:guard_list", {"q": "nguyen van"}),
    ("guards, expiring in 90 days", "forces:guard_list", {"chung_nhan": "90"}),
    ("guards, without certificate", "forces:guard_list", {"chung_nhan": "chua"}),
    ("guards, certificate run out", "forces:guard_list", {"chung_nhan": "het"}),
    ("guards, last page", "forces:guard_list", {"truoc": "cuoi"}),
    ("guards, by unit", "forces:guard_list", {"sap_xep": "don_vi"}),
    ("teams, first page", "forces:team_list", {}),
    (
        "teams, built or strengthened",
        "forces:team_list",
        {"loai": "cua_don_vi", "tu": "01/01/2017", "den": "31/12/2020"},
    ),
    ("certificates, by expiry", "forces:certificate_list", {}),
    ("units long untrained", "forces:untrained_list", {}),
)


def run(sizes: list[int]) -> Iterator[Measure]:
    """Measures of each list at 60,000 guards, for the country and a province; once, whatever the sizes."""
    fill_units(UNITS)
    fill_guards()
    yield from measures(PAGES, country_and_province(officers()), rows=GUARDS)


def fill_guards() -> None:
    """Teams and guards with certificates over the first units; those that are there stay."""
    if Guard.objects.count() >= GUARDS:
        return
    dice = random.Random(GUARDS)
    units = list(Unit.objects.order_by("id").values_list("pk", flat=True)[:TEAMS])
    teams = [
        SecurityTeam(
            unit_id=unit,
            kind=dice.choice((TeamKind.FULL_TIME, TeamKind.PART_TIME)),
            name="Tổ bảo vệ",
            established_on=datetime.date(dice.randint(2010, 2025), 3, 1),
        )
        for unit in units
    ]
    _write(SecurityTeam, teams)
    _write(
        TeamStrength, [TeamStrength(team=team, counted_on=datetime.date(2026, 6, 30), headcount=3) for team in teams]
    )
    guards = [
        Guard(unit_id=team.unit_id, team=team, name=full_name(dice), birth_year=dice.randint(1960, 2005))
        for team in teams
        for _ in range(GUARDS // TEAMS)
    ]
    _write(Guard, guards)
    day = today()
    _write(
        TrainingCertificate,
        [
            TrainingCertificate(
                guard=guard,
                number=str(number),
                issuer="Phòng An ninh kinh tế",
                issued_on=(issued_on := day - datetime.timedelta(days=dice.randint(1, 2200))),
                expires_on=issued_on + datetime.timedelta(days=1826),
            )
            for number, guard in enumerate(guards)
            if dice.random() < 0.8
        ],
    )
    settle()


def _write(model, rows):
    """The plain queryset: measured records need no history of how they came about."""
    for row in rows:
        row.derive()
    models.QuerySet(model).bulk_create(rows, batch_size=BATCH)
