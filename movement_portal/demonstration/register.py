"""An invented register: agencies, enterprises and schools over real communes, the same for the same seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from movement_portal.demonstration.people import full_name, phone
from movement_portal.demonstration.words import WORDS
from units.enums import BusinessSector, EnterpriseSize, SchoolLevel, UnitKind, UnitSubkind

#: The province of seed 000 (domain.md 9.1): 1.727 = 706 + 425 + 596.
AGENCIES, ENTERPRISES, SCHOOLS = 706, 425, 596

#: No province has this number in front of its tax codes.
TAX_PREFIX = "99"

COMMUNE_AGENCIES = (
    ("Ủy ban nhân dân {area}", UnitSubkind.STATE_BODY, "Chủ tịch"),
    ("Đảng ủy {area}", UnitSubkind.PARTY_BODY, "Bí thư"),
    ("Trung tâm Y tế khu vực {area}", UnitSubkind.HOSPITAL, "Giám đốc"),
    ("Trung tâm Phục vụ hành chính công {area}", UnitSubkind.STATE_BODY, "Giám đốc"),
    ("Ủy ban Mặt trận Tổ quốc Việt Nam {area}", UnitSubkind.MASS_ORGANISATION, "Chủ tịch"),
    ("Trung tâm Cung ứng dịch vụ công {area}", UnitSubkind.PUBLIC_SERVICE, "Giám đốc"),
    ("Hội Nông dân {area}", UnitSubkind.MASS_ORGANISATION, "Chủ tịch"),
    ("Ban Chỉ huy Quân sự {area}", UnitSubkind.OTHER_AGENCY, "Chỉ huy trưởng"),
)
PROVINCE_AGENCIES = WORDS["province_agencies"]
#: (level, how it is called, share of the schools)
SCHOOL_LEVELS = (
    (SchoolLevel.KINDERGARTEN, "Trường Mầm non", 30),
    (SchoolLevel.PRIMARY, "Trường Tiểu học", 28),
    (SchoolLevel.LOWER_SECONDARY, "Trường THCS", 22),
    (SchoolLevel.UPPER_SECONDARY, "Trường THPT", 9),
    (SchoolLevel.MIXED, "Trường TH, THCS và THPT", 4),
    (SchoolLevel.CONTINUING, "Trung tâm GDNN - GDTX", 3),
    (SchoolLevel.VOCATIONAL, "Trường Trung cấp nghề", 2),
    (SchoolLevel.COLLEGE, "Trường Cao đẳng", 1),
    (SchoolLevel.UNIVERSITY, "Trường Đại học", 1),
)
SCHOOL_NAMES = WORDS["school_names"]
COMPANY_FIRST = WORDS["company_first"]
COMPANY_SECOND = WORDS["company_second"]
#: (line of business, sector, how a name says it)
BUSINESS_LINES = (
    ("Xây dựng nhà các loại", BusinessSector.PRODUCTION, "Xây dựng"),
    ("May trang phục", BusinessSector.PRODUCTION, "May mặc"),
    ("Sản xuất sản phẩm từ gỗ", BusinessSector.PRODUCTION, "Chế biến gỗ"),
    ("Gia công cơ khí", BusinessSector.PRODUCTION, "Cơ khí"),
    ("Chế biến, bảo quản thủy sản", BusinessSector.PRODUCTION, "Thủy sản"),
    ("Bán buôn thực phẩm", BusinessSector.TRADE, "Thương mại"),
    ("Vận tải hàng hóa bằng đường bộ", BusinessSector.TRADE, "Vận tải"),
    ("Dịch vụ lưu trú ngắn ngày", BusinessSector.TRADE, "Du lịch"),
    ("Dịch vụ kho bãi", BusinessSector.TRADE, "Kho vận"),
    ("Bán lẻ trong siêu thị", BusinessSector.TRADE, "Siêu thị"),
)
COMPANY_FORMS = (
    ("Công ty TNHH", UnitSubkind.LIMITED_COMPANY, 45),
    ("Công ty TNHH MTV", UnitSubkind.LIMITED_COMPANY, 15),
    ("Công ty Cổ phần", UnitSubkind.JOINT_STOCK, 28),
    ("Doanh nghiệp tư nhân", UnitSubkind.PRIVATE_ENTERPRISE, 7),
    ("Hợp tác xã", UnitSubkind.COOPERATIVE, 5),
)
INDUSTRIAL_PARKS = WORDS["industrial_parks"]
STREETS = WORDS["streets"]
SIZES = (
    (EnterpriseSize.MICRO, 10),
    (EnterpriseSize.SMALL, 40),
    (EnterpriseSize.MEDIUM, 35),
    (EnterpriseSize.LARGE, 15),
)
STAFF = {
    EnterpriseSize.MICRO: (2, 10),
    EnterpriseSize.SMALL: (11, 50),
    EnterpriseSize.MEDIUM: (60, 100),
    EnterpriseSize.LARGE: (210, 2500),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where units are put: an area by its id and full name."""

    id: int
    full_name: str


def pick(dice: random.Random, table: Sequence[tuple]):
    """A row of a table whose last column is its share."""
    return dice.choices(table, weights=[row[-1] for row in table])[0]


def tax_code(serial: int) -> str:
    """Ten digits with a right check digit, of a block that no tax office gives out; the serial may skip a number."""
    while True:
        digits = f"{TAX_PREFIX}{serial:07d}"
        check = 10 - sum(int(d) * w for d, w in zip(digits, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
        serial += 5_000_000


def agencies(
    dice: random.Random, places: Sequence[Place], province: Place, count: int, first: int = 0
) -> Iterator[dict]:
    """Bodies of the province first, then those of each commune in turn; ``first`` says how many there are already."""
    forms = [(name, UnitSubkind.STATE_BODY, "Giám đốc", province) for name in PROVINCE_AGENCIES]
    forms += [(form, subkind, title, place) for form, subkind, title in COMMUNE_AGENCIES for place in places]
    for number in range(first, first + count):
        form, subkind, title, place = forms[number % len(forms)]
        repeat = number // len(forms)
        name = form.format(area=place.full_name) + (f" - cơ sở {repeat + 1}" if repeat else "")
        yield {
            **_common(dice, place, title),
            "name": name,
            "kind": UnitKind.AGENCY,
            "subkind": subkind,
            "is_state_budget": True,
            "is_armed_force": name.startswith("Ban Chỉ huy Quân sự"),
            "has_party_organisation": True,
        }


def enterprises(dice: random.Random, places: Sequence[Place], count: int, first_serial: int = 1) -> Iterator[dict]:
    """Companies and cooperatives with size, line of business and tax code."""
    for number in range(count):
        form, subkind, _ = pick(dice, COMPANY_FORMS)
        line, sector, word = dice.choice(BUSINESS_LINES)
        size, _ = pick(dice, SIZES)
        place = dice.choice(places)
        serial = first_serial + number
        brand = f"{dice.choice(COMPANY_FIRST)} {dice.choice(COMPANY_SECOND)}"
        yield {
            **_common(dice, place, "Giám đốc"),
            "name": f"{form} {word} {brand} {serial}",
            "kind": UnitKind.ENTERPRISE,
            "subkind": subkind,
            "business_line": line,
            "business_sector": sector,
            "enterprise_size": size,
            "size_year": 2025,
            "size_staff_count": dice.randint(*STAFF[size]),
            "tax_code": tax_code(serial),
            "has_party_organisation": dice.random() < 0.3,
        }


def schools(dice: random.Random, places: Sequence[Place], count: int, first_serial: int = 1) -> Iterator[dict]:
    """Schools of every level with an invented school code."""
    for number in range(count):
        level, form, _ = pick(dice, SCHOOL_LEVELS)
        place = places[number % len(places)]
        serial = first_serial + number
        private = dice.random() < 0.12
        yield {
            **_common(dice, place, "Hiệu trưởng"),
            "name": f"{form} {dice.choice(SCHOOL_NAMES)} {serial}",
            "kind": UnitKind.SCHOOL,
            "subkind": UnitSubkind.PRIVATE_SCHOOL if private else UnitSubkind.PUBLIC_SCHOOL,
            "school_level": level,
            "school_code": f"MAU{serial:06d}",
            "is_state_budget": not private,
            "has_party_organisation": not private,
        }


def headcounts(dice: random.Random, values: dict, years: Sequence[int]) -> Iterator[dict]:
    """Staff, and in schools learners, year by year."""
    if values["kind"] == UnitKind.ENTERPRISE:
        staff, learners = values["size_staff_count"], None
    elif values["kind"] == UnitKind.SCHOOL:
        staff = dice.randint(18, 110)
        learners = staff * dice.randint(9, 17)
    else:
        staff, learners = dice.randint(8, 140), None
    for year in years:
        yield {"year": year, "staff_count": staff, "learner_count": learners}
        staff = max(1, staff + dice.randint(-4, 5))
        learners = learners and learners + dice.randint(-20, 30)


def _common(dice: random.Random, place: Place, title: str) -> dict:
    return {
        "jurisdiction_id": place.id,
        "address": f"Số {dice.randint(1, 400)}, {dice.choice(STREETS)}, {place.full_name}",
        "head_name": full_name(dice),
        "head_title": title,
        "head_phone": phone(dice),
        "contact_name": full_name(dice),
        "contact_title": dice.choice(("Phó trưởng phòng", "Văn thư", "Tổ trưởng tổ bảo vệ", "Chuyên viên")),
        "contact_phone": phone(dice),
    }
