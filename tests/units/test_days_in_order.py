"""Days that cannot follow one another are refused wherever they are written; what is odd is told."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from movement_portal.lib.orders import disorder_of, oddities_of
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.sheets import sheet_for
from tests import reference
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    GuardFactory,
    SecurityTeamFactory,
    TrainingCertificateFactory,
    TrainingCourseFactory,
    UnitFactory,
)
from tests.spreadsheets.lists import uploaded
from units import law
from units.models import Guard, SecurityTeam, TeamReview, TeamStrength

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

DAY = datetime.date(2020, 5, 5)
BEFORE = datetime.date(2020, 5, 4)


@pytest.fixture
def rules():
    reference.load("guard_rules")
    return law.rules_on()


def insert(row):
    """One row, past every check but the database's."""
    row.derive()
    with transaction.atomic():
        models.QuerySet(type(row)).bulk_create([row])


def guard(**values):
    return Guard(unit=UnitFactory(), name="Phạm Văn Mẫu", **values)


def team(**values):
    return SecurityTeam(unit=UnitFactory(), name="Tổ bảo vệ", kind="part_time", **values)


@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        ("guard_starts_after_birth", lambda: guard(birth_on=DAY, started_on=BEFORE)),
        ("guard_starts_after_birth", lambda: guard(birth_year=2021, started_on=DAY)),
        ("guard_ends_after_birth", lambda: guard(birth_year=2021, ended_on=DAY)),
        ("guard_card_after_birth", lambda: guard(birth_on=DAY, staff_card_on=BEFORE)),
        ("guard_card_returned_after_issue", lambda: guard(staff_card_on=DAY, staff_card_returned_on=BEFORE)),
        ("securityteam_decided_before_end", lambda: team(decision_on=DAY, ended_on=BEFORE)),
        ("securityteam_licensed_before_end", lambda: team(tool_licence_on=DAY, ended_on=BEFORE)),
        ("agreement_ends_after_signing", lambda: AgreementFactory.build(signed_on=DAY, valid_to=BEFORE)),
    ],
)
def test_the_database_refuses_an_impossible_order(constraint, make, place):
    row = make()
    if hasattr(row, "police_body"):
        row.jurisdiction = place.ward
    with pytest.raises(IntegrityError, match=constraint):
        insert(row)


@pytest.mark.parametrize("values", [{"birth_on": DAY, "started_on": DAY}, {"birth_year": 2020, "started_on": DAY}])
def test_the_database_takes_what_is_not_surely_impossible(values):
    insert(guard(**values))


# -- forms -------------------------------------------------------------------------------------------------------------
def guard_form(unit, **typed):
    return {"name": "Phạm Văn Mẫu", "role": "member", "kind": "full_time", "unit_code": unit.code, **typed}


def warnings_of(response):
    return [str(message) for message in get_messages(response.wsgi_request) if message.level_tag == "warning"]


def test_the_form_says_that_a_guard_cannot_start_before_birth(client, place):
    client.force_login(place.officer)
    typed = guard_form(UnitFactory(jurisdiction=place.ward), birth_year="1990", started_on="01/02/1989")
    answer = client.post(reverse("forces:guard_add"), typed)
    assert answer.status_code == 422
    assert "Ngày làm bảo vệ không được trước ngày sinh." in answer.text


@pytest.mark.parametrize("born", ["01/01/2999", "2999"])
def test_the_form_refuses_a_birth_to_come(client, place, born):
    client.force_login(place.officer)
    name = "birth_on" if "/" in born else "birth_year"
    answer = client.post(reverse("forces:guard_add"), guard_form(UnitFactory(jurisdiction=place.ward), **{name: born}))
    assert answer.status_code == 422
    assert not Guard.objects.exists()


def test_a_guard_who_started_as_a_child_is_kept_and_told_of_in_the_page_and_the_list(client, place, rules):
    client.force_login(place.officer)
    typed = guard_form(UnitFactory(jurisdiction=place.ward), birth_year="1990", started_on="01/02/2004")
    answer = client.post(reverse("forces:guard_add"), typed, follow=True)
    assert "Mới 14 tuổi khi làm bảo vệ" in answer.text
    listed = client.get(reverse("forces:guard_list"), {"luu_y": "tuoi"})
    assert "Phạm Văn Mẫu" in listed.text


@pytest.mark.parametrize(
    ("values", "is_young"),
    [
        ({"birth_on": datetime.date(2000, 5, 5), "started_on": datetime.date(2018, 5, 4)}, True),
        ({"birth_on": datetime.date(2000, 5, 5), "started_on": datetime.date(2018, 5, 5)}, False),
        ({"birth_on": datetime.date(2000, 5, 5), "started_on": datetime.date(2018, 4, 9)}, True),
        ({"birth_on": datetime.date(2000, 5, 5), "started_on": datetime.date(2019, 1, 1)}, False),
        ({"birth_year": 2000, "started_on": datetime.date(2017, 12, 31)}, True),
        ({"birth_year": 2000, "started_on": datetime.date(2018, 1, 1)}, False),
        ({"birth_year": 2015}, True),
        ({"birth_year": 1990}, False),
    ],
)
def test_the_list_and_the_page_agree_on_who_is_too_young(rules, values, is_young):
    one = GuardFactory(**{"birth_year": None, **values})
    found = Guard.objects.filter(law.too_young(rules)).exists()
    told = law.caution_of_age(one, rules) is not None
    assert (found, told) == (is_young, is_young)


def test_a_certificate_cannot_be_older_than_its_course(client, place):
    client.force_login(place.officer)
    one = GuardFactory(unit=UnitFactory(jurisdiction=place.ward))
    course = TrainingCourseFactory(jurisdiction=place.ward)
    kept = TrainingCertificateFactory(guard=one, course=course)
    typed = {"number": "1", "issuer": "Công an", "issued_on": "01/04/2026", "version": kept.version}
    answer = client.post(reverse("forces:certificate_edit", args=[kept.pk]), typed)
    assert answer.status_code == 422
    assert "Ngày cấp không thể trước ngày kết thúc lớp." in answer.text


def test_a_certificate_cannot_be_older_than_its_guard(client, place):
    client.force_login(place.officer)
    one = GuardFactory(unit=UnitFactory(jurisdiction=place.ward), birth_year=1995)
    typed = {"number": "1", "issuer": "Công an", "issued_on": "01/04/1994"}
    answer = client.post(reverse("forces:certificate_add", args=[one.pk]), typed)
    assert answer.status_code == 422
    assert "Ngày cấp trước năm sinh" in answer.text


def test_a_team_cannot_end_before_it_was_last_counted(client, place):
    client.force_login(place.officer)
    one = SecurityTeamFactory(unit=UnitFactory(jurisdiction=place.ward))
    TeamStrength.objects.create(team=one, counted_on=DAY, headcount=3)
    typed = {"kind": one.kind, "name": one.name, "version": one.version}
    page = reverse("forces:team_edit", args=[one.pk])
    answer = client.post(page, typed | {"ended_on": "04/05/2020"})
    assert answer.status_code == 422
    assert "Ngày kiểm đếm sau ngày lực lượng giải thể. Xem quân số theo ngày" in answer.text
    assert client.post(page, typed | {"ended_on": "05/05/2020"}).status_code == 302


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: CommitmentFactory.build(year=2026, signed_on=datetime.date(2025, 12, 30)), "Ngày ký không thuộc năm"),
        (lambda: CommitmentFactory.build(year=2025, signed_on=datetime.date(2026, 1, 3)), "Ngày ký không thuộc năm"),
        (lambda: AgreementFactory.build(signed_on=DAY, valid_from=BEFORE), "Có hiệu lực từ trước ngày ký"),
        (lambda: team(decision_on=DAY, established_on=BEFORE), "Ngày quyết định sau ngày thành lập"),
    ],
)
def test_what_is_odd_is_told_once(make, text):
    told = oddities_of(make())
    assert len(told) == 1
    assert text in told[0]


def test_an_odd_commitment_is_saved_with_a_word(client, place):
    client.force_login(place.officer)
    unit = UnitFactory(jurisdiction=place.ward)
    typed = {"unit_code": unit.code, "year": "2026", "kind": "commitment", "signed_on": "30/12/2025"}
    answer = client.post(reverse("duties:commitment_add"), typed)
    assert answer.status_code == 302
    assert "Ngày ký không thuộc năm" in warnings_of(answer)[0]


# -- admin pages -------------------------------------------------------------------------------------------------------
def test_the_admin_refuses_and_tells_as_the_portal_does(client, place, rules):
    client.force_login(place.above)
    one = SecurityTeamFactory(unit=UnitFactory(jurisdiction=place.ward), ended_on=DAY)
    typed = {"team": one.pk, "counted_on": "06/05/2020", "event": "counted", "headcount": "3"}
    answer = client.post(reverse("admin:units_teamstrength_add"), typed)
    assert answer.status_code == 200
    assert "Ngày kiểm đếm sau ngày lực lượng giải thể." in answer.text
    unit = UnitFactory(jurisdiction=place.ward)
    typed = {"unit": unit.pk, "name": "Phạm Văn Mẫu", "birth_year": "1990", "started_on": "01/02/2004"}
    answer = client.post(reverse("admin:units_guard_add"), {**typed, "role": "member", "kind": "full_time"})
    assert answer.status_code == 302
    assert "Mới 14 tuổi khi làm bảo vệ" in warnings_of(answer)[0]


# -- lists -------------------------------------------------------------------------------------------------------------
def checked(place, sheet, *rows):
    batch = workflow.upload(sheet_for(sheet), uploaded(*rows), by=place.officer)
    assert batch.state == BatchState.READ, batch.failure
    return workflow.run_check(batch.pk, by=place.officer)


def problems_of(batch):
    return [problem["reason"] for row in batch.rows.all() for problem in row.problems]


def notices_of(batch):
    return [notice["text"] for row in batch.rows.all() for notice in row.notices]


def test_a_list_refuses_a_start_before_birth_and_tells_of_a_child(place, rules):
    unit = UnitFactory(jurisdiction=place.ward)
    batch = checked(
        place,
        "guards",
        ["Họ và tên", "Năm sinh", "Đơn vị", "Ngày vào làm"],
        ["Phạm Văn Sớm", "1990", unit.code, "01/02/1989"],
        ["Phạm Văn Trẻ", "1990", unit.code, "01/02/2004"],
    )
    assert problems_of(batch) == ["Ngày làm bảo vệ không được trước ngày sinh."]
    assert any("Mới 14 tuổi khi làm bảo vệ" in text for text in notices_of(batch))


def test_a_list_refuses_what_was_counted_after_the_end_of_the_team(place):
    unit = UnitFactory(jurisdiction=place.ward)
    SecurityTeamFactory(unit=unit, ended_on=DAY, established_on=datetime.date(2019, 1, 1))
    batch = checked(place, "team-strengths", ["Đơn vị", "Ngày kiểm đếm", "Quân số"], [unit.code, "06/05/2020", "3"])
    assert problems_of(batch) == ["Ngày kiểm đếm sau ngày lực lượng giải thể."]


def test_a_list_refuses_a_new_end_before_what_was_counted(place):
    one = SecurityTeamFactory(unit=UnitFactory(jurisdiction=place.ward))
    TeamReview.objects.create(team=one, year=2021)
    header = ["Đơn vị", "Tên lực lượng", "Loại", "Giải thể, hết hợp đồng ngày"]
    batch = checked(place, "security-teams", header, [one.unit.code, one.name, "Bán chuyên trách", "05/05/2020"])
    assert "Năm này lực lượng đã giải thể." in problems_of(batch)[0]


def test_a_list_tells_what_is_odd(place):
    unit = UnitFactory(jurisdiction=place.ward)
    header = ["Đơn vị", "Năm", "Hình thức", "Ngày ký"]
    batch = checked(place, "commitments", header, [unit.code, "2026", "Cam kết", "30/12/2025"])
    assert problems_of(batch) == []
    assert "Ngày ký không thuộc năm của cam kết, hãy xem lại." in notices_of(batch)


def test_what_belongs_to_a_record_is_asked_only_where_its_day_changes(django_assert_num_queries, place):
    one = SecurityTeamFactory(unit=UnitFactory(jurisdiction=place.ward), ended_on=DAY)
    with django_assert_num_queries(0):
        assert list(disorder_of(one, ["name"])) == []
