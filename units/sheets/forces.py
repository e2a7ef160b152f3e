"""Lists of security teams, guards, courses and certificates as offices send them."""

import datetime
import re

from movement_portal.persons.citizen_ids import CitizenId
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import BY_NAME, Field, Kind, Lookup, choices_of
from movement_portal.spreadsheets.guarding import MASKED, parse_citizen_id
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import Parsed, parse_date, parse_year, shown
from units.enums import Education, FormerForce, GuardKind, GuardRole, TeamKind
from units.models import Guard, SecurityTeam, TeamReview, TeamStrength, TrainingCertificate, TrainingCourse
from units.same_person import tell_of_lists

#: How a list names a unit in a cell.
BY_UNIT = (Lookup("code"), Lookup("tax_code"), Lookup("school_code"), BY_NAME)
UNIT_NAMES = (
    "Tên đơn vị",
    "Cơ quan, đơn vị",
    "Đơn vị công tác",
    "Mã đơn vị",
    "Tên cơ quan, doanh nghiệp",
    "Nơi làm việc",
)

_BARE_YEAR = re.compile(r"\s*\d{4}(?:\.0)?\s*")


def parse_birth(cell: Cell) -> Parsed:
    """A day of birth, or the year alone: lists have either under either header."""
    if _BARE_YEAR.fullmatch(shown(cell)):
        return parse_year(cell)
    return parse_date(cell)


def settle_birth(draft: Draft) -> None:
    """Put the day and the year of birth where they belong."""
    found = [draft.values.pop(name, None) for name in ("birth_on", "birth_year")]
    day = next((value for value in found if isinstance(value, datetime.date)), None)
    year = next((value for value in found if isinstance(value, int)), None)
    if day is not None:
        draft.values["birth_on"], year = day, day.year
    if year is not None:
        draft.values["birth_year"] = year


def index_forms(number: CitizenId | str) -> tuple[str, ...]:
    """The blind index under which the register has a number."""
    return (number.index if isinstance(number, CitizenId) else CitizenId.of(number).index,)


CITIZEN_ID = Field(
    name="citizen_id",
    label="Số định danh cá nhân",
    kind=Kind.CODE,
    column="citizen_id",
    synonyms=(
        "Số CCCD",
        "CCCD",
        "Số căn cước",
        "Căn cước công dân",
        "Số định danh",
        "Mã định danh cá nhân",
        "Số CMND/CCCD",
    ),
    help="Không bắt buộc; lưu ở dạng mã hóa, chỉ hiện ba số đầu và ba số cuối.",
    example="000123456789",
    exported=False,
    parse=parse_citizen_id,
    looks_like=MASKED,
    lookup=Lookup("citizen_id_index", index_forms),
)

_PART_TIME = ("Kiêm nhiệm", "Bán thời gian", "Không chuyên trách")
#: Closed lists, and how offices write their values.
TEAM_KINDS = choices_of(TeamKind, PART_TIME=_PART_TIME, HIRED=("Dịch vụ", "Thuê", "Thuê ngoài", "Bảo vệ dịch vụ"))
GUARD_CHOICES = {
    "kind": choices_of(GuardKind, PART_TIME=_PART_TIME),
    "role": choices_of(
        GuardRole,
        HEAD=("Tổ trưởng", "Đội trưởng", "Trưởng ban", "Trưởng phòng", "Trưởng ca"),
        DEPUTY=("Tổ phó", "Đội phó", "Phó ban", "Phó phòng"),
        MEMBER=("Nhân viên bảo vệ", "Bảo vệ", "Tổ viên", "Đội viên", "Bảo vệ viên"),
    ),
    "education": choices_of(
        Education,
        PRIMARY=("5/12", "Cấp 1", "Cấp I"),
        LOWER_SECONDARY=("9/12", "Cấp 2", "Cấp II", "Trung học cơ sở"),
        UPPER_SECONDARY=("12/12", "Cấp 3", "Cấp III", "Trung học phổ thông", "PTTH"),
        VOCATIONAL=("TC", "Trung cấp nghề"),
        COLLEGE=("CĐ",),
        UNIVERSITY=("ĐH", "Đại học", "Cử nhân", "Kỹ sư", "Thạc sĩ"),
    ),
    "former_force": choices_of(
        FormerForce,
        POLICE=("Công an", "CAND", "CA"),
        ARMY=("Quân đội", "QĐND", "Bộ đội", "Bộ đội xuất ngũ", "QĐ"),
    ),
}

TEAMS = register(
    model_sheet(
        SecurityTeam,
        name="security-teams",
        keys=[("name", "unit")],
        lookups={"unit": BY_UNIT},
        synonyms={
            "unit": UNIT_NAMES,
            "name": ("Tên đội, tổ bảo vệ", "Lực lượng", "Tên tổ bảo vệ", "Tên đội bảo vệ"),
            "kind": ("Loại", "Loại hình lực lượng"),
            "leader_name": ("Đội trưởng", "Tổ trưởng", "Phụ trách", "Người chỉ huy"),
            "leader_phone": ("Điện thoại", "Số điện thoại", "SĐT"),
            "decision_number": ("Số quyết định", "Quyết định thành lập"),
        },
        changes={"kind": {"choices": TEAM_KINDS}},
        list_url="forces:team_list",
    )
)
GUARDS = register(
    model_sheet(
        Guard,
        name="guards",
        label="người bảo vệ",
        keys=[("citizen_id", "unit"), ("name", "birth_year", "unit")],
        lookups={"unit": BY_UNIT},
        leave_out=["team"],
        synonyms={
            "unit": UNIT_NAMES,
            "name": ("Họ tên", "Họ và tên bảo vệ", "Tên nhân viên", "Họ, tên"),
            "birth_on": ("Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Sinh ngày"),
            "birth_year": ("Sinh năm", "NS"),
            "sex": ("Nam/Nữ", "GT"),
            "role": ("Chức vụ", "Nhiệm vụ"),
            "kind": ("Hình thức", "Chuyên trách/bán chuyên trách"),
            "education": ("Trình độ học vấn", "Trình độ văn hóa", "Học vấn"),
            "former_force": ("Xuất thân", "Đã phục vụ CAND, QĐND"),
            "started_on": ("Ngày vào làm", "Ngày bắt đầu", "Ngày hợp đồng"),
            "ended_on": ("Ngày nghỉ việc", "Ngày thôi việc"),
        },
        changes={
            **{name: {"choices": choices} for name, choices in GUARD_CHOICES.items()},
            "birth_on": {"parse": parse_birth},
            "birth_year": {"parse": parse_birth},
        },
        last=[CITIZEN_ID],
        after_row=(settle_birth,),
        look_up=(tell_of_lists,),
        list_url="forces:guard_list",
    )
)
STRENGTHS = register(
    model_sheet(TeamStrength, name="team-strengths", keys=[("counted_on", "team")], label="quân số theo ngày")
)
REVIEWS = register(
    model_sheet(TeamReview, name="team-reviews", keys=[("year", "team")], label="xếp loại, kỷ luật theo năm")
)
COURSES = register(
    model_sheet(
        TrainingCourse,
        name="training-courses",
        keys=[("name", "started_on")],
        synonyms={"organiser": ("Đơn vị tổ chức", "Cơ quan mở lớp"), "name": ("Lớp", "Lớp huấn luyện")},
        list_url="forces:course_list",
    )
)
CERTIFICATES = register(
    model_sheet(
        TrainingCertificate,
        name="training-certificates",
        keys=[("number", "guard")],
        lookups={"guard": (BY_NAME,)},
        leave_out=["course"],
        synonyms={
            "guard": ("Họ và tên", "Họ tên", "Nhân viên bảo vệ"),
            "number": ("Số GCN", "Số chứng nhận", "Số giấy"),
            "issuer": ("Nơi cấp", "Đơn vị cấp"),
            "expires_on": ("Ngày hết hạn", "Hết hạn", "Có giá trị đến"),
        },
        list_url="forces:certificate_list",
    )
)

__all__ = ["CERTIFICATES", "COURSES", "GUARDS", "REVIEWS", "STRENGTHS", "TEAMS"]
