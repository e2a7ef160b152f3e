"""What became of areas, and what they came from: the successions of all times in memory."""

import datetime
import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from movement_portal.jurisdictions.enums import PROVINCE_KINDS, SuccessionKind
from movement_portal.jurisdictions.models import Jurisdiction


class Descent:
    """The areas of all times by key, each with its parent at hand, and the lines between them.

    ``successions`` are predecessor, successor and kind, the earliest first; ``on`` is the day whose areas are answered.
    """

    def __init__(
        self,
        areas: Mapping[int, Jurisdiction],
        successions: Iterable[tuple[int, int, str]],
        *,
        on: datetime.date,
    ):
        self.areas, self.on = areas, on
        self.successors: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        self.origins: dict[int, list[int]] = defaultdict(list)
        for predecessor, successor, kind in successions:
            self.successors[predecessor].append((successor, kind != SuccessionKind.PART_OF))
            self.origins[successor].append(predecessor)
        self.today = functools.cache(self._today)
        self.lineage = functools.cache(self._lineage)
        self.today_in_district = functools.cache(self._today_in_district)

    def province_of(self, area: Jurisdiction) -> int | None:
        """Key of the province that an area lies in, None for one above all provinces."""
        while area is not None and area.kind not in PROVINCE_KINDS:
            area = area.parent
        return area.pk if area else None

    def old_provinces(self, provinces: frozenset[int]) -> set[int]:
        """The provinces and all they came from."""
        return {pk for province in provinces for pk in self.lineage(province)}

    def _lineage(self, pk: int) -> frozenset[int]:
        """An area and all that it came from."""
        return frozenset({pk}).union(*(self.lineage(origin) for origin in self.origins.get(pk, ())))

    def _today(self, pk: int) -> tuple[frozenset[int], bool]:
        """The areas of the day that an area became, and whether the whole of it went into each step."""
        area = self.areas[pk]
        if area.exists_on(self.on):
            return frozenset({pk}), True
        found, whole = set(), True
        for successor, is_whole in self.successors.get(pk, ()):
            after, after_whole = self.today(successor)
            found |= after
            whole = whole and is_whole and after_whole
        return frozenset(found), whole

    def _today_in_district(self, pk: int) -> tuple[frozenset[int], bool]:
        """As ``today`` for a district, most of which ended with the areas in them and had no successor themselves."""
        found, whole = self.today(pk)
        if not found:
            for area in self.areas.values():
                if area.parent_id == pk:
                    after, after_whole = self.today(area.pk)
                    found |= after
                    whole = whole and after_whole
        return found, whole

    def is_current(self, pk: int) -> bool:
        """Whether an area is one of the day."""
        return self.today(pk)[0] == {pk}

    def lies_in_provinces(self, area: Jurisdiction, provinces: frozenset[int]) -> bool:
        """Whether an area lies, lay, or what became of it lies in one of the provinces."""
        related = {self.province_of(self.areas[pk]) for pk in (*self.lineage(area.pk), *self.today(area.pk)[0])}
        return bool(related & provinces)

    def came_from_districts(self, area: Jurisdiction, districts: Collection[int]) -> bool:
        """Whether an area, or one that it came from, lay in one of the districts."""
        return any(self.areas[pk].parent_id in districts for pk in self.lineage(area.pk))
