"""Commitments of many units in one go, findings put right from the first page, a figure that opens to its rows."""

import datetime

import pytest
from playwright.sync_api import expect

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.dates import today
from tests.factories import IncidentFactory, InspectionFactory, UnitFactory
from units.models import Commitment, Headcount, Incident, Inspection

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_many_units_sign_in_one_go(signed_in_page, watch, live_server, commune):
    units = [UnitFactory(name=f"Trường Mầm non Hoa {name}", jurisdiction=commune) for name in ("Mai", "Đào", "Ban")]
    Headcount.objects.create(unit=units[0], year=today().year, staff_count=40)
    LegalDocument.objects.create(number="07/CT-BCA-V28", title="Chỉ thị mẫu", aliases="Chỉ thị 07")
    page = signed_in_page(Function.ENTER)
    page.goto(live_server.url + "/chap-hanh/")
    page.get_by_role("link", name="Ghi nhiều đơn vị").click()
    document = page.get_by_label("Thực hiện văn bản")
    document.press_sequentially("chi thi 07")
    expect(page.locator("#id_legal_document-options option")).to_have_count(1)
    document.fill("Chỉ thị 07")
    page.get_by_placeholder("Mỗi dòng một đơn vị").fill(
        "1. Trường MN Hoa Mai\n2. Trường MN Hoa Đào\n3. Trường mầm non Hoa Ban"
    )
    page.get_by_role("button", name="Nhận ra các đơn vị").click()
    expect(page.locator(".units-told")).to_contain_text("3 chắc chắn")
    watch.check()
    page.get_by_role("button", name="Ghi số người của từng đơn vị").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Số người ký của 3 đơn vị")
    expect(page.get_by_label("Tổng số người: Trường Mầm non Hoa Mai")).to_have_value("40")
    page.get_by_label("Ô “Số người ký” để trống").check()
    page.get_by_label("Số người ký: Trường Mầm non Hoa Đào").fill("31")
    page.get_by_label("Tổng số người: Trường Mầm non Hoa Đào").fill("30")
    watch.check()
    page.get_by_role("button", name="Lưu 3 đơn vị").click()
    expect(page.locator("main")).to_contain_text("Còn 1 đơn vị phải xem lại số")
    page.get_by_label("Số người ký: Trường Mầm non Hoa Đào").fill("28")
    page.get_by_role("button", name="Lưu 3 đơn vị").click()
    expect(page.locator(".list-count")).to_contain_text("3 cam kết")
    expect(page.locator(".list-table tbody")).to_contain_text("28 / 30")
    watch.check()
    assert set(Commitment.objects.values_list("signed_count", flat=True)) == {40, 28, None}


def test_findings_are_put_right_from_the_first_page(signed_in_page, watch, live_server, commune):
    late = today() - datetime.timedelta(days=10)
    InspectionFactory(
        unit=UnitFactory(name="Công ty TNHH Mẫu", jurisdiction=commune),
        inspected_on=late - datetime.timedelta(days=20),
        content="Phòng cháy, chữa cháy",
        deadline=late,
    )
    page = signed_in_page(Function.ENTER)
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Kiến nghị quá hạn khắc phục").click()
    expect(page.locator(".list-table tbody")).to_contain_text("Quá hạn 10 ngày")
    watch.check()
    page.get_by_role("link", name="Phòng cháy, chữa cháy").click()
    page.get_by_role("link", name="Ghi đã khắc phục").click()
    page.get_by_label("Kết quả khắc phục").fill("Đã thay bình chữa cháy")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("main")).to_contain_text("Đã thay bình chữa cháy")
    watch.check()
    assert Inspection.objects.get().fixed_on == today()


def test_an_incident_is_counted_and_its_figure_opens_to_it(signed_in_page, watch, live_server, commune):
    unit = UnitFactory(name="Trường THCS Mẫu", jurisdiction=commune)
    IncidentFactory(unit=unit, incident_count=2, occurred_on=today())
    page = signed_in_page(Function.ENTER)
    page.goto(f"{live_server.url}/chap-hanh/vu-viec/them/?don-vi={unit.code}")
    page.get_by_label("Ngày xảy ra").fill(f"{today():%d/%m/%Y}")
    page.get_by_label("Loại vụ việc").select_option(label="Bạo lực học đường")
    page.get_by_label("Tóm tắt", exact=True).fill("Nguyễn Văn Mẫu đánh nhau")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("main")).to_contain_text("Có thể là tên người: “Nguyễn Văn Mẫu”")
    page.get_by_label("Tóm tắt", exact=True).fill("Hai học sinh đánh nhau")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("main")).to_contain_text("Hai học sinh đánh nhau")
    watch.check()
    page.goto(live_server.url + "/chap-hanh/vu-viec/bang/")
    watch.check()
    page.locator("tbody tr").last.get_by_role("link", name="3", exact=True).last.click()
    expect(page.locator(".list-table tbody tr")).to_have_count(2)
    watch.check()
    assert Incident.objects.count() == 2


def test_an_agreement_is_signed_extended_and_deleted(signed_in_page, watch, live_server, commune, province):
    unit = UnitFactory(name="Trường THPT Mẫu", jurisdiction=commune)
    UnitFactory(name="Công ty TNHH Mẫu", jurisdiction=commune)
    page = signed_in_page(Function.ENTER)
    page.goto(live_server.url + "/chap-hanh/phoi-hop/them/")
    page.get_by_label("Loại văn bản").select_option(label="Quy chế phối hợp")
    page.get_by_label("Số, ký hiệu").fill("12/QCPH")
    page.get_by_label("Trích yếu").fill("Phối hợp bảo đảm an ninh, trật tự trường học")
    page.get_by_placeholder("Mỗi dòng một đơn vị").fill("Trường THPT Mẫu")
    page.get_by_label("Cơ quan khác").fill("Hội Cha mẹ học sinh Mẫu")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#ben-ky")).to_contain_text("Trường THPT Mẫu")
    expect(page.locator("#ben-ky")).to_contain_text("Hội Cha mẹ học sinh Mẫu")
    watch.check()
    page.get_by_role("link", name="Thêm bên ký").click()
    page.get_by_placeholder("Mỗi dòng một đơn vị").fill("Công ty TNHH Mẫu")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#ben-ky tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Bỏ Hội Cha mẹ học sinh Mẫu").click()
    expect(page.locator("#ben-ky tbody tr")).to_have_count(2)
    page.goto(live_server.url + unit.get_absolute_url())
    expect(page.locator("#phoi-hop")).to_contain_text("12/QCPH")
    watch.check()
    page.locator("#phoi-hop").get_by_role("link", name="12/QCPH").click()
    page.get_by_role("link", name="Xóa").click()
    watch.check()
    page.get_by_role("button", name="Xóa").click()
    expect(page.locator("main")).to_contain_text("Chưa ghi quy chế")
    watch.check()


def test_a_year_of_parts_and_a_document_called_by_its_short_name(signed_in_page, watch, live_server, commune):
    unit = UnitFactory(name="Trường THPT Mẫu", jurisdiction=commune)
    document = LegalDocument.objects.create(number="07/CT-BCA-V28", title="Chỉ thị mẫu", aliases="Chỉ thị 07")
    page = signed_in_page(Function.ENTER)
    page.goto(live_server.url + unit.get_absolute_url())
    page.get_by_role("link", name="Thêm xếp loại").click()
    page.locator("#id_kind").select_option(label="Phòng, ban, tổ, đội, khoa")
    page.get_by_label("Tổng số đầu mối").fill("12")
    page.get_by_label("Số đầu mối đạt").fill("9")
    watch.check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("main")).to_contain_text("9 / 12 (75,0 %)")
    watch.check()
    page.goto(live_server.url + "/van-ban/?q=chi+thi+07")
    expect(page.locator(".list-table tbody tr")).to_have_count(1)
    watch.check()
    page.get_by_role("link", name=document.number).click()
    expect(page.locator("main")).to_contain_text("Chỉ thị 07")
    watch.check()
