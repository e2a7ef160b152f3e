"""From a place as people write it to an area: codes, names, abbreviations, old names, tails of addresses.

Nothing is guessed: what fits several areas answers with candidates, what fits none is unknown. Old names lead to the
areas of the day through the successions, when the whole of the old area went into one.
"""

import copy
import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, Max, Sum, Value

from movement_portal.jurisdictions.descent import Descent
from movement_portal.jurisdictions.enums import (
    COMMUNE_KINDS,
    DISTRICT_KINDS,
    PROVINCE_KINDS,
)
from movement_portal.jurisdictions.models import Jurisdiction, Succession
from movement_portal.jurisdictions.place_answers import (
    UNKNOWN,
    Context,
    How,
    PlaceMatch,
    Reading,
    fitting,
    in_order,
    of_kind,
)
from movement_portal.jurisdictions.place_names import (
    COUNTRY_WORDS,
    DISTRICT_ALIASES,
    LONGEST_NAME,
    PROVINCE_ALIASES,
    Gap,
    Word,
    agrees,
    exactly,
    initials,
    is_plain,
    key,
    kind_before,
    spellings,
    words_of,
)
from movement_portal.jurisdictions.scoping import covers

#: “Phường A và Phường B”; “xã A, nay là xã B”.
_AND, _TODAY = spellings("và")[0], spellings("nay")[0]
#: What an area is today, by its key: areas, and whether the whole of it went into them.
Today = Callable[[int], tuple[frozenset[int], bool]]

_CODE = re.compile(r"0*(\d{1,5})(?:\.0)?")
COMMUNE_DIGITS = 5
#: First letters that may stand for a name, at least.
MIN_INITIALS = 2


#: The index that this process keeps, and the state of the territory it is of.
_kept: dict[str, Any] = {}


def _stamp() -> tuple:
    """What changes with every write of an area or a succession: rows, last key, and versions together, of both."""
    told = {"rows": Count("pk"), "last": Max("pk"), "versions": Sum("version")}
    areas, successions = (
        model._base_manager.order_by().annotate(table=Value(model._meta.model_name)).values("table").annotate(**told)
        for model in (Jurisdiction, Succession)
    )
    return tuple(sorted(areas.union(successions, all=True).values_list("table", *told)))


class PlaceIndex:
    """All areas of all times in memory, to be asked many times; ``load`` takes two queries.

    ``on`` is the day whose areas are answered, ``within`` the area outside of which no answer lies.
    """

    def __init__(self, areas: Iterable[Jurisdiction], successions, *, on: datetime.date, within=None):
        self.on, self.within = on, within
        self.areas = {area.pk: area for area in areas}
        self.words: dict[int, list[Word]] = {}
        self.by_key: dict[str, list[Jurisdiction]] = defaultdict(list)
        self.by_code: dict[str, list[Jurisdiction]] = defaultdict(list)
        names: dict[str, list[Word]] = {}
        parent = Jurisdiction._meta.get_field("parent")
        for area in self.areas.values():
            if area.parent_id:
                parent.set_cached_value(area, self.areas[area.parent_id])
            if (words := names.get(area.name)) is None:
                words = names[area.name] = words_of(area.name)
            self.words[area.pk] = words
            self.by_key[key(self.words[area.pk])].append(area)
            self.by_code[area.code].append(area)
        for alias, name in PROVINCE_ALIASES.items():
            self.by_key[alias].extend(area for area in self.by_key[name] if area.kind in PROVINCE_KINDS)
        self.descent = Descent(self.areas, successions, on=on)
        #: Areas above the communes by the first letters of their names; looked up only where a text asks for it.
        self._by_initials: dict[str, list[Jurisdiction]] | None = None
        self._reads_initials = False

    @classmethod
    def load(cls, *, on: datetime.date, within: Jurisdiction | None = None) -> "PlaceIndex":
        """The index of all areas, answering with those of the day ``on``."""
        successions = Succession.objects.order_by("effective_on").values_list("predecessor_id", "successor_id", "kind")
        return cls(Jurisdiction.objects.order_by("path"), successions, on=on, within=within)

    @classmethod
    def kept(cls, *, on: datetime.date) -> "PlaceIndex":
        """As ``load``, over the whole country, kept in this process until an area or a succession changes."""
        stamp = (on, *_stamp())
        if _kept.get("stamp") != stamp:
            _kept.update(stamp=stamp, index=cls.load(on=on))
        return _kept["index"]

    def seen_from(self, area: Jurisdiction) -> "PlaceIndex":
        """The same index, answering with nothing outside the area; it shares what it knows with this one."""
        index = copy.copy(self)
        index.within = area
        return index

    @staticmethod
    def forget() -> None:
        """Drop the index that is kept."""
        _kept.clear()

    def resolve(self, text: str, *, province: str = "", district: str = "") -> PlaceMatch:
        """The area of a cell: a code, or a name with or without its kind and the places above it.

        ``province`` and ``district`` are what other cells say; one that is written and not known leaves the place
        unknown. Without a district the areas of today are meant before old ones of the same name.
        """
        context = self._context(province, district)
        if context is None or not text.strip():
            return UNKNOWN
        if match := _CODE.fullmatch(text.strip()):
            return self._by_code(text.strip().removesuffix(".0"), match[1], context)
        words = self._without_country(words_of(text))
        found = self._cell(words, context)
        return self._bounded(found, context) if found.how == How.UNKNOWN else found

    def find_in_address(self, address: str) -> PlaceMatch:
        """The commune that the end of an address names, with its district and province as far as they are written.

        A name without its kind counts only when it fills the stretch between two commas.
        """
        words = self._without_country(words_of(address))
        context, end = self._tail(words, Context())
        reading = self._last(words, end, COMMUNE_KINDS)
        if reading is None or (reading.kinds is None and not context.is_known):
            return self._bounded(UNKNOWN, context)
        found = self._commune(reading, context, current_first=context.provinces is not None)
        return self._bounded(found, context) if found.how == How.UNKNOWN else found

    def resolve_shortened(self, text: str, *, province: str = "", district: str = "") -> PlaceMatch:
        """As ``resolve``, where a city, district, town or province may be shortened to its first letters (TP.BMT).

        Only places of the province of ``within`` are meant, and those that became part of it. Said of texts that
        ``resolve`` does not know: the letters may stand for several places.
        """
        return replace(self._reading_initials().resolve(text, province=province, district=district), is_shortened=True)

    def find_shortened_in_address(self, address: str) -> PlaceMatch:
        """As ``find_in_address``, with places as ``resolve_shortened`` reads them."""
        return replace(self._reading_initials().find_in_address(address), is_shortened=True)

    def _reading_initials(self) -> "PlaceIndex":
        if self._by_initials is None:
            self._by_initials = defaultdict(list)
            for area in self.areas.values():
                if area.kind in PROVINCE_KINDS | DISTRICT_KINDS and (letters := initials(self.words[area.pk])):
                    self._by_initials[letters].append(area)
        other = copy.copy(self)
        other._reads_initials = True
        return other

    # -- reading words -------------------------------------------------------------------------------------------------

    def _without_country(self, words: list[Word]) -> list[Word]:
        for length in (2, 1):
            if len(words) > length and key(words[-length:]) in COUNTRY_WORDS:
                return words[:-length]
        return words

    def _cell(self, words: list[Word], context: Context) -> PlaceMatch:
        """A cell holds one commune, or a commune with the places above it, or a province."""
        reading = self._last(words, len(words), COMMUNE_KINDS)
        if reading is not None and reading.start == 0:
            found = self._commune(reading, context, current_first=True)
            if reading.kinds is None and not context.is_known:
                provinces = self._last(words, len(words), PROVINCE_KINDS)
                if provinces and (found.area or found.candidates):
                    return self._several([*([found.area] if found.area else found.candidates), *provinces.areas])
            if found.how != How.UNKNOWN:
                return found
        inner, end = self._tail(words, context)
        if end == 0:
            return self._above(inner)
        reading = self._last(words, end, COMMUNE_KINDS)
        if reading is None or (reading.start and reading.kinds is None):
            return self._bounded(UNKNOWN, inner)
        found = self._commune(reading, inner, current_first=True)
        return self._with_other(words, reading, inner, found)

    def _with_other(self, words: Sequence[Word], reading: Reading, context: Context, found: PlaceMatch) -> PlaceMatch:
        """What was found, with what a commune named before it is today: two in one cell leave it open which is meant.

        “xã Tân Thông Hội, nay là xã Củ Chi” says itself which.
        """
        end = reading.start - (words[reading.start - 1].spelling == _AND if reading.start else 0)
        other = self._last(words, end, COMMUNE_KINDS)
        if other is None or other.kinds is None or any(word.spelling == _TODAY for word in words[end - 2 : end]):
            return found
        before = self._commune(other, context, current_first=True)
        if before.area == found.area or not before.candidates:
            return found
        return self._several([*before.candidates, *found.candidates])

    def _above(self, context: Context) -> PlaceMatch:
        """A cell that names nothing but a province or a district of before."""
        if context.districts is not None:
            return self._decide([self.areas[pk] for pk in context.districts], today=self.descent.today_in_district)
        if context.provinces is None:
            return UNKNOWN
        return self._decide([self.areas[pk] for pk in context.provinces])

    def _context(self, province: str, district: str) -> Context | None:
        """The context that other cells say; None when one of them is not known."""
        context = Context()
        if province.strip():
            words = self._without_country(words_of(province))
            reading = self._last(words, len(words), PROVINCE_KINDS)
            if reading is None or reading.start:
                return None
            context = context.with_provinces(reading.areas)
        if district.strip():
            words = words_of(district)
            if reading := self._last(words, len(words), DISTRICT_KINDS, context):
                return context.with_districts(reading.areas)
            context, _ = self._tail(words, context)
            return context if context.districts is not None else None
        return context

    def _tail(self, words: Sequence[Word], context: Context) -> tuple[Context, int]:
        """The province and the district at the end of words, and where what stands before them ends."""
        end = len(words)
        if context.provinces is None and (reading := self._last(words, end, PROVINCE_KINDS)):
            context, end = context.with_provinces(reading.areas), reading.start
        if context.districts is None and (reading := self._last(words, end, DISTRICT_KINDS, context)):
            commune = self._last(words, end, COMMUNE_KINDS) if reading.kinds is None else None
            # The longer name with its kind is meant: “Phường Xuân Hương - Đà Lạt” is no ward of Đà Lạt.
            if commune is None or commune.kinds is None or commune.start >= reading.start:
                context, end = context.with_districts(reading.areas), reading.start
        return context, end

    def _last(self, words: Sequence[Word], end: int, level, context: Context | None = None) -> Reading | None:
        """The longest name of the level that the words before ``end`` end in, after its kind or a boundary."""
        plain = is_plain(words)
        for start in range(max(0, end - LONGEST_NAME), end):
            name = words[start:end]
            if any(word.gap == Gap.HARD for word in name[1:]):
                continue
            areas = self._named(name, level, context)
            kinds, before = kind_before(words, start, plain=plain)
            if not areas and self._reads_initials and level is not COMMUNE_KINDS:
                areas = self._shortened(name, level, kinds, follows=before > 0)
            if not areas:
                continue
            if kinds is None and words[start].gap == Gap.NONE and not self._follows_commune(words, start, areas, level):
                continue
            if areas := fitting(areas, kinds, level):
                return Reading(tuple(areas), kinds, before)
        return None

    def _follows_commune(self, words: Sequence[Word], end: int, areas: list[Jurisdiction], level) -> bool:
        """Whether right before a district without its kind stands one of its communes with it: “Phường 7 Gò Vấp”."""
        if level is not DISTRICT_KINDS:
            return False
        commune = self._last(words, end, COMMUNE_KINDS)
        districts = {area.pk for area in areas}
        return bool(commune and commune.kinds) and any(
            self.descent.came_from_districts(area, districts) for area in of_kind(commune.areas, commune.kinds)
        )

    def _named(self, name: Sequence[Word], level, context: Context | None) -> list[Jurisdiction]:
        """Areas of a level that a name may mean, those with the very accents before the others."""
        name_key = key(name)
        areas = [area for area in self.by_key.get(name_key, ()) if area.kind in level]
        if name_key not in PROVINCE_ALIASES:
            if any(word.gap == Gap.SOFT for word in name[1:]):
                areas = [area for area in areas if "-" in area.name]
            areas = [area for area in areas if agrees(name, self.words[area.pk])]
        exact = [area for area in areas if exactly(name, self.words[area.pk])]
        areas = exact or areas
        if level is DISTRICT_KINDS and context is not None:
            areas = self._districts(name_key, areas, context)
        return areas

    def _shortened(self, name: Sequence[Word], level, kinds, *, follows: bool) -> list[Jurisdiction]:
        """Areas of a level that first letters may mean, in the province asked for and what became part of it.

        Two letters alone say too little: their kind stands before them, or a place that lies in a province does.
        """
        letters = key(name)
        is_one = all(word.gap == Gap.SOFT for word in name[1:])
        if not is_one or not (MIN_INITIALS <= len(letters) <= LONGEST_NAME) or self.within is None:
            return []
        is_told = kinds is not None or len(letters) > MIN_INITIALS
        if not (is_told or (follows and level is PROVINCE_KINDS and name[0].gap == Gap.HARD)):
            return []
        found = [area for area in (self._by_initials or {}).get(letters, ()) if area.kind in level]
        if (home := self.descent.province_of(self.within)) is None:
            return found
        old = self.descent.old_provinces(frozenset({home}))
        return [area for area in found if self.descent.province_of(area) in old]

    def _districts(self, name_key: str, areas: list[Jurisdiction], context: Context) -> list[Jurisdiction]:
        """Districts of a name that lay in the provinces said, and those that took in a district of the name."""
        provinces = context.provinces
        if provinces is not None:
            areas = [area for area in areas if self.descent.province_of(area) in self.descent.old_provinces(provinces)]
        elif self.within is not None and (province := self.descent.province_of(self.areas[self.within.pk])):
            provinces = frozenset({province})
        for (province_key, alias), district in DISTRICT_ALIASES.items():
            if name_key == alias and provinces is not None and self._is_called(provinces, province_key):
                areas = areas + [area for area in self.by_key[district] if area.kind in DISTRICT_KINDS]
        return areas

    def _is_called(self, provinces: Iterable[int], name_key: str) -> bool:
        return any(key(self.words[pk]) == name_key for pk in provinces)

    # -- deciding ------------------------------------------------------------------------------------------------------

    def _commune(self, reading: Reading, context: Context, *, current_first: bool) -> PlaceMatch:
        """The commune that a reading means in its context."""
        areas = [
            area
            for area in reading.areas
            if context.provinces is None or self.descent.lies_in_provinces(area, context.provinces)
        ]
        if context.districts is not None:
            areas = [area for area in areas if self.descent.came_from_districts(area, context.districts)]
            if context.provinces is not None and not any(self.descent.is_current(pk) for pk in context.provinces):
                # A province that has ended holds no area of today.
                areas = [area for area in areas if not self.descent.is_current(area.pk)] or areas
            return self._decide(of_kind(areas, reading.kinds) or areas)
        areas = of_kind(areas, reading.kinds)
        if not context.is_known:
            areas = self._inside(areas)
        current = [area for area in areas if self.descent.is_current(area.pk)]
        return self._decide(current if current and current_first else areas)

    def _inside(self, areas: list[Jurisdiction]) -> list[Jurisdiction]:
        """Areas of which something lies within the area asked for; all of them where none is asked for."""
        if self.within is None:
            return areas
        return [area for area in areas if any(self._is_within(self.areas[pk]) for pk in self.descent.today(area.pk)[0])]

    def _is_within(self, area: Jurisdiction) -> bool:
        return self.within is None or covers(self.within, area)

    def _decide(self, areas: Sequence[Jurisdiction], *, today: Today | None = None) -> PlaceMatch:
        """One area where all that may be meant went wholly into one; else candidates."""
        found, whole = set(), True
        for area in areas:
            after, after_whole = (today or self.descent.today)(area.pk)
            found |= after
            whole = whole and after_whole
        if not found:
            return UNKNOWN
        targets = [self.areas[pk] for pk in found]
        inside = [area for area in targets if self._is_within(area)]
        if not inside:
            return PlaceMatch(candidates=in_order(targets), how=How.OUTSIDE)
        if len(found) == 1 and whole:
            is_old = all(area.pk != targets[0].pk for area in areas)
            return PlaceMatch(targets[0], (targets[0],), How.SUCCESSION if is_old else How.NAME)
        is_split = len(areas) == 1
        return PlaceMatch(None, in_order(inside), How.SPLIT if is_split else How.AMBIGUOUS)

    def _several(self, areas: Iterable[Jurisdiction]) -> PlaceMatch:
        found = {pk for area in areas for pk in self.descent.today(area.pk)[0]}
        return PlaceMatch(None, in_order(self.areas[pk] for pk in found), How.AMBIGUOUS)

    def _bounded(self, match: PlaceMatch, context: Context) -> PlaceMatch:
        """An unknown place in a province that is known and lies elsewhere is outside."""
        if self.within is None or context.provinces is None:
            return match
        now = {pk for province in context.provinces for pk in self.descent.today(province)[0]}
        provinces = [self.areas[pk] for pk in now]
        apart = [area for area in provinces if not covers(self.within, area) and not covers(area, self.within)]
        if provinces and len(apart) == len(provinces):
            return PlaceMatch(candidates=in_order(apart), how=How.OUTSIDE)
        return match

    def _by_code(self, code: str, digits: str, context: Context) -> PlaceMatch:
        """The area with a code, leading zeros or not; where several codes may be meant, the context decides."""
        codes = {code, digits.zfill(COMMUNE_DIGITS)} if len(code) < COMMUNE_DIGITS else {code}
        if len(code) == 1:
            codes.add(digits.zfill(2))
        areas = [area for one in codes for area in self.by_code.get(one, ())]
        current = [area for area in areas if self.descent.is_current(area.pk)]
        areas = current or areas
        if context.provinces is not None:
            areas = [area for area in areas if self.descent.lies_in_provinces(area, context.provinces)]
        elif len({area.code for area in areas}) > 1:
            areas = self._inside(areas) or areas
        found = self._decide(areas)
        return PlaceMatch(found.area, found.candidates, How.CODE) if found.area else found
