"""Three lists as offices send them, over the invented register: to try the import with, and to show what it repairs."""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import xlsxwriter

from movement_portal.demonstration.people import full_name, phone
from movement_portal.demonstration.register import COMPANY_FIRST, COMPANY_SECOND, SCHOOL_NAMES, STREETS, tax_code
from movement_portal.lib.legacy_tables import to_tcvn3
from movement_portal.lib.vietnamese import strip_accents

#: First serial of the codes in the lists: the register has lower ones.
FIRST_SERIAL = 7001


@dataclass(frozen=True, slots=True)
class OldPlace:
    """A commune of before July 2025: its name with its kind, and its district's."""

    name: str
    district: str


@dataclass(frozen=True, slots=True)
class Known:
    """A unit that is in the register."""

    name: str
    address: str


class _Page:
    """A worksheet written line by line in the formats of an office's typist."""

    def __init__(self, workbook: xlsxwriter.Workbook, name: str):
        self.sheet = workbook.add_worksheet(name)
        face = {"font_name": "Times New Roman", "font_size": 12}
        self.plain = workbook.add_format({**face, "text_wrap": True})
        self.bold = workbook.add_format({**face, "bold": True})
        self.head = workbook.add_format({**face, "bold": True, "align": "center", "text_wrap": True, "border": 1})
        self.old = workbook.add_format({"font_name": ".VnTime", "font_size": 13, "text_wrap": True})
        self.old_capital = workbook.add_format({"font_name": ".VnTimeH", "font_size": 13, "bold": True})
        self.day = workbook.add_format({**face, "num_format": "dd/mm/yyyy"})
        self.row = 0

    def line(self, *cells, form=None) -> None:
        """Write the cells from the first column on; None leaves one empty."""
        for column, cell in enumerate(cells):
            if cell is not None:
                self.sheet.write(self.row, column, cell, form or self.plain)
        self.row += 1

    def title(self, text: str, width: int, form=None) -> None:
        """Write a line over all columns."""
        self.sheet.merge_range(self.row, 0, self.row, width - 1, text, form or self.bold)
        self.row += 1


def _workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        fill(workbook)
    return target.getvalue()


# -- schools: an old typeface, a header of two rows, groups in groups --------------------------------------------------
_LEVELS = (("Khối mầm non", "Trường Mầm non"), ("Khối tiểu học", "Trường Tiểu học"), ("Khối trung học", "Trường THCS"))
_ROMAN = ("I", "II", "III", "IV", "V", "VI")


def schools(places: Sequence[str]) -> bytes:
    """A list of schools of some communes, partly typed in .VnTime: groups, sub-totals, signatures."""
    dice = random.Random(FIRST_SERIAL)

    def fill(workbook):
        page = _Page(workbook, "Danh sách trường")
        page.title(to_tcvn3("sở giáo dục và đào tạo"), 9, page.old_capital)
        page.title("DANH SÁCH CÁC TRƯỜNG TRÊN ĐỊA BÀN, NĂM HỌC 2025 - 2026", 9)
        page.row += 1
        _school_header(page)
        serial, total = FIRST_SERIAL, 0
        for mark, place in zip(_ROMAN, places, strict=False):
            page.line(f"{mark}. {place}", form=page.bold)
            staff_of_place = 0
            for number, (group, form) in enumerate(_LEVELS, start=1):
                page.line(f"{number}. {group}", form=page.bold)
                for _ in range(dice.randint(2, 4)):
                    staff_of_place += _school(page, dice, serial, form, place)
                    serial += 1
            page.line(None, f"Cộng {place}", None, None, None, None, staff_of_place, form=page.bold)
            total += staff_of_place
        page.line(None, "Tổng cộng", None, None, None, None, total, form=page.bold)
        page.row += 1
        page.line("Ghi chú: số liệu tính đến đầu năm học.")
        page.line(None, None, None, None, None, "Ngày 15 tháng 9 năm 2025")
        page.line(None, "Người lập biểu", None, None, None, "Thủ trưởng đơn vị", form=page.bold)
        page.line(None, "(Ký, ghi rõ họ tên)", None, None, None, "(Ký tên, đóng dấu)")

    return _workbook(fill)


def _school_header(page):
    top, low = page.row, page.row + 1
    for column, text in enumerate(("TT", "Tên trường", "Mã trường", "Địa chỉ")):
        page.sheet.merge_range(top, column, low, column, text, page.head)
    page.sheet.merge_range(top, 4, top, 5, "Hiệu trưởng", page.head)
    page.sheet.merge_range(top, 6, top, 7, "Số lượng", page.head)
    page.sheet.merge_range(top, 8, low, 8, "Tổ chức Đảng", page.head)
    for column, text in enumerate(("Họ và tên", "Điện thoại", "CB, GV, NV", "Học sinh"), start=4):
        page.sheet.write(low, column, text, page.head)
    page.row += 2
    page.line(*(f"({number})" for number in range(1, 10)), form=page.head)
    page.sheet.set_column(1, 1, 34)
    page.sheet.set_column(3, 5, 26)


def _school(page, dice, serial, form, place):
    name = f"{form} {dice.choice(SCHOOL_NAMES)} {serial}"
    address = f"Số {dice.randint(1, 90)}, {dice.choice(STREETS)}, {place}"
    staff = dice.randint(18, 90)
    row = page.row
    page.line(serial - FIRST_SERIAL + 1, None, f"MAU{serial:06d}", address if serial % 3 else None)
    page.row = row
    page.sheet.write(row, 1, to_tcvn3(name) if serial % 4 else name, page.old if serial % 4 else page.plain)
    if serial % 3 == 0:
        page.sheet.write(row, 3, to_tcvn3(address), page.old)
    page.sheet.write(row, 4, to_tcvn3(full_name(dice)), page.old)
    page.sheet.write(row, 5, f"ĐT: {phone(dice)} - {phone(dice)}" if serial % 5 == 0 else phone(dice), page.plain)
    page.sheet.write(row, 6, staff, page.plain)
    page.sheet.write(row, 7, f"1.{dice.randint(100, 999)}" if serial % 3 else staff * 12, page.plain)
    page.sheet.write(row, 8, dice.choice(("x", "có", "✓", "Có", "-")), page.plain)
    page.row += 1
    return staff


# -- enterprises: a sheet a commune, codes as numbers, old districts, units that are there already ---------------------
_COMPANY = ("TT", "MST", "Tên doanh nghiệp", "Phường, xã", "Quận, huyện", "Số lao động", "Doanh thu", "Ghi chú")
_FORMS = ("Cty TNHH", "Công ty TNHH MTV", "Cty CP", "DNTN", "Công ty Cổ phần")


def enterprises(sheets: Sequence[tuple[str, Sequence[OldPlace], Sequence[Known]]]) -> bytes:
    """A worksheet for each commune, its places of before July 2025; some companies are known, and spelt otherwise."""
    dice = random.Random(FIRST_SERIAL)

    def fill(workbook):
        serial = FIRST_SERIAL
        for name, places, known in sheets:
            page = _Page(workbook, name[:31])
            page.title(f"DOANH NGHIỆP TRÊN ĐỊA BÀN {name.upper()}", len(_COMPANY))
            page.line(*_COMPANY, form=page.head)
            page.sheet.set_column(2, 4, 30)
            number = 0
            for number in range(1, 13):
                place = dice.choice(places) if places else OldPlace("", "")
                page.line(number, _code(tax_code(serial), number), _company(dice, serial), *_place(place, number),
                          *_figures(dice, number), "Số liệu tự khai" if number == 7 else None)  # fmt: skip
                serial += 1
            for unit in known:
                number += 1
                page.line(number, None, misspelt(unit.name, number), None, None, *_figures(dice, number))
            page.line(None, None, "Cộng", None, None, f"{number} DN", form=page.bold)
        workbook.add_worksheet("Sheet trống")

    return _workbook(fill)


def _code(code, number):
    """Codes as they come out of different programs."""
    return (int(code), f"{int(code):,}", f"'{code}", code)[number % 4]


def _company(dice, serial):
    name = f"{dice.choice(_FORMS)} {dice.choice(COMPANY_FIRST)} {dice.choice(COMPANY_SECOND)} {serial}"
    return name.upper() if serial % 6 == 0 else name


def _place(place, number):
    kind, _, name = place.name.partition(" ")
    short = {"Phường": "P.", "Xã": "X. "}.get(kind)
    return (f"{short}{name}" if short and number % 2 else place.name), place.district


def _figures(dice, number):
    staff, revenue = dice.randint(5, 400), dice.randint(2, 90)
    return (
        (f"{staff} người", f"{staff:02d}", staff)[number % 3],
        (f"{revenue},5 tỷ", f"{revenue}.000.000.000", revenue * 10**9)[number % 3],
    )


def misspelt(name: str, number: int) -> str:
    """A name as another office would type it."""
    short = (
        name.replace("Công ty TNHH MTV", "Cty TNHH 1TV").replace("Công ty Cổ phần", "CTCP").replace("Công ty", "Cty")
    )
    return (short, name.upper(), strip_accents(name), f"{short}.")[number % 4]


# -- agencies: few faults, each of them in many rows -------------------------------------------------------------------
_AGENCY = (
    "STT",
    "Tên cơ quan, đơn vị",
    "Khối",
    "Xã, phường",
    "Thủ trưởng",
    "Điện thoại",
    "Tình trạng",
    "Tạm ngừng từ ngày",
)
_AGENCIES = (
    "Trạm Khuyến nông", "Ban Quản lý chợ", "Trung tâm Văn hóa", "Trạm Bảo vệ thực vật", "Hội Chữ thập đỏ",
    "Trung tâm Lưu trữ", "Trạm Thú y", "Ban Quản lý dự án", "Đội Quản lý trật tự", "Trạm Cấp nước",
)  # fmt: skip
#: One place nobody knows, as ten typists write it.
_UNKNOWN_PLACE = ("Thị xã Bình Mẫu", "TX. Bình Mẫu", "TX Bình Mẫu", "T.X Bình Mẫu", "thị xã Bình mẫu", "Bình Mẫu")
_BAD_DAYS = ("31/02/2025", "00/00/2025", "năm ngoái")
_BAD_PHONES = ("chưa có", "hỏi văn thư", "0100-12")


def agencies(places: Sequence[str]) -> bytes:
    """A list of agencies in which one wrong area, some wrong days and some wrong phones come again and again."""
    dice = random.Random(FIRST_SERIAL)

    def fill(workbook):
        page = _Page(workbook, "Cơ quan")
        page.title("DANH SÁCH CƠ QUAN, ĐƠN VỊ SỰ NGHIỆP", len(_AGENCY))
        page.line(*_AGENCY, form=page.head)
        page.sheet.set_column(1, 4, 28)
        for number in range(1, 61):
            place = _UNKNOWN_PLACE[number % 6] if number % 3 == 0 else dice.choice(places)
            bad_phone = number % 7 == 0
            stopped = number % 4 == 0
            day = _BAD_DAYS[number % 3] if number % 8 == 0 else "1/3/2026"
            page.line(
                number,
                f"{dice.choice(_AGENCIES)} số {number}",
                "Cơ quan",
                place,
                full_name(dice),
                _BAD_PHONES[number % 3] if bad_phone else phone(dice),
                "Tạm ngừng" if stopped else "Đang hoạt động",
                day if stopped else None,
            )
        page.line(None, "Danh sách gồm 60 đơn vị.")
        page.line(None, "NGƯỜI LẬP", None, None, None, "TRƯỞNG PHÒNG", form=page.bold)

    return _workbook(fill)
