"""The empty workbook of a kind of list: what an office fills in, so that the import matches and asks nothing."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets.fields import Field, Kind
from movement_portal.spreadsheets.fillable import (
    Lists,
    Reach,
    bound_cells,
    fillable_fields,
    number_format,
    sample_of,
    write_guide,
)
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.tables import EXAMPLE_MARK
from movement_portal.spreadsheets.writing import new_workbook, set_up_page

#: Rows below the header that are made ready.
ROWS = 2_000
RUNNING_NUMBER = "TT"
#: Values of example rows by kind, where neither the sheet nor the field gives one.
SAMPLES: Mapping[Kind, Any] = {
    Kind.INTEGER: 25,
    Kind.AMOUNT: 1_500_000_000,
    Kind.DECIMAL: 12.5,
    Kind.YEAR: 2026,
    Kind.BOOL: "Có",
    Kind.PHONE: "0912 345 678",
}


def write_template(stream: BinaryIO, sheet: Sheet, *, officer) -> None:
    """Write the template of a sheet for an officer: drop-downs hold the areas and catalogues in the officer's reach."""
    reach = Reach(officer, officer.jurisdiction)
    fields = fillable_fields(sheet)
    with new_workbook(stream) as workbook:
        table = workbook.add_worksheet(sheet.label[:31])
        steps = [
            f"Ghi mỗi dòng một mục ở trang “{sheet.label}”, từ dòng trống đầu tiên dưới các dòng ví dụ.",
            "Dòng có chữ “Ví dụ” ở cột TT không được nhập; để lại hoặc xóa đi đều được.",
            "Cột có nền xanh đậm là bắt buộc. Không đổi tên cột; cột không dùng thì để trống.",
            "Ô có mũi tên: chọn trong danh sách. Mã, số điện thoại: giữ nguyên số 0 ở đầu.",
            "Gửi lại tệp này ở mục Nhập Excel của cổng; cổng cho xem trước từng dòng rồi mới ghi.",
        ]
        write_guide(workbook, f"Hướng dẫn điền: {sheet.label}", steps, [(each.label, each) for each in fields], reach)
        lists = Lists(workbook)
        _write_table(workbook, table, sheet, fields, reach, lists)
        lists.write()


def _write_table(workbook, table, sheet: Sheet, fields: list[Field], reach: Reach, lists: Lists) -> None:
    styles = {each.name: workbook.add_format({"num_format": number_format(each), "valign": "top"}) for each in fields}
    table.set_column(0, 0, 7, workbook.add_format({"align": "center"}))
    for at, each in enumerate(fields, start=1):
        table.set_column(at, at, max(each.width or 18, 10), styles[each.name])
    table.write_string(0, 0, str(reach.officer.office or ""), workbook.add_format({"bold": True}))
    title = workbook.add_format({"bold": True, "font_size": 14})
    table.write_string(1, 0, f"Danh sách {mid_sentence(sheet.label)}", title)
    header = 3
    top = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
    needed = workbook.add_format({**top, "bg_color": "#17633F", "font_color": "#FFFFFF"})
    other = workbook.add_format({**top, "bg_color": "#E3ECE6"})
    table.set_row(header, 48)
    table.write_string(header, 0, RUNNING_NUMBER, other)
    for at, each in enumerate(fields, start=1):
        table.write_string(header, at, each.label, needed if each.required else other)
    examples = sheet.examples or ({},)
    look = {"italic": True, "font_color": "#6B7280", "bg_color": "#F3F4F6"}
    grey = workbook.add_format({**look, "align": "center"})
    greys = {each.name: workbook.add_format({**look, "num_format": number_format(each)}) for each in fields}
    for row, example in enumerate(examples, start=header + 1):
        table.write_string(row, 0, EXAMPLE_MARK.capitalize(), grey)
        for at, each in enumerate(fields, start=1):
            _write_example(table, row, at, each, _sample(sheet, each, example, reach), greys[each.name])
    first = header + 1 + len(examples)
    for at, each in enumerate(fields, start=1):
        bound_cells(table, lists, each, each.label, (at, first, first + ROWS), reach)
    table.freeze_panes(header + 1, 2)
    wide = sum(max(each.width or 18, 10) for each in fields) > 200
    set_up_page(table, sheet.label, header, is_wide=wide)
    table.activate()


def _sample(sheet: Sheet, each: Field, example: Mapping[str, Any], reach: Reach) -> Any:
    if sheet.examples or each.kind == Kind.AREA:
        return sample_of(each, example, reach)
    if each.example:
        return each.example
    return next(iter(reach.options(each)), SAMPLES.get(each.kind, ""))


def _write_example(table, row: int, column: int, each: Field, value: Any, style) -> None:
    if value == "":
        table.write_blank(row, column, None, style)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        table.write_number(row, column, value, style)
    else:
        table.write_string(row, column, str(value), style)
