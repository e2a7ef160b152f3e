"""Where changes came from, told by the app that knows: the line of a file behind an imported record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from movement_portal.audit.models import Change
from movement_portal.jurisdictions.models import Officer


@dataclass(frozen=True, slots=True)
class Source:
    """What a change was taken from: “Dòng 12 của “danh sách.xlsx””, and its page."""

    label: str
    url: str


Loader = Callable[[Sequence[Change], Officer], dict[int, Source]]

_loaders: list[Loader] = []


def register(load: Loader) -> None:
    """Add what knows of sources: answers by key of the change, in a fixed number of queries, only within the officer's
    reach."""
    _loaders.append(load)


def sources_of(changes: Sequence[Change], user: Officer) -> dict[int, Source]:
    """The source of each change that has one, by its key."""
    found: dict[int, Source] = {}
    for load in _loaders:
        found.update(load(changes, user))
    return found
