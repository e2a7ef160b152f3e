"""Activities: list, totals that say what they are, scope, rights, one session for many units, copies, double clicks."""

import datetime
import uuid

import pytest
from django.urls import reverse

from movement_portal.audit.models import Change
from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.enums import Function
from tests.factories import ActivityFactory, JurisdictionFactory, OfficerFactory, UnitFactory
from units.activities import set_units
from units.activity_totals import totals_of, unit_count
from units.filters.activities import ActivityFilters, period_options, span_of
from units.forms.pasting import mark_of
from units.models import Activity, ActivityUnit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

LIST, ADD = "activities:activity_list", "activities:activity_add"


def sent(area, **changes):
    """What the form of a new activity is sent with."""
    values = {
        "kind": "propaganda",
        "topic": "Tuyên truyền phòng, chống lừa đảo",
        "held_on": "05/11/2026",
        "jurisdiction": area.pk,
        "session_count": "1",
        "submission_key": str(uuid.uuid4()),
    }
    return values | changes


def shown(client, **query):
    """The topics that the list shows under a query."""
    page = client.get(reverse(LIST), query)
    assert page.status_code == 200
    return {activity.topic for activity in page.context["filters"].everything}


# -- the list and its totals -------------------------------------------------------------------------------------------
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
        client.post(reverse(ADD), sent(province, programme=directive.pk, **values))
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


def test_the_totals_page_counts_by_kind_and_opens_to_the_list(signed_in, commune):
    unit = UnitFactory(jurisdiction=commune)
    for kind in ("drill", "drill", "dialogue"):
        activity = ActivityFactory(jurisdiction=commune, kind=kind, session_count=2, attendance_count=10)
        ActivityUnit.objects.create(activity=activity, unit=unit)
    page = signed_in.get(reverse("activities:activity_totals"))
    assert [(line.label, line.totals.sessions, line.units) for line in page.context["lines"]] == [
        ("Diễn tập", 4, 1),
        ("Đối thoại", 2, 1),
    ]
    assert (page.context["units"], page.context["totals"].attendances) == (1, 30)
    assert "loai=drill" in page.content.decode()
    part = signed_in.get(reverse("activities:activity_totals"), headers={"HX-Request": "true"}).content.decode()
    assert "1 đơn vị tham gia" in part


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_asks_no_more_for_more_rows(signed_in, commune, rows, django_assert_max_num_queries):
    for _ in range(rows):
        activity = ActivityFactory(jurisdiction=commune)
        ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune))
    signed_in.get(reverse(LIST))
    with django_assert_max_num_queries(11):
        signed_in.get(reverse(LIST))


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


def test_who_may_only_read_enters_and_changes_nothing(client, commune):
    activity = ActivityFactory(jurisdiction=commune)
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ))
    assert client.get(reverse(LIST)).status_code == 200
    assert client.get(activity.get_absolute_url()).status_code == 200
    assert client.get(reverse(ADD)).status_code == 403
    for name in ("activity_edit", "activity_delete", "activity_attendances"):
        assert client.get(reverse(f"activities:{name}", args=[activity.pk])).status_code == 403


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


# -- the form ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [5, 60])
def test_one_session_for_many_units_is_one_form(signed_in, officer, commune, count, django_assert_max_num_queries):
    units = [UnitFactory(jurisdiction=commune, name=f"Công ty Sao {number}") for number in range(count)]
    text = "\n".join(f"{at}. {unit.name}" for at, unit in enumerate(units, 1))
    values = sent(commune, units_text=text, attendance_count="1.240", approximation="over")
    signed_in.get(reverse(ADD))
    with django_assert_max_num_queries(50):
        answer = signed_in.post(reverse(ADD), values)
    activity = Activity.objects.get()
    assert answer.url == activity.get_absolute_url()
    assert set(activity.participants.values_list("unit", flat=True)) == {unit.pk for unit in units}
    assert (activity.attendance_text, activity.code) == ("trên 1.240", "HD0000001")
    assert Change.objects.filter(model="units.activityunit", event__officer=officer).count() == count


def test_units_ticked_in_their_list_are_what_the_form_begins_with(signed_in, commune):
    ours = UnitFactory(jurisdiction=commune)
    closed = UnitFactory(jurisdiction=commune, status="dissolved", status_on=datetime.date(2026, 1, 1))
    stranger = UnitFactory()
    assert "Ghi hoạt động" in signed_in.get(reverse("units:unit_list")).content.decode()
    page = signed_in.post(reverse(ADD), {"chon": [ours.pk, closed.pk, stranger.pk]})
    assert page.status_code == 200
    assert page.context["form"].initial["units"].units == [ours.pk]
    assert not page.context["form"].is_bound
    assert Activity.objects.count() == 0


def test_a_double_click_makes_one_record(signed_in, commune):
    values = sent(commune)
    first, second = (signed_in.post(reverse(ADD), values) for _ in range(2))
    assert Activity.objects.count() == 1
    assert first.url == second.url


def test_what_is_wrong_comes_back_with_everything_typed(signed_in, commune):
    unit = UnitFactory(jurisdiction=commune, name="Công ty Sao")
    values = sent(commune, held_on="", units_text="Công ty Sao\nAi Đó", unit_count="1", note="Giữ lại")
    page = signed_in.post(reverse(ADD), values)
    assert page.status_code == 422
    assert {"held_on", "units"} <= set(page.context["form"].errors)
    text = page.content.decode()
    assert all(typed in text for typed in ("Ai Đó", "Giữ lại", unit.code, values["topic"]))
    assert Activity.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"approximation": "over"}, "attendance_count"),
        ({"held_to": "04/11/2026"}, "__all__"),
        ({"session_count": "0"}, "__all__"),
        ({"units_text": "Công ty Sao", "unit_count": "0"}, "unit_count"),
    ],
)
def test_what_cannot_be_so_is_refused(signed_in, commune, changes, field):
    UnitFactory(jurisdiction=commune, name="Công ty Sao")
    page = signed_in.post(reverse(ADD), sent(commune, **changes))
    assert page.status_code == 422
    assert field in page.context["form"].errors


def test_an_edit_takes_units_out_and_in_and_leaves_those_out_of_reach(signed_in, officer, province, commune):
    stay, go, come = (UnitFactory(jurisdiction=commune, name=f"Công ty {name}") for name in ("Ở", "Đi", "Đến"))
    far = UnitFactory(jurisdiction=JurisdictionFactory(parent=province))
    activity = ActivityFactory(jurisdiction=commune)
    set_units(activity, [stay, go, far], by=OfficerFactory(jurisdiction=province))
    address = reverse("activities:activity_edit", args=[activity.pk])
    form = signed_in.get(address).context["form"]
    assert stay.code in form.initial["units"].text
    assert far.code not in form.initial["units"].text
    values = sent(commune, version=activity.version, units_text=f"{stay.code}\n{come.code}", topic="Đã sửa")
    assert signed_in.post(address, values).status_code == 302
    assert set(activity.participants.values_list("unit", flat=True)) == {stay.pk, come.pk, far.pk}
    activity.refresh_from_db()
    assert activity.topic == "Đã sửa"


def test_attendances_of_units_are_put_down_together(signed_in, commune):
    activity = ActivityFactory(jurisdiction=commune)
    rows = [
        ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune), attendance_count=count)
        for count in (None, 5)
    ]
    address = reverse("activities:activity_attendances", args=[activity.pk])
    wrong = signed_in.post(address, {f"luot-{rows[0].pk}": "nhiều"})
    assert wrong.status_code == 422
    assert "nhiều" in wrong.content.decode()
    signed_in.post(address, {f"luot-{rows[0].pk}": "1.200", f"luot-{rows[1].pk}": ""})
    assert set(activity.participants.values_list("attendance_count", flat=True)) == {1200, None}


def test_units_are_taken_out_beside_their_attendances(signed_in, commune):
    activity = ActivityFactory(jurisdiction=commune)
    stay, go = (
        ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune)) for _ in range(2)
    )
    address = reverse("activities:activity_attendances", args=[activity.pk])
    signed_in.post(address, {f"luot-{stay.pk}": "40", f"luot-{go.pk}": "5", f"bo-{go.pk}": "1"})
    assert list(activity.participants.values_list("pk", "attendance_count")) == [(stay.pk, 40)]


def test_a_long_list_of_units_is_added_to_and_read_page_by_page(signed_in, officer, commune, monkeypatch):
    monkeypatch.setattr("units.forms.activities.IN_BOX", 2)
    monkeypatch.setattr("units.views.activities.UNITS_SHOWN", 2)
    units = [UnitFactory(jurisdiction=commune, name=f"Công ty Sao {number}") for number in range(5)]
    activity = ActivityFactory(jurisdiction=commune)
    set_units(activity, units[:3], by=officer)
    address = reverse("activities:activity_edit", args=[activity.pk])
    form = signed_in.get(address).context["form"]
    assert form.fields["units"].label == "Thêm đơn vị tham gia"
    values = sent(commune, version=activity.version, units_text=f"{units[3].code}\n{units[0].code}")
    assert signed_in.post(address, values | {"unit_count": "2"}).status_code == 422
    assert signed_in.post(address, values).status_code == 302
    assert activity.participants.count() == 4
    first = signed_in.get(activity.get_absolute_url())
    assert [row.unit for row, _ in first.context["rows"]] == units[:2]
    second = signed_in.get(activity.get_absolute_url(), {"sau": first.context["page"].next_token})
    assert [row.unit for row, _ in second.context["rows"]] == units[2:4]


def test_a_deleted_activity_stays_in_the_history(signed_in, commune):
    activity = ActivityFactory(jurisdiction=commune, topic="Ghi nhầm")
    ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune))
    address = reverse("activities:activity_delete", args=[activity.pk])
    assert "danh sách 1 đơn vị" in signed_in.get(address).content.decode()
    signed_in.post(address)
    assert not Activity.objects.exists()
    assert Change.objects.filter(model="units.activity", action="delete", label="Ghi nhầm").exists()


def test_words_of_earlier_activities_are_suggested_within_reach(signed_in, commune):
    ActivityFactory(jurisdiction=commune, form="Trực tuyến")
    ActivityFactory(form="Trực tiếp ở nơi khác")
    page = signed_in.get(reverse("activities:activity_options"), {"o": "form", "form": "truc"}).content.decode()
    assert "Trực tuyến" in page
    assert "nơi khác" not in page
    assert signed_in.get(reverse("activities:activity_options"), {"o": "password"}).content.decode().strip() == ""


def test_the_page_of_a_unit_tells_its_activities_by_year(signed_in, commune):
    unit = UnitFactory(jurisdiction=commune)
    for year, count in ((2025, 7), (2026, 5), (2026, None)):
        activity = ActivityFactory(jurisdiction=commune, held_on=datetime.date(year, 3, 1), topic=f"Năm {year}")
        ActivityUnit.objects.create(activity=activity, unit=unit, attendance_count=count)
    page = signed_in.get(unit.get_absolute_url())
    [section] = [each for each in page.context["sections"] if each.slug == "hoat-dong"]
    told = [(year["year"], year["count"], year["attendances"]) for year in section.data["years"]]
    assert (section.count, told) == (3, [(2026, 2, 5), (2025, 1, 7)])
    add = signed_in.get(reverse(ADD), {"don-vi": unit.code})
    assert unit.code in add.context["form"].initial["units"].text


# -- copies ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def earlier(commune):
    activity = ActivityFactory(
        jurisdiction=commune,
        kind="conference",
        topic="Giao ban quý",
        form="Trực tiếp",
        partners="Đoàn Thanh niên\nHội Phụ nữ",
        held_on=datetime.date(2026, 8, 1),
        attendance_count=80,
    )
    ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune, name="Công ty Sao"))
    return activity


def copied(client, earlier, **changes):
    """What the form is sent with that the page of a copy shows."""
    form = client.get(reverse(ADD), {"chep": earlier.pk}).context["form"]
    units = form.initial["units"]
    values = {
        "kind": form.initial["kind"],
        "topic": form.initial["topic"],
        "form": form.initial["form"],
        "partners": form.initial["partners"].replace("\n", "\r\n"),
        "jurisdiction": earlier.jurisdiction_id,
        "session_count": "1",
        "held_on": "01/11/2026",
        "units_text": units.text,
        "units": units.keys,
        "units_settled": mark_of(units.text),
        "chep": earlier.pk,
        "copied": sorted(form.taken),
        "submission_key": str(form.initial["submission_key"]),
    }
    return values | changes


def test_a_copy_marks_every_field_it_takes_and_leaves_days_and_attendances(signed_in, earlier):
    page = signed_in.get(reverse(ADD), {"chep": "cuoi"})
    form = page.context["form"]
    assert form.taken == {"kind", "topic", "form", "partners", "jurisdiction", "session_count", "units"}
    assert not {"held_on", "attendance_count"} & set(form.initial)
    text = page.content.decode()
    assert text.count('name="seen" value=') == len(form.taken)
    assert "Công ty Sao" in text


def test_a_copy_nobody_has_looked_at_is_not_saved(signed_in, earlier):
    values = copied(signed_in, earlier)
    page = signed_in.post(reverse(ADD), values)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == set(page.context["form"].taken)
    assert Activity.objects.count() == 1


def test_a_copy_is_saved_once_each_field_is_ticked_changed_or_all_are_right(signed_in, earlier):
    ticked = copied(signed_in, earlier, seen=["kind", "form", "partners", "jurisdiction", "session_count", "units"])
    page = signed_in.post(reverse(ADD), ticked)
    assert list(page.context["form"].errors) == ["topic"]
    assert signed_in.post(reverse(ADD), ticked | {"topic": "Giao ban quý IV"}).status_code == 302
    whole = copied(signed_in, earlier, seen_all="1")
    assert signed_in.post(reverse(ADD), whole).status_code == 302
    assert Activity.objects.count() == 3
    assert [activity.participants.count() for activity in Activity.objects.order_by("id")] == [1, 1, 1]


def test_a_copy_whose_earlier_one_is_gone_keeps_its_marks(signed_in, earlier):
    values = copied(signed_in, earlier)
    earlier.delete()
    page = signed_in.post(reverse(ADD), values)
    assert page.status_code == 422
    assert Activity.objects.count() == 0


def test_what_is_out_of_reach_is_not_copied(signed_in):
    page = signed_in.get(reverse(ADD), {"chep": ActivityFactory(topic="Của nơi khác").pk})
    assert page.context["earlier"] is None
    assert "Của nơi khác" not in page.content.decode()
