"""The area picker in Chromium: by mouse, by keyboard alone, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from tests.browser import area_pages
from tests.factories import JurisdictionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def areas(province):
    for name in ("Tân Hòa", "Tân Hóa", "Bình Minh"):
        JurisdictionFactory(parent=province, name=name)


@pytest.fixture
def picker(signed_in_page, areas, live_server, settings):
    """The sample page, signed in, with no form sent yet."""
    settings.ROOT_URLCONF = "tests.browser.area_pages"
    area_pages.SENT.clear()
    page = signed_in_page(Function.ENTER)
    page.goto(live_server.url + "/chon/")
    page.wait_for_load_state("networkidle")
    return page


def field(page):
    return page.get_by_label("địa bàn", exact=False).first


def test_an_area_is_chosen_with_the_mouse(picker):
    field(picker).press_sequentially("tan hoa")
    picker.get_by_role("option", name="Xã Tân Hóa").click()
    expect(field(picker)).to_have_value("Xã Tân Hóa, Tỉnh Mẫu")
    picker.get_by_role("button", name="Lưu").click()
    picker.wait_for_load_state("networkidle")
    assert area_pages.SENT == [("Tân Hóa", None)]


def test_an_area_is_chosen_with_the_keyboard_alone(picker):
    box = field(picker)
    box.press_sequentially("tân hòa")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(picker.get_by_role("option")).to_have_count(2)
    box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    expect(picker.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("Xã Tân Hòa, Tỉnh Mẫu")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_be_focused()


def test_escape_closes_the_list_and_keeps_the_text(picker):
    box = field(picker)
    box.press_sequentially("binh")
    expect(picker.get_by_role("listbox")).to_be_visible()
    box.press("Escape")
    expect(picker.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("binh")


def test_what_is_not_found_is_said(picker):
    field(picker).press_sequentially("không có")
    expect(picker.locator(".area-none")).to_have_text("Không có địa bàn nào khớp")


def test_two_pickers_of_a_page_do_not_touch_each_other(picker):
    field(picker).press_sequentially("binh minh")
    picker.get_by_role("option", name="Xã Bình Minh").click()
    other = picker.locator("#id_other")
    other.press_sequentially("tân hóa")
    picker.get_by_role("option", name="Xã Tân Hóa").click()
    expect(field(picker)).to_have_value("Xã Bình Minh, Tỉnh Mẫu")
    picker.get_by_role("button", name="Lưu").click()
    picker.wait_for_load_state("networkidle")
    assert [(name, other.name) for name, other in area_pages.SENT] == [("Bình Minh", "Tân Hóa")]


def test_a_typed_name_is_understood_without_a_choice(picker):
    field(picker).fill("Xã Bình Minh")
    picker.get_by_role("button", name="Lưu").click()
    picker.wait_for_load_state("networkidle")
    assert area_pages.SENT == [("Bình Minh", None)]


def test_the_page_with_an_open_list_stands(picker, watch):
    field(picker).press_sequentially("tan")
    expect(picker.get_by_role("listbox")).to_be_visible()
    watch.check()
