"""What every page shares, in Chromium: the frame, lists, forms, and the watch itself."""

import re

import pytest
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from tests.browser import sample_pages
from tests.browser.watching import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page, settings):
    settings.ROOT_URLCONF = "tests.browser.sample_pages"
    sample_pages.SENT.clear()
    return page


@pytest.fixture
def visit(signed_in_page, live_server):
    """``visit(address)``: the sample page, signed in."""
    page = signed_in_page(Function.ENTER)

    def visit(address):
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        return page

    return visit


@pytest.mark.parametrize("address", ["/", "/bieu-mau/"])
def test_lists_and_forms_stand(visit, watch, address):
    visit(address)
    watch.check()


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("/loi/may-la/", "asked another host"),
        ("/loi/kieu-trong-dong/", "Content Security Policy"),
        ("/loi/qua-rong/", "wider than the screen"),
        ("/loi/thieu-nhan/", "axe at 390: label"),
        ("/loi/qua-nang/", "first view of"),
    ],
)
def test_the_watch_sees(visit, watch, address, fault):
    visit(address)
    with pytest.raises(AssertionError, match=fault):
        watch.check()


def test_slash_goes_to_the_search_box(visit):
    page = visit("/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("thcs/1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/don-vi/tim/\?q=thcs%2F1$"))


def test_rows_are_dense_and_the_header_stays(visit):
    page = visit("/")
    assert page.locator("tbody tr").first.bounding_box()["height"] <= 36
    before = page.locator("thead th").first.bounding_box()["y"]
    page.locator(".list-scroll").evaluate("(list) => list.scrollTo(0, 400)")
    assert page.locator("thead th").first.bounding_box()["y"] == pytest.approx(before, abs=1)


def test_figures_are_of_one_width(visit):
    page = visit("/")
    narrow, wide = page.evaluate(
        """() => ["1111", "0000"].map((text) => {
          const span = document.body.appendChild(document.createElement("span"));
          span.textContent = text;
          return span.getBoundingClientRect().width;
        })"""
    )
    assert narrow == wide


def test_a_list_becomes_cards_on_a_phone(visit):
    page = visit("/")
    page.set_viewport_size(PHONE)
    cell = page.locator("tbody tr").first.locator("td").nth(1)
    assert cell.evaluate("(cell) => getComputedStyle(cell, '::before').content") == '"Địa bàn"'


def test_the_navigation_folds_on_a_phone(visit):
    page = visit("/")
    page.set_viewport_size(PHONE)
    expect(page.locator("#navigation")).not_to_be_visible()
    page.get_by_role("button", name="Danh mục").click()
    expect(page.locator("#navigation")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#navigation")).not_to_be_visible()
    expect(page.get_by_role("button", name="Danh mục")).to_be_focused()


def test_the_officers_menu_closes_on_escape(visit):
    page = visit("/")
    page.locator("details.menu summary").click()
    expect(page.locator(".menu-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".menu-panel")).not_to_be_visible()


def test_the_skip_link_leads_past_the_navigation(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def fill(page):
    page.get_by_label("tên đơn vị").fill("Trường THCS Mẫu")
    page.get_by_label("THCS", exact=True).check()


def test_enter_moves_on_and_ctrl_enter_saves(visit):
    page = visit("/bieu-mau/")
    page.get_by_label("tên đơn vị").fill("Trường THCS Mẫu")
    page.keyboard.press("Enter")
    expect(page.get_by_label("loại hình")).to_be_focused()
    page.get_by_label("THCS", exact=True).check()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert [sent["name"] for sent in sample_pages.SENT] == ["Trường THCS Mẫu"]


def test_a_second_click_sends_nothing(visit):
    page = visit("/bieu-mau/")
    fill(page)
    with page.expect_navigation():
        page.evaluate("""() => {
          const button = document.querySelector("[type=submit][name=save]");
          button.click();
          button.click();
        }""")
    page.wait_for_load_state("networkidle")
    assert len(sample_pages.SENT) == 1


def test_errors_are_summed_up_with_links(visit, watch):
    page = visit("/bieu-mau/")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a", has_text="tên đơn vị").click()
    expect(page.get_by_label("tên đơn vị")).to_be_focused()
    watch.check()


def test_leaving_with_unsaved_changes_asks(visit):
    page = visit("/bieu-mau/")
    page.locator("#id_name").press_sequentially("Trường")
    expect(page.locator("#id_name")).to_have_class(re.compile("is-changed"))
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Quay lại").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("box", ["#id_has_party", "input[name=level]"])
def test_a_chosen_box_looks_chosen(visit, box):
    page = visit("/bieu-mau/")
    page.locator(box).first.check()
    page.mouse.click(5, 5)
    main = page.evaluate("getComputedStyle(document.querySelector('.btn-primary')).backgroundColor")
    expect(page.locator(box).first).to_have_css("background-color", main)


@pytest.mark.parametrize(
    ("typed", "date"),
    [("1/9/25", "01/09/2025"), ("01092025", "01/09/2025"), ("1.9.2025", "01/09/2025"), ("31/2/2025", "31/2/2025")],
)
def test_dates_are_completed(visit, typed, date):
    page = visit("/bieu-mau/")
    page.locator("#id_founded").fill(typed)
    page.keyboard.press("Tab")
    expect(page.locator("#id_founded")).to_have_value(date)
    assert ("is-invalid" in page.locator("#id_founded").get_attribute("class")) == (date == typed)


def test_the_calendar_picks_a_day_and_leaves_typing_alone(visit, watch):
    page = visit("/bieu-mau/")
    page.locator("#id_founded").fill("1/9/2025")
    page.get_by_role("button", name="Mở lịch").click()
    expect(page.locator(".datepicker.active")).to_contain_text("Tháng 9 2025")
    watch.check()
    page.locator(".datepicker-cell.day:not(.prev):not(.next)", has_text="15").click()
    expect(page.locator("#id_founded")).to_have_value("15/09/2025")
    page.locator("#id_founded").fill("2/9/25")
    page.keyboard.press("Tab")
    expect(page.locator("#id_founded")).to_have_value("02/09/2025")


def test_the_chosen_file_is_named(visit):
    page = visit("/bieu-mau/")
    page.locator("#id_decision").set_input_files({"name": "qđ.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    expect(page.locator(".file-name")).to_have_text("qđ.pdf")


def test_htmx_carries_the_token_and_says_what_was_refused(visit):
    page = visit("/htmx/")
    page.get_by_role("button", name="Ghi").click()
    expect(page.locator("#answer")).to_have_text("đã ghi")
    page.get_by_role("button", name="Hỏi").click()
    expect(page.locator("#messages")).to_contain_text("không có quyền")
