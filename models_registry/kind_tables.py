"""Columns of the list of kinds of models: on the page and in exports."""

from dataclasses import replace
from functools import partial
from html import escape
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.urls import reverse

from models_registry.enums import ModelPlace, ModelStatus, ModelTheme
from models_registry.filters import EVERY, PRINCIPLE_COLUMNS, PRINCIPLES, KindFilters
from models_registry.models import ModelGroup, ModelLogEntry, ModelStrength, SelfManagedModel
from models_registry.tables import ModelRecordList, added, number, participations
from movement_portal.lib.dates import today, valid_on
from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets.writing import Kind
from movement_portal.templatetags.portal import row_chip
from units.tables.records import in_order, out_column, record_link, word_of


def _counted_kinds(filters):
    kinds = filters.everything.order_by().values("pk")
    sites = filters.sites.filter(kind__in=kinds).order_by()
    told = f"với {written(sites.count())} mô hình (điểm) đang hoạt động"
    taken_part = participations(ModelLogEntry._base_manager.filter(model__in=sites.values("pk")))
    return f"{told}; {taken_part} lượt người tham gia hoạt động" if taken_part.count else told


_KIND_FIELDS = ("id", "name", "place", "theme", "is_in_use", *PRINCIPLE_COLUMNS.values())


def members_by_kind(models) -> dict[int, int]:
    """Members of models by kind, each model as last counted; never counted, of its groups."""
    counted = ModelStrength._base_manager.filter(member_count__isnull=False).order_by()
    later = counted.filter(model=OuterRef("pk"), counted_on__gt=OuterRef("counted"))
    latest = models.order_by().annotate(counted=F("strengths__counted_on"), members_then=F("strengths__member_count"))
    latest = latest.filter(~Exists(later), members_then__isnull=False).values("kind").annotate(n=Sum("members_then"))
    found = dict(latest.values_list("kind", "n"))
    named = ModelGroup._base_manager.filter(
        valid_on(today()), ~Exists(counted.filter(model=OuterRef("model"))), model__in=models.order_by().values("pk")
    )
    for kind, members in named.order_by().values_list("model__kind").annotate(n=Sum("member_count")):
        found[kind] = found.get(kind, 0) + (members or 0)
    return found


def load_kinds(kinds, keys, own, *, area=None):
    """Rows of kinds with what is counted of their models within the officer's area, or within ``area`` below it."""
    rows = list(kinds.filter(pk__in=keys).order_by().values(*_KIND_FIELDS))
    sites = SelfManagedModel.objects.within(own).filter(kind__in=keys).order_by()
    sites = sites.within(area) if area else sites
    running = sites.filter(status=ModelStatus.ACTIVE)
    counted = sites.values("kind").annotate(n=Count("pk"), active=Count("pk", filter=Q(status=ModelStatus.ACTIVE)))
    counts = {kind: (n, active) for kind, n, active in counted.values_list("kind", "n", "active")}
    people = members_by_kind(running)
    sums: dict[int, dict[str, int]] = {}
    told = running.values_list("kind", "log_entries__approximation").annotate(n=Sum("log_entries__participation_count"))
    for kind, word, count in told:
        if count is not None:
            sums.setdefault(kind, {})[word] = count
    for row in rows:
        row["all"], row["running"] = counts.get(row["id"], (0, 0))
        row["members"] = people.get(row["id"])
        taken_part = added(sums[row["id"]]) if row["id"] in sums else None
        row["participations"] = taken_part.count if taken_part else None
        row["participations_in_words"] = str(taken_part or "")
        row["dia_ban"] = area.pk if area else ""
    return in_order(rows, keys)


def kinds_in(area) -> ModelRecordList:
    """The list of kinds with the figures of an area; None is the whole of the officer's."""
    return replace(KINDS, load=partial(load_kinds, area=area)) if area else KINDS


def _principles(row):
    return ", ".join(mid_sentence(label) for value, label in PRINCIPLES if row[PRINCIPLE_COLUMNS[value]])


def _kind_name(row):
    link = record_link("models:kind_detail", row["id"], row["name"])
    return link if row["is_in_use"] else f"{link} {row_chip('muted', 'dash-lg', 'Thôi dùng')}"


def _participations(row):
    if not row["participations"]:
        return number(row["participations"])
    query = {"loai": row["id"], "mo_hinh": "dang"} | ({"dia_ban": row["dia_ban"]} if row["dia_ban"] else {})
    address = f"{reverse('models:log_list')}?{urlencode(query)}"
    return f'<a href="{escape(address)}">{row["participations_in_words"]}</a>'


def _sites(key, state):
    def cell(row):
        if not row[key]:
            return "0"
        query = {"loai": row["id"], "tinh_trang": state} | ({"dia_ban": row["dia_ban"]} if row["dia_ban"] else {})
        return f'<a href="{escape(reverse("models:model_list"))}?{escape(urlencode(query))}">{written(row[key])}</a>'

    return cell


KINDS = ModelRecordList(
    filters=KindFilters,
    title="Loại mô hình",
    noun="loại mô hình",
    load=load_kinds,
    columns=(
        Column("name", "Tên loại mô hình", _kind_name, sort="ten", css="card-title clip"),
        Column("theme", "Lĩnh vực", lambda row: escape(ModelTheme(row["theme"]).label), css="clip clip-middle"),
        Column("principles", "Nguyên tắc", _principles, css="clip clip-short"),
        Column("place", "Nơi thực hiện", lambda row: escape(ModelPlace(row["place"]).label), css="clip clip-short"),
        Column("running", "Đang hoạt động", _sites("running", ModelStatus.ACTIVE.value), css="number"),
        Column("all", "Từ trước đến nay", _sites("all", EVERY), css="number"),
        Column("members", "Thành viên", lambda row: number(row["members"]), css="number"),
        Column("participations", "Lượt người", _participations, css="number"),
    ),
    export=(
        out_column("Tên loại mô hình", "name", width=44),
        out_column("Lĩnh vực", word_of(ModelTheme, "theme"), width=30),
        out_column("Nguyên tắc", _principles, width=24),
        out_column("Nơi thực hiện", word_of(ModelPlace, "place"), width=22),
        out_column("Số mô hình (điểm) đang hoạt động", "running", Kind.INTEGER, 14),
        out_column("Số mô hình từ trước đến nay", "all", Kind.INTEGER, 14),
        out_column("Số thành viên", "members", Kind.INTEGER, 12),
        out_column("Lượt người tham gia hoạt động", "participations", Kind.INTEGER, 14),
    ),
    counted=_counted_kinds,
    list_url="models:kind_list",
    export_url="models:kind_export",
    file_name="loai-mo-hinh",
    empty="Chưa có mô hình nào đang hoạt động trong địa bàn của đồng chí.",
    import_sheet="model-kinds",
    add_label="Thêm loại mô hình",
    add_url="models:kind_add",
)
