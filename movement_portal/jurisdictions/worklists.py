"""What waits for an officer: each app adds its own lines to the first page when it starts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from movement_portal.jurisdictions.models import Officer

#: Counting stops here: the page says “hơn 10.000”.
CAP = 10_001


@dataclass(frozen=True)
class Work:
    """One line of the work-list: so many of something, the page where it is done, and what to do there."""

    label: str
    count: int
    url: str
    icon: str
    hint: str = ""
    #: Waiting has its cost: shown before the rest and in the colour of what is due.
    is_due: bool = False


_sources: dict[str, tuple[int, Callable[[Officer], Iterable[Work]]]] = {}


def register(slug: str, load: Callable[[Officer], Iterable[Work]], *, order: int = 100) -> None:
    """Add a source of work; ``load`` asks no more queries however much waits, and answers only for the officer."""
    _sources[slug] = (order, load)


def waiting(rows: QuerySet) -> int:
    """How many rows wait, counted up to ``CAP`` in no order."""
    return rows.order_by()[:CAP].count()


def work_of(user: Officer) -> list[Work]:
    """Everything that waits for the officer, what is due first; lines with nothing to do are left out."""
    found = [work for _, load in sorted(_sources.values(), key=lambda source: source[0]) for work in load(user)]
    return sorted((work for work in found if work.count), key=lambda work: not work.is_due)
