"""Invented guard forces of the demonstration province: teams, guards, courses, certificates, the same each time."""

import datetime
import random
from collections.abc import Iterator, Sequence

from movement_portal.demonstration.people import FAMILY, FEMALE_GIVEN, FEMALE_MIDDLE, MALE_GIVEN, MALE_MIDDLE, phone
from movement_portal.demonstration.words import WORDS
from movement_portal.jurisdictions.models import Jurisdiction
from units.enums import (
    Education,
    FormerForce,
    GuardKind,
    GuardRole,
    HiredGround,
    Sex,
    StrengthEvent,
    TeamForm,
    TeamKind,
    TeamRating,
    TrainingContent,
    TrainingResult,
    UnitKind,
    UnitStatus,
    UnitSubkind,
)
from units.models import (
    Guard,
    SecurityTeam,
    TeamReview,
    TeamStrength,
    TrainingAttendance,
    TrainingCertificate,
    TrainingCourse,
    Unit,
)

#: Own forces of the province of seed 000 (domain.md 9.1), and service companies beside them.
OWN_TEAMS, HIRED_TEAMS = 509, 74
#: The years in which those forces were built or strengthened.
FIRST_YEAR, LAST_YEAR = 2017, 2020
COURSES_FROM = 2019
#: Persons who guard two units.
AT_TWO_UNITS = 6
#: No province has this number in front of a citizen identification number.
NUMBER_PREFIX = "000"

ISSUERS = ("Phòng An ninh kinh tế", "Phòng An ninh chính trị nội bộ")


def load_forces(units: Sequence[Unit], province: Jurisdiction, seed: int) -> dict[str, int]:
    """Teams with strengths and years, their guards, courses and certificates; answers how many of each."""
    dice = random.Random(seed)
    # Those that are gone by now had no reason to count their guards.
    chosen = dice.sample([unit for unit in units if unit.status == UnitStatus.ACTIVE], OWN_TEAMS + HIRED_TEAMS)
    own = [_own_team(dice, unit) for unit in chosen[:OWN_TEAMS]]
    hired = [_hired_team(dice, unit) for unit in chosen[OWN_TEAMS:]]
    teams = SecurityTeam.objects.bulk_create([*own, *hired])
    people = [guard for team in own for guard in _guards(dice, team)]
    _serve_at_two_units(random.Random(seed + 1), people)
    guards = Guard.objects.bulk_create(people)
    of_team: dict[int, list[Guard]] = {}
    for guard in guards:
        of_team.setdefault(guard.team_id, []).append(guard)
    strengths = TeamStrength.objects.bulk_create(
        [each for team in teams for each in _strengths(dice, team, len(of_team.get(team.pk, ())))]
    )
    TeamReview.objects.bulk_create([each for team in own for each in _reviews(dice, team)])
    courses, attendances, certificates = _training(dice, guards, province)
    return {
        "teams": len(teams),
        "guards": len(guards),
        "strengths": len(strengths),
        "courses": len(courses),
        "attendances": len(attendances),
        "certificates": len(certificates),
    }


def _day(dice: random.Random, first: int, last: int) -> datetime.date:
    return datetime.date(dice.randint(first, last), dice.randint(1, 12), dice.randint(1, 28))


def _name(dice: random.Random, sex: Sex) -> str:
    middle, given = (MALE_MIDDLE, MALE_GIVEN) if sex == Sex.MALE else (FEMALE_MIDDLE, FEMALE_GIVEN)
    return f"{dice.choice(FAMILY)} {dice.choice(middle)} {dice.choice(given)}"


def _own_team(dice: random.Random, unit: Unit) -> SecurityTeam:
    kind = TeamKind.FULL_TIME if dice.random() < 0.45 else TeamKind.PART_TIME
    form = TeamForm.TEAM if unit.kind == UnitKind.ENTERPRISE and dice.random() < 0.4 else TeamForm.GROUP
    since = _day(dice, FIRST_YEAR, LAST_YEAR)
    has_tools = dice.random() < 0.2
    return SecurityTeam(
        unit=unit,
        kind=kind,
        form=form,
        name=f"{form.label} bảo vệ",
        decision_number=f"{dice.randint(10, 480)}/QĐ-MAU",
        decision_on=since,
        established_on=since,
        leader_name=_name(dice, Sex.MALE),
        leader_phone=phone(dice),
        tool_count=dice.randint(2, 12) if has_tools else None,
        tool_licence_number=f"{dice.randint(100, 999)}/GP-MAU" if has_tools and dice.random() < 0.85 else "",
    )


def _hired_team(dice: random.Random, unit: Unit) -> SecurityTeam:
    ground = ""
    if unit.kind == UnitKind.SCHOOL:
        ground = HiredGround.EDUCATION
    elif unit.subkind == UnitSubkind.HOSPITAL:
        ground = HiredGround.MEDICAL
    return SecurityTeam(
        unit=unit,
        kind=TeamKind.HIRED,
        name="Bảo vệ thuê ngoài",
        company_name=f"Công ty TNHH Dịch vụ bảo vệ {dice.choice(WORDS['company_first'])} Mẫu",
        hired_ground=ground,
        established_on=_day(dice, 2022, 2025),
        leader_name=_name(dice, Sex.MALE),
        leader_phone=phone(dice),
    )


def _guards(dice: random.Random, team: SecurityTeam) -> Iterator[Guard]:
    kind = GuardKind.FULL_TIME if team.kind == TeamKind.FULL_TIME else GuardKind.PART_TIME
    for number in range(dice.choices((2, 3, 4, 6, 9), weights=(30, 35, 20, 10, 5))[0]):
        sex = Sex.FEMALE if dice.random() < 0.08 else Sex.MALE
        born = _day(dice, 1963, 2004)
        ended = dice.random() < 0.06
        yield Guard(
            unit_id=team.unit_id,
            team=team,
            name=team.leader_name if number == 0 else _name(dice, sex),
            birth_on=born if dice.random() < 0.8 else None,
            birth_year=born.year,
            sex=Sex.MALE if number == 0 else sex,
            role=GuardRole.HEAD if number == 0 else GuardRole.MEMBER,
            kind=kind,
            education=dice.choices(Education.values, weights=(1, 8, 62, 16, 8, 5))[0],
            former_force=dice.choices(("", *FormerForce.values), weights=(70, 6, 24))[0],
            started_on=max(team.established_on, datetime.date(born.year + 19, 1, 5)),
            ended_on=datetime.date(2026, 3, 31) if ended and number else None,
            citizen_id=f"{NUMBER_PREFIX}{dice.randrange(10**9):09d}" if dice.random() < 0.3 else None,
        )


def _serve_at_two_units(dice: random.Random, guards: Sequence[Guard]) -> None:
    """Let a few persons guard a second unit, as those of two schools do."""
    known = dice.sample([guard for guard in guards if guard.citizen_id and guard.ended_on is None], AT_TWO_UNITS)
    others = [guard for guard in guards if not guard.citizen_id and guard.role == GuardRole.MEMBER]
    for one, other in zip(known, dice.sample(others, AT_TWO_UNITS), strict=True):
        if one.unit_id != other.unit_id:
            for name in ("name", "birth_on", "birth_year", "sex", "education", "former_force", "citizen_id"):
                setattr(other, name, getattr(one, name))
            other.ended_on = None


def _strengths(dice: random.Random, team: SecurityTeam, named: int) -> Iterator[TeamStrength]:
    if team.kind == TeamKind.HIRED:
        yield TeamStrength(team=team, counted_on=datetime.date(2026, 6, 30), headcount=dice.randint(2, 14))
        return
    built = dice.random() < 0.6
    event = StrengthEvent.BUILT if built else StrengthEvent.STRENGTHENED
    yield TeamStrength(team=team, counted_on=team.established_on, event=event, headcount=max(1, named - 1))
    yield TeamStrength(team=team, counted_on=datetime.date(2026, 6, 30), headcount=named)


def _reviews(dice: random.Random, team: SecurityTeam) -> Iterator[TeamReview]:
    rating = dice.choices(TeamRating.values, weights=(12, 55, 30, 3))[0]
    yield TeamReview(team=team, year=2025, rating=rating, warning_count=int(dice.random() < 0.02))


def _training(dice: random.Random, guards: Sequence[Guard], province: Jurisdiction):
    """A course each spring and autumn, for runs of guards; who passed has a certificate."""
    contents = TrainingContent.values
    days = [datetime.date(year, month, 12) for year in range(COURSES_FROM, 2027) for month in (4, 9)]
    courses = TrainingCourse.objects.bulk_create(
        [
            TrainingCourse(
                name=f"Lớp huấn luyện nghiệp vụ bảo vệ đợt {1 + day.month // 6} năm {day.year}",
                jurisdiction=province,
                organiser=ISSUERS[place % len(ISSUERS)],
                contents=contents[:4] if place % 3 else contents,
                started_on=day,
                ended_on=day + datetime.timedelta(days=4),
                place="Hội trường Trung tâm Huấn luyện Mẫu",
            )
            for place, day in enumerate(days)
        ]
    )
    attendances, certificates = [], []
    for guard in guards:
        if dice.random() < 0.18:
            continue
        open_to = [course for course in courses if course.started_on > guard.started_on] or courses[-1:]
        # Later courses train more people.
        course = dice.choices(open_to, weights=range(1, len(open_to) + 1))[0]
        passed = dice.random() < 0.95
        result = TrainingResult.PASSED if passed else TrainingResult.FAILED
        attendances.append(TrainingAttendance(course=course, guard=guard, result=result))
        if passed:
            issued_on = course.ended_on + datetime.timedelta(days=5)
            number = f"{len(certificates) + 1}/GCN-MAU"
            certificates.append(
                TrainingCertificate(
                    guard=guard, course=course, number=number, issuer=course.organiser, issued_on=issued_on
                )
            )
    TrainingAttendance.objects.bulk_create(attendances)
    TrainingCertificate.objects.bulk_create(certificates)
    return courses, attendances, certificates
