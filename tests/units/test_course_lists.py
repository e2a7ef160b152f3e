"""Who took part in a course, as a list says it; a course belongs to the office that holds it."""

import datetime

import pytest
from django.urls import reverse

from tests.factories import GuardFactory, TrainingCourseFactory, UnitFactory
from units.enums import TrainingResult
from units.models import TrainingAttendance, TrainingCourse

HEADER = ["Đơn vị", "Họ và tên", "Năm sinh", "Lớp huấn luyện", "Kết quả"]
SHEET = "training-attendances"


@pytest.fixture
def unit(place):
    return UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)


@pytest.fixture
def courses(place):
    """Two courses of one name, in two years."""
    days = [(datetime.date(year, 4, 12), datetime.date(year, 4, 16)) for year in (2025, 2026)]
    return [
        TrainingCourseFactory(name="Lớp Mẫu", jurisdiction=place.province, started_on=first, ended_on=last)
        for first, last in days
    ]


def reasons(batch):
    return [problem["reason"] for row in batch.rows.all() for problem in row.problems]


def test_people_of_a_course_come_in_by_unit_and_name(place, unit, courses):
    one, two = GuardFactory(unit=unit, name="Lê Văn Một"), GuardFactory(unit=unit, name="Lê Văn Hai")
    rows = [
        ["Trường Mẫu", "Lê Văn Một", "", "Lớp Mẫu, 12/04/2026", "Đạt yêu cầu"],
        [unit.code, "Lê Văn Hai", "", "Lớp Mẫu, 12/04/2026", ""],
    ]
    batch = place.committed(HEADER, *rows, sheet=SHEET)
    assert reasons(batch) == []
    told = set(TrainingAttendance.objects.values_list("guard", "course", "result"))
    assert told == {
        (one.pk, courses[1].pk, TrainingResult.PASSED),
        (two.pk, courses[1].pk, TrainingResult.UNTESTED),
    }
    assert place.checked(HEADER, *rows, sheet=SHEET).counts["same"] == 2


def test_who_is_named_in_an_unknown_unit_is_not_called_missing(place, courses):
    batch = place.checked(HEADER, ["Trường Không Có", "Lê Văn Một", "", "Lớp Mẫu, 12/04/2026", "Đạt"], sheet=SHEET)
    assert [problem["column"] for row in batch.rows.all() for problem in row.problems] == ["Đơn vị"]


def test_people_of_one_course_are_called_by_their_names(place, unit, courses):
    GuardFactory(unit=unit, name="Lê Văn Một")
    header = [each for each in HEADER if each != "Lớp huấn luyện"]
    batch = place.checked(header, ["Trường Mẫu", "Lê Văn Một", "", "Đạt"], sheet=SHEET)
    assert [row.label for row in batch.rows.all()] == ["Lê Văn Một"]


def test_a_name_of_several_courses_is_not_guessed(place, unit, courses):
    GuardFactory(unit=unit, name="Lê Văn Một")
    batch = place.checked(HEADER, ["Trường Mẫu", "Lê Văn Một", "", "Lớp Mẫu", "Đạt"], sheet=SHEET)
    assert batch.counts["refused"] == 1


def test_who_came_back_took_part_in_the_time_of_the_course(place, unit, courses):
    before = {"started_on": datetime.date(2020, 1, 1), "ended_on": datetime.date(2025, 6, 30)}
    first = GuardFactory(unit=unit, name="Lê Văn Một", **before)
    GuardFactory(unit=unit, name="Lê Văn Một", started_on=datetime.date(2026, 1, 1))
    place.committed(HEADER, ["Trường Mẫu", "Lê Văn Một", "", "Lớp Mẫu, 12/04/2025", "Đạt"], sheet=SHEET)
    assert TrainingAttendance.objects.get().guard == first


def test_a_course_of_another_office_takes_nobody_by_a_list(place, unit, courses):
    TrainingAttendance.objects.create(course=courses[0], guard=GuardFactory(unit=unit, name="Lê Văn Một"))
    GuardFactory(unit=unit, name="Lê Văn Hai")
    row = ["Trường Mẫu", "Lê Văn Hai", "", "Lớp Mẫu, 12/04/2025", "Đạt"]
    batch = place.checked(HEADER, row, sheet=SHEET, by=place.local)
    assert batch.counts["refused"] == 1


@pytest.mark.slow
def test_who_sees_a_course_of_another_office_does_not_write_it(client, place, unit, courses):
    TrainingAttendance.objects.create(course=courses[0], guard=GuardFactory(unit=unit))
    assert TrainingCourse.objects.visible_to(place.local).get() == courses[0]
    assert not TrainingCourse.objects.editable_by(place.local).exists()
    client.force_login(place.local)
    address = reverse("admin:units_trainingcourse_change", args=[courses[0].pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "Đổi tên"}).status_code == 403
