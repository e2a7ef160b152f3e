"""Which field a column of a list of units means."""

import pytest

from movement_portal.spreadsheets.fields import Kind
from movement_portal.spreadsheets.matching import match_columns
from movement_portal.spreadsheets.sheets import header_test
from tests.spreadsheets.lists import tax_code
from units.sheets.units import UNITS


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Tên đơn vị", "name"),
        ("TÊN CƠ QUAN, DOANH NGHIỆP, NHÀ TRƯỜNG", "name"),
        ("company_name", "name"),
        ("Tên DN", "name"),
        ("Đ/c", "address"),
        ("SL CBCNV", "staff_count"),
        ("Thuộc địa bàn phường/xã", "jurisdiction"),
        ("HỌ VÀ TÊN CHỦ DN", "head_name"),
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


def test_fields_have_kinds_that_can_be_read():
    for each in UNITS.fields:
        assert each.kind in Kind
        assert each.relation or each.kind != Kind.RELATION
    assert header_test(UNITS)("Tên đơn vị")


@pytest.mark.parametrize(
    ("texts", "is_name"),
    [
        (["Công ty A", "Trường Mầm non B", "UBND xã C"], True),
        (["Nguyễn Văn Mẫu", "Trần Thị Mẫu", "Lê Văn Mẫu"], False),
        (["Công ty A ĐC: Số 1", "Trường B ĐT: 0912345678", "Trạm C Địa chỉ: Số 2"], False),
    ],
)
def test_a_column_of_names_of_units_is_told_by_its_content(texts, is_name):
    (match,) = match_columns(UNITS, ["Nội dung"], [[text] for text in texts])
    assert (match.key == "name") is is_name
