"""One session for sixty units, a copy of the last one, a click too many, a session that ended while one typed."""

import datetime
import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer
from tests.factories import ActivityFactory, OfficerFactory, UnitFactory
from units.activities import set_units
from units.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "một câu đủ dài"
MINUTE = 60
ADD = "/hoat-dong/them/"

#: A list goes into a text box as it does from the clipboard of an office.
PASTE = """(box, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  box.focus();
  box.dispatchEvent(event);
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@pytest.fixture
def units(commune):
    return [UnitFactory(jurisdiction=commune, name=f"Công ty Sao {number}") for number in range(60)]


def pasted(units):
    return "\n".join(f"{at}. {unit.name}, 0912345{at:03d}" for at, unit in enumerate(units, 1))


def test_a_session_of_sixty_units_is_down_in_under_a_minute(signed_in_page, watch, live_server, commune, units):
    page = signed_in_page(Function.ENTER, commune)
    start = time.monotonic()
    page.goto(live_server.url + "/hoat-dong/")
    page.get_by_role("link", name="Ghi hoạt động").click()
    page.get_by_label("Loại hoạt động").select_option("conference")
    page.get_by_label("Nội dung, chủ đề").fill("Giao ban quý IV")
    page.locator("#id_held_on").fill("5/11/26")
    page.get_by_label("Lượt người tham dự").fill("1240")
    page.locator("#id_units").evaluate(PASTE, pasted(units))
    expect(page.locator(".units-told")).to_contain_text("60 chắc chắn")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giao ban quý IV")
    assert time.monotonic() - start < MINUTE
    expect(page.locator("#don-vi .count")).to_have_text("60")
    watch.check()
    activity = Activity.objects.get()
    assert (activity.held_on, activity.participants.count()) == (datetime.date(2026, 11, 5), 60)

    page.get_by_role("link", name="Hoạt động").first.click()
    expect(page.locator(".list-count")).to_contain_text("1 cuộc, 1.240 lượt người")
    expect(page.locator(".list-count")).to_contain_text("60 đơn vị tham gia")
    watch.check()


def test_a_unit_out_of_the_suggestions_joins_the_list(signed_in_page, watch, live_server, commune, units):
    page = signed_in_page(Function.ENTER, commune)
    page.goto(live_server.url + ADD)
    box = page.get_by_placeholder("Thêm một đơn vị: gõ tên rồi chọn")
    with page.expect_response("**/goi-y/**"):
        box.press_sequentially("Công ty Sao 7")
    box.fill(f"{units[7].code} · {units[7].name}")
    expect(page.locator(".units-told")).to_contain_text("1 chắc chắn")
    expect(page.locator("#id_units")).to_have_value(f"{units[7].code} · {units[7].name}")
    expect(box).to_have_value("")


def test_a_copy_is_looked_at_before_it_is_saved(signed_in_page, watch, live_server, commune, units):
    earlier = ActivityFactory(jurisdiction=commune, topic="Giao ban quý III", place="Hội trường", attendance_count=80)
    set_units(earlier, units[:3], by=OfficerFactory(jurisdiction=commune))
    page = signed_in_page(Function.ENTER, commune)
    page.goto(live_server.url + ADD)
    page.get_by_role("button", name="Chép từ lần trước").click()
    expect(page.locator("[data-unseen]")).to_have_text("còn 6 ô chưa xem")
    expect(page.locator("#id_held_on")).to_have_value("")
    page.locator("#id_held_on").fill("05/11/2026")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".invalid-feedback").first).to_contain_text("chưa xem lại")
    assert Activity.objects.count() == 1
    # Refused on purpose: the browser notes the status of the answer.
    watch.faults = [fault for fault in watch.faults if "422" not in fault]

    page.locator("#id_topic").fill("Giao ban quý IV")
    expect(page.locator("#seen-topic")).to_be_checked()
    expect(page.locator("[data-unseen]")).to_have_text("còn 5 ô chưa xem")
    page.get_by_label("Đã xem, đúng cả").check()
    expect(page.locator("[data-unseen]")).to_have_text("đã xem hết")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giao ban quý IV")
    assert Activity.objects.latest("id").participants.count() == 3


def test_units_that_are_found_move_no_field_that_is_filled_in(signed_in_page, live_server, commune, units):
    page = signed_in_page(Function.ENTER, commune)
    page.goto(live_server.url + ADD)
    page.locator("#id_units").fill(pasted(units))
    note = page.get_by_label("Ghi chú")
    note.click()
    before = note.bounding_box()["y"]
    page.locator("#id_units").dispatch_event("change")
    expect(page.locator(".units-told")).to_contain_text("60 chắc chắn")
    assert note.bounding_box()["y"] == pytest.approx(before, abs=1)


def test_a_double_click_makes_one_activity(signed_in_page, live_server, commune):
    page = signed_in_page(Function.ENTER, commune)
    page.goto(live_server.url + ADD)
    page.get_by_label("Nội dung, chủ đề").fill("Bấm hai lần")
    page.get_by_label("Loại hoạt động").select_option("drill")
    page.locator("#id_held_on").fill("05/11/2026")
    page.get_by_role("button", name="Lưu", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bấm hai lần")
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("minutes", [1, 40])
def test_nothing_typed_is_lost_when_the_session_has_ended(page, live_server, sign_in, commune, units, minutes):
    """Whether the page asked for the session a moment ago or long ago, it waits for the officer to sign in again."""
    clerk = OfficerFactory(
        username="nhaplieu", jurisdiction=commune, jurisdiction__function=Function.ENTER, password=PASSWORD
    )
    sign_in(Officer.objects.get(pk=clerk.pk))
    page.clock.install()
    page.goto(live_server.url + ADD)
    page.get_by_label("Loại hoạt động").select_option("conference")
    page.get_by_label("Nội dung, chủ đề").fill("Giao ban quý IV")
    page.locator("#id_held_on").fill("05/11/2026")
    page.locator("#id_units").fill(pasted(units))
    page.get_by_role("button", name="Nhận ra các đơn vị").click()
    expect(page.locator(".units-told")).to_contain_text("60 chắc chắn")
    page.clock.fast_forward(f"{minutes:02d}:00")
    Session.objects.all().delete()
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Phiên làm việc đã hết").wait_for()
    expect(page.get_by_label("Nội dung, chủ đề")).to_have_value("Giao ban quý IV")
    assert Activity.objects.count() == 0

    with page.context.expect_page() as opened:
        page.click("text=Đăng nhập ở cửa sổ mới")
    beside = opened.value
    beside.fill("#id_username", "nhaplieu")
    beside.fill("#id_password", PASSWORD)
    with beside.expect_navigation():
        beside.click("[type=submit]")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giao ban quý IV")
    assert Activity.objects.get().participants.count() == 60
