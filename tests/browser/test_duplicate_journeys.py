"""A double is seen while typing, found in the list, merged, found by its old code, and taken apart again."""

import pytest
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from tests.factories import UnitFactory
from units.enums import UnitKind
from units.merging.finding import find_duplicates
from units.models import Headcount, Unit, UnitMerge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_pair_is_found_merged_and_taken_apart(signed_in_page, live_server, watch, commune):
    kept = UnitFactory(name="Trường THCS Hoà Bình", kind=UnitKind.SCHOOL, jurisdiction=commune)
    other = UnitFactory(name="Trường Trung học cơ sở Hòa Bình", kind=UnitKind.SCHOOL, jurisdiction=commune)
    for unit, count in ((kept, 40), (other, 45)):
        Headcount.objects.create(unit=unit, year=2026, staff_count=count)
    find_duplicates()
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Cặp đơn vị nghi trùng").click()
    page.locator(".list-table tbody .card-title a").first.click()
    expect(page.get_by_text("Tên giống nhau")).to_be_visible()
    watch.check()

    page.get_by_role("link", name=f"Gộp, giữ {kept.code}").click()
    page.get_by_label("Cán bộ, nhân viên, người lao động: 45").check()
    page.get_by_label("Vì sao hai hồ sơ này là một đơn vị").fill("Nhập hai lần")
    watch.check()
    page.get_by_role("button", name=f"Gộp vào {kept.code}").click()
    expect(page.locator("#messages")).to_contain_text("Mã cũ vẫn tìm ra đơn vị này")
    assert Headcount.objects.get(unit=kept).staff_count == 45

    page.goto(f"{live_server.url}/don-vi/{other.code}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(kept.name)
    expect(page.locator("#messages")).to_contain_text("đã gộp vào đơn vị này")
    watch.check()

    page.goto(f"{live_server.url}/don-vi/trung/da-gop/{UnitMerge.objects.get().pk}/")
    page.get_by_role("link", name="Hoàn tác").click()
    page.get_by_label("Vì sao hoàn tác").fill("Nhầm")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(other.name)
    watch.check()
    assert Unit.objects.open().count() == 2


@pytest.mark.parametrize("width", [1366, 390])
def test_what_typing_tells_moves_no_field(signed_in_page, live_server, commune, width):
    for number in range(4):
        UnitFactory(name=f"Trường THCS Hoà Bình {number or ''}", kind=UnitKind.SCHOOL, jurisdiction=commune)
    page = signed_in_page(Function.ENTER, area=commune)
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(live_server.url + "/don-vi/them/?khoi=school")
    name, hint = page.get_by_label("Tên đơn vị"), page.get_by_text("Có thể đã có trong sổ")
    place = "field => field.getBoundingClientRect().top + window.scrollY"
    before = name.evaluate(place)
    name.press_sequentially("Trường THCS Hòa Bình")
    expect(hint).to_be_visible()
    assert name.evaluate(place) == before
    name.fill("Trường Mầm non Hoa Sen")
    page.get_by_label("Địa chỉ").focus()
    expect(hint).to_have_count(0)
    assert name.evaluate(place) == before


def test_typing_tells_of_a_unit_that_is_there_and_stops_nobody(signed_in_page, live_server, watch, commune):
    UnitFactory(name="Trường THCS Hoà Bình", kind=UnitKind.SCHOOL, jurisdiction=commune)
    page = signed_in_page(Function.ENTER, area=commune)
    page.goto(live_server.url + "/don-vi/them/?khoi=school")
    page.get_by_label("Tên đơn vị").fill("truong trung hoc co so hoa binh")
    page.get_by_label("Địa chỉ").click()
    expect(page.get_by_text("Có thể đã có trong sổ")).to_be_visible()
    watch.check()
    page.get_by_label("Tên đơn vị").fill("Trường Mầm non Hoa Sen")
    page.get_by_label("Địa chỉ").click()
    expect(page.get_by_text("Có thể đã có trong sổ")).to_have_count(0)
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trường Mầm non Hoa Sen")
    watch.check()
