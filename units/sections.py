"""Sections of a unit's page: each app adds its own when it starts, so that lower apps need not know the upper ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from movement_portal.jurisdictions.models import Officer
from units.models import Unit


@dataclass(frozen=True)
class Section:
    """One section: ``load(unit, user)`` gives what its template needs, ``count`` among it shown beside the title.

    None instead of a dict leaves the section out of the page. Queries of ``load`` may not grow with its rows.
    """

    slug: str
    title: str
    template: str
    load: Callable[[Unit, Officer], dict[str, Any] | None]
    order: int = 100


@dataclass(frozen=True)
class LoadedSection:
    """A section as one page shows it; its template finds the values under ``data``."""

    slug: str
    title: str
    template: str
    data: dict[str, Any]

    @property
    def count(self) -> int | None:
        return self.data.get("count")


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a section to every unit's page; the same slug again takes the place of the first."""
    _sections[section.slug] = section


def sections_of(unit: Unit, user: Officer) -> list[LoadedSection]:
    """Sections of one unit for one officer, in their order."""
    loaded = []
    for section in sorted(_sections.values(), key=lambda section: section.order):
        data = section.load(unit, user)
        if data is not None:
            loaded.append(LoadedSection(section.slug, section.title, section.template, data))
    return loaded
