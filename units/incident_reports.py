"""Incidents by code and period: every figure is a number of incidents and opens to its rows."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.http import QueryDict
from django.urls import reverse

from movement_portal.lib.dates import day_before, today
from units.enums import IncidentKind
from units.filters.duties import NOT_REJECTED, IncidentFilters
from units.listing import AREA, between

#: Years beside one another.
YEARS = 5
#: Thông tư 124/2021/TT-BCA, Điều 8 khoản 2 điểm b: from 16 November of the year before to 15 November.
EVALUATION_FROM = (11, 16)


@dataclass(frozen=True)
class Span:
    """A column: what it is called, its first and its last day."""

    label: str
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class Figure:
    """A number of incidents in a span, and the list of the rows it is made of."""

    span: str
    value: int
    url: str


@dataclass(frozen=True)
class Line:
    """One code of the circular: its figures by period and in all of them."""

    label: str
    figures: Sequence[Figure]


@dataclass(frozen=True)
class Way:
    """A way to divide time: its word in the address, its label, and what is said of it under the table."""

    name: str
    label: str
    note: str


WAYS = (
    Way("nam-xet", "Năm xét", "Năm xét: từ 16/11 năm trước đến hết 15/11 (Thông tư 124/2021/TT-BCA, Điều 8)."),
    Way("nam", "Năm dương lịch", "Năm: từ 01/01 đến hết 31/12."),
    Way("quy", "Quý trong năm", "Quý theo năm dương lịch."),
    Way("thang", "Tháng trong năm", "Tháng theo năm dương lịch."),
)


def evaluation_year(day: datetime.date) -> int:
    """The year in whose evaluation a day counts (Thông tư 124/2021/TT-BCA, Điều 8 khoản 2 điểm b)."""
    return day.year + (day >= datetime.date(day.year, *EVALUATION_FROM))


def spans_of(way: str, year: int) -> list[Span]:
    """The columns of a way of dividing time: the years up to the one given, or the parts of that year."""
    if way == "nam-xet":
        starts = [datetime.date(number - 1, *EVALUATION_FROM) for number in range(year - YEARS + 1, year + 2)]
        labels = [f"Năm xét {start.year + 1}" for start in starts]
    elif way == "nam":
        starts = [datetime.date(number, 1, 1) for number in range(year - YEARS + 1, year + 2)]
        labels = [f"Năm {start.year}" for start in starts]
    elif way == "quy":
        starts = [*(datetime.date(year, month, 1) for month in (1, 4, 7, 10)), datetime.date(year + 1, 1, 1)]
        labels = [f"Quý {number}" for number in ("I", "II", "III", "IV", "")]
    else:
        starts = [*(datetime.date(year, month, 1) for month in range(1, 13)), datetime.date(year + 1, 1, 1)]
        labels = [f"Tháng {start.month}" for start in starts]
    return [
        Span(label, first, day_before(after)) for label, first, after in zip(labels, starts, starts[1:], strict=False)
    ]


def usual_year(way: str) -> int:
    """The year that a table ends with, or is of, when nobody asks for another."""
    return evaluation_year(today()) if way == "nam-xet" else today().year


def table(filters: IncidentFilters, spans: Sequence[Span]) -> list[Line]:
    """A line for each code and one for all of them, by spans and over all of them; in one query.

    ``filters`` narrow by area, block and conclusion; a figure counts incidents, not rows, on the day they happened.
    """
    whole = Span("Cộng", spans[0].first, spans[-1].last)
    columns = {
        f"span{at}": Sum("incident_count", filter=between("occurred_on")(span.first, span.last), default=0)
        for at, span in enumerate([*spans, whole])
    }
    found = filters.picked.filter(between("occurred_on")(whole.first, whole.last)).order_by()
    rows = {row["kind"]: row for row in found.values("kind").annotate(**columns)}
    spans = [*spans, whole]
    lines = []
    for kind in IncidentKind:
        row = rows.get(kind.value, dict.fromkeys(columns, 0))
        figures = [
            Figure(span.label, row[name], _rows_url(filters, span, kind.value))
            for name, span in zip(columns, spans, strict=True)
        ]
        lines.append(Line(kind.label, figures))
    totals = [
        Figure(span.label, sum(row[name] for row in rows.values()), _rows_url(filters, span))
        for name, span in zip(columns, spans, strict=True)
    ]
    return [*lines, Line("Cộng", totals)]


def _rows_url(filters: IncidentFilters, span: Span, kind: str = "") -> str:
    """The list of the rows behind a figure."""
    query = QueryDict(mutable=True)
    for name in (AREA, "khoi", "ket_luan"):
        if value := filters.params.get(name):
            query[name] = value
    if kind:
        query["loai"] = kind
    query["tu"], query["den"] = f"{span.first:%d/%m/%Y}", f"{span.last:%d/%m/%Y}"
    return f"{reverse('duties:incident_list')}?{query.urlencode(safe='/')}"


def counted_by_default(params: QueryDict) -> QueryDict:
    """What an address asks of the table: without a word on it, what happened or may have."""
    params = params.copy()
    if not params.get("ket_luan"):
        params["ket_luan"] = NOT_REJECTED
    for name in ("loai", "q", "tu", "den"):
        params.pop(name, None)
    return params
