"""How far a long piece of work has come: who waits for it is told, and may break it off."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

#: Called as ``progress(done, total)`` with rows handled and rows in all, at least every ``STRIDE`` rows, with ``done``
#: never falling and equal to ``total`` at the end. Called outside a transaction while a list is checked and prepared,
#: inside it while records are written. It may raise ``Cancelled``: nothing is then kept.
Progress = Callable[[int, int], None]

#: Rows between two calls at most.
STRIDE = 1_000


class Cancelled(Exception):
    """The officer has called the work off; raised by a ``Progress`` and passed on by whatever called it."""


class Meter:
    """Counts the work on the rows of a list, of which each is looked at in several passes.

    ``progress`` may be None, then nothing is told.
    """

    def __init__(self, progress: Progress | None, rows: int, passes: int = 1):
        self._progress, self._rows, self._passes = progress, rows, passes
        self._looks = self._told = 0

    def add(self, looks: int) -> None:
        """So many rows have been looked at once more."""
        self._looks += looks
        if self._looks - self._told >= STRIDE:
            self._tell(min(self._looks // self._passes, self._rows))

    def over(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, one a row, each counted once it is done."""
        for item in items:
            yield item
            self.add(1)

    def done(self) -> None:
        """All is done."""
        self._tell(self._rows)

    def _tell(self, done: int) -> None:
        self._told = self._looks
        if self._progress is not None:
            self._progress(done, self._rows)
