"""Columns of the list of activities: on the page and in exports."""

from django.db.models import Count
from django.utils.html import escape

from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from units.activity_totals import summary
from units.enums import ActivityKind, Approximation
from units.filters.activities import ActivityFilters
from units.models import ActivityUnit
from units.models.activities import attendance_in_words
from units.sheets.activities import ACTIVITIES as SHEET
from units.tables.records import (
    RecordList,
    day_text,
    in_order,
    labels_of,
    out_column,
    record_link,
    with_areas,
    word_of,
)

_FIELDS = (
    "id", "code", "kind", "topic", "programme__number", "form", "held_on", "held_to", "place", "organiser", "partners",
    "jurisdiction_id", "session_count", "attendance_count", "approximation", "materials", "material_count",
    "unit_count", "note",
)  # fmt: skip


def load_activities(activities, keys, own):
    """Rows of activities with the number of units that took part, as far as an officer of the area sees them."""
    # The keys were read within the officer's reach; to look for it again would cost as much as the page itself.
    rows = list(activities.model._base_manager.filter(pk__in=keys).order_by().values(*_FIELDS))
    named = ActivityUnit.objects.within(own).filter(activity__in=keys).order_by()
    counts = dict(named.values_list("activity").annotate(count=Count("pk")))
    for row in rows:
        row["named"] = counts.get(row["id"], 0)
        row["units"] = max(row["named"], row["unit_count"] or 0) or None
    return in_order(with_areas(rows, own, "jurisdiction_id"), keys)


_KIND = labels_of(ActivityKind)


def _period(row):
    first, last = row["held_on"], row["held_to"]
    if last is None or last == first:
        return day_text(first)
    return f'<span title="Đến hết {day_text(last)}">{day_text(first)} →</span>'


def _topic(row):
    title = record_link("activities:activity_detail", row["id"], row["topic"])
    return f'{title} <span class="soft">{escape(row["form"])}</span>' if row["form"] else title


def _where(row):
    return escape(", ".join(text for text in (row["place"], row["area"]) if text))


def _attendances(row):
    text = attendance_in_words(row["attendance_count"], row["approximation"])
    return text or '<span class="soft">chưa ghi</span>'


ACTIVITIES = RecordList(
    filters=ActivityFilters,
    title="Hoạt động",
    noun="hoạt động",
    load=load_activities,
    columns=(
        Column("held_on", "Ngày", _period, sort="ngay"),
        Column("topic", "Nội dung", _topic, css="card-title clip"),
        Column("kind", "Loại", lambda row: _KIND[row["kind"]], css="clip clip-short"),
        Column("where", "Nơi tổ chức", _where, css="clip clip-middle"),
        Column("session_count", "Số cuộc", lambda row: written(row["session_count"]), sort="cuoc", css="number"),
        Column("attendance_count", "Lượt người", _attendances, sort="luot", css="number"),
        Column("units", "Đơn vị", lambda row: "" if row["units"] is None else written(row["units"]), css="number"),
    ),
    export=(
        out_column("Mã hoạt động", "code", width=12),
        out_column("Từ ngày", "held_on", Kind.DATE),
        out_column("Đến ngày", "held_to", Kind.DATE),
        out_column("Nội dung", "topic", width=50),
        out_column("Loại", word_of(ActivityKind, "kind"), width=20),
        out_column("Hình thức", "form", width=20),
        out_column("Chương trình, chỉ thị", "programme__number"),
        out_column("Nơi tổ chức", "place", width=30),
        out_column("Địa bàn", "area", width=30),
        out_column("Đơn vị tổ chức", "organiser", width=30),
        out_column("Cơ quan phối hợp", "partners", width=30),
        out_column("Số cuộc", "session_count", Kind.INTEGER, 10),
        out_column("Mức chính xác", word_of(Approximation, "approximation"), width=10),
        out_column("Lượt người", "attendance_count", Kind.INTEGER, 12),
        out_column("Số đơn vị", "units", Kind.INTEGER, 10),
        out_column("Tài liệu, tin bài", "materials", width=24),
        out_column("Số tài liệu", "material_count", Kind.INTEGER, 10),
        out_column("Ghi chú", "note", width=30),
    ),
    counted=lambda _: "",
    summarise=summary,
    completed_by="activities:activity_totals",
    list_url="activities:activity_list",
    export_url="activities:activity_export",
    file_name="hoat-dong",
    empty="Chưa ghi hoạt động nào. Bấm “Ghi hoạt động” để ghi cuộc đầu tiên, hoặc nhập từ tệp Excel.",
    import_sheet=SHEET.name,
    add_label="Ghi hoạt động",
    add_url="activities:activity_add",
)
