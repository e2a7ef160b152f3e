"""Timing: medians of repeated calls, and one line for each measure with its anchor of the same run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import connection


@dataclass(frozen=True)
class Measure:
    """One figure: ``value`` in ``unit``; ``ratio`` says how it stands to the ``anchor`` measured in the same run."""

    database: str
    rows: int
    what: str
    value: float
    unit: str
    anchor: str = ""
    ratio: float | None = None
    target: str = ""

    def as_json(self):
        return asdict(self)


def settle() -> None:
    """Leave the database as one that has been in use: statistics taken, and on PostgreSQL rows known to be visible."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def median_ms(call: Callable[[], object], *, repeat: int = 15, warm: int = 2) -> float:
    """Median milliseconds of a call after it has been warmed up."""
    for _ in range(warm):
        call()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def side_by_side(*calls: Callable[[], object], repeat: int = 15, warm: int = 2) -> list[float]:
    """Median milliseconds of each call, taken in turn: what else the machine does weighs on all of them alike."""
    for _ in range(warm):
        for call in calls:
            call()
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(repeat):
        for call, taken in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            taken.append((time.perf_counter() - start) * 1000)
    return [statistics.median(taken) for taken in times]
