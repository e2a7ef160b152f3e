"""A list as an office writes it: from the file to the units in the register."""

import pytest
import xlsxwriter
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from units.models import Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADERS = ("STT", "Tên trường", "Phường/xã", "Địa chỉ", "Hiệu trưởng", "Số điện thoại")


@pytest.fixture
def office_list(tmp_path):
    """A workbook with a title above the header, a line of totals below, and one row whose commune is unknown."""
    path = tmp_path / "danh sách trường.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("THCS")
        sheet.merge_range("A1:F1", "DANH SÁCH CÁC TRƯỜNG TRUNG HỌC CƠ SỞ")
        sheet.write_row("A4", HEADERS)
        for number in range(1, 31):
            row = (number, f"Trường THCS Mẫu {number}", "Phường Tân Tiến", f"Số {number} đường Mẫu")
            sheet.write_row(number + 3, 0, (*row, "Nguyễn Văn Mẫu", f"02400000{number:03d}"))
        sheet.write_row(34, 0, ("Tổng cộng", 30))
    return path


def test_an_office_list_becomes_units(signed_in_page, live_server, watch, commune, office_list):
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(live_server.url + "/nhap-excel/")
    watch.check()
    page.get_by_role("link", name="Tải danh sách lên").first.click()
    page.locator("input[type=file]").set_input_files(office_list)
    watch.check()
    page.locator("main form [type=submit]").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Ghép cột")
    watch.check()
    page.get_by_role("button", name="Kiểm tra").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả kiểm tra")
    assert not Unit.objects.exists()
    watch.check()
    page.get_by_role("button", name="Ghi 30 dòng vào sổ").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Lần nhập")
    assert Unit.objects.filter(jurisdiction=commune).count() == 30
    watch.check()

    page.keyboard.press("/")
    page.keyboard.type("thcs mau 17")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Trường THCS Mẫu 17").click()
    expect(page.locator(".facts").first).to_contain_text("Phường Tân Tiến")
    expect(page.locator(".timeline")).to_contain_text("danh sách trường.xlsx")
    watch.check()


@pytest.fixture
def list_with_choices(tmp_path):
    """A workbook that leaves things open: filtered rows, a commune only in the first row, one cell for several."""
    path = tmp_path / "danh sách lọc.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("DS")
        sheet.write_row("A1", ("STT", "Phường/xã", "Tên trường, địa chỉ, điện thoại"))
        for number in range(1, 7):
            together = f"Trường THCS Mẫu {number}, Số {number} đường Mẫu, ĐT: 0240.0000{number:03d}"
            sheet.write_row(number, 0, (number, "Phường Tân Tiến" if number == 1 else "", together))
        sheet.set_row(4, None, None, {"hidden": True})
    return path


def test_what_a_list_leaves_open_is_chosen(signed_in_page, live_server, watch, commune, list_with_choices):
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(live_server.url + "/nhap-excel/moi/")
    page.locator("input[type=file]").set_input_files(list_with_choices)
    page.locator("main form [type=submit]").first.click()

    expect(page.get_by_text("1 dòng đang bị ẩn trong tệp")).to_be_visible()
    watch.check()
    page.get_by_label("Để ngoài, không nhập").check()
    page.get_by_label("Ô trống lấy theo dòng trên").check()
    page.get_by_role("button", name="Kiểm tra").click()

    expect(page.get_by_role("heading", name="Cách đọc tệp")).to_be_visible()
    watch.check()
    page.get_by_role("button", name="Tách ra").click()
    expect(page.get_by_role("button", name="Không tách")).to_be_visible()
    watch.check()
    page.get_by_role("button", name="Ghi 5 dòng vào sổ").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Lần nhập")
    unit = Unit.objects.get(name="Trường THCS Mẫu 2")
    assert (unit.jurisdiction, unit.address) == (commune, "Số 2 đường Mẫu")
    assert not Unit.objects.filter(name="Trường THCS Mẫu 4").exists()
    watch.check()
