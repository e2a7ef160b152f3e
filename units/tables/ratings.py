"""The list of how the parts of units were rated."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Sum

from movement_portal.lib.numbers import percent, written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from units.enums import PartKind
from units.filters.duties import RatingFilters
from units.listing import ListFilters
from units.sheets.duties import RATINGS as RATING_SHEET
from units.tables.records import (
    AREA_COLUMN,
    UNIT_COLUMN,
    UNIT_EXPORT,
    RecordList,
    count_of_units,
    loader,
    out_column,
    record_link,
    word_of,
)


def _rating_link(row: Mapping[str, Any]) -> str:
    return record_link("duties:rating_detail", row["id"], PartKind(row["kind"]).label)


def count_ratings(filters: ListFilters) -> str:
    """“của 120 đơn vị; 640 / 700 đầu mối đạt (91,4 %)”; parts of several years are not added up."""
    if "nam" not in filters.chosen:
        return f"của {count_of_units(filters).removeprefix('ở ')}; chọn một năm để cộng số đầu mối"
    sums = filters.everything.order_by().aggregate(
        units=Count("unit", distinct=True), good=Sum("good_count", default=0), total=Sum("total_count", default=0)
    )
    share = f"{written(sums['good'])} / {written(sums['total'])} đầu mối đạt ({percent(sums['good'], sums['total'])})"
    return f"của {written(sums['units'])} đơn vị; {share}"


RATINGS = RecordList(
    filters=RatingFilters,
    title="Xếp loại đầu mối trực thuộc",
    noun="dòng",
    load=loader("year", "kind", "total_count", "good_count", "disciplined_count"),
    columns=(
        UNIT_COLUMN,
        AREA_COLUMN,
        Column("year", "Năm", sort="nam", css="number"),
        Column("kind", "Đầu mối", _rating_link, css="clip clip-middle"),
        Column("total_count", "Tổng số", lambda row: written(row["total_count"]), css="number"),
        Column("good_count", "Đạt", lambda row: written(row["good_count"]), css="number"),
        Column("share", "Tỷ lệ", lambda row: percent(row["good_count"], row["total_count"]), css="number"),
        Column("disciplined_count", "Kỷ luật", lambda row: written(row["disciplined_count"]), css="number"),
    ),
    export=(
        *UNIT_EXPORT,
        out_column("Năm", "year", Kind.INTEGER, 8),
        out_column("Đầu mối", word_of(PartKind, "kind"), width=26),
        out_column("Tổng số đầu mối", "total_count", Kind.INTEGER, 10),
        out_column("Số đạt", "good_count", Kind.INTEGER, 10),
        out_column("Tỷ lệ đạt", lambda row: percent(row["good_count"], row["total_count"]), width=10),
        out_column("Số người bị kỷ luật từ cảnh cáo trở lên", "disciplined_count", Kind.INTEGER, 14),
    ),
    counted=count_ratings,
    list_url="duties:rating_list",
    export_url="duties:rating_export",
    file_name="xep-loai-dau-moi",
    empty="Chưa ghi xếp loại đầu mối của đơn vị nào.",
    import_sheet=RATING_SHEET.name,
    add_label="Thêm xếp loại",
    add_url="duties:rating_add",
)
