"""Names of places as people write them: words with their boundaries, words for kinds, and keys to compare names by."""

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from movement_portal.jurisdictions.enums import JurisdictionKind

KINDS_BY_WORDS: dict[tuple[str, ...], frozenset[JurisdictionKind]] = {
    tuple(words.split()): frozenset(kinds)
    for words, kinds in {
        "tỉnh": {JurisdictionKind.PROVINCE},
        "t": {JurisdictionKind.PROVINCE},
        "thành phố": {JurisdictionKind.CITY, JurisdictionKind.PROVINCIAL_CITY},
        "tp": {JurisdictionKind.CITY, JurisdictionKind.PROVINCIAL_CITY},
        "quận": {JurisdictionKind.URBAN_DISTRICT},
        "q": {JurisdictionKind.URBAN_DISTRICT},
        "huyện": {JurisdictionKind.DISTRICT},
        "h": {JurisdictionKind.DISTRICT},
        "thị xã": {JurisdictionKind.TOWN},
        "tx": {JurisdictionKind.TOWN},
        "thị trấn": {JurisdictionKind.TOWNSHIP},
        "tt": {JurisdictionKind.TOWNSHIP},
        "phường": {JurisdictionKind.WARD},
        # The horn forgotten on the first vowel, as hasty typing often has it.
        "phuờng": {JurisdictionKind.WARD},
        "p": {JurisdictionKind.WARD},
        "xã": {JurisdictionKind.COMMUNE},
        "x": {JurisdictionKind.COMMUNE},
        "đặc khu": {JurisdictionKind.SPECIAL_ZONE},
    }.items()
}
#: Other names of provinces, and names they bore before the records begin; folded and squeezed as ``key`` does.
PROVINCE_ALIASES = {
    "hcm": "hochiminh",
    "tphcm": "hochiminh",
    "hn": "hanoi",
    "tphn": "hanoi",
    "brvt": "bariavungtau",
    "thuathienhue": "hue",
    "tthue": "hue",
    "daclac": "daklak",
    "dacnong": "daknong",
}
#: Districts 2, 9 and Thủ Đức became the city of Thủ Đức on 1 January 2021, before the records begin
#: (Nghị quyết 1111/NQ-UBTVQH14).
DISTRICT_ALIASES = {("hochiminh", "2"): "thuduc", ("hochiminh", "9"): "thuduc"}
COUNTRY_WORDS = frozenset({"vietnam", "vn"})

#: Words of the longest name, with room for one more.
LONGEST_NAME = 7

_TOKENS = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*|[^\w\s]|\n")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_NUMBERED = re.compile(r"([pq])0*(\d+)", re.IGNORECASE)
_ONE_WORD_CITY = re.compile(r"(tp)(hcm|hn)", re.IGNORECASE)
#: Ways to write one word of the highlands that differ between lists.
_DAK = frozenset({"đắk", "đăk", "đak", "đắc", "đăc", "dăk", "dắk", "dak"})


class Gap(IntEnum):
    """What stands before a word."""

    NONE = 0
    #: A hyphen: between two places, or inside the name of one.
    SOFT = 1
    HARD = 2


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as compared with accents (tone last, i for y), without, and what stands around it."""

    spelling: str
    folded: str
    gap: Gap
    #: A full stop follows, as in an abbreviation.
    dotted: bool


@functools.lru_cache(maxsize=20_000)
def spellings(word: str) -> tuple[str, str]:
    """A word as compared: (with accents, without); tones stand last, so that hoà is hòa, and y is i."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    if unicodedata.normalize("NFC", decomposed) in _DAK:
        return "đak", "dak"
    tones = "".join(char for char in decomposed if char in _TONES)
    letters = "".join(char for char in decomposed if char not in _TONES)
    if letters.isdecimal():
        letters = letters.lstrip("0") or "0"
    folded = "".join(char for char in letters if not unicodedata.combining(char) and char.isalnum())
    return unicodedata.normalize("NFC", letters.replace("y", "i")) + tones, folded.replace("đ", "d").replace("y", "i")


def words_of(text: str) -> list[Word]:
    """The words of a text with their boundaries; both Unicode forms are read."""
    found: list[Word] = []
    gap = Gap.HARD
    for token in _TOKENS.findall(unicodedata.normalize("NFC", text)):
        if token == "." and found and gap == Gap.NONE:
            last = found[-1]
            found[-1] = Word(last.spelling, last.folded, last.gap, True)
        elif token in "-–—":
            gap = max(gap, Gap.SOFT)
        elif not token[0].isalnum():
            gap = Gap.HARD
        else:
            for part, dotted in parts_of(token):
                found.append(Word(*spellings(part), gap, dotted))
                gap = Gap.NONE
    return joined_letters(found)


def parts_of(token: str) -> list[tuple[str, bool]]:
    """“P5” is “P.” and “5”, “TPHCM” is “TP” and “HCM”; anything else is itself."""
    if match := _NUMBERED.fullmatch(token) or _ONE_WORD_CITY.fullmatch(token):
        return [(match[1], True), (match[2], False)]
    return [(token, False)]


def joined_letters(words: list[Word]) -> list[Word]:
    """“T.P.” and “T.X” are “TP” and “TX”."""
    found: list[Word] = []
    for word in words:
        last = found[-1] if found else None
        if last and last.folded == "t" and last.dotted and word.folded in ("p", "x", "t") and word.gap == Gap.NONE:
            found[-1] = Word("t" + word.folded, "t" + word.folded, last.gap, True)
        else:
            found.append(word)
    return found


def key(words: Sequence[Word]) -> str:
    """What two spellings of one name have in common: letters and digits without accents and blanks."""
    return "".join(word.folded for word in words)


def initials(words: Sequence[Word]) -> str:
    """The first letters of a name of several words, without accents: “bmt”; empty for one word or a number."""
    if len(words) < 2 or any(word.folded.isdecimal() for word in words):
        return ""
    return "".join(word.folded[:1] for word in words)


def agrees(written: Sequence[Word], name: Sequence[Word]) -> bool:
    """Whether a written name of the same key may be meant for a name: each word equal, or written without accents."""
    if len(written) != len(name):
        return exactly(written, name) or all(word.spelling == word.folded for word in written)
    return all(one.spelling in (two.spelling, two.folded) for one, two in zip(written, name, strict=True))


def exactly(written: Sequence[Word], name: Sequence[Word]) -> bool:
    """Whether a written name has the accents of a name."""
    return "".join(word.spelling for word in written) == "".join(word.spelling for word in name)


def is_plain(words: Sequence[Word]) -> bool:
    """Whether a text is written without accents altogether."""
    return all(word.spelling == word.folded for word in words)


def kind_before(words: Sequence[Word], end: int, *, plain: bool) -> tuple[frozenset[JurisdictionKind] | None, int]:
    """The kinds that the word or words before ``end`` say, and where they begin; (None, end) where they say none.

    One letter is a kind only with a full stop or before a number; words without accents only in a text without any.
    """
    for length in (2, 1):
        start = end - length
        if start < 0 or any(word.gap != Gap.NONE for word in words[start + 1 : end + (length == 2)]):
            continue
        for names, kinds in _KIND_SPELLINGS:
            if len(names) == length and all(
                word.spelling == name[0] or (plain and word.folded == name[1])
                for word, name in zip(words[start:end], names, strict=True)
            ):
                word = words[end - 1]
                if len(word.folded) == 1 and not (word.dotted or words[end].folded.isdecimal()):
                    continue
                return kinds, start
    return None, end


_KIND_SPELLINGS = [(tuple(spellings(word) for word in words), kinds) for words, kinds in KINDS_BY_WORDS.items()]
