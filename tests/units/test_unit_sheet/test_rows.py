"""What a row of a list of units becomes."""

from tests.factories import UnitFactory
from tests.spreadsheets.lists import tax_code
from tests.units.test_unit_sheet.rows import COMPANY, SCHOOL
from units.models import Grouping, StatusChange, Unit


def test_a_school_of_an_education_office(place):
    cells = ["79000707", "THCS Mẫu", "Sở Mẫu", "Phòng Mẫu", "Tư thục", "Năng khiếu", "THCS", "An Phú"]
    place.committed(SCHOOL, cells)
    unit = Unit.objects.get()
    assert (unit.kind, unit.subkind, unit.school_level) == ("school", "school__private", "lower_secondary")
    assert unit.governing_body.name == "Phòng Mẫu"
    assert unit.note == "Loại trường: Năng khiếu"


def test_a_governing_body_is_made_once(place):
    rows = [[f"7900070{n}", f"THCS {n}", "Sở Mẫu", "", "Công lập", "", "THCS", "An Phú"] for n in range(3)]
    place.committed(SCHOOL, *rows)
    assert Grouping.objects.get().governed_units.count() == 3


def test_who_may_not_add_a_governing_body_keeps_its_name(place):
    place.committed(SCHOOL, ["79000707", "THCS", "Sở Mẫu", "", "Công lập", "", "THCS", "An Phú"], by=place.local)
    unit = Unit.objects.get()
    assert (unit.governing_body, unit.note) == (None, "Cơ quan chủ quản: Sở Mẫu")


def test_the_tax_code_in_front_of_a_name_goes(place):
    batch = place.committed(COMPANY, [tax_code(1), f"{tax_code(1)} - CÔNG TY CỔ PHẦN MẪU", "", "", "", "An Phú"])
    unit = Unit.objects.get()
    assert (unit.name, unit.subkind) == ("CÔNG TY CỔ PHẦN MẪU", "enterprise__joint_stock")
    assert tax_code(1) in batch.rows.get().notices[0]["text"]


def test_a_branch_finds_its_company_in_the_file(place):
    code = tax_code(1)
    place.committed(
        COMPANY,
        [f"{code}-001", "CHI NHÁNH MẪU", "", "", "", "An Phú"],
        [code, "CÔNG TY TNHH MẪU", "", "", "", "An Phú"],
    )
    branch = Unit.objects.get(tax_code=f"{code}-001")
    assert (branch.parent.tax_code, branch.version) == (code, 1)


def test_a_branch_finds_its_company_in_the_register(place):
    company = UnitFactory(tax_code=tax_code(1), kind="enterprise", jurisdiction=place.ward)
    place.committed(COMPANY, [f"{tax_code(1)}-001", "CHI NHÁNH MẪU", "", "", "", "An Phú"])
    assert Unit.objects.get(tax_code__endswith="-001").parent == company


def test_a_suspended_company_with_its_date(place):
    place.committed(COMPANY, [tax_code(1), "CÔNG TY MẪU", "Tạm ngừng KD có thời hạn", "01/02/2026", "", "An Phú"])
    unit = Unit.objects.get()
    assert (unit.status, f"{unit.status_on:%d/%m/%Y}") == ("suspended", "01/02/2026")
    assert StatusChange.objects.get().to_status == "suspended"


def test_a_suspended_company_without_a_date_keeps_the_words(place):
    place.committed(COMPANY, [tax_code(1), "CÔNG TY MẪU", "Tạm ngừng KD có thời hạn", "", "", "An Phú"])
    unit = Unit.objects.get()
    assert unit.status == "active"
    assert "Tạm ngừng KD có thời hạn" in unit.note


def test_an_import_changes_no_status(place):
    UnitFactory(tax_code=tax_code(1), kind="enterprise", name="CÔNG TY MẪU", jurisdiction=place.ward)
    cells = [tax_code(1), "CÔNG TY MẪU", "Tạm ngừng KD có thời hạn", "01/02/2026", "", "An Phú"]
    assert place.committed(COMPANY, cells).counts["changed"] == 0


def test_a_long_business_line_is_kept_whole(place):
    text = "Bán buôn thực phẩm, đồ uống và hàng tiêu dùng khác " * 20
    place.committed(COMPANY, [tax_code(1), "CÔNG TY MẪU", "", "", text, "An Phú"])
    unit = Unit.objects.get()
    assert len(unit.business_line) <= 255
    assert text.strip() in unit.note
    assert place.committed(COMPANY, [tax_code(1), "CÔNG TY MẪU", "", "", text, "An Phú"]).counts["same"] == 1


def test_a_kind_for_the_whole_list(place):
    head = ["Tên đơn vị", "Xã, phường"]
    assert place.checked(head, ["Mẫu", "An Phú"]).counts["refused"] == 1
    place.committed(head, ["Mẫu", "An Phú"], constants={"kind": "agency"})
    assert Unit.objects.get().kind == "agency"


def test_an_unknown_internal_code_is_refused(place):
    batch = place.checked(["Mã đơn vị", "Tên đơn vị", "Khối", "Xã, phường"], ["DV9999999", "A", "Cơ quan", "An Phú"])
    assert batch.counts["refused"] == 1
