"""Courses: many guards at once, results, certificates that hold five years, units long untrained."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent
from movement_portal.jurisdictions.enums import Function
from tests import reference
from tests.at_once import held_up
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
from units.pasted_guards import guards_named

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


@pytest.mark.slow
def test_who_brings_lists_in_is_led_there_from_a_course(client, province, course):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS))
    page = client.get(reverse("forces:course_fill", args=[course.pk])).content.decode()
    assert f"{reverse('spreadsheets:import_upload')}?sheet=training-attendances" in page


def test_pasted_names_are_matched_within_reach(officer, unit):
    one = GuardFactory(unit=unit, name="Trần Văn Hòa", birth_year=1980)
    namesake = GuardFactory(unit=unit, name="Trần Văn Hòa", birth_year=1990)
    GuardFactory(name="Lê Văn Xa")
    GuardFactory(unit=unit, name="Lê Văn Nghỉ", ended_on=datetime.date(2026, 1, 1))
    text = "1. Bỏ qua\nTrần Văn Hoà; 1980\n2\tTrần Văn Hòa\nTrần Văn Hòa; 1990; hoa ban\nLê Văn Xa\nLê Văn Nghỉ"
    found = {line.text: line.guards for line in guards_named(text, by=officer)}
    assert found["Trần Văn Hoà; 1980"] == [one]
    assert set(found["Trần Văn Hòa"]) == {one, namesake}
    assert found["Trần Văn Hòa; 1990; hoa ban"] == [namesake]
    assert found["Lê Văn Xa"] == found["Lê Văn Nghỉ"] == found["Bỏ qua"] == []


def test_pasted_names_ask_one_question(officer, unit, django_assert_num_queries):
    guards = GuardFactory.create_batch(12, unit=unit)
    _ = officer.jurisdiction
    with django_assert_num_queries(1):
        lines = guards_named("\n".join(guard.name for guard in guards), by=officer)
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


@pytest.mark.parametrize(
    "line",
    [
        "1. Ông Trần Văn Hòa",
        "- Trần  Văn\u00a0Hoà",
        "12\tTRẦN VĂN HÒA\t15/03/1980\tNam\tNhân viên\tTHPT Hoa Ban\t0912345678",
        "3) Trần Văn Hòa, sinh 1980, Trường Trung học phổ thông Hoa Ban",
        "Trần Văn Hòa (1980)",
        "Trần Văn Hòa – 1980",
        "TrÇn V¨n Hßa",
    ],
)
def test_a_line_is_read_as_offices_write_it(officer, unit, line):
    guard = GuardFactory(unit=unit, name="Trần Văn Hòa", birth_year=1980)
    [named] = guards_named(line, by=officer)
    assert named.guards == [guard]
    assert named.is_sure


@pytest.mark.parametrize("rest", ["1999", "Trường THPT Hoa Mai"])
def test_a_person_of_another_year_or_unit_is_asked_about(officer, unit, rest):
    GuardFactory(unit=unit, name="Trần Văn Hòa", birth_year=1980)
    [named] = guards_named(f"Trần Văn Hòa\t{rest}", by=officer)
    assert named.is_doubtful


def test_heads_of_columns_and_numbers_name_nobody(officer):
    assert guards_named("TT\tHọ và tên\tNăm sinh\n1\t\n\n2.", by=officer) == []


def test_a_pasted_number_is_shown_masked(officer):
    [named] = guards_named("Trần Văn Hòa\t000080001234", by=officer)
    assert named.text == "Trần Văn Hòa; 000••••••234"


def test_who_left_after_a_course_of_the_past_is_found_for_it(officer, unit):
    guard = GuardFactory(unit=unit, name="Lê Văn Nghỉ", ended_on=datetime.date(2026, 1, 1))
    assert guards_named("Lê Văn Nghỉ", by=officer, since=datetime.date(2025, 6, 1))[0].guards == [guard]
    assert guards_named("Lê Văn Nghỉ", by=officer, since=datetime.date(2026, 1, 2))[0].guards == []


def test_lines_that_found_nobody_stay_in_the_box(signed_in, course, unit):
    guard = GuardFactory(unit=unit, name="Trần Văn Hòa")
    address = reverse("forces:course_fill", args=[course.pk])
    left = signed_in.post(address, {"names": "Trần Văn Hòa\nAi Đó; 1980"}).context["left"]
    page = signed_in.post(address, {"guard": [guard.pk], "left": left})
    assert page.context["form"].initial["names"] == "Ai Đó; 1980"


def test_a_line_is_done_when_one_of_its_namesakes_is_chosen(signed_in, course, unit):
    one, other = (GuardFactory(unit=unit, name="Trần Văn Hòa", birth_year=year) for year in (1980, 1990))
    address = reverse("forces:course_fill", args=[course.pk])
    left = signed_in.post(address, {"names": "Trần Văn Hòa; 1980\nTrần Văn Hòa"}).context["left"]
    assert left == "Trần Văn Hòa"
    # The person of the sure line is no answer to the other.
    page = signed_in.post(address, {"guard": [one.pk], "left": left})
    assert page.context["form"].initial["names"] == "Trần Văn Hòa"
    signed_in.post(address, {"asked": [f"0-{other.pk}"], "left": left})
    assert course.attendances.count() == 2


def test_a_unit_that_is_not_recognised_is_told(signed_in, course):
    page = signed_in.get(reverse("forces:course_fill", args=[course.pk]), {"don-vi": "Trường nào đó"})
    assert page.status_code == 422
    assert "Không có đơn vị nào như vậy" in page.content.decode()


def test_nothing_happens_where_nobody_is_ticked(signed_in, course):
    page = signed_in.post(reverse("forces:course_judge", args=[course.pk]), {"result": "passed"}, follow=True)
    assert "Chưa chọn người nào" in page.content.decode()


@pytest.fixture
def certified(course, unit):
    """Somebody of the course who holds a certificate of it."""
    guard = GuardFactory(unit=unit)
    row = TrainingAttendance.objects.create(course=course, guard=guard, result=TrainingResult.PASSED)
    TrainingCertificateFactory(guard=guard, course=course, number="31/GCN-MAU", issuer=course.organiser)
    return row


def test_taking_people_out_is_asked_once_more(signed_in, course, unit):
    row = TrainingAttendance.objects.create(course=course, guard=GuardFactory(unit=unit))
    judge = reverse("forces:course_judge", args=[course.pk])
    asked = signed_in.post(judge, {"attendance": [row.pk], "result": "remove"})
    assert row.guard.name in asked.content.decode()
    assert course.attendances.exists()
    signed_in.post(judge, {"attendance": [row.pk], "result": "remove", "sure": "1"})
    assert not course.attendances.exists()


def test_who_holds_a_certificate_of_the_course_stays_in_it_as_passed(officer, course, certified):
    assert training.remove(course.pk, [certified.pk], by=officer) == (0, 1)
    assert training.set_results(course.pk, [certified.pk], TrainingResult.FAILED, by=officer) == (0, 1)
    certified.refresh_from_db()
    assert certified.result == TrainingResult.PASSED


def test_no_certificate_is_issued_where_none_waits(signed_in, course, certified):
    answer = signed_in.get(reverse("forces:course_issue", args=[course.pk]))
    assert answer.headers["Location"] == course.get_absolute_url()


def test_the_next_number_of_the_office_is_offered(officer, course, certified):
    day = datetime.date(2026, 4, 20)
    assert training.next_number(course.organiser, day, by=officer) == (32, "#/GCN-MAU")
    assert training.next_number("Nơi khác", day, by=officer) == (1, training.USUAL_PATTERN)


def test_a_number_that_names_its_year_begins_anew(officer, course):
    TrainingCertificateFactory(number="9/2025/GCN", issuer="Phòng A", guard__unit__jurisdiction=course.jurisdiction)
    assert training.next_number("Phòng A", datetime.date(2025, 12, 1), by=officer) == (10, "#/2025/GCN")
    assert training.next_number("Phòng A", datetime.date(2026, 1, 5), by=officer) == (1, "#/2026/GCN")


def test_one_number_is_not_given_twice_by_an_office_in_a_year(officer, course, unit, certified):
    TrainingAttendance.objects.create(course=course, guard=GuardFactory(unit=unit), result=TrainingResult.PASSED)
    issued_on = certified.guard.certificates.get().issued_on
    course.started_on = course.ended_on = issued_on
    course.save()
    with pytest.raises(training.NumberUsed, match="32/GCN-MAU"):
        training.issue_certificates(
            course.pk, issuer=course.organiser, issued_on=issued_on, first_number=31, pattern="#/GCN-MAU", by=officer
        )


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


@pytest.mark.parametrize("rows", [1, 12])
def test_the_people_of_a_course_go_out_in_as_many_queries(signed_in, course, unit, django_assert_max_num_queries, rows):
    for guard in GuardFactory.create_batch(rows, unit=unit):
        TrainingAttendance.objects.create(course=course, guard=guard)
    with django_assert_max_num_queries(16):
        answer = signed_in.get(reverse("forces:course_people", kwargs={"pk": course.pk, "form": "csv"}))
        assert len(b"".join(answer).decode("utf-8-sig").splitlines()) == rows + 1


def test_who_takes_the_people_of_a_course_out_is_written_down(signed_in, course, certified):
    link = reverse("forces:course_people", kwargs={"pk": course.pk, "form": "csv"})
    assert link in signed_in.get(course.get_absolute_url()).content.decode()
    text = b"".join(signed_in.get(link)).decode("utf-8-sig")
    assert certified.guard.name in text
    assert "31/GCN-MAU" in text
    assert AuditEvent.objects.get(kind=EventKind.EXPORT).label.endswith("1 dòng")


def test_an_officer_below_takes_only_their_own_out(client, course, unit, certified):
    other = GuardFactory(unit=UnitFactory(jurisdiction=JurisdictionFactory(parent=course.jurisdiction)), name="Lê Xa")
    TrainingAttendance.objects.create(course=course, guard=other)
    client.force_login(OfficerFactory(jurisdiction=unit.jurisdiction))
    link = reverse("forces:course_people", kwargs={"pk": course.pk, "form": "csv"})
    text = b"".join(client.get(link)).decode("utf-8-sig")
    assert certified.guard.name in text
    assert "Lê Xa" not in text


def test_a_course_of_elsewhere_gives_nobody_away(client, course):
    client.force_login(OfficerFactory())
    assert client.get(reverse("forces:course_people", kwargs={"pk": course.pk, "form": "csv"})).status_code == 404


@pytest.mark.parametrize("rows", [1, 12])
def test_whose_certificate_ends_is_put_in_at_once(signed_in, course, unit, django_assert_max_num_queries, rows):
    due = [GuardFactory(unit=unit) for _ in range(rows)]
    TrainingCertificateFactory(guard=GuardFactory(unit=unit, name="Còn Giấy"))
    there = TrainingAttendance.objects.create(course=course, guard=GuardFactory(unit=unit, name="Đã Trong Lớp"))
    address = reverse("forces:course_fill", args=[course.pk])
    with django_assert_max_num_queries(24):
        page = signed_in.get(address, {"chung_nhan": "chua"})
    assert {guard.pk for guard in page.context["due"]["guards"]} == {guard.pk for guard in due}
    signed_in.post(address, {"guard": [guard.pk for guard in due]})
    assert course.attendances.count() == rows + 1
    assert there.guard.name not in str(page.context["due"]["guards"])


def test_nobody_is_listed_before_it_is_asked_who(signed_in, course, unit):
    GuardFactory(unit=unit)
    page = signed_in.get(reverse("forces:course_fill", args=[course.pk]))
    assert page.context["due"]["guards"] == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_courses_that_get_certificates_at_once_share_no_number(officer, province, unit):
    courses = TrainingCourseFactory.create_batch(2, jurisdiction=province)
    for course in courses:
        guard = GuardFactory(unit=unit)
        TrainingAttendance.objects.create(course=course, guard=guard, result=TrainingResult.PASSED)
    day = max(course.ended_on for course in courses)

    def issue(course):
        said = {"issuer": "Phòng Mẫu", "issued_on": day, "first_number": 1, "pattern": "#/GCN-HLBV"}
        return lambda: training.issue_certificates(course.pk, **said, by=officer)

    [problem] = held_up(issue(courses[0]), issue(courses[1]))
    assert isinstance(problem, training.NumberUsed)
    assert TrainingCertificate.objects.count() == 1


@pytest.mark.parametrize("name", ["guard", "asked"])
def test_keys_that_no_database_holds_pick_nobody(signed_in, course, name):
    huge = "9" * 30
    sent = {"guard": huge} if name == "guard" else {"asked": f"0-{huge}", "left": "Lê Văn Mẫu"}
    response = signed_in.post(reverse("forces:course_fill", args=[course.pk]), sent)
    assert response.status_code in (200, 302)
    assert signed_in.post(reverse("forces:course_judge", args=[course.pk]), {"attendance": huge}).status_code == 302
