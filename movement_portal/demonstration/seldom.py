"""What there is seldom, so that every list, filter and reminder has something to show; the same each time."""

import datetime
import random

from models_registry import workflow
from models_registry.models import ModelLogEntry, ModelMember, SelfManagedModel
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.dates import today
from units.certificates import years_later
from units.enums import (
    GuardKind,
    GuardRole,
    IncidentKind,
    PartKind,
    TeamForm,
    TeamKind,
    TeamRating,
    UnitKind,
    UnitStatus,
)
from units.merging.transfer_workflow import send
from units.models import Guard, Incident, PartRating, SecurityTeam, TeamReview, TeamStrength, TrainingCertificate, Unit

ENDED_TEAMS, COMING_TEAMS = 6, 1
#: Certificates that run out in a month, in three, and those withdrawn.
SOON, LATER, WITHDRAWN = 8, 14, 5
MERGED, SILENT = 3, 2
RARE_INCIDENTS = (IncidentKind.A, IncidentKind.B, IncidentKind.C, IncidentKind.D)
OFFICE = "Phòng An ninh kinh tế"


def load_seldom(officers: dict[str, Officer], seed: int) -> dict[str, int]:
    """Teams that ended or are to come, certificates about to end, merged models, a guard too young, an asked transfer.

    Comes after all else, and leaves the figures of the reports as they are. Answers how many guards there are more.
    """
    dice = random.Random(seed + 7)
    _teams(dice)
    _reviews(dice)
    guards = _guards(dice)
    _incidents(dice)
    _models(dice, officers["quantri"])
    _transfer(dice, officers["xa1"])
    return {"guards": guards}


def _teams(dice: random.Random) -> None:
    """Teams that ended, one contract that begins next year, and two of the larger forms; tools with their licences."""
    taken = SecurityTeam.objects.values("unit")
    free = list(Unit.objects.filter(status=UnitStatus.ACTIVE).exclude(pk__in=taken).order_by("code"))
    chosen = dice.sample(free, ENDED_TEAMS + COMING_TEAMS)
    year = today().year
    ended = SecurityTeam.objects.bulk_create(
        SecurityTeam(
            unit=unit,
            kind=TeamKind.HIRED if number % 2 else TeamKind.PART_TIME,
            name="Bảo vệ thuê ngoài" if number % 2 else "Tổ bảo vệ",
            form="" if number % 2 else TeamForm.GROUP,
            company_name="Công ty TNHH Dịch vụ bảo vệ Mẫu" if number % 2 else "",
            decision_on=datetime.date(2016, 3, 1),
            decision_number="15/QĐ-MAU",
            established_on=datetime.date(2016, 3, 15),
            ended_on=datetime.date(year - 1, 1 + number, 28),
        )
        for number, unit in enumerate(chosen[:ENDED_TEAMS])
    )
    TeamStrength.objects.bulk_create(
        TeamStrength(team=team, counted_on=datetime.date(2020, 6, 30), headcount=3) for team in ended
    )
    SecurityTeam.objects.bulk_create(
        SecurityTeam(
            unit=unit,
            kind=TeamKind.HIRED,
            name="Bảo vệ thuê ngoài",
            company_name="Công ty TNHH Dịch vụ bảo vệ Mẫu",
            established_on=datetime.date(year + 1, 1, 1),
        )
        for unit in chosen[ENDED_TEAMS:]
    )
    of_enterprises = SecurityTeam.objects.filter(kind=TeamKind.FULL_TIME, unit__kind=UnitKind.ENTERPRISE)
    large = list(of_enterprises.order_by("pk")[:2])
    for team, form in zip(large, (TeamForm.OFFICE, TeamForm.BOARD), strict=True):
        team.form, team.name = form, f"{form.label} bảo vệ"
    SecurityTeam.objects.bulk_update(large, ["form", "name"])
    licensed = list(SecurityTeam.objects.exclude(tool_licence_number="").order_by("pk"))
    for team in licensed:
        team.tool_licence_on = team.established_on + datetime.timedelta(days=60)
    SecurityTeam.objects.bulk_update(licensed, ["tool_licence_on"])


def _reviews(dice: random.Random) -> None:
    """The year before of some teams, a few with a discipline; guard forces as parts of units."""
    teams = list(SecurityTeam.objects.standing().filter(kind=TeamKind.FULL_TIME).order_by("pk")[:120])
    TeamReview.objects.bulk_create(
        TeamReview(
            team=team,
            year=2024,
            rating=dice.choices(TeamRating.values, weights=(12, 55, 30, 3))[0],
            reprimand_count=int(dice.random() < 0.05),
            warning_count=int(dice.random() < 0.03),
        )
        for team in teams
    )
    PartRating.objects.bulk_create(
        PartRating(unit_id=team.unit_id, year=2025, kind=PartKind.GUARD_FORCE, total_count=1, good_count=1)
        for team in teams[:30]
    )


def _guards(dice: random.Random) -> int:
    """One too young, one who begins next month, cards given and returned; certificates about to run out."""
    team = SecurityTeam.objects.standing().filter(kind=TeamKind.PART_TIME).order_by("pk").first()
    day = today()
    months = datetime.timedelta(days=31)
    young = {"birth_on": years_later(day, -17), "started_on": day - 2 * months, "name": "Trần Văn Trẻ"}
    coming = {"birth_year": day.year - 30, "started_on": day + months, "name": "Lê Thị Sắp"}
    made = Guard.objects.bulk_create(
        Guard(unit_id=team.unit_id, team=team, kind=GuardKind.PART_TIME, **values) for values in (young, coming)
    )
    with_card = list(Guard.objects.serving().filter(kind=GuardKind.FULL_TIME, started_on__lte=day).order_by("pk")[:40])
    with_card += Guard.objects.filter(ended_on__lt=day, kind=GuardKind.FULL_TIME).order_by("pk")[:5]
    for number, guard in enumerate(with_card, 1):
        guard.staff_card_number, guard.staff_card_on = f"{number:03d}/CN-MAU", guard.started_on
        guard.staff_card_returned_on = guard.ended_on
        if guard.role == GuardRole.MEMBER and number % 4 == 0:
            guard.role = GuardRole.DEPUTY
    Guard.objects.bulk_update(with_card, ["staff_card_number", "staff_card_on", "staff_card_returned_on", "role"])
    issued = years_later(day, -5)
    untrained = Guard.objects.serving().filter(attendances=None, certificates=None, started_on__lt=issued)
    chosen = dice.sample(list(untrained.order_by("pk")), SOON + LATER)
    TrainingCertificate.objects.bulk_create(
        TrainingCertificate(
            guard=guard,
            number=f"{number}/GCN-CU-MAU",
            issuer=OFFICE,
            issued_on=issued + datetime.timedelta(days=20 if number <= SOON else 70),
        )
        for number, guard in enumerate(chosen, 1)
    )
    withdrawn = list(TrainingCertificate.objects.order_by("pk")[:WITHDRAWN])
    for certificate in withdrawn:
        certificate.withdrawn_on = certificate.issued_on + datetime.timedelta(days=400)
    TrainingCertificate.objects.bulk_update(withdrawn, ["withdrawn_on"])
    return len(made)


def _incidents(dice: random.Random) -> None:
    """Kinds of incidents that hardly happen (Thông tư 124/2021/TT-BCA, mục 3a đến 3d)."""
    units = list(Unit.objects.filter(status=UnitStatus.ACTIVE).order_by("code"))
    day = today()
    Incident.objects.bulk_create(
        Incident(
            unit=dice.choice(units),
            occurred_on=day - datetime.timedelta(days=40 + 30 * number),
            reported_on=day - datetime.timedelta(days=39 + 30 * number),
            kind=kind,
            found_in_time=True,
        )
        for number, kind in enumerate(RARE_INCIDENTS)
    )


def _models(dice: random.Random, officer: Officer) -> None:
    """Models that went into others, some silent for more than a year, a member that left."""
    running = SelfManagedModel.objects.filter(status="active").order_by("pk")
    taking = list(running.filter(lead_unit__isnull=False, launched_on__year__lt=2020)[:MERGED])
    leading = SelfManagedModel.objects.exclude(lead_unit=None).values("lead_unit")
    free = list(Unit.objects.filter(status=UnitStatus.ACTIVE).exclude(pk__in=leading).order_by("code"))
    merged = [
        SelfManagedModel(
            kind=into.kind,
            name=into.name,
            lead_unit=unit,
            jurisdiction_id=unit.jurisdiction_id,
            launched_on=datetime.date(2021, 4, 1),
        )
        for into, unit in zip(taking, dice.sample(free, MERGED), strict=True)
    ]
    workflow.enter_active(merged, by=officer)
    for model, into in zip(merged, taking, strict=True):
        on, reason = datetime.date(2026, 2, 2), "Hai mô hình gần nhau cùng một việc"
        workflow.perform(workflow.MERGE, model.pk, by=officer, on=on, reason=reason, into_id=into.pk)
    quiet = running.filter(launched_on__year__lt=2022, recognitions=None).exclude(pk__in=[into.pk for into in taking])
    silent = list(quiet.order_by("-pk")[:SILENT])
    ModelLogEntry.objects.filter(model__in=silent, held_on__gt=years_later(today(), -1)).delete()
    workflow.log_changed([model.pk for model in silent])
    member = ModelMember.objects.filter(unit__isnull=False, valid_from__isnull=False).order_by("pk").first()
    member.valid_to = member.valid_from + datetime.timedelta(days=365)
    member.save()


def _transfer(dice: random.Random, officer: Officer) -> None:
    """A commune asks for a unit that another one has."""
    others = Unit.objects.filter(status=UnitStatus.ACTIVE).exclude(pk__in=Unit.objects.visible_to(officer).values("pk"))
    unit = dice.choice(list(others.order_by("code")[:200]))
    send(unit.pk, officer.jurisdiction, by=officer, called=unit.name, reason="Đơn vị đã chuyển trụ sở về địa bàn")
