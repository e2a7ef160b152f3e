"""The list of legal documents: directives, plans, circulars that activities, commitments and criteria point to."""

import datetime

from django.db.models import Q

from movement_portal.documents.models import LegalDocument
from movement_portal.lib.dates import today, valid_on
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from movement_portal.templatetags.portal import row_chip
from units.listing import Filter, ListFilters, Period, between
from units.tables.records import RecordList, day_text, in_order, out_column, record_link


def _validity(value: str) -> Q:
    if value == "con":
        return valid_on(today())
    return Q(valid_to__lt=today()) if value == "het" else Q(valid_from__gt=today())


class DocumentFilters(ListFilters):
    """Documents are of no area: every officer reads them all."""

    model = LegalDocument
    options = (
        Filter(
            "hieu_luc",
            "Hiệu lực",
            (("con", "Còn hiệu lực"), ("het", "Hết hiệu lực"), ("chua", "Chưa có hiệu lực")),
            _validity,
            is_first=True,
        ),
    )
    periods = (Period("Ban hành", "tu", "den", between("issued_on")),)
    orderings = {"ngay": ("-issued_on", "number", "id"), "so": ("number", "id"), "het": ("valid_to", "number", "id")}
    placeholder = "Số, trích yếu, cách gọi quen"
    #: No area narrows the list.
    area = None
    area_options = ()


def validity_chip(valid_from: datetime.date | None, valid_to: datetime.date | None, chip=row_chip):
    """Whether a paper holds today, in words; ``chip`` draws it."""
    day = today()
    if valid_to is not None and valid_to < day:
        return chip("muted", "x-circle", f"Hết sau {day_text(valid_to)}")
    if valid_from is not None and valid_from > day:
        return chip("warn", "clock", f"Từ {day_text(valid_from)}")
    if valid_to is not None:
        return chip("ok", "check-circle", f"Đến hết {day_text(valid_to)}")
    return chip("ok", "check-circle", "Còn hiệu lực")


def load_documents(documents, keys, own):
    """Rows of documents; ``own`` matters to other lists."""
    fields = ("id", "number", "title", "issuer", "issued_on", "valid_from", "valid_to", "aliases")
    return in_order(documents.filter(pk__in=keys).order_by().values(*fields), keys)


DOCUMENTS = RecordList(
    filters=DocumentFilters,
    title="Văn bản",
    noun="văn bản",
    load=load_documents,
    columns=(
        Column(
            "number",
            "Số, ký hiệu",
            lambda row: record_link("documents:document_detail", row["id"], row["number"]),
            sort="so",
            css="card-title text-nowrap",
        ),
        Column("title", "Trích yếu", css="clip clip-rest"),
        Column("issuer", "Cơ quan ban hành", css="clip clip-middle"),
        Column("issued_on", "Ngày ban hành", lambda row: day_text(row["issued_on"]), sort="ngay"),
        Column("validity", "Hiệu lực", lambda row: validity_chip(row["valid_from"], row["valid_to"]), sort="het"),
    ),
    export=(
        out_column("Số, ký hiệu", "number", width=22),
        out_column("Trích yếu", "title", width=70),
        out_column("Cơ quan ban hành", "issuer", width=28),
        out_column("Ngày ban hành", "issued_on", Kind.DATE, 14),
        out_column("Có hiệu lực từ ngày", "valid_from", Kind.DATE, 14),
        out_column("Hết hiệu lực sau ngày", "valid_to", Kind.DATE, 14),
        out_column("Cách viết khác", lambda row: "; ".join(row["aliases"].splitlines()), width=40),
    ),
    counted=lambda _: "",
    list_url="documents:document_list",
    export_url="documents:document_export",
    file_name="van-ban",
    empty="Chưa có văn bản nào.",
    import_sheet="documents",
    add_label="Thêm văn bản",
    add_url="documents:document_add",
)
