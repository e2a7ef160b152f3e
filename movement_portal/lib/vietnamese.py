"""Vietnamese text: one spelling, search without accents, the order of the alphabet. All pure functions."""

import re
import unicodedata

#: The Vietnamese alphabet in its order, with the four letters of foreign names where dictionaries put them.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

_LETTER_KEYS = {letter: f"{index + 20}" for index, letter in enumerate(ALPHABET)}
#: No tone, huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries.
_TONE_KEYS = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_TONE_MARKS = frozenset(_TONE_KEYS)
_BLANKS = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u3000\ufeff]+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_NUMBER = re.compile(r"\d+")

#: Letters of a primary sort key that are looked at; two names equal in so many letters are ordered by their id.
SORT_LETTERS = 60


def nfc(text: str) -> str:
    """The text in composed form, without exotic, doubled or outer blanks; line breaks become blanks."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def strip_accents(text: str) -> str:
    """The text without tone and letter marks, đ as d; case is kept."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("đ", "d").replace("Đ", "D")


def fold(text: str) -> str:
    """Lower-case letters and digits without accents, words separated by one blank: what a search compares."""
    return _NOT_WORD.sub(" ", strip_accents(unicodedata.normalize("NFKC", text)).lower()).strip()


def sort_key(text: str) -> str:
    """Digits that sort in Vietnamese order under any collation: letters first, then tones; numbers by their value."""
    primary, tones, count = [], [], 0
    for char in unicodedata.normalize("NFD", nfc(text).lower()):
        if char in _TONE_MARKS:
            tones[-1:] = _TONE_KEYS[char]
            continue
        if unicodedata.combining(char):
            letter = unicodedata.normalize("NFC", (primary_letters := primary_letter(primary)) + char)
            if letter in _LETTER_KEYS and primary_letters:
                primary[-1] = _LETTER_KEYS[letter]
            continue
        if count >= SORT_LETTERS:
            break
        count += 1
        primary.append(_LETTER_KEYS.get(char) or (f"1{char}" if char.isdecimal() and char.isascii() else "00"))
        tones.append("0")
    return "".join(primary) + "00" + "".join(tones).rstrip("0")


def primary_letter(primary: list[str]) -> str:
    """The letter that stands last in a primary key under construction, or an empty text."""
    if not primary or not (index := int(primary[-1]) - 20) >= 0:
        return ""
    return ALPHABET[index]


def given_sort_key(full_name: str) -> str:
    """Sort key of a person's name as Vietnamese lists order it: given name, then family and middle names."""
    words = nfc(full_name).split(" ")
    return sort_key(" ".join([words[-1], *words[:-1]]))
