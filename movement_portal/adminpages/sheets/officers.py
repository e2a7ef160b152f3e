"""The list of officers as offices keep it: a row for each posting, with the account of whoever holds it.

No password comes in, goes out or is made here: an account that a list opens has none until first passwords are issued
on their own page (``accounts:first_passwords``).
"""

import dataclasses
import re
from collections.abc import Collection, Mapping
from typing import Any

from movement_portal.adminpages.sheets.judging import judge_rows
from movement_portal.adminpages.sheets.staff import (
    OF_POSTING,
    functions_in,
    in_words,
    names_of_offices,
    office_in_cell,
    same_name,
    same_phone,
)
from movement_portal.adminpages.sheets.writing import make_accounts, what_stays, write_rest
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer, PoliceOffice, Posting
from movement_portal.spreadsheets.fields import Elsewhere, Field, Kind, Lookup, Merge, Relation, choices_of
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import Parsed, ValueProblem, parse_text, shown

#: As ``ASCIIUsernameValidator``, in lower case.
_USERNAME = re.compile(r"[a-z0-9_.@+-]{1,60}")


# -- cells -------------------------------------------------------------------------------------------------------------
def parse_username(cell: Cell) -> Parsed:
    """A name to sign in with, in lower case; raises ``ValueProblem`` for one that cannot be."""
    text = Officer.normalize_username(shown(cell))
    if not _USERNAME.fullmatch(text):
        rule = "chữ thường không dấu, số, dấu chấm, không quá 60 ký tự"
        reason = f"“{shown(cell)}” không dùng làm tên đăng nhập được: {rule}."
        raise ValueProblem(reason, "Sai tên đăng nhập")
    return Parsed(text)


def parse_name(cell: Cell) -> Parsed:
    """A name of a person; one in capital letters throughout is written as names are."""
    parsed = parse_text(cell)
    if isinstance(parsed.value, str) and parsed.value.isupper():
        return Parsed(parsed.value.title())
    return parsed


def parse_functions(cell: Cell) -> Parsed:
    """Several functions in one cell: “Nhập liệu; Chỉ đọc”."""
    try:
        return Parsed(in_words(functions_in(shown(cell))))
    except KeyError:
        raise ValueProblem(f"“{shown(cell)}”: có chức năng không có trong danh mục.", "Chức năng không có") from None


def _of_officer(column: str):
    """Reads a column of the officer for postings by their keys."""

    def read(keys: Collection[int], officer: Officer) -> Mapping[int, Any]:
        return dict(Posting.objects.filter(pk__in=keys).values_list("pk", f"officer__{column}"))

    return read


def _grants(keys: Collection[int], officer: Officer) -> Mapping[int, str]:
    rows = Posting.objects.filter(pk__in=keys).values_list("pk", "grants")
    return {pk: in_words(grants) for pk, grants in rows}


NAME = Field(
    name="name",
    label="Họ và tên",
    synonyms=("Họ tên", "Họ và tên cán bộ", "Tên cán bộ", "Cán bộ", "Họ, tên"),
    required=True,
    max_length=100,
    width=28,
    parse=parse_name,
    elsewhere=Elsewhere(read=_of_officer("full_name"), join=lambda old, new: same_name(old or "", new)),
)
TITLE = Field(
    name="title",
    label="Cấp bậc, chức vụ",
    synonyms=("Cấp bậc", "Chức vụ", "Chức danh", "Quân hàm", "Cấp hàm, chức vụ"),
    max_length=100,
    width=24,
    elsewhere=Elsewhere(read=_of_officer("title")),
)
PHONE = Field(
    name="phone",
    label="Điện thoại công vụ",
    kind=Kind.PHONE,
    synonyms=("Điện thoại", "Số điện thoại", "SĐT", "Di động"),
    max_length=20,
    elsewhere=Elsewhere(read=_of_officer("phone"), join=lambda old, new: same_phone(old or "", new)),
)
GRANTS = Field(
    name="grants",
    label="Được cấp cho người khác",
    synonyms=("Được cấp chức năng", "Được cấp các chức năng"),
    help="Chỉ của quản trị hệ thống: các chức năng được cấp tiếp, cách nhau bằng dấu chấm phẩy.",
    width=28,
    parse=parse_functions,
    elsewhere=Elsewhere(read=_grants),
)
FUNCTIONS = choices_of(
    Function,
    ENTER=("Nhập hồ sơ", "Cán bộ nhập liệu", "Người nhập", "Nhập"),
    APPRAISE=("Cán bộ thẩm định", "Thẩm định hồ sơ"),
    DECIDE=("Chỉ huy", "Lãnh đạo đơn vị", "Phê duyệt"),
    MANAGE_RECORDS=("Quản trị hồ sơ", "Quản trị dữ liệu"),
    MANAGE_ACCOUNTS=("Quản trị tài khoản",),
    READ=("Xem", "Chỉ xem", "Tra cứu"),
)
SYNONYMS = {
    "officer": ("Tài khoản", "Tên tài khoản", "Tên truy cập", "Username", "User"),
    "office": ("Cơ quan", "Đơn vị", "Đơn vị công tác", "Cơ quan, đơn vị", "Nơi công tác", "Công an xã, phường"),
    "function": ("Vai trò", "Quyền", "Nhóm quyền", "Nhiệm vụ trên cổng"),
    "valid_from": ("Từ", "Ngày bắt đầu", "Phân công từ ngày"),
    "valid_to": ("Đến", "Đến ngày", "Ngày kết thúc"),
}
CHANGES = {
    "officer": {
        "label": "Tên đăng nhập",
        "help": "Chữ thường không dấu, số, dấu chấm; để trống thì cổng đặt theo họ tên, nơi làm việc. "
        "Cán bộ giữ nhiều chức năng: mỗi chức năng một dòng.",
        "required": False,
        "parse": parse_username,
        "width": 22,
        "relation": Relation(
            model=Officer,
            lookups=(Lookup("username"),),
            make_all=make_accounts,
            made="mở tài khoản mới",
        ),
    },
    "office": {
        "help": "Tên đầy đủ; trùng tên thì ghi thêm tỉnh, thành phố.",
        "width": 40,
        "relation": Relation(
            model=PoliceOffice,
            lookups=(),
            also_called=names_of_offices,
            text=office_in_cell,
            text_relations=("jurisdiction__parent__parent__parent",),
        ),
    },
    "function": {"choices": FUNCTIONS, "width": 18},
    "valid_from": {"help": "Để trống là hôm nay."},
    "valid_to": {"help": "Để trống nếu chưa biết. Ghi ngày cho phân công đang có là kết thúc nó vào ngày đó."},
}
EXAMPLES = (
    {
        "officer": "nguyenvanmau.benmau",
        "name": "Nguyễn Văn Mẫu",
        "title": "Thượng úy, cán bộ",
        "phone": "0912345678",
        "office": "Công an Xã Bến Mẫu",
        "function": Function.ENTER.label,
        "valid_from": "01/07/2025",
    },
    {
        "officer": "tranthimau.benmau",
        "name": "Trần Thị Mẫu",
        "title": "Thiếu tá, Trưởng Công an",
        "office": "Công an Xã Bến Mẫu",
        "function": Function.DECIDE.label,
        "valid_from": "01/07/2025",
    },
)

_BASE = model_sheet(Posting, name="officers", label="cán bộ, tài khoản", keys=[OF_POSTING], synonyms=SYNONYMS)
_COLUMNS = {
    each.name: dataclasses.replace(
        each, **CHANGES[each.name], merge=Merge.KEEP if each.name in OF_POSTING else Merge.REPLACE
    )
    for each in _BASE.fields
}
OFFICERS = register(
    dataclasses.replace(
        _BASE,
        fields=(
            _COLUMNS["officer"],
            NAME,
            TITLE,
            PHONE,
            *(_COLUMNS[name] for name in ("office", "function", "valid_from", "valid_to")),
            GRANTS,
        ),
        look_up=(judge_rows,),
        after_write=write_rest,
        changes_first=True,
        stays=what_stays,
        permissions=("jurisdictions.add_officer", "jurisdictions.change_officer"),
        next_label="Cấp mật khẩu lần đầu",
        next_url="accounts:first_passwords",
        list_url="accounts:officer_list",
        examples=EXAMPLES,
    )
)
