"""Two records of one unit with a row of every kind on both, some of which only one unit can have; and dumps."""

import datetime
from dataclasses import dataclass

from django.apps import apps

from models_registry.models import ModelMember
from movement_portal.lib.tracking import TrackedModel
from tests.factories import GuardFactory, JurisdictionFactory, SecurityTeamFactory, SelfManagedModelFactory, UnitFactory
from units import workflow
from units.merging.doing import merge
from units.merging.planning import plan_merge
from units.models import (
    Activity,
    ActivityUnit,
    AgreementParty,
    Commitment,
    CoordinationAgreement,
    Headcount,
    Incident,
    Inspection,
    PartRating,
    TeamReview,
    TeamStrength,
    TrainingAttendance,
    TrainingCertificate,
    TrainingCourse,
    TransferRequest,
    Unit,
    UnitIdentifier,
)

DAY = datetime.date(2026, 5, 4)


@dataclass
class Doubles:
    """The unit that is to be left, and the record that is to go."""

    survivor: Unit
    absorbed: Unit


def doubles(area, officer) -> Doubles:
    """Two records of one school, each with everything a unit can have; whatever can clash does."""
    survivor = UnitFactory(
        name="Trường THCS Lê Lợi", kind="school", jurisdiction=area, school_code="79000001", head_phone="0912000001",
        note="Ghi chú một",
    )  # fmt: skip
    absorbed = UnitFactory(
        name="Trường Trung học cơ sở Lê Lợi", kind="school", jurisdiction=area, school_code="79000002",
        head_phone="0912000002", address="Số 5, đường Mẫu", other_names="THCS Lợi cũ", note="Ghi chú hai",
    )  # fmt: skip
    activity = Activity.objects.create(kind="conference", topic="Hội nghị", held_on=DAY, jurisdiction=area)
    agreement = CoordinationAgreement.objects.create(
        kind="plan", number="2/KH", title="Phối hợp", signed_on=DAY, jurisdiction=area
    )
    course = TrainingCourse.objects.create(
        name="Lớp", jurisdiction=area, organiser="Phòng", started_on=DAY, ended_on=DAY
    )
    elsewhere = JurisdictionFactory()
    cluster = SelfManagedModelFactory(jurisdiction=area, active=True)
    for number, unit in enumerate((survivor, absorbed), 1):
        UnitIdentifier.objects.create(unit=unit, scheme="Mã BHXH", value=f"BH{number}")
        Headcount.objects.create(unit=unit, year=2026, staff_count=number * 10)
        Headcount.objects.create(unit=unit, year=2020 + number, staff_count=number)
        team = SecurityTeamFactory(unit=unit, name="Tổ bảo vệ", leader_name=f"Ngô Mẫu {number}")
        TeamStrength.objects.create(team=team, counted_on=DAY, headcount=number)
        TeamReview.objects.create(team=team, year=2020 + number)
        GuardFactory(unit=unit, team=team, name=f"Vũ Mẫu {number}")
        twin = GuardFactory(unit=unit, team=team, name="Trần Hai Nơi", citizen_id="000190000007")
        TrainingAttendance.objects.create(course=course, guard=twin)
        TrainingCertificate.objects.create(guard=twin, number=f"{number}/GCN", issuer="Phòng", issued_on=DAY)
        ActivityUnit.objects.create(activity=activity, unit=unit, attendance_count=number)
        Commitment.objects.create(unit=unit, year=2026, kind="commitment", signed_count=number)
        AgreementParty.objects.create(agreement=agreement, unit=unit)
        Inspection.objects.create(unit=unit, inspected_on=DAY, content=f"Kiểm tra {number}")
        Incident.objects.create(unit=unit, occurred_on=DAY, kind="3g", summary=f"Sự cố {number}")
        PartRating.objects.create(unit=unit, year=2026, kind="department", total_count=4, good_count=number)
        UnitFactory(name=f"Cơ sở {number}", kind="school", jurisdiction=area, parent=unit)
        former = UnitFactory(name=f"Trường cũ {number}", kind="school", jurisdiction=area)
        workflow.perform(workflow.MERGE, former.pk, by=officer, on=DAY, reason="Sắp xếp", into_id=unit.pk)
        SelfManagedModelFactory(lead_unit=unit, lead_body="", jurisdiction=area, active=True)
        ModelMember.objects.create(model=cluster, unit=unit)
        TransferRequest.objects.create(
            unit=unit, from_area=area, to_area=elsewhere, called="Trường", reason="Về đây", requested_by=officer,
            requested_on=DAY, expires_on=DAY,
        )  # fmt: skip
    return Doubles(survivor, absorbed)


#: Tables that tell what was done and are only added to.
LEFT_OUT = {"audit.change", "audit.auditevent", "units.unitmerge", "sessions.session", "documents.numberseries"}
#: Columns that count writes or note their moment.
MOMENTS = {"version", "updated_at"}


def dump() -> dict[str, dict]:
    """Every row of every table of the portal by model and key, without what only counts writes."""
    tables = {}
    for model in apps.get_models():
        if model._meta.label_lower in LEFT_OUT or not issubclass(model, TrackedModel):
            continue
        rows = model._base_manager.order_by("pk").values()
        tables[model._meta.label_lower] = {
            row["id"]: {name: value for name, value in row.items() if name not in MOMENTS} for row in rows
        }
    return tables


def joined(survivor, absorbed, officer, **answers):
    """Merge as shown on the page, with these answers."""
    survivor, absorbed = Unit.objects.get(pk=survivor.pk), Unit.objects.get(pk=absorbed.pk)
    plan = plan_merge(survivor, absorbed, user=officer)
    return merge(survivor.pk, absorbed.pk, by=officer, reason="Nhập hai lần", token=plan.token, answers=answers or None)


def without_code(unit):
    """The unit as it is now, its code of a school taken away."""
    unit = Unit.objects.get(pk=unit.pk)
    unit.school_code = ""
    return unit


def two(commune, **values):
    """Two plain records."""
    return [
        UnitFactory(name=f"Trường THCS Mẫu {word}", kind="school", jurisdiction=commune, **values)
        for word in ("A", "B")
    ]
