"""The list of agreements, and whom each was signed with."""

from collections.abc import Sequence

from django.db.models import Count

from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from units.enums import AgreementKind
from units.filters.duties import AgreementFilters
from units.listing import ListFilters
from units.models import AgreementParty
from units.sheets.agreements import AGREEMENTS as AGREEMENT_SHEET
from units.tables.documents import validity_chip
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
            css="card-title text-nowrap",
        ),
        Column("title", "Trích yếu", css="clip clip-rest"),
        Column("kind", "Loại", lambda row: _AGREEMENT[row["kind"]], css="clip clip-short"),
        Column("parties", "Ký với", css="clip clip-middle"),
        Column("area", "Địa bàn", sort="dia_ban", css="clip clip-short"),
        Column("signed_on", "Ngày ký", lambda row: day_text(row["signed_on"]), sort="ngay"),
        Column("validity", "Hiệu lực", lambda row: validity_chip(row["valid_from"], row["valid_to"]), sort="het"),
    ),
    export=(
        out_column("Số, ký hiệu", "number", width=20),
        out_column("Loại văn bản", word_of(AgreementKind, "kind"), width=22),
        out_column("Trích yếu", "title", width=60),
        out_column("Cơ quan Công an ký", "police_body", width=30),
        out_column("Ký với", lambda row: "; ".join(row["named"]), width=60),
        out_column("Địa bàn", "area", width=32),
        out_column("Ngày ký", "signed_on", Kind.DATE),
        out_column("Có hiệu lực từ ngày", "valid_from", Kind.DATE),
        out_column("Đến hết ngày", "valid_to", Kind.DATE),
    ),
    counted=lambda filters: _count_agreements(filters),
    list_url="duties:agreement_list",
    export_url="duties:agreement_export",
    file_name="van-ban-phoi-hop",
    empty="Chưa ghi quy chế, chương trình, kế hoạch phối hợp nào.",
    import_sheet=AGREEMENT_SHEET.name,
    add_label="Thêm văn bản phối hợp",
    add_url="duties:agreement_add",
)


def _count_agreements(filters: ListFilters) -> str:
    parties = AgreementParty.objects.visible_to(filters.user).filter(
        agreement__in=filters.everything.order_by().values("pk"), unit__isnull=False
    )
    return f"với {written(parties.values('unit').distinct().count())} đơn vị trong sổ"
