"""The import end to end against a plain ModelResource of django-import-export, and its growth with the list."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, models

from benchmarks import one_import, plain_import
from benchmarks.filling import officers
from benchmarks.harness import Measure
from benchmarks.lists import write_workbook
from benchmarks.memory import run_measured
from benchmarks.spending import Spent, measured
from units.models import Headcount, Placement, StatusChange, Unit

TARGET = 40
#: Rows of the comparison, rows that the anchor is measured with, and rows of the lists whose growth is looked at.
ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", "10000"))
ANCHOR_ROWS = int(os.environ.get("BENCH_IMPORT_ANCHOR_ROWS", ROWS))
LARGE = [int(size) for size in os.environ.get("BENCH_IMPORT_LARGE", "1000 10000 100000 300000").split()]
#: What a list of 100,000 rows may take.
LARGE_ROWS, LARGE_SECONDS, LARGE_MEGABYTES = 100_000, 60, 600


def run(sizes: list[int]) -> Iterator[Measure]:
    """Measures of the import; the register is emptied of units before each list."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _against_plain(Path(folder))
        yield from _growth(Path(folder))


def empty_register() -> None:
    """Remove every unit without history: what is measured begins with none."""
    models.QuerySet(Unit).update(parent=None, merged_into=None)
    for model in (Headcount, Placement, StatusChange, Unit):
        rows = models.QuerySet(model)
        rows._raw_delete(rows.db)
    with connection.cursor() as cursor:
        # PostgreSQL would clear away what is left while something is measured.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _against_plain(folder: Path) -> Iterator[Measure]:
    officer = officers()["country"]
    files = {
        "new": write_workbook(folder / "new.xlsx", ROWS),
        "update": write_workbook(folder / "update.xlsx", ROWS, changed=True),
    }
    anchor_files, scaled = files, ""
    if ANCHOR_ROWS < ROWS:
        scaled = f" ({ANCHOR_ROWS:,} rows, scaled)"
        anchor_files = {
            "new": write_workbook(folder / "anchor-new.xlsx", ANCHOR_ROWS),
            "update": write_workbook(folder / "anchor-update.xlsx", ANCHOR_ROWS, changed=True),
        }
        yield _linearity(folder)
    empty_register()
    anchors = {}
    for what, path in anchor_files.items():
        with measured() as spent:
            plain_import.import_as_admin(path)
        anchors[what] = spent * (ROWS / ANCHOR_ROWS)
        yield from _both(ROWS, f"plain ModelResource, {what}{scaled}", anchors[what])
    empty_register()
    for what, path in files.items():
        times = one_import.run(path, officer)
        for step in ("read", "check", "commit"):
            yield from _both(ROWS, f"import, {what}: {step}", Spent(**times[step]))
        total = Spent(**times["total"])
        yield from _both(ROWS, f"import, {what}: end to end", total, against=anchors[what], target=f">= {TARGET}x")


def _linearity(folder: Path) -> Measure:
    """How the time per row of the anchor grows from half the rows to all that it is measured with."""
    per_row = []
    for count in (ANCHOR_ROWS // 2, ANCHOR_ROWS):
        path = write_workbook(folder / f"linear-{count}.xlsx", count)
        empty_register()
        with measured() as spent:
            plain_import.import_as_admin(path)
        per_row.append(spent.processor / count * 1000)
    return Measure(
        connection.vendor,
        ANCHOR_ROWS,
        "plain ModelResource, milliseconds of processors a row",
        per_row[1],
        "ms",
        anchor="half the rows",
        ratio=per_row[1] / per_row[0],
        target="about 1: linear",
    )


def _growth(folder: Path) -> Iterator[Measure]:
    """Lists of growing length, each imported by a process of its own whose memory is watched."""
    officers()
    first: dict[str, float] = {}
    for count in LARGE:
        path = write_workbook(folder / f"large-{count}.xlsx", count)
        empty_register()
        times, megabytes = run_measured(["benchmarks.one_import", str(path), "bench.country"])
        path.unlink()
        spent = {step: Spent(**times[step]) for step in ("read", "check", "preview", "commit", "total")}
        limit = f"< {LARGE_SECONDS} s" if count == LARGE_ROWS else ""
        room = f"< {LARGE_MEGABYTES} MB" if count == LARGE_ROWS else ""
        shown = spent["read"] + spent["check"] + spent["preview"]
        yield from _both(count, "list of 15 columns: read, checked, previewed", shown, target=limit)
        yield from _both(count, "list of 15 columns: committed", spent["commit"], target=limit)
        yield Measure(
            connection.vendor, count, "list of 15 columns: memory of all processes", megabytes, "MB", target=room
        )
        for step in ("read", "check", "commit", "total"):
            yield _per_row(count, step, spent[step], first)


def _per_row(count: int, step: str, spent: Spent, first: dict[str, float]) -> Measure:
    """What a row costs in one step, against what it costs in the shortest list."""
    now = spent.processor / count * 1000
    return Measure(
        connection.vendor,
        count,
        f"list of 15 columns, {step}: milliseconds of processors a row",
        now,
        "ms",
        anchor=f"{LARGE[0]:,} rows",
        ratio=now / first.setdefault(step, now),
        target="about 1: flat" if step == "total" else "",
    )


def _both(rows: int, what: str, spent: Spent, *, against: Spent | None = None, target: str = "") -> Iterator[Measure]:
    """Seconds on the clock and of processors, each against the anchor where there is one."""
    for clock, name in (("clock", "s"), ("processor", "s CPU")):
        ratio = getattr(against, clock) / getattr(spent, clock) if against else None
        anchor = "plain ModelResource" if against else ""
        yield Measure(connection.vendor, rows, what, getattr(spent, clock), name, anchor, ratio, target)
