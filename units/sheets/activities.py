"""Lists of activities as offices keep them: a row for a session or a programme, its units in one cell, “gần 700”."""

import datetime
import re

from movement_portal.lib.vietnamese import nfc
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import BY_NAME, Field, Kind, Lookup, Relation, choices_of
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.several import Links
from movement_portal.spreadsheets.sheets import register
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import JOINT, Parsed, ValueProblem, parse_date, parse_integer, shown
from units.enums import ActivityKind, Approximation
from units.filters.activities import ROMAN, span_of
from units.models import Activity, ActivityUnit, Unit

#: How lists write that a number is not exact.
_ABOUT = {
    Approximation.NEARLY: ("gần", "xấp xỉ", "ngót", "dưới"),
    Approximation.ABOUT: ("khoảng", "ước", "chừng", "độ", "~"),
    Approximation.OVER: ("trên", "hơn", ">", "từ"),
}
_WORDS = {word: each for each, words in _ABOUT.items() for word in words}
_INEXACT = re.compile(rf"\s*({'|'.join(map(re.escape, _WORDS))})\s*(?=\d)", re.IGNORECASE)
#: “60 đơn vị”, “12 trường”: how many took part and not which.
_COUNT_ONLY = re.compile(r"(\d[\d.]*)\s*(?:đơn vị|cơ quan|doanh nghiệp|trường|công ty|đv)?\.?", re.IGNORECASE)

_IN_FRONT = re.compile(r"(DV\d{7,10}\b|\d{10}(?:-\d{3})?(?=\s*(?:[·:–-]|$)))", re.IGNORECASE)

_DASH = r"\s*(?:-|–|—|đến|tới|->|→)\s*"
_DAYS_OF_MONTH = re.compile(rf"(?:từ\s*)?(\d{{1,2}}){_DASH}(\d{{1,2}})\s*[/.]\s*(\d{{1,2}})\s*[/.]\s*(\d{{4}})", re.I)
_DAYS_OF_YEAR = re.compile(
    rf"(?:từ\s*)?(\d{{1,2}})[/.](\d{{1,2}}){_DASH}(\d{{1,2}})[/.](\d{{1,2}})[/.](\d{{4}})", re.IGNORECASE
)
_DAY = r"(\d{1,2}[/.]\d{1,2}[/.]\d{4})"
_TWO_DAYS = re.compile(rf"(?:từ\s*)?{_DAY}{_DASH}{_DAY}", re.IGNORECASE)
_PERIOD = re.compile(r"(năm|quý|tháng)\s*(?:([IV]+|\d{1,2})\s*(?:[/.\-]|năm)\s*)?(\d{4})", re.IGNORECASE)


# -- cells -------------------------------------------------------------------------------------------------------------
def parse_attendances(cell: Cell) -> Parsed:
    """A number of attendances with what is said of it: “gần 700”, “trên 1.000 lượt người”, “1.200”."""
    text = shown(cell)
    match = _INEXACT.match(text)
    if match is None:
        return parse_integer(cell)
    word = _WORDS[match[1].lower()]
    return Parsed((parse_integer(text[match.end() :]).value, word.value))


def parse_days(cell: Cell) -> Parsed:
    """A day, or the first and the last: “05/03/2026”, “05-07/3/2026”, “28/2 đến 02/3/2026”, “Quý I/2026”."""
    if not isinstance(cell, str):
        return parse_date(cell)
    text = nfc(cell)
    try:
        if found := _days_of(text):
            first, last = found
            if last < first:
                raise ValueProblem(f"“{text}”: ngày sau đứng trước ngày trước.", "Ngày kết thúc trước ngày bắt đầu")
            return Parsed(found)
    except ValueError:
        raise ValueProblem(f"“{text}” không phải ngày.", "Sai ngày") from None
    return parse_date(cell)


def _days_of(text: str) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last of days in one text; None for what is one day, or none at all."""
    if match := _PERIOD.fullmatch(text):
        return _period(match[1].lower(), match[2] or "", match[3])
    if match := _DAYS_OF_MONTH.fullmatch(text):
        first, last, month, year = map(int, match.groups())
        return datetime.date(year, month, first), datetime.date(year, month, last)
    if match := _DAYS_OF_YEAR.fullmatch(text):
        day, month, last_day, last_month, year = map(int, match.groups())
        return datetime.date(year, month, day), datetime.date(year, last_month, last_day)
    if match := _TWO_DAYS.fullmatch(text):
        return parse_date(match[1]).value, parse_date(match[2]).value
    return None


def _period(kind: str, number: str, year: str) -> tuple[datetime.date, datetime.date]:
    """The days of a year, a quarter or a month; raises ``ValueError`` for one there is not."""
    if kind == "năm":
        return span_of(f"nam-{year}")
    at = ROMAN.index(number.upper()) + 1 if number.upper() in ROMAN else int(number or 0)
    if not 1 <= at <= (4 if kind == "quý" else 12):
        raise ValueError
    return span_of(f"{'quy' if kind == 'quý' else 'thang'}-{year}-{at}")


# -- rows --------------------------------------------------------------------------------------------------------------
def settle_numbers(draft: Draft) -> None:
    """Put apart what one cell says twice: attendances and how exact, first and last day, units or their number."""
    found = draft.get("attendance_count")
    if isinstance(found, tuple):
        draft.values["attendance_count"], draft.values["approximation"] = found
    days = draft.get("held_on")
    if isinstance(days, tuple):
        draft.values["held_on"], last = days
        if last != days[0]:
            draft.values.setdefault("held_to", last)
    # Two activities of one day and topic are told apart by their place; none at all is a place too.
    draft.values.setdefault("place", "")
    if isinstance(last := draft.get("held_to"), tuple):
        draft.values["held_to"] = last[1]
    if match := _COUNT_ONLY.fullmatch(JOINT.join(draft.get("units", ()))):
        del draft.values["units"]
        draft.values.setdefault("unit_count", int(match[1].replace(".", "")))
        draft.notice("units", "Chỉ có số đơn vị, chưa có danh sách: ghi vào số đơn vị tham gia.")


def settle_match(draft: Draft) -> None:
    """A code that no activity in reach has is refused; a word of exactness without a number says nothing."""
    if draft.is_new and draft.get("code"):
        draft.refuse("code", "Không có hoạt động nào mang mã này trong địa bàn của đồng chí.", "Mã hoạt động không có")
    if draft.get("attendance_count") is None:
        draft.values.pop("approximation", None)


def number_in_front(text: str) -> tuple[str, ...]:
    """The code or tax code of a unit, alone or in front of its name: “DV0000123 · Trường THCS Mẫu”."""
    match = _IN_FRONT.match(text)
    return (match[1].upper() if match else nfc(text),)


#: How a list names a unit in a cell of several.
BY_UNIT = (Lookup("code", number_in_front), Lookup("tax_code", number_in_front), Lookup("school_code"), BY_NAME)

CODE_FIELD = Field(
    name="code",
    label="Mã hoạt động",
    kind=Kind.CODE,
    column="code",
    help="Mã do cổng cấp; để trống khi thêm hoạt động mới.",
    example="HD0000123",
    width=12,
)
UNITS = Links(
    name="units",
    model=ActivityUnit,
    parent="activity",
    target="unit",
    relation=Relation(model=Unit, lookups=BY_UNIT),
    rows=lambda officer: ActivityUnit.objects.visible_to(officer),
)
UNITS_FIELD = Field(
    name=UNITS.name,
    label="Đơn vị tham gia",
    kind=Kind.SEVERAL,
    synonyms=("Các đơn vị tham gia", "Thành phần", "Đơn vị dự", "Danh sách đơn vị", "Đơn vị"),
    help="Nhiều đơn vị cách nhau bằng dấu chấm phẩy; chỉ thêm, không bớt đơn vị đã ghi. Ghi số nếu chưa có danh sách.",
    example="Trường THCS Mẫu; Công ty TNHH Mẫu",
    width=44,
    elsewhere=UNITS.elsewhere,
)
SYNONYMS = {
    "kind": ("Loại", "Loại hình", "Loại hình hoạt động", "Phân loại"),
    "topic": ("Nội dung", "Chủ đề", "Tên hoạt động", "Nội dung tuyên truyền", "Nội dung hoạt động", "Tên chương trình"),
    "programme": ("Chỉ thị", "Kế hoạch", "Theo văn bản", "Căn cứ", "Văn bản chỉ đạo"),
    "form": ("Hình thức tổ chức", "Hình thức tuyên truyền"),
    "held_on": ("Ngày tổ chức", "Thời gian", "Từ ngày", "Ngày, tháng", "Ngày tháng", "Thời gian tổ chức", "Thời điểm"),
    "held_to": ("Đến ngày", "Ngày kết thúc"),
    "place": ("Địa điểm", "Nơi", "Địa điểm tổ chức"),
    "organiser": ("Cơ quan tổ chức", "Đơn vị chủ trì", "Chủ trì"),
    "partners": ("Đơn vị phối hợp", "Phối hợp", "Cơ quan, đơn vị phối hợp"),
    "jurisdiction": ("Địa bàn", "Xã, phường", "Xã/phường"),
    "session_count": ("Số buổi", "Số hội nghị", "Cuộc", "Buổi", "Số lượng cuộc", "Số đợt"),
    "attendance_count": ("Lượt người", "Số lượt người", "Số lượt", "Lượt người dự", "Số người tham dự", "Số người dự"),
    "approximation": ("Gần đúng",),
    "materials": ("Tài liệu", "Tin bài", "Tờ rơi"),
    "material_count": ("Số tài liệu", "Số tin bài", "Số tờ rơi"),
    "unit_count": ("Số đơn vị", "Số đơn vị dự"),
}
KINDS = choices_of(
    ActivityKind,
    PROPAGANDA=[
        "tuyên truyền, phổ biến pháp luật",
        "phổ biến pháp luật",
        "tuyên truyền miệng",
        "tuyên truyền tập trung",
    ],
    CONFERENCE=["họp", "giao ban", "hội thảo", "sơ kết", "tổng kết", "tọa đàm"],
    TRAINING=["huấn luyện", "bồi dưỡng", "lớp tập huấn"],
    FESTIVAL=["ngày hội", "ngày hội toàn dân", "ngày hội TDBVANTQ"],
    DRILL=["thực tập", "diễn tập PCCC", "thực tập phương án"],
    DIALOGUE=["diễn đàn", "tiếp xúc", "lắng nghe ý kiến"],
    GUIDANCE=["kiểm tra", "hướng dẫn", "kiểm tra hướng dẫn"],
)
EXAMPLES = (
    {
        "kind": ActivityKind.PROPAGANDA.label,
        "topic": "Tuyên truyền phòng, chống lừa đảo trên không gian mạng",
        "form": "Trực tiếp",
        "held_on": "05/03/2026",
        "place": "Hội trường Trường THCS Mẫu",
        "partners": "Đoàn Thanh niên",
        "session_count": 1,
        "attendance_count": "gần 700",
        "units": "Trường THCS Mẫu; Công ty TNHH Mẫu",
    },
    {
        "kind": ActivityKind.DRILL.label,
        "topic": "Diễn tập chữa cháy và cứu nạn, cứu hộ",
        "held_on": "17/04/2026",
        "session_count": 2,
        "attendance_count": "trên 1.000",
        "units": 12,
    },
)


ACTIVITIES = register(
    model_sheet(
        Activity,
        name="activities",
        order=75,
        keys=[("code",), ("held_on", "topic", "place", "jurisdiction")],
        synonyms=SYNONYMS,
        changes={
            "kind": {"choices": KINDS},
            "attendance_count": {"parse": parse_attendances},
            "held_on": {"parse": parse_days},
            "held_to": {"parse": parse_days},
        },
        first=[CODE_FIELD],
        last=[UNITS_FIELD],
        after_row=(settle_numbers,),
        after_match=(settle_match,),
        after_write=UNITS.write,
        permissions=("units.add_activityunit",),
        examples=EXAMPLES,
        list_url="activities:activity_list",
    )
)
