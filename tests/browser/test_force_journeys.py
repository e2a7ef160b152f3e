"""A guard from entry to certificate, and the whole number for a reason."""

import pytest
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from tests.factories import GuardFactory, TrainingCourseFactory, UnitFactory
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
    page.get_by_label("Chọn cả trang").check()
    expect(page.get_by_label("Chọn Lê Văn Gác")).to_be_checked()
    page.get_by_role("button", name="Đạt", exact=True).click()
    page.get_by_role("link", name="Cấp giấy chứng nhận").click()
    watch.check()
    page.get_by_role("button", name="Cấp 1 giấy").click()
    expect(page.locator("main")).to_contain_text("1/GCN-HLBV")
    watch.check()
    assert Guard.objects.get().certificates.get().number == "1/GCN-HLBV"


def test_a_number_known_elsewhere_is_told_while_it_is_typed_and_never_stands_in_an_address(
    signed_in_page, watch, live_server, commune
):
    near = UnitFactory(name="Trường Bên Cạnh", jurisdiction=commune)
    GuardFactory(unit=near, name="Lê Văn Hai Nơi", citizen_id=NUMBER)
    far = GuardFactory(unit=UnitFactory(name="Công ty Xa"), name="Người Xa Lạ", citizen_id=NUMBER)
    unit = UnitFactory(name="Trường THCS Hoà Bình", jurisdiction=commune)
    page = signed_in_page(Function.ENTER)
    page.goto(f"{live_server.url}/luc-luong/bao-ve/them/?don-vi={unit.code}")
    page.get_by_label("Họ và tên").fill("Lê Văn Hai Nơi")
    page.get_by_label("Số định danh cá nhân").fill("000 123 456 789")
    page.keyboard.press("Tab")
    told = page.get_by_role("status").filter(has_text="Trường Bên Cạnh")
    expect(told).to_contain_text("ngoài địa bàn của đồng chí")
    expect(told).not_to_contain_text(far.unit.name)
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lê Văn Hai Nơi")

    page.goto(f"{live_server.url}/luc-luong/bao-ve/")
    page.get_by_role("link", name="Làm ở hai đơn vị").click()
    expect(page.locator("main")).to_contain_text("2 người bảo vệ")
    watch.check()
    page.goto(f"{live_server.url}/luc-luong/giay-chung-nhan/")
    page.get_by_label("Tìm trong danh sách").fill("000 123 456 789")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tra theo số định danh")
    assert "000" not in page.url
    page.get_by_label("Số định danh cá nhân").fill(NUMBER)
    page.get_by_role("button", name="Tra", exact=True).click()
    expect(page.locator("main")).to_contain_text("Trường Bên Cạnh")
    expect(page.locator("main")).not_to_contain_text(NUMBER)
    assert NUMBER not in page.url
    watch.check()
