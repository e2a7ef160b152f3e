"""Five hundred and more spoilt workbooks: each is read or refused with a message, and nothing falls over."""

import contextlib
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from movement_portal.spreadsheets import reading
from movement_portal.spreadsheets.intake import read_drafts
from movement_portal.spreadsheets.parsing.limits import MEGABYTE, Limits
from movement_portal.spreadsheets.progress import Meter
from movement_portal.spreadsheets.reading import read_workbook
from movement_portal.spreadsheets.rows import AnswerFile
from movement_portal.spreadsheets.sheet_plans import Plan, plan_sheet
from movement_portal.spreadsheets.sheets import header_test, sheet_for
from movement_portal.spreadsheets.tables import UnreadableFile
from tests.spreadsheets import hostile
from tests.spreadsheets.mutations import FORMATS, TODAY, mutated

pytestmark = pytest.mark.slow

#: Spoilt files of each format: 4 x 135 = 540.
SEEDS = 135
#: Files that one process of the parser reads in turn, and how many seeds of each format have a process of their own.
TOGETHER, ALONE = 45, 5
LIMITS = Limits(memory=512 * MEGABYTE, seconds=20)

#: The parser over several files in turn, bound as it is for one; a file it dies of is the last it names.
SEVERAL = """
import json, sys
from pathlib import Path
from movement_portal.spreadsheets.parsing.__main__ import bind
from movement_portal.spreadsheets.parsing.limits import Limits
from movement_portal.spreadsheets.parsing.parse import parse
limits = Limits(**json.loads(sys.argv[1]))
bind(limits, int(limits.seconds))
for name in sys.argv[2:]:
    print(name, flush=True)
    with open(name + ".answer", "w", encoding="utf-8", newline="") as stream:
        parse(Path(name), limits, stream)
"""


def parsed(paths):
    """Have the files parsed; returns the exit code by file, other than 0 for those the parser died of."""
    codes = dict.fromkeys(paths, 0)
    left = list(paths)
    while left:
        done = subprocess.run(
            [sys.executable, "-P", "-c", SEVERAL, json.dumps(LIMITS.as_dict()), *map(str, left)],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PYTHONPATH": str(settings.BASE_DIR), "LANG": "C.UTF-8"},
            timeout=60,
        )
        if not done.returncode:
            break
        reached = Path(done.stdout.split()[-1])
        codes[reached] = done.returncode
        left = left[left.index(reached) + 1 :]
    return codes


def judge(workbook):
    """Match the columns of each worksheet and read every cell of its rows, as a check would."""
    sheet = sheet_for("units")
    for table in workbook.sheets:
        plan = Plan((plan_sheet(sheet, table),))
        for drafts in read_drafts(sheet, plan, today=TODAY, meter=Meter(None, len(table.rows))):
            for draft in drafts:
                json.dumps(draft.cells)
        numbers = {row.number for row in table.rows}
        assert numbers.isdisjoint(line.number for line in table.skipped if line.last <= line.number)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("part", range(SEEDS // TOGETHER))
def test_spoilt_files_are_read_or_refused(tmp_path, format, part):
    paths = []
    for seed in range(part * TOGETHER, (part + 1) * TOGETHER):
        path = tmp_path / f"{seed}.{format}"
        path.write_bytes(mutated(format, seed))
        paths.append(path)
    codes = parsed(paths)
    read = refused = 0
    for path, code in codes.items():
        # The file stays open as long as rows of large sheets refer to it, and is closed with the last of them.
        answer = AnswerFile(path.with_name(f"{path.name}.answer").open("rb"))
        try:
            workbook = reading._lay_out_all(answer, path.stem, code, header_test(sheet_for("units")), {})
        except UnreadableFile:
            refused += 1
            continue
        judge(workbook)
        read += 1
    assert read + refused == TOGETHER
    assert read, "a spoilt file is not a hopeless one: some must be read"


@pytest.mark.parametrize("format", FORMATS)
def test_each_in_a_process_of_its_own(tmp_path, format):
    """The way a server reads: whatever becomes of the parser, this process gets worksheets or a message."""
    for seed in range(SEEDS, SEEDS + ALONE):
        path = tmp_path / f"{seed}.{format}"
        path.write_bytes(mutated(format, seed))
        with contextlib.suppress(UnreadableFile):
            judge(read_workbook(path, path.name, known_header=header_test(sheet_for("units")), limits=LIMITS))


def test_the_same_seed_spoils_alike():
    assert mutated("csv", 7) == mutated("csv", 7)
    assert mutated("csv", 7) != mutated("csv", 8)


def million_rows():
    """What Excel can hold: a text in each of 1,000,000 rows."""
    rows = (f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>Xã {row}</t></is></c></row>' for row in range(4, 10**6))
    return hostile.package(rows=hostile.LIST + "".join(rows))


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_million_rows_are_refused_within_bounds(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(million_rows() if suffix == "xlsx" else b"T\xc3\xaan;M\xc3\xa3\n" + b"Xa;1\n" * 10**6)
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableFile, match=r"300\.000 dòng"):
        read_workbook(path, path.name, known_header=header_test(sheet_for("units")))
    assert time.monotonic() - began < 40
    # In kilobytes: the server itself takes in next to nothing.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
