"""What a piece of work costs: seconds on the clock, and seconds of processors in every process that took part."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")
#: Places in /proc/PID/stat behind the name of the process: parent, and processor time of itself and of ended children.
_PARENT, _TIMES = 1, slice(11, 15)


@dataclass
class Spent:
    """Seconds of one piece of work; both are 0 until it has ended."""

    clock: float = 0.0
    processor: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.clock + other.clock, self.processor + other.processor)

    def __mul__(self, factor: float) -> "Spent":
        return Spent(self.clock * factor, self.processor * factor)


@contextmanager
def measured() -> Iterator[Spent]:
    """Seconds of what happens inside, with the processes that it starts and waits for, and the server of the database.

    The server is counted whole: nobody else may use it meanwhile. On a machine that does other work the processor
    time says more than the clock.
    """
    server = _Server(server_leader())
    spent = Spent()
    clock, processor = time.perf_counter(), own_processor()
    yield spent
    spent.clock = time.perf_counter() - clock
    spent.processor = own_processor() - processor + server.since_start()


def own_processor() -> float:
    """Seconds of processors that this process and its ended children have used."""
    return sum(os.times()[:4])


class _Server:
    """The processes of a PostgreSQL server on this machine; of any other database there are none."""

    def __init__(self, leader: int | None):
        self._leader = leader
        self._at_start = self._processor()

    def since_start(self) -> float:
        """Seconds of processors that they have used since."""
        return self._processor() - self._at_start

    def _processor(self) -> float:
        return sum(map(_ticks, server_processes(self._leader))) / _TICKS


def server_leader() -> int | None:
    """The first process of the PostgreSQL server on this machine; None for any other database."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int(_stat(backend)[_PARENT])


def server_processes(leader: int | None) -> list[int]:
    """All processes of the server by now."""
    return [] if leader is None else [leader, *_children(leader)]


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()


def _ticks(pid: int) -> int:
    try:
        return sum(map(int, _stat(pid)[_TIMES]))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
