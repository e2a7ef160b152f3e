"""One officer's world: own commune, neighbour, province above, another province; a marked record of each kind."""

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile

from models_registry.models import (
    ModelGroup,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelRecognition,
    ModelStep,
    ModelStrength,
)
from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.enums import Function, JurisdictionKind, PoliceLevel
from movement_portal.jurisdictions.models import Jurisdiction, Posting, Succession
from movement_portal.spreadsheets.models import ImportBatch, ImportRow, IssuedWorkbook
from tests.factories import (
    JurisdictionFactory,
    OfficerFactory,
    PoliceOfficeFactory,
    SelfManagedModelFactory,
    UnitFactory,
)
from units.models import (
    Activity,
    ActivityUnit,
    AgreementParty,
    Commitment,
    CoordinationAgreement,
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
    TrainingCourse,
    TransferRequest,
    Unit,
    UnitIdentifier,
    UnitMerge,
)

OWN, NEIGHBOUR, PARENT, OTHER = "own", "neighbour", "parent", "other"
FOREIGN = (NEIGHBOUR, PARENT, OTHER)


@dataclass
class Place:
    """An area with one record of every scoped model; every text in it that is its own carries ``mark``."""

    relation: str
    mark: str
    area: Jurisdiction
    records: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    places: dict[str, Place]
    officers: dict[Function, Any]
    chief: Any


def build() -> World:
    """Areas, records and officers; the officers of every function are posted to the own commune."""
    LegalDocument.objects.get_or_create(number="01/MAU", defaults={"title": "Văn bản mẫu"})
    country = JurisdictionFactory(country=True)
    province = JurisdictionFactory(province=True, parent=country, name="Tỉnh Của Tôi")
    other = JurisdictionFactory(province=True, parent=country, name="Tỉnh Khác")
    areas = {
        OWN: JurisdictionFactory(parent=province, name="Xã Zowna"),
        NEIGHBOUR: JurisdictionFactory(parent=province, name="Xã Zneib"),
        PARENT: province,
        OTHER: JurisdictionFactory(parent=other, name="Xã Zothe"),
    }
    marks = {OWN: "Zowna", NEIGHBOUR: "Zneib", PARENT: "Zpare", OTHER: "Zothe"}
    places = {relation: _fill(Place(relation, marks[relation], area)) for relation, area in areas.items()}
    officers = {function: _officer(areas[OWN], function, f"ham.{function.value}") for function in Function}
    chief = _officer(country, *Function, username="toan.quyen")
    return World(places, officers, chief)


def _officer(area, *functions, username=""):
    *functions, username = (*functions, username) if username else functions
    officer = OfficerFactory(
        username=username, full_name="Cán bộ Thử", jurisdiction=area, jurisdiction__function=functions[0]
    )
    for function in functions[1:]:
        Posting.objects.create(
            officer=officer,
            office=officer.postings.first().office,
            function=function,
            valid_from=datetime.date(2025, 7, 1),
            grants=list(Function.values) if function is Function.MANAGE_ACCOUNTS else [],
        )
    return officer


def _fill(place: Place) -> Place:
    mark, area = place.mark, place.area
    level = PoliceLevel.PROVINCE if area.kind == JurisdictionKind.PROVINCE else PoliceLevel.COMMUNE
    office = PoliceOfficeFactory(jurisdiction=area, name=f"Công an {mark}", level=level)
    officer = OfficerFactory(username=f"cb.{mark.lower()}", full_name=f"Trần {mark}", jurisdiction=area)
    # Opened by a list: waits for a first password.
    officer.set_unusable_password()
    officer.save()
    unit = UnitFactory(name=f"Đơn vị {mark}", jurisdiction=area, head_name=f"Lê {mark}", note=f"Ghi chú {mark}")
    before = JurisdictionFactory(
        parent=area.parent, name=f"Cũ {mark}", valid_from=None, valid_to=datetime.date(2025, 6, 30)
    )
    with act(EventKind.EDIT, by=officer, label=f"Sửa {mark}") as doing:
        unit.address = f"Số 1 {mark}"
        unit.save()
    placement = Placement.objects.filter(unit=unit).first() or Placement.objects.create(unit=unit, jurisdiction=area)
    digest = uuid.uuid4().hex * 2
    batch = ImportBatch(
        sheet="units",
        file_name=f"Danh sách {mark}.xlsx",
        sha256=digest,
        officer=officer,
        jurisdiction=area,
        file_size=3,
    )
    batch.file.save("x", ContentFile(b"abc"), save=False)
    batch.save()
    team = SecurityTeam.objects.create(unit=unit, kind="part_time", name=f"Tổ {mark}", leader_name=f"Ngô {mark}")
    guard = Guard.objects.create(unit=unit, team=team, name=f"Vũ {mark}", birth_year=1990, citizen_id=number_of(mark))
    day = datetime.date(2026, 5, 4)
    course = TrainingCourse.objects.create(
        name=f"Lớp {mark}", jurisdiction=area, organiser=f"Phòng {mark}", started_on=day, ended_on=day
    )
    place.records = {
        "jurisdictions.jurisdiction": area,
        "jurisdictions.succession": Succession.objects.create(
            predecessor=before, successor=area, kind="merged_whole", effective_on=datetime.date(2025, 7, 1)
        ),
        "jurisdictions.policeoffice": office,
        "jurisdictions.officer": officer,
        "jurisdictions.posting": officer.postings.first(),
        "units.unit": unit,
        "units.headcount": Headcount.objects.create(unit=unit, year=2026, staff_count=5),
        "units.unitidentifier": UnitIdentifier.objects.create(unit=unit, scheme="Mã mẫu", value=mark),
        "units.placement": placement,
        "units.securityteam": team,
        "units.teamstrength": TeamStrength.objects.create(team=team, counted_on=day, headcount=3),
        "units.teamreview": TeamReview.objects.create(team=team, year=2026),
        "units.guard": guard,
        "units.trainingcourse": course,
        "units.trainingattendance": TrainingAttendance.objects.create(course=course, guard=guard),
        "units.trainingcertificate": TrainingCertificate.objects.create(
            guard=guard, number=f"1/{mark}", issuer=f"Phòng {mark}", issued_on=day
        ),
        "units.statuschange": StatusChange.objects.create(
            unit=unit,
            from_status="suspended",
            to_status="active",
            effective_on=datetime.date(2026, 1, 1),
            reason=f"Theo {mark}",
        ),
        "spreadsheets.importbatch": batch,
        "spreadsheets.issuedworkbook": IssuedWorkbook.objects.create(
            sheet="units", officer=officer, jurisdiction=area, record_ids=[unit.pk], row_count=1
        ),
        "units.duplicatepair": _pair(mark, area, unit),
        "units.unitmerge": _merge(mark, area, unit, officer),
        "units.transferrequest": _transfer(mark, area, unit, officer),
        **_activity_records(mark, area, unit),
        **_model_records(mark, area),
        "spreadsheets.importrow": ImportRow.objects.create(
            batch=batch, number=2, outcome="new", label=f"Dòng {mark}", cells={"Tên": mark}, object_id=unit.pk
        ),
        "audit.auditevent": doing.id,
        "contenttypes.contenttype": ContentType.objects.get_for_model(unit),
    }
    return place


def _pair(mark, area, unit):
    """The unit and another one of the area that it may be."""
    other = UnitFactory(name=f"Đơn vị {mark} 2", jurisdiction=area)
    return DuplicatePair.objects.create(
        first=unit, second=other, score=95, reasons=" name ", compared=mark, found_on=datetime.date(2026, 11, 1)
    )


def _merge(mark, area, unit, officer):
    """A record of the unit that went into it."""
    old = UnitFactory(name=f"Đơn vị {mark} cũ", jurisdiction=area)
    Unit.objects.filter(pk=old.pk).update(status="merged", status_on=datetime.date(2026, 11, 1), merged_into=unit)
    return UnitMerge.objects.create(
        survivor=unit, absorbed=old, reason=f"Trùng {mark}", merged_by=officer, event_id=uuid.uuid4()
    )


def _transfer(mark, area, unit, officer):
    """A request for the unit of an office below: handed over it stays in the reach of whoever answers."""
    day = datetime.date(2026, 11, 1)
    return TransferRequest.objects.create(
        unit=unit,
        from_area=area,
        to_area=JurisdictionFactory(name=f"Nơi xin {mark}", parent=area),
        called=f"Đơn vị {mark}",
        reason=f"Chuyển về {mark}",
        requested_by=officer,
        requested_on=day,
        expires_on=datetime.date(2100, 1, 1),
    )


def number_of(mark: str) -> str:
    """A citizen identification number that nobody has, another for each mark."""
    return f"000{sum(ord(letter) * 7**place for place, letter in enumerate(mark)):09d}"


def _activity_records(mark, area, unit):
    """What the unit did and what was done with it, one row of each."""
    day = datetime.date(2026, 5, 1)
    activity = Activity.objects.create(kind="conference", topic=f"Hội nghị {mark}", held_on=day, jurisdiction=area)
    agreement = CoordinationAgreement.objects.create(
        kind="plan", number=f"2/{mark}", title=f"Phối hợp {mark}", signed_on=day, jurisdiction=area
    )
    records = [
        activity,
        ActivityUnit.objects.create(activity=activity, unit=unit, attendance_count=40),
        Commitment.objects.create(unit=unit, year=2026, kind="commitment", content=f"Cam kết {mark}", signed_count=9),
        agreement,
        AgreementParty.objects.create(agreement=agreement, unit=unit),
        Inspection.objects.create(unit=unit, inspected_on=day, content=f"Kiểm tra {mark}"),
        Incident.objects.create(unit=unit, occurred_on=day, kind="3g", summary=f"Sự cố {mark}"),
        PartRating.objects.create(unit=unit, year=2026, kind="department", total_count=4, good_count=3),
    ]
    return {record._meta.label_lower: record for record in records}


def _model_records(mark, area):
    """A model of the area, and a row of everything that belongs to one."""
    model = SelfManagedModelFactory(
        name=f"Mô hình {mark}", lead_body=f"Công an {mark}", jurisdiction=area, active=True, head_name=f"Phạm {mark}"
    )
    day = datetime.date(2026, 5, 1)
    records = [
        model,
        ModelMember.objects.create(model=model, body=f"Khu phố {mark}", jurisdiction=area),
        ModelGroup.objects.create(model=model, name=f"Tổ {mark}", member_count=3),
        ModelStrength.objects.create(model=model, counted_on=day, member_count=5),
        ModelLogEntry.objects.create(model=model, held_on=day, content=f"Họp {mark}"),
        ModelRating.objects.create(model=model, year=2026, grade="effective", remark=f"Nhận xét {mark}"),
        ModelRecognition.objects.create(model=model, level="province", decision_number=f"1/{mark}", decision_on=day),
        ModelStep.objects.create(
            model=model, kind="strengthen", to_status="active", effective_on=day, reason=f"Theo {mark}"
        ),
    ]
    return {record._meta.label_lower: record for record in records}
