"""One person: once at a unit on any day, found at every other one, and never more told than the officer may see."""

import datetime

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.urls import reverse

from movement_portal.audit.models import AuditEvent
from movement_portal.jurisdictions.enums import Function
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import (
    GuardFactory,
    OfficerFactory,
    TrainingCertificateFactory,
    UnitFactory,
)
from tests.spreadsheets.lists import uploaded
from units.models import Guard

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "000123456789", "000123456780"
REFUSED = "đã có ở một người làm bảo vệ của đơn vị cùng thời gian"


def day(text):
    return datetime.date.fromisoformat(text) if text else None


# -- at one unit -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        (("2020-01-01", ""), ("2024-01-01", ""), False),
        (("", ""), ("2024-01-01", "2024-02-01"), False),
        (("2020-01-01", "2022-12-31"), ("2022-12-31", ""), False),
        (("2020-01-01", "2022-12-31"), ("", "2020-01-01"), False),
        (("2020-01-01", "2022-12-31"), ("2023-01-01", ""), True),
        (("2023-01-01", ""), ("", "2022-12-31"), True),
    ],
)
def test_the_database_refuses_one_number_twice_on_a_day_at_a_unit(unit, one, other, may_be):
    GuardFactory(unit=unit, citizen_id=NUMBER, started_on=day(one[0]), ended_on=day(one[1]))

    def enter():
        with transaction.atomic():
            return GuardFactory(unit=unit, citizen_id=NUMBER, started_on=day(other[0]), ended_on=day(other[1]))

    if may_be:
        assert enter().pk
    else:
        with pytest.raises(IntegrityError, match="guard_serves_once"):
            enter()
    assert Guard.objects.filter(unit=unit).count() == 1 + may_be


def test_the_database_refuses_what_moves_days_numbers_or_units_into_one_another(unit):
    first = GuardFactory(unit=unit, citizen_id=NUMBER, ended_on=day("2022-12-31"))
    second = GuardFactory(unit=unit, citizen_id=NUMBER, started_on=day("2023-01-01"))
    elsewhere = GuardFactory(citizen_id=NUMBER)
    unnumbered = GuardFactory(unit=unit)
    for guard, changed in (
        (first, {"ended_on": None}),
        (second, {"started_on": day("2022-12-31")}),
        (elsewhere, {"unit": unit}),
        (unnumbered, {"citizen_id": NUMBER}),
    ):
        for name, value in changed.items():
            setattr(guard, name, value)
        with pytest.raises(IntegrityError, match="guard_serves_once"), transaction.atomic():
            guard.save()
    second.refresh_from_db()
    second.ended_on = day("2024-01-01")
    second.save()


def test_many_at_once_are_refused_as_well(unit):
    guards = [Guard(unit=unit, name=f"Vũ {n}", citizen_id=NUMBER) for n in range(2)]
    with pytest.raises(IntegrityError, match="guard_serves_once"), transaction.atomic():
        Guard.objects.bulk_create(guards)
    assert not Guard.objects.exists()


def test_the_database_refuses_a_record_stood_for_that_has_not_ended(unit):
    guard = GuardFactory(unit=unit, citizen_id=NUMBER)
    with pytest.raises(IntegrityError, match="guard_stood_for_has_ended"), transaction.atomic():
        GuardFactory(unit=unit, citizen_id=NUMBER, same_as=guard)
    GuardFactory(unit=unit, citizen_id=NUMBER, same_as=guard, ended_on=day("2026-01-01"))


@pytest.mark.slow
def test_a_form_says_so_in_words(signed_in, unit):
    GuardFactory(unit=unit, citizen_id=NUMBER, ended_on=day("2022-12-31"))
    sent = {"unit_code": unit.code, "name": "Lại là", "role": "member", "kind": "full_time", "citizen_id_typed": NUMBER}
    page = signed_in.post(reverse("forces:guard_add"), {**sent, "started_on": "01/06/2022"})
    assert page.status_code == 422
    assert REFUSED in page.content.decode()
    assert signed_in.post(reverse("forces:guard_add"), {**sent, "started_on": "01/01/2023"}).status_code == 302


def test_the_admin_page_says_so_in_words(client, commune, unit):
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.MANAGE_RECORDS))
    GuardFactory(unit=unit, citizen_id=NUMBER)
    sent = {"unit": unit.pk, "name": "Lại là", "role": "member", "kind": "full_time", "citizen_id_typed": NUMBER}
    page = client.post(reverse("admin:units_guard_add"), sent)
    assert page.status_code == 200
    assert REFUSED in page.content.decode()
    assert Guard.objects.count() == 1


# -- at two units ------------------------------------------------------------------------------------------------------
def hint(client, pk=None, **sent):
    address = reverse("forces:guard_hint_of", args=[pk]) if pk else reverse("forces:guard_hint")
    return client.post(address, sent).content.decode()


@pytest.mark.slow
def test_a_number_being_typed_tells_who_has_it_and_of_others_only_that_they_are(signed_in, commune, unit):
    near = GuardFactory(unit=UnitFactory(jurisdiction=commune, name="Trường Bên Cạnh"), citizen_id=NUMBER)
    far = GuardFactory(unit=UnitFactory(name="Công ty Xa"), citizen_id=NUMBER, name="Người Xa Lạ")
    told = hint(signed_in, citizen_id_typed="000 123 456 789", unit_code=unit.code)
    assert "Trường Bên Cạnh" in told
    assert "ngoài địa bàn" in told
    assert far.name not in told
    assert far.unit.name not in told
    assert "của chính đơn vị này" in hint(signed_in, citizen_id_typed=NUMBER, unit_code=near.unit.code)
    assert "alert" not in hint(signed_in, citizen_id_typed="000 12", unit_code=unit.code)
    assert "alert" not in hint(signed_in, citizen_id_typed=OTHER, unit_code=unit.code)
    guard = GuardFactory(unit=unit)
    assert "Trường Bên Cạnh" in hint(signed_in, guard.pk, citizen_id_typed=NUMBER)
    labels = set(AuditEvent.objects.filter(kind="read").values_list("label", flat=True))
    assert labels == {
        "Tra số định danh 000••••••789 khi ghi người bảo vệ",
        "Tra số định danh 000••••••780 khi ghi người bảo vệ",
    }


def test_the_hint_is_for_who_enters_within_the_area(client, signed_in, commune):
    assert signed_in.post(reverse("forces:guard_hint_of", args=[GuardFactory().pk])).status_code == 404
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ))
    assert client.post(reverse("forces:guard_hint"), {"citizen_id_typed": NUMBER}).status_code == 403


@pytest.mark.slow
def test_the_list_shows_who_works_at_two_units(signed_in, commune, unit):
    GuardFactory(unit=unit, citizen_id=NUMBER, name="Lê Văn Hai Nơi")
    GuardFactory(unit=UnitFactory(jurisdiction=commune, name="Trường Bên Cạnh"), citizen_id=NUMBER)
    GuardFactory(unit=unit, citizen_id=OTHER, name="Lê Văn Cũng Ngoài")
    GuardFactory(unit=UnitFactory(name="Công ty Xa"), citizen_id=OTHER)
    GuardFactory(unit=unit, citizen_id="000123456781", name="Lê Văn Một Nơi")
    GuardFactory(citizen_id="000123456781", ended_on=day("2024-01-01"))
    page = signed_in.get(reverse("forces:guard_list"), {"trung": "hai_noi"})
    text = page.content.decode()
    assert str(page.context["count"]) == "3"
    assert text.count("Làm hai nơi") == 3
    assert "Lê Văn Một Nơi" not in text
    assert "Công ty Xa" not in text
    assert ("Làm ở hai đơn vị", f"{reverse('forces:guard_list')}?trung=hai_noi", True) in page.context["tabs"]
    out = signed_in.get(reverse("forces:guard_export", kwargs={"form": "csv"}), {"trung": "hai_noi"})
    lines = out.content.decode("utf-8-sig").splitlines()
    assert any("Lê Văn Hai Nơi" in line and "Trường Bên Cạnh" in line for line in lines)
    assert any("Lê Văn Cũng Ngoài" in line and "một đơn vị ngoài địa bàn" in line for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_asks_as_often_however_many_work_at_two_units(signed_in, commune, rows, django_assert_max_num_queries):
    for n in range(rows):
        for _ in range(2):
            GuardFactory(unit=UnitFactory(jurisdiction=commune), citizen_id=f"00012345{n:04d}")
    with django_assert_max_num_queries(24):
        signed_in.get(reverse("forces:guard_list"), {"trung": "hai_noi"})


# -- in lists ----------------------------------------------------------------------------------------------------------
HEADER = ["Họ và tên", "Đơn vị", "Ngày bắt đầu", "Ngày thôi việc", "Số CCCD"]


def checked(place, *rows):
    batch = workflow.upload(sheet_for("guards"), uploaded(HEADER, *rows), by=place.officer)
    assert batch.state == BatchState.READ, batch.failure
    return workflow.run_check(batch.pk, by=place.officer)


def told(batch, number):
    return [notice["text"] for notice in batch.rows.get(number=number).notices]


def test_a_list_is_told_where_else_its_numbers_are(place):
    unit = UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)
    near = UnitFactory(name="Trường Gần", jurisdiction=place.ward)
    far = UnitFactory(name="Công ty Xa", jurisdiction=place.far)
    GuardFactory(unit=near, citizen_id=NUMBER)
    GuardFactory(unit=far, citizen_id=OTHER, name="Người Xa Lạ")
    batch = checked(
        place,
        ["Lê Văn Một", unit.code, "", "", NUMBER],
        ["Lê Văn Hai", unit.code, "", "", OTHER],
        ["Lê Văn Ba", unit.code, "", "", "000123456782"],
        ["Lê Văn Ba", near.code, "", "", "000123456782"],
        ["Lê Văn Thôi", near.code, "01/01/2020", "01/01/2021", OTHER],
    )
    assert batch.counts["new"] == 5
    assert told(batch, 2) == ["Số định danh này đang có ở Trường Gần."]
    assert told(batch, 3) == ["Số định danh này đang có ở một đơn vị ngoài địa bàn của đồng chí."]
    assert told(batch, 4) == ["Số định danh này cũng ở dòng 5, một đơn vị khác."]
    assert told(batch, 5) == ["Số định danh này cũng ở dòng 4, một đơn vị khác."]
    assert told(batch, 6) == []
    assert workflow.commit(batch.pk, by=place.officer).state == BatchState.COMMITTED


def test_a_list_that_moves_the_days_of_one_into_those_of_another_is_refused_before_it_is_written(place):
    unit = UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)
    GuardFactory(
        unit=unit, name="Lê Văn Cũ", birth_year=None, citizen_id=NUMBER, started_on=day("2020-01-01"),
        ended_on=day("2022-12-31"),
    )  # fmt: skip
    GuardFactory(unit=unit, name="Lê Văn Mới", citizen_id=NUMBER, started_on=day("2023-01-01"))
    batch = workflow.upload(
        sheet_for("guards"),
        uploaded(["Họ và tên", "Đơn vị", "Ngày thôi việc"], ["Lê Văn Cũ", unit.code, "01/06/2023"]),
        by=place.officer,
    )
    batch = workflow.run_check(batch.pk, by=place.officer)
    row = batch.rows.get()
    assert row.outcome == "refused", (row.outcome, row.notices)
    assert REFUSED in row.problems[0]["reason"]


@pytest.mark.slow
def test_the_questions_of_a_list_do_not_grow_with_its_numbers(place, django_assert_max_num_queries):
    unit = UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)
    rows = [[f"Lê Văn {n}", unit.code, "", "", f"00012345{n:04d}"] for n in range(400)]
    batch = workflow.upload(sheet_for("guards"), uploaded(HEADER, *rows), by=place.officer)
    with django_assert_max_num_queries(60):
        workflow.run_check(batch.pk, by=place.officer)


# -- looking for one ---------------------------------------------------------------------------------------------------
def test_a_number_finds_those_who_left_and_all_certificates_within_reach(signed_in, commune, unit):
    former = GuardFactory(unit=unit, citizen_id=NUMBER, name="Lê Văn Đã Thôi", ended_on=day("2024-01-01"))
    now = GuardFactory(unit=UnitFactory(jurisdiction=commune), citizen_id=NUMBER, name="Lê Văn Đang Làm")
    TrainingCertificateFactory(guard=former, number="11/GCN")
    TrainingCertificateFactory(guard=now, number="22/GCN")
    far = GuardFactory(citizen_id=NUMBER, name="Người Xa Lạ", ended_on=day("2024-01-01"))
    TrainingCertificateFactory(guard=far, number="33/GCN")
    page = signed_in.post(reverse("forces:guard_number_search"), {"number": NUMBER}).content.decode()
    assert all(text in page for text in (former.name, "(đã thôi làm)", now.name, "11/GCN", "22/GCN", "ngoài địa bàn"))
    assert far.name not in page
    assert "33/GCN" not in page


@pytest.mark.parametrize("asked", ["77/GCN-PA03", "gcn pa03", "an ninh kinh te", "Lê Văn Có Giấy", "Trường Có Giấy"])
def test_certificates_are_found_by_number_issuer_name_and_unit(signed_in, commune, asked):
    unit = UnitFactory(jurisdiction=commune, name="Trường Có Giấy")
    guard = GuardFactory(unit=unit, name="Lê Văn Có Giấy")
    TrainingCertificateFactory(guard=guard, number="77/GCN-PA03", issuer="Phòng An ninh kinh tế")
    other = GuardFactory(unit=UnitFactory(jurisdiction=commune, name="Công ty Khác"), name="Vũ Khác")
    TrainingCertificateFactory(guard=other, number="1/KHAC", issuer="Cục Khác")
    page = signed_in.get(reverse("forces:certificate_list"), {"q": asked})
    assert str(page.context["count"]) == "1"
    assert "Lê Văn Có Giấy" in page.content.decode()


@pytest.mark.parametrize(
    "name", ["forces:guard_list", "forces:certificate_list", "forces:team_list", "units:unit_list", "units:unit_search"]
)
def test_a_number_in_a_search_box_leads_to_where_it_is_sent_in_the_body(signed_in, name):
    for headers in ({}, {"HX-Request": "true", "HX-Target": "record-list"}):
        answer = signed_in.get(reverse(name), {"q": "000 123 456 789"}, headers=headers)
        address = answer.headers.get("HX-Redirect") or answer.url
        assert address == reverse("forces:guard_number_search")
        assert NUMBER not in answer.content.decode()


def test_admin_pages_keep_a_number_out_of_their_addresses(client, commune):
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.MANAGE_RECORDS))
    for model in (Guard, Guard._meta.get_field("unit").related_model):
        address = reverse(f"admin:units_{model._meta.model_name}_changelist")
        assert client.get(address, {"q": NUMBER}).url == address
    assert admin.site.is_registered(Guard)


@pytest.mark.slow
@pytest.mark.parametrize("then", [{}, {"next": "1"}])
def test_another_unit_is_told_of_once_wherever_the_form_leads(signed_in, unit, then):
    GuardFactory(unit=UnitFactory(), citizen_id=NUMBER)
    sent = {"unit_code": unit.code, "name": "Lê Văn Mẫu", "kind": "full_time", "role": "member"}
    page = signed_in.post(reverse("forces:guard_add"), sent | {"citizen_id_typed": NUMBER} | then, follow=True)
    assert page.content.decode().count("đang có ở một đơn vị ngoài địa bàn") == 1
