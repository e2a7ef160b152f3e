"""Workbooks to be filled in away from the portal: drop-downs, formats and bounds of cells, the guide in words.

What templates and round-trip workbooks have in common. A cell takes only what the import takes; a catalogue that an
import may add to warns instead of refusing.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from movement_portal.jurisdictions.enums import COMMUNE_KINDS, JurisdictionKind
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.dates import today
from movement_portal.spreadsheets.fields import Field, Kind, Merge
from movement_portal.spreadsheets.resources import text_of
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.tables import GUIDE_SHEET, LISTS_SHEET, clean_text, column_letter
from movement_portal.spreadsheets.values import FIRST_YEAR, LAST_YEAR

#: Entries of a catalogue that a drop-down offers; a longer one is typed.
LONGEST_LIST = 500
#: Characters that Excel allows in the message beside a cell, and in its title.
MESSAGE, MESSAGE_TITLE = 255, 32

FORMATS = {
    Kind.INTEGER: "#,##0",
    Kind.AMOUNT: "#,##0",
    Kind.DECIMAL: "#,##0.##",
    Kind.DATE: "dd/mm/yyyy",
    Kind.YEAR: "0",
}
FORMAT_WORDS = {
    Kind.TEXT: "Chữ",
    Kind.LONG_TEXT: "Chữ, được nhiều dòng trong một ô",
    Kind.CODE: "Mã, giữ nguyên số 0 ở đầu",
    Kind.CHOICE: "Chọn trong danh sách",
    Kind.INTEGER: "Số nguyên",
    Kind.DECIMAL: "Số",
    Kind.AMOUNT: "Số tiền, đơn vị đồng",
    Kind.DATE: "Ngày, dạng 31/12/2026",
    Kind.YEAR: "Năm, bốn chữ số",
    Kind.BOOL: "Chọn Có hoặc Không",
    Kind.PHONE: "Số điện thoại; nhiều số cách nhau bằng dấu chấm phẩy",
    Kind.AREA: "Chọn trong danh sách",
    Kind.RELATION: "Chọn hoặc gõ tên, mã",
    Kind.SEVERAL: "Nhiều mục trong một ô, cách nhau bằng dấu chấm phẩy",
}
YES_NO = ("Có", "Không")


@dataclass
class Reach:
    """What the cells of a workbook may hold for one officer: areas in reach, entries of catalogues."""

    officer: Any
    area: Jurisdiction
    _lists: dict[str, list[str]] = field(default_factory=dict)

    def options(self, each: Field) -> list[str]:
        """What a cell of the field offers, in order; empty for one that is typed."""
        if each.name not in self._lists:
            self._lists[each.name] = self._options(each)
        return self._lists[each.name]

    def _options(self, each: Field) -> list[str]:
        if each.kind == Kind.CHOICE:
            return [choice.label for choice in each.choices]
        if each.kind == Kind.BOOL:
            return list(YES_NO)
        if each.kind == Kind.AREA:
            return list(self.area_names.values())
        if each.kind == Kind.RELATION:
            rows = each.relation.model.objects.visible_to(self.officer).filter(**each.relation.limit)
            if each.relation.text_relations:
                rows = rows.select_related(*each.relation.text_relations)
            rows = list(rows[: LONGEST_LIST + 1])
            return list(dict.fromkeys(text_of(each, row) for row in rows)) if len(rows) <= LONGEST_LIST else []
        return []

    @property
    def area_names(self) -> dict[int, str]:
        """Communes of the area today by id, each under a name that no other of them bears."""
        if not hasattr(self, "_area_names"):
            rows = Jurisdiction.objects.within(self.area).as_of(today()).with_parents().order_by("name_sort", "id")
            communes = [area for area in rows if area.kind in COMMUNE_KINDS] or [self.area]
            self._area_names = unique_names(communes)
        return self._area_names

    def name_of_area(self, area: Jurisdiction) -> str:
        """The area as a cell of the workbook names it; one that no drop-down offers with all above it."""
        return self.area_names.get(area.pk) or area.long_name


def unique_names(areas: Sequence[Jurisdiction]) -> dict[int, str]:
    """Names by id: “Xã Tân Tiến”, and where several bear it “Xã Tân Tiến, Tỉnh Mẫu”."""
    seen: dict[str, int] = {}
    for area in areas:
        seen[area.full_name] = seen.get(area.full_name, 0) + 1
    return {area.pk: area.full_name if seen[area.full_name] == 1 else within_province(area) for area in areas}


def within_province(area: Jurisdiction) -> str:
    """The area with those above it, up to the province."""
    parts, node = [], area
    while node is not None and node.kind != JurisdictionKind.COUNTRY:
        parts.append(node.full_name)
        node = node.parent
    return ", ".join(parts)


def fillable_fields(sheet: Sheet) -> list[Field]:
    """Fields that an office fills in: no codes that the portal gives itself, one column for the place."""
    return [
        each
        for each in sheet.fields
        if not each.hidden
        and (each.exported or each.name == sheet.year)
        and each.name not in (sheet.area_code, sheet.area_province)
        and not is_given_by_portal(sheet, each)
    ]


def is_given_by_portal(sheet: Sheet, each: Field) -> bool:
    """Whether the field is a key of its own that nobody types: the internal code."""
    return (each.name,) in sheet.keys and bool(each.column) and not sheet.model._meta.get_field(each.column).editable


def number_format(each: Field) -> str:
    """Format of the cells in the notation of Excel; text stays text, codes keep their zeros."""
    return FORMATS.get(each.kind, "@")


class Lists:
    """The hidden worksheet that the drop-downs take their entries from; written last, when all are known."""

    def __init__(self, workbook):
        self.sheet = workbook.add_worksheet(LISTS_SHEET)
        self.sheet.hide()
        self._columns: list[tuple[str, Sequence[str]]] = []

    def range_of(self, label: str, options: Sequence[str]) -> str:
        """The cells that will hold the options, as a formula."""
        letter = column_letter(len(self._columns))
        self._columns.append((label, options))
        return f"='{LISTS_SHEET}'!${letter}$2:${letter}${len(options) + 1}"

    def write(self) -> None:
        """Write all entries, row by row as a workbook in constant memory needs them."""
        longest = max((len(options) for _, options in self._columns), default=0)
        for at, (label, _) in enumerate(self._columns):
            self.sheet.write_string(0, at, label)
        for row in range(longest):
            for at, (_, options) in enumerate(self._columns):
                if row < len(options):
                    self.sheet.write_string(row + 1, at, options[row])


def bound_cells(sheet, lists: Lists, each: Field, label: str, cells: tuple[int, int, int], reach: Reach) -> None:
    """Let the cells (column, first and last row) take only what an import takes of the field."""
    column, first, last = cells
    rules = rules_of(each, reach.options(each), lists)
    told = help_of(each)
    message = {"input_title": label[:MESSAGE_TITLE], "input_message": told[:MESSAGE]} if told else {}
    if rules or message:
        sheet.data_validation(first, column, last, column, {**(rules or {"validate": "any"}), **message})


def rules_of(each: Field, options: Sequence[str], lists: Lists) -> dict[str, Any]:
    """What a cell of the field may hold, in the words of XlsxWriter; empty for any text."""
    if options:
        return _one_of(lists.range_of(each.label, options), is_open=each.kind == Kind.RELATION)
    if each.kind in (Kind.INTEGER, Kind.AMOUNT, Kind.YEAR):
        return _whole_number(each)
    if each.kind == Kind.DATE:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": datetime.date(FIRST_YEAR, 1, 1),
            "maximum": datetime.date(LAST_YEAR, 12, 31),
            "error_type": "warning",
            "error_title": "Không phải là ngày",
            "error_message": "Ghi ngày dạng 31/12/2026.",
        }
    if each.kind == Kind.TEXT and each.max_length and not each.overflow:
        return {
            "validate": "length",
            "criteria": "<=",
            "value": each.max_length,
            "error_title": "Quá dài",
            "error_message": f"Tối đa {each.max_length} ký tự.",
        }
    return {}


def _one_of(source: str, *, is_open: bool) -> dict[str, Any]:
    """A choice of a list; where the list ``is_open`` another text is asked about, not refused."""
    return {
        "validate": "list",
        "source": source,
        "error_type": "information" if is_open else "stop",
        "error_title": "Không có trong danh sách",
        "error_message": "Nội dung này chưa có trong danh mục. Kiểm tra lại trước khi gửi."
        if is_open
        else "Hãy chọn một mục trong danh sách của ô.",
    }


def _whole_number(each: Field) -> dict[str, Any]:
    low, high = (FIRST_YEAR, LAST_YEAR) if each.kind == Kind.YEAR else (-(10**15), 10**15)
    low, high = max(low, each.minimum or low), min(high, each.maximum or high)
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 0 if each.minimum == 0 else low,
        "maximum": high,
        "error_title": "Phải là số nguyên",
        "error_message": "Chỉ ghi chữ số, không ghi kèm chữ.",
    }


def help_of(each: Field) -> str:
    """What should stand in the cells, in one or two sentences."""
    parts = ["Bắt buộc." if each.required else ""]
    parts.append(each.help if not each.help or each.help.endswith(".") else f"{each.help}.")
    parts.append(f"{FORMAT_WORDS[each.kind]}.")
    return " ".join(part for part in parts if part)


# -- the guide ---------------------------------------------------------------------------------------------------------
GUIDE_COLUMNS = (("Cột", 30), ("Bắt buộc", 11), ("Ý nghĩa, cách ghi", 52), ("Định dạng", 30), ("Giá trị được ghi", 52))
#: Entries that the guide spells out; of a longer list it says how many.
SPELLED_OUT = 14


def write_guide(workbook, title: str, steps: Sequence[str], fields: Sequence[tuple[str, Field]], reach: Reach) -> None:
    """A worksheet that tells an office how to fill the list in: the steps, then every column."""
    sheet = workbook.add_worksheet(GUIDE_SHEET)
    bold = workbook.add_format({"bold": True, "font_size": 14})
    plain = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C8CDCA"})
    head = workbook.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#E3ECE6"})
    for at, (_, width) in enumerate(GUIDE_COLUMNS):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, clean_text(title), bold)
    for at, step in enumerate(steps, start=1):
        sheet.write_string(at, 0, f"{at}. {step}")
    header = len(steps) + 2
    for at, (label, _) in enumerate(GUIDE_COLUMNS):
        sheet.write_string(header, at, label, head)
    for row, (label, each) in enumerate(fields, start=header + 1):
        told = (label, "có" if each.required else "", meaning_of(each), FORMAT_WORDS[each.kind], allowed(each, reach))
        for at, text in enumerate(told):
            sheet.write_string(row, at, text, plain)
    sheet.freeze_panes(header + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    sheet.set_footer("&RTrang &P/&N")


def meaning_of(each: Field) -> str:
    """What the column is for, and what else to know of it."""
    parts = [each.help]
    if each.max_length and each.kind == Kind.TEXT:
        parts.append(f"Tối đa {each.max_length} ký tự.")
    if each.merge == Merge.KEEP and not each.help:
        parts.append("Chỉ dùng khi thêm mới.")
    if each.example:
        parts.append(f"Ví dụ: {each.example}.")
    return " ".join(part for part in parts if part)


def allowed(each: Field, reach: Reach) -> str:
    """The values that the cells take, in words."""
    options = reach.options(each)
    if options and len(options) <= SPELLED_OUT:
        return "; ".join(options)
    if options:
        return f"{len(options)} mục, bấm mũi tên ở ô để chọn; ví dụ: {options[0]}"
    if each.minimum is not None and each.kind in (Kind.INTEGER, Kind.AMOUNT):
        return f"Từ {each.minimum} trở lên"
    return ""


def sample_of(each: Field, example: Mapping[str, Any], reach: Reach) -> Any:
    """What stands in the column of an example row; an example of the sheet wins over one made from the field."""
    if each.kind == Kind.AREA:
        return next(iter(reach.options(each)), "")
    return example.get(each.name, "")
