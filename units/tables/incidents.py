"""The list of incidents, which are counts and never persons."""

from django.db.models import Count, Sum

from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from movement_portal.templatetags.portal import row_chip
from units.enums import IncidentConclusion, IncidentKind
from units.filters.duties import IncidentFilters
from units.listing import ListFilters
from units.sheets.duties import INCIDENTS as INCIDENT_SHEET
from units.tables.records import (
    AREA_COLUMN,
    UNIT_COLUMN,
    UNIT_EXPORT,
    RecordList,
    day_text,
    loader,
    out_column,
    record_link,
    word_of,
)

_CONCLUSION_CHIPS = {
    IncidentConclusion.OPEN: ("warn", "hourglass-split"),
    IncidentConclusion.CONFIRMED: ("bad", "exclamation-octagon"),
    IncidentConclusion.REJECTED: ("muted", "x-circle"),
}
_YES_NO = {True: "có", False: "không", None: "chưa rõ"}


def conclusion_chip(conclusion: str, chip=row_chip):
    """What was concluded of an incident; ``chip`` draws it."""
    kind, icon = _CONCLUSION_CHIPS[conclusion]
    return chip(kind, icon, IncidentConclusion(conclusion).label)


def yes_no(value: bool | None) -> str:
    """“có”, “không”, “chưa rõ”."""
    return _YES_NO[value]


def count_incidents(filters: ListFilters) -> str:
    """“12 vụ ở 9 đơn vị”: incidents are added up, units counted once."""
    sums = filters.everything.order_by().aggregate(
        incidents=Sum("incident_count", default=0), units=Count("unit", distinct=True)
    )
    return f"là {written(sums['incidents'])} vụ ở {written(sums['units'])} đơn vị"


INCIDENTS = RecordList(
    filters=IncidentFilters,
    title="Vụ việc",
    noun="dòng vụ việc",
    load=loader(
        "occurred_on",
        "kind",
        "incident_count",
        "is_force_majeure",
        "found_in_time",
        "reported_on",
        "conclusion",
        "concluded_on",
        "summary",
    ),
    columns=(
        UNIT_COLUMN,
        AREA_COLUMN,
        Column("occurred_on", "Ngày", lambda row: day_text(row["occurred_on"]), sort="ngay"),
        Column(
            "kind",
            "Loại vụ việc",
            lambda row: record_link("duties:incident_detail", row["id"], IncidentKind(row["kind"]).label),
            sort="loai",
            css="clip",
        ),
        Column("incident_count", "Số vụ", lambda row: written(row["incident_count"]), css="number"),
        Column("conclusion", "Kết luận", lambda row: conclusion_chip(row["conclusion"])),
    ),
    export=(
        *UNIT_EXPORT,
        out_column("Ngày xảy ra", "occurred_on", Kind.DATE),
        out_column("Loại vụ việc", word_of(IncidentKind, "kind"), width=50),
        out_column("Số vụ", "incident_count", Kind.INTEGER, 8),
        out_column("Do bất khả kháng", lambda row: yes_no(row["is_force_majeure"]), width=12),
        out_column("Phát hiện kịp thời và báo cáo", lambda row: yes_no(row["found_in_time"]), width=12),
        out_column("Báo cáo Công an ngày", "reported_on", Kind.DATE),
        out_column("Kết luận", word_of(IncidentConclusion, "conclusion"), width=16),
        out_column("Kết luận ngày", "concluded_on", Kind.DATE),
        out_column("Tóm tắt", "summary", width=50),
    ),
    counted=count_incidents,
    list_url="duties:incident_list",
    export_url="duties:incident_export",
    file_name="vu-viec",
    empty="Chưa ghi vụ việc nào trong địa bàn của đồng chí.",
    import_sheet=INCIDENT_SHEET.name,
    add_label="Thêm vụ việc",
    add_url="duties:incident_add",
)
