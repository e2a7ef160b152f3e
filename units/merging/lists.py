"""The list of pairs that may be one unit: filters, columns, export."""

from functools import cached_property

from django.db.models import F, Q
from django.utils.html import escape
from django.utils.timezone import localtime

from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from movement_portal.templatetags.portal import row_chip
from units.enums import PairReason, PairState, UnitKind
from units.listing import Filter, ListFilters, Options, Period, between, equals
from units.models import DuplicatePair, UnitMerge
from units.tables.records import (
    RecordList,
    chip_of,
    day_text,
    in_order,
    out_column,
    record_link,
    unit_link,
    with_areas,
)
from units.tables.units import names_of_areas

EVERY = "tat_ca"
STATES: Options = (
    ("", PairState.OPEN.label),
    (PairState.DISMISSED, PairState.DISMISSED.label),
    (PairState.MERGED, PairState.MERGED.label),
    (EVERY, "Tất cả"),
)


def _state(value: str) -> Q:
    return Q() if value == EVERY else Q(state=value or PairState.OPEN)


def _where(value: str) -> Q:
    same = Q(first__jurisdiction=F("second__jurisdiction"))
    return same if value == "cung" else ~same


class PairFilters(ListFilters):
    model = DuplicatePair
    options = (
        Filter("tinh_trang", "Tình trạng", STATES, _state, is_first=True, nothing=""),
        Filter(
            "ly_do",
            "Lý do",
            [(reason.value, reason.label[:1].upper() + reason.label[1:]) for reason in PairReason],
            lambda value: Q(reasons__contains=f" {value} "),
            is_first=True,
        ),
        Filter("khoi", "Khối", UnitKind.choices, lambda value: Q(first__kind=value) | Q(second__kind=value)),
        Filter("noi", "Nơi", (("cung", "Cùng địa bàn"), ("khac", "Khác địa bàn")), _where),
    )
    orderings = {
        "muc": ("-score", "-id"),
        "ten": ("first__name_sort", "id"),
        "dia_ban": ("first__jurisdiction__name_sort", "first__name_sort", "id"),
    }
    text_columns = ("first__search_folded", "second__search_folded")
    placeholder = "Tên, mã, điện thoại của một trong hai"

    @cached_property
    def scope(self):
        """Pairs in reach whose units both exist, or were merged."""
        return super().scope.standing()


_FIELDS = (
    "id", "score", "reasons", "state", "found_on", "settled_on", "settled_reason",
    "first__code", "first__name", "first__address", "first__jurisdiction_id",
    "second__code", "second__name", "second__address", "second__jurisdiction_id",
)  # fmt: skip


def load_pairs(pairs, keys, own):
    """Rows of pairs with the areas of both units."""
    rows = list(pairs.filter(pk__in=keys).order_by().values(*_FIELDS))
    columns = ("first__jurisdiction_id", "second__jurisdiction_id")
    names = names_of_areas((row[column] for row in rows for column in columns), own)
    for row in rows:
        row["first_area"], row["second_area"] = (names[row[column]] for column in columns)
    return in_order(rows, keys)


def _names(row):
    """Both names one below the other, the pair's page behind the first."""
    first = record_link("duplicates:pair_detail", row["id"], row["first__name"])
    return f'{first}<div class="soft">{escape(row["second__name"])}</div>'


def _both(one, other):
    def cell(row):
        first, second = escape(row[one]), escape(row[other])
        return first if first == second else f"{first}<div>{second}</div>"

    return cell


def reasons_in_words(text: str) -> str:
    """“cùng mã số, tên giống nhau”, the first letter large."""
    words = ", ".join(str(PairReason(word).label) for word in text.split())
    return words[:1].upper() + words[1:]


_LOOKS = {
    PairState.OPEN: ("warn", "hourglass-split"),
    PairState.DISMISSED: ("muted", "x-circle"),
    PairState.MERGED: ("ok", "check-circle"),
}


def _across_areas(filters: ListFilters) -> str:
    """“· 3 cặp ở hai địa bàn khác nhau”."""
    count = filters.everything.filter(_where("khac")).order_by().count()
    return f"· {written(count)} cặp ở hai địa bàn khác nhau" if count else ""


PAIRS = RecordList(
    filters=PairFilters,
    title="Nghi trùng",
    noun="cặp",
    load=load_pairs,
    columns=(
        Column("first__name", "Hai đơn vị", _names, sort="ten", css="card-title"),
        Column("code", "Mã", lambda row: f"{row['first__code']}<div>{row['second__code']}</div>"),
        Column("area", "Địa bàn", _both("first_area", "second_area"), sort="dia_ban"),
        Column("reasons", "Lý do", lambda row: escape(reasons_in_words(row["reasons"]))),
        Column("score", "Mức giống", lambda row: f"{row['score']} %", sort="muc", css="number"),
        Column("found_on", "Phát hiện", lambda row: day_text(row["found_on"])),
        Column("state", "Tình trạng", chip_of(PairState, _LOOKS)),
    ),
    export=(
        out_column("Mã đơn vị 1", "first__code", width=12),
        out_column("Đơn vị 1", "first__name", width=44),
        out_column("Địa chỉ 1", "first__address", width=36),
        out_column("Địa bàn 1", "first_area", width=30),
        out_column("Mã đơn vị 2", "second__code", width=12),
        out_column("Đơn vị 2", "second__name", width=44),
        out_column("Địa chỉ 2", "second__address", width=36),
        out_column("Địa bàn 2", "second_area", width=30),
        out_column("Lý do", lambda row: reasons_in_words(row["reasons"]), width=30),
        out_column("Mức giống (%)", "score", Kind.INTEGER, 12),
        out_column("Phát hiện ngày", "found_on", Kind.DATE, 14),
        out_column("Tình trạng", lambda row: str(PairState(row["state"]).label), width=18),
        out_column("Xét ngày", "settled_on", Kind.DATE, 14),
        out_column("Lý do của người xét", "settled_reason", width=40),
    ),
    counted=_across_areas,
    list_url="duplicates:pair_list",
    export_url="duplicates:pair_export",
    file_name="nghi-trung",
    empty="Chưa có cặp đơn vị nào nghi trùng trong phạm vi của đồng chí. Mỗi đêm cổng tự tìm lại.",
)


# -- merges ------------------------------------------------------------------------------------------------------------
MERGE_STATES: Options = (("", "Đang gộp"), ("hoan_tac", "Đã hoàn tác"), (EVERY, "Tất cả"))


def _merge_state(value: str) -> Q:
    return Q() if value == EVERY else Q(undone_at__isnull=value != "hoan_tac")


class MergeFilters(ListFilters):
    model = UnitMerge
    options = (
        Filter("tinh_trang", "Tình trạng", MERGE_STATES, _merge_state, is_first=True, nothing=""),
        Filter("khoi", "Khối", UnitKind.choices, equals("survivor__kind"), is_first=True),
    )
    periods = (Period("Gộp", "tu", "den", between("merged_at__date")),)
    orderings = {"luc": ("-merged_at", "-id"), "ten": ("survivor__name_sort", "id")}
    text_columns = ("survivor__search_folded", "absorbed__search_folded")
    placeholder = "Tên, mã của hồ sơ giữ lại hoặc đã gộp"


_MERGE_FIELDS = (
    "id", "reason", "merged_at", "undone_at", "undone_reason", "merged_by__full_name",
    "survivor__code", "survivor__name", "survivor__jurisdiction_id", "absorbed__code", "absorbed__name",
)  # fmt: skip


def load_merges(merges, keys, own):
    """Rows of merges with the area of the unit that is left."""
    rows = list(merges.filter(pk__in=keys).order_by().values(*_MERGE_FIELDS))
    return in_order(with_areas(rows, own, "survivor__jurisdiction_id"), keys)


def _merged(row):
    link = record_link("duplicates:merge_detail", row["id"], row["absorbed__name"])
    return f'{link} <span class="soft">{row["absorbed__code"]}</span>'


def _survivor(row):
    return f'{unit_link(row, "survivor__")} <span class="soft">{row["survivor__code"]}</span>'


def _merge_chip(row):
    if row["undone_at"]:
        return row_chip("muted", "arrow-counterclockwise", f"Đã hoàn tác {day_text(localtime(row['undone_at']))}")
    return row_chip("ok", "check-circle", "Đang gộp")


MERGES = RecordList(
    filters=MergeFilters,
    title="Đã gộp",
    noun="lần gộp",
    load=load_merges,
    columns=(
        Column("absorbed__name", "Hồ sơ gộp vào", _merged, css="card-title"),
        Column("survivor__name", "Đơn vị giữ lại", _survivor, sort="ten"),
        Column("area", "Địa bàn"),
        Column("reason", "Lý do"),
        Column("merged_at", "Gộp ngày", lambda row: day_text(localtime(row["merged_at"])), sort="luc"),
        Column("merged_by__full_name", "Người gộp"),
        Column("state", "Tình trạng", _merge_chip),
    ),
    export=(
        out_column("Mã hồ sơ gộp vào", "absorbed__code", width=16),
        out_column("Hồ sơ gộp vào", "absorbed__name", width=44),
        out_column("Mã đơn vị giữ lại", "survivor__code", width=16),
        out_column("Đơn vị giữ lại", "survivor__name", width=44),
        out_column("Địa bàn", "area", width=30),
        out_column("Lý do", "reason", width=40),
        out_column("Gộp lúc", "merged_at", Kind.MOMENT, 18),
        out_column("Người gộp", "merged_by__full_name", width=26),
        out_column("Hoàn tác lúc", "undone_at", Kind.MOMENT, 18),
        out_column("Lý do hoàn tác", "undone_reason", width=40),
    ),
    counted=lambda _: "",
    list_url="duplicates:merge_list",
    export_url="duplicates:merge_export",
    file_name="da-gop",
    empty="Chưa gộp hồ sơ nào trong phạm vi của đồng chí.",
)
