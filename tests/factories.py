"""Objects for tests; people are invented."""

import datetime

import factory
from factory.django import DjangoModelFactory

from models_registry.enums import ModelStatus
from models_registry.models import ModelKind, SelfManagedModel
from movement_portal.jurisdictions.enums import Function, JurisdictionKind, PoliceLevel
from movement_portal.jurisdictions.models import Jurisdiction, Officer, PoliceOffice, Posting
from units.enums import AgreementKind, CommitmentKind, IncidentKind, PartKind, TeamKind, UnitKind
from units.models import (
    Activity,
    Commitment,
    CoordinationAgreement,
    Guard,
    Incident,
    Inspection,
    PartRating,
    SecurityTeam,
    TrainingCertificate,
    TrainingCourse,
    Unit,
)

REFORM = datetime.date(2025, 7, 1)


class JurisdictionFactory(DjangoModelFactory):
    """A commune below the province given (``parent``); traits make the levels above."""

    class Meta:
        model = Jurisdiction

    kind = JurisdictionKind.COMMUNE
    code = factory.Sequence(lambda n: f"{n + 30000:05d}")
    name = factory.Sequence(lambda n: f"Tân Tiến {n}")
    parent = None
    valid_from = REFORM

    class Params:
        country = factory.Trait(kind=JurisdictionKind.COUNTRY, code="VN", name="Việt Nam", valid_from=None)
        province = factory.Trait(
            kind=JurisdictionKind.PROVINCE,
            code=factory.Sequence(lambda n: f"{n + 10:02d}"),
            name=factory.Sequence(lambda n: f"Tỉnh Mẫu {n}"),
        )


class PoliceOfficeFactory(DjangoModelFactory):
    class Meta:
        model = PoliceOffice

    level = PoliceLevel.COMMUNE
    name = factory.LazyAttribute(lambda office: f"Công an {office.jurisdiction.full_name}")
    jurisdiction = factory.SubFactory(JurisdictionFactory)


class OfficerFactory(DjangoModelFactory):
    """An officer with one posting: ``jurisdiction`` and ``function`` say where and as what; None leaves it out."""

    class Meta:
        model = Officer
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"canbo{n}")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn Mẫu {n}")

    @factory.post_generation
    def jurisdiction(officer, create, area, **kwargs):
        """``jurisdiction=area`` posts there, False nowhere; ``jurisdiction__function=`` says in which function."""
        if area is False:
            return
        area = area or JurisdictionFactory()
        office = area.police_offices.first() or PoliceOfficeFactory(jurisdiction=area)
        PostingFactory(officer=officer, office=office, **kwargs)

    @factory.post_generation
    def password(officer, create, raw, **kwargs):
        if raw:
            officer.set_password(raw)
            officer.save()


class PostingFactory(DjangoModelFactory):
    class Meta:
        model = Posting

    officer = None
    office = factory.SubFactory(PoliceOfficeFactory)
    function = Function.ENTER
    valid_from = datetime.date(2025, 7, 1)


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"Trường THCS Mẫu {n}")
    kind = UnitKind.AGENCY
    jurisdiction = factory.SubFactory(JurisdictionFactory)


class SecurityTeamFactory(DjangoModelFactory):
    class Meta:
        model = SecurityTeam

    unit = factory.SubFactory(UnitFactory)
    kind = TeamKind.PART_TIME
    name = factory.Sequence(lambda n: f"Tổ bảo vệ {n}")


class GuardFactory(DjangoModelFactory):
    """A guard at work."""

    class Meta:
        model = Guard

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda n: f"Phạm Văn Gác {n}")
    birth_year = 1990
    citizen_id = None


class TrainingCourseFactory(DjangoModelFactory):
    class Meta:
        model = TrainingCourse

    name = factory.Sequence(lambda n: f"Lớp huấn luyện {n}")
    jurisdiction = factory.SubFactory(JurisdictionFactory)
    organiser = "Phòng An ninh kinh tế"
    started_on = datetime.date(2026, 4, 12)
    ended_on = datetime.date(2026, 4, 16)


class TrainingCertificateFactory(DjangoModelFactory):
    class Meta:
        model = TrainingCertificate

    guard = factory.SubFactory(GuardFactory)
    number = factory.Sequence(lambda n: f"{n}/GCN")
    issuer = "Phòng An ninh kinh tế"
    issued_on = datetime.date(2026, 4, 20)


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    kind = "propaganda"
    topic = factory.Sequence(lambda n: f"Tuyên truyền pháp luật đợt {n}")
    held_on = datetime.date(2026, 5, 4)
    jurisdiction = factory.SubFactory(JurisdictionFactory)


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment

    unit = factory.SubFactory(UnitFactory)
    year = 2026
    kind = CommitmentKind.COMMITMENT
    content = factory.Sequence(lambda n: f"Nội dung {n}")


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = CoordinationAgreement

    kind = AgreementKind.REGULATION
    number = factory.Sequence(lambda n: f"{n}/QCPH")
    title = factory.Sequence(lambda n: f"Phối hợp {n}")
    signed_on = datetime.date(2025, 3, 1)
    jurisdiction = factory.SubFactory(JurisdictionFactory)


class InspectionFactory(DjangoModelFactory):
    class Meta:
        model = Inspection

    unit = factory.SubFactory(UnitFactory)
    inspected_on = datetime.date(2026, 5, 4)
    content = factory.Sequence(lambda n: f"Công tác bảo vệ lần {n}")


class IncidentFactory(DjangoModelFactory):
    class Meta:
        model = Incident

    unit = factory.SubFactory(UnitFactory)
    occurred_on = datetime.date(2026, 5, 4)
    kind = IncidentKind.G


class PartRatingFactory(DjangoModelFactory):
    class Meta:
        model = PartRating

    unit = factory.SubFactory(UnitFactory)
    year = 2026
    kind = PartKind.DEPARTMENT
    total_count = 10
    good_count = 8


class ModelKindFactory(DjangoModelFactory):
    class Meta:
        model = ModelKind

    name = factory.Sequence(lambda n: f"Loại mô hình mẫu {n}")


class SelfManagedModelFactory(DjangoModelFactory):
    """A model led by a body of its area; ``active=True`` launches it on 1 March 2026."""

    class Meta:
        model = SelfManagedModel

    kind = factory.SubFactory(ModelKindFactory)
    name = factory.Sequence(lambda n: f"Mô hình mẫu {n}")
    lead_body = "Công an xã mẫu"
    jurisdiction = factory.SubFactory(JurisdictionFactory)

    class Params:
        active = factory.Trait(
            status=ModelStatus.ACTIVE, status_on=datetime.date(2026, 3, 1), launched_on=datetime.date(2026, 3, 1)
        )
