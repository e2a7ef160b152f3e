"""The list of what units promised, and how many persons signed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, Sum

from movement_portal.lib.numbers import percent, written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from movement_portal.templatetags.portal import row_chip
from units.enums import Approximation, CommitmentKind
from units.filters.duties import CommitmentFilters
from units.listing import ListFilters
from units.sheets.duties import COMMITMENTS as COMMITMENT_SHEET
from units.tables.records import (
    AREA_COLUMN,
    UNIT_COLUMN,
    UNIT_EXPORT,
    RecordList,
    day_text,
    labels_of,
    loader,
    out_column,
    record_link,
    word_of,
)

_ABOUT = labels_of(Approximation)
_COMMITMENT = labels_of(CommitmentKind)


def approximate(number: int | None, approximation: str) -> str:
    """“gần 7.000”: a number as exact as it is known; empty where there is none."""
    if number is None:
        return ""
    return f"{_ABOUT[approximation]} {written(number)}" if approximation else written(number)


def signed_of_total(signed: int | None, total: int | None, approximation: str = "") -> str:
    """“gần 45 / 50”: persons who signed out of all; a dash for what is not known."""
    if signed is None and total is None:
        return ""
    number = approximate(signed, approximation) or written(None)
    return f"{number} / {written(total)}" if total is not None else number


def signing_chip(signed: int | None, total: int | None, approximation: str = "", chip=row_chip):
    """Whether everybody signed, and else how many have not, as exactly as it is known; ``chip`` draws it."""
    if signed is None or total is None:
        return chip("muted", "question-lg", "Chưa ghi đủ số")
    if signed < total:
        about = "khoảng " if approximation else ""
        return chip("warn", "exclamation-circle", f"Còn {about}{written(total - signed)} người")
    if approximation:
        return chip("muted", "question-lg", "Số ước lượng")
    return chip("ok", "check-circle", "Ký đủ")


def exactness_of_sum(nearly: int, about: int, over: int) -> str:
    """How exact a sum is whose parts are: below it when all inexact parts are, above when all are, else about it."""
    if not (nearly or about or over):
        return ""
    if nearly and not (about or over):
        return Approximation.NEARLY
    return Approximation.OVER if over and not (nearly or about) else Approximation.ABOUT


def count_commitments(filters: ListFilters) -> str:
    """“của 160 đơn vị; gần 6.880 / 7.100 người đã ký (96,9 %)”: units and persons, each counted as what it is."""
    both = Q(signed_count__isnull=False, total_count__isnull=False)
    sums = filters.everything.order_by().aggregate(
        units=Count("unit", distinct=True),
        signed=Sum("signed_count"),
        signed_of=Sum("signed_count", filter=both),
        total=Sum("total_count", filter=both),
        **{value: Count("pk", filter=Q(approximation=value)) for value in Approximation.values},
    )
    units = f"của {written(sums['units'])} đơn vị"
    if sums["signed"] is None:
        return units
    exactness = exactness_of_sum(*(sums[value] for value in Approximation.values))
    signed = approximate(sums["signed"], exactness)
    if not sums["total"]:
        return f"{units}; {signed} người đã ký"
    share = percent(sums["signed_of"], sums["total"])
    if sums["signed_of"] == sums["signed"]:
        return f"{units}; {signed} / {written(sums['total'])} người đã ký ({share})"
    counted = f"{written(sums['signed_of'])} / {written(sums['total'])} người, {share}"
    return f"{units}; {signed} người đã ký (nơi ghi đủ số: {counted})"


def _commitment(row: Mapping[str, Any]) -> str:
    return record_link("duties:commitment_detail", row["id"], _COMMITMENT[row["kind"]])


COMMITMENTS = RecordList(
    filters=CommitmentFilters,
    title="Cam kết, giao ước",
    noun="cam kết",
    load=loader(
        "year",
        "kind",
        "content",
        "signed_count",
        "total_count",
        "approximation",
        "signed_on",
        "legal_document__number",
        "scan",
    ),
    columns=(
        UNIT_COLUMN,
        AREA_COLUMN,
        Column("year", "Năm", sort="nam", css="number"),
        Column("kind", "Hình thức", _commitment, css="clip clip-short"),
        Column("content", "Nội dung", css="clip clip-short"),
        Column("signed_on", "Ngày ký", lambda row: day_text(row["signed_on"])),
        Column(
            "signed",
            "Đã ký / tổng số",
            lambda row: signed_of_total(row["signed_count"], row["total_count"], row["approximation"]),
            css="number",
        ),
        Column(
            "state",
            "Tình trạng",
            lambda row: signing_chip(row["signed_count"], row["total_count"], row["approximation"]),
        ),
    ),
    export=(
        *UNIT_EXPORT,
        out_column("Năm", "year", Kind.INTEGER, 8),
        out_column("Hình thức", word_of(CommitmentKind, "kind")),
        out_column("Nội dung", "content", width=32),
        out_column("Ngày ký", "signed_on", Kind.DATE),
        out_column("Mức chính xác", word_of(Approximation, "approximation"), width=10),
        out_column("Số người ký", "signed_count", Kind.INTEGER, 12),
        out_column("Trên tổng số người", "total_count", Kind.INTEGER, 12),
        out_column("Thực hiện văn bản", "legal_document__number", width=20),
    ),
    counted=count_commitments,
    list_url="duties:commitment_list",
    export_url="duties:commitment_export",
    file_name="cam-ket",
    empty="Chưa ghi cam kết nào trong địa bàn của đồng chí. Bấm “Ghi nhiều đơn vị” để ghi cả danh sách một lần.",
    import_sheet=COMMITMENT_SHEET.name,
    add_label="Thêm cam kết",
    add_url="duties:commitment_add",
)
