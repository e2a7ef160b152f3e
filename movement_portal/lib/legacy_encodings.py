"""Vietnamese text that stands in a file in an encoding of the years before Unicode, or was read in a wrong one.

A text is read in each way it may have been meant; the reading with the most legal syllables wins, and only one that
makes the text better is taken, so correct text passes unchanged.
"""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from movement_portal.lib.legacy_tables import (
    READINGS,
    TCVN3_TABLE,
    UTF8_READ_AS,
    Encoding,
    from_tcvn3,
    from_utf8,
    from_vni,
)
from movement_portal.lib.syllables import is_highland_syllable, is_syllable
from movement_portal.lib.vietnamese import strip_accents


@dataclass(frozen=True, slots=True)
class Repair:
    """A text as it was meant, and the words of it in which the old encoding may have lost something."""

    text: str
    encoding: Encoding
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FontEncoding:
    """What a typeface says about the text written in it."""

    encoding: Encoding
    #: The face shows small letters as capitals.
    is_capital: bool = False


# -- fonts -------------------------------------------------------------------------------------------------------------
_TCVN3_FONT = re.compile(r"\.vn\w", re.IGNORECASE)
_VNI_FONT = re.compile(r"vni\b", re.IGNORECASE)


def encoding_of_font(name: str) -> FontEncoding | None:
    """What the name of a typeface says of the text in it: .VnTime is TCVN3, .VnTimeH its capitals, VNI-Times is VNI."""
    if _TCVN3_FONT.match(name):
        return FontEncoding(Encoding.TCVN3, name.rstrip().endswith("H"))
    return FontEncoding(Encoding.VNI) if _VNI_FONT.match(name) else None


# -- reading -----------------------------------------------------------------------------------------------------------
#: A word as old encodings write it: letters, and the signs of code page 1252 that stand for letters in them.
_RUN = re.compile("(?:[^\\W\\d_]|[\u0080-\u009f\u00a1-\u00bf\u00d7\u00f7\u0300-\u036f€‚ƒ„…†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ])+")
_HIGH = re.compile("[\u0080-\u00ff]")
_LEFT_OF_UTF8 = re.compile("[ÄÅÆ]|[áâ][º»€]")
_LOST_LETTER = re.compile(r"\ufffd|(?<=[^\W\d_])\?+(?=[^\W\d_])")
_ADDRESS_OF_A_PAGE = re.compile(r"://|www\.|@", re.IGNORECASE)
#: Signs that stand alone as what they are; only these are words in TCVN3: à, á, Ê, Ô, Ơ, Ư.
_WORDS_OF_ONE_SIGN = frozenset("µ¸£¤¥¦")
#: Ticks of the typeface Wingdings, alone in their cells.
_TICKS = frozenset("üþ")
#: Units and amounts: 5 µm, 10 £.
_UNIT = re.compile("(?<=\\d)\\s*[µ£¥¤][a-zA-Z]*|[£¥]\\s*(?=\\d)")
#: Names of other languages that one of the encodings would read as a syllable.
_FOREIGN = frozenset({"thaï", "loïc", "eloï"})
_VOWELS_WITHOUT_CAPITAL = frozenset(
    letter for letter in TCVN3_TABLE.values() if letter.upper() not in TCVN3_TABLE.values()
)
_SMALL_LETTERS = frozenset(letter for letter in TCVN3_TABLE.values() if letter.islower())
#: What a word is worth that is one either way.
_SLIGHT = 0.05
#: How much the encoding of its neighbours counts for a text.
_LEANING = 0.3
#: Texts that must agree, and their share of those that tell, before a text follows its neighbours.
_ENOUGH, _CLEAR_SHARE = 3, 0.8


class Repairer:
    """Repairs the texts of one file; what it has met before costs it next to nothing."""

    _MOST_KEPT = 200_000

    def __init__(self) -> None:
        #: Stretches between blanks that are as they should be.
        self._fine: set[str] = set()
        self._answers: dict[tuple[str, Encoding | None], Repair | None] = {}

    def repair(self, text: str, leaning: Encoding | None = None) -> Repair | None:
        """The text as it was meant, None for one that is as it should be.

        ``leaning`` is the encoding of the texts around it, in which a text is read that could be either.
        """
        if text.isascii():
            return self._answer(text, None) if "?" in text and _is_lossy(text) else None
        if leaning is not None:
            return self._answer(text, leaning)
        parts = text.split(" ")
        if self._fine.issuperset(parts):
            return None
        if len(self._fine) > self._MOST_KEPT:
            self._fine.clear()
        suspects = [part for part in parts if part not in self._fine and not self._is_fine(part)]
        return self._answer(text, None) if suspects else None

    def repair_by_font(self, text: str, font: FontEncoding) -> Repair | None:
        """The text as its typeface shows it, None where that is the text itself.

        A text that cannot be of that encoding is judged by its content: typefaces stay behind when text is pasted.
        """
        composed = unicodedata.normalize("NFC", text)
        high = [char for char in composed if char > "\u007f"]
        table = TCVN3_TABLE if font.encoding == Encoding.TCVN3 else None
        if _is_unicode(composed) or (table and any(char.isalpha() and char not in table for char in high)):
            return self.repair(text)
        found = from_tcvn3(composed) if table else from_vni(composed)
        if not all(_is_word(run) for run in _high_runs(found)) and (content := self.repair(text)):
            return content
        if font.is_capital:
            found = found.upper()
        if found == composed:
            return None
        return Repair(found, font.encoding, () if font.is_capital else _without_their_capitals(found))

    def count(self, texts: Iterable[str]) -> Counter[Encoding | None]:
        """How many of the texts are surely in each encoding; under None those that are surely Unicode."""
        counts: Counter[Encoding | None] = Counter()
        for text in texts:
            if not text.isascii():
                repair = self.repair(text)
                if repair is not None:
                    counts[repair.encoding] += 1
                elif _is_unicode(text):
                    counts[None] += 1
        del counts[Encoding.LOST]
        return counts

    def _answer(self, text: str, leaning: Encoding | None) -> Repair | None:
        asked = (text, leaning)
        if asked not in self._answers:
            if len(self._answers) > self._MOST_KEPT:
                self._answers.clear()
            self._answers[asked] = repaired(text, leaning)
        return self._answers[asked]

    def _is_fine(self, part: str) -> bool:
        if part.isascii():
            fine = "?" not in part or not _is_lossy(part)
        else:
            fine = "\ufffd" not in part and all(
                is_syllable(run) or _is_lone_sign(run) for run in _high_runs(unicodedata.normalize("NFC", part))
            )
            fine = fine and not ("\u00a0" in part and "Ã" in part)
        if fine:
            self._fine.add(part)
        return fine


def leaning(counts: Counter[Encoding | None]) -> Encoding | None:
    """The encoding of texts that stand together, None where they are not nearly all in one."""
    if not counts:
        return None
    (encoding, count), *_ = counts.most_common(1)
    return encoding if count >= _ENOUGH and count >= _CLEAR_SHARE * counts.total() else None


def repaired(text: str, leaning: Encoding | None = None) -> Repair | None:
    """The text as it was meant, judged by its content; None for one that no reading makes better.

    With a ``leaning`` a text that would pass as it stands is read in that encoding where it is Vietnamese in it too.
    """
    composed = unicodedata.normalize("NFC", text)
    better = from_utf8(composed)
    errors = _errors(composed)
    if better != composed and (_errors(better) < errors or leaning == Encoding.UTF8):
        return Repair(better, Encoding.UTF8, (*_lost(better), *_half_read(better)))
    found: tuple[Encoding, str, tuple[str, ...]] | None = _leaning_reading(composed, leaning)
    if found is None and (errors or leaning is None):
        found = _best_reading(composed, leaning)
    if found is None and _is_utf8(composed):
        return Repair(better, Encoding.UTF8, (*_lost(better), *_half_read(better)))
    if found is not None:
        encoding, result, also = found
        doubtful = (*_lost(result), *also)
        if encoding == Encoding.TCVN3:
            result = _with_capitals(result)
            doubtful += _without_their_capitals(result)
        return Repair(result, encoding, doubtful)
    return Repair(text, Encoding.LOST, lost) if (lost := _lost(composed)) else None


def _best_reading(text: str, leaning: Encoding | None) -> tuple[Encoding, str, tuple[str, ...]] | None:
    """The reading that is better than the text as it stands and than the others; with it those as good as it."""
    runs = [run for run in _open_runs(text) if run[0].lower() not in _FOREIGN]
    best: tuple[Encoding, str, tuple[str, ...]] | None = None
    best_score = 0.0
    for encoding, reading in READINGS.items():
        found = [unicodedata.normalize("NFC", reading(run[0])) for run in runs]
        gains = [_gain(run[0], new) for run, new in zip(runs, found, strict=True)]
        score = sum(gains) if any(gain > _SLIGHT for gain in gains) else 0.0
        if score > 0 and encoding == leaning:
            score += _LEANING
        if score > best_score:
            best, best_score = (encoding, _put(text, runs, found), ()), score
        elif best is not None and score == best_score and (other := _put(text, runs, found)) != best[1]:
            best = (best[0], best[1], (*best[2], other))
    return best


def _leaning_reading(text: str, leaning: Encoding | None) -> tuple[Encoding, str, tuple[str, ...]] | None:
    """The text in the encoding of its neighbours, None where it is no Vietnamese in it."""
    if leaning is None or leaning not in READINGS or _is_unicode(text):
        return None
    runs = _open_runs(text)
    found = [unicodedata.normalize("NFC", READINGS[leaning](run[0])) for run in runs]
    changed = [(run[0], new) for run, new in zip(runs, found, strict=True) if run[0] != new]
    if all(old in _TICKS for old, _ in changed) or not all(_is_word(new) or not _is_word(old) for old, new in changed):
        return None
    return leaning, _put(text, runs, found), ()


def _put(text: str, runs: Sequence[re.Match[str]], found: Sequence[str]) -> str:
    pieces, end = [], 0
    for run, new in zip(runs, found, strict=True):
        pieces += [text[end : run.start()], new]
        end = run.end()
    return "".join(pieces) + text[end:]


def _open_runs(text: str) -> list[re.Match[str]]:
    """The words of a text that may be of another encoding."""
    units = [match.span() for match in _UNIT.finditer(text)]
    found = [
        match
        for match in _RUN.finditer(text)
        if _HIGH.search(match[0])
        and not any(start <= match.start() < end for start, end in units)
        and (not _is_lone_sign(match[0]) or match[0] in _WORDS_OF_ONE_SIGN)
    ]
    # Of a text that is partly Unicode, only what is no syllable may be something else.
    return [match for match in found if not is_syllable(match[0])] if _is_unicode(text) else found


def _gain(run: str, found: str) -> float:
    """How much better a word is in a reading: below nothing where it was a syllable and is none."""
    before = is_syllable(run)
    if found == run:
        return 0.0 if before else -0.6
    if len(found) < 2 and len(run) < 2:
        return 0.0
    if is_syllable(found):
        return _SLIGHT if before else 1.0 - 0.3 * ("oo" in strip_accents(found).lower())
    if not before and not run.isalpha() and is_highland_syllable(found):
        # Signs amid letters are no word of any language.
        return 0.9
    return -1.0 if before else -0.5


def _is_word(run: str) -> bool:
    return is_syllable(run) or is_highland_syllable(run)


def _high_runs(text: str) -> list[str]:
    """Words with a letter or sign that stands in the upper half of a code page."""
    return [run for run in _RUN.findall(text) if _HIGH.search(run)]


def _is_lone_sign(run: str) -> bool:
    return len(run) == 1 and (not run.isalpha() or run in "ªµº")


@functools.lru_cache(maxsize=4096)
def _is_unicode(text: str) -> bool:
    """Whether some word is a syllable with a letter that no old encoding can have."""
    return any(
        is_syllable(run) and any("\u0100" <= char <= "\u02ff" or "\u1ea0" <= char <= "\u1ef9" for char in run)
        for run in _RUN.findall(text)
    )


def _errors(text: str) -> int:
    """Words that no Vietnamese text has, and letters of two bytes of which the second is taken for a blank."""
    return sum(not is_syllable(run) for run in _high_runs(text)) + text.count("Ã\u00a0") + text.count("Â\u00a0")


def _is_utf8(text: str) -> bool:
    """Whether letters of several bytes stand in words that are no syllables."""
    pattern, _ = UTF8_READ_AS[0]
    return any(not is_syllable(run) and len(run) > 1 and pattern.search(run) for run in _high_runs(text))


def syllables(text: str) -> int:
    """How many words of the text are Vietnamese syllables with a letter or tone that ASCII lacks."""
    runs = _RUN.findall(unicodedata.normalize("NFC", text))
    return sum(not run.isascii() and is_syllable(run) for run in runs)


def syllables_in_other_encodings(text: str) -> int:
    """The same of those lines of the text that are in an encoding of one byte a letter, read in it."""
    repairer = Repairer()
    lines = text.splitlines()
    towards = leaning(repairer.count(lines))
    repairs = (repairer.repair(line, towards) for line in lines)
    return sum(syllables(repair.text) for repair in repairs if repair and repair.encoding in READINGS)


# -- what cannot be known ----------------------------------------------------------------------------------------------
def _is_lossy(text: str) -> bool:
    return bool(_LOST_LETTER.search(text)) and not _ADDRESS_OF_A_PAGE.search(text)


def _lost(text: str) -> tuple[str, ...]:
    """Words in which a letter has become a question mark."""
    if not _is_lossy(text):
        return ()
    return tuple(dict.fromkeys(part for part in text.split() if _LOST_LETTER.search(part)))


def _half_read(text: str) -> tuple[str, ...]:
    """Words of UTF-8 in which a byte that the code page has no letter for was dropped on the way: “Trưá»ng”, “Äức”."""
    return tuple(dict.fromkeys(part for part in text.split() if _LEFT_OF_UTF8.search(part)))


def _with_capitals(text: str) -> str:
    """The text with those letters raised that a capital face had shown as capitals: TRƯờNG is TRƯỜNG.

    TCVN3 has no toned capitals, so one between capitals can be nothing else. A word with one other letter follows the
    words around it.
    """
    words = [(match.start(), match[0]) for match in _RUN.finditer(text)]
    sure = {start for start, word in words if _is_raised(word, 2)}
    if not sure:
        return text
    others = [word for start, word in words if start not in sure and len(word) > 1]
    small = {letter for word in others for letter in word if letter.islower()}
    all_capital = small <= _SMALL_LETTERS
    pieces = list(text)
    for start, word in words:
        if start in sure or (all_capital and _is_raised(word, 0)):
            pieces[start : start + len(word)] = word.upper()
    return "".join(pieces)


def _is_raised(word: str, least: int) -> bool:
    """Whether the word has a small toned vowel while its other letters, ``least`` of them, are capitals."""
    others = [letter for letter in word if letter not in _SMALL_LETTERS]
    return len(others) < len(word) and len(others) >= least and all(letter.isupper() for letter in others)


def _without_their_capitals(text: str) -> tuple[str, ...]:
    """Words that may have begun with a capital: TCVN3 keeps none with a tone, and their neighbours have theirs."""
    words = [match[0] for match in _RUN.finditer(text)]
    found = []
    for at, word in enumerate(words):
        if word[0] in _VOWELS_WITHOUT_CAPITAL:
            around = [*words[max(at - 1, 0) : at], *words[at + 1 : at + 2]]
            if at == 0 or any(other[0].isupper() for other in around):
                found.append(word)
    return tuple(dict.fromkeys(found))
