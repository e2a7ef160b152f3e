"""The lists of requests that units be handed over: those that came in, and those that were sent."""

from functools import cached_property

from django.db.models import Q
from django.utils.html import escape

from movement_portal.jurisdictions.scoping import path_covers, path_range
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from units.enums import TransferState
from units.listing import Filter, ListFilters, Options, Period, between
from units.models import TransferRequest
from units.tables.records import RecordList, chip_of, day_text, in_order, out_column, record_link, word_of
from units.tables.units import names_of_areas

EVERY = "tat_ca"
STATES: Options = (
    ("", TransferState.PENDING.label),
    *((value, label) for value, label in TransferState.choices if value != TransferState.PENDING),
    (EVERY, "Tất cả"),
)


def _state(value: str) -> Q:
    return Q() if value == EVERY else Q(state=value or TransferState.PENDING)


class ReceivedFilters(ListFilters):
    model = TransferRequest
    options = (Filter("tinh_trang", "Tình trạng", STATES, _state, is_first=True, nothing=""),)
    periods = (Period("Đề nghị", "tu", "den", between("requested_on")),)
    orderings = {"ngay": ("-requested_on", "-id")}
    text_columns = ("unit__search_folded",)
    placeholder = "Tên, mã đơn vị"

    def with_words(self, rows):
        """By what a unit is called it is found only while the officer sees it: one handed over is another's now."""
        if not self.text:
            return rows
        return super().with_words(rows.filter(path_range(self.user.jurisdiction.path, "unit__jurisdiction__path")))


class SentFilters(ReceivedFilters):
    """Requests of the officer's own area: nothing of the unit is looked at, nor searched."""

    options = (Filter("tinh_trang", "Tình trạng", TransferState.choices, _state, is_first=True),)
    text_columns = ("to_area__search_folded",)
    placeholder = "Địa bàn đề nghị chuyển về"
    with_words = ListFilters.with_words

    @cached_property
    def scope(self):
        rows = TransferRequest.objects.sent_by(self.user)
        return rows.sent_within(self.area) if self.area else rows


_OWN = (
    "id", "called", "reason", "requested_on", "expires_on", "state", "decided_on", "decision", "to_area_id",
    "requested_by__full_name",
)  # fmt: skip
_OF_UNIT = ("unit__code", "unit__name", "unit__jurisdiction__path", "from_area_id")


def load_received(requests, keys, own):
    """Rows of requests with the unit they are about; one that was handed over is called as the request calls it."""
    rows = list(requests.filter(pk__in=keys).order_by().values(*_OWN, *_OF_UNIT))
    for row in rows:
        if not path_covers(own.path, row["unit__jurisdiction__path"]):
            row["unit__name"] = row["called"]
    return in_order(_with_names(rows, own, "from_area_id", "to_area_id"), keys)


def load_sent(requests, keys, own):
    """Rows of requests with nothing but what the asking office wrote, and the answer."""
    rows = list(requests.filter(pk__in=keys).order_by().values(*_OWN))
    return in_order(_with_names(rows, own, "to_area_id"), keys)


def _with_names(rows, own, *columns):
    names = names_of_areas((row[column] for row in rows for column in columns), own)
    for row in rows:
        for column in columns:
            row[column.removesuffix("_id")] = names[row[column]]
    return rows


_LOOKS = {
    TransferState.PENDING: ("warn", "hourglass-split"),
    TransferState.ACCEPTED: ("ok", "check-circle"),
    TransferState.REFUSED: ("bad", "x-circle"),
    TransferState.WITHDRAWN: ("muted", "arrow-counterclockwise"),
    TransferState.EXPIRED: ("muted", "clock-history"),
}


def _asked(row):
    link = record_link("duplicates:transfer_detail", row["id"], row["unit__name"])
    return f'{link} <span class="soft">{row["unit__code"]}</span>'


_TAIL = (
    Column("reason", "Lý do"),
    Column("requested_on", "Đề nghị ngày", lambda row: day_text(row["requested_on"]), sort="ngay"),
    Column("expires_on", "Hạn trả lời", lambda row: day_text(row["expires_on"])),
    Column("state", "Tình trạng", chip_of(TransferState, _LOOKS)),
)
_OUT = (
    out_column("Lý do", "reason", width=40),
    out_column("Người đề nghị", "requested_by__full_name", width=26),
    out_column("Đề nghị ngày", "requested_on", Kind.DATE, 14),
    out_column("Hạn trả lời", "expires_on", Kind.DATE, 14),
    out_column("Tình trạng", word_of(TransferState, "state"), width=16),
    out_column("Trả lời ngày", "decided_on", Kind.DATE, 14),
    out_column("Nội dung trả lời", "decision", width=40),
)

RECEIVED = RecordList(
    filters=ReceivedFilters,
    title="Đề nghị gửi đến",
    noun="đề nghị",
    load=load_received,
    columns=(
        Column("unit__name", "Đơn vị", _asked, css="card-title"),
        Column("from_area", "Đang ở"),
        Column("to_area", "Đề nghị chuyển về"),
        *_TAIL,
    ),
    export=(
        out_column("Mã đơn vị", "unit__code", width=12),
        out_column("Đơn vị", "unit__name", width=44),
        out_column("Đang ở", "from_area", width=30),
        out_column("Đề nghị chuyển về", "to_area", width=30),
        *_OUT,
    ),
    counted=lambda _: "",
    list_url="duplicates:transfer_list",
    export_url="duplicates:transfer_export",
    file_name="de-nghi-gui-den",
    empty="Không có đề nghị nào về đơn vị trong phạm vi của đồng chí đang chờ trả lời.",
)

SENT = RecordList(
    filters=SentFilters,
    title="Đề nghị đã gửi",
    noun="đề nghị",
    load=load_sent,
    columns=(
        Column(
            "called",
            "Tên đã ghi",
            lambda row: record_link("duplicates:sent_detail", row["id"], row["called"]),
            css="card-title",
        ),
        Column("to_area", "Đề nghị chuyển về"),
        *_TAIL,
        Column("decision", "Trả lời", lambda row: escape(row["decision"])),
    ),
    export=(
        out_column("Tên đã ghi", "called", width=44),
        out_column("Đề nghị chuyển về", "to_area", width=30),
        *_OUT,
    ),
    counted=lambda _: "",
    list_url="duplicates:sent_list",
    export_url="duplicates:sent_export",
    file_name="de-nghi-da-gui",
    empty="Chưa gửi đề nghị chuyển đơn vị nào.",
)
