"""Objects for tests; people are invented."""

import datetime

import factory
from factory.django import DjangoModelFactory

from movement_portal.jurisdictions.enums import Function, JurisdictionKind, PoliceLevel
from movement_portal.jurisdictions.models import Jurisdiction, Officer, PoliceOffice, Posting
from units.enums import UnitKind
from units.models import Unit

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
