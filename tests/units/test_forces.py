"""Security teams and guards: pages, scope, law as warnings, one person at two units, the whole number."""

import datetime
import importlib
import io
import types

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse
from django.utils.http import urlencode

from movement_portal.audit.models import AuditEvent
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.worklists import work_of
from movement_portal.persons.models import PersonalRead
from tests import reference
from tests.factories import (
    GuardFactory,
    JurisdictionFactory,
    OfficerFactory,
    SecurityTeamFactory,
    TrainingCertificateFactory,
    UnitFactory,
)
from units.enums import HiredGround, StrengthEvent, TeamKind, UnitKind
from units.filters.forces import certificate_condition, certificate_counts
from units.models import Guard, SecurityTeam, TeamReview, TeamStrength

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

NUMBER = "000123456789"
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def rules():
    reference.load("guard_rules")


LISTS = ["forces:team_list", "forces:guard_list", "forces:course_list", "forces:certificate_list"]


@pytest.mark.slow
def test_a_team_is_entered_with_its_strength(signed_in, unit):
    sent = {"unit_code": unit.code, "kind": "full_time", "name": "Đội bảo vệ", "headcount": "12"}
    response = signed_in.post(reverse("forces:team_add"), sent)
    team = SecurityTeam.objects.get()
    assert response.url == team.get_absolute_url()
    assert (team.unit, team.strengths.get().headcount, team.strengths.get().counted_on) == (unit, 12, TODAY)
    assert "Đội bảo vệ" in signed_in.get(unit.get_absolute_url()).content.decode()


def test_a_strength_that_no_database_keeps_is_refused(signed_in, unit):
    sent = {"unit_code": unit.code, "kind": "full_time", "name": "Đội bảo vệ", "headcount": "99999999999"}
    assert signed_in.post(reverse("forces:team_add"), sent).status_code == 422
    assert not SecurityTeam.objects.exists()


@pytest.mark.slow
def test_a_guard_is_not_born_in_the_future(signed_in, unit):
    for born in ({"birth_year": "2150"}, {"birth_on": "01/01/2030"}):
        sent = {"unit_code": unit.code, "name": "Lê Văn Mẫu", "kind": "full_time", "role": "member"} | born
        assert signed_in.post(reverse("forces:guard_add"), sent).status_code == 422
    assert not Guard.objects.exists()


def test_a_hired_service_names_its_company(signed_in, unit):
    sent = {"unit_code": unit.code, "kind": "hired", "name": "Thuê ngoài"}
    page = signed_in.post(reverse("forces:team_add"), sent)
    assert page.status_code == 422
    assert "phải ghi tên công ty" in page.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        SecurityTeamFactory(unit=unit, kind=TeamKind.HIRED)


def test_a_guard_is_entered_once_however_often_the_form_is_sent(signed_in, unit):
    page = signed_in.get(f"{reverse('forces:guard_add')}?don-vi={unit.code}")
    key = str(page.context["form"].initial["submission_key"])
    sent = {
        "unit_code": unit.code,
        "name": "Lê Văn Gác",
        "birth_on": "05/03/1990",
        "role": "member",
        "kind": "full_time",
        "citizen_id_typed": "000 123 456 789",
        "submission_key": key,
    }
    for _ in range(2):
        assert signed_in.post(reverse("forces:guard_add"), sent).status_code == 302
    guard = Guard.objects.get()
    assert (guard.birth_year, guard.citizen_id.clear) == (1990, NUMBER)


@pytest.mark.slow
def test_an_edit_keeps_the_number_that_is_not_typed(signed_in, unit):
    guard = GuardFactory(unit=unit, citizen_id=NUMBER)
    page = signed_in.get(reverse("forces:guard_edit", args=[guard.pk]))
    assert NUMBER not in page.content.decode()
    sent = {"version": guard.version, "name": "Tên mới", "role": "head", "kind": "full_time", "birth_year": "1990"}
    signed_in.post(reverse("forces:guard_edit", args=[guard.pk]), sent)
    guard.refresh_from_db()
    assert (guard.name, guard.citizen_id.clear) == ("Tên mới", NUMBER)
    sent |= {"version": guard.version, "citizen_id_removed": "on"}
    signed_in.post(reverse("forces:guard_edit", args=[guard.pk]), sent)
    guard.refresh_from_db()
    assert (guard.citizen_id, guard.citizen_id_index) == (None, None)


def test_the_same_person_twice_at_a_unit_is_refused_in_words(signed_in, unit):
    GuardFactory(unit=unit, citizen_id=NUMBER)
    sent = {"unit_code": unit.code, "name": "Lại là", "role": "member", "kind": "full_time", "citizen_id_typed": NUMBER}
    page = signed_in.post(reverse("forces:guard_add"), sent)
    assert page.status_code == 422
    assert "đã có ở một người làm bảo vệ của đơn vị cùng thời gian" in page.content.decode()


@pytest.mark.slow
def test_the_whole_number_is_shown_for_a_reason_that_is_written_down(signed_in, officer, unit):
    guard = GuardFactory(unit=unit, citizen_id=NUMBER)
    address = reverse("forces:guard_number", args=[guard.pk])
    assert NUMBER not in signed_in.get(guard.get_absolute_url()).content.decode()
    assert signed_in.post(address, {"reason": "xem"}).status_code == 422
    assert not PersonalRead.objects.exists()
    page = signed_in.post(address, {"reason": "Đối chiếu hồ sơ cấp lại giấy chứng nhận"})
    assert NUMBER in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    read = PersonalRead.objects.get()
    assert (read.officer, read.object_id, read.reason) == (officer, guard.pk, "Đối chiếu hồ sơ cấp lại giấy chứng nhận")
    event = AuditEvent.objects.get(pk=read.event_id)
    assert (event.kind, event.officer) == ("read", officer)
    assert NUMBER not in event.label + event.reason


@pytest.mark.slow
def test_who_may_only_read_sees_no_whole_number(client, commune, unit):
    guard = GuardFactory(unit=unit, citizen_id=NUMBER)
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ))
    assert client.get(reverse("forces:guard_number", args=[guard.pk])).status_code == 403
    assert client.get(guard.get_absolute_url()).status_code == 200


def test_readings_are_never_rewritten(unit, officer, signed_in):
    guard = GuardFactory(unit=unit, citizen_id=NUMBER)
    signed_in.post(reverse("forces:guard_number", args=[guard.pk]), {"reason": "Đối chiếu hồ sơ gốc"})
    read = PersonalRead.objects.get()
    read.reason = "khác"
    with pytest.raises(TypeError):
        read.save()
    with pytest.raises(TypeError):
        PersonalRead.objects.update(reason="khác")


def test_a_number_is_looked_for_in_the_body_and_never_in_an_address(signed_in, unit):
    guard = GuardFactory(unit=unit, citizen_id=NUMBER)
    found = signed_in.post(reverse("forces:guard_number_search"), {"number": "000 123 456 789"}).content.decode()
    assert guard.name in found
    assert NUMBER not in found
    for listed, name in (("forces:guard_list", "q"), ("activities:activity_list", "don_vi")):
        refused = signed_in.get(reverse(listed), {name: NUMBER})
        assert refused.url == reverse("forces:guard_number_search")
    assert NUMBER not in signed_in.get(refused.url).content.decode()


def test_of_a_number_out_of_reach_one_learns_only_that_it_is_there(signed_in, unit):
    other = GuardFactory(citizen_id=NUMBER, name="Người Xa Lạ")
    page = signed_in.post(reverse("forces:guard_number_search"), {"number": NUMBER}).content.decode()
    assert "ngoài địa bàn" in page
    assert other.name not in page
    assert other.unit.name not in page
    guard = GuardFactory(unit=unit, citizen_id=NUMBER)
    page = signed_in.get(guard.get_absolute_url()).content.decode()
    assert "ở một đơn vị ngoài địa bàn" in page
    assert other.unit.name not in page


def test_one_person_at_two_units_is_found_by_number_and_hinted_at_by_name(signed_in, commune, unit):
    near = UnitFactory(jurisdiction=commune, name="Trường Bên Cạnh")
    one = GuardFactory(unit=unit, citizen_id=NUMBER, name="Lê Văn Hai Nơi", birth_year=1980)
    GuardFactory(unit=near, citizen_id=NUMBER, name="Lê Văn Hai")
    GuardFactory(unit=near, name="Lê Văn Hai Nơi", birth_year=1980)
    GuardFactory(unit=near, name="Lê Văn Hai Nơi", birth_year=1981)
    page = signed_in.get(one.get_absolute_url()).content.decode()
    assert page.count("Cùng số định danh:") == 1
    assert page.count("Cùng họ tên, năm sinh:") == 1
    listed = signed_in.get(reverse("forces:guard_list"), {"trung": "hai_noi"})
    assert str(listed.context["count"]) == "2"


@pytest.mark.parametrize(
    ("facts", "warned"),
    [
        ({"birth_on": datetime.date(2009, 11, 23), "started_on": TODAY}, "Mới 16 tuổi"),
        ({"birth_on": datetime.date(2008, 11, 22), "started_on": TODAY}, ""),
        ({"education": "lower_secondary"}, "Trình độ THCS"),
        ({"education": "upper_secondary"}, ""),
        ({"birth_year": None, "education": ""}, ""),
    ],
)
def test_the_law_warns_and_refuses_nothing(signed_in, unit, rules, facts, warned):
    # Nghị định 06/2013/NĐ-CP, Điều 6.
    guard = GuardFactory(unit=unit, **{"birth_year": None, **facts})
    page = signed_in.get(guard.get_absolute_url()).content.decode()
    assert ("06/2013/NĐ-CP, Điều 6" in page) == bool(warned)
    assert warned in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("about", "ground", "is_warned"),
    [
        ({"kind": UnitKind.AGENCY}, "", True),
        *(({"kind": UnitKind.AGENCY}, ground, False) for ground in HiredGround.values),
        ({"kind": UnitKind.AGENCY, "subkind": "agency__hospital"}, "", False),
        ({"kind": UnitKind.AGENCY, "is_state_budget": False}, "", False),
        ({"kind": UnitKind.SCHOOL}, "", False),
        ({"kind": UnitKind.ENTERPRISE}, "", False),
    ],
)
def test_a_state_body_that_hires_guards_is_told_of_the_rule(signed_in, commune, rules, about, ground, is_warned):
    # Nghị định 06/2013/NĐ-CP, Điều 7 khoản 2; Thông tư 46/2014/TT-BCA, Điều 4.
    unit = UnitFactory(jurisdiction=commune, **about)
    team = SecurityTeamFactory(unit=unit, kind=TeamKind.HIRED, company_name="Công ty Mẫu", hired_ground=ground)
    assert ("Điều 7 khoản 2" in signed_in.get(team.get_absolute_url()).content.decode()) == is_warned
    listed = signed_in.get(reverse("forces:team_list"), {"luu_y": "thue"})
    assert str(listed.context["count"]) == str(int(is_warned))


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("rows", [1, 12])
def test_query_count_does_not_grow(signed_in, commune, django_assert_max_num_queries, rows, name):
    for _ in range(rows):
        unit = UnitFactory(jurisdiction=commune)
        team = SecurityTeamFactory(unit=unit)
        TeamStrength.objects.create(team=team, counted_on=TODAY, headcount=2)
        guard = GuardFactory(unit=unit, team=team, citizen_id=f"0001234567{unit.pk % 100:02d}")
        TrainingCertificateFactory(guard=guard)
    with django_assert_max_num_queries(22):
        assert signed_in.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", [*LISTS, "forces:untrained_list"])
def test_lists_keep_to_the_area(client, unit, name):
    guard = GuardFactory(unit=unit, name="Nguyễn Ở Đây", started_on=datetime.date(2020, 1, 1))
    SecurityTeamFactory(unit=unit, name="Tổ Ở Đây")
    TrainingCertificateFactory(guard=guard, issued_on=datetime.date(2020, 1, 1))
    client.force_login(OfficerFactory())
    page = client.get(reverse(name)).content.decode()
    assert "Ở Đây" not in page
    assert unit.name not in page


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_has_the_masked_number_only_and_is_put_down(signed_in, officer, unit, form):
    GuardFactory(unit=unit, name="Lê Văn Xuất", citizen_id=NUMBER)
    answer = signed_in.get(reverse("forces:guard_export", kwargs={"form": form}))
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        text = " ".join(str(cell.value) for row in sheet for cell in row)
    else:
        text = answer.content.decode("utf-8-sig")
    assert "Lê Văn Xuất" in text
    assert "000••••••789" in text
    assert NUMBER not in text
    event = AuditEvent.objects.get(kind="export")
    assert (event.officer, event.label) == (
        officer,
        f"Xuất danh sách người bảo vệ ({form.upper() if form == 'csv' else 'Excel'}): 1 dòng",
    )


@pytest.mark.slow
def test_the_509_forces_of_the_report_come_back_from_a_filtered_list(client, province):
    """domain.md 9.1: 509 “chuyên trách, bán chuyên trách” built or strengthened 2017-2020."""
    area = JurisdictionFactory(parent=province)
    units = [UnitFactory.build(jurisdiction=area, name=f"Đơn vị {n}") for n in range(509)]
    type(units[0]).objects.bulk_create(units)
    kinds = (TeamKind.FULL_TIME, TeamKind.PART_TIME)
    teams = SecurityTeam.objects.bulk_create(
        [
            SecurityTeam(
                unit=unit,
                kind=kinds[n % 2],
                name="Tổ bảo vệ",
                established_on=datetime.date(2018, 5, 4) if n < 300 else datetime.date(2010, 1, 1),
            )
            for n, unit in enumerate(units)
        ]
    )
    TeamStrength.objects.bulk_create(
        [
            TeamStrength(team=team, counted_on=datetime.date(2019, 9, 1), event=StrengthEvent.STRENGTHENED, headcount=4)
            for team in teams[300:]
        ]
    )
    other = SecurityTeamFactory(unit=units[0], name="Thuê", kind=TeamKind.HIRED, company_name="Công ty Mẫu")
    SecurityTeamFactory(unit=units[1], name="Cũ", established_on=datetime.date(2012, 1, 1))
    client.force_login(OfficerFactory(jurisdiction=province))
    asked = {"loai": "cua_don_vi", "tu": "01/01/2017", "den": "31/12/2020"}
    page = client.get(reverse("forces:team_list"), asked)
    assert page.context["count"].value == 509
    assert page.context["counted"] == "ở 509 đơn vị; 836 người theo lần kiểm đếm gần nhất của mỗi lực lượng"
    assert other.company_name not in page.content.decode()


PEOPLE = ("Trần Văn An", "Lê Thị Ân", "Phạm Văn Bình", "Bùi Thị Cúc")


def test_people_are_listed_by_their_given_names(signed_in, unit):
    for name in reversed(PEOPLE):
        GuardFactory(unit=unit, name=name)
    page = signed_in.get(reverse("forces:guard_list")).content.decode()
    assert sorted(PEOPLE, key=page.index) == list(PEOPLE)


@pytest.mark.slow
def test_guards_entered_before_get_their_place_in_the_order(unit):
    for name in PEOPLE:
        GuardFactory(unit=unit, name=name)
    at = ("units", "0023_guard_given_names")
    old = MigrationLoader(connection).project_state(at).apps
    old.get_model("units", "Guard").objects.update(given_sort="")
    migration = importlib.import_module("units.migrations.0023_guard_given_names")
    migration.fill(old, types.SimpleNamespace(connection=connection))
    assert list(Guard.objects.order_by("given_sort").values_list("name", flat=True)) == list(PEOPLE)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("30", {"Hết trong 10 ngày"}),
        ("90", {"Hết trong 10 ngày", "Hết trong 60 ngày"}),
        ("het", {"Đã hết"}),
        ("chua", {"Chưa có", "Đã thu hồi"}),
        ("con", {"Hết trong 10 ngày", "Hết trong 60 ngày", "Còn lâu"}),
    ],
)
def test_guards_are_listed_by_their_certificates(signed_in, unit, asked, names):
    # Thông tư 46/2014/TT-BCA, Điều 7: a certificate holds five years from its issue.
    for name, days in (("Hết trong 10 ngày", 10), ("Hết trong 60 ngày", 60), ("Còn lâu", 400), ("Đã hết", -1)):
        until = TODAY + datetime.timedelta(days=days)
        TrainingCertificateFactory(guard=GuardFactory(unit=unit, name=name), expires_on=until)
    GuardFactory(unit=unit, name="Chưa có")
    TrainingCertificateFactory(guard=GuardFactory(unit=unit, name="Đã thu hồi"), withdrawn_on=TODAY)
    page = signed_in.get(reverse("forces:guard_list"), {"chung_nhan": asked}).content.decode()
    every = {"Hết trong 10 ngày", "Hết trong 60 ngày", "Còn lâu", "Đã hết", "Chưa có", "Đã thu hồi"}
    assert {name for name in every if f">{name}</a>" in page} == names


def test_certificates_are_counted_at_once_as_the_list_finds_them(officer, unit):
    for days in (-5, -1, 0, 1, 30, 31, 90, 91, 400):
        until = TODAY + datetime.timedelta(days=days)
        TrainingCertificateFactory(guard=GuardFactory(unit=unit), expires_on=until)
    renewed = GuardFactory(unit=unit)
    for number, days in enumerate((-5, 20, 900)):
        until = TODAY + datetime.timedelta(days=days)
        TrainingCertificateFactory(guard=renewed, number=f"{number}", expires_on=until)
    TrainingCertificateFactory(guard=GuardFactory(unit=unit), withdrawn_on=TODAY)
    GuardFactory(unit=unit)
    guards = Guard.objects.visible_to(officer).serving()
    found = {value: guards.filter(certificate_condition(value)).count() for value in ("30", "90", "het", "chua")}
    assert certificate_counts(guards) == found == {"30": 3, "90": 5, "het": 2, "chua": 2}


def test_the_first_page_tells_what_is_due(officer, unit):
    for days in (10, 60, -1):
        until = TODAY + datetime.timedelta(days=days)
        TrainingCertificateFactory(guard=GuardFactory(unit=unit), expires_on=until)
    GuardFactory(unit=unit)
    GuardFactory(unit=unit, ended_on=datetime.date(2026, 1, 1))
    told = {work.label: work.count for work in work_of(officer)}
    assert told["Bảo vệ hết hạn chứng nhận trong 30 ngày"] == 1
    assert told["Bảo vệ hết hạn chứng nhận trong 90 ngày"] == 2
    assert told["Bảo vệ đã hết hạn chứng nhận"] == 1
    assert told["Bảo vệ chưa có chứng nhận huấn luyện"] == 1


@pytest.mark.slow
def test_teams_are_found_by_the_rating_of_a_past_year(signed_in, unit):
    good, fined, unrated = (SecurityTeamFactory(unit=unit, name=name) for name in ("Tốt", "Bị kỷ luật", "Chưa xếp"))
    TeamReview.objects.create(team=good, year=2025, rating="good")
    TeamReview.objects.create(team=fined, year=2025, rating="", warning_count=1)

    def listed(value):
        page = signed_in.get(reverse("forces:team_list"), {"xep_loai": value})
        return set(page.context["filters"].everything)

    assert listed("2025-good") == {good}
    assert listed("2025-ky_luat") == {fined}
    assert listed("2025-chua") == {fined, unrated}
    assert listed("2026-good") == set()


def test_a_unit_chosen_anew_takes_no_team_of_the_first_one(signed_in, unit):
    """The form opened for one unit offers its teams; the guard may be entered at another all the same."""
    team, other = SecurityTeamFactory(unit=unit), UnitFactory(jurisdiction=unit.jurisdiction)
    sent = {"unit_code": other.code, "team": team.pk, "name": "Lê Văn Mẫu", "role": "member", "kind": "full_time"}
    address = f"{reverse('forces:guard_add')}?{urlencode({'don-vi': unit.code})}"
    assert signed_in.post(address, sent).status_code == 302
    assert Guard.objects.get().team is None
    own = SecurityTeamFactory(unit=other)
    signed_in.post(address, sent | {"name": "Lê Văn Hai"})
    assert Guard.objects.get(name="Lê Văn Hai").team == own


def test_a_team_of_another_unit_is_refused_wherever_it_is_chosen(unit):
    guard = GuardFactory(unit=unit)
    guard.team = SecurityTeamFactory(unit=UnitFactory(jurisdiction=unit.jurisdiction))
    with pytest.raises(ValidationError, match="đơn vị khác"):
        guard.full_clean()
