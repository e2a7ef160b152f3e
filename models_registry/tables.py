"""Columns of the lists of models and of their activities: on the page and in exports."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape

from django.db.models import Count, Sum

from models_registry.enums import ModelGrade, ModelStatus, ModelTheme
from models_registry.filters import (
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
)
from movement_portal.jurisdictions.scoping import path_covers
from movement_portal.lib.dates import today, valid_on
from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from movement_portal.templatetags.portal import icon_use, row_chip
from units.enums import Approximation
from units.listing import between
from units.tables.records import (
    RecordList,
    day_text,
    in_order,
    out_column,
    record_link,
    unit_link,
    with_areas,
    word_of,
)

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
    return added({row["approximation"]: row["n"] for row in rows.annotate(n=Sum("participation_count"))})


def added(found: Mapping[str, int]) -> Participations:
    """Sums by how exact their numbers are, as one."""
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


# -- cells -------------------------------------------------------------------------------------------------------------
def model_link(key, text) -> str:
    """A model's name, linked to its page."""
    return record_link("models:model_detail", key, text)


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
    told = day_text(row["last_active_on"])
    if row["status"] != ModelStatus.ACTIVE or row["launched_on"] >= row["quiet_since"]:
        return told
    if row["last_active_on"] and row["last_active_on"] >= row["quiet_since"]:
        return told
    return row_chip("warn", "hourglass-split", told or "Chưa có")


def _grade(row):
    if not row["grade"]:
        return ""
    kind, icon = GRADE_LOOKS[row["grade"]]
    return row_chip(kind, icon, f"{ModelGrade(row['grade']).label} {row['graded']}")


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
    since = quiet_since()
    for row in rows:
        row["graded"], row["grade"] = ratings.get(row["id"], (None, ""))
        row["recognised"] = row["id"] in recognised
        row["others"] = members.get(row["id"], 0)
        row["participations"] = taken_part.get(row["id"])
        row["sees_lead"] = path_covers(own.path, row["jurisdiction__path"])
        row["quiet_since"] = since
    return in_order(with_areas(rows, own, "jurisdiction_id"), keys)


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
        Column("launched_on", "Ra mắt", lambda row: day_text(row["launched_on"]), sort="ra_mat"),
        Column("member_count", "Thành viên", lambda row: number(row["member_count"]), css="number"),
        Column("last_active_on", "Hoạt động cuối", _last_active, sort="hoat_dong"),
        Column("grade", "Xếp loại", _grade),
        Column("status", "Tình trạng", lambda row: status_chip(row["status"])),
    ),
    export=(
        out_column("Mã mô hình", "code", width=12),
        out_column("Tên mô hình", "name", width=40),
        out_column("Loại mô hình", "kind__name", width=32),
        out_column("Lĩnh vực", word_of(ModelTheme, "kind__theme"), width=24),
        out_column("Mã đơn vị chủ trì", _lead_code, width=12),
        out_column("Nơi chủ trì", _lead_text, width=40),
        out_column("Địa bàn", "area", width=30),
        out_column("Nơi thực hiện", "place", width=28),
        out_column("Số quyết định thành lập", "decision_number"),
        out_column("Ngày quyết định", "decision_on", Kind.DATE),
        out_column("Ngày ra mắt", "launched_on", Kind.DATE),
        out_column("Số tổ", "group_count", Kind.INTEGER, 8),
        out_column("Số thành viên", "member_count", Kind.INTEGER, 10),
        out_column("Đơn vị, cơ quan cùng tham gia", "others", Kind.INTEGER, 12),
        out_column("Lượt người tham gia hoạt động", "participations", Kind.INTEGER, 12),
        out_column("Hoạt động gần nhất", "last_active_on", Kind.DATE),
        out_column("Trưởng mô hình", "head_name", width=24),
        out_column("Điện thoại trưởng mô hình", "head_phone", width=16),
        out_column("Năm xếp loại gần nhất", "graded", width=10),
        out_column("Xếp loại", word_of(ModelGrade, "grade"), width=12),
        out_column("Điển hình tiên tiến", lambda row: "Có" if row["recognised"] else "", width=10),
        out_column("Tình trạng", word_of(ModelStatus, "status"), width=14),
        out_column("Ngày kết thúc", "ended_on", Kind.DATE),
    ),
    counted=_counted_models,
    list_url="models:model_list",
    export_url="models:model_export",
    file_name="mo-hinh",
    empty="Chưa ghi mô hình nào trong địa bàn của đồng chí.",
    import_sheet="models",
    add_label="Thêm mô hình",
    add_url="models:model_add",
)


def number(value):
    return "" if value is None else written(value)


# -- activities --------------------------------------------------------------------------------------------------------
_LOG_FIELDS = (
    "id", "held_on", "content", "participation_count", "approximation", "note", "model_id", "model__code",
    "model__name", "model__kind__name", "model__jurisdiction_id",
)  # fmt: skip


def load_entries(entries, keys, own):
    """Rows of log entries with the model each is of."""
    rows = list(entries.filter(pk__in=keys).order_by().values(*_LOG_FIELDS))
    return in_order(with_areas(rows, own, "model__jurisdiction_id"), keys)


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
        Column("held_on", "Ngày", lambda row: day_text(row["held_on"]), sort="ngay"),
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
        out_column("Ngày", "held_on", Kind.DATE),
        out_column("Mã mô hình", "model__code", width=12),
        out_column("Mô hình", "model__name", width=40),
        out_column("Loại mô hình", "model__kind__name", width=32),
        out_column("Địa bàn", "area", width=30),
        out_column("Nội dung, kết quả", "content", width=60),
        out_column("Mức chính xác", word_of(Approximation, "approximation"), width=10),
        out_column("Lượt người tham gia", "participation_count", Kind.INTEGER, 12),
        out_column("Ghi chú", "note", width=30),
    ),
    counted=_counted_entries,
    list_url="models:log_list",
    export_url="models:log_export",
    file_name="hoat-dong-mo-hinh",
    empty="Chưa ghi hoạt động nào của mô hình. Mở một mô hình rồi bấm “Ghi hoạt động”.",
    import_sheet="model-log",
)
