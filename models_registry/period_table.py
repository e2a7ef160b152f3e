"""The table of a period: a line for each area, kind or theme, and the figures of all of them counted once.

The rule: in an area counts each model that lies there or in which a unit or body from there takes or took part, once.
A model of several areas stands in the line of each of them and once in the line of the whole: the lines need not add
up to it. Kinds and themes share no model, so their lines do.
"""

import datetime
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce, Substr

from models_registry import periods
from models_registry.enums import ModelTheme
from models_registry.models import ModelKind, ModelMember, SelfManagedModel
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import PATH_DIGITS, path_covers, path_range
from movement_portal.lib.dates import today


class By(enum.StrEnum):
    """What the lines of the table are."""

    AREA = "dia-ban"
    KIND = "loai"
    THEME = "linh-vuc"


LABELS = {By.AREA: "Địa bàn", By.KIND: "Loại mô hình", By.THEME: "Lĩnh vực"}
RULE_OF_AREAS = (
    "Mỗi mô hình đếm một lần trong toàn địa bàn, và một lần ở mỗi địa bàn có đơn vị, cơ quan đã hoặc đang tham gia. "
    "Mô hình liên kết nhiều địa bàn có ở nhiều dòng, nên cộng các dòng có thể lớn hơn dòng toàn địa bàn."
)
RULE_OF_OTHERS = "Mỗi mô hình thuộc một loại nên chỉ ở một dòng; cộng các dòng bằng dòng toàn địa bàn."
RULE_OF_SUMS = (
    "Cuối kỳ = đầu kỳ + xây dựng mới + nhân rộng − thanh loại − giải thể − sáp nhập; củng cố không làm đổi số."
)


@dataclass(frozen=True)
class Line:
    """One line: its label, its figures in the order of ``periods.COLUMNS``, and what the list of models is asked."""

    label: str
    figures: tuple[int, ...]
    query: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not any(self.figures)


@dataclass(frozen=True)
class PeriodTable:
    """The whole table for an area and a period of which both days are part."""

    area: Jurisdiction
    by: By
    first: datetime.date
    last: datetime.date
    lines: list[Line]
    total: Line

    @property
    def rule(self) -> str:
        rule = f"{RULE_OF_AREAS if self.by == By.AREA else RULE_OF_OTHERS} {RULE_OF_SUMS}"
        is_open = self.last > today()
        return f"{rule} Kỳ chưa hết: số cuối kỳ là số đến hôm nay, {today():%d/%m/%Y}." if is_open else rule


def period_table(
    models: QuerySet[SelfManagedModel], area: Jurisdiction, *, by: By, first: datetime.date, last: datetime.date
) -> PeriodTable:
    """The table of the models given, those an officer sees within the area; at most five queries."""
    counts = models.order_by().aggregate(**_counts(first, last))
    query = {"dia_ban": str(area.pk)}
    total = Line(f"Toàn bộ {area.full_name}", _figures(counts), query)
    lines = (_by_area if by == By.AREA else _by_kind if by == By.KIND else _by_theme)(models, area, first, last)
    return PeriodTable(area, by, first, last, [line for line in lines if not line.is_empty], total)


def _counts(first, last, prefix="", key="pk"):
    """The aggregates of all columns, by their place."""
    return {
        f"figure_{place}": Count(key, distinct=bool(prefix), filter=periods.condition(column, first, last, prefix))
        for place, column in enumerate(periods.COLUMNS)
    }


def _figures(row) -> tuple[int, ...]:
    return tuple(row[f"figure_{place}"] for place in range(len(periods.COLUMNS)))


def _by_area(models, area, first, last) -> Iterable[Line]:
    """A line for each area one step below, and one for what lies at the area itself."""
    length = len(area.path) + PATH_DIGITS
    own = models.order_by().annotate(bucket=Substr("jurisdiction__path", 1, length)).values("bucket")
    figures = {row["bucket"]: list(_figures(row)) for row in own.annotate(**_counts(first, last))}
    # Members beside the model's own area: one query tells the other areas in which it counts as well.
    members = (
        ModelMember._base_manager.filter(model__in=models.order_by().values("pk"))
        .annotate(path=Coalesce("unit__jurisdiction__path", "jurisdiction__path"))
        .filter(path_range(area.path, "path"))
        .annotate(bucket=Substr("path", 1, length), home=Substr("model__jurisdiction__path", 1, length))
        .exclude(bucket=F("home"))
        .order_by()
        .values("bucket")
    )
    for row in members.annotate(**_counts(first, last, "model__", "model")):
        there = figures.setdefault(row["bucket"], [0] * len(periods.COLUMNS))
        figures[row["bucket"]] = [one + other for one, other in zip(there, _figures(row), strict=True)]
    inside = {path: counted for path, counted in figures.items() if path_covers(area.path, path)}
    areas = {each.path: each for each in Jurisdiction.objects.filter(path__in=inside).order_by("name_sort", "id")}
    lines = []
    for path, each in areas.items():
        is_here = path == area.path
        query = {"dia_ban": str(each.pk)} | ({"cap": "chinh"} if is_here else {})
        label = f"Ở chính {each.full_name}" if is_here else each.full_name
        lines.append((is_here, Line(label, tuple(inside[path]), query)))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _by_kind(models, area, first, last) -> Iterable[Line]:
    rows = models.order_by().values("kind").annotate(**_counts(first, last))
    found = {row["kind"]: row for row in rows}
    names = ModelKind.objects.filter(pk__in=found).order_by("name_sort", "id").values_list("pk", "name")
    query = {"dia_ban": str(area.pk)}
    return [Line(name, _figures(found[pk]), query | {"loai": str(pk)}) for pk, name in names]


def _by_theme(models, area, first, last) -> Iterable[Line]:
    rows = models.order_by().values("kind__theme").annotate(**_counts(first, last))
    found = {row["kind__theme"]: row for row in rows}
    query = {"dia_ban": str(area.pk)}
    themes: Sequence[ModelTheme] = [theme for theme in ModelTheme if theme.value in found]
    return [Line(theme.label, _figures(found[theme.value]), query | {"linh_vuc": theme.value}) for theme in themes]
