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
from units.enums import TeamKind, TrainingResult
from units.models import (
    Guard,
    SecurityTeam,
    TeamStrength,
    TrainingAttendance,
    TrainingCertificate,
    TrainingCourse,
    Unit,
)

GUARDS, TEAMS = 60_000, 20_000
#: Courses, and how many guards of units beside one another take part in each.
COURSES, TAKING_PART = 3_000, 20
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
    ("teams, search", "forces:team_list", {"q": "truong tieu hoc"}),
    ("teams, last page", "forces:team_list", {"truoc": "cuoi"}),
    ("certificates, by expiry", "forces:certificate_list", {}),
    ("certificates, search", "forces:certificate_list", {"q": "nguyen van"}),
    ("certificates, last page", "forces:certificate_list", {"truoc": "cuoi"}),
    ("courses, first page", "forces:course_list", {}),
    ("courses, search", "forces:course_list", {"q": "nghiep vu"}),
    ("courses, last page", "forces:course_list", {"truoc": "cuoi"}),
    ("units long untrained", "forces:untrained_list", {}),
    ("guards whose data is to be removed", "retention:overdue_list", {}),
)


def run(sizes: list[int]) -> Iterator[Measure]:
    """Measures of each list at 60,000 guards, for the country and a province; once, whatever the sizes."""
    fill_units(UNITS)
    fill_guards()
    fill_courses()
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


def fill_courses() -> None:
    """Courses held by the communes of their first guard; those that are there stay."""
    if TrainingCourse.objects.count() >= COURSES:
        return
    dice = random.Random(COURSES)
    guards = list(Guard.objects.order_by("unit__jurisdiction", "id").values_list("pk", "unit__jurisdiction"))
    courses, attendances = [], []
    for number in range(COURSES):
        first = dice.randrange(len(guards) - TAKING_PART)
        held_on = today() - datetime.timedelta(days=dice.randint(1, 2200))
        course = TrainingCourse(
            name=f"Lớp huấn luyện nghiệp vụ bảo vệ số {number}",
            jurisdiction_id=guards[first][1],
            organiser="Phòng Cảnh sát quản lý hành chính",
            started_on=held_on,
            ended_on=held_on + datetime.timedelta(days=2),
        )
        courses.append(course)
        attendances += [
            TrainingAttendance(course=course, guard_id=guard, result=TrainingResult.PASSED)
            for guard, _ in guards[first : first + TAKING_PART]
        ]
    _write(TrainingCourse, courses)
    _write(TrainingAttendance, attendances)
    settle()


def _write(model, rows):
    """The plain queryset: measured records need no history of how they came about."""
    for row in rows:
        row.derive()
    models.QuerySet(model).bulk_create(rows, batch_size=BATCH)
