"""Columns of the lists of what units promised, agreed, were checked for, and of what happened in them."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, Sum

from movement_portal.lib.dates import today
from movement_portal.lib.numbers import percent, written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from movement_portal.templatetags.portal import row_chip
from units.enums import AgreementKind, Approximation, CommitmentKind, IncidentConclusion, IncidentKind, PartKind
from units.filters.duties import AgreementFilters, CommitmentFilters, IncidentFilters, InspectionFilters, RatingFilters
from units.listing import ListFilters
from units.models import AgreementParty
from units.sheets.duties import AGREEMENTS as AGREEMENT_SHEET
from units.sheets.duties import COMMITMENTS as COMMITMENT_SHEET
from units.sheets.duties import INCIDENTS as INCIDENT_SHEET
from units.sheets.duties import INSPECTIONS as INSPECTION_SHEET
from units.sheets.duties import RATINGS as RATING_SHEET
from units.tables.documents import validity_chip
from units.tables.records import (
    RecordList,
    count_of_units,
    day_text,
    in_order,
    labels_of,
    out_column,
    record_link,
    unit_link,
    value_of,
    with_areas,
    word_of,
)

UNIT_FIELDS = ("id", "unit_id", "unit__code", "unit__name", "unit__jurisdiction_id")

#: The columns that say whose a record is, in every list and every export.
UNIT_COLUMN = Column("unit__name", "Đơn vị", unit_link, sort="ten", css="card-title clip")
AREA_COLUMN = Column("area", "Địa bàn", sort="dia_ban", css="clip clip-middle")
UNIT_EXPORT = (
    out_column("Mã đơn vị", value_of("unit__code"), width=12),
    out_column("Đơn vị", value_of("unit__name"), width=44),
    out_column("Địa bàn", value_of("area"), width=32),
)


def loader(*fields: str):
    """Loads the rows of a list of records of units: its own fields, the unit, and the area in words."""

    def load(records, keys, own):
        rows = records.filter(pk__in=keys).order_by().values(*UNIT_FIELDS, *fields)
        return in_order(with_areas(list(rows), own), keys)

    return load


# -- commitments -------------------------------------------------------------------------------------------------------
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


def _signing_state(row: Mapping[str, Any]) -> str:
    return signing_chip(row["signed_count"], row["total_count"], row["approximation"])


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
        out_column("Năm", value_of("year"), Kind.INTEGER, 8),
        out_column("Hình thức", word_of(CommitmentKind, "kind")),
        out_column("Nội dung", value_of("content"), width=32),
        out_column("Ngày ký", value_of("signed_on"), Kind.DATE, 12),
        out_column("Mức chính xác", word_of(Approximation, "approximation"), width=10),
        out_column("Số người ký", value_of("signed_count"), Kind.INTEGER, 12),
        out_column("Trên tổng số người", value_of("total_count"), Kind.INTEGER, 12),
        out_column("Thực hiện văn bản", value_of("legal_document__number"), width=20),
    ),
    counted=count_commitments,
    list_url="duties:commitment_list",
    export_url="duties:commitment_export",
    file_name="cam-ket",
    empty="Chưa ghi cam kết nào trong địa bàn của đồng chí. Bấm “Ghi nhiều đơn vị” để ghi cả danh sách một lần.",
    import_sheet=COMMITMENT_SHEET.name,
)


# -- agreements --------------------------------------------------------------------------------------------------------
_AGREEMENT = labels_of(AgreementKind)
#: Parties named in a row; all of them stand on the agreement's page.
PARTIES_NAMED = 2


def parties_in_words(named: Sequence[str], total: int) -> str:
    """“Sở Mẫu; Trường Mẫu và 3 bên khác”: some of the parties by name, the rest as a number."""
    shown = list(named[:PARTIES_NAMED])
    rest = total - len(shown)
    if not shown:
        return f"{written(rest)} bên" if rest else ""
    return "; ".join(shown) + (f" và {written(rest)} bên khác" if rest else "")


def load_agreements(agreements, keys, own):
    """Rows of agreements with their parties: those within the officer's reach by name, the others as a number."""
    fields = ("id", "kind", "number", "title", "signed_on", "valid_from", "valid_to", "police_body", "jurisdiction_id")
    rows = with_areas(list(agreements.filter(pk__in=keys).order_by().values(*fields)), own, "jurisdiction_id")
    parties = AgreementParty.objects.filter(agreement__in=keys).order_by("id")
    totals = dict(parties.order_by().values_list("agreement").annotate(count=Count("pk")))
    named: dict[int, list[str]] = {}
    for party in parties.within(own).select_related("unit", "jurisdiction"):
        named.setdefault(party.agreement_id, []).append(str(party))
    for row in rows:
        row["named"] = named.get(row["id"], [])
        row["parties"] = parties_in_words(row["named"], totals.get(row["id"], 0))
    return in_order(rows, keys)


AGREEMENTS = RecordList(
    filters=AgreementFilters,
    title="Văn bản phối hợp",
    noun="văn bản phối hợp",
    load=load_agreements,
    columns=(
        Column(
            "number",
            "Số, ký hiệu",
            lambda row: record_link("duties:agreement_detail", row["id"], row["number"]),
            sort="so",
            css="card-title clip clip-middle",
        ),
        Column("title", "Trích yếu", css="clip clip-middle"),
        Column("kind", "Loại", lambda row: _AGREEMENT[row["kind"]], css="clip clip-short"),
        Column("parties", "Ký với", css="clip clip-middle"),
        Column("area", "Địa bàn", sort="dia_ban", css="clip clip-short"),
        Column("signed_on", "Ngày ký", lambda row: day_text(row["signed_on"]), sort="ngay"),
        Column("validity", "Hiệu lực", lambda row: validity_chip(row["valid_from"], row["valid_to"]), sort="het"),
    ),
    export=(
        out_column("Số, ký hiệu", value_of("number"), width=20),
        out_column("Loại văn bản", word_of(AgreementKind, "kind"), width=22),
        out_column("Trích yếu", value_of("title"), width=60),
        out_column("Cơ quan Công an ký", value_of("police_body"), width=30),
        out_column("Ký với", lambda row: "; ".join(row["named"]), width=60),
        out_column("Địa bàn", value_of("area"), width=32),
        out_column("Ngày ký", value_of("signed_on"), Kind.DATE, 12),
        out_column("Có hiệu lực từ ngày", value_of("valid_from"), Kind.DATE, 12),
        out_column("Đến hết ngày", value_of("valid_to"), Kind.DATE, 12),
    ),
    counted=lambda filters: _count_agreements(filters),
    list_url="duties:agreement_list",
    export_url="duties:agreement_export",
    file_name="van-ban-phoi-hop",
    empty="Chưa ghi quy chế, chương trình, kế hoạch phối hợp nào.",
    import_sheet=AGREEMENT_SHEET.name,
)


def _count_agreements(filters: ListFilters) -> str:
    parties = AgreementParty.objects.visible_to(filters.user).filter(
        agreement__in=filters.everything.order_by().values("pk"), unit__isnull=False
    )
    return f"với {written(parties.values('unit').distinct().count())} đơn vị trong sổ"


# -- inspections -------------------------------------------------------------------------------------------------------
def fixing_chip(deadline: datetime.date | None, fixed_on: datetime.date | None, chip=row_chip):
    """What became of the findings: put right, late, still in time, nothing asked for by a day; ``chip`` draws it."""
    day = today()
    if fixed_on is not None:
        return chip("ok", "check-circle", f"Đã khắc phục {day_text(fixed_on)}")
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
        out_column("Ngày kiểm tra", value_of("inspected_on"), Kind.DATE, 12),
        out_column("Đoàn, tổ kiểm tra", value_of("team"), width=28),
        out_column("Nội dung kiểm tra", value_of("content"), width=40),
        out_column("Kết quả, tồn tại", value_of("findings"), width=60),
        out_column("Hạn khắc phục", value_of("deadline"), Kind.DATE, 12),
        out_column("Khắc phục xong ngày", value_of("fixed_on"), Kind.DATE, 12),
        out_column("Kết quả khắc phục", value_of("fix_note"), width=40),
    ),
    counted=count_of_units,
    list_url="duties:inspection_list",
    export_url="duties:inspection_export",
    file_name="kiem-tra",
    empty="Chưa ghi lần kiểm tra nào trong địa bàn của đồng chí.",
    import_sheet=INSPECTION_SHEET.name,
)


# -- incidents ---------------------------------------------------------------------------------------------------------
_INCIDENT = labels_of(IncidentKind)
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
        out_column("Ngày xảy ra", value_of("occurred_on"), Kind.DATE, 12),
        out_column("Loại vụ việc", word_of(IncidentKind, "kind"), width=50),
        out_column("Số vụ", value_of("incident_count"), Kind.INTEGER, 8),
        out_column("Do bất khả kháng", lambda row: yes_no(row["is_force_majeure"]), width=12),
        out_column("Phát hiện kịp thời và báo cáo", lambda row: yes_no(row["found_in_time"]), width=12),
        out_column("Báo cáo Công an ngày", value_of("reported_on"), Kind.DATE, 12),
        out_column("Kết luận", word_of(IncidentConclusion, "conclusion"), width=16),
        out_column("Kết luận ngày", value_of("concluded_on"), Kind.DATE, 12),
        out_column("Tóm tắt", value_of("summary"), width=50),
    ),
    counted=count_incidents,
    list_url="duties:incident_list",
    export_url="duties:incident_export",
    file_name="vu-viec",
    empty="Chưa ghi vụ việc nào trong địa bàn của đồng chí.",
    import_sheet=INCIDENT_SHEET.name,
)


# -- ratings of parts --------------------------------------------------------------------------------------------------
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


RATING_COLUMNS = (
    Column("year", "Năm", sort="nam", css="number"),
    Column("kind", "Đầu mối", _rating_link, css="clip clip-middle"),
    Column("total_count", "Tổng số", lambda row: written(row["total_count"]), css="number"),
    Column("good_count", "Đạt", lambda row: written(row["good_count"]), css="number"),
    Column("share", "Tỷ lệ", lambda row: percent(row["good_count"], row["total_count"]), css="number"),
    Column("disciplined_count", "Kỷ luật", lambda row: written(row["disciplined_count"]), css="number"),
)

RATINGS = RecordList(
    filters=RatingFilters,
    title="Xếp loại đầu mối trực thuộc",
    noun="dòng",
    load=loader("year", "kind", "total_count", "good_count", "disciplined_count"),
    columns=(
        UNIT_COLUMN,
        AREA_COLUMN,
        *RATING_COLUMNS,
    ),
    export=(
        *UNIT_EXPORT,
        out_column("Năm", value_of("year"), Kind.INTEGER, 8),
        out_column("Đầu mối", word_of(PartKind, "kind"), width=26),
        out_column("Tổng số đầu mối", value_of("total_count"), Kind.INTEGER, 10),
        out_column("Số đạt", value_of("good_count"), Kind.INTEGER, 10),
        out_column("Tỷ lệ đạt", lambda row: percent(row["good_count"], row["total_count"]), width=10),
        out_column("Số người bị kỷ luật từ cảnh cáo trở lên", value_of("disciplined_count"), Kind.INTEGER, 14),
    ),
    counted=count_ratings,
    list_url="duties:rating_list",
    export_url="duties:rating_export",
    file_name="xep-loai-dau-moi",
    empty="Chưa ghi xếp loại đầu mối của đơn vị nào.",
    import_sheet=RATING_SHEET.name,
)
