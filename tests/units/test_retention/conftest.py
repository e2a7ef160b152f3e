"""A guard who left long ago; the clock runs from 22 November 2026."""

import pytest

from movement_portal.jurisdictions.enums import Function
from movement_portal.persons.reading import put_down
from tests.factories import (
    GuardFactory,
    JurisdictionFactory,
    OfficerFactory,
    TrainingCertificateFactory,
    TrainingCourseFactory,
    UnitFactory,
)
from tests.units.test_retention.world import CARD, NAME, NUMBER, day, moment
from units.models import TrainingAttendance


@pytest.fixture(autouse=True)
def held_clock():
    with moment("2026-11-22"):
        yield


@pytest.fixture
def guard():
    """A guard who left long ago, entered, corrected, certified and looked at."""
    area = JurisdictionFactory()
    officer = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_RECORDS)
    with moment("2020-02-01"):
        guard = GuardFactory(
            unit=UnitFactory(jurisdiction=area, name="Trường Mẫu"), name="Lê Văn Nhầm", birth_year=1985,
            citizen_id=NUMBER, staff_card_number=CARD, started_on=day("2015-01-01"), education="college",
        )  # fmt: skip
        TrainingCertificateFactory(guard=guard, number="7/GCN", issued_on=day("2019-01-01"))
        TrainingCertificateFactory(guard=guard, number="8/GCN", issued_on=day("2020-01-01"))
        TrainingAttendance.objects.create(course=TrainingCourseFactory(), guard=guard)
        put_down(guard, by=officer, reason="Đối chiếu hồ sơ gốc", what="Số định danh cá nhân")
        guard.name, guard.ended_on = NAME, day("2021-06-30")
        guard.save()
    return guard
