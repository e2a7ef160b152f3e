"""The list of units whose guards have not been trained for long: whom the next course is for."""

from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.html import escape

from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from units.enums import UnitKind
from units.filters.untrained import UntrainedFilters
from units.models import Guard, TrainingAttendance, TrainingCertificate
from units.tables.records import (
    AREA_COLUMN,
    RecordList,
    day_text,
    in_order,
    labels_of,
    out_column,
    unit_link,
    with_areas,
)

KINDS = labels_of(UnitKind)


def load_untrained(units, keys, own):
    """Rows of units: guards at work, and the last day on which any of these was trained."""
    serving = Guard.objects.serving().order_by().filter(unit=OuterRef("pk")).values("unit")
    attended = TrainingAttendance.objects.filter(guard__in=Guard.objects.serving(), guard__unit=OuterRef("pk"))
    issued = TrainingCertificate.objects.filter(guard__in=Guard.objects.serving(), guard__unit=OuterRef("pk"))
    course = Subquery(attended.order_by().values("guard__unit").annotate(last=Max("course__ended_on")).values("last"))
    paper = Subquery(issued.order_by().values("guard__unit").annotate(last=Max("issued_on")).values("last"))
    rows = units.filter(pk__in=keys).order_by()
    rows = rows.annotate(
        guard_count=Subquery(serving.annotate(count=Count("pk")).values("count")),
        # One of the two may be missing: PostgreSQL passes it over, SQLite would answer nothing.
        trained_on=Greatest(Coalesce(course, paper), Coalesce(paper, course)),
    )
    fields = ("id", "code", "name", "kind", "jurisdiction_id", "head_name", "head_phone", "guard_count", "trained_on")
    return in_order(with_areas(list(rows.values(*fields)), own, "jurisdiction_id"), keys)


UNTRAINED = RecordList(
    filters=UntrainedFilters,
    title="Đơn vị lâu chưa huấn luyện bảo vệ",
    noun="đơn vị",
    load=load_untrained,
    columns=(
        Column("name", "Đơn vị", lambda row: unit_link(row, prefix=""), sort="ten", css="card-title clip"),
        AREA_COLUMN,
        Column("kind", "Khối", lambda row: KINDS[row["kind"]]),
        Column("guard_count", "Người bảo vệ", lambda row: written(row["guard_count"]), css="number"),
        Column("trained_on", "Huấn luyện gần nhất", lambda row: day_text(row["trained_on"]) or "Chưa lần nào"),
        Column("head_phone", "Điện thoại", lambda row: escape(row["head_phone"]), css="clip clip-middle"),
    ),
    export=(
        out_column("Mã đơn vị", "code", width=12),
        out_column("Đơn vị", "name", width=44),
        out_column("Địa bàn", "area", width=32),
        out_column("Khối", lambda row: UnitKind(row["kind"]).label),
        out_column("Người bảo vệ", "guard_count", Kind.INTEGER, width=10),
        out_column("Huấn luyện gần nhất", "trained_on", Kind.DATE),
        out_column("Người đứng đầu", "head_name", width=28),
        out_column("Điện thoại", "head_phone", width=24),
    ),
    counted=lambda filters: f"không có người bảo vệ nào được huấn luyện trong {filters.months} tháng qua",
    list_url="forces:untrained_list",
    export_url="forces:untrained_export",
    file_name="lau-chua-huan-luyen",
    empty="Không có đơn vị nào lâu chưa huấn luyện bảo vệ.",
)
