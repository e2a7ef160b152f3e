"""What was typed outlives the session: the page waits until the officer has signed in beside it."""

import pytest
from django.contrib.sessions.models import Session

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer
from tests.factories import OfficerFactory, UnitFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "một câu đủ dài"


def open_form(page, live_server, sign_in, province):
    """An administrator's page with something typed, a quarter of an hour later, the session gone."""
    admin = OfficerFactory(
        username="quantri", jurisdiction=province, jurisdiction__function=Function.MANAGE_ACCOUNTS, password=PASSWORD
    )
    clerk = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_ACCOUNTS)
    sign_in(Officer.objects.get(pk=admin.pk))
    page.clock.install()
    page.goto(f"{live_server.url}/tai-khoan/{clerk.pk}/sua/")
    page.fill("#id_title", "Đại úy")
    page.clock.fast_forward("15:00")
    Session.objects.all().delete()
    return clerk


def save(page):
    page.click("main form [type=submit]")


def test_a_form_waits_for_the_officer_to_sign_in_again(page, live_server, sign_in, province):
    clerk = open_form(page, live_server, sign_in, province)
    save(page)
    page.get_by_text("Phiên làm việc đã hết").wait_for()
    assert page.input_value("#id_title") == "Đại úy"

    with page.context.expect_page() as opened:
        page.click("text=Đăng nhập ở cửa sổ mới")
    beside = opened.value
    beside.fill("#id_username", "quantri")
    beside.fill("#id_password", PASSWORD)
    with beside.expect_navigation():
        beside.click("[type=submit]")

    save(page)
    page.wait_for_url(f"**/tai-khoan/{clerk.pk}/")
    clerk.refresh_from_db()
    assert clerk.title == "Đại úy"


@pytest.mark.parametrize("width", [1366, 390])
def test_the_notice_is_seen_at_the_end_of_a_long_form(page, live_server, sign_in, province, width):
    sign_in(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS))
    page.set_viewport_size({"width": width, "height": 768})
    page.clock.install()
    page.goto(f"{live_server.url}/mo-hinh/them/")
    page.fill("#id_note", "Đã gõ")
    page.clock.fast_forward("15:00")
    Session.objects.all().delete()
    save(page)
    notice = page.get_by_text("Phiên làm việc đã hết")
    notice.wait_for()
    in_the_middle = "box => document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.textContent"
    assert "Phiên làm việc đã hết" in page.evaluate(in_the_middle, notice.bounding_box())


def test_a_form_is_not_sent_under_another_officers_name(page, live_server, sign_in, province):
    clerk = open_form(page, live_server, sign_in, province)
    sign_in(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    save(page)
    page.get_by_text("đang mở bằng tài khoản khác").wait_for()
    clerk.refresh_from_db()
    assert clerk.title == ""


def test_typing_keeps_the_officer_signed_in(page, live_server, sign_in, province):
    admin = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_ACCOUNTS)
    sign_in(admin)
    page.clock.install()
    page.goto(f"{live_server.url}/tai-khoan/them/")
    page.clock.fast_forward("10:00")
    with page.expect_response("**/phien/") as answer:
        page.fill("#id_title", "Đ")
    assert answer.value.json()["officer"] == admin.username


def test_a_form_of_the_admin_pages_waits_too(page, watch, live_server, signed_in_page, province):
    unit = UnitFactory(jurisdiction=province)
    signed_in_page(Function.MANAGE_RECORDS)
    page.clock.install()
    page.goto(f"{live_server.url}/quan-tri/units/unit/{unit.pk}/change/")
    page.fill("#id_note", "Đã gõ một đoạn dài")
    page.clock.fast_forward("15:00")
    Session.objects.all().delete()
    page.click("[name=_save]")
    page.get_by_text("Phiên làm việc đã hết").wait_for()
    assert page.input_value("#id_note") == "Đã gõ một đoạn dài"
    watch.check()


def test_a_part_that_asks_for_itself_does_not_lead_away_from_what_was_typed(
    page, live_server, signed_in_page, province
):
    signed_in_page(Function.ENTER)
    page.goto(f"{live_server.url}/hoat-dong/them/")
    page.fill("#id_topic", "Đã gõ một đoạn dài")
    Session.objects.all().delete()
    # The search box asks by itself, and its answer is the login page.
    page.fill("#search", "truong")
    page.get_by_text("Phiên làm việc đã hết").wait_for()
    assert page.input_value("#id_topic") == "Đã gõ một đoạn dài"
