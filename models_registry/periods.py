"""What became of the models in a period: at its start, newly built, replicated, strengthened, ended, at its end.

The rule: a model counts from the day it was launched until the day it ended; it counts once, however many areas it
spans. At the end = at the start + newly built + replicated - ended (Hải Phòng's report columns, domain 5.2).
"""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from models_registry.enums import ModelStatus, ModelStepKind
from models_registry.models import ModelStep, SelfManagedModel


@dataclass(frozen=True)
class Column:
    """One figure of the table; ``rows`` picks the models behind it."""

    name: str
    label: str
    #: +1 adds to the figure at the end, -1 takes away, 0 stands beside.
    sign: int


START = Column("dau-ky", "Đầu kỳ", 1)
NEW = Column("xay-dung-moi", "Xây dựng mới", 1)
REPLICATED = Column("nhan-rong", "Nhân rộng", 1)
STRENGTHENED = Column("cung-co", "Củng cố", 0)
RETIRED = Column("thanh-loai", "Thanh loại", -1)
DISSOLVED = Column("giai-the", "Giải thể", -1)
MERGED = Column("sap-nhap", "Sáp nhập", -1)
END = Column("cuoi-ky", "Cuối kỳ", 0)

COLUMNS = (START, NEW, REPLICATED, STRENGTHENED, RETIRED, DISSOLVED, MERGED, END)
BY_NAME = {column.name: column for column in COLUMNS}
ENDINGS = {RETIRED: ModelStatus.RETIRED, DISSOLVED: ModelStatus.DISSOLVED, MERGED: ModelStatus.MERGED}


def condition(column: Column, first: datetime.date, last: datetime.date, prefix: str = "") -> Q:
    """The models of one figure for a period that includes both days; ``prefix`` leads to the model (“model__”)."""
    found = _own_condition(column, first, last)
    return _prefixed(found, prefix) if prefix else found


def _prefixed(found: Q, prefix: str) -> Q:
    """The same condition seen from a row of the model."""
    children = [
        _prefixed(child, prefix) if isinstance(child, Q) else (f"{prefix}{child[0]}", child[1])
        for child in found.children
    ]
    return Q(*children, _connector=found.connector, _negated=found.negated)


def _own_condition(column: Column, first: datetime.date, last: datetime.date) -> Q:
    launched = Q(launched_on__gte=first, launched_on__lte=last)
    if column is START:
        return Q(launched_on__lt=first) & (Q(ended_on__isnull=True) | Q(ended_on__gte=first))
    if column is NEW:
        return launched & Q(replicated_from__isnull=True)
    if column is REPLICATED:
        return launched & Q(replicated_from__isnull=False)
    if column is STRENGTHENED:
        steps = ModelStep._base_manager.filter(
            kind=ModelStepKind.STRENGTHEN, effective_on__gte=first, effective_on__lte=last
        )
        return Q(pk__in=steps.values("model"))
    if column in ENDINGS:
        return Q(status=ENDINGS[column], launched_on__isnull=False, ended_on__gte=first, ended_on__lte=last)
    return Q(launched_on__lte=last) & (Q(ended_on__isnull=True) | Q(ended_on__gt=last))


def rows_of(
    models: QuerySet[SelfManagedModel], column: Column, first: datetime.date, last: datetime.date
) -> QuerySet[SelfManagedModel]:
    """The models behind one figure, out of those given (already within the officer's reach)."""
    return models.filter(condition(column, first, last))
