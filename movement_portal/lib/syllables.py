"""Whether a word may be a Vietnamese syllable by its spelling: by this it shows how a text is to be read."""

import functools
import unicodedata

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_ACUTE_AND_DOT = frozenset("\u0301\u0323")
_ONSETS = (
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "q",
    "qu", "r", "s", "t", "th", "tr", "v", "x",
)  # fmt: skip
#: Rimes without a closing consonant, by the letter that bears the tone; oa, oe, uy bear it in either place.
_OPEN_RIMES = {
    0: "a e ê i o ô ơ u ư y ia ya ua ưa ai ao au ay âu ây eo êu iu oi ôi ơi ui ưi ưu oa oe uy",
    1: "oa oe uy uê uơ oai oay oao oeo uya uyu uây uêu uao uai iêu yêu uôi ươi ươu",
}
#: Vowels and the consonants that may close them; the last letter bears the tone.
_CLOSED_RIMES = {
    "a": "m n ng nh p t c ch", "ă": "m n ng p t c", "â": "m n ng p t c", "e": "m n ng nh p t c",
    "ê": "m n ng nh p t ch", "i": "m n nh p t ch c", "o": "m n ng p t c", "ô": "m n ng p t c", "ơ": "m n p t",
    "u": "m n ng p t c", "ư": "m n ng p t c", "y": "n nh p t ch", "iê": "m n ng p t c", "yê": "m n ng t",
    "uô": "m n ng p t c", "ươ": "m n ng p t c", "oa": "m n ng nh p t c ch", "oă": "m n ng p t c", "oe": "m n t",
    "uâ": "n ng t c", "uê": "n nh ch", "uy": "n nh p t ch", "uyê": "n t", "oo": "ng c", "uơ": "n t",
}  # fmt: skip
_STOPS = ("p", "t", "c", "ch")
_FRONT_VOWELS = frozenset("eêiy")
#: Consonants after which y alone may stand.
_BEFORE_Y = frozenset(["", "h", "k", "l", "m", "s", "t", "v", "qu"])
#: What names of the highlands add: Krông, Đắk, M'Drắk.
_HIGHLAND_ONSETS = (
    "kr", "br", "pr", "gr", "tr", "đr", "dr", "hr", "chr", "sr", "mr", "rm", "jr", "kl", "pl", "bl", "gl", "ml", "dl",
    "mn", "pn", "kn", "kb", "km", "kd", "hn", "hl", "hm", "hb", "bh", "mđr", "ch'", "j", "w", "y",
)  # fmt: skip
_HIGHLAND_FINALS = ("", "k", "l", "r", "h", "s", "i", "o", "u", "m", "n", "ng", "nh", "p", "t", "c", "ch", "ih", "ơ")


@functools.cache
def _syllables() -> dict[str, tuple[set[int], bool]]:
    """Every syllable without its tone: where the tone may stand, and whether a stop closes it (two tones only)."""
    rimes: dict[str, tuple[set[int], bool]] = {}
    for place, texts in _OPEN_RIMES.items():
        for rime in texts.split():
            rimes.setdefault(rime, (set(), False))[0].add(place)
    for vowel, finals in _CLOSED_RIMES.items():
        rimes.update({vowel + final: ({len(vowel) - 1}, final in _STOPS) for final in finals.split()})
    found: dict[str, tuple[set[int], bool]] = {}
    for onset in _ONSETS:
        for rime, (places, stopped) in rimes.items():
            if _fits(onset, rime):
                known = found.setdefault(onset + rime, (set(), stopped))
                known[0].update(len(onset) + place for place in places)
    return found


def _fits(onset: str, rime: str) -> bool:
    """Whether the consonant is written before the rime."""
    if rime == "y":
        return onset in _BEFORE_Y
    if onset == "q":
        return rime[0] == "u" and len(rime) > 1
    if onset == "qu":
        return rime[0] in "aăâeêiơy"
    if onset in ("c", "ng"):
        return rime[0] not in _FRONT_VOWELS
    return rime[0] in _FRONT_VOWELS if onset in ("gh", "ngh") else True


@functools.cache
def _highland_syllables() -> frozenset[str]:
    vowels = [vowel for vowel in _CLOSED_RIMES if len(vowel) == 1] + ["iê", "uô", "ươ", "ia", "oa", "êê", "ee", "oo"]
    onsets = (*_ONSETS, *_HIGHLAND_ONSETS)
    return frozenset(onset + vowel + final for onset in onsets for vowel in vowels for final in _HIGHLAND_FINALS)


@functools.lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether the word, in either Unicode form, is spelled as Vietnamese syllables are.

    Either placement of the tone will do (hoà, hòa); capitals stand first, everywhere or nowhere.
    """
    if not (word[1:].islower() or word.islower() or word.isupper()):
        return False
    base, tones = _without_tones(word)
    known = _syllables().get(base)
    if known is None or len(tones) > 1:
        return False
    places, stopped = known
    if not tones:
        return not stopped
    (place, tone), *_ = tones
    return place in places and (not stopped or tone in _ACUTE_AND_DOT)


@functools.lru_cache(maxsize=10_000)
def is_highland_syllable(word: str) -> bool:
    """As ``is_syllable``, with the spellings that names of the highlands add (Đắk, Krông)."""
    base, tones = _without_tones(word)
    return len(tones) < 2 and base in _highland_syllables()


def _without_tones(word: str) -> tuple[str, list[tuple[int, str]]]:
    """The lower-case word without its tones, and each tone with the place of the letter it stands on."""
    letters: list[str] = []
    tones: list[tuple[int, str]] = []
    for char in unicodedata.normalize("NFD", word.lower()):
        if char in _TONES:
            tones.append((len(letters) - 1, char))
        elif unicodedata.combining(char) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        else:
            letters.append(char)
    return "".join(letters), tones
