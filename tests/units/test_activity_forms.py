"""Entering activities: one form for many units, what is refused, copies of earlier ones."""

import datetime
import uuid

import pytest
from django.urls import reverse

from movement_portal.audit.models import Change
from movement_portal.documents.models import LegalDocument
from tests.factories import ActivityFactory, JurisdictionFactory, OfficerFactory, UnitFactory
from units.activities import set_units
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


# -- the form ----------------------------------------------------------------------------------------------------------
@pytest.mark.slow
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


@pytest.mark.slow
def test_the_directive_is_named_as_offices_call_it(signed_in, commune):
    document = LegalDocument.objects.create(number="99/CT-MẪU", title="Chỉ thị mẫu", aliases="Chỉ thị 99")
    assert signed_in.post(reverse(ADD), sent(commune, programme="chi thi 99")).status_code == 302
    activity = Activity.objects.get()
    assert activity.programme == document
    assert f'href="{document.get_absolute_url()}"' in signed_in.get(activity.get_absolute_url()).content.decode()
    edit = signed_in.get(reverse("activities:activity_edit", args=[activity.pk])).content.decode()
    assert 'value="99/CT-MẪU · Chỉ thị mẫu"' in edit


def test_a_directive_copied_is_seen_when_another_is_typed(signed_in, commune):
    document = LegalDocument.objects.create(number="99/CT-MẪU", title="Chỉ thị mẫu")
    other = LegalDocument.objects.create(number="98/CT-MẪU", title="Chỉ thị khác")
    earlier = ActivityFactory(jurisdiction=commune, programme=document)
    copied = {"chep": earlier.pk, "copied": ["programme"]}
    same = signed_in.post(reverse(ADD), sent(commune, programme="99/CT-MẪU · Chỉ thị mẫu", **copied))
    assert "Chép từ lần trước, chưa xem lại" in same.content.decode()
    assert signed_in.post(reverse(ADD), sent(commune, programme=other.number, **copied)).status_code == 302


@pytest.mark.slow
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


def test_lines_left_out_are_told_after_saving(signed_in, commune):
    unit = UnitFactory(jurisdiction=commune)
    text = f"{unit.code}\nChợ Ma"
    settled = {"units_settled": mark_of(text), "units_unknown": "1", "units": [unit.pk]}
    response = signed_in.post(reverse(ADD), sent(commune, units_text=text, **settled), follow=True)
    assert "1 dòng không rõ là đơn vị nào nên đã bỏ qua." in response.content.decode()


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


def test_units_that_another_window_added_or_took_out_stay_so(signed_in, officer, commune):
    stay, go, come, mine = UnitFactory.create_batch(4, jurisdiction=commune)
    activity = ActivityFactory(jurisdiction=commune)
    set_units(activity, [stay, go], by=officer)
    address = reverse("activities:activity_edit", args=[activity.pk])
    form = signed_in.get(address).context["form"]
    set_units(activity, [stay, come], by=officer)
    text = "\n".join(unit.code for unit in (stay, go, mine))
    values = sent(commune, version=activity.version, units_text=text, units_opened=form["units_opened"].value())
    assert signed_in.post(address, values).status_code == 302
    assert {row.unit for row in activity.participants.all()} == {stay, come, mine}


@pytest.mark.slow
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


def test_two_officers_fill_one_table_without_undoing_each_other(signed_in, commune):
    """Each writes what they typed: what they left alone may have been written by the other meanwhile."""
    activity = ActivityFactory(jurisdiction=commune)
    one, two = (
        ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune)) for _ in range(2)
    )
    address = reverse("activities:activity_attendances", args=[activity.pk])
    opened = {f"truoc-{row.pk}": "" for row in (one, two)}
    assert all(f'name="{name}"' in signed_in.get(address).content.decode() for name in opened)
    signed_in.post(address, {**opened, f"luot-{one.pk}": "5", f"luot-{two.pk}": ""})
    signed_in.post(address, {**opened, f"luot-{one.pk}": "", f"luot-{two.pk}": "7"})
    assert list(activity.participants.order_by("pk").values_list("attendance_count", flat=True)) == [5, 7]


def test_a_number_that_another_officer_wrote_meanwhile_is_shown_before_it_is_replaced(signed_in, commune):
    activity = ActivityFactory(jurisdiction=commune)
    row = ActivityUnit.objects.create(activity=activity, unit=UnitFactory(jurisdiction=commune), attendance_count=1_250)
    address = reverse("activities:activity_attendances", args=[activity.pk])
    refused = signed_in.post(address, {f"truoc-{row.pk}": "", f"luot-{row.pk}": "7"})
    row.refresh_from_db()
    assert (refused.status_code, row.attendance_count) == (422, 1_250)
    page = refused.content.decode()
    assert "Người khác vừa ghi 1.250" in page
    assert f'name="truoc-{row.pk}" value="1250"' in page
    assert signed_in.post(address, {f"truoc-{row.pk}": "1250", f"luot-{row.pk}": "7"}).status_code == 302
    row.refresh_from_db()
    assert row.attendance_count == 7


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_copy_nobody_has_looked_at_is_not_saved(signed_in, earlier):
    values = copied(signed_in, earlier)
    page = signed_in.post(reverse(ADD), values)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == set(page.context["form"].taken)
    assert Activity.objects.count() == 1


@pytest.mark.slow
def test_a_copy_is_saved_once_each_field_is_ticked_changed_or_all_are_right(signed_in, earlier):
    ticked = copied(signed_in, earlier, seen=["kind", "form", "partners", "jurisdiction", "session_count", "units"])
    page = signed_in.post(reverse(ADD), ticked)
    assert list(page.context["form"].errors) == ["topic"]
    assert signed_in.post(reverse(ADD), ticked | {"topic": "Giao ban quý IV"}).status_code == 302
    whole = copied(signed_in, earlier, seen_all="1")
    assert signed_in.post(reverse(ADD), whole).status_code == 302
    assert Activity.objects.count() == 3
    assert [activity.participants.count() for activity in Activity.objects.order_by("id")] == [1, 1, 1]


@pytest.mark.slow
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


@pytest.mark.parametrize("day", ["23/11/2026", "01/01/9999", "01/01/1200"])
def test_a_day_that_cannot_be_is_refused(signed_in, commune, day):
    answer = signed_in.post(reverse(ADD), sent(commune, held_on=day))
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"held_on"})
    assert not Activity.objects.exists()


def test_a_count_that_no_database_keeps_is_refused(signed_in, commune):
    answer = signed_in.post(reverse(ADD), sent(commune, attendance_count="9" * 15))
    assert "attendance_count" in answer.context["form"].errors
