"""Transactions that stand or fall as a whole.

A write of tracked records sets a mark in its transaction to go back to, should it fail, and writes its history at once.
Where whatever fails makes the whole fail, nobody goes back to a mark: inside ``whole`` none is set, and the history of
everything written there is written together at its end. A caller may set a mark of its own inside (``atomic``): what
has been written since it was set goes with it, and has no history.
"""

import contextlib
import contextvars
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, transaction

from movement_portal.lib.acts import Act, current_act, resumed

#: Changes that are kept in memory until they are written.
MOST = 20_000

Write = Callable[[Sequence[Any]], None]


@dataclass(eq=False)
class Stands:
    """Something written after a mark: gone back to, Django forgets what it was to call when the transaction ends."""

    connection: Any

    def __call__(self) -> None:
        """Nothing is left to do when the transaction ends."""

    def is_so(self) -> bool:
        """Whether nobody has gone back to the mark."""
        return any(call is self for _, call, *_ in self.connection.run_on_commit)


@dataclass
class Kept:
    """Changes that are still to be written, under the act that made them."""

    doing: Act | None
    write: Write
    stands: Stands | None
    changes: list[Any] = field(default_factory=list)


class Whole:
    """What one such transaction has still to write, and what it has written once and for all."""

    def __init__(self, using: str):
        self._connection = connections[using]
        self._marks = self._open_marks()
        self._kept: list[Kept] = []
        self._count = 0
        #: Names of what stands in the database for as long as the transaction does.
        self.done: set[Hashable] = set()

    def _open_marks(self) -> list[str]:
        return [mark for mark in self._connection.savepoint_ids if mark]

    @property
    def is_undivided(self) -> bool:
        """Whether what is written now stays or goes with all the rest."""
        return self._open_marks() == self._marks

    def keep(self, changes: Sequence[Any], write: Write) -> None:
        """Have changes written at the end, under the act that is under way now."""
        doing, last = current_act(), self._kept[-1] if self._kept else None
        if not self.is_undivided:
            stands = Stands(self._connection)
            transaction.on_commit(stands, using=self._connection.alias)
            self._kept.append(last := Kept(doing, write, stands))
        elif last is None or last.doing is not doing or last.write != write or last.stands:
            self._kept.append(last := Kept(doing, write, None))
        last.changes.extend(changes)
        self._count += len(changes)
        if self._count >= MOST and self.is_undivided:
            self.write()

    def write(self) -> None:
        """Write what was kept and stands, in the order in which it came."""
        kept, self._kept, self._count = self._kept, [], 0
        for each in kept:
            if each.stands is None or each.stands.is_so():
                with resumed(each.doing):
                    each.write(each.changes)


_whole: contextvars.ContextVar[Whole | None] = contextvars.ContextVar("whole", default=None)


def undivided() -> Whole | None:
    """The whole under way, unless a mark set inside it may still be gone back to."""
    found = _whole.get()
    return found if found is not None and found.is_undivided else None


@contextlib.contextmanager
def whole(*, using: str) -> Iterator[None]:
    """A transaction whose every part fails with it; one inside another is part of it."""
    if _whole.get() is not None:
        with marked(using=using):
            yield
        return
    with transaction.atomic(using=using):
        begun = Whole(using)
        token = _whole.set(begun)
        try:
            yield
            begun.write()
        finally:
            _whole.reset(token)


def marked(*, using: str) -> contextlib.AbstractContextManager:
    """A transaction for one write: with a mark of its own but where it stands or falls with a whole."""
    return transaction.atomic(using=using, savepoint=undivided() is None)


def record(changes: Sequence[Any], write: Write) -> None:
    """Write changes now, or with the whole that they are part of."""
    found = _whole.get()
    if found is None:
        write(changes)
    else:
        found.keep(changes, write)
