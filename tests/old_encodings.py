"""Texts as typefaces and code pages of the years before Unicode have them, for lists made by tests."""

import unicodedata
from collections.abc import Iterable

from movement_portal.lib.legacy_tables import VNI_TABLE

#: Grave, hook, tilde, acute, dot below: the tones, as code page 1258 writes them behind their letter.
TONES = "\u0300\u0309\u0303\u0301\u0323"


def to_vni(text: str) -> str:
    """Unicode text in VNI letters."""
    table = {letter: written for written, letter in VNI_TABLE.items() if written.islower() or written.isupper()}
    return "".join(table.get(char, char) for char in unicodedata.normalize("NFC", text))


def to_windows_1258(text: str) -> str:
    """Unicode text with the letters and combining tones of code page 1258."""
    return "".join(map(_letter_of_1258, unicodedata.normalize("NFC", text)))


def _letter_of_1258(char: str) -> str:
    for pieces in (char, *_splits(char)):
        try:
            pieces.encode("cp1258")
        except UnicodeEncodeError:
            continue
        return pieces
    return char


def _splits(char: str) -> Iterable[str]:
    decomposed = unicodedata.normalize("NFD", char)
    tones = [mark for mark in decomposed if mark in TONES]
    rest = "".join(mark for mark in decomposed if mark not in tones)
    yield unicodedata.normalize("NFC", rest) + "".join(tones)
