"""What is printed fits the sheet: lists and profiles on A4 upright."""

import pytest

from movement_portal.jurisdictions.enums import Function
from tests.factories import CommitmentFactory, UnitFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: CSS pixels between the margins of an A4 sheet.
SHEET = {"width": 703, "height": 1009}
#: Where the words of the first header and of the first cell begin.
BEGINNINGS = """() => [".list-table thead th:not(.pick)", ".list-table tbody td:not(.pick)"].map((path) => {
  const cell = document.querySelector(path);
  return cell.getBoundingClientRect().x + parseFloat(getComputedStyle(cell).paddingLeft);
})"""
WIDTHS = """() => {
  const root = document.documentElement;
  return [root.scrollWidth, document.querySelector("dl.facts")?.parentElement.clientWidth ?? root.clientWidth];
}"""


@pytest.fixture
def unit(commune):
    names = {"name": "Trung tâm Phục vụ hành chính công của một phường có tên rất dài", "head_name": "Nguyễn Văn Mẫu"}
    unit = UnitFactory(jurisdiction=commune, address="Số 375, Đường số 1, Khu phố 3", head_phone="0912345678", **names)
    CommitmentFactory(unit=unit, content="Không vi phạm pháp luật, không mắc tệ nạn xã hội, bảo đảm an ninh, trật tự")
    return unit


@pytest.mark.parametrize("address", ["/don-vi/", "/chap-hanh/", "/mo-hinh/bien-dong/", "unit"])
def test_a_sheet_holds_the_page(signed_in_page, live_server, unit, address):
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")
    page.goto(live_server.url + (unit.get_absolute_url() if address == "unit" else address))
    whole, facts = page.evaluate(WIDTHS)
    assert whole <= SHEET["width"]
    assert facts >= 0.95 * SHEET["width"]


@pytest.mark.parametrize("address", ["/don-vi/", "unit"])
def test_headers_stand_over_their_columns_on_paper(signed_in_page, live_server, unit, address):
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")
    page.goto(live_server.url + (unit.get_absolute_url() if address == "unit" else address))
    header, cell = page.evaluate(BEGINNINGS)
    assert header == pytest.approx(cell, abs=1)


def test_a_table_of_a_period_says_which_on_paper(signed_in_page, live_server, province):
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(live_server.url + "/mo-hinh/bien-dong/?tu=15/12/2025&den=14/12/2026")
    caption = page.locator("caption")
    assert caption.bounding_box()["height"] <= 1
    page.emulate_media(media="print")
    assert caption.bounding_box()["height"] > 10
    assert "từ 15/12/2025 đến 14/12/2026" in caption.inner_text()


def test_rows_stand_close_on_paper(signed_in_page, live_server, unit):
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.set_viewport_size(SHEET)
    page.goto(live_server.url + "/mo-hinh/bien-dong/")
    row = page.locator(".list-table tbody tr").first
    on_screen = row.bounding_box()["height"]
    page.emulate_media(media="print")
    assert row.bounding_box()["height"] < 0.75 * on_screen
