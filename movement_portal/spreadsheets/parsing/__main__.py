"""The process that parses an upload: it binds itself first, then reads, and answers on its standard output.

Run by ``reading.py`` as ``python -m movement_portal.spreadsheets.parsing PATH LIMITS``; knows no Django.
"""

import json
import resource
import signal
import sys
from pathlib import Path

from movement_portal.spreadsheets.parsing.limits import Limits
from movement_portal.spreadsheets.parsing.parse import parse


def main(path: Path, limits: Limits) -> None:
    """Read the file and write the answer; a way out that is none of ours leaves the answer without its last line."""
    bind(limits, limits.seconds_for(path.stat().st_size))
    with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as stream:
        parse(path, limits, stream)


def bind(limits: Limits, seconds: int) -> None:
    """Bound memory, time, and what may be written; leave nothing behind when dying."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (int(limits.memory), int(limits.memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limits.answer), int(limits.answer)))
    # The parent watches the clock as well; this one holds when the parent is gone.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds + 5)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Limits(**json.loads(sys.argv[2])))
