"""The columns that a list of units may have: what they are called, what may stand in them."""

import re

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.fields import BY_NAME, Child, Field, Kind, Lookup, Merge, Relation, choices_of
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import Parsed, parse_code, shown
from units.codes import parse_tax_code
from units.enums import BusinessSector, EnterpriseSize, GroupingKind, SchoolLevel, UnitKind, UnitStatus, UnitSubkind
from units.guessing import level_of_text
from units.models import Grouping, Headcount, Unit

#: Stands before a text that is no value of the field but must not be lost.
AS_WRITTEN = "\0"

KINDS = choices_of(
    UnitKind,
    AGENCY=["cơ quan nhà nước", "cơ quan, tổ chức", "CQ", "đơn vị sự nghiệp"],
    ENTERPRISE=["DN", "công ty", "hợp tác xã", "HTX", "doanh nghiệp, hợp tác xã"],
    SCHOOL=["trường học", "nhà trường", "CSGD", "trường", "cơ sở giáo dục và đào tạo", "CSGD ĐT"],
)
SUBKINDS = choices_of(
    UnitSubkind,
    STATE_BODY=["cơ quan nhà nước", "cơ quan hành chính", "hành chính nhà nước", "quản lý nhà nước"],
    PUBLIC_SERVICE=["đơn vị sự nghiệp", "sự nghiệp công lập", "sự nghiệp"],
    PARTY_BODY=["đảng", "khối đảng"],
    MASS_ORGANISATION=["tổ chức chính trị xã hội", "đoàn thể", "mặt trận, đoàn thể"],
    ASSOCIATION=["hội", "hội đặc thù", "tổ chức xã hội nghề nghiệp"],
    HOSPITAL=["bệnh viện", "cơ sở y tế", "trạm y tế", "trung tâm y tế"],
    STATE_ENTERPRISE=["DNNN", "công ty nhà nước"],
    LIMITED_COMPANY=[
        "TNHH",
        "công ty trách nhiệm hữu hạn",
        "công ty TNHH một thành viên",
        "công ty TNHH MTV",
        "công ty TNHH hai thành viên trở lên",
        "công ty trách nhiệm hữu hạn một thành viên",
        "công ty trách nhiệm hữu hạn hai thành viên trở lên",
        "công ty trách nhiệm hữu hạn ngoài NN",
        "TNHH MTV",
    ],
    JOINT_STOCK=["cổ phần", "CTCP", "công ty CP", "công ty cổ phần ngoài NN"],
    PRIVATE_ENTERPRISE=["DNTN", "tư nhân"],
    FOREIGN_INVESTED=["FDI", "100% vốn nước ngoài", "vốn đầu tư nước ngoài", "có vốn đầu tư nước ngoài"],
    COOPERATIVE=["HTX", "liên hiệp hợp tác xã"],
    BRANCH=["chi nhánh", "văn phòng đại diện", "địa điểm kinh doanh"],
    PUBLIC_SCHOOL=["trường công lập", "công"],
    PRIVATE_SCHOOL=["ngoài công lập", "trường tư thục", "NCL"],
)
SIZES = choices_of(
    EnterpriseSize,
    MICRO=["doanh nghiệp siêu nhỏ", "DN siêu nhỏ"],
    SMALL=["doanh nghiệp nhỏ", "DN nhỏ"],
    MEDIUM=["doanh nghiệp vừa", "DN vừa"],
    LARGE=["doanh nghiệp lớn", "DN lớn"],
)
LEVELS = choices_of(
    SchoolLevel,
    NURSERY=["NT"],
    KINDERGARTEN=["MN", "mẫu giáo", "MG", "trường mầm non"],
    PRIMARY=["TH", "cấp 1", "cấp I"],
    LOWER_SECONDARY=["THCS", "cấp 2", "cấp II"],
    UPPER_SECONDARY=["THPT", "cấp 3", "cấp III"],
    MIXED=["liên cấp", "nhiều cấp", "phổ thông liên cấp", "trường phổ thông có nhiều cấp học"],
    CONTINUING=["TX", "GDTX", "TT GDTX", "GDNN-GDTX", "TT GDNN-GDTX", "trung tâm GDTX"],
    VOCATIONAL=["GDNN", "trung cấp", "TC", "dạy nghề", "TCCN"],
    COLLEGE=["CĐ"],
    UNIVERSITY=["ĐH", "học viện", "HV"],
)
SECTORS = choices_of(
    BusinessSector,
    PRODUCTION=["sản xuất", "công nghiệp, xây dựng", "công nghiệp", "xây dựng", "nông lâm thủy sản", "nông nghiệp"],
    TRADE=["thương mại", "dịch vụ", "TMDV", "thương mại và dịch vụ"],
)
STATUSES = choices_of(UnitStatus)


# -- cells that need more than their kind ------------------------------------------------------------------------------
def parse_subkind(cell: Cell) -> Parsed:
    """A sub-kind; other words (“Doanh nghiệp”, “Trường chuyên”) are kept as written for the hooks."""
    choice = SUBKIND.choice_index.get(fold(shown(cell)))
    return Parsed(choice.value if choice else AS_WRITTEN + shown(cell))


def parse_level(cell: Cell) -> Parsed:
    """A school level; several in one cell (“THCS, THPT”) make a school of several levels."""
    return Parsed(level_of_text(shown(cell), LEVEL.choice_index) or AS_WRITTEN + shown(cell))


def parse_status(cell: Cell) -> Parsed:
    """A status in the words of the register or of the tax office; kept as written, read when the row is new."""
    return Parsed(AS_WRITTEN + shown(cell))


def parse_area_code(cell: Cell) -> Parsed:
    """The official code of an area: five digits of a commune, two of a province, three of a former district."""
    text = parse_code(cell).value
    if not text.isdecimal():
        return Parsed(text)
    return Parsed(text.zfill(2 if len(text) <= 2 else 3 if len(text) == 3 else 5))


def grouping(kind: GroupingKind) -> Relation:
    """A group of units of one kind, by name or code; an import may add to them."""
    return Relation(
        model=Grouping,
        lookups=(BY_NAME, Lookup("code")),
        limit={"kind": kind},
        make=lambda name: Grouping(kind=kind, name=name),
    )


BY_YEAR = Child(model=Headcount, parent="unit", key="year")

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
    synonyms=(
        "tên trường",
        "tên công ty",
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

FIELDS = (
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
        synonyms=("MST", "MSDN", "mã số DN", "mã số doanh nghiệp", "tax_code", "MST/MSDN", "mã số thuế/MSDN", "mã DN"),
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
    Field(
        name="head_name",
        label="Người đứng đầu",
        column="head_name",
        max_length=100,
        synonyms=(
            "hiệu trưởng",
            "giám đốc",
            "người đại diện",
            "người đại diện theo pháp luật",
            "đại diện pháp luật",
            "thủ trưởng",
            "thủ trưởng đơn vị",
            "lãnh đạo đơn vị",
            "chủ doanh nghiệp",
            "họ tên người đứng đầu",
            "họ tên hiệu trưởng",
            "tên giám đốc",
        ),
        width=24,
    ),
    Field(
        name="head_title",
        label="Chức vụ người đứng đầu",
        column="head_title",
        max_length=100,
        synonyms=("chức vụ", "chức danh"),
        width=18,
    ),
    Field(
        name="head_phone",
        label="Điện thoại người đứng đầu",
        kind=Kind.PHONE,
        column="head_phone",
        max_length=100,
        synonyms=(
            "điện thoại",
            "số điện thoại",
            "SĐT",
            "ĐT",
            "số ĐT",
            "điện thoại liên hệ",
            "SĐT người đứng đầu",
            "điện thoại hiệu trưởng",
            "điện thoại giám đốc",
            "phone",
        ),
        width=18,
    ),
    Field(
        name="contact_name",
        label="Đầu mối liên hệ",
        column="contact_name",
        max_length=100,
        synonyms=("cán bộ đầu mối", "người liên hệ", "cán bộ phụ trách", "đầu mối", "cán bộ theo dõi"),
        width=24,
    ),
    Field(
        name="contact_title",
        label="Chức vụ đầu mối",
        column="contact_title",
        max_length=100,
        synonyms=("chức vụ người liên hệ", "chức vụ cán bộ đầu mối"),
        width=18,
    ),
    Field(
        name="contact_phone",
        label="Điện thoại đầu mối",
        kind=Kind.PHONE,
        column="contact_phone",
        max_length=100,
        synonyms=("SĐT đầu mối", "SĐT người liên hệ", "điện thoại người liên hệ", "điện thoại cán bộ đầu mối"),
        width=18,
    ),
    Field(name="year", label="Năm", kind=Kind.YEAR, synonyms=("năm học", "năm số liệu"), exported=False),
    Field(
        name="staff_count",
        label="Số cán bộ, nhân viên, người lao động",
        kind=Kind.INTEGER,
        column="staff_count",
        child=BY_YEAR,
        minimum=0,
        maximum=2_147_483_647,
        synonyms=(
            "số CB-GV-NV",
            "CB-GV-NV",
            "số CBGVNV",
            "tổng số CB, GV, NV",
            "số cán bộ giáo viên nhân viên",
            "tổng số CB, CNV, NLĐ",
            "số CBCNV",
            "tổng số CBCNV",
            "số lao động",
            "tổng số lao động",
            "số người lao động",
            "số công nhân",
            "số CBCC",
            "số CB, CC, VC",
            "số cán bộ công chức viên chức",
            "quân số",
            "biên chế",
        ),
        width=14,
    ),
    Field(
        name="learner_count",
        label="Số người học",
        kind=Kind.INTEGER,
        column="learner_count",
        child=BY_YEAR,
        minimum=0,
        maximum=2_147_483_647,
        synonyms=(
            "số học sinh",
            "học sinh",
            "tổng số học sinh",
            "số HS",
            "số HSSV",
            "số học sinh, sinh viên",
            "số sinh viên",
            "số học viên",
            "số trẻ",
            "người học",
            "sĩ số",
        ),
        width=14,
    ),
    Field(
        name="governing_body",
        label="Cơ quan chủ quản",
        kind=Kind.RELATION,
        column="governing_body",
        relation=grouping(GroupingKind.GOVERNING_BODY),
        max_length=200,
        overflow="note",
        synonyms=("sở GD&ĐT", "sở GDĐT", "sở giáo dục và đào tạo", "đơn vị chủ quản", "chủ quản", "cấp quản lý"),
        width=28,
    ),
    Field(
        name="education_office",
        label="Phòng GD&ĐT",
        max_length=200,
        synonyms=("phòng GDĐT", "phòng giáo dục và đào tạo", "phòng giáo dục"),
        exported=False,
    ),
    Field(
        name="sector",
        label="Ngành, lĩnh vực",
        kind=Kind.RELATION,
        column="sector",
        relation=grouping(GroupingKind.SECTOR),
        max_length=200,
        overflow="note",
        synonyms=("lĩnh vực", "ngành", "lĩnh vực/ngành chủ quản", "lĩnh vực hoạt động"),
        width=22,
    ),
    Field(
        name="industrial_park",
        label="Khu, cụm công nghiệp",
        kind=Kind.RELATION,
        column="industrial_park",
        relation=grouping(GroupingKind.INDUSTRIAL_PARK),
        max_length=200,
        overflow="note",
        synonyms=("KCN", "khu công nghiệp", "cụm công nghiệp", "KCN/CCN", "khu chế xuất"),
        width=22,
    ),
    Field(
        name="enterprise_size",
        label="Quy mô",
        kind=Kind.CHOICE,
        column="enterprise_size",
        choices=SIZES,
        synonyms=("quy mô doanh nghiệp", "quy mô DN"),
        width=12,
    ),
    Field(
        name="business_sector",
        label="Nhóm ngành",
        kind=Kind.CHOICE,
        column="business_sector",
        choices=SECTORS,
        synonyms=("nhóm ngành kinh doanh", "khu vực kinh tế"),
        width=24,
    ),
    Field(
        name="business_line",
        label="Ngành nghề kinh doanh chính",
        column="business_line",
        max_length=255,
        overflow="note",
        synonyms=("ngành nghề", "ngành nghề kinh doanh", "ngành nghề chính", "ngành kinh doanh", "industry"),
        width=30,
    ),
    Field(
        name="size_year",
        label="Năm của số liệu quy mô",
        kind=Kind.YEAR,
        column="size_year",
        minimum=1945,
        maximum=2200,
        width=10,
    ),
    Field(
        name="size_staff_count",
        label="Lao động bình quân",
        kind=Kind.INTEGER,
        column="size_staff_count",
        minimum=0,
        maximum=2_147_483_647,
        synonyms=("lao động bình quân năm", "số lao động bình quân"),
        width=12,
    ),
    Field(
        name="size_revenue_amount",
        label="Doanh thu (đồng/năm)",
        kind=Kind.AMOUNT,
        column="size_revenue_amount",
        minimum=0,
        maximum=9_223_372_036_854_775_807,
        synonyms=("doanh thu", "tổng doanh thu", "doanh thu năm"),
        width=18,
    ),
    Field(
        name="size_capital_amount",
        label="Nguồn vốn (đồng)",
        kind=Kind.AMOUNT,
        column="size_capital_amount",
        minimum=0,
        maximum=9_223_372_036_854_775_807,
        synonyms=("nguồn vốn", "tổng nguồn vốn", "vốn", "vốn điều lệ"),
        width=18,
    ),
    Field(
        name="is_armed_force",
        label="Thuộc lực lượng vũ trang",
        kind=Kind.BOOL,
        column="is_armed_force",
        synonyms=("lực lượng vũ trang", "LLVT", "quân đội, công an"),
        width=10,
    ),
    Field(
        name="is_state_budget",
        label="Hưởng ngân sách nhà nước",
        kind=Kind.BOOL,
        column="is_state_budget",
        synonyms=("ngân sách nhà nước", "NSNN", "hưởng lương ngân sách", "hưởng NSNN"),
        width=10,
    ),
    Field(
        name="has_party_organisation",
        label="Có tổ chức Đảng",
        kind=Kind.BOOL,
        column="has_party_organisation",
        synonyms=("tổ chức Đảng", "chi bộ", "đảng bộ, chi bộ", "có chi bộ", "có tổ chức cơ sở Đảng"),
        width=10,
    ),
    Field(
        name="status",
        label="Tình trạng",
        kind=Kind.CHOICE,
        column="status",
        choices=STATUSES,
        parse=parse_status,
        merge=Merge.KEEP,
        synonyms=("trạng thái", "tình trạng hoạt động", "trạng thái hoạt động", "status", "tình trạng MST"),
        help="Chỉ dùng khi thêm mới; đơn vị đã có đổi tình trạng trên trang của đơn vị.",
        width=16,
    ),
    Field(
        name="status_on",
        label="Tình trạng từ ngày",
        kind=Kind.DATE,
        column="status_on",
        merge=Merge.KEEP,
        synonyms=("ngày tạm ngừng", "ngày ngừng hoạt động", "ngày giải thể", "tạm ngừng từ ngày"),
        width=14,
    ),
    Field(
        name="note",
        label="Ghi chú",
        kind=Kind.LONG_TEXT,
        column="note",
        merge=Merge.APPEND,
        synonyms=("ghi chu", "note", "ý kiến khác"),
        width=30,
    ),
    Field(
        name="area_needs_review", label="Cần xác định địa bàn", kind=Kind.BOOL, column="area_needs_review", hidden=True
    ),
    Field(name="area_note", label="Địa bàn ghi trong danh sách gốc", column="area_note", max_length=255, hidden=True),
)
