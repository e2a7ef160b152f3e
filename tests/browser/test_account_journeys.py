"""From an account that an administrator opens to the officer's own password."""

import re

import pytest
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer
from tests.factories import OfficerFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWN_PASSWORD = "mưa rào tháng bảy ở xã"


def sign_in_by_hand(page, username, password):
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.keyboard.press("Enter")


def test_a_new_account_gets_its_own_password(page, live_server, watch, sign_in, commune):
    grants = [Function.ENTER.value]
    sign_in(
        OfficerFactory(
            jurisdiction=commune, jurisdiction__function=Function.MANAGE_ACCOUNTS, jurisdiction__grants=grants
        )
    )
    page.goto(live_server.url + "/tai-khoan/")
    page.get_by_role("link", name="Mở tài khoản").click()
    page.get_by_label("Họ và tên").fill("Trần Thị Mẫu")
    page.get_by_label("Tên đăng nhập").fill("tranthimau")
    page.get_by_label("Cơ quan Công an").press_sequentially("tan tien")
    page.get_by_role("option", name="Công an Phường Tân Tiến").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Nhập liệu").first.check()
    watch.check()
    page.get_by_role("button", name="Mở tài khoản").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phiếu giao mật khẩu")
    watch.check()
    first_password = page.locator("code").nth(1).inner_text()

    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    watch.check()
    sign_in_by_hand(page, "tranthimau", first_password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Đặt mật khẩu của riêng mình")
    watch.check()
    page.get_by_label("Mật khẩu đang dùng").fill(first_password)
    page.get_by_label(re.compile("Mật khẩu mới")).fill(OWN_PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(OWN_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("details.menu summary")).to_contain_text("Trần Thị Mẫu")
    assert not Officer.objects.get(username="tranthimau").must_change_password


def test_a_wrong_password_is_said_without_saying_which(page, live_server, watch, commune):
    OfficerFactory(username="canbomau", password=OWN_PASSWORD, jurisdiction=commune)
    page.goto(live_server.url + "/tai-khoan/")
    sign_in_by_hand(page, "canbomau", "không phải mật khẩu này")
    expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng")
    watch.check()


def test_a_page_prints_without_the_frame(page, live_server, sign_in, commune):
    sign_in(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    page.goto(live_server.url + "/tai-khoan/")
    page.emulate_media(media="print")
    expect(page.locator(".topbar")).not_to_be_visible()
    expect(page.locator("#navigation")).not_to_be_visible()


def test_a_list_of_officers_becomes_accounts_with_slips(page, live_server, watch, sign_in, commune, tmp_path):
    grants = [Function.ENTER.value]
    sign_in(
        OfficerFactory(
            jurisdiction=commune, jurisdiction__function=Function.MANAGE_ACCOUNTS, jurisdiction__grants=grants
        )
    )
    path = tmp_path / "can-bo.csv"
    office = commune.police_offices.get()
    rows = [f"{number},Cán bộ Mẫu {number},canbomau.{number},{office},Nhập liệu\n" for number in range(1, 4)]
    path.write_text("TT,Họ và tên,Tên đăng nhập,Đơn vị,Chức năng\n" + "".join(rows), encoding="utf-8-sig")
    page.goto(live_server.url + "/tai-khoan/")
    page.get_by_role("link", name="Nhập Excel").last.click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Tải lên và đọc").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ghép cột")
    watch.check()
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả kiểm tra")
    page.get_by_role("button", name="Ghi 3 dòng vào sổ").click()
    page.get_by_role("link", name="Cấp mật khẩu lần đầu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cấp mật khẩu lần đầu")
    watch.check()
    page.get_by_role("button", name="Cấp mật khẩu và hiện phiếu").click()
    expect(page.locator(".slip")).to_have_count(3)
    watch.check()
    first_password = page.locator(".slip").first.locator("code").last.inner_text()
    officer = Officer.objects.get(username="canbomau.1")
    assert officer.check_password(first_password)
    page.goto(live_server.url + "/tai-khoan/mat-khau-lan-dau/")
    expect(page.locator("main")).not_to_contain_text(first_password)
