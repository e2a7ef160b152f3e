"""One import from upload to commit: ``python -m benchmarks.one_import FILE OFFICER`` prints its times as JSON."""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

from django.core.files import File  # noqa: E402

from movement_portal.jurisdictions.models import Officer  # noqa: E402
from movement_portal.spreadsheets import workflow  # noqa: E402
from movement_portal.spreadsheets.enums import BatchState  # noqa: E402
from movement_portal.spreadsheets.sheets import sheet_for  # noqa: E402


def run(path: Path, officer: Officer) -> dict:
    """Seconds of each step and the counts of the batch."""
    sheet = sheet_for("units")
    start = time.perf_counter()
    with path.open("rb") as stream:
        batch = workflow.upload(sheet, File(stream, name=path.name), by=officer)
    assert batch.state == BatchState.READ, batch.failure
    read = time.perf_counter()
    batch = workflow.choose(batch.pk, by=officer, mapping=batch.mapping, constants={}, default_area=None)
    checked = time.perf_counter()
    batch = workflow.commit(batch.pk, by=officer)
    assert batch.state == BatchState.COMMITTED, batch.message
    done = time.perf_counter()
    return {
        "read": read - start,
        "check": checked - read,
        "commit": done - checked,
        "total": done - start,
        "counts": batch.counts,
    }


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), Officer.objects.get(username=sys.argv[2]))))
