"""A model from entry to the figure of a report: entered, launched, active, copied, counted."""

import pytest
from playwright.sync_api import expect

from models_registry.models import SelfManagedModel
from movement_portal.jurisdictions.enums import Function
from tests.factories import ModelKindFactory, UnitFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_model_is_entered_lives_is_copied_and_counted(signed_in_page, watch, live_server, commune):
    kind = ModelKindFactory(name="Cổng trường an toàn giao thông")
    lead, partner, other = (
        UnitFactory(name=name, jurisdiction=commune) for name in ("Trường THCS Hoà Bình", "Siêu thị Ban Mai", "Chợ Lớn")
    )
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(f"{live_server.url}/mo-hinh/")
    page.get_by_role("link", name="Thêm mô hình").click()
    page.get_by_label("Loại mô hình").select_option(label=kind.name)
    page.get_by_label("Đơn vị chủ trì").fill(lead.code)
    page.get_by_label("Đơn vị cùng tham gia").fill("1. Siêu thị Ban Mai")
    page.get_by_role("button", name="Nhận ra các đơn vị").click()
    expect(page.locator(".units-found")).to_contain_text("Siêu thị Ban Mai")
    page.get_by_label("Số thành viên").fill("45")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(kind.name)
    expect(page.locator("main")).to_contain_text(partner.name)
    watch.check()

    page.get_by_role("link", name="Ra mắt").click()
    watch.check()
    page.get_by_role("button", name="Ra mắt").click()
    expect(page.locator("main")).to_contain_text("Đang hoạt động")
    page.get_by_role("complementary").get_by_role("link", name="Ghi hoạt động").click()
    page.get_by_label("Nội dung, kết quả").fill("Ra quân giữ trật tự cổng trường")
    page.get_by_label("Lượt người tham gia").fill("1.200")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("main")).to_contain_text("1.200 lượt người tham gia")
    watch.check()

    page.get_by_role("link", name="Nhân rộng tới nhiều đơn vị").click()
    page.get_by_label("Nhân rộng tới các đơn vị").fill(other.name)
    page.get_by_label("Đã ra mắt").check()
    watch.check()
    page.get_by_role("button", name="Nhân rộng", exact=True).click()
    expect(page.locator("#nhan-rong")).to_contain_text(kind.name)

    page.get_by_role("link", name="Mô hình", exact=True).first.click()
    page.get_by_role("link", name="Biến động theo kỳ").click()
    watch.check()
    page.locator("tr.table-total td[data-label='Nhân rộng'] a").click()
    expect(page.locator(".list-count")).to_contain_text("1 mô hình")
    expect(page.locator("tbody")).to_contain_text(other.name)
    watch.check()
    assert SelfManagedModel.objects.count() == 2
