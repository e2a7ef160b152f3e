"""Inspections and ratings of parts: findings with a deadline, what is late, a year of a unit."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.worklists import work_of
from tests.factories import InspectionFactory, OfficerFactory, PartRatingFactory, UnitFactory
from units.models import Inspection, PartRating
from units.tables.inspections import fixing_chip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

LIST = "duties:inspection_list"
DAY = datetime.date


@pytest.fixture
def reader(client, commune):
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ))
    return client


def shown(page):
    return page.content.decode()


# -- inspections -------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_an_inspection_is_entered_once_found_late_and_put_right(signed_in, officer, unit):
    form = signed_in.get(f"{reverse('duties:inspection_add')}?don-vi={unit.code}").context["form"]
    sent = {
        "unit_code": unit.code,
        "inspected_on": "01/10/2026",
        "content": "Công tác phòng cháy",
        "findings": "Bình chữa cháy quá hạn kiểm định",
        "deadline": "15/10/2026",
        "submission_key": str(form.initial["submission_key"]),
    }
    for _ in range(2):
        assert signed_in.post(reverse("duties:inspection_add"), sent).status_code == 302
    row = Inspection.objects.get()
    assert "Quá hạn 38 ngày" in shown(signed_in.get(row.get_absolute_url()))
    assert "Quá hạn 38 ngày" in shown(signed_in.get(unit.get_absolute_url()))
    [late] = [line for line in work_of(officer) if line.label == "Kiến nghị quá hạn khắc phục"]
    assert (late.count, late.is_due) == (1, True)
    assert "Công tác phòng cháy" in shown(signed_in.get(late.url))
    fix = reverse("duties:inspection_fix", args=[row.pk])
    assert fix in shown(signed_in.get(row.get_absolute_url()))
    early = signed_in.post(fix, {"version": row.version, "fixed_on": "30/09/2026"})
    assert early.status_code == 422
    assert "không được trước ngày kiểm tra" in shown(early)
    signed_in.post(fix, {"version": row.version, "fixed_on": "20/11/2026", "fix_note": "Đã thay bình"})
    assert "Đã khắc phục 20/11/2026" in shown(signed_in.get(row.get_absolute_url()))
    assert not [line for line in work_of(officer) if line.label == "Kiến nghị quá hạn khắc phục"]


@pytest.mark.parametrize(("query", "found"), [("qua", {"A"}), ("cho", {"B"}), ("xong", {"C"}), ("khong", {"D"})])
def test_states_of_what_was_found(signed_in, unit, query, found):
    InspectionFactory(unit=unit, content="A", deadline=DAY(2026, 11, 21))
    InspectionFactory(unit=unit, content="B", deadline=DAY(2026, 11, 22))
    InspectionFactory(unit=unit, content="C", deadline=DAY(2026, 6, 1), fixed_on=DAY(2026, 7, 1))
    InspectionFactory(unit=unit, content="D")
    page = shown(signed_in.get(reverse(LIST), {"khac_phuc": query}))
    assert {name for name in "ABCD" if f">{name}</a>" in page} == found


def test_findings_put_right_late_say_how_late():
    day = DAY(2026, 11, 15)
    assert "Đã khắc phục 20/11/2026, trễ 5 ngày" in fixing_chip(day, DAY(2026, 11, 20))
    assert "trễ" not in fixing_chip(day, day)
    assert "trễ" not in fixing_chip(None, day)


def test_days_stand_in_order(unit):
    for values in (
        {"deadline": DAY(2026, 5, 3)},
        {"fixed_on": DAY(2026, 5, 3)},
        {"content": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            InspectionFactory(unit=unit, **values)


def test_a_visit_that_has_not_been_is_refused(signed_in, unit):
    sent = {"unit_code": unit.code, "inspected_on": "23/11/2026", "content": "Công tác bảo vệ"}
    assert "Ngày này chưa đến" in shown(signed_in.post(reverse("duties:inspection_add"), sent))


def test_inspections_of_others_are_not_there(signed_in):
    other = InspectionFactory(content="Của nơi khác")
    assert "Của nơi khác" not in shown(signed_in.get(reverse(LIST)))
    for name in ("inspection_detail", "inspection_edit", "inspection_fix"):
        assert signed_in.get(reverse(f"duties:{name}", args=[other.pk])).status_code == 404


def test_who_may_only_read_inspects_nothing(reader, unit):
    row = InspectionFactory(unit=unit)
    assert reader.get(row.get_absolute_url()).status_code == 200
    for name, args in (("inspection_add", ()), ("inspection_edit", (row.pk,)), ("inspection_fix", (row.pk,))):
        assert reader.get(reverse(f"duties:{name}", args=args)).status_code == 403


@pytest.mark.parametrize("rows", [1, 12])
def test_query_count_of_inspections_does_not_grow(signed_in, commune, rows, django_assert_max_num_queries):
    for _ in range(rows):
        InspectionFactory(unit=UnitFactory(jurisdiction=commune))
    with django_assert_max_num_queries(13):
        signed_in.get(reverse(LIST))


# -- ratings of parts --------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_year_is_entered_from_the_units_page(signed_in, unit):
    address = f"{reverse('duties:rating_add')}?don-vi={unit.code}"
    assert address in shown(signed_in.get(unit.get_absolute_url()))
    sent = {
        "unit_code": unit.code,
        "year": "2026",
        "kind": "department",
        "total_count": "12",
        "good_count": "9",
        "disciplined_count": "1",
    }
    assert signed_in.post(address, sent).status_code == 302
    row = PartRating.objects.get()
    assert "9 / 12 (75,0 %)" in shown(signed_in.get(row.get_absolute_url()))
    assert "75,0 %" in shown(signed_in.get(unit.get_absolute_url()))
    again = signed_in.post(address, sent)
    assert again.status_code == 422
    assert "Năm này đã có số liệu" in shown(again)


@pytest.mark.slow
def test_more_good_parts_than_parts_are_refused(signed_in, unit):
    row = PartRatingFactory(unit=unit)
    sent = {"version": row.version, "year": "2026", "kind": "department", "total_count": "5", "good_count": "6"}
    page = signed_in.post(reverse("duties:rating_edit", args=[row.pk]), sent | {"disciplined_count": "0"})
    assert "không được nhiều hơn tổng số" in shown(page)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartRatingFactory(unit=unit, year=2025, good_count=11)


@pytest.mark.slow
def test_parts_are_added_up_within_one_year_only(signed_in, unit):
    PartRatingFactory(unit=unit)
    PartRatingFactory(unit=unit, year=2025)
    page = signed_in.get(reverse("duties:rating_list"), {"nam": "2026"})
    assert page.context["counted"] == "của 1 đơn vị; 8 / 10 đầu mối đạt (80,0 %)"
    page = signed_in.get(reverse("duties:rating_list"))
    assert page.context["counted"] == "của 1 đơn vị; chọn một năm để cộng số đầu mối"


@pytest.mark.slow
def test_ratings_keep_to_the_area_and_to_those_who_may(reader, unit):
    row, other = PartRatingFactory(unit=unit), PartRatingFactory()
    assert reader.get(reverse("duties:rating_detail", args=[other.pk])).status_code == 404
    assert reader.get(row.get_absolute_url()).status_code == 200
    assert reader.get(reverse("duties:rating_edit", args=[row.pk])).status_code == 403
    assert other.unit.name not in shown(reader.get(reverse("duties:rating_list")))


@pytest.mark.parametrize("rows", [1, 12])
def test_query_count_of_ratings_does_not_grow(signed_in, commune, rows, django_assert_max_num_queries):
    for _ in range(rows):
        PartRatingFactory(unit=UnitFactory(jurisdiction=commune))
    with django_assert_max_num_queries(13):
        signed_in.get(reverse("duties:rating_list"))


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 8])
def test_query_count_of_a_units_page_does_not_grow(signed_in, unit, rows, django_assert_max_num_queries):
    for number in range(rows):
        InspectionFactory(unit=unit)
        PartRatingFactory(unit=unit, year=2026 - number)
    with django_assert_max_num_queries(45):
        signed_in.get(unit.get_absolute_url())


@pytest.mark.slow
def test_what_is_missing_is_told_in_the_order_of_the_page(signed_in):
    page = signed_in.post(reverse("duties:inspection_add"), {"content": ""})
    told = [field.label for field in page.context["form"].visible_fields() if field.errors]
    assert told[0] == "Đơn vị"
    assert "Ô này là bắt buộc." in shown(page)
