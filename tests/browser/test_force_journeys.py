"""A guard from entry to certificate, and the whole number for a reason."""

import pytest
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from tests.factories import TrainingCourseFactory, UnitFactory
from units.models import Guard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = "000123456789"


def test_a_guard_is_entered_trained_and_certified(signed_in_page, watch, live_server, commune, province):
    unit = UnitFactory(name="Trường THCS Hoà Bình", jurisdiction=commune)
    page = signed_in_page(Function.ENTER)
    page.goto(live_server.url + unit.get_absolute_url())
    page.get_by_role("link", name="Thêm người bảo vệ").click()
    page.get_by_label("Họ và tên").fill("Lê Văn Gác")
    page.get_by_label("Năm sinh").fill("1985")
    page.get_by_label("Số định danh cá nhân").fill("000 123 456 789")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lê Văn Gác")
    expect(page.locator("main")).to_contain_text("000••••••789")
    expect(page.locator("main")).not_to_contain_text(NUMBER)
    watch.check()

    page.get_by_role("link", name="Xem đầy đủ").click()
    page.get_by_label("Lý do xem").fill("Đối chiếu hồ sơ cấp giấy chứng nhận")
    page.get_by_role("button", name="Xem đầy đủ").click()
    expect(page.locator("main")).to_contain_text(NUMBER)
    watch.check()

    course = TrainingCourseFactory(jurisdiction=province)
    page.goto(live_server.url + course.get_absolute_url())
    page.get_by_role("link", name="Ghi người học").click()
    page.get_by_label("Dán tên").fill("Lê Văn Gác; 1985")
    page.get_by_role("button", name="Đối chiếu").click()
    expect(page.locator("main")).to_contain_text("1 dòng khớp đúng một người")
    watch.check()
    page.get_by_role("button", name="Ghi những người đã chọn").first.click()
    page.get_by_label("Chọn Lê Văn Gác").check()
    page.get_by_role("button", name="Đạt", exact=True).click()
    page.get_by_role("link", name="Cấp giấy chứng nhận").click()
    watch.check()
    page.get_by_role("button", name="Cấp cho người đạt").click()
    expect(page.locator("main")).to_contain_text("1/GCN-HLBV")
    watch.check()
    assert Guard.objects.get().certificates.get().number == "1/GCN-HLBV"
