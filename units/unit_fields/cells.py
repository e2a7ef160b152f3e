"""Cells of a list of units: the choices they offer, and those that need more than their kind."""

from movement_portal.spreadsheets.fields import BY_NAME, Lookup, Relation, choices_of
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import Parsed, parse_code, shown
from units.enums import BusinessSector, EnterpriseSize, GroupingKind, SchoolLevel, UnitKind, UnitStatus, UnitSubkind
from units.models import Grouping

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
