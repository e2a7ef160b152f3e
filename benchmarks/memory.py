"""Peak memory of a process and of all that it starts."""

import json
import subprocess
import sys
import time
from pathlib import Path

MEGABYTE = 1024 * 1024
PAUSE = 0.05


def run_measured(module: list[str]) -> tuple[dict, float]:
    """Run ``python -m`` with these words; its JSON answer, and the most megabytes it and its children held together.

    Resident memory, summed: pages that processes share are counted for each of them.
    """
    process = subprocess.Popen([sys.executable, "-m", *module], stdout=subprocess.PIPE)
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        time.sleep(PAUSE)
    answer = process.stdout.read()
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(module)} ended with {process.returncode}")
    return json.loads(answer), peak / MEGABYTE


def resident(pid: int) -> int:
    """Bytes in memory of a process and of its descendants."""
    try:
        own = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    kilobytes = next((int(line.split()[1]) for line in own.splitlines() if line.startswith("VmRSS:")), 0)
    return kilobytes * 1024 + sum(resident(int(child)) for child in children)
