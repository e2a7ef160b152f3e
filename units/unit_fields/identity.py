"""What a unit is and where it lies."""

import re

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.fields import BY_NAME, Field, Kind, Lookup, Merge, Relation
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import Parsed, shown
from units.codes import parse_tax_code
from units.guessing import level_of_text
from units.models import Unit
from units.unit_fields.cells import AS_WRITTEN, KINDS, LEVELS, SUBKINDS, parse_area_code


def parse_subkind(cell: Cell) -> Parsed:
    """A sub-kind; other words (“Doanh nghiệp”, “Trường chuyên”) are kept as written for the hooks."""
    choice = SUBKIND.choice_index.get(fold(shown(cell)))
    return Parsed(choice.value if choice else AS_WRITTEN + shown(cell))


def parse_level(cell: Cell) -> Parsed:
    """A school level; several in one cell (“THCS, THPT”) make a school of several levels."""
    return Parsed(level_of_text(shown(cell), LEVEL.choice_index) or AS_WRITTEN + shown(cell))


#: How names of units begin; a column of such texts is one of names, whatever its header says.
_UNIT_NAME = re.compile(
    # Not where the address and the telephone stand in the same cell.
    r"(?!.*\b(đc|đt|sđt|địa chỉ|điện thoại)\s*[:.])"
    r"(công ty|cty|ctcp|dntn|doanh nghiệp tư nhân|htx|hợp tác xã|chi nhánh|xí nghiệp|nhà máy|ngân hàng"
    r"|trường|mầm non|mẫu giáo|ubnd"
    r"|ủy ban|uỷ ban|trạm|trung tâm|chi cục|bệnh viện|ban quản lý|bưu điện|kho bạc|tòa án|bảo hiểm xã hội)"
    r"\b.+",
    re.IGNORECASE,
)

CODE = Field(
    name="code",
    label="Mã đơn vị",
    kind=Kind.CODE,
    column="code",
    synonyms=("mã số đơn vị", "mã nội bộ"),
    help="Mã do sổ cấp; để trống khi thêm đơn vị mới.",
    example="DV0000123",
    width=12,
)
NAME = Field(
    name="name",
    label="Tên đơn vị",
    column="name",
    required=True,
    max_length=255,
    lookup=BY_NAME,
    looks_like=_UNIT_NAME,
    synonyms=(
        "tên trường",
        "tên công ty",
        "tên cty",
        "tên DN",
        "tên CQ",
        "tên CQ, DN",
        "tên CQ, DN, NT",
        "tên doanh nghiệp",
        "tên cơ quan",
        "tên cơ quan, đơn vị",
        "tên cơ quan, doanh nghiệp, nhà trường",
        "tên cơ quan, doanh nghiệp, cơ sở giáo dục",
        "tên cơ sở giáo dục",
        "tên người nộp thuế",
        "tên tổ chức",
        "tên HTX",
        "tên hợp tác xã",
        "tên CQ, DN, CSGD",
        "tên CQ, DN, NT",
        "đơn vị",
        "cơ quan, đơn vị",
        "cơ quan, doanh nghiệp, nhà trường",
        "cơ quan, doanh nghiệp",
        "trường",
        "công ty",
        "doanh nghiệp",
        "company_name",
        "company",
        "tên",
        "name",
    ),
    example="Trường THCS Nguyễn Du",
    width=40,
)
SUBKIND = Field(
    name="subkind",
    label="Loại hình",
    kind=Kind.CHOICE,
    column="subkind",
    choices=SUBKINDS,
    parse=parse_subkind,
    synonyms=("loại hình đơn vị", "loại hình doanh nghiệp", "loại hình DN", "hình thức sở hữu", "loại hình trường"),
    width=24,
)
LEVEL = Field(
    name="school_level",
    label="Cấp học",
    kind=Kind.CHOICE,
    column="school_level",
    choices=LEVELS,
    parse=parse_level,
    synonyms=("cấp", "cấp trường", "bậc học", "cấp đào tạo"),
    width=18,
)

IDENTITY = (
    CODE,
    NAME,
    Field(
        name="other_names",
        label="Tên khác",
        kind=Kind.LONG_TEXT,
        column="other_names",
        merge=Merge.APPEND,
        synonyms=("tên viết tắt", "tên cũ", "tên giao dịch", "tên quốc tế"),
        width=24,
    ),
    Field(
        name="kind",
        label="Khối",
        kind=Kind.CHOICE,
        column="kind",
        required=True,
        is_derived=True,
        choices=KINDS,
        synonyms=("loại đơn vị", "nhóm đơn vị", "CQ, DN, CSGD", "đối tượng", "phân loại đơn vị"),
        width=16,
    ),
    SUBKIND,
    Field(
        name="school_code",
        label="Mã trường",
        kind=Kind.CODE,
        column="school_code",
        max_length=20,
        synonyms=("mã trường học", "mã CSGD", "mã cơ sở giáo dục", "mã định danh trường", "school_code"),
        width=14,
    ),
    Field(
        name="tax_code",
        label="Mã số thuế",
        kind=Kind.CODE,
        column="tax_code",
        parse=parse_tax_code,
        max_length=14,
        synonyms=(
            "MST",
            "M.S.T",
            "mã số thuế/mã số DN",
            "MSDN",
            "mã số DN",
            "mã số doanh nghiệp",
            "tax_code",
            "MST/MSDN",
            "mã số thuế/MSDN",
            "mã DN",
        ),
        looks_like=re.compile(r"\d{10}(-?\d{3})?"),
        example="0123456789",
        width=16,
    ),
    LEVEL,
    Field(
        name="school_type",
        label="Loại trường",
        synonyms=("loại cơ sở giáo dục", "loại hình cơ sở"),
        exported=False,
    ),
    Field(
        name="parent",
        label="Đơn vị cấp trên",
        kind=Kind.RELATION,
        column="parent",
        relation=Relation(
            model=Unit,
            lookups=(Lookup("tax_code"), Lookup("code"), Lookup("school_code"), BY_NAME),
            in_file="tax_code",
            optional=True,
        ),
        synonyms=("đơn vị chủ quản cấp trên", "công ty mẹ", "trụ sở chính", "mã số thuế đơn vị chủ quản"),
        width=24,
    ),
    Field(
        name="address",
        label="Địa chỉ",
        column="address",
        max_length=500,
        synonyms=(
            "địa chỉ trụ sở",
            "đ/c",
            "ĐC",
            "địa chỉ (số nhà, đường)",
            "số nhà, đường",
            "nơi đặt trụ sở",
            "trụ sở",
            "nơi đóng",
            "địa chỉ đơn vị",
            "địa điểm",
            "địa chỉ trụ sở chính",
            "address",
        ),
        width=40,
    ),
    Field(
        name="area_code",
        label="Mã địa bàn",
        kind=Kind.CODE,
        parse=parse_area_code,
        synonyms=("mã xã", "mã phường xã", "mã ĐVHC", "mã đơn vị hành chính", "mã xã phường"),
        width=12,
    ),
    Field(
        name="jurisdiction",
        label="Xã, phường",
        kind=Kind.AREA,
        column="jurisdiction",
        required=True,
        synonyms=(
            "địa bàn",
            "xã phường",
            "phường xã",
            "xã",
            "phường",
            "xã/phường/đặc khu",
            "xã, phường, đặc khu",
            "xã, phường, thị trấn",
            "phường/xã/thị trấn",
            "đơn vị hành chính",
            "công an xã phường",
            "địa bàn xã, phường",
            "địa bàn phường/xã",
            "thuộc địa bàn",
            "thuộc địa bàn phường/xã",
            "thuộc địa bàn xã, phường",
            "tên xã, phường",
            "commune",
            "ward",
        ),
        width=22,
    ),
    Field(
        name="area_district",
        label="Quận, huyện cũ",
        synonyms=(
            "quận huyện",
            "huyện",
            "quận",
            "huyện, thị xã, thành phố",
            "huyện cũ",
            "quận/huyện/thị xã",
            "district",
        ),
        exported=False,
    ),
    Field(
        name="area_province",
        label="Tỉnh, thành phố",
        synonyms=("tỉnh", "tỉnh thành", "tỉnh/TP", "thành phố", "province"),
        width=20,
    ),
)
