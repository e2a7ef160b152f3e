"""Units of the register that a row of a list looks like: the same kind of unit, the same numbers, a name alike.

“Trường THCS số 1 An Phú” is never “Trường THPT số 1 An Phú” nor “Trường THCS số 2 An Phú”: the words that say what a
unit is, and its numbers, agree or there is no likeness at all. The rest of the name is compared letter by letter.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from movement_portal.lib.vietnamese import accented_key, fold
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.sheets import Alike
from units.models import Unit

#: Likeness in percent from which a row is that unit, and from which an officer is asked.
SURE, ASK = 92, 80
#: The most that a name can reach which differs in more than its spelling.
UNSURE = SURE - 1
#: Likeness of two words that are one, spelled differently.
SAME_WORD = 75
#: Units compared with a row, all of them; of more, those that share its rarer words, so many at most.
BLOCK, COMPARED = 400, 1_600
#: Other spellings of a word that are looked at.
SPELLINGS = 3
#: Units of the register held in memory for the parts of a list.
HELD = 100_000
#: Units with a name alike that are handed on.
KEPT = 3

#: Phrases that say what a unit is -> one word for each; a unit that differs in one of them is another unit.
_KINDS = {
    "trung hoc pho thong": "thpt", "pho thong trung hoc": "thpt", "ptth": "thpt",
    "trung hoc co so": "thcs", "pho thong co so": "thcs", "ptcs": "thcs",
    "tieu hoc": "th", "mam non": "mn", "mau giao": "mg", "nha tre": "nt",
    "giao duc thuong xuyen": "gdtx", "giao duc nghe nghiep": "gdnn",
    "pho thong dan toc noi tru": "dtnt", "dan toc noi tru": "dtnt", "ptdtnt": "dtnt",
    "pho thong dan toc ban tru": "dtbt", "dan toc ban tru": "dtbt", "ptdtbt": "dtbt",
    "dai hoc": "dh", "cao dang": "cd", "trung cap": "tc", "hoc vien": "hv",
    "chi nhanh": "cn", "van phong dai dien": "vpdd", "dia diem kinh doanh": "ddkd",
    "hop tac xa": "htx", "ngan hang": "nh", "quy tin dung": "qtd", "benh vien": "bv", "tram y te": "tyt",
    "trung tam": "tt", "tong cong ty": "tct", "xi nghiep": "xn", "nha may": "nm",
    "uy ban nhan dan": "ubnd", "hoi dong nhan dan": "hdnd",
    "uy ban mat tran to quoc": "mttq", "mat tran to quoc": "mttq",
    "van phong": "vp", "chi cuc": "chicuc", "phong": "phong", "so": "so", "ban": "ban", "cuc": "cuc", "hoi": "hoi",
}  # fmt: skip
#: Legal forms of enterprises: two that are written differ or agree, one left unwritten leaves it open.
_FORMS = {
    "cong ty trach nhiem huu han": "tnhh", "cong ty tnhh": "tnhh", "trach nhiem huu han": "tnhh", "tnhh": "tnhh",
    "cong ty co phan": "cp", "co phan": "cp", "ctcp": "cp", "cp": "cp",
    "doanh nghiep tu nhan": "dntn", "dntn": "dntn", "cong ty hop danh": "hd",
}  # fmt: skip
#: Words that any such unit has and that tell nothing.
_NOISE = {
    "truong": "", "trg": "", "cong ty": "", "c ty": "", "cty": "", "doanh nghiep": "", "mot thanh vien": "",
    "mtv": "", "1tv": "", "hai thanh vien": "", "htv": "", "va": "", "cac": "", "cua": "", "thuoc": "", "tai": "",
}  # fmt: skip
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_SHORT = {word: word for word in {*_KINDS.values()} - {"so", "ban", "hoi", "cuc", "phong"}}
_PHRASES = {**_NOISE, **_FORMS, **_SHORT, **_KINDS}
_PHRASE = re.compile(
    r"\b(?:" + "|".join(re.escape(phrase) for phrase in sorted(_PHRASES, key=len, reverse=True)) + r")\b"
)
#: “số 1” is a number, not an office called Sở.
_NUMBER = re.compile(r"\bso (?=\d|[ivx]+\b)")


@dataclass(frozen=True, slots=True)
class Profile:
    """A name taken apart: what the unit is, its numbers, its legal forms, and the words that are its own."""

    kinds: frozenset[str]
    numbers: tuple[str, ...]
    forms: frozenset[str]
    words: tuple[str, ...]
    text: str

    @property
    def block(self) -> tuple:
        """What must agree before names are compared."""
        return self.kinds, self.numbers


@functools.lru_cache(maxsize=50_000)
def profile(name: str) -> Profile:
    """The name taken apart."""
    kinds: set[str] = set()
    forms: set[str] = set()

    def take(match: re.Match) -> str:
        phrase = match[0]
        if phrase in _FORMS:
            forms.add(_FORMS[phrase])
        elif phrase not in _NOISE:
            kinds.add(_PHRASES[phrase])
        return " "

    rest = _PHRASE.sub(take, _NUMBER.sub("", fold(name))).split()
    numbers = [_ROMAN.get(word, word) for word in rest if word.isdecimal() or word in _ROMAN]
    words = tuple(word for word in rest if not word.isdecimal() and word not in _ROMAN)
    return Profile(
        frozenset(kinds),
        tuple(sorted(number.lstrip("0") for number in numbers)),
        frozenset(forms),
        words,
        " ".join(words),
    )


@dataclass(slots=True)
class Known:
    """A unit of the register in the area of some row."""

    pk: int
    name: str
    tax_code: str | None
    school_code: str | None
    profile: Profile


class UnitsAlike:
    """Units in the area of each row that it looks like, for all parts of one list.

    Only units that the officer sees are compared, and only inside one area: a name is no likeness across communes.
    A row and a unit with different tax or school codes are two. The units of an area are loaded once.
    """

    def __init__(self, officer):
        self._officer = officer
        #: The units of each area in blocks, those used last at the end.
        self._areas: dict[int, dict[tuple, Block]] = {}
        self._sizes: dict[int, int] = {}

    def __call__(self, drafts: Sequence[Draft]) -> Mapping[Draft, list[Alike]]:
        """Units that each of these rows looks like, the likest first; at most one query."""
        placed = [draft for draft in drafts if draft.get("name") and isinstance(draft.get("jurisdiction"), int)]
        self._load({draft.values["jurisdiction"] for draft in placed})
        found = {}
        for draft in placed:
            # Most areas of a new register have no unit yet: nothing is to be taken apart for them.
            if not (blocks := self._areas[draft.values["jurisdiction"]]):
                continue
            block = blocks.get(profile(draft.values["name"]).block)
            if block and (alike := block.alike_to(draft)):
                found[draft] = alike
        return found

    def _load(self, wanted: set[int]) -> None:
        """Have the units of these areas at hand; areas of earlier parts go where there are too many."""
        for area in wanted & self._areas.keys():
            self._areas[area] = self._areas.pop(area)
        missing = wanted - self._areas.keys()
        units: dict[int, dict[tuple, list[Known]]] = {area: defaultdict(list) for area in missing}
        for area, known in _known(missing, self._officer):
            units[area][known.profile.block].append(known)
        for area, blocks in units.items():
            self._areas[area] = {key: Block(same) for key, same in blocks.items()}
            self._sizes[area] = sum(map(len, blocks.values()))
        for area in [area for area in self._areas if area not in wanted]:
            if sum(self._sizes.values()) <= HELD:
                break
            del self._areas[area], self._sizes[area]


def _known(areas: Iterable[int], officer) -> Iterable[tuple[int, Known]]:
    """The units that lie in some areas."""
    areas = list(areas)
    if not areas:
        return
    # A unit that went into another is no answer: the other is.
    rows = Unit.objects.visible_to(officer).filter(jurisdiction__in=areas, merged_into=None).order_by()
    columns = ("jurisdiction_id", "pk", "name", "tax_code", "school_code")
    for area, pk, name, tax_code, school_code in rows.values_list(*columns).iterator(chunk_size=5_000):
        yield area, Known(pk, name, tax_code, school_code, profile(name))


class Block:
    """Units of one area that are the same kind of unit with the same numbers."""

    def __init__(self, units: list[Known]):
        self._units = units
        #: Words in one order, as a likeness of words in any order compares them; sorted once, not for every row.
        self._texts = [" ".join(sorted(unit.profile.words)) for unit in units]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._spelled_alike: dict[str, list[str]] = {}
        if len(units) > BLOCK:
            for index, unit in enumerate(units):
                for word in set(unit.profile.words):
                    self._by_word[word].append(index)

    def alike_to(self, draft: Draft) -> list[Alike]:
        """The units that the row looks like, the likest first."""
        mine = profile(draft.values["name"])
        text = " ".join(sorted(mine.words))
        near = self._near(mine)
        texts = self._texts if near is None else [self._texts[index] for index in near]
        hits = process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=ASK, limit=KEPT * 4, processor=None)
        alike = [
            each
            for _, score, index in hits
            if (each := self._judged(draft, self._units[index if near is None else near[index]], score))
        ]
        alike.sort(key=lambda each: -each.score)
        return alike[:KEPT]

    def _near(self, mine: Profile) -> list[int] | None:
        """Units that share the rarer words, in some spelling; None where the block is small enough to compare all.

        Of two names alike in four letters of five most words agree, the rarest three among them hardly ever differ all.
        """
        if not self._by_word:
            return None
        lists = [self._by_word[word] for own in dict.fromkeys(mine.words) for word in self._spellings(own)]
        lists.sort(key=len)
        near: dict[int, None] = {}
        for place, indexes in enumerate(lists):
            if place and len(near) + len(indexes) > COMPARED:
                break
            near.update(dict.fromkeys(indexes))
        return list(near)

    def _spellings(self, word: str) -> list[str]:
        """The word where some unit has it, else words of units that are it in another spelling."""
        if word in self._by_word:
            return [word]
        known = self._spelled_alike.get(word)
        if known is None:
            found = process.extract(
                word, self._by_word.keys(), scorer=fuzz.ratio, score_cutoff=SAME_WORD, limit=SPELLINGS
            )
            known = self._spelled_alike[word] = [each for each, _, _ in found]
        return known

    def _judged(self, draft: Draft, unit: Known, score: float) -> Alike | None:
        for name in ("tax_code", "school_code"):
            code = draft.get(name)
            if code and (theirs := getattr(unit, name)) and code != theirs:
                return None
        whole = name_likeness(draft.values["name"], unit.name, score)
        if whole is None:
            return None
        return Alike(unit.pk, whole, is_sure=whole >= SURE)


def name_likeness(one: str, other: str, score: float) -> int | None:
    """How alike two names of one block are in percent, ``score`` being the likeness of their own words.

    None where their legal forms differ; below ``SURE`` where they differ in more than their spelling.
    """
    mine, theirs = profile(one), profile(other)
    if mine.forms and theirs.forms and mine.forms != theirs.forms:
        return None
    surely = mine.forms == theirs.forms and _differ_in_spelling(mine, theirs)
    if not surely or _accents_differ(one, other, mine, theirs):
        return min(round(score), UNSURE)
    return round(score)


def _differ_in_spelling(one: Profile, other: Profile) -> bool:
    """Whether every word of one name that the other lacks is a word of the other in another spelling."""
    mine = [word for word in one.words if word not in other.words]
    theirs = [word for word in other.words if word not in one.words]
    if len(mine) != len(theirs):
        return False
    return all(len(word) > 2 and process.extractOne(word, theirs, score_cutoff=SAME_WORD) for word in mine)


def _accents_differ(one: str, other: str, mine: Profile, theirs: Profile) -> bool:
    """Whether two names of the same letters differ in their accents: “Phú” and “Phụ” are two words.

    A name without any accent is only written so.
    """
    if mine.words != theirs.words:
        return False
    accented = [accented_key(name) for name in (one, other)]
    if any(fold(name) == name for name in accented):
        return False
    own = [_own_words(name) for name in accented]
    return own[0] != own[1]


def _own_words(name: str) -> list[str]:
    """The words of a name with their accents, those that say what the unit is left out."""
    words = re.findall(r"\w+", name)
    kept = set(profile(name).words)
    return sorted(word for word in words if fold(word) in kept)
