"""What is a number of identity papers in a text and what is not: over texts as officers write them."""

import pytest

from movement_portal.lib.masking import mask_in_text, refusal

#: Texts with a number, and the number as it is masked. No province is 000.
NUMBERS = [
    ("Bảo vệ số 000123456789", "000••••••789"),
    ("CCCD:000123456789.", "000••••••789"),
    ("CCCD000123456789", "000••••••789"),
    ("000 123 456 789", "000••••••789"),
    ("000.123.456.789, cấp 01/02/2021", "000••••••789"),
    ("000-123-456-789", "000••••••789"),
    ("000–123–456–789", "000••••••789"),
    ("000\u00a0123\u00a0456\u00a0789", "000••••••789"),
    ("0001 2345 6789", "000••••••789"),
    ("000 1 23 456789", "000••••••789"),
    ("0 0 0 1 2 3 4 5 6 7 8 9", "000••••••789"),
    ("Ông A (000123456789) và bà B", "000••••••789"),
    ("Nguyễn Văn Mẫu 000123456789 0912345678", "000••••••789"),
    ("000 123 456 789 0912 345 678", "000••••••789"),
    ("0912345678 000123456789", "000••••••789"),
    ("0912 345 678\n000 123 456 789", "000••••••789"),
    ("000123456789 01.02.1990", "000••••••789"),
    ("Nguyễn Văn Mẫu, CCCD 000 123 456 789", "000••••••789"),
    ("căn cước 000.123.456.789", "000••••••789"),
    ("CMND 001234567", "001•••567"),
    ("CMND số: 001 234 567 cấp ngày 01/02/2010", "001•••567"),
    ("c.m.n.d 001234567", "001•••567"),
    ("chứng minh nhân dân của ông Nguyễn Văn Mẫu: 001.234.567", "001•••567"),
    ("Chứng minh thư 001234567", "001•••567"),
    ("giấy CMTND cũ 001234567, đã đổi", "001•••567"),
    ("căn cước công dân 999123456789", "999••••••789"),
    ("CMND 001234567 01.02.2010", "001•••567"),
]
#: Texts as they stand in the real lists, none of which holds such a number.
NOT_NUMBERS = [
    "Mã số thuế 0312345678",
    "MST 0312345678-001",
    "0312345678001",
    "Điện thoại 0912345678, 0987654321",
    "0912 345 678 - 0987 654 321",
    "0912.345.678 0987.654.321",
    "0912345678 0987654321",
    "0912 345 678 12 cuộc",
    "Máy lẻ: 0272.3851.234 12",
    "02723 851 234 1",
    "+84 912 345 678; 0084912345678",
    "Mã trường 79000301, mã ngành 79-000-301",
    "Mã QHNS 1012345",
    "Doanh thu 123.456.789.012 đồng",
    "1.012.345.678.901 đồng",
    "Kinh phí 250.000.000 đồng",
    "Cấp 120 CMND; kinh phí 250.000.000 đồng",
    "Thu nhận hồ sơ căn cước: 250.000.000 đồng",
    "Quyết định 0123/QĐ-UBND ngày 01/02/2025",
    "Từ 01.02.2025-05.02.2025",
    "01-02-2025 05-02",
    "01.02.2025 - 05.02.2025",
    "Các tổ 01 02 03 04 05 06",
    "Tháng 02 2024 03 2024",
    "GCN số 000012/GCN-HLBV",
    "Từ 07:30 đến 11:00, 13:30 đến 16:30",
    "Đường CMT8, số 123456789",
    "Số 123456789 trong sổ",
    "Bảo hiểm xã hội 0123456789",
    "Tài khoản 0071001234567",
    "Kế hoạch 07/CT-BCA-V28, 1.727 đơn vị, 83,3 %",
    "Thông tư 124/2021/TT-BCA, 45/2019/NĐ-CP",
    "ĐV-00012345",
    "Tọa độ 10.012345678901, 106.7",
    "sha256 9f86d081884c7d659a2f000123456789ae0c15ad0e8ee5c1b2b",
    "Ngày hội 2024 2025 2026",
    "",
]


@pytest.mark.parametrize(("text", "masked"), NUMBERS)
def test_a_number_is_masked_and_refused(text, masked):
    assert masked in mask_in_text(text)
    assert masked in refusal(text)


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_is_no_number_is_left_alone(text):
    assert mask_in_text(text) == text
    assert refusal(text) == ""


def test_every_number_of_a_text_is_masked():
    text = "CCCD 000123456789, ĐT 0912345678, 000 123 456 789; doanh thu 123.456.789.012"
    assert mask_in_text(text) == "CCCD 000••••••789, ĐT 0912345678, 000••••••789; doanh thu 123.456.789.012"


def test_telephone_numbers_beside_one_another_are_left_where_telephones_stand():
    assert mask_in_text("0100 0000 0102", is_phone=True) == "0100 0000 0102"
    assert mask_in_text("000123456789", is_phone=True) == "000••••••789"


def test_the_refusal_says_what_to_do_and_not_the_number():
    said = refusal("Theo căn cước 000123456789")
    assert "Ghi số định danh vào ô “Số định danh cá nhân”" in said
    assert "000123456789" not in said
