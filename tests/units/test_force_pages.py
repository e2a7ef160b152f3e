"""Guard forces as officers use the pages: what is filled in for them, days to come, taking away what is wrong."""

import csv
import datetime

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.worklists import work_of
from tests.factories import (
    GuardFactory,
    OfficerFactory,
    SecurityTeamFactory,
    TrainingCertificateFactory,
    TrainingCourseFactory,
    UnitFactory,
)
from units.enums import TeamKind
from units.models import Guard, SecurityTeam, TeamReview, TeamStrength, TrainingAttendance, TrainingCertificate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

YESTERDAY, TOMORROW = datetime.date(2026, 11, 21), datetime.date(2026, 11, 23)


# -- days to come ------------------------------------------------------------------------------------------------------
def test_who_begins_tomorrow_is_counted_nowhere_today(signed_in, officer, unit):
    GuardFactory(unit=unit, started_on=TOMORROW)
    assert signed_in.get(reverse("forces:guard_list")).context["count"].value == 0
    assert "Bảo vệ chưa có chứng nhận huấn luyện" not in {work.label for work in work_of(officer) if work.count}


@pytest.mark.parametrize(("state", "expected"), [("", 1), ("thoi", 1), ("sap", 1), ("tat_ca", 3)])
def test_each_state_of_guards_is_a_filter(signed_in, unit, state, expected):
    GuardFactory(unit=unit)
    GuardFactory(unit=unit, ended_on=YESTERDAY)
    GuardFactory(unit=unit, started_on=TOMORROW)
    page = signed_in.get(reverse("forces:guard_list"), {"tinh_trang": state})
    assert page.context["count"].value == expected


def test_a_team_to_come_says_from_when(signed_in, unit):
    team = SecurityTeamFactory(unit=unit, established_on=TOMORROW)
    assert signed_in.get(reverse("forces:team_list")).context["count"].value == 0
    listed = signed_in.get(reverse("forces:team_list"), {"tinh_trang": "sap"}).content.decode()
    assert "Từ 23/11/2026" in listed
    assert "Sắp có" in signed_in.get(team.get_absolute_url()).content.decode()


# -- on a day of the past ----------------------------------------------------------------------------------------------
def test_teams_of_a_past_day_have_the_strength_of_that_day(signed_in, unit):
    day = datetime.date(2026, 6, 30)
    standing = SecurityTeamFactory(unit=unit, name="Tổ có ngày ấy", ended_on=datetime.date(2026, 7, 31))
    SecurityTeamFactory(unit=unit, name="Tổ lập sau", established_on=datetime.date(2026, 8, 1))
    for counted_on, headcount in ((datetime.date(2026, 1, 5), 4), (day, 6), (datetime.date(2026, 7, 1), 9)):
        TeamStrength.objects.create(team=standing, counted_on=counted_on, headcount=headcount)
    GuardFactory(unit=unit, team=standing, ended_on=day)
    page = signed_in.get(reverse("forces:team_list"), {"ngay": "30/06/2026"})
    html = page.content.decode()
    assert page.context["count"].value == 1
    assert "6 người theo lần kiểm đếm gần nhất của mỗi lực lượng tính đến 30/06/2026" in html
    assert "Tổ lập sau" not in html
    answer = signed_in.get(reverse("forces:team_export", kwargs={"form": "csv"}), {"ngay": "30/06/2026"})
    [cells] = csv.DictReader(b"".join(answer).decode("utf-8-sig").splitlines(), delimiter=";")
    assert (cells["Tổng số"], cells["Ngày kiểm đếm"], cells["Người bảo vệ có tên trong sổ"]) == ("6", "30/06/2026", "1")


# -- forms -------------------------------------------------------------------------------------------------------------
def test_a_new_guard_is_offered_the_one_team_of_the_unit_and_its_kind(signed_in, unit):
    team = SecurityTeamFactory(unit=unit, kind=TeamKind.PART_TIME)
    form = signed_in.get(reverse("forces:guard_add"), {"don-vi": unit.code}).context["form"]
    assert (form.initial["team"], form.initial["kind"]) == (team.pk, "part_time")


def test_a_guard_entered_before_the_unit_was_known_is_in_its_one_team(signed_in, unit):
    team = SecurityTeamFactory(unit=unit)
    sent = {"unit_code": unit.code, "name": "Lê Văn Gác", "role": "member", "kind": "full_time"}
    signed_in.post(reverse("forces:guard_add"), sent)
    assert Guard.objects.get().team == team


def test_nobody_is_put_into_a_hired_or_past_team(signed_in, unit):
    SecurityTeamFactory(unit=unit, kind=TeamKind.HIRED, company_name="Công ty Bảo vệ Mẫu")
    SecurityTeamFactory(unit=unit, name="Tổ cũ", ended_on=YESTERDAY)
    page = signed_in.get(reverse("forces:guard_add"), {"don-vi": unit.code})
    assert "team" not in page.context["form"].fields


@pytest.mark.slow
def test_an_end_before_the_start_is_told_at_its_field(signed_in, unit):
    sent = {"unit_code": unit.code, "name": "Lê Văn Gác", "role": "member", "kind": "full_time"}
    days = {"started_on": "01/01/2020", "ended_on": "01/01/2019"}
    form = signed_in.post(reverse("forces:guard_add"), sent | days).context["form"]
    assert form.errors.as_data().keys() == {"ended_on"}


# -- taking away -------------------------------------------------------------------------------------------------------
@pytest.fixture
def records(unit, officer):
    """One record of each kind, by the URL name of the page that takes it away."""
    team = SecurityTeamFactory(unit=unit)
    guard = GuardFactory(unit=unit)
    return {
        "team_delete": team,
        "strength_delete": TeamStrength.objects.create(team=team, counted_on=YESTERDAY, headcount=3),
        "review_delete": TeamReview.objects.create(team=team, year=2025),
        "guard_delete": guard,
        "course_delete": TrainingCourseFactory(jurisdiction=officer.jurisdiction),
        "certificate_delete": TrainingCertificateFactory(guard=guard),
    }


NAMES = ["team_delete", "strength_delete", "review_delete", "guard_delete", "course_delete", "certificate_delete"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_record_entered_by_mistake_is_asked_about_and_taken_away(signed_in, records, name):
    row = records[name]
    address = reverse(f"forces:{name}", args=[row.pk])
    assert "Nhật ký vẫn giữ" in signed_in.get(address).content.decode()
    assert type(row).objects.filter(pk=row.pk).exists()
    assert signed_in.post(address, follow=True).status_code == 200
    assert not type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("name", NAMES)
def test_its_form_leads_there(signed_in, records, name):
    row = records[name]
    edit = signed_in.get(reverse(f"forces:{name.replace('delete', 'edit')}", args=[row.pk])).content.decode()
    assert f'href="{reverse(f"forces:{name}", args=[row.pk])}"' in edit


@pytest.mark.parametrize("name", NAMES)
def test_who_may_only_read_takes_nothing_away(client, officer, records, name):
    client.force_login(OfficerFactory(jurisdiction=officer.jurisdiction, jurisdiction__function=Function.READ))
    assert client.post(reverse(f"forces:{name}", args=[records[name].pk])).status_code == 403


@pytest.mark.slow
def test_a_neighbour_finds_no_record_to_take_away(client, records):
    client.force_login(OfficerFactory())
    for name, row in records.items():
        assert client.get(reverse(f"forces:{name}", args=[row.pk])).status_code == 404


def test_a_team_with_people_stays(signed_in, records):
    team = records["team_delete"]
    GuardFactory(unit=team.unit, team=team)
    answer = signed_in.post(reverse("forces:team_delete", args=[team.pk]))
    assert "Còn 1 người bảo vệ" in answer.content.decode()
    assert SecurityTeam.objects.filter(pk=team.pk).exists()


def test_a_course_with_certificates_stays(signed_in, records):
    course = records["course_delete"]
    TrainingCertificate.objects.filter(pk=records["certificate_delete"].pk).update(course=course)
    answer = signed_in.post(reverse("forces:course_delete", args=[course.pk]))
    assert "Đã cấp 1 giấy" in answer.content.decode()


def test_what_goes_along_is_told_first(signed_in, records):
    guard = records["guard_delete"]
    TrainingAttendance.objects.create(guard=guard, course=records["course_delete"])
    page = signed_in.get(reverse("forces:guard_delete", args=[guard.pk])).content.decode()
    assert "Cùng mất: 1 lượt học, 1 giấy chứng nhận huấn luyện." in page


def test_an_erased_guard_is_kept_for_the_figures(signed_in, unit):
    guard = GuardFactory(unit=unit, ended_on=YESTERDAY, name="(đã xóa dữ liệu cá nhân)", birth_year=None)
    Guard.objects.filter(pk=guard.pk).update(erased_on=YESTERDAY)
    answer = signed_in.post(reverse("forces:guard_delete", args=[guard.pk]))
    assert "còn để thống kê" in answer.content.decode()


def test_a_unit_of_elsewhere_gives_no_team(signed_in):
    unit = UnitFactory()
    SecurityTeamFactory(unit=unit)
    page = signed_in.get(reverse("forces:guard_add"), {"don-vi": unit.code})
    assert "team" not in page.context["form"].fields
