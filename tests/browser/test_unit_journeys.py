"""A unit from the search box to its history, and one typed in without the mouse."""

import re

import pytest
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from tests.factories import OfficerFactory, UnitFactory
from units.enums import UnitKind
from units.models import Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "mưa rào tháng bảy ở xã"


def test_from_login_to_search_edit_and_history(page, live_server, watch, commune):
    OfficerFactory(
        username="canbomau",
        full_name="Trần Thị Mẫu",
        password=PASSWORD,
        jurisdiction=commune,
        jurisdiction__function=Function.ENTER,
    )
    UnitFactory(name="Trường Tiểu học Mẫu", kind=UnitKind.SCHOOL, jurisdiction=commune)
    unit = UnitFactory(name="Trường THCS Hoà Bình", kind=UnitKind.SCHOOL, jurisdiction=commune)

    page.goto(live_server.url + "/don-vi/")
    page.get_by_label("Tên đăng nhập").fill("canbomau")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".list-table tbody tr")).to_have_count(2)
    watch.check()

    # Without accents, and with the accent where the other spelling puts it.
    page.keyboard.press("/")
    page.keyboard.type("thcs hoa binh")
    page.keyboard.press("Enter")
    expect(page.locator(".list-table tbody tr")).to_have_count(1)
    watch.check()
    page.get_by_role("link", name="Trường THCS Hoà Bình").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(unit.name)
    watch.check()

    page.get_by_role("link", name="Sửa", exact=True).click()
    page.get_by_label("Địa chỉ").fill("Số 12 đường Mẫu")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#messages")).to_be_visible()
    expect(page.locator(".timeline").first).to_contain_text("Trần Thị Mẫu")
    page.locator(".timeline details summary").first.click()
    expect(page.locator(".timeline").first).to_contain_text("Số 12 đường Mẫu")
    watch.check()


def tab_to(page, field):
    """Press Tab until the field has the focus; fails when a whole round does not reach it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if field.evaluate("(field) => field === document.activeElement"):
            return
    raise AssertionError(f"no Tab reaches {field}")


def test_a_unit_is_added_by_keyboard_alone(signed_in_page, live_server, watch, commune):
    page = signed_in_page(Function.ENTER)
    page.goto(live_server.url + "/don-vi/")
    tab_to(page, page.get_by_role("link", name="Thêm đơn vị").first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/don-vi/them/"))
    tab_to(page, page.get_by_role("link", name="Doanh nghiệp"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tên đơn vị")).to_be_visible()
    tab_to(page, page.get_by_label("Tên đơn vị"))
    page.keyboard.type("Công ty TNHH Mẫu")
    tab_to(page, page.locator("#id_jurisdiction"))
    page.keyboard.type("tan tien")
    expect(page.get_by_role("listbox", name="Địa bàn").get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Công ty TNHH Mẫu")
    watch.check()
    unit = Unit.objects.get()
    assert (unit.kind, unit.jurisdiction) == (UnitKind.ENTERPRISE, commune)
