"""Lists of security teams, guards, courses and certificates as offices send them."""

import dataclasses
import datetime
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models

from movement_portal.lib.vietnamese import fold
from movement_portal.persons.citizen_ids import CitizenId
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import BY_NAME, Field, Kind, Lookup, Relation, choices_of
from movement_portal.spreadsheets.guarding import MASKED, parse_citizen_id
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import register
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import Parsed, parse_date, parse_year, shown
from units.enums import Education, FormerForce, GuardKind, GuardRole, TeamKind, TeamRating, TrainingResult
from units.law import tell_of_age
from units.models import (
    Guard,
    SecurityTeam,
    TeamReview,
    TeamStrength,
    TrainingAttendance,
    TrainingCertificate,
    TrainingCourse,
)
from units.same_person import tell_of_lists
from units.sheets.belonging import Belonging
from units.sheets.unit_records import register_of_unit

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


def courses_with_day(courses: models.QuerySet) -> dict[str, list[int]]:
    """Courses by name and first day, as lists go out: courses of several years share names."""
    found = defaultdict(list)
    for course in courses.only("name", "started_on"):
        found[fold(str(course))].append(course.pk)
    return found


def no_day(_draft: Draft) -> None:
    """A row of a list that says no day itself."""


def look_up_students(drafts: Sequence[Draft], officer: Any, places: Any) -> None:
    """The guard of each row; of one who left and came back, the time at work in which the course began."""
    days: dict[int, datetime.date] = {}
    for part in in_parts(course for draft in drafts if isinstance(course := draft.get("course"), int)):
        days.update(TrainingCourse.objects.filter(pk__in=part).values_list("pk", "started_on"))
    dataclasses.replace(OF_ATTENDANCE, day=lambda draft: days.get(draft.get("course"))).look_up(drafts, officer, places)


def end_of_year(draft: Draft) -> datetime.date | None:
    """The last day of the year that a row is about."""
    year = draft.get("year")
    return datetime.date(year, 12, 31) if year else None


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
TEAM_RATINGS = choices_of(
    TeamRating,
    EXCELLENT=("Xuất sắc", "HTXSNV", "Hoàn thành xuất sắc"),
    GOOD=("Tốt", "HTTNV", "Hoàn thành tốt"),
    FULFILLED=("Hoàn thành", "HTNV"),
    FAILED=("Không hoàn thành", "KHTNV"),
)
TEAM_HELP = "Đơn vị chỉ có một lực lượng thì không cần ghi tên."
GUARD_CHOICES = {
    "kind": choices_of(GuardKind, PART_TIME=_PART_TIME),
    "role": choices_of(
        GuardRole,
        HEAD=("Tổ trưởng", "Đội trưởng", "Trưởng ban", "Trưởng phòng", "Trưởng ca"),
        DEPUTY=("Tổ phó", "Đội phó", "Phó ban", "Phó phòng"),
        MEMBER=("Nhân viên bảo vệ", "NV bảo vệ", "NVBV", "NV", "BV", "Bảo vệ", "Tổ viên", "Đội viên", "Bảo vệ viên"),
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

TEAM_SPAN, GUARD_SPAN = ("established_on", "ended_on"), ("started_on", "ended_on")
OF_STRENGTH = Belonging(
    model=TeamStrength, field="team", day=lambda draft: draft.get("counted_on"), span=TEAM_SPAN, may_be_unnamed=True
)
OF_REVIEW = Belonging(model=TeamReview, field="team", day=end_of_year, span=TEAM_SPAN, may_be_unnamed=True)
OF_GUARD = Belonging(model=Guard, field="team", day=lambda draft: draft.get("started_on"), span=TEAM_SPAN)
OF_CERTIFICATE = Belonging(
    model=TrainingCertificate, field="guard", day=lambda draft: draft.get("issued_on"), span=GUARD_SPAN
)
OF_ATTENDANCE = Belonging(model=TrainingAttendance, field="guard", day=no_day, span=GUARD_SPAN)
PERSON_NAMES = ("Họ và tên", "Họ tên", "Nhân viên bảo vệ", "Họ và tên bảo vệ")
TEAM_NAMES = ("Lực lượng", "Tên lực lượng", "Tên đội, tổ bảo vệ", "Tên tổ bảo vệ", "Tên đội bảo vệ", "Tổ, đội bảo vệ")

TEAMS = register_of_unit(
    SecurityTeam,
    name="security-teams",
    order=80,
    keys=[("name", "unit")],
    synonyms={
        "name": ("Tên đội, tổ bảo vệ", "Lực lượng", "Tên tổ bảo vệ", "Tên đội bảo vệ"),
        "kind": ("Loại", "Loại hình lực lượng"),
        "leader_name": ("Đội trưởng", "Tổ trưởng", "Phụ trách", "Người chỉ huy"),
        "leader_phone": ("Điện thoại", "Số điện thoại", "SĐT"),
        "decision_number": ("Số quyết định", "Quyết định thành lập"),
    },
    changes={"kind": {"choices": TEAM_KINDS}},
    list_url="forces:team_list",
)
GUARDS = register_of_unit(
    Guard,
    name="guards",
    order=80,
    label="người bảo vệ",
    keys=[("citizen_id", "unit"), ("name", "birth_year", "unit")],
    # Who left and comes back has a record of each time.
    periods=("started_on", "ended_on"),
    changes_first=True,
    synonyms={
        "team": TEAM_NAMES,
        "name": ("Họ tên", "Họ và tên bảo vệ", "Tên nhân viên", "Họ, tên"),
        "birth_on": ("Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Sinh ngày"),
        "birth_year": ("Sinh năm", "NS"),
        "sex": ("Nam/Nữ", "GT"),
        "role": ("Chức vụ", "Nhiệm vụ"),
        "kind": ("Hình thức", "Chuyên trách/bán chuyên trách"),
        "education": ("Trình độ học vấn", "Trình độ văn hóa", "Học vấn"),
        "former_force": ("Xuất thân", "Đã phục vụ CAND, QĐND"),
        "started_on": ("Ngày vào làm", "Ngày bắt đầu", "Ngày hợp đồng"),
        "ended_on": ("Ngày nghỉ việc", "Ngày thôi việc", "Thôi làm từ sau ngày", "Thôi làm từ ngày"),
    },
    changes={
        **{name: {"choices": choices} for name, choices in GUARD_CHOICES.items()},
        "team": {"relation": OF_GUARD.relation(), "help": "Để trống khi không rõ thuộc tổ, đội nào."},
        "birth_on": {"parse": parse_birth},
        "birth_year": {"parse": parse_birth},
    },
    last=[CITIZEN_ID],
    after_row=(settle_birth,),
    look_up=(OF_GUARD.look_up, tell_of_lists, tell_of_age),
    list_url="forces:guard_list",
)
STRENGTHS = register(
    model_sheet(
        TeamStrength,
        name="team-strengths",
        order=80,
        keys=[("counted_on", "team")],
        label="quân số theo ngày",
        first=[OF_STRENGTH.unit_field()],
        synonyms={
            "team": TEAM_NAMES,
            "counted_on": ("Ngày kiểm đếm", "Tính đến ngày", "Ngày thống kê"),
            "headcount": ("Quân số", "Tổng số người", "Số bảo vệ"),
        },
        changes={"team": {"relation": OF_STRENGTH.relation(), "help": TEAM_HELP}},
        look_up=(OF_STRENGTH.look_up,),
    )
)
REVIEWS = register(
    model_sheet(
        TeamReview,
        name="team-reviews",
        order=80,
        keys=[("year", "team")],
        label="xếp loại, kỷ luật theo năm",
        first=[OF_REVIEW.unit_field()],
        synonyms={"team": TEAM_NAMES, "rating": ("Kết quả xếp loại", "Xếp loại lực lượng", "Phân loại")},
        changes={
            "team": {"relation": OF_REVIEW.relation(), "help": TEAM_HELP},
            "rating": {"choices": TEAM_RATINGS},
        },
        look_up=(OF_REVIEW.look_up,),
    )
)
COURSES = register(
    model_sheet(
        TrainingCourse,
        name="training-courses",
        order=80,
        keys=[("name", "started_on")],
        synonyms={"organiser": ("Đơn vị tổ chức", "Cơ quan mở lớp"), "name": ("Lớp", "Lớp huấn luyện")},
        list_url="forces:course_list",
    )
)
ATTENDANCES = register(
    model_sheet(
        TrainingAttendance,
        name="training-attendances",
        order=80,
        keys=[("course", "guard")],
        label="học viên lớp huấn luyện",
        first=[OF_ATTENDANCE.unit_field()],
        last=[OF_ATTENDANCE.birth_field()],
        synonyms={
            "course": ("Lớp", "Tên lớp", "Khóa huấn luyện", "Lớp tập huấn"),
            "guard": PERSON_NAMES,
            "result": ("Kết quả kiểm tra", "Kết quả huấn luyện", "Kết quả sát hạch"),
        },
        changes={
            "course": {
                "relation": Relation(
                    model=TrainingCourse, lookups=(BY_NAME,), text=str, also_called=courses_with_day, is_owner=True
                ),
                "help": "Tên lớp; nhiều lớp cùng tên thì thêm ngày khai giảng: “Lớp huấn luyện, 12/04/2026”.",
            },
            "guard": {"relation": OF_ATTENDANCE.relation()},
            "result": {
                "choices": choices_of(
                    TrainingResult,
                    PASSED=("Đạt yêu cầu", "Hoàn thành"),
                    FAILED=("Không đạt yêu cầu", "Không hoàn thành"),
                    UNTESTED=("Chưa thi", "Chưa sát hạch"),
                )
            },
        },
        look_up=(look_up_students,),
        list_url="forces:course_list",
    )
)
CERTIFICATES = register(
    model_sheet(
        TrainingCertificate,
        name="training-certificates",
        order=80,
        keys=[("number", "guard")],
        first=[OF_CERTIFICATE.unit_field()],
        last=[OF_CERTIFICATE.birth_field()],
        changes={"guard": {"relation": OF_CERTIFICATE.relation()}},
        look_up=(OF_CERTIFICATE.look_up,),
        leave_out=["course"],
        synonyms={
            "guard": PERSON_NAMES,
            "number": ("Số GCN", "Số chứng nhận", "Số giấy"),
            "issuer": ("Nơi cấp", "Đơn vị cấp"),
            "expires_on": ("Ngày hết hạn", "Hết hạn", "Có giá trị đến"),
        },
        list_url="forces:certificate_list",
    )
)

__all__ = ["ATTENDANCES", "CERTIFICATES", "COURSES", "GUARDS", "REVIEWS", "STRENGTHS", "TEAMS"]
