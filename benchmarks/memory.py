"""Peak memory of a process and of all that it starts."""

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.spending import server_leader, server_processes

MEGABYTE = 1024 * 1024
PAUSE = 0.05


def run_measured(module: list[str]) -> tuple[dict, float]:
    """Run ``python -m`` with these words; its JSON answer, and the most megabytes that all processes held together.

    Of it and its children all resident memory, pages that they share counted for each; of the server of the database
    what its processes have for themselves, without the buffers that all of them share.
    """
    leader = server_leader()
    process = subprocess.Popen([sys.executable, "-m", *module], stdout=subprocess.PIPE)
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident(process.pid) + sum(_bytes(pid, "RssAnon:") for pid in server_processes(leader)))
        time.sleep(PAUSE)
    answer = process.stdout.read()
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(module)} ended with {process.returncode}")
    return json.loads(answer), peak / MEGABYTE


def resident(pid: int) -> int:
    """Bytes in memory of a process and of its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return _bytes(pid, "VmRSS:") + sum(resident(int(child)) for child in children)


def _bytes(pid: int, what: str) -> int:
    """One figure of the memory of a process; 0 when it has ended."""
    try:
        told = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in told.splitlines() if line.startswith(what)), 0) * 1024
