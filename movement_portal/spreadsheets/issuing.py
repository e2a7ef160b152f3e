"""A workbook of an office's own records: given out to be corrected and added to away from the portal, then sent back.

Every row carries a mark in a hidden column: workbook, record, version, and the cells as they went out, signed by the
portal's key. Cells that no workbook changes are locked; the drop-downs offer what lies in the workbook's area.
"""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from django.core import signing
from django.db import models, transaction

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.bulk import chunks
from movement_portal.lib.dates import today
from movement_portal.spreadsheets.exporting import note_export
from movement_portal.spreadsheets.fields import Field, Kind, Merge, with_year
from movement_portal.spreadsheets.fillable import (
    Lists,
    Reach,
    bound_cells,
    fillable_fields,
    is_given_by_portal,
    number_format,
    write_guide,
)
from movement_portal.spreadsheets.models import IssuedWorkbook
from movement_portal.spreadsheets.resources import CHUNK, SheetResource
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.tables import FINGERPRINT, clean_text
from movement_portal.spreadsheets.values import is_blank, shown
from movement_portal.spreadsheets.writing import new_workbook, set_up_page, write_cell

SALT = "spreadsheets.workbook"
#: Stands for “_” in a mark: LibreOffice takes “_x2_” for the code of a letter.
UNDERSCORE = "~"
#: Records that one workbook holds; more is given out by area.
LIMIT = 20_000
#: Rows below the records that are made ready for new ones.
NEW_ROWS = 500
#: Years back of values kept by year.
YEARS = 3
#: What an office may do on a protected worksheet beside typing into open cells.
ALLOWED = {"format_cells": True, "format_columns": True, "format_rows": True, "sort": True, "autofilter": True}


class TooManyRecords(Exception):
    """More records than one workbook holds; the message is for the officer."""

    def __init__(self):
        super().__init__("Địa bàn có quá nhiều bản ghi cho một tệp: hãy chọn địa bàn nhỏ hơn.")


class Cells:
    """The cells of records in the words of one workbook: what its rows went out with, and what they hold today."""

    def __init__(self, sheet: Sheet, officer, area: Jurisdiction, keys: Sequence[str] = ()):
        self.sheet = sheet
        self.reach = Reach(officer, area)
        self.resource = SheetResource(sheet, keys=keys or [each.name for each in sheet.fields], officer=officer)

    def value(self, record: models.Model, key: str, children: Mapping[tuple, Any]) -> Any:
        """What is written into the cell."""
        if key == self.sheet.area:
            return self.reach.name_of_area(getattr(record, key))
        return self.resource.value(record, key, children)

    def text(self, record: models.Model, key: str, children: Mapping[tuple, Any]) -> str:
        """The cell as the reader of a returned workbook sees it."""
        return as_read(self.value(record, key, children))


def as_read(value: Any) -> str:
    """A written value as the reader gives it back: numbers and dates in words, nothing for a blank or a dash."""
    cell = clean_text(value) if isinstance(value, str) else value
    if is_blank(cell):
        return ""
    return shown(float(cell) if not isinstance(cell, str) and _is_number(cell) else cell)


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and hasattr(value, "__float__")


def workbook_keys(sheet: Sheet, records: models.QuerySet) -> list[str]:
    """Columns of the workbook: the portal's own codes, what an office fills in, values by year for the latest years."""
    keys = [each.name for each in sheet.fields if is_given_by_portal(sheet, each)]
    for each in fillable_fields(sheet):
        if each.name == sheet.year:
            continue
        if each.child is None:
            keys.append(each.name)
            continue
        rows = each.child.model._base_manager.filter(**{f"{each.child.parent}__in": records.order_by().values("pk")})
        there = rows.order_by().values_list(each.child.key, flat=True).distinct()
        years = sorted({year for year in there if year > today().year - YEARS} | {today().year})
        keys += [with_year(each.name, year) for year in years]
    return keys


def issued_records(sheet: Sheet, *, officer, area: Jurisdiction) -> models.QuerySet:
    """The records of an area that go out, in their order."""
    records = sheet.model.objects.editable_by(officer)
    if hasattr(records, "within"):
        records = records.within(area)
    return sheet.issued(records) if sheet.issued else records


def issue(stream: BinaryIO, sheet: Sheet, *, officer, area: Jurisdiction) -> IssuedWorkbook:
    """Write the workbook of an area and put it down, so that it is known when it comes back.

    Raises ``TooManyRecords``.
    """
    records = issued_records(sheet, officer=officer, area=area)
    keys = workbook_keys(sheet, records)
    ids = list(records.order_by(*sheet.model._meta.ordering, "pk").values_list("pk", flat=True)[: LIMIT + 1])
    if len(ids) > LIMIT:
        raise TooManyRecords
    with transaction.atomic():
        note_export(f"{sheet.label} để sửa ngoài cổng rồi gửi lại", len(ids), [("Địa bàn", area.full_name)])
        issued = IssuedWorkbook.objects.create(
            sheet=sheet.name, officer=officer, jurisdiction=area, record_ids=ids, row_count=len(ids)
        )
        _write(stream, sheet, issued, Cells(sheet, officer, area, keys))
    return issued


def _write(stream: BinaryIO, sheet: Sheet, issued: IssuedWorkbook, cells: Cells) -> None:
    keys = cells.resource.keys
    fields = [sheet.field_of(key) for key in keys]
    labels = [sheet.label_of(key) for key in keys]
    with new_workbook(stream) as workbook:
        table = workbook.add_worksheet(sheet.label[:31])
        steps = [
            f"Sửa thẳng vào ô trắng ở trang “{sheet.label}”; xóa trắng một ô là bỏ nội dung ô đó.",
            "Ô xám do cổng giữ, không sửa ở đây. Thêm mục mới: ghi vào các dòng trống ngay dưới danh sách.",
            "Xóa một dòng không xóa gì ở sổ; cổng chỉ báo lại dòng nào không còn trong tệp.",
            "Gửi lại tệp ở mục Nhập Excel. Chỗ nào sổ cũng vừa được sửa khác đi, cổng sẽ hỏi lấy theo bên nào.",
        ]
        columns = list(zip(labels, fields, strict=True))
        write_guide(workbook, f"Sửa ngoài cổng rồi gửi lại: {sheet.label}", steps, columns, cells.reach)
        lists = Lists(workbook)
        header = _write_head(workbook, table, sheet, issued, fields, labels)
        last = _write_records(workbook, table, issued, cells, header + 1)
        for at, (label, each) in enumerate(columns, start=1):
            if not is_given_by_portal(sheet, each):
                bound_cells(table, lists, each, label, (at, header + 1, last + NEW_ROWS), cells.reach)
        table.freeze_panes(header + 1, 3)
        table.protect("", ALLOWED)
        table.autofilter(header, 1, max(last, header + 1), len(keys))
        set_up_page(table, sheet.label, header, is_wide=True)
        table.activate()
        lists.write()


def _write_head(workbook, table, sheet: Sheet, issued: IssuedWorkbook, fields: Sequence[Field], labels) -> int:
    """Title and header; returns the row of the header, counted from 0. The first column holds the marks, hidden."""
    table.set_column(0, 0, 8, None, {"hidden": True})
    for at, each in enumerate(fields, start=1):
        is_open = not is_given_by_portal(sheet, each)
        style = workbook.add_format({"num_format": number_format(each), "locked": not is_open, "valign": "top"})
        table.set_column(at, at, max(each.width or 18, 10), style)
    plain, bold = workbook.add_format({"italic": True}), workbook.add_format({"bold": True, "font_size": 14})
    table.write_string(0, 1, str(issued.officer.office or ""), workbook.add_format({"bold": True}))
    table.write_string(1, 1, f"{sheet.label}: {issued.jurisdiction.full_name}", bold)
    told = f"Xuất ngày {today():%d/%m/%Y}, tệp số {issued.pk}. Sửa ô trắng, thêm dòng ở dưới, gửi lại chính tệp này."
    table.write_string(2, 1, told, plain)
    header = 4
    top = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
    needed = workbook.add_format({**top, "bg_color": "#17633F", "font_color": "#FFFFFF"})
    other = workbook.add_format({**top, "bg_color": "#E3ECE6"})
    table.set_row(header, 48)
    table.write_string(header, 0, FINGERPRINT, other)
    for at, (each, label) in enumerate(zip(fields, labels, strict=True), start=1):
        table.write_string(header, at, label, needed if each.required else other)
    return header


def _write_records(workbook, table, issued: IssuedWorkbook, cells: Cells, first: int) -> int:
    """A row for every record with its mark; returns the last row."""
    sheet, keys = cells.sheet, cells.resource.keys
    columns = [(key, sheet.field_of(key), cells.resource.cell_kind(key)) for key in keys]
    styles = [_style(workbook, sheet, each) for _, each, _ in columns]
    row = first
    for ids in chunks(issued.record_ids, CHUNK):
        found = sheet.model._base_manager.select_related(*cells.resource.relations).in_bulk(list(ids))
        children = cells.resource.children_of(list(found.values()))
        for pk in ids:
            values = [cells.value(found[pk], key, children) for key, _, _ in columns]
            table.write_string(row, 0, mark(issued, found[pk], dict(zip(keys, values, strict=True))))
            for at, ((_, _, kind), style, value) in enumerate(zip(columns, styles, values, strict=True), start=1):
                write_cell(table, row, at, value, kind, style)
            row += 1
    return row - 1


def _style(workbook, sheet: Sheet, each: Field):
    """Open cells are white, those that a workbook does not change grey and locked."""
    is_locked = is_given_by_portal(sheet, each) or each.merge == Merge.KEEP
    look = {"num_format": number_format(each), "valign": "top", "border": 1, "border_color": "#C8CDCA"}
    wrap = {"text_wrap": True} if each.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.SEVERAL) else {}
    return workbook.add_format({**look, **wrap, "locked": is_locked, **({"bg_color": "#EDEFF1"} if is_locked else {})})


def mark(issued: IssuedWorkbook, record: models.Model, values: Mapping[str, Any]) -> str:
    """The mark of a row: what it is of, and its cells as they go out, so that no cell can be passed off as another."""
    cells = {key: as_read(value) for key, value in values.items()}
    version = getattr(record, "version", 0)
    signed = signing.dumps([issued.pk, record.pk, version, cells], salt=SALT, compress=True)
    return signed.replace("_", UNDERSCORE)
