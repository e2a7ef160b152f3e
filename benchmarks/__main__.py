"""Runs every benchmark on the database of the settings: ``python -m benchmarks RESULT.json [NAME...]``."""

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks import activities, doubles, duties, guards, imports, killing, models, register  # noqa: E402

BENCHMARKS = {
    "register": register.run,
    "imports": imports.run,
    "killing": killing.run,
    "duties": duties.run,
    "guards": guards.run,
    "activities": activities.run,
    "models": models.run,
    "doubles": doubles.run,
}


def main(result, names):
    call_command("migrate", verbosity=0)
    call_command("sync_functions", verbosity=0)
    call_command("load_territory", verbosity=0)
    call_command("load_reference", verbosity=0)
    sizes = sorted(int(size) for size in os.environ.get("BENCH_SIZES", "1727 100000 1000000").split())
    measures = []
    for name, run in BENCHMARKS.items():
        if not names or name in names:
            measures.extend(run(sizes))
    Path(result).write_text(json.dumps([measure.as_json() for measure in measures]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
