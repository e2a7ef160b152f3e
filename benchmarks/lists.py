"""Invented lists of enterprises as a tax office would send them: workbooks of any length, fifteen columns."""

import random
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from movement_portal.demonstration.people import full_name, phone
from movement_portal.demonstration.register import (
    BUSINESS_LINES,
    COMPANY_FIRST,
    COMPANY_FORMS,
    COMPANY_SECOND,
    STREETS,
    pick,
    tax_code,
)
from movement_portal.jurisdictions.enums import COMMUNE_KINDS
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.dates import today
from units.enums import GroupingKind, UnitKind
from units.models import Grouping

#: Header of a column -> field of ``Unit``; relations by the code of the record they name.
COLUMNS = {
    "Tên đơn vị": "name",
    "Khối": "kind",
    "Loại hình": "subkind",
    "Mã số thuế": "tax_code",
    "Địa chỉ": "address",
    "Mã địa bàn": "jurisdiction",
    "Người đứng đầu": "head_name",
    "Chức vụ người đứng đầu": "head_title",
    "Điện thoại người đứng đầu": "head_phone",
    "Đầu mối liên hệ": "contact_name",
    "Chức vụ đầu mối": "contact_title",
    "Điện thoại đầu mối": "contact_phone",
    "Ngành, lĩnh vực": "sector",
    "Cơ quan chủ quản": "governing_body",
    "Ghi chú": "note",
}
#: Every so many rows of a list sent again has another head and another telephone number.
CHANGED_EVERY = 5

GROUPS = {
    GroupingKind.SECTOR: ("NGANH", ("Công nghiệp", "Thương mại", "Xây dựng", "Vận tải", "Du lịch", "Nông nghiệp")),
    GroupingKind.GOVERNING_BODY: ("CQCQ", ("Sở Công Thương", "Sở Xây dựng", "Sở Tài chính", "Ban Quản lý khu kinh tế")),
}


def make_groups() -> dict[str, list[str]]:
    """Codes of the groups that the lists name, by kind; the groups are made where they are missing."""
    codes = {}
    for kind, (prefix, names) in GROUPS.items():
        codes[kind] = [f"{prefix}{number}" for number in range(1, len(names) + 1)]
        for code, name in zip(codes[kind], names, strict=True):
            if not Grouping.objects.filter(kind=kind, code=code).exists():
                Grouping.objects.create(kind=kind, code=code, name=name)
    return codes


def rows(count: int, *, first: int = 1, changed: bool = False) -> Iterator[list[str]]:
    """``count`` lines of cells; the same for the same ``first``, every fifth with changes where ``changed``."""
    dice, other = random.Random(first), random.Random(-first)
    places = list(Jurisdiction.objects.as_of(today()).filter(kind__in=COMMUNE_KINDS).order_by("id"))
    codes = make_groups()
    for number in range(count):
        form, subkind, _ = pick(dice, COMPANY_FORMS)
        line, _, word = dice.choice(BUSINESS_LINES)
        place = dice.choice(places)
        serial = first + number
        cells = [
            f"{form} {word} {dice.choice(COMPANY_FIRST)} {dice.choice(COMPANY_SECOND)} {serial}",
            UnitKind.ENTERPRISE.label,
            subkind.label,
            tax_code(serial),
            f"Số {dice.randint(1, 400)}, {dice.choice(STREETS)}, {place.full_name}",
            place.code,
            full_name(dice),
            "Giám đốc",
            phone(dice),
            full_name(dice),
            dice.choice(("Phó trưởng phòng", "Văn thư", "Tổ trưởng tổ bảo vệ", "Chuyên viên")),
            phone(dice),
            dice.choice(codes[GroupingKind.SECTOR]),
            dice.choice(codes[GroupingKind.GOVERNING_BODY]),
            line,
        ]
        if changed and number % CHANGED_EVERY == 0:
            cells[6], cells[8] = full_name(other), phone(other)
        yield cells


def write_workbook(path: Path, count: int, *, header=tuple(COLUMNS), first: int = 1, changed: bool = False) -> Path:
    """A workbook of one sheet: a header row and ``count`` rows."""
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as workbook:
        sheet = workbook.add_worksheet("Danh sách")
        sheet.write_row(0, 0, header)
        for number, cells in enumerate(rows(count, first=first, changed=changed), 1):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    return path
