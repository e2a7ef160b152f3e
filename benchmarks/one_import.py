"""One import from upload to commit: ``python -m benchmarks.one_import FILE OFFICER`` prints its times as JSON."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import django

django.setup()

from django.core.files import File  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.spending import measured  # noqa: E402
from benchmarks.visiting import Visitor  # noqa: E402
from movement_portal.jurisdictions.models import Officer  # noqa: E402
from movement_portal.jurisdictions.places import PlaceIndex  # noqa: E402
from movement_portal.lib.dates import today  # noqa: E402
from movement_portal.spreadsheets import workflow  # noqa: E402
from movement_portal.spreadsheets.enums import BatchState  # noqa: E402
from movement_portal.spreadsheets.sheets import sheet_for  # noqa: E402


def run(path: Path, officer: Officer) -> dict:
    """Seconds of each step, on the clock and of processors, and the counts of the batch.

    The page that previews the rows is opened as an officer opens it; it is no part of the total, for the anchor shows
    no page either.
    """
    sheet = sheet_for("units")
    visitor = Visitor(officer)
    # A server has the areas at hand, and so has a worker.
    PlaceIndex.kept(on=today())
    with measured() as read, path.open("rb") as stream:
        batch = workflow.upload(sheet, File(stream, name=path.name), by=officer)
    assert batch.state == BatchState.READ, batch.failure
    with measured() as checked:
        batch = workflow.choose(batch.pk, by=officer, mapping=batch.mapping, constants={}, default_area=None)
    with measured() as previewed:
        visitor.get(reverse("spreadsheets:import_check", args=[batch.pk]))
    with measured() as committed:
        batch = workflow.commit(batch.pk, by=officer)
    assert batch.state == BatchState.COMMITTED, batch.message
    steps = {
        "read": read,
        "check": checked,
        "preview": previewed,
        "commit": committed,
        "total": read + checked + committed,
    }
    return {**{name: asdict(spent) for name, spent in steps.items()}, "counts": batch.counts}


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), Officer.objects.get(username=sys.argv[2]))))
