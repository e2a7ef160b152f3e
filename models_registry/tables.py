"""Columns of the lists of models, of their activities and of their kinds: on the page and in exports."""

import datetime
from dataclasses import dataclass, replace
from functools import cache, partial
from html import escape
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Sum
from django.urls import reverse

from models_registry.enums import ModelGrade, ModelPlace, ModelStatus, ModelTheme
from models_registry.filters import (
    EVERY,
    PRINCIPLE_COLUMNS,
    PRINCIPLES,
    KindFilters,
    LogFilters,
    ModelFilters,
    quiet_since,
)
from models_registry.models import (
    ModelGroup,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelRecognition,
    ModelStrength,
    SelfManagedModel,
)
from movement_portal.lib.dates import today, valid_on
from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.exporting import ExportColumn
from movement_portal.spreadsheets.writing import Kind, OutColumn
from movement_portal.templatetags.portal import icon_use, row_chip
from units.enums import Approximation
from units.force_tables import RecordList, unit_link
from units.listing import between
from units.tables import names_of_areas

#: What stands for a unit that the officer does not see.
ELSEWHERE = "Đơn vị ở địa bàn khác"

STATUS_LOOKS = {
    ModelStatus.PROPOSED: ("warn", "lightbulb"),
    ModelStatus.APPROVED: ("warn", "patch-check"),
    ModelStatus.ACTIVE: ("ok", "check-circle"),
    ModelStatus.RETIRED: ("muted", "x-circle"),
    ModelStatus.DISSOLVED: ("muted", "x-circle"),
    ModelStatus.MERGED: ("muted", "box-arrow-in-right"),
}
GRADE_LOOKS = {
    ModelGrade.EFFECTIVE: ("ok", "check2"),
    ModelGrade.AVERAGE: ("warn", "dash-lg"),
    ModelGrade.WEAK: ("bad", "exclamation-lg"),
}


@dataclass(frozen=True)
class ModelRecordList(RecordList):
    """A list of models or of what belongs to them; one right opens the export of all."""

    @property
    def export_permission(self) -> str:
        return "models_registry.export_selfmanagedmodel"


# -- what is counted ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Participations:
    """Participations (“lượt người”) of activities: never persons."""

    count: int
    #: “trên”, “gần”, “khoảng” where a number of those added is no exact one.
    approximation: str = ""

    def __str__(self):
        return f"{self.approximation} {written(self.count)}".strip()


def participations(entries) -> Participations:
    """The participations of log entries added up, with the word for how exact the sum is."""
    rows = entries.filter(participation_count__isnull=False).order_by().values("approximation")
    found = {row["approximation"]: row["n"] for row in rows.annotate(n=Sum("participation_count"))}
    words = [value for value in found if value]
    word = words[0] if len(words) == 1 else Approximation.ABOUT.value if words else ""
    return Participations(sum(found.values()), Approximation(word).label if word else "")


def strength_of(models) -> tuple[int, int]:
    """Groups and members of models together, each as last counted (as ``with_strength``, for many models quicker)."""
    counted: dict[str, dict[int, int]] = {"groups": {}, "members": {}}
    keys = models.order_by().values("pk")
    strengths = ModelStrength._base_manager.filter(model__in=keys).order_by("counted_on")
    for model, groups, members in strengths.values_list("model", "group_count", "member_count"):
        if groups is not None:
            counted["groups"][model] = groups
        if members is not None:
            counted["members"][model] = members
    named = ModelGroup._base_manager.filter(valid_on(today()), model__in=keys).order_by().values("model")
    for model, groups, members in named.annotate(n=Count("pk"), m=Sum("member_count")).values_list("model", "n", "m"):
        counted["groups"].setdefault(model, groups)
        counted["members"].setdefault(model, members or 0)
    return sum(counted["groups"].values()), sum(counted["members"].values())


def _counted_models(filters):
    """Kinds, units, groups, members and participations of the models of a list, each said for what it is."""
    rows = filters.everything.order_by()
    sums = rows.aggregate(kinds=Count("kind", distinct=True), units=Count("lead_unit", distinct=True))
    groups, members = strength_of(rows)
    entries = ModelLogEntry._base_manager.filter(
        between("held_on")(*filters.activity_days), model__in=rows.values("pk")
    )
    told = f"(điểm) thuộc {written(sums['kinds'])} loại, {written(sums['units'])} đơn vị chủ trì"
    told += f"; {written(groups)} tổ, {written(members)} thành viên"
    taken_part = participations(entries)
    return f"{told}; {taken_part} lượt người tham gia hoạt động" if taken_part.count else told


def _counted_entries(filters):
    rows = filters.everything.order_by()
    sums = rows.aggregate(models=Count("model", distinct=True), kinds=Count("model__kind", distinct=True))
    told = f"của {written(sums['models'])} mô hình thuộc {written(sums['kinds'])} loại"
    taken_part = participations(rows)
    return f"{told}; {taken_part} lượt người tham gia (không phải số người)" if taken_part.count else told


def _counted_kinds(filters):
    kinds = filters.everything.order_by().values("pk")
    sites = filters.sites.filter(kind__in=kinds).order_by()
    told = f"với {written(sites.count())} mô hình (điểm) đang hoạt động"
    taken_part = participations(ModelLogEntry._base_manager.filter(model__in=sites.values("pk")))
    return f"{told}; {taken_part} lượt người tham gia hoạt động" if taken_part.count else told


# -- cells -------------------------------------------------------------------------------------------------------------
@cache
def _halves(name):
    before, after = reverse(name, args=[987654321]).split("987654321")
    return escape(before), escape(after)


def model_link(key, text) -> str:
    """A model's name, linked to its page."""
    before, after = _halves("models:model_detail")
    return f'<a href="{before}{key}{after}">{escape(text)}</a>'


def day(value: datetime.date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _of(key):
    return lambda row: row[key]


def _word(choices, key):
    labels = dict(choices.choices)
    return lambda row: labels.get(row[key], "")


def _out(label, value, kind=Kind.TEXT, width=18):
    return ExportColumn(OutColumn(label, kind, width), value)


@cache
def status_chip(value):
    return row_chip(*STATUS_LOOKS[value], ModelStatus(value).label)


@cache
def _star():
    told = '<span class="visually-hidden">Điển hình tiên tiến: </span>'
    return f'<span title="Điển hình tiên tiến">{icon_use("star-fill")}{told}</span>'


def _name(row):
    parts = [_star()] if row["recognised"] else []
    parts.append(model_link(row["id"], row["name"]))
    if row["kind__name"] not in row["name"]:
        parts.append(f'<span class="soft">{escape(row["kind__name"])}</span>')
    return " ".join(parts)


def _lead(row):
    if not row["lead_unit_id"]:
        return escape(row["lead_body"])
    return unit_link(row, "lead_unit__") if row["sees_lead"] else f'<span class="soft">{ELSEWHERE}</span>'


def _lead_text(row):
    if not row["lead_unit_id"]:
        return row["lead_body"]
    return row["lead_unit__name"] if row["sees_lead"] else ELSEWHERE


def _lead_code(row):
    return row["lead_unit__code"] if row["lead_unit_id"] and row["sees_lead"] else ""


def _last_active(row):
    told = day(row["last_active_on"])
    if row["status"] != ModelStatus.ACTIVE or row["launched_on"] >= row["quiet_since"]:
        return told
    if row["last_active_on"] and row["last_active_on"] >= row["quiet_since"]:
        return told
    return row_chip("warn", "hourglass-split", told or "Chưa có")


def _grade(row):
    if not row["grade"]:
        return ""
    kind, icon = GRADE_LOOKS[row["grade"]]
    return f'<span title="Năm {row["graded"]}">{row_chip(kind, icon, ModelGrade(row["grade"]).label)}</span>'


# -- models ------------------------------------------------------------------------------------------------------------
_MODEL_FIELDS = (
    "id", "code", "name", "kind__name", "kind__theme", "lead_unit_id", "lead_unit__code", "lead_unit__name",
    "lead_body", "jurisdiction_id", "jurisdiction__path", "place", "status", "status_on", "launched_on", "ended_on",
    "last_active_on", "decision_number", "decision_on", "head_name", "head_phone", "group_count", "member_count",
)  # fmt: skip


def load_models(models, keys, own):
    """Rows of models with their strength as last counted, last rating, recognition and how many take part."""
    rows = list(models.filter(pk__in=keys).order_by().with_strength().values(*_MODEL_FIELDS))
    ratings = {
        model: (year, grade)
        for model, year, grade in ModelRating._base_manager.filter(model__in=keys)
        .order_by("year")
        .values_list("model", "year", "grade")
    }
    recognised = set(ModelRecognition._base_manager.filter(model__in=keys).values_list("model", flat=True))
    members = dict(_counts(ModelMember, keys, n=Count("pk")))
    taken_part = dict(_counts(ModelLogEntry, keys, n=Sum("participation_count")))
    names = names_of_areas({row["jurisdiction_id"] for row in rows}, own)
    since = quiet_since()
    for row in rows:
        row["area"] = names[row["jurisdiction_id"]]
        row["graded"], row["grade"] = ratings.get(row["id"], (None, ""))
        row["recognised"] = row["id"] in recognised
        row["others"] = members.get(row["id"], 0)
        row["participations"] = taken_part.get(row["id"])
        row["sees_lead"] = row["jurisdiction__path"].startswith(own.path)
        row["quiet_since"] = since
    found = {row["id"]: row for row in rows}
    return [found[key] for key in keys if key in found]


def _counts(model, keys, **count):
    rows = model._base_manager.filter(model__in=keys).order_by().values("model").annotate(**count)
    return rows.values_list("model", *count)


MODELS = ModelRecordList(
    filters=ModelFilters,
    title="Mô hình",
    noun="mô hình",
    load=load_models,
    columns=(
        Column("name", "Tên mô hình", _name, sort="ten", css="card-title clip"),
        Column("lead", "Chủ trì", _lead, css="clip clip-middle"),
        Column("area", "Địa bàn", sort="dia_ban", css="clip clip-short"),
        Column("launched_on", "Ra mắt", lambda row: day(row["launched_on"]), sort="ra_mat"),
        Column("member_count", "Thành viên", lambda row: _number(row["member_count"]), css="number"),
        Column("last_active_on", "Hoạt động cuối", _last_active, sort="hoat_dong"),
        Column("grade", "Xếp loại", _grade),
        Column("status", "Tình trạng", lambda row: status_chip(row["status"])),
    ),
    export=(
        _out("Mã mô hình", _of("code"), width=12),
        _out("Tên mô hình", _of("name"), width=40),
        _out("Loại mô hình", _of("kind__name"), width=32),
        _out("Lĩnh vực", _word(ModelTheme, "kind__theme"), width=24),
        _out("Mã đơn vị chủ trì", _lead_code, width=12),
        _out("Nơi chủ trì", _lead_text, width=40),
        _out("Địa bàn", _of("area"), width=30),
        _out("Nơi thực hiện", _of("place"), width=28),
        _out("Số quyết định thành lập", _of("decision_number")),
        _out("Ngày quyết định", _of("decision_on"), Kind.DATE, 12),
        _out("Ngày ra mắt", _of("launched_on"), Kind.DATE, 12),
        _out("Số tổ", _of("group_count"), Kind.INTEGER, 8),
        _out("Số thành viên", _of("member_count"), Kind.INTEGER, 10),
        _out("Đơn vị, cơ quan cùng tham gia", _of("others"), Kind.INTEGER, 12),
        _out("Lượt người tham gia hoạt động", _of("participations"), Kind.INTEGER, 12),
        _out("Hoạt động gần nhất", _of("last_active_on"), Kind.DATE, 12),
        _out("Trưởng mô hình", _of("head_name"), width=24),
        _out("Điện thoại trưởng mô hình", _of("head_phone"), width=16),
        _out("Năm xếp loại gần nhất", _of("graded"), width=10),
        _out("Xếp loại", _word(ModelGrade, "grade"), width=12),
        _out("Điển hình tiên tiến", lambda row: "Có" if row["recognised"] else "", width=10),
        _out("Tình trạng", _word(ModelStatus, "status"), width=14),
        _out("Ngày kết thúc", _of("ended_on"), Kind.DATE, 12),
    ),
    counted=_counted_models,
    list_url="models:model_list",
    export_url="models:model_export",
    file_name="mo-hinh",
    empty="Chưa ghi mô hình nào trong địa bàn của đồng chí.",
    import_sheet="models",
)


def _number(value):
    return "" if value is None else written(value)


# -- activities --------------------------------------------------------------------------------------------------------
_LOG_FIELDS = (
    "id", "held_on", "content", "participation_count", "approximation", "note", "model_id", "model__code",
    "model__name", "model__kind__name", "model__jurisdiction_id",
)  # fmt: skip


def load_entries(entries, keys, own):
    """Rows of log entries with the model each is of."""
    rows = list(entries.filter(pk__in=keys).order_by().values(*_LOG_FIELDS))
    names = names_of_areas({row["model__jurisdiction_id"] for row in rows}, own)
    for row in rows:
        row["area"] = names[row["model__jurisdiction_id"]]
    found = {row["id"]: row for row in rows}
    return [found[key] for key in keys if key in found]


def _taken_part(row):
    if row["participation_count"] is None:
        return ""
    word = Approximation(row["approximation"]).label if row["approximation"] else ""
    return f"{word} {written(row['participation_count'])}".strip()


LOG = ModelRecordList(
    filters=LogFilters,
    title="Hoạt động của mô hình",
    noun="hoạt động",
    load=load_entries,
    columns=(
        Column("held_on", "Ngày", lambda row: day(row["held_on"]), sort="ngay"),
        Column("content", "Nội dung, kết quả", css="clip"),
        Column(
            "model__name",
            "Mô hình",
            lambda row: model_link(row["model_id"], row["model__name"]),
            sort="ten",
            css="card-title clip clip-middle",
        ),
        Column("model__kind__name", "Loại", css="clip clip-short"),
        Column("area", "Địa bàn", css="clip clip-middle"),
        Column("participation_count", "Lượt người", _taken_part, css="number"),
    ),
    export=(
        _out("Ngày", _of("held_on"), Kind.DATE, 12),
        _out("Mã mô hình", _of("model__code"), width=12),
        _out("Mô hình", _of("model__name"), width=40),
        _out("Loại mô hình", _of("model__kind__name"), width=32),
        _out("Địa bàn", _of("area"), width=30),
        _out("Nội dung, kết quả", _of("content"), width=60),
        _out("Mức chính xác", _word(Approximation, "approximation"), width=10),
        _out("Lượt người tham gia", _of("participation_count"), Kind.INTEGER, 12),
        _out("Ghi chú", _of("note"), width=30),
    ),
    counted=_counted_entries,
    list_url="models:log_list",
    export_url="models:log_export",
    file_name="hoat-dong-mo-hinh",
    empty="Chưa ghi hoạt động nào của mô hình. Mở một mô hình rồi bấm “Ghi hoạt động”.",
    import_sheet="model-log",
)

# -- kinds -------------------------------------------------------------------------------------------------------------
_KIND_FIELDS = ("id", "name", "place", "theme", "is_in_use", *PRINCIPLE_COLUMNS.values())


def members_by_kind(models) -> dict[int, int]:
    """Members of models by kind, each model as last counted; never counted, of its groups."""
    keys = models.order_by().values("pk")
    counted = ModelStrength._base_manager.filter(member_count__isnull=False).order_by()
    later = counted.filter(model=OuterRef("model"), counted_on__gt=OuterRef("counted_on"))
    latest = counted.filter(~Exists(later), model__in=keys).values("model__kind").annotate(n=Sum("member_count"))
    found = dict(latest.values_list("model__kind", "n"))
    named = ModelGroup._base_manager.filter(
        valid_on(today()), ~Exists(counted.filter(model=OuterRef("model"))), model__in=keys
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
    everything = dict(sites.values("kind").annotate(n=Count("pk")).values_list("kind", "n"))
    counts = dict(running.values("kind").annotate(n=Count("pk")).values_list("kind", "n"))
    people = members_by_kind(running)
    entries = ModelLogEntry._base_manager.filter(model__in=running.values("pk")).order_by()
    taken_part = dict(entries.values_list("model__kind").annotate(n=Sum("participation_count")))
    for row in rows:
        row["all"] = everything.get(row["id"], 0)
        row["running"], row["members"] = counts.get(row["id"], 0), people.get(row["id"])
        row["participations"] = taken_part.get(row["id"])
        row["dia_ban"] = area.pk if area else ""
    found = {row["id"]: row for row in rows}
    return [found[key] for key in keys if key in found]


def kinds_in(area) -> ModelRecordList:
    """The list of kinds with the figures of an area; None is the whole of the officer's."""
    return replace(KINDS, load=partial(load_kinds, area=area)) if area else KINDS


def _principles(row):
    return ", ".join(label.lower() for value, label in PRINCIPLES if row[PRINCIPLE_COLUMNS[value]])


def _kind_name(row):
    before, after = _halves("models:kind_detail")
    link = f'<a href="{before}{row["id"]}{after}">{escape(row["name"])}</a>'
    return link if row["is_in_use"] else f"{link} {row_chip('muted', 'dash-lg', 'Thôi dùng')}"


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
        Column("members", "Thành viên", lambda row: _number(row["members"]), css="number"),
        Column("participations", "Lượt người", lambda row: _number(row["participations"]), css="number"),
    ),
    export=(
        _out("Tên loại mô hình", _of("name"), width=44),
        _out("Lĩnh vực", _word(ModelTheme, "theme"), width=30),
        _out("Nguyên tắc", _principles, width=24),
        _out("Nơi thực hiện", _word(ModelPlace, "place"), width=22),
        _out("Số mô hình (điểm) đang hoạt động", _of("running"), Kind.INTEGER, 14),
        _out("Số mô hình từ trước đến nay", _of("all"), Kind.INTEGER, 14),
        _out("Số thành viên", _of("members"), Kind.INTEGER, 12),
        _out("Lượt người tham gia hoạt động", _of("participations"), Kind.INTEGER, 14),
    ),
    counted=_counted_kinds,
    list_url="models:kind_list",
    export_url="models:kind_export",
    file_name="loai-mo-hinh",
    empty="Chưa có mô hình nào đang hoạt động trong địa bàn của đồng chí.",
    import_sheet="model-kinds",
)

LISTS = (MODELS, LOG, KINDS)
