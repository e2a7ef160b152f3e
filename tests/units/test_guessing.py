"""What names and words tell of a unit."""

import pytest

from units.enums import SchoolLevel, UnitKind, UnitStatus, UnitSubkind
from units.guessing import kind_of_name, level_of_name, status_of_text, subkind_of_name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Trường THCS Mẫu", UnitKind.SCHOOL),
        ("TT GDNN-GDTX Mẫu", UnitKind.SCHOOL),
        ("CÔNG TY TNHH MẪU", UnitKind.ENTERPRISE),
        ("HTX Nông nghiệp Mẫu", UnitKind.ENTERPRISE),
        ("UBND phường Mẫu", UnitKind.AGENCY),
        ("Sở Giáo dục và Đào tạo", UnitKind.AGENCY),
        ("trg MN Hoa Mai", UnitKind.SCHOOL),
        ("Trg.TH Lê Lợi", UnitKind.SCHOOL),
        ("Tr. Mẫu", UnitKind.SCHOOL),
        ("TrTH Kim Đồng", UnitKind.SCHOOL),
        ("MN Hoa Sen", UnitKind.SCHOOL),
        ("MG Họa Mi", UnitKind.SCHOOL),
        ("PTDTNT Mẫu", UnitKind.SCHOOL),
        ("C.TY CP Mẫu", UnitKind.ENTERPRISE),
        ("CTy TNHH MTV XNK Mẫu", UnitKind.ENTERPRISE),
        ("CTCP Mẫu", UnitKind.ENTERPRISE),
        ("NHTMCP Mẫu", UnitKind.ENTERPRISE),
        ("DN tư nhân Mẫu", UnitKind.ENTERPRISE),
        ("TTYT Mẫu", UnitKind.AGENCY),
        ("BCHQS phường Mẫu", UnitKind.AGENCY),
        ("TH True Milk", None),
        ("Trần Phú", None),
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
        ("C.TY CP MẪU", UnitSubkind.JOINT_STOCK),
        ("CTY TNHH MẪU", UnitSubkind.LIMITED_COMPANY),
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
