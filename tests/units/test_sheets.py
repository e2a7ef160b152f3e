"""Lists of units as offices send them, the real ones among them."""

import csv
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings
from django.core.management import CommandError, call_command

from movement_portal.spreadsheets.fields import Kind
from movement_portal.spreadsheets.matching import match_columns
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.resources import resource_for
from movement_portal.spreadsheets.sheets import header_test
from tests.factories import UnitFactory
from tests.spreadsheets.lists import Place, run_import, tax_code
from units.enums import SchoolLevel, UnitKind, UnitStatus, UnitSubkind
from units.guessing import kind_of_name, level_of_name, status_of_text, subkind_of_name
from units.models import Grouping, StatusChange, Unit
from units.sheets.units import UNITS

REAL = Path(settings.BASE_DIR).parent / "shared" / "data" / "real"


@pytest.fixture
def place(db):
    return Place()


# -- files -------------------------------------------------------------------------------------------------------------
def school_list(path, rows=360, *, title=True):
    """A list as the city's education office exports it: title, header in row 4, codes partly numbers."""
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet()
    first = 0
    if title:
        sheet.merge_range(0, 0, 0, 6, "DANH SÁCH THÔNG TIN HỒ SƠ TRƯỜNG")
        sheet.merge_range(1, 0, 1, 6, "NĂM HỌC: 2019-2020")
        first = 3
    head = ["Mã trường", "Tên trường", "Sở GD&ĐT", "Phòng GD&ĐT", "Địa chỉ", "Loại hình", "Loại trường", "Cấp"]
    sheet.write_row(first, 0, head)
    for number in range(rows):
        code = 79000700 + number if number % 3 else f"79000C{number:02d}" if number < 100 else f"7900Q{number}"
        office = f"Phòng GDĐT Mẫu {number % 24}" if number % 5 else ""
        sheet.write_row(
            first + 1 + number,
            0,
            [code, f"THCS Mẫu {number // 2}", "Sở Giáo dục và Đào tạo Mẫu", office, "1 Lê Lợi\nKhu 2", "Công lập",
             "Trường phổ thông", "THCS"],
        )  # fmt: skip
    workbook.close()
    return path


def centre_list(path):
    """The same export for centres: header in row 1, no Phòng."""
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["Mã trường", "Tên trường", "Sở GD&ĐT", "Địa chỉ", "Loại hình", "Loại trường", "Cấp"])
    for number in range(34):
        cells = [79000901.0 + number, f"TT GDTX Mẫu {number}", "Sở Giáo dục Mẫu", f"{number} Hai Bà", "Công lập"]
        sheet.write_row(number + 1, 0, [*cells, "", "TX"])
    workbook.close()
    return path


def company_list(path):
    """Companies whose names begin with the tax code; 30 codes come twice."""
    codes = [tax_code(number) for number in range(1, 509)]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["source_file", "tax_code", "company_name", "address", "status", "date", "industry"])
        for code in [*codes, *codes[:30]]:
            writer.writerow(["mẫu", code, f"{code} - CÔNG TY TNHH MẪU {code}", "1 Lê Lợi", "Đang hoạt động", "", ""])
    return path


MADE = {
    "schools-lower-secondary.xlsx": (school_list, 4, 360, 0),
    "schools-continuing-education.xlsx": (centre_list, 1, 34, 0),
    "enterprises.csv": (company_list, 1, 508, 30),
}


def files(folder):
    """The lists that are there: real ones where they lie beside the repository, and one made like each."""
    cases = [pytest.param(name, None, id=f"made-{name}") for name in MADE]
    return cases + [pytest.param(name, folder / name, id=f"real-{name}") for name in MADE if (folder / name).exists()]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "path"), files(REAL))
def test_a_real_list_goes_in_and_again_changes_nothing(place, tmp_path, name, path):
    make, header_row, new, refused = MADE[name]
    path = path or make(tmp_path / name)
    options = {"officer": place.above.username, "area": place.province.code}
    preview = run_import(path, **options)
    assert preview["header_row"] == header_row
    assert preview["counts"] == {"new": new, "changed": 0, "same": 0, "refused": refused}
    assert not Unit.objects.exists()
    assert not ImportBatch.objects.exists()
    run_import(path, commit=True, **options)
    assert Unit.objects.count() == new
    again = run_import(path, **options)
    assert again["counts"] == {"new": 0, "changed": 0, "same": new, "refused": refused}
    assert len(again["refused"]) == refused
    assert all("Trùng với dòng" in each["reason"] for each in again["refused"])


# -- fields ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Tên đơn vị", "name"),
        ("TÊN CƠ QUAN, DOANH NGHIỆP, NHÀ TRƯỜNG", "name"),
        ("company_name", "name"),
        ("Tên DN", "name"),
        ("MST", "tax_code"),
        ("Mã số thuế/MSDN", "tax_code"),
        ("Hiệu trưởng", "head_name"),
        ("Giám đốc", "head_name"),
        ("SĐT", "head_phone"),
        ("Điện thoại (nếu có)", "head_phone"),
        ("Xã/phường", "jurisdiction"),
        ("Quận/Huyện", "area_district"),
        ("Sở GD&ĐT", "governing_body"),
        ("Phòng GD&ĐT", "education_office"),
        ("Số CB-GV-NV", "staff_count"),
        ("Số học sinh năm 2024", "learner_count@2024"),
        ("Năm học 2023-2024 > Số học sinh", "learner_count@2023"),
        ("Địa chỉ trụ sở chính", "address"),
        ("STT", ""),
        ("Cột lạ", ""),
    ],
)
def test_headers_find_their_field(header, key):
    assert match_columns(UNITS, [header], [])[0].key == key


def test_of_columns_under_one_header_the_whole_is_meant():
    headers = ["Số lao động > Chuyên trách", "Số lao động > Tổng CBCNV", "Số lao động > Nữ"]
    assert [match.key for match in match_columns(UNITS, headers, [])] == ["", "staff_count", ""]


def test_a_column_of_tax_codes_is_known_by_its_content():
    rows = [[tax_code(number)] for number in range(5)]
    assert match_columns(UNITS, ["Cột 7"], rows)[0].key == "tax_code"


def test_every_header_means_one_field():
    claims = {}
    for each in UNITS.fields:
        for name in each.names:
            claims.setdefault(name, []).append(each.name)
    assert {name: fields for name, fields in claims.items() if len(fields) > 1} == {}


# -- what names and words tell -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Trường THCS Mẫu", UnitKind.SCHOOL),
        ("TT GDNN-GDTX Mẫu", UnitKind.SCHOOL),
        ("CÔNG TY TNHH MẪU", UnitKind.ENTERPRISE),
        ("HTX Nông nghiệp Mẫu", UnitKind.ENTERPRISE),
        ("UBND phường Mẫu", UnitKind.AGENCY),
        ("Sở Giáo dục và Đào tạo", UnitKind.AGENCY),
        ("Mẫu", None),
    ],
)
def test_a_name_tells_the_kind(name, kind):
    assert kind_of_name(name) == kind


@pytest.mark.parametrize(
    ("name", "subkind"),
    [
        ("CÔNG TY TNHH MỘT THÀNH VIÊN MẪU", UnitSubkind.LIMITED_COMPANY),
        ("CÔNG TY TRÁCH NHIỆM HỮU HẠN MẪU", UnitSubkind.LIMITED_COMPANY),
        ("CÔNG TY CỔ PHẦN MẪU", UnitSubkind.JOINT_STOCK),
        ("CHI NHÁNH CÔNG TY TNHH MẪU", UnitSubkind.BRANCH),
        ("006 - VĂN PHÒNG ĐẠI DIỆN CÔNG TY CỔ PHẦN MẪU", UnitSubkind.BRANCH),
        ("HỢP TÁC XÃ MẪU", UnitSubkind.COOPERATIVE),
        ("DNTN MẪU", UnitSubkind.PRIVATE_ENTERPRISE),
        ("MẪU", None),
    ],
)
def test_a_name_tells_the_subkind(name, subkind):
    assert subkind_of_name(name, "enterprise") == subkind


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Trường Tiểu học Mẫu", SchoolLevel.PRIMARY),
        ("TH - THCS - THPT Mẫu", SchoolLevel.MIXED),
        ("TT GDNN-GDTX Quận 1", SchoolLevel.CONTINUING),
        ("Trường Mầm non Mẫu", SchoolLevel.KINDERGARTEN),
        ("Trường Đại học Mẫu", SchoolLevel.UNIVERSITY),
        ("Trường Mẫu", None),
    ],
)
def test_a_name_tells_the_level(name, level):
    assert level_of_name(name) == level


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", UnitStatus.ACTIVE),
        ("Đang hoạt động (đã được cấp GCN ĐKT)", UnitStatus.ACTIVE),
        ("Tạm ngừng KD có thời hạn", UnitStatus.SUSPENDED),
        ("Ngừng hoạt động và đã hoàn thành thủ tục chấm dứt hiệu lực MST", UnitStatus.DISSOLVED),
        ("Ngừng HĐ nhưng chưa hoàn thành thủ tục chấm dứt hiệu lực MST", None),
        ("Không hoạt động tại địa chỉ đã đăng ký", None),
    ],
)
def test_words_tell_the_status(text, status):
    assert status_of_text(text) == status


# -- rows --------------------------------------------------------------------------------------------------------------
SCHOOL = ["Mã trường", "Tên trường", "Sở GD&ĐT", "Phòng GD&ĐT", "Loại hình", "Loại trường", "Cấp", "Xã, phường"]


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


COMPANY = ["tax_code", "company_name", "status", "Ngày tạm ngừng", "industry", "Xã, phường"]


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


# -- out and in again --------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_what_goes_out_comes_in_the_same(place):
    place.committed(
        [*SCHOOL, "Số học sinh năm 2024", "Điện thoại", "Địa chỉ", "Có tổ chức Đảng", "Ghi chú"],
        ["79000707", "=THCS", "Sở Mẫu", "", "Tư thục", "", "THCS", "An Phú", "1.250", "0912345678", "Số 1", "x", "@"],
    )  # fmt: skip
    UnitFactory(name="Sở @Mẫu", jurisdiction=place.commune, size_revenue_amount=1_500_000_000, is_state_budget=False)
    resource = resource_for("units", queryset=Unit.objects.all())
    labels = [column.label for column in resource.columns()]
    rows = [["" if value is None else value for value in row] for row in resource.rows(Unit.objects.all())]
    batch = place.checked(labels, *rows)
    assert [found.changes for found in batch.rows.all()] == [{}, {}]
    assert batch.counts["same"] == 2


def test_every_stored_field_goes_out():
    labels = {column.label for column in resource_for("units", queryset=Unit.objects.none()).columns()}
    missing = {each.label for each in UNITS.stored_fields if not each.hidden and each.exported} - labels
    assert missing == set()


def test_the_resource_of_import_export_gives_the_same_rows(place):
    UnitFactory(jurisdiction=place.ward, tax_code=tax_code(1))
    resource = resource_for("units", queryset=Unit.objects.all())
    data = resource.export(Unit.objects.all())
    assert data.headers == [column.label for column in resource.columns()]
    assert data["Mã số thuế"] == [tax_code(1)]
    assert data["Xã, phường"] == ["Phường An Phú"]


# -- command -----------------------------------------------------------------------------------------------------------
def list_file(tmp_path, *rows):
    path = tmp_path / "danh-sach.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_the_command_takes_a_mapping_and_common_values(place, tmp_path):
    path = list_file(tmp_path, ["Cột lạ", "Nơi"], ["Sở Mẫu", "An Phú"], ["Sở Khác", "Bình Lộc"])
    answer = run_import(
        path, officer=place.officer.username, map=["Cột lạ=name", "Nơi=Xã, phường"], set=["kind=Cơ quan"], commit=True
    )
    assert answer["mapping"] == {"Cột lạ": "name", "Nơi": "jurisdiction"}
    assert answer["counts"]["new"] == 2
    assert set(Unit.objects.values_list("kind", flat=True)) == {"agency"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"officer": "không-ai"}, "Không có cán bộ"),
        ({"area": "99999"}, "Không có địa bàn"),
        ({"map": ["Không có=name"]}, "Không có cột"),
        ({"map": ["Tên đơn vị=không"]}, "không có trường"),
        ({"map": ["Tên đơn vị"]}, "A=B"),
    ],
)
def test_the_command_refuses(place, tmp_path, options, message):
    path = list_file(tmp_path, ["Tên đơn vị", "Khối", "Xã, phường"], ["Sở Mẫu", "Cơ quan", "An Phú"])
    with pytest.raises(CommandError, match=message):
        call_command("import_sheet", "units", str(path), **{"officer": place.officer.username, **options})


def test_the_command_asks_for_the_right(place, tmp_path):
    path = list_file(tmp_path, ["Tên đơn vị"], ["Sở Mẫu"])
    with pytest.raises(CommandError, match="không có quyền"):
        call_command("import_sheet", "units", str(path), officer=place.clerk.username)


def test_the_command_keeps_to_the_reach_of_the_officer(place, tmp_path):
    path = list_file(tmp_path, ["Tên đơn vị", "Khối", "Xã, phường"], ["A", "Cơ quan", "Bình Lộc"])
    answer = run_import(path, officer=place.local.username)
    assert answer["counts"]["refused"] == 1
    with pytest.raises(CommandError):
        run_import(path, officer=place.local.username, area=place.commune.code)


def test_all_or_nothing_ends_with_its_own_code(place, tmp_path):
    path = list_file(
        tmp_path, ["Tên đơn vị", "Khối", "Xã, phường"], ["A", "Cơ quan", "An Phú"], ["", "Cơ quan", "An Phú"]
    )
    with pytest.raises(CommandError) as caught:
        run_import(path, officer=place.officer.username, commit=True, all_or_nothing=True)
    assert caught.value.returncode == 3
    assert not Unit.objects.exists()


def test_a_file_that_cannot_be_read_is_told(place, tmp_path):
    path = tmp_path / "sai.xlsx"
    path.write_bytes(b"%PDF-1.4")
    with pytest.raises(CommandError):
        call_command("import_sheet", "units", str(path), officer=place.officer.username)
    assert not ImportBatch.objects.exists()


def test_the_command_speaks_vietnamese(place, tmp_path, capsys):
    path = list_file(tmp_path, ["Tên đơn vị", "Khối", "Xã, phường"], ["A", "Cơ quan", "An Phú"])
    call_command("import_sheet", "units", str(path), officer=place.officer.username)
    assert "1 thêm mới" in capsys.readouterr().out


def test_fields_have_kinds_that_can_be_read():
    for each in UNITS.fields:
        assert each.kind in Kind
        assert each.relation or each.kind != Kind.RELATION
    assert header_test(UNITS)("Tên đơn vị")
