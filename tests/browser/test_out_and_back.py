"""Lists out of the portal and back: a template filled in, a workbook corrected offline, a list pasted."""

import openpyxl
import pytest
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from tests.factories import OfficerFactory, UnitFactory
from units.models import Grouping, Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def table_of(path, first):
    """The workbook, its list, the row of the header and the columns by label."""
    book = openpyxl.load_workbook(path)
    table = book.worksheets[0]
    header = next(row for row in table.iter_rows(max_row=12) if row[0].value == first)
    return book, table, header[0].row, {cell.value: cell.column for cell in header}


def send(page, live_server, path):
    """Upload a file and have it checked."""
    page.goto(live_server.url + "/nhap-excel/moi/?sheet=units")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Tải lên và đọc").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ghép cột")
    page.get_by_role("button", name="Kiểm tra").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả kiểm tra")


def test_a_template_is_filled_in_and_comes_in(signed_in_page, live_server, watch, commune, tmp_path):
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(live_server.url + "/nhap-excel/moi/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Đơn vị", exact=True).last.click()
    path = tmp_path / "mau.xlsx"
    download.value.save_as(path)
    watch.check()

    book, table, header, columns = table_of(path, "TT")
    first = header + 3
    for at, name in enumerate(("Sở Mẫu", "Công ty Mẫu")):
        table.cell(first + at, columns["Tên đơn vị"]).value = name
        table.cell(first + at, columns["Khối"]).value = "Cơ quan" if at == 0 else "Doanh nghiệp"
        table.cell(first + at, columns["Xã, phường"]).value = "Phường Tân Tiến"
    book.save(path)
    send(page, live_server, path)
    watch.check()
    page.get_by_role("button", name="Ghi 2 dòng").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lần nhập")
    assert set(Unit.objects.values_list("name", "jurisdiction")) == {
        ("Sở Mẫu", commune.pk),
        ("Công ty Mẫu", commune.pk),
    }


def test_a_workbook_goes_out_and_comes_back_with_one_question(signed_in_page, live_server, watch, commune, tmp_path):
    unit = UnitFactory(name="Trường Mẫu", jurisdiction=commune, head_name="Lê Văn Mẫu", address="Số 1")
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(live_server.url + "/don-vi/")
    page.get_by_text("Xuất danh sách").click()
    page.get_by_role("link", name="Tệp để sửa rồi gửi lại").click()
    watch.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải tệp về").click()
    path = tmp_path / "so.xlsx"
    download.value.save_as(path)

    unit.head_name = "Người Trong Sổ"
    unit.save()
    book, table, header, columns = table_of(path, "Dấu dòng")
    table.cell(header + 1, columns["Người đứng đầu"]).value = "Người Trong Tệp"
    table.cell(header + 1, columns["Địa chỉ"]).value = "Số 2"
    book.save(path)
    send(page, live_server, path)
    watch.check()
    page.get_by_role("link", name="Trả lời 1 dòng").click()
    expect(page.get_by_role("table")).to_contain_text("Người Trong Sổ")
    watch.check()
    page.get_by_label("Lấy theo tệp", exact=True).check()
    page.get_by_role("button", name="Ghi nhận và kiểm tra lại").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả kiểm tra")
    page.get_by_role("button", name="Ghi 1 dòng").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lần nhập")
    unit.refresh_from_db()
    assert (unit.head_name, unit.address) == ("Người Trong Tệp", "Số 2")
    watch.check()


def test_sixty_names_are_pasted(page, sign_in, live_server, watch, commune):
    group = Grouping.objects.create(kind="sector", name="Dệt may")
    names = [f"Công ty Mẫu Hoa {number}" for number in range(1, 59)]
    for name in [*names, "Trạm Y tế Mẫu", "Trạm Y tế Mẫu"]:
        UnitFactory(name=name, jurisdiction=commune)
    sign_in(OfficerFactory(jurisdiction=commune))
    page.goto(live_server.url + "/don-vi/")
    page.get_by_role("link", name="Dán danh sách").click()
    lines = [f"{at}. {name} - 0912.345.678" for at, name in enumerate(names, start=1)]
    page.locator("textarea").fill("\n".join([*lines, "Trạm Y tế Mẫu", "Đơn vị không có"]))
    page.get_by_role("button", name="Nhận ra các đơn vị").click()
    expect(page.locator(".units-told")).to_contain_text("58 chắc chắn")
    expect(page.locator(".units-told")).to_contain_text("1 cần chọn")
    expect(page.locator(".units-told")).to_contain_text("1 không nhận ra")
    watch.check()
    page.locator(".units-choice select").select_option(index=1)
    page.get_by_role("button", name="Gán nhóm cho các đơn vị này").click()
    page.get_by_label("Nhóm").select_option(label=group.name)
    watch.check()
    page.get_by_role("button", name="Gán cho 59 đơn vị").click()
    expect(page.locator("#messages")).to_contain_text("59 đơn vị")
    assert Unit.objects.filter(sector=group).count() == 59
