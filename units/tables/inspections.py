"""The list of inspections, and what became of the findings."""

import datetime

from movement_portal.lib.dates import today
from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from movement_portal.templatetags.portal import row_chip
from units.filters.duties import InspectionFilters
from units.sheets.duties import INSPECTIONS as INSPECTION_SHEET
from units.tables.records import (
    AREA_COLUMN,
    UNIT_COLUMN,
    UNIT_EXPORT,
    RecordList,
    count_of_units,
    day_text,
    loader,
    out_column,
    record_link,
)


def fixing_chip(deadline: datetime.date | None, fixed_on: datetime.date | None, chip=row_chip):
    """What became of the findings: put right, late, still in time, nothing asked for by a day; ``chip`` draws it."""
    day = today()
    if fixed_on is not None:
        late = (fixed_on - deadline).days if deadline is not None else 0
        told = f", trễ {written(late)} ngày" if late > 0 else ""
        return chip("ok", "check-circle", f"Đã khắc phục {day_text(fixed_on)}{told}")
    if deadline is None:
        return chip("muted", "dash-lg", "Không có hạn")
    if deadline < day:
        return chip("bad", "alarm", f"Quá hạn {written((day - deadline).days)} ngày")
    return chip("warn", "clock", f"Còn {written((deadline - day).days)} ngày")


INSPECTIONS = RecordList(
    filters=InspectionFilters,
    title="Kiểm tra, hướng dẫn",
    noun="lần kiểm tra",
    load=loader("inspected_on", "team", "content", "findings", "deadline", "fixed_on", "fix_note"),
    columns=(
        UNIT_COLUMN,
        AREA_COLUMN,
        Column("inspected_on", "Ngày", lambda row: day_text(row["inspected_on"]), sort="ngay"),
        Column(
            "content",
            "Nội dung",
            lambda row: record_link("duties:inspection_detail", row["id"], row["content"]),
            css="clip clip-middle",
        ),
        Column("deadline", "Hạn khắc phục", lambda row: day_text(row["deadline"]), sort="han"),
        Column("state", "Khắc phục", lambda row: fixing_chip(row["deadline"], row["fixed_on"])),
    ),
    export=(
        *UNIT_EXPORT,
        out_column("Ngày kiểm tra", "inspected_on", Kind.DATE),
        out_column("Đoàn, tổ kiểm tra", "team", width=28),
        out_column("Nội dung kiểm tra", "content", width=40),
        out_column("Kết quả, tồn tại", "findings", width=60),
        out_column("Hạn khắc phục", "deadline", Kind.DATE),
        out_column("Khắc phục xong ngày", "fixed_on", Kind.DATE),
        out_column("Kết quả khắc phục", "fix_note", width=40),
    ),
    counted=count_of_units,
    list_url="duties:inspection_list",
    export_url="duties:inspection_export",
    file_name="kiem-tra",
    empty="Chưa ghi lần kiểm tra nào trong địa bàn của đồng chí.",
    import_sheet=INSPECTION_SHEET.name,
    add_label="Thêm lần kiểm tra",
    add_url="duties:inspection_add",
)
