"""Vietnamese text: one spelling, search without accents, the order of the alphabet. All pure functions."""

import functools
import re
import unicodedata
from collections.abc import Iterable

#: The Vietnamese alphabet in its order, with the four letters of foreign names where dictionaries put them.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

#: Length of a sort key at most; the columns that hold one are as wide.
SORT_KEY_DIGITS = 250
#: Digits of a sort key kept for tones: one a word.
TONE_DIGITS = 34

#: No tone, huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries (and of CLDR).
_TONE_KEYS = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
#: Leading digits of the parts of a sort key, in their order: end, gap between words, number, letter, other script.
_END, _GAP, _NUMBER, _FIRST_LETTER, _OTHER = "00", "01", "10", 20, "98"
_LETTER_KEYS = {letter: str(_FIRST_LETTER + index) for index, letter in enumerate(ALPHABET)}

#: Đ as old typefaces and foreign keyboards write it: eth, and the African D with stroke.
_ONE_SPELLING = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"})
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_BLANKS = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
#: Inside a word: M'Nông, Ea H’leo.
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ‘`´](?=\w)")
#: Runs of digits, else single characters.
_SORT_PARTS = re.compile(r"\d+|.", re.DOTALL)

#: Pairs of vowels whose tone stands on the second, wherever it was typed: hòa is hoà, qúy is quý, nguỹên is nguyễn.
_SECOND_BEARS_TONE = ("oa", "oă", "oe", "uy", "uâ", "uê", "uô", "uơ", "ươ", "iê", "yê")
#: After q and g the first vowel belongs to the consonant: qùa is quà, gìa is già.
_AFTER_CONSONANT = ("qua", "quă", "que", "qui", "gia", "giă", "giâ", "gie", "gio", "giô", "giơ", "giu", "giư")


#: Texts that ``nfc`` leaves as they are, and most are: composed Latin letters and ASCII, single blanks between.
_CLEAN = re.compile(
    "[!-~\u00a1-\u00ac\u00ae-\u00cf\u00d1-\u00ef\u00f1-\u0188\u018a-\u024f\u1ea0-\u1ef9]+"
    "(?: [!-~\u00a1-\u00ac\u00ae-\u00cf\u00d1-\u00ef\u00f1-\u0188\u018a-\u024f\u1ea0-\u1ef9]+)*"
)

#: Texts of words whose keys do not lean on one another: no mark stands alone.
_PLAIN = re.compile("[ -~\u00c0-\u024f\u1ea0-\u1ef9]*")

#: Words are short, and a list has few different ones: what was computed of a word is remembered.
LONGEST_REMEMBERED = 40
WORDS_REMEMBERED = 32_768


def nfc(text: str) -> str:
    """The text in composed form, without invisible characters and without doubled or outer blanks.

    Line breaks become blanks; the letters that merely look like Đ become Đ.
    """
    if _CLEAN.fullmatch(text):
        return text
    spelt = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).translate(_ONE_SPELLING)
    return _BLANKS.sub(" ", spelt).strip()


def composed(text: str) -> str:
    """The text in composed form without invisible characters; blanks and line breaks stay as they are."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def mid_sentence(text: str) -> str:
    """A label as it stands inside a sentence: “Mã BHXH” gives “mã BHXH”, “THPT công lập” stays."""
    first = text.split(" ", 1)[0]
    return text if len(first) > 1 and first.isupper() else text[:1].lower() + text[1:]


def strip_accents(text: str) -> str:
    """The text without tone and letter marks, đ as d; case is kept."""
    decomposed = unicodedata.normalize("NFD", text.translate(_ONE_SPELLING))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("đ", "d").replace("Đ", "D")


def fold(text: str) -> str:
    """Lower-case letters and digits without accents, words separated by one blank: what a search compares."""
    known = _fold_known
    words = text.split()
    if len(words) == 1:
        return known(words[0]) if len(words[0]) <= LONGEST_REMEMBERED else _fold(words[0])
    folded = [known(word) if len(word) <= LONGEST_REMEMBERED else _fold(word) for word in words]
    return " ".join(folded if all(folded) else filter(None, folded))


def fold_word(word: str) -> str:
    """As ``fold``, for a text without blanks."""
    return _fold_known(word) if len(word) <= LONGEST_REMEMBERED else _fold(word)


def fold_words(words: Iterable[str]) -> list[str]:
    """As ``fold_word``, for many."""
    return [_fold_known(word) if len(word) <= LONGEST_REMEMBERED else _fold(word) for word in words]


def _fold(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.lower()
    plain = strip_accents(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))
    return _NOT_WORD.sub(" ", _APOSTROPHE.sub("", plain).lower()).strip()


_fold_known = functools.lru_cache(WORDS_REMEMBERED)(_fold)


def accented_key(text: str) -> str:
    """Lower-case composed text with every tone where one spelling puts it: “Hòa” and “hoà” are the same."""
    words = nfc(text).split(" ")
    return " ".join([_accented_known(word) if len(word) <= LONGEST_REMEMBERED else _accented(word) for word in words])


def _accented(text: str) -> str:
    lower = unicodedata.normalize("NFC", nfc(text).lower())
    if lower.isascii():
        return lower
    for wrong, right in _tone_moves():
        if wrong in lower:
            lower = lower.replace(wrong, right)
    return lower


_accented_known = functools.lru_cache(WORDS_REMEMBERED)(_accented)


def sort_key(text: str) -> str:
    """Digits that sort in Vietnamese order under any collation, ``SORT_KEY_DIGITS`` at most.

    Letters come first (a ă â b c d đ ...), tones second, case and punctuation not at all; numbers go by their value
    and before letters. Names equal in their first hundred or so letters have equal keys.
    """
    text = nfc(text)
    if _PLAIN.fullmatch(text) and len(longest := max(text.split(" "), key=len)) <= LONGEST_REMEMBERED and longest:
        words = [known for known in map(_sort_known, text.split(" ")) if known[0]]
        digits = _GAP.join([key for key, _ in words])
        if len(digits) <= SORT_KEY_DIGITS - len(_END) - TONE_DIGITS:
            return digits + _END + "".join([tones for _, tones in words])[:TONE_DIGITS].rstrip("0")
    return _sort_key(text, SORT_KEY_DIGITS)


@functools.lru_cache(WORDS_REMEMBERED)
def _sort_known(word: str) -> tuple[str, str]:
    """Digits and tones of a word as they stand in the key of a text."""
    digits, tones = _digits_and_tones(word, 10 * SORT_KEY_DIGITS)
    return digits, "".join(tones)


def given_sort_key(full_name: str) -> str:
    """Sort key of a person's name as Vietnamese lists order it: given name with its tone, then the others."""
    *others, given = nfc(full_name).split(" ")
    first = _sort_key(given, 60)
    if first.endswith(_END):
        first += "0"
    return first + _sort_key(" ".join(others), SORT_KEY_DIGITS - len(first))


def _sort_key(text: str, digits: int) -> str:
    tone_digits = min(TONE_DIGITS, digits // 4)
    key, tones = _digits_and_tones(text, digits - len(_END) - tone_digits)
    return key + _END + "".join(tones[:tone_digits]).rstrip("0")


def _digits_and_tones(text: str, room: int) -> tuple[str, list[str]]:
    """The digits of a text up to so many, and the tone of each of its words."""
    parts: list[str] = []
    tones = ["0"]
    gap = ""
    # Compatibility forms first: they may decompose into several characters, some of them upper-case.
    lower = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", nfc(text)).lower())
    for part in _SORT_PARTS.findall(_APOSTROPHE.sub("", lower)):
        key, tone = _part_key(part)
        if key == _GAP:
            gap = _GAP if parts else ""
            continue
        if key:
            room -= len(gap) + len(key)
            if room < 0:
                break
            if gap:
                parts.append(gap)
                tones.append("0")
                gap = ""
            parts.append(key)
        # After the word has its place among the tones: a tone on its first letter is its own, not the word before's.
        # A syllable has one tone; of a foreign word with more the first counts.
        if tone and tones[-1] == "0":
            tones[-1] = tone
    return "".join(parts), tones


@functools.lru_cache(maxsize=4096)
def _part_key(part: str) -> tuple[str, str]:
    """Digits and tone of one character or one number; a mark that stands alone has only a tone."""
    if part[0].isdecimal():
        value = "".join(str(unicodedata.decimal(digit)) for digit in part).lstrip("0")[:99]
        return f"{_NUMBER}{len(value):02d}{value}", ""
    tone, marks = "", []
    for mark in unicodedata.normalize("NFD", part):
        if mark in _TONE_KEYS:
            tone = tone or _TONE_KEYS[mark]
        else:
            marks.append(mark)
    if not marks:
        return "", tone
    if key := _LETTER_KEYS.get(unicodedata.normalize("NFC", "".join(marks))) or _LETTER_KEYS.get(marks[0]):
        return key, tone
    if unicodedata.combining(marks[0]):
        return "", tone
    return (f"{_OTHER}{ord(marks[0]):07d}" if marks[0].isalnum() else _GAP), tone


@functools.cache
def _tone_moves() -> list[tuple[str, str]]:
    """Spellings with the tone on the wrong vowel and their right ones, in the order to apply them.

    “uy” stands before “yê”, so that ngũyên goes by nguỹên to nguyễn.
    """
    moves = []
    for mark in _TONE_KEYS:
        for letters in (*_AFTER_CONSONANT, *_SECOND_BEARS_TONE):
            head, first, second = letters[:-2], letters[-2], letters[-1]
            wrong = head + unicodedata.normalize("NFC", first + mark) + second
            moves.append((wrong, head + first + unicodedata.normalize("NFC", second + mark)))
    return moves


#: An open syllable whose tone stands in two places: hòa and hoà, khỏe and khoẻ, thủy and thuỷ.
_OPEN_PAIR = re.compile(
    r"(?<![qQ])([oOuU])([\u0300\u0301\u0303\u0309\u0323]?)([aAeEyY])([\u0300\u0301\u0303\u0309\u0323]?)(?![\w\u0300-\u036f])"
)


_TONES = "\u0300\u0301\u0303\u0309\u0323"
#: Composed texts that may hold such a syllable; most names do not.
_MAY_HOLD_PAIR = re.compile(
    "[ou][{}]|[{}][aey]".format(
        *("".join(unicodedata.normalize("NFC", letter + tone) for letter in letters for tone in _TONES)
          for letters in ("aey", "ou"))
    ),
    re.IGNORECASE,
)  # fmt: skip


def tone_placements(text: str) -> list[str]:
    """The text with tones in the old and in the new placement (hòa, hoà): one entry where they do not differ."""
    text = nfc(text)
    if _PLAIN.fullmatch(text) and not _MAY_HOLD_PAIR.search(text):
        return [text]
    old, new = [], []
    for word in text.split(" "):
        both = _placements_known(word) if len(word) <= LONGEST_REMEMBERED else _placements(word)
        old.append(both[0])
        new.append(both[1])
    return list(dict.fromkeys([" ".join(old), " ".join(new)]))


def _placements(text: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", text)

    def placed(old: bool):
        def replace(match):
            first, tone_1, second, tone_2 = match.groups()
            # A pair with two tones is no syllable: which of them is meant cannot be told.
            if (first + second).lower() not in ("oa", "oe", "uy") or bool(tone_1) == bool(tone_2):
                return match[0]
            tone = tone_1 or tone_2
            return first + tone + second if old else first + second + tone

        return unicodedata.normalize("NFC", _OPEN_PAIR.sub(replace, decomposed))

    return placed(True), placed(False)


_placements_known = functools.lru_cache(WORDS_REMEMBERED)(_placements)
