"""The table of a period: every figure leads to its models."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from models_registry import periods
from models_registry.filters import EVERY, FIGURE, FIGURE_FROM, FIGURE_TO, ModelFilters
from models_registry.models import SelfManagedModel
from models_registry.period_table import LABELS, By, Line, PeriodTable, period_table
from models_registry.tables import MODELS
from models_registry.views.lists import tabs
from movement_portal.jurisdictions.enums import COMMUNE_KINDS
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets.exporting import Listing, send
from movement_portal.spreadsheets.writing import Kind, OutColumn
from units.listing import AREA, day_of

#: Parameters of the address.
GROUP, FIRST, LAST = "theo", "tu", "den"


@dataclass(frozen=True)
class Span:
    """A period that offices report on: its words and its days."""

    label: str
    first: datetime.date
    last: datetime.date


def spans(on: datetime.date) -> list[Span]:
    """Periods of the state's reporting calendar (Nghị định 09/2019/NĐ-CP: a year runs from 15/12 to 14/12)."""
    year = on.year + (on >= datetime.date(on.year, 12, 15))
    start = datetime.date(year - 1, 12, 15)
    return [
        Span(f"Năm {year} (15/12 – 14/12)", start, datetime.date(year, 12, 14)),
        Span(f"6 tháng đầu năm {year}", start, datetime.date(year, 6, 14)),
        Span(f"6 tháng cuối năm {year}", datetime.date(year, 6, 15), datetime.date(year, 12, 14)),
        Span(f"Năm {year - 1} (15/12 – 14/12)", datetime.date(year - 2, 12, 15), datetime.date(year - 1, 12, 14)),
        Span(f"Năm dương lịch {on.year}", datetime.date(on.year, 1, 1), datetime.date(on.year, 12, 31)),
        Span("5 năm qua", datetime.date(year - 5, 12, 15), datetime.date(year, 12, 14)),
    ]


@dataclass(frozen=True)
class Asked:
    """What an address asks of the table."""

    filters: ModelFilters
    by: By
    first: datetime.date
    last: datetime.date

    def query(self, **changes) -> str:
        """The address's query with changes."""
        area = self.filters.area
        told = {
            GROUP: self.by.value,
            FIRST: f"{self.first:%d/%m/%Y}",
            LAST: f"{self.last:%d/%m/%Y}",
            AREA: str(area.pk) if area else "",
        }
        return urlencode({name: value for name, value in (told | changes).items() if value})

    def table(self) -> PeriodTable:
        """The figures, of the models that the officer sees in the area."""
        user = self.filters.user
        rows = SelfManagedModel.objects.visible_to(user)
        area = self.filters.area
        if area:
            rows = rows.within(area)
        return period_table(rows, area or user.jurisdiction, by=self.by, first=self.first, last=self.last)


def _asked(request) -> Asked:
    if not request.user.has_perm(MODELS.permission):
        raise PermissionDenied
    usual = spans(today())[0]
    first = day_of(request.GET.get(FIRST, "")) or usual.first
    last = day_of(request.GET.get(LAST, "")) or usual.last
    by = request.GET.get(GROUP, "")
    first, last = sorted((first, last))
    filters = ModelFilters(request.GET, request.user)
    area = filters.area or request.user.jurisdiction
    # A commune has no areas below it: its lines are the kinds.
    usual_lines = By.KIND if area is not None and area.kind in COMMUNE_KINDS else By.AREA
    return Asked(filters, By(by) if by in set(By) else usual_lines, first, last)


@require_GET
def model_period(request):
    asked = _asked(request)
    table = asked.table()
    context = {
        "table": table,
        "filters": asked.filters,
        "columns": periods.COLUMNS,
        "lines": [(line, _figures(line, asked)) for line in table.lines],
        "total": _figures(table.total, asked),
        "groups": [(label, asked.query(**{GROUP: by.value}), by == asked.by) for by, label in LABELS.items()],
        "group": asked.by.value,
        "group_label": LABELS[asked.by],
        "spans": [
            (
                span.label,
                asked.query(**{FIRST: f"{span.first:%d/%m/%Y}", LAST: f"{span.last:%d/%m/%Y}"}),
                (span.first, span.last) == (asked.first, asked.last),
            )
            for span in spans(today())
        ],
        "tabs": tabs(request.user, "models:model_period"),
        "can_export": request.user.has_perm(MODELS.export_permission),
        "export_query": asked.query(),
    }
    return render(request, "models_registry/period.html", context)


def _figures(line: Line, asked: Asked) -> list[tuple[str, int, str]]:
    """Each figure of a line: the label of its column, the number, the address of its models."""
    address = reverse(MODELS.list_url)
    own = asked.filters.user.jurisdiction
    query = {name: value for name, value in line.query.items() if (name, value) != (AREA, str(own.pk))}
    query |= {"tinh_trang": EVERY, FIGURE_FROM: f"{asked.first:%d/%m/%Y}", FIGURE_TO: f"{asked.last:%d/%m/%Y}"}
    return [
        (column.label, number, f"{address}?{urlencode(query | {FIGURE: column.name})}" if number else "")
        for column, number in zip(periods.COLUMNS, line.figures, strict=True)
    ]


@require_GET
def model_period_export(request, form):
    asked = _asked(request)
    if not request.user.has_perm(MODELS.export_permission):
        raise PermissionDenied
    table = asked.table()
    span = f"{asked.first:%d/%m/%Y} – {asked.last:%d/%m/%Y}"
    listing = Listing(
        title=f"Biến động mô hình theo {mid_sentence(LABELS[asked.by])}",
        stem="bien-dong-mo-hinh",
        columns=[
            OutColumn(LABELS[asked.by], width=40),
            *(OutColumn(column.label, Kind.INTEGER, 14) for column in periods.COLUMNS),
        ],
        rows=[[line.label, *line.figures] for line in (*table.lines, table.total)],
        filters=[("Thuộc địa bàn", table.area.long_name), ("Kỳ", span)],
        about=[("Cách đếm", table.rule)],
    )
    return send(listing, form=form, officer=request.user)
