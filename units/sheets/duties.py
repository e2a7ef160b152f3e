"""Lists of commitments, inspections, incidents and ratings as offices send them."""

import datetime
import re

from movement_portal.lib.vietnamese import fold, nfc
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import Lookup, choices_of
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import Parsed, ValueProblem, parse_integer, shown
from units.enums import CommitmentKind, IncidentKind, PartKind
from units.models import Commitment, Incident, Inspection, PartRating
from units.person_words import NO_NUMBERS, names_in, numbers_in
from units.sheets.activities import parse_attendances
from units.sheets.unit_records import register_of_unit

#: How a list names a legal document in a cell.
BY_DOCUMENT = (Lookup("number"), Lookup("title"))

#: “45/50”: signed of all in one cell.
_OF_TOTAL = re.compile(r"(.+?)\s*(?:/|trên tổng số|trong tổng số)\s*(\d[\d.]*)\s*(?:người)?", re.IGNORECASE)

#: Headers of such a column.
_SIGNED_OF_ALL = ("Số người/tổng", "Số người", "Số người ký/tổng số", "Đã ký/tổng số", "Số người ký/tổng số người")

#: Kinds, and how offices write them.
COMMITMENT_KINDS = choices_of(
    CommitmentKind, COMMITMENT=("Cam kết", "Bản cam kết"), COVENANT=("Giao ước", "Giao ước thi đua", "Ký giao ước")
)
PART_KINDS = choices_of(
    PartKind,
    DEPARTMENT=("Phòng, ban", "Phòng", "Khoa", "Tổ, đội"),
    GUARD_FORCE=("Bảo vệ", "Tổ bảo vệ", "Đội bảo vệ"),
)


# -- commitments -------------------------------------------------------------------------------------------------------
def parse_signed(cell: Cell) -> Parsed:
    """Persons who signed as lists write them: “45”, “gần 7.000”, “45/50”; the last two as tuples."""
    text = nfc(shown(cell))
    if match := _OF_TOTAL.fullmatch(text):
        signed, total = parse_attendances(match[1]).value, parse_integer(match[2]).value
        return Parsed((*(signed if isinstance(signed, tuple) else (signed, "")), total))
    return parse_attendances(cell)


def settle_signed(draft: Draft) -> None:
    """Put the number, its exactness and the total of one cell where they belong."""
    found = draft.get("signed_count")
    if not isinstance(found, tuple):
        return
    draft.values["signed_count"], approximation, *total = found
    if approximation:
        draft.values["approximation"] = approximation
    if total:
        draft.values.setdefault("total_count", total[0])


def settle_year_and_kind(draft: Draft) -> None:
    """A list that only says when each signed is of that year; one that says nothing of the kind is of commitments."""
    signed_on = draft.get("signed_on")
    if draft.get("year") is None and isinstance(signed_on, datetime.date) and not draft.written("year"):
        draft.values["year"] = signed_on.year
        draft.notice("signed_on", f"Không ghi năm: lấy năm {signed_on.year} của ngày ký.")
    if not draft.get("kind") and not draft.written("kind"):
        draft.values["kind"] = CommitmentKind.COMMITMENT.value
        draft.notice("kind", "Không ghi hình thức: ghi là ký cam kết.")


COMMITMENTS = register_of_unit(
    Commitment,
    name="commitments",
    order=90,
    label="cam kết, giao ước",
    keys=[("unit", "year", "kind", "content")],
    lookups={"legal_document": BY_DOCUMENT},
    synonyms={
        "kind": ("Loại cam kết", "Hình thức ký"),
        "content": ("Nội dung cam kết", "Nội dung ký"),
        "signed_count": ("Số người đã ký", "Đã ký", "Số người ký cam kết", "Số CB, CNV ký", *_SIGNED_OF_ALL),
        "total_count": ("Tổng số", "Tổng số người", "Tổng số CB, CNV, NLĐ", "Trên tổng số"),
        "signed_on": ("Ngày ký kết", "Thời gian ký", "Ngày"),
        "legal_document": ("Văn bản", "Theo văn bản", "Chỉ thị, kế hoạch"),
    },
    list_url="duties:commitment_list",
    changes={"kind": {"choices": COMMITMENT_KINDS}, "signed_count": {"parse": parse_signed}},
    after_row=(settle_signed, settle_year_and_kind),
)


# -- inspections, incidents, ratings -----------------------------------------------------------------------------------
INSPECTIONS = register_of_unit(
    Inspection,
    name="inspections",
    order=90,
    label="kiểm tra, hướng dẫn",
    keys=[("unit", "inspected_on", "content")],
    synonyms={
        "inspected_on": ("Ngày", "Thời gian kiểm tra"),
        "team": ("Đoàn kiểm tra", "Tổ kiểm tra", "Đơn vị kiểm tra"),
        "content": ("Nội dung",),
        "findings": ("Kết quả", "Tồn tại", "Tồn tại, hạn chế", "Kiến nghị"),
        "deadline": ("Thời hạn khắc phục", "Hạn"),
        "fixed_on": ("Ngày khắc phục", "Đã khắc phục"),
    },
    list_url="duties:inspection_list",
)


#: How the circular is quoted: “3g”, “3 đ.”, “mục 3h”, “điểm g khoản 3”.
_ITEM = re.compile(r"(?:mục|điểm|tiêu chí)?\s*3\s*\.?\s*([a-hđ])(?!\w).*", re.IGNORECASE | re.DOTALL)
_ITEM_OF = re.compile(r"điểm\s*([a-hđ])\s*,?\s*khoản\s*3.*", re.IGNORECASE | re.DOTALL)
_ITEMS = {kind.value[1:]: kind.value for kind in IncidentKind if kind.value[0] == "3"}


def parse_item(cell: Cell) -> Parsed:
    """The kind of an incident by its letter in the circular, where d and đ are two; else by its words."""
    text = nfc(shown(cell)).strip()
    match = _ITEM.fullmatch(text) or _ITEM_OF.fullmatch(text)
    if match and match[1].lower() in _ITEMS:
        return Parsed(_ITEMS[match[1].lower()])
    words = fold(text)
    for kind in IncidentKind:
        if words and fold(kind.label.removeprefix(f"{kind.value}. ")).startswith(words):
            return Parsed(kind.value)
    raise ValueProblem(f"“{text}” không có trong danh mục loại vụ việc.", "Không có trong danh mục loại vụ việc")


def refuse_persons(draft: Draft) -> None:
    """Incidents are counts: a number of a paper of a person is refused, what reads as a name is told."""
    summary = draft.get("summary") or ""
    if numbers_in(summary):
        draft.refuse("summary", NO_NUMBERS, "Tóm tắt có số giấy tờ", value="")
        draft.values.pop("summary", None)
    elif names := names_in(summary):
        draft.notice("summary", f"Có thể là tên người: “{names[0]}”. Tóm tắt không ghi tên người, hãy xem lại.")


INCIDENTS = register_of_unit(
    Incident,
    name="incidents",
    order=90,
    keys=[("unit", "occurred_on", "kind")],
    synonyms={
        "occurred_on": ("Ngày", "Thời gian xảy ra", "Thời gian"),
        "kind": ("Loại", "Mã", "Loại việc", "Loại vụ", "Vụ việc", "Tiêu chí"),
        "incident_count": ("Số lượng", "Số vụ việc"),
        "is_force_majeure": ("Bất khả kháng",),
        "found_in_time": ("Phát hiện kịp thời", "Kịp thời báo cáo"),
        "reported_on": ("Ngày báo cáo",),
        "summary": ("Nội dung", "Diễn biến", "Nội dung vụ việc"),
    },
    list_url="duties:incident_list",
    changes={"kind": {"parse": parse_item}},
    after_row=(refuse_persons,),
)
RATINGS = register_of_unit(
    PartRating,
    name="part-ratings",
    order=90,
    keys=[("unit", "year", "kind")],
    synonyms={
        "kind": ("Loại đầu mối",),
        "total_count": ("Tổng số", "Số phòng, ban"),
        "good_count": ("Số đạt", "Đạt", "Số đầu mối đạt"),
        "disciplined_count": ("Kỷ luật", "Số người bị kỷ luật"),
    },
    list_url="duties:rating_list",
    changes={"kind": {"choices": PART_KINDS}},
)
