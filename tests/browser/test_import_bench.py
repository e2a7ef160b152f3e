"""From a messy list to a clean register: faults put right once, likenesses decided, the rest sent again."""

import openpyxl
import pytest
import xlsxwriter
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from movement_portal.spreadsheets.models import ColumnMemory, ImportBatch
from tests.browser.watching import PHONE, WIDE
from tests.factories import UnitFactory
from units.models import Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADERS = ("STT", "Tên trường", "Phường/xã", "Khối", "Phân vùng")
SCHOOL = "Cơ sở giáo dục"


@pytest.fixture
def messy_list(tmp_path):
    """A title above the header, a place nobody knows, a choice misspelt, a name almost known, a column of no field."""
    path = tmp_path / "danh sách lộn xộn.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Trường học")
        sheet.merge_range("A1:E1", "DANH SÁCH TRƯỜNG HỌC NĂM 2026")
        sheet.write_row("A3", HEADERS)
        rows = [
            ("Trường THCS Mẫu Một", "Thị xã A", SCHOOL),
            ("Trường THCS Mẫu Hai", "Thị xã A", SCHOOL),
            ("Trường THCS Mẫu Ba", "Phường Tân Tiến", "Cơ sở giáo dụk"),
            ("Trường THCS Trần Phụ", "Phường Tân Tiến", SCHOOL),
            ("Trường THCS Mẫu Bốn", "Phường Tân Tiến", "không rõ"),
            ("Trường THCS Mẫu Năm", "Phường Tân Tiến", "chưa biết"),
        ]
        for number, row in enumerate(rows, 1):
            sheet.write_row(number + 2, 0, (number, *row, f"Vùng {number}"))
    return path


def upload(page, path):
    page.locator("input[type=file]").set_input_files(path)
    page.locator("form[data-upload] [type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ghép cột")


def test_a_messy_list_becomes_a_clean_register(signed_in_page, live_server, watch, commune, messy_list, tmp_path):
    known = UnitFactory(name="Trường THCS Trần Phú", jurisdiction=commune, kind="school")
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(live_server.url + "/nhap-excel/moi/?sheet=units")
    watch.check()
    upload(page, messy_list)

    # Two columns for one field are told at once; a column of no field is kept as a note.
    choices = page.locator("[data-column-choice]")
    choices.nth(4).select_option("name")
    expect(page.locator(".import-twice").first).to_be_visible()
    choices.nth(4).select_option("+")
    expect(page.locator(".import-twice")).to_have_count(0)
    watch.check()

    # What every new row needs is asked for until a column or one value for the list gives it.
    needed = page.get_by_text("Chưa có cột nào ghi vào “Khối”")
    expect(needed).to_be_hidden()
    choices.nth(3).select_option("")
    expect(needed).to_be_visible()
    watch.check()
    # The button stays under the hand that leaves the field for it.
    place = page.get_by_role("button", name="Kiểm tra").bounding_box()
    page.get_by_label("Khối của cả danh sách").select_option("school")
    expect(needed).to_be_hidden()
    assert page.get_by_role("button", name="Kiểm tra").bounding_box() == place
    page.get_by_label("Khối của cả danh sách").select_option("")
    choices.nth(3).select_option("kind")
    expect(needed).to_be_hidden()
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả kiểm tra")
    watch.check()

    # One area for all rows that name the place.
    place = page.get_by_label("Địa bàn của “Thị xã A”")
    place.click()
    place.fill("tân tiến")
    page.locator(".area-option").first.click()
    page.get_by_role("button", name="Áp dụng cho 2 dòng").click()
    expect(page.locator(".messages")).to_contain_text("còn 3 dòng bị từ chối")

    # A cell typed in its row: Escape brings the old text back, Enter saves and goes on to the next.
    cell = page.get_by_label("Khối, dòng 6")
    cell.fill("thử")
    cell.press("Escape")
    expect(cell).to_have_value("Cơ sở giáo dụk")
    cell.fill(SCHOOL)
    cell.press("Enter")
    expect(page.get_by_label("Khối, dòng 8")).to_be_focused()
    expect(page.locator("#loc-dong")).to_contain_text("Bị từ chối 2")
    watch.check()
    page.set_viewport_size(PHONE)
    watch.check()
    page.set_viewport_size(WIDE)

    # A likeness is decided with a key.
    page.get_by_role("link", name="Quyết định 1 dòng gần giống").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dòng gần giống")
    watch.check()
    page.keyboard.press("1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả kiểm tra")

    # The good rows go in, the others come back as the same workbook.
    page.get_by_role("button", name="để lại 2 dòng").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lần nhập")
    assert Unit.objects.count() == 4
    assert Unit.objects.get(pk=known.pk).note == "Phân vùng: Vùng 4"
    watch.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải các dòng còn lại").click()
    left = tmp_path / "con-lai.xlsx"
    download.value.save_as(left)
    book = openpyxl.load_workbook(left)
    sheet = book["Trường học"]
    assert [cell.value for cell in sheet[3]] == [*HEADERS, "Lý do từ chối"]
    for row in (4, 5):
        sheet.cell(row, 4).value = SCHOOL
    book.save(left)

    # Put right and sent again it matches by itself, and nothing is refused.
    page.get_by_role("link", name="Tải tệp đã sửa lên").click()
    upload(page, left)
    assert ColumnMemory.objects.get().header == "phan vung"
    expect(page.locator("[data-column-choice]").nth(4)).to_have_value("+")
    page.get_by_role("button", name="Kiểm tra").click()
    page.get_by_role("button", name="Ghi 2 dòng vào sổ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lần nhập")
    assert ImportBatch.objects.first().counts["refused"] == 0
    assert Unit.objects.count() == 6


def test_values_of_the_last_list_are_shown_and_used_again(signed_in_page, live_server, watch, commune, tmp_path):
    path = tmp_path / "co-quan.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row("A1", ("Tên đơn vị", "Phường/xã", "Đặc điểm"))
        sheet.write_row("A2", ("Sở Mẫu", "Phường Tân Tiến", "Gần chợ"))
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(live_server.url + "/nhap-excel/moi/?sheet=units")
    upload(page, path)
    page.get_by_label("Khối của cả danh sách").select_option("agency")
    page.get_by_label("Năm của cả danh sách").fill("2025")
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả kiểm tra")

    # The next list of the same columns: the choice is filled in and marked, the year only told.
    page.goto(live_server.url + "/nhap-excel/moi/?sheet=units")
    upload(page, path)
    expect(page.get_by_text("nhớ từ lần trước, đã điền bên dưới")).to_be_visible()
    expect(page.get_by_label("Khối của cả danh sách")).to_have_value("agency")
    expect(page.get_by_label("Năm của cả danh sách")).to_have_value("")
    watch.check()
    # Used again without leaving the page: a column chosen meanwhile stays.
    column = page.locator("[data-column-choice]").nth(2)
    column.select_option("+")
    page.get_by_role("link", name="Dùng lại").click()
    expect(page.get_by_label("Năm của cả danh sách")).to_have_value("2025")
    expect(column).to_have_value("+")
    watch.check()
    page.set_viewport_size(PHONE)
    watch.check()
