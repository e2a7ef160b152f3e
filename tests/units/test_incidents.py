"""Incidents: counts without names, conclusions, the table by code and period whose figures open to their rows."""

import datetime
import itertools

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from tests.factories import IncidentFactory, OfficerFactory, UnitFactory
from units.enums import IncidentKind
from units.incident_law import reminders_of
from units.incident_reports import evaluation_year, spans_of
from units.models import Incident
from units.person_words import names_in, numbers_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

LIST, TABLE, ADD = "duties:incident_list", "duties:incident_table", "duties:incident_add"
DAY = datetime.date


def shown(page):
    return page.content.decode()


def sent(unit, **values):
    return {
        "unit_code": unit.code,
        "occurred_on": "01/10/2026",
        "kind": "3g",
        "incident_count": "2",
        "conclusion": "open",
        **values,
    }


# -- law ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("unit_kind", "values", "told"),
    [
        ("school", {"kind": "3h"}, "không xét điểm 3h với cơ sở giáo dục"),
        ("enterprise", {"kind": "school_violence"}, "chỉ xét bạo lực học đường với cơ sở giáo dục"),
        ("enterprise", {"kind": "3h", "is_force_majeure": True}, "chỉ loại trừ bất khả kháng ở điểm 3đ, 3g"),
        ("enterprise", {"kind": "3g", "found_in_time": True}, "chỉ loại trừ việc phát hiện kịp thời ở điểm 3đ"),
        ("enterprise", {"kind": "3đ", "found_in_time": True, "is_force_majeure": True}, ""),
        ("school", {"kind": "school_violence"}, ""),
    ],
)
def test_what_the_circular_does_not_look_at_is_told(commune, unit_kind, values, told):
    """Thông tư 124/2021/TT-BCA, Điều 6 khoản 3, Điều 7 khoản 3 và 4."""
    incident = IncidentFactory(unit=UnitFactory(jurisdiction=commune, kind=unit_kind), **values)
    assert [told in text for text in reminders_of(incident)] == ([True] if told else [])


def test_reminders_are_told_on_saving_and_on_the_page(signed_in, commune):
    school = UnitFactory(jurisdiction=commune, kind="school")
    page = signed_in.post(reverse(ADD), sent(school, kind="3d"), follow=True)
    assert shown(page).count("không xét điểm 3d với cơ sở giáo dục (Điều 7).") == 2


# -- entry -------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_an_incident_is_entered_once_as_a_count(signed_in, unit):
    key = str(signed_in.get(reverse(ADD)).context["form"].initial["submission_key"])
    values = sent(unit, is_force_majeure="true", found_in_time="", summary="Cháy kho", submission_key=key)
    for _ in range(2):
        assert signed_in.post(reverse(ADD), values).status_code == 302
    row = Incident.objects.get()
    assert (row.incident_count, row.is_force_majeure, row.found_in_time) == (2, True, None)
    assert "Cháy kho" in shown(signed_in.get(row.get_absolute_url()))
    assert "Chưa kết luận" in shown(signed_in.get(unit.get_absolute_url()))


@pytest.mark.slow
def test_an_answer_is_kept_by_an_edit_and_may_be_taken_back(signed_in, unit):
    row = IncidentFactory(unit=unit, is_force_majeure=False, found_in_time=True)
    edit = reverse("duties:incident_edit", args=[row.pk])
    form = signed_in.get(edit).context["form"]
    assert (form["is_force_majeure"].value(), form["found_in_time"].value()) == ("false", "true")
    values = sent(unit, version=row.version, is_force_majeure="false", found_in_time="")
    assert signed_in.post(edit, values).status_code == 302
    row.refresh_from_db()
    assert (row.is_force_majeure, row.found_in_time) == (False, None)


@pytest.mark.parametrize("number", ["012345678", "000123456789", "000 123 456 789", "012.345.678"])
def test_numbers_of_papers_are_refused(signed_in, unit, number):
    page = signed_in.post(reverse(ADD), sent(unit, summary=f"Đối tượng {number}"))
    assert page.status_code == 422
    assert "Không ghi số căn cước" in shown(page)
    assert not Incident.objects.exists()


@pytest.mark.slow
def test_what_reads_as_a_name_is_asked_about(signed_in, unit):
    values = sent(unit, summary="Nguyễn Văn Mẫu đánh nhau")
    page = signed_in.post(reverse(ADD), values)
    assert page.status_code == 422
    assert "Có thể là tên người: “Nguyễn Văn Mẫu”" in shown(page)
    assert signed_in.post(reverse(ADD), values | {"names_nobody": "on"}).status_code == 302


def test_a_conclusion_has_its_day(signed_in, unit):
    page = signed_in.post(reverse(ADD), sent(unit, conclusion="confirmed"))
    assert "Đã kết luận thì phải ghi ngày kết luận" in shown(page)
    assert (
        signed_in.post(reverse(ADD), sent(unit, conclusion="confirmed", concluded_on="05/10/2026")).status_code == 302
    )


@pytest.mark.parametrize(
    "values",
    [
        {"incident_count": 0},
        {"kind": "3z"},
        {"reported_on": DAY(2026, 5, 3)},
        {"concluded_on": DAY(2026, 6, 1)},
        {"conclusion": "confirmed"},
        {"conclusion": "confirmed", "concluded_on": DAY(2026, 5, 3)},
    ],
)
def test_the_database_refuses(unit, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentFactory(unit=unit, **values)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Anh Trần Văn Mẫu và chị Lê Thị Mẫu", ["Trần Văn Mẫu", "Lê Thị Mẫu"]),
        ("Cháy tại đường Nguyễn Huệ, gần Trường THPT Lê Quý Đôn", []),
        ("Va chạm ở Hà Nội và Cao Bằng", []),
        ("Học sinh lớp 9 đánh nhau, hai em bị thương", []),
        ("Bị can Y. Ksor Mẫu", ["Ksor Mẫu"]),
    ],
)
def test_names_in_a_text(text, names):
    assert names_in(text) == names


@pytest.mark.parametrize("text", ["0912345678", "thiệt hại 1.200.000.000 đồng", "ngày 01/02/2026", "1234567890123"])
def test_other_numbers_are_left_alone(text):
    assert numbers_in(text) == []


# -- scope and rights --------------------------------------------------------------------------------------------------
def test_incidents_of_others_are_not_there(signed_in):
    other = IncidentFactory()
    assert other.unit.name not in shown(signed_in.get(reverse(LIST)))
    for name in ("incident_detail", "incident_edit"):
        assert signed_in.get(reverse(f"duties:{name}", args=[other.pk])).status_code == 404
    assert signed_in.get(reverse(TABLE)).context["lines"][-1].figures[-1].value == 0


def test_who_may_only_read_enters_nothing(client, commune, unit):
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ))
    row = IncidentFactory(unit=unit)
    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.get(reverse(TABLE)).status_code == 200
    assert client.get(reverse(ADD)).status_code == 403
    assert client.get(reverse("duties:incident_edit", args=[row.pk])).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
def test_query_count_does_not_grow(signed_in, commune, rows, django_assert_max_num_queries):
    for _ in range(rows):
        IncidentFactory(unit=UnitFactory(jurisdiction=commune))
    with django_assert_max_num_queries(13):
        signed_in.get(reverse(LIST))
    with django_assert_max_num_queries(9):
        signed_in.get(reverse(TABLE))


# -- the table ---------------------------------------------------------------------------------------------------------
def test_the_year_of_evaluation_begins_on_16_november():
    """Thông tư 124/2021/TT-BCA, Điều 8 khoản 2 điểm b."""
    assert (evaluation_year(DAY(2026, 11, 15)), evaluation_year(DAY(2026, 11, 16))) == (2026, 2027)
    last = spans_of("nam-xet", 2026)[-1]
    assert (last.first, last.last) == (DAY(2025, 11, 16), DAY(2026, 11, 15))


@pytest.mark.parametrize(("way", "count"), [("nam-xet", 5), ("nam", 5), ("quy", 4), ("thang", 12)])
def test_spans_follow_one_another(way, count):
    spans = spans_of(way, 2026)
    assert len(spans) == count
    for one, following in itertools.pairwise(spans):
        assert following.first - one.last == datetime.timedelta(days=1)


@pytest.mark.slow
def test_every_figure_opens_to_the_rows_it_counts(signed_in, unit):
    IncidentFactory(unit=unit, kind=IncidentKind.G, incident_count=2, occurred_on=DAY(2026, 11, 15))
    IncidentFactory(unit=unit, kind=IncidentKind.G, incident_count=1, occurred_on=DAY(2026, 11, 16))
    IncidentFactory(unit=unit, kind=IncidentKind.SCHOOL_VIOLENCE, incident_count=4, occurred_on=DAY(2024, 3, 1))
    IncidentFactory(unit=unit, kind=IncidentKind.G, conclusion="rejected", concluded_on=DAY(2026, 11, 20))
    page = signed_in.get(reverse(TABLE))
    rows = {line.label: [figure.value for figure in line.figures] for line in page.context["lines"]}
    assert rows[IncidentKind.G.label] == [0, 0, 0, 2, 1, 3]
    assert rows[IncidentKind.SCHOOL_VIOLENCE.label] == [0, 4, 0, 0, 0, 4]
    assert rows["Cộng"] == [0, 4, 0, 2, 1, 7]
    for line in page.context["lines"]:
        for figure in line.figures:
            listed = signed_in.get(figure.url)
            assert listed.context["counted"].startswith(f"là {figure.value} vụ")


@pytest.mark.slow
def test_the_table_keeps_to_what_is_chosen(signed_in, unit):
    IncidentFactory(unit=unit, kind=IncidentKind.G, occurred_on=DAY(2026, 5, 4), incident_count=3)
    page = signed_in.get(reverse(TABLE), {"ky": "quy", "nam": "2026", "ket_luan": "confirmed"})
    assert page.context["lines"][-1].figures[-1].value == 0
    page = signed_in.get(reverse(TABLE), {"ky": "quy", "nam": "2026"})
    assert [figure.value for figure in page.context["lines"][-1].figures] == [0, 3, 0, 0, 3]
    for odd in ({"ky": "x", "nam": "x"}, {"nam": "9999"}, {"dia_ban": "1"}):
        assert signed_in.get(reverse(TABLE), odd).status_code == 200
