"""The list of units as offices send it: schools of an education office, companies of a tax office, a police list."""

import re

from movement_portal.lib.vietnamese import fold, mid_sentence, nfc
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import Sheet, Written, register
from units.codes import TAX_CODE_DIGITS, is_tax_code, parent_tax_code
from units.enums import BusinessSector, EnterpriseSize, SchoolLevel, UnitKind, UnitStatus, UnitSubkind
from units.guessing import kind_of_name, level_of_name, level_of_text, status_of_text, subkind_of_name
from units.likeness import UnitsAlike
from units.merging.standing import stand_ins
from units.models import (
    Grouping,
    Headcount,
    StatusChange,
    Unit,
    UnitIdentifier,
)
from units.sheets.unit_records import register_of_unit
from units.unit_fields.cells import AS_WRITTEN
from units.unit_fields.columns import FIELDS
from units.unit_fields.identity import LEVEL

#: “0123456789 - CÔNG TY …”, “0123456789-001 - CHI NHÁNH …”, “001 - CHI NHÁNH …”.
_CODE_IN_FRONT = re.compile(r"(\d{3}|\d{10}(?:-\d{3})?)\s*[-–:]\s*(\S.*)")


# -- rows --------------------------------------------------------------------------------------------------------------
def clean_name(draft: Draft) -> None:
    """Take the tax code off the front of a name; where the list has no column for it, it is the row's tax code."""
    name = draft.get("name", "")
    match = _CODE_IN_FRONT.fullmatch(name)
    if not match:
        return
    front, rest = match.groups()
    if is_tax_code(front):
        draft.values.setdefault("tax_code", front)
        if draft.values["tax_code"] == front:
            draft.values["name"] = nfc(rest)
            draft.notice("name", f"Bỏ mã số thuế ở đầu tên: “{name}”.")
    elif len(front) == 3 and len(code := draft.get("tax_code", "")) == TAX_CODE_DIGITS:
        draft.notice("name", f"Tên bắt đầu bằng số chi nhánh: xem lại, mã số thuế có thể là {code}-{front}.")


def name_governing_body(draft: Draft) -> None:
    """The nearer of two offices over a school governs it: its Phòng before the Sở."""
    if office := draft.get("education_office"):
        draft.values["governing_body"] = office
        draft.columns["governing_body"] = draft.column("education_office")


def name_parent(draft: Draft) -> None:
    """A branch code names the company it belongs to."""
    if not draft.get("parent") and (parent := parent_tax_code(draft.get("tax_code", ""))):
        draft.values["parent"] = parent


def keep_words(draft: Draft) -> None:
    """Words that are no value of their field go where they fit: a kind among the sub-kinds, the rest into the note."""
    subkind = draft.get("subkind", "")
    if subkind.startswith(AS_WRITTEN):
        del draft.values["subkind"]
        text = subkind.removeprefix(AS_WRITTEN)
        kind = UNITS.by_name["kind"].choice_index.get(fold(text))
        if kind and not draft.get("kind"):
            draft.values["kind"] = kind.value
        elif not kind:
            _to_note(draft, "subkind", text)
    if draft.get("school_level", "").startswith(AS_WRITTEN):
        _to_note(draft, "school_level", draft.values.pop("school_level").removeprefix(AS_WRITTEN))
    school_type = draft.get("school_type", "")
    if school_type and fold(school_type) != "truong pho thong":
        if not draft.get("school_level") and (level := level_of_text(school_type, LEVEL.choice_index)):
            draft.values["school_level"] = level
        draft.add_line("note", f"Loại trường: {school_type}")


def _to_note(draft: Draft, name: str, text: str) -> None:
    label = UNITS.by_name[name].label
    draft.add_line("note", f"{label}: {text}")
    draft.notice(name, f"“{text}” không có trong danh mục {mid_sentence(label)}: giữ ở ghi chú.")


def know_kind(draft: Draft) -> None:
    """The kind of a row that does not say it: by the codes its list has, else by its name."""
    if draft.get("kind"):
        return
    if (draft.get("subkind") or "").count("__"):
        draft.values["kind"] = draft.values["subkind"].split("__")[0]
    elif "school_code" in draft.columns or draft.get("school_level"):
        draft.values["kind"] = UnitKind.SCHOOL.value
    elif "tax_code" in draft.columns:
        draft.values["kind"] = UnitKind.ENTERPRISE.value
        if kind_of_name(draft.get("name", "")) == UnitKind.AGENCY:
            draft.notice("name", "Tên giống của một cơ quan, đơn vị sự nghiệp: xem lại khối.")
    elif kind := kind_of_name(draft.get("name", "")):
        draft.values["kind"] = kind.value


# -- rows that are new or not ------------------------------------------------------------------------------------------
def settle_new(draft: Draft) -> None:
    """What only a new unit takes: its kind, sub-kind and level where its name tells them, and its status."""
    if draft.is_new:
        know_kind(draft)
        name, kind = draft.get("name", ""), draft.get("kind")
        if not draft.get("subkind") and (subkind := subkind_of_name(name, kind, draft.get("tax_code", ""))):
            draft.values["subkind"] = subkind.value
        if kind == UnitKind.SCHOOL and not draft.get("school_level") and (level := level_of_name(name)):
            draft.values["school_level"] = level.value
        settle_status(draft)
        if draft.get("code"):
            draft.refuse("code", "Không có đơn vị nào mang mã này trong địa bàn của đồng chí.", "Mã đơn vị không có")
    else:
        if draft.get("jurisdiction") == draft.found.jurisdiction_id and draft.found.area_needs_review:
            # The list says no more of the place than is known: what first stood there is kept.
            draft.values.pop("area_note", None)
        if draft.found.parent_id and not draft.column("parent"):
            draft.values.pop("parent", None)
        if draft.found.area_needs_review and draft.get("jurisdiction") and not draft.get("area_needs_review"):
            draft.values["area_needs_review"] = False
        if draft.get("code") not in (None, "", draft.found.code):
            draft.refuse("code", f"Mã này không phải của “{draft.found.name}”.", "Mã đơn vị không khớp")


def settle_status(draft: Draft) -> None:
    """The status of a new unit: working, unless the list says otherwise and since when; the words are never lost."""
    written = (draft.get("status") or "").removeprefix(AS_WRITTEN)
    status = status_of_text(written)
    since = draft.values.pop("status_on", None)
    draft.values.pop("status", None)
    if status in (UnitStatus.SUSPENDED, UnitStatus.DISSOLVED) and since:
        draft.values["status"], draft.values["status_on"] = status.value, since
        return
    if written and status != UnitStatus.ACTIVE:
        draft.add_line("note", f"Tình trạng ghi trong danh sách: {written}")
        draft.notice("status", f"“{written}” chưa có ngày: ghi là đang hoạt động, giữ nguyên văn ở ghi chú.")


def steps_in_life(written: list[Written], by) -> list[StatusChange]:
    """A unit that comes in suspended or dissolved has that step in its life."""
    return [
        StatusChange(
            unit=each.record,
            from_status=UnitStatus.ACTIVE,
            to_status=each.record.status,
            effective_on=each.record.status_on,
            reason="Theo danh sách nhập vào sổ",
        )
        for each in written
        if each.created and each.record.status != UnitStatus.ACTIVE
    ]


#: Rows of the template; nobody of the name exists.
EXAMPLES = (
    {
        "name": "Trường THCS Mẫu",
        "kind": UnitKind.SCHOOL.label,
        "subkind": UnitSubkind.PUBLIC_SCHOOL.label,
        "school_code": "00123456",
        "school_level": SchoolLevel.LOWER_SECONDARY.label,
        "address": "Số 1 đường Mẫu",
        "head_name": "Nguyễn Văn Mẫu",
        "head_title": "Hiệu trưởng",
        "head_phone": "0912345678",
        "year": 2026,
        "staff_count": 45,
        "learner_count": 620,
        "is_state_budget": "Có",
        "has_party_organisation": "Có",
    },
    {
        "name": "Công ty TNHH Mẫu",
        "kind": UnitKind.ENTERPRISE.label,
        "subkind": UnitSubkind.LIMITED_COMPANY.label,
        "tax_code": "0100000001",
        "address": "Lô A1, khu công nghiệp Mẫu",
        "head_name": "Trần Thị Mẫu",
        "head_title": "Giám đốc",
        "head_phone": "0912345678; 02438000000",
        "year": 2026,
        "staff_count": 250,
        "enterprise_size": EnterpriseSize.MEDIUM.label,
        "business_sector": BusinessSector.PRODUCTION.label,
        "business_line": "May mặc",
        "is_state_budget": "Không",
    },
)

UNITS = register(
    Sheet(
        name="units",
        label="Đơn vị",
        model=Unit,
        fields=FIELDS,
        keys=(("code",), ("tax_code",), ("school_code",), ("name", "jurisdiction")),
        area="jurisdiction",
        area_code="area_code",
        area_province="area_province",
        area_district="area_district",
        address="address",
        year="year",
        review_flag="area_needs_review",
        review_note="area_note",
        after_row=(clean_name, name_governing_body, name_parent, keep_words),
        after_match=(settle_new,),
        stand_ins=stand_ins,
        likeness=UnitsAlike,
        order=0,
        goes_with=steps_in_life,
        examples=EXAMPLES,
        issued=lambda units: units.open(),
        list_url="units:unit_list",
    )
)

HEADCOUNTS = register_of_unit(Headcount, name="headcounts", keys=[("unit", "year")])
IDENTIFIERS = register_of_unit(
    UnitIdentifier,
    name="identifiers",
    label="mã khác của đơn vị",
    keys=[("value", "scheme")],
)
GROUPINGS = register(model_sheet(Grouping, name="groupings", keys=[("name", "kind")], list_url="units:grouping_list"))
