"""Courses: many guards at once, results, certificates that hold five years, units long untrained."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from tests import reference
from tests.factories import (
    GuardFactory,
    JurisdictionFactory,
    OfficerFactory,
    TrainingCertificateFactory,
    TrainingCourseFactory,
    UnitFactory,
)
from units import training
from units.certificates import years_later
from units.enums import TrainingResult
from units.law import months_before
from units.models import GuardRule, TrainingAttendance, TrainingCertificate, TrainingCourse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]


@pytest.fixture
def officer(province):
    return OfficerFactory(jurisdiction=province)


@pytest.fixture
def unit(province):
    return UnitFactory(jurisdiction=JurisdictionFactory(parent=province), name="Trường THPT Hoa Ban")


@pytest.fixture
def course(province):
    return TrainingCourseFactory(jurisdiction=province)


@pytest.mark.slow
def test_guards_of_a_unit_are_ticked_and_put_in_once(signed_in, course, unit):
    guards = GuardFactory.create_batch(3, unit=unit)
    address = reverse("forces:course_fill", args=[course.pk])
    page = signed_in.get(address, {"don-vi": f"{unit.code} · {unit.name}"}).content.decode()
    assert all(guard.name in page for guard in guards)
    for _ in range(2):
        signed_in.post(address, {"guard": [guard.pk for guard in guards]})
    assert course.attendances.count() == 3
    assert all(guard.name in signed_in.get(course.get_absolute_url()).content.decode() for guard in guards)


def test_who_brings_lists_in_is_led_there_from_a_course(client, province, course):
    client.force_login(OfficerFactory(jurisdiction=province, function=Function.MANAGE_RECORDS))
    page = client.get(reverse("forces:course_fill", args=[course.pk])).content.decode()
    assert f"{reverse('spreadsheets:import_upload')}?sheet=training-attendances" in page


def test_pasted_names_are_matched_within_reach(officer, unit):
    one = GuardFactory(unit=unit, name="Trần Văn Hòa", birth_year=1980)
    namesake = GuardFactory(unit=unit, name="Trần Văn Hòa", birth_year=1990)
    GuardFactory(name="Lê Văn Xa")
    GuardFactory(unit=unit, name="Lê Văn Nghỉ", ended_on=datetime.date(2026, 1, 1))
    text = "1. Bỏ qua\nTrần Văn Hoà; 1980\n2\tTrần Văn Hòa\nTrần Văn Hòa; 1990; hoa ban\nLê Văn Xa\nLê Văn Nghỉ"
    found = {line.text: line.guards for line in training.guards_named(text, by=officer)}
    assert found["Trần Văn Hoà; 1980"] == [one]
    assert set(found["Trần Văn Hòa"]) == {one, namesake}
    assert found["Trần Văn Hòa; 1990; hoa ban"] == [namesake]
    assert found["Lê Văn Xa"] == found["Lê Văn Nghỉ"] == found["1. Bỏ qua"] == []


def test_pasted_names_ask_one_question(officer, unit, django_assert_num_queries):
    guards = GuardFactory.create_batch(12, unit=unit)
    _ = officer.jurisdiction
    with django_assert_num_queries(1):
        lines = training.guards_named("\n".join(guard.name for guard in guards), by=officer)
    assert all(len(line.guards) == 1 for line in lines)


def test_the_page_shows_what_pasted_names_mean(signed_in, course, unit):
    guard = GuardFactory(unit=unit, name="Trần Văn Hòa")
    page = signed_in.post(reverse("forces:course_fill", args=[course.pk]), {"names": "Trần Văn Hòa\nAi Đó"})
    assert page.context["found_count"] == 1
    assert f'value="{guard.pk}"' in page.content.decode()
    assert "Không có trong sổ" in page.content.decode()


def test_a_guard_out_of_reach_is_not_put_in(officer, course):
    assert training.enrol(course.pk, [GuardFactory().pk], by=officer) == 0


@pytest.mark.slow
def test_a_course_of_the_province_is_seen_where_a_guard_attended_and_changed_nowhere_else(client, course, unit):
    below = OfficerFactory(jurisdiction=unit.jurisdiction)
    client.force_login(below)
    assert client.get(course.get_absolute_url()).status_code == 404
    guard = GuardFactory(unit=unit, name="Người Của Xã")
    other = GuardFactory(
        unit=UnitFactory(jurisdiction=JurisdictionFactory(parent=course.jurisdiction)), name="Người Xã Khác"
    )
    for each in (guard, other):
        TrainingAttendance.objects.create(course=course, guard=each)
    page = client.get(course.get_absolute_url()).content.decode()
    assert "Người Của Xã" in page
    assert "Người Xã Khác" not in page
    assert client.get(reverse("forces:course_edit", args=[course.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        training.enrol(course.pk, [guard.pk], by=below)


@pytest.mark.slow
def test_results_and_certificates_of_all_who_passed(signed_in, officer, course, unit):
    passed, failed = GuardFactory(unit=unit, name="A Đạt"), GuardFactory(unit=unit, name="B Không Đạt")
    old = TrainingCertificateFactory(guard=passed, issued_on=datetime.date(2021, 5, 1))
    rows = [TrainingAttendance.objects.create(course=course, guard=guard) for guard in (passed, failed)]
    judge = reverse("forces:course_judge", args=[course.pk])
    signed_in.post(judge, {"attendance": [rows[0].pk], "result": "passed"})
    signed_in.post(judge, {"attendance": [rows[1].pk], "result": "failed"})
    sent = {"issuer": "Phòng An ninh kinh tế", "issued_on": "20/04/2026", "first_number": "17", "pattern": "#/GCN-MAU"}
    for _ in range(2):
        signed_in.post(reverse("forces:course_issue", args=[course.pk]), sent)
    issued = TrainingCertificate.objects.get(course=course)
    assert (issued.guard, issued.number, issued.expires_on) == (passed, "17/GCN-MAU", datetime.date(2031, 4, 20))
    old.refresh_from_db()
    # Thông tư 46/2014/TT-BCA, Điều 7: the old one is withdrawn.
    assert old.withdrawn_on == datetime.date(2026, 4, 20)


def test_no_certificate_before_the_course_ended(officer, course):
    with pytest.raises(training.TrainingProblem):
        training.issue_certificates(
            course.pk, issuer="x", issued_on=datetime.date(2026, 4, 15), first_number=1, pattern="#", by=officer
        )


def test_a_certificate_holds_as_long_as_the_rule_of_its_day_says():
    reference.load("guard_rules")
    rule = GuardRule.objects.get(subject="certificate_years")
    rule.valid_to = datetime.date(2026, 6, 30)
    rule.save()
    GuardRule.objects.create(subject="certificate_years", value="3", valid_from=datetime.date(2026, 7, 1))
    before = TrainingCertificateFactory(issued_on=datetime.date(2026, 6, 30))
    after = TrainingCertificateFactory(issued_on=datetime.date(2026, 7, 1))
    assert before.expires_on == datetime.date(2031, 6, 30)
    assert after.expires_on == datetime.date(2029, 7, 1)


def test_days_that_a_year_or_month_lacks():
    assert years_later(datetime.date(2024, 2, 29), 5) == datetime.date(2029, 2, 28)
    assert years_later(datetime.date(2024, 2, 29), 4) == datetime.date(2028, 2, 29)
    assert months_before(datetime.date(2026, 3, 31), 1) == datetime.date(2026, 2, 28)
    assert months_before(datetime.date(2026, 1, 15), 24) == datetime.date(2024, 1, 15)


@pytest.mark.slow
def test_units_that_trained_nobody_for_two_years(signed_in, province, course):
    def unit(name):
        return UnitFactory(jurisdiction=JurisdictionFactory(parent=province), name=name)

    trained, certified, long_ago, left, empty = map(unit, ("Học", "Cấp", "Xưa", "Nghỉ", "Trống"))
    TrainingAttendance.objects.create(course=course, guard=GuardFactory(unit=trained))
    TrainingCertificateFactory(guard=GuardFactory(unit=certified), issued_on=datetime.date(2024, 11, 22))
    TrainingCertificateFactory(guard=GuardFactory(unit=long_ago), issued_on=datetime.date(2024, 11, 21))
    gone = GuardFactory(unit=left, ended_on=datetime.date(2026, 1, 1))
    TrainingAttendance.objects.create(course=course, guard=gone)
    GuardFactory(unit=left)
    page = signed_in.get(reverse("forces:untrained_list"))
    assert set(page.context["filters"].everything) == {long_ago, left}
    assert "không có người bảo vệ nào được huấn luyện trong 24 tháng qua" in page.content.decode()
    assert "21/11/2024" in page.content.decode()
    assert "Chưa lần nào" in page.content.decode()
    assert empty.name not in page.content.decode()
    near = signed_in.get(reverse("forces:untrained_list"), {"dia_ban": left.jurisdiction_id, "q": "nghi"})
    assert set(near.context["filters"].everything) == {left}
    out = signed_in.get(reverse("forces:untrained_export", kwargs={"form": "csv"})).content.decode("utf-8-sig")
    assert ("Xưa" in out, "Học" in out) == (True, False)
    assert "Không có người bảo vệ nào được huấn luyện" in signed_in.get(long_ago.get_absolute_url()).content.decode()


def test_the_database_keeps_courses_and_certificates_in_order(course):
    guard = GuardFactory()
    TrainingAttendance.objects.create(course=course, guard=guard)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingAttendance.objects.create(course=course, guard=guard)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingCourseFactory(started_on=datetime.date(2026, 5, 2), ended_on=datetime.date(2026, 5, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingCertificateFactory(issued_on=datetime.date(2026, 5, 2), expires_on=datetime.date(2026, 5, 1))


@pytest.mark.slow
def test_a_course_is_entered_once_however_often_the_form_is_sent(signed_in, province):
    form = signed_in.get(reverse("forces:course_add")).context["form"]
    sent = {
        "name": "Lớp nghiệp vụ",
        "organiser": "Phòng An ninh kinh tế",
        "jurisdiction": province.pk,
        "started_on": "01/10/2026",
        "ended_on": "05/10/2026",
        "contents": ["a", "dd"],
        "submission_key": str(form.initial["submission_key"]),
    }
    for _ in range(2):
        assert signed_in.post(reverse("forces:course_add"), sent).status_code == 302
    course = TrainingCourse.objects.get()
    assert course.contents == ["a", "dd"]
    page = signed_in.get(reverse("forces:course_list"), {"noi_dung": "d"})
    assert page.context["count"].value == 0
    assert signed_in.get(reverse("forces:course_list"), {"noi_dung": "dd"}).context["count"].value == 1


@pytest.mark.slow
def test_who_may_only_read_enters_nothing(client, province, course):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function="read"))
    assert client.get(reverse("forces:course_fill", args=[course.pk])).status_code == 403
    judge = client.post(reverse("forces:course_judge", args=[course.pk]), {"attendance": [], "result": "passed"})
    assert judge.status_code == 403
    assert client.get(course.get_absolute_url()).status_code == 200
    assert TrainingResult.PASSED
