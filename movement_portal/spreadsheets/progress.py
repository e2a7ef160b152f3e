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
    """Counts work of several passes over the same rows: each pass is a share of the whole.

    ``shares`` say how long the passes take beside one another; ``progress`` may be None, then nothing is told.
    """

    def __init__(self, progress: Progress | None, rows: int, shares: tuple[int, ...] = (1,)):
        self._progress, self._rows = progress, rows
        self._whole = sum(shares)
        self._shares = iter(shares)
        self._before = self._share = self._told = 0

    def next_pass(self) -> None:
        """Begin the next share of the work, the one before being done."""
        self._before += self._share
        self._share = next(self._shares)
        self.tell(0)

    def tell(self, rows: int) -> None:
        """So many rows of this pass are done."""
        if self._progress is not None:
            done = (self._before * self._rows + self._share * min(rows, self._rows)) // self._whole
            self._told = max(self._told, done)
            self._progress(self._told, self._rows)

    def done(self) -> None:
        """All is done."""
        if self._progress is not None:
            self._progress(self._rows, self._rows)

    def over(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, one a row, as a pass of its own that tells every ``STRIDE`` rows."""
        self.next_pass()
        for count, item in enumerate(items):
            if count and count % STRIDE == 0:
                self.tell(count)
            yield item
        self.tell(self._rows)
