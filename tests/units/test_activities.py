"""Activities: the list, totals that say what they are, scope and rights."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib.dates import today
from movement_portal.lib.scripts import Script
from tests.factories import ActivityFactory, JurisdictionFactory, OfficerFactory, UnitFactory
from tests.units.test_activity_forms import sent
from units.activities import set_units
from units.activity_totals import totals_of, unit_count, unit_counts_by_kind
from units.filters.activities import ActivityFilters, period_options, span_of
from units.models import Activity, ActivityUnit, activities
from units.models.activities import named_units

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

LIST, ADD = "activities:activity_list", "activities:activity_add"


def shown(client, **query):
    """The topics that the list shows under a query."""
    page = client.get(reverse(LIST), query)
    assert page.status_code == 200
    filters = page.context["filters"]
    found = [activity for part in filters.parts for activity in part]
    assert sorted(activity.pk for activity in found) == sorted(filters.everything.values_list("pk", flat=True))
    assert page.context["count"].value == len(found)
    return {activity.topic for activity in found}


# -- the list and its totals -------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_figures_of_the_report_come_back_from_a_filtered_list(client, province):
    """Domain facts 9.1: 4.193 sessions with 684.468 attendances since 2017, 31 conferences with 6.100."""
    directive = LegalDocument.objects.create(number="07/CT-BCA-V28", title="Chỉ thị về phong trào")
    client.force_login(OfficerFactory(jurisdiction=province))
    for first, last, sessions, attendances in (
        ("01/01/2017", "31/12/2017", 1_000, 150_000),
        ("01/01/2018", "31/12/2018", 1_100, 180_000),
        ("01/01/2019", "31/12/2020", 2_093, 354_468),
    ):
        values = {"held_on": first, "held_to": last, "session_count": sessions, "attendance_count": attendances}
        client.post(reverse(ADD), sent(province, programme=directive.number, **values))
    client.post(
        reverse(ADD),
        sent(province, kind="conference", held_on="01/03/2016", session_count=31, attendance_count="6.100"),
    )
    query = {"van_ban": directive.pk, "loai": "propaganda", "tu": "01/01/2017", "den": "31/12/2020"}
    page = client.get(reverse(LIST), query)
    assert page.context["count"].value == 3
    assert page.context["counted"] == "4.193 cuộc, 684.468 lượt người"
    page = client.get(reverse(LIST), {"loai": "conference"})
    assert page.context["counted"] == "31 cuộc, 6.100 lượt người"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([(700, ""), (300, "")], "2 cuộc, 1.000 lượt người"),
        ([(700, "nearly"), (300, "")], "2 cuộc, gần 1.000 lượt người"),
        ([(700, "over"), (300, "over")], "2 cuộc, trên 1.000 lượt người"),
        ([(700, "over"), (300, "nearly")], "2 cuộc, khoảng 1.000 lượt người"),
        ([(700, ""), (None, "")], "2 cuộc, 700 lượt người (1 hoạt động chưa ghi)"),
        ([(None, "")], "1 cuộc, – lượt người (1 hoạt động chưa ghi)"),
    ],
)
def test_a_sum_is_as_exact_as_its_least_exact_number(commune, numbers, words):
    for count, approximation in numbers:
        ActivityFactory(jurisdiction=commune, attendance_count=count, approximation=approximation)
    assert str(totals_of(Activity.objects.all())) == words


def test_each_unit_is_counted_once_however_often_it_took_part(officer, commune):
    units = UnitFactory.create_batch(3, jurisdiction=commune)
    stranger = UnitFactory()
    for taking_part in (units[:2], units[1:], [stranger]):
        activity = ActivityFactory(jurisdiction=commune)
        ActivityUnit.objects.bulk_create(ActivityUnit(activity=activity, unit=unit) for unit in taking_part)
    assert unit_count(ActivityFilters({}, officer)) == 3
    assert unit_count(ActivityFilters({"don_vi": units[0].code}, officer)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("query", [{}, {"ky": "nam-2026"}, {"noi": "ngoai"}])
def test_units_are_counted_at_every_level_and_by_kind(province, commune, query):
    beside, other_root = JurisdictionFactory(parent=province), JurisdictionFactory()
    places = [province.parent, province, commune, beside, other_root]
    units = [UnitFactory(jurisdiction=place) for place in places]
    for number, place in enumerate(places):
        for kind in ("drill", "dialogue"):
            activity = ActivityFactory(jurisdiction=place, kind=kind)
            ActivityUnit.objects.create(activity=activity, unit=units[number - 1])
            ActivityUnit.objects.create(activity=activity, unit=units[number])
    for officer in [OfficerFactory(jurisdiction=place) for place in places]:
        for area in (None, commune):
            if area and not covers(officer.jurisdiction, area):
                continue
            filters = ActivityFilters(QueryDict(urlencode({"dia_ban": area.pk if area else "", **query})), officer)
            rows = ActivityUnit.objects.filter(activity__in=filters.everything).select_related("unit__jurisdiction")
            rows = [row for row in rows if covers(area or officer.jurisdiction, row.unit.jurisdiction)]
            by_kind, together = unit_counts_by_kind(filters)
            assert together == unit_count(filters) == len({row.unit_id for row in rows})
            for kind in ("drill", "dialogue", "training"):
                assert by_kind[kind] == len({row.unit_id for row in rows if row.activity.kind == kind})


def test_the_totals_page_counts_by_kind_and_opens_to_the_list(signed_in, commune):
    unit = UnitFactory(jurisdiction=commune)
    for kind in ("drill", "drill", "dialogue"):
        activity = ActivityFactory(jurisdiction=commune, kind=kind, session_count=2, attendance_count=10)
        ActivityUnit.objects.create(activity=activity, unit=unit)
    page = signed_in.get(reverse("activities:activity_totals"))
    table = page.context["table"]
    assert [(line.label, line.totals.sessions, line.units) for line in table.lines] == [
        ("Diễn tập", 4, 1),
        ("Đối thoại", 2, 1),
    ]
    assert (table.units, table.totals.attendances) == (1, 30)
    assert "loai=drill" in page.content.decode()
    part = signed_in.get(reverse("activities:activity_totals"), headers={"HX-Request": "true"}).content.decode()
    assert "1 đơn vị tham gia" in part


def test_units_of_a_long_list_follow_its_totals(signed_in, commune, monkeypatch):
    monkeypatch.setattr("units.activity_totals.COUNTED_AT_ONCE", 1)
    unit = UnitFactory(jurisdiction=commune)
    for kind in ("drill", "dialogue"):
        ActivityUnit.objects.create(activity=ActivityFactory(jurisdiction=commune, kind=kind), unit=unit)
    address = reverse("activities:activity_totals") + "?noi=trong"
    page = signed_in.get(address)
    assert (page.context["table"].units, page.context["table"].totals.activities) == (None, 2)
    assert page.content.decode().count("đang đếm") == 3
    assert f'hx-get="{address}"' in page.content.decode()
    part = signed_in.get(address, headers={"HX-Request": "true", "HX-Target": "kind-table"})
    assert [line.units for line in part.context["table"].lines] == [1, 1]
    assert (part.context["table"].units, "hx-get" in part.content.decode()) == (1, False)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_asks_no_more_for_more_rows(signed_in, commune, rows, django_assert_max_num_queries):
    for _ in range(rows):
        activity = ActivityFactory(jurisdiction=commune)
        ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune))
    signed_in.get(reverse(LIST))
    # Sums and page are asked of the sessions held in the area and of those held elsewhere.
    with django_assert_max_num_queries(14):
        signed_in.get(reverse(LIST))


@pytest.mark.slow
def test_the_filters_pick_what_they_say(signed_in, commune):
    unit = UnitFactory(jurisdiction=commune, name="Trường THCS Hoa Ban")
    document = LegalDocument.objects.create(number="12/KH", title="Kế hoạch")
    one = ActivityFactory(
        jurisdiction=commune,
        topic="Phòng cháy",
        kind="drill",
        form="Trực tuyến",
        programme=document,
        held_on=datetime.date(2026, 5, 4),
        attendance_count=70,
        approximation="nearly",
    )
    ActivityUnit.objects.create(activity=one, unit=unit)
    ActivityFactory(jurisdiction=commune, topic="Ma túy", held_on=datetime.date(2025, 11, 22))
    for query in (
        {"q": "phong chay"},
        {"loai": "drill"},
        {"ky": "quy-2026-2"},
        {"ky": "nua-2026-1", "tu": "04/05/2026"},
        {"van_ban": document.pk},
        {"noi_dung": "chay"},
        {"hinh_thuc": "truc tuyen"},
        {"don_vi": f"{unit.code} · {unit.name}"},
        {"don_vi": "hoa ban"},
        {"luot_nguoi": "uoc_luong"},
        {"danh_sach": "co"},
    ):
        assert shown(signed_in, **query) == {"Phòng cháy"}, query
    for query in ({"van_ban": "khong"}, {"ky": "nam-2025"}, {"danh_sach": "chua"}, {"luot_nguoi": "chua"}):
        assert shown(signed_in, **query) == {"Ma túy"}, query


# -- whether units are named -------------------------------------------------------------------------------------------
@pytest.fixture
def kept(commune):
    """Says of sessions whether they are kept as naming units, having compared that with their rows of units."""

    def of(*activities):
        wrong = Activity.objects.filter(named_units(), has_units=False) | Activity.objects.filter(
            ~named_units(), has_units=True
        )
        assert not wrong
        said = dict(Activity.objects.values_list("pk", "has_units"))
        return [said[activity.pk] for activity in activities]

    return of


def test_a_session_knows_whether_units_are_named_however_they_are_written(kept, commune):
    units = UnitFactory.create_batch(2, jurisdiction=commune)
    one, other = (ActivityFactory(jurisdiction=commune) for _ in range(2))
    assert kept(one, other) == [False, False]
    row = ActivityUnit.objects.create(activity=one, unit=units[0])
    assert kept(one, other) == [True, False]
    row.activity = other
    row.save()
    assert kept(one, other) == [False, True]
    ActivityUnit.objects.filter(pk=row.pk).update(activity=one)
    assert kept(one, other) == [True, False]
    ActivityUnit.objects.bulk_create([ActivityUnit(activity=other, unit=unit) for unit in units])
    assert kept(one, other) == [True, True]
    ActivityUnit.objects.filter(activity=other, unit=units[0]).delete()
    assert kept(one, other) == [True, True]
    ActivityUnit.objects.filter(activity=other).delete()
    assert kept(one, other) == [True, False]
    ActivityUnit.objects.get(activity=one).delete()
    assert kept(one, other) == [False, False]
    set_units(one, units, by=OfficerFactory(jurisdiction=commune))
    set_units(one, [], by=OfficerFactory(jurisdiction=commune))
    assert kept(one, other) == [False, False]


def test_saving_a_session_read_before_its_units_keeps_that_they_are_named(kept, commune):
    activity = ActivityFactory(jurisdiction=commune)
    early = Activity.objects.get(pk=activity.pk)
    ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune))
    early.topic = "Đã đổi"
    early.save()
    assert kept(activity) == [True]
    early.form = "Trực tuyến"
    Activity.objects.bulk_update([early], ["form"])
    assert kept(activity) == [True]
    assert Activity.objects.get(pk=activity.pk).topic == "Đã đổi"


def test_a_script_says_that_units_are_named_when_it_is_carried_out(kept, commune):
    unit, there = UnitFactory(jurisdiction=commune), ActivityFactory(jurisdiction=commune)
    with Script(using="default") as script:
        with script.collecting():
            [new] = Activity.objects.bulk_create(
                [Activity(kind="drill", topic="Diễn tập", held_on=today(), jurisdiction=commune)]
            )
            ActivityUnit.objects.bulk_create([ActivityUnit(activity=each, unit=unit) for each in (new, there)])
        script.carry_out()
    assert kept(new, there) == [True, True]


def test_the_check_of_what_is_derived_finds_a_session_that_says_otherwise(commune):
    activity = ActivityFactory(jurisdiction=commune)
    QuerySet(Activity).update(has_units=True)
    with pytest.raises(CommandError, match="1 bản ghi"):
        call_command("check_derived", verbosity=0)
    call_command("check_derived", fix=True, verbosity=0)
    assert not Activity.objects.get(pk=activity.pk).has_units
    call_command("check_derived", verbosity=0)


def test_periods_are_whole_and_end_today():
    assert span_of("quy-2024-1") == (datetime.date(2024, 1, 1), datetime.date(2024, 3, 31))
    assert span_of("thang-2024-2") == (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    assert span_of("nua-2026-2") == (datetime.date(2026, 7, 1), datetime.date(2026, 12, 31))
    assert span_of("nam-2026")[1] == datetime.date(2026, 12, 31)
    offered = dict(period_options(datetime.date(2026, 1, 5)))
    assert "quy-2026-1" in offered
    assert "quy-2026-2" not in offered
    assert offered["thang-2025-12"] == "Tháng 12 năm 2025"
    for value in offered:
        first, last = span_of(value)
        assert first <= last


def test_the_export_says_what_the_list_says(signed_in, commune):
    ActivityFactory(jurisdiction=commune, topic="Hội thi", attendance_count=1_200, approximation="over")
    ActivityFactory(jurisdiction=commune, topic="Khác", kind="drill")
    text = signed_in.get(
        reverse("activities:activity_export", kwargs={"form": "csv"}), {"q": "hoi thi"}
    ).content.decode("utf-8-sig")
    assert "Hội thi" in text
    assert "trên" in text
    assert "Khác" not in text


# -- scope and rights --------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_session_is_seen_where_a_unit_took_part_and_changed_where_it_was_held(client, province, commune):
    elsewhere = JurisdictionFactory(parent=province)
    ours = UnitFactory(jurisdiction=commune, name="Đơn vị ta")
    theirs = UnitFactory(jurisdiction=elsewhere, name="Đơn vị bạn")
    activity = ActivityFactory(jurisdiction=elsewhere)
    officer = OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.MANAGE_RECORDS)
    client.force_login(officer)
    assert client.get(activity.get_absolute_url()).status_code == 404
    set_units(activity, [theirs, ours], by=OfficerFactory(jurisdiction=province))
    page = client.get(activity.get_absolute_url()).content.decode()
    assert "Đơn vị ta" in page
    assert "Đơn vị bạn" not in page
    assert shown(client, noi="ngoai") == {activity.topic}
    assert shown(client, noi="trong") == set()
    for name in ("activity_edit", "activity_delete", "activity_attendances"):
        assert client.get(reverse(f"activities:{name}", args=[activity.pk])).status_code == 404
    assert unit_count(ActivityFilters({}, officer)) == 1


@pytest.mark.parametrize("level", ["country", "province", "commune"])
def test_every_level_sees_each_session_once(client, province, commune, level):
    area = {"country": province.parent, "province": province, "commune": commune}[level]
    activity = ActivityFactory(jurisdiction=commune)
    for _ in range(2):
        ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune))
    assert list(Activity.objects.visible_to(OfficerFactory(jurisdiction=area))) == [activity]


@pytest.mark.slow
@pytest.mark.parametrize("few", [0, 1, 1_000])
def test_parts_hold_what_an_officer_sees_each_session_once(monkeypatch, province, commune, few):
    """However many sessions are held elsewhere: by their keys, or by the question for them."""
    monkeypatch.setattr(activities, "FEW", few)
    beside, other_root = JurisdictionFactory(parent=province), JurisdictionFactory()
    places = [province.parent, province, commune, beside, other_root]
    units = [UnitFactory(jurisdiction=place) for place in places]
    for place in places:
        for taking_part in ([], units[1:3], units[3:], units):
            activity = ActivityFactory(jurisdiction=place)
            ActivityUnit.objects.bulk_create(ActivityUnit(activity=activity, unit=unit) for unit in taking_part)
    for place in places:
        officer = OfficerFactory(jurisdiction=place)
        for area in (None, commune):
            seen = Activity.objects.visible_to(officer)
            expected = sorted((seen.within(area) if area else seen).values_list("pk", flat=True))
            parts = Activity.objects.parts_visible_to(officer, area)
            assert sorted(activity.pk for part in parts for activity in part) == expected
            assert expected


def test_without_a_posting_no_part_shows_anything(commune):
    ActivityFactory(jurisdiction=commune)
    assert not any(Activity.objects.parts_visible_to(OfficerFactory(jurisdiction=False)))


@pytest.mark.slow
def test_who_may_only_read_enters_and_changes_nothing(client, commune):
    activity = ActivityFactory(jurisdiction=commune)
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ))
    assert client.get(reverse(LIST)).status_code == 200
    assert client.get(activity.get_absolute_url()).status_code == 200
    assert client.get(reverse(ADD)).status_code == 403
    for name in ("activity_edit", "activity_delete", "activity_attendances"):
        assert client.get(reverse(f"activities:{name}", args=[activity.pk])).status_code == 403


@pytest.mark.slow
def test_the_history_of_a_session_names_no_unit_out_of_reach(client, province, commune):
    theirs = UnitFactory(jurisdiction=JurisdictionFactory(parent=province), name="Đơn vị bạn")
    activity = ActivityFactory(jurisdiction=province)
    holder = OfficerFactory(jurisdiction=province)
    set_units(activity, [theirs, UnitFactory(jurisdiction=commune)], by=holder)
    officer = OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.MANAGE_RECORDS)
    client.force_login(officer)
    assert "Đơn vị bạn" not in client.get(activity.get_absolute_url()).content.decode()
    history = reverse("audit:record_history", args=["units.activity", activity.pk])
    assert "Đơn vị bạn" not in client.get(history).content.decode()
