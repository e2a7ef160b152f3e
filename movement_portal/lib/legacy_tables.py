"""Encodings of Vietnamese from the years before Unicode: their letters, and text read from and written in them.

The tables follow the standards: TCVN 5712:1993 (third form, “ABC”, fonts named .VnTime), the VNI encoding for Windows,
and Microsoft's code page 1258.
"""

import enum
import re
import unicodedata
from collections.abc import Callable

from movement_portal.lib.syllables import is_syllable


class Encoding(enum.StrEnum):
    """How a text was meant."""

    TCVN3 = "tcvn3"
    VNI = "vni"
    WINDOWS_1258 = "windows_1258"
    #: UTF-8 taken for a code page of one byte a letter, once or several times.
    UTF8 = "utf8"
    #: Letters stand no more where they stood: what was saved is a question mark.
    LOST = "lost"


#: The same in a word or two.
SHORT_LABELS = {
    Encoding.TCVN3: "TCVN3",
    Encoding.VNI: "VNI",
    Encoding.WINDOWS_1258: "windows-1258",
    Encoding.UTF8: "UTF-8 đọc sai",
}
LABELS = {
    Encoding.TCVN3: "bảng mã TCVN3 (phông .VnTime)",
    Encoding.VNI: "bảng mã VNI",
    Encoding.WINDOWS_1258: "bảng mã windows-1258",
    Encoding.UTF8: "UTF-8 bị đọc sai bảng mã",
    Encoding.LOST: "chữ bị mất khi chuyển bảng mã",
}


# -- tables ------------------------------------------------------------------------------------------------------------
#: TCVN 5712:1993, third form: the letter at each place, in the order of the places; a blank where none stands.
_TCVN3_PLACES = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ ằẳẵắ",
    0xC6: "ặầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ",
}
_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
#: VNI for Windows: a second letter says the tone, or the mark of the vowel with its tone.
_VNI_TONES = {"ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ù": _ACUTE, "ï": _DOT}
_VNI_MARKS = {
    "\u0302": {"â": "", "à": _GRAVE, "å": _HOOK, "ã": _TILDE, "á": _ACUTE, "ä": _DOT},
    "\u0306": {"ê": "", "è": _GRAVE, "ú": _HOOK, "ü": _TILDE, "é": _ACUTE, "ë": _DOT},
}
_VNI_MARKED = {"\u0302": "aeo", "\u0306": "a"}
_VNI_TONED = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ô": "ơ", "ö": "ư"}
_VNI_SINGLE = {
    "ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
}  # fmt: skip


def _tcvn3_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for first, letters in _TCVN3_PLACES.items():
        table.update({chr(first + at): letter for at, letter in enumerate(letters) if letter != " "})
    return table


def _vni_table() -> dict[str, str]:
    pairs = {
        base + tone: unicodedata.normalize("NFC", letter + mark)
        for base, letter in _VNI_TONED.items()
        for tone, mark in _VNI_TONES.items()
    }
    for mark, tones in _VNI_MARKS.items():
        for base in _VNI_MARKED[mark]:
            for sign, tone in tones.items():
                pairs[base + sign] = unicodedata.normalize("NFC", base + mark + tone)
    # ỵ has a letter of its own, as ỉ, ĩ and ị have.
    table = {pair: letter for pair, letter in pairs.items() if letter != "ỵ"} | _VNI_SINGLE
    for written, letter in list(table.items()):
        table[written.upper()] = letter.upper()
        if len(written) == 2:
            # A capital with the sign of a small letter, as hasty typing has it.
            table[written[0].upper() + written[1]] = letter.upper()
    return table


TCVN3_TABLE = _tcvn3_table()
VNI_TABLE = _vni_table()
_TCVN3_TRANSLATION = str.maketrans(TCVN3_TABLE)
_VNI_WRITTEN = re.compile("|".join(sorted(map(re.escape, VNI_TABLE), key=len, reverse=True)))


def _byte_of(encoding: str) -> dict[str, int]:
    """The byte behind each letter of a code page; bytes without a letter are read as control characters."""
    found = {chr(byte): byte for byte in range(0x80, 0xA0)}
    for byte in range(0x80, 0x100):
        try:
            found[bytes([byte]).decode(encoding)] = byte
        except UnicodeDecodeError:
            found[chr(byte)] = byte
    return found


_CP1252_BYTES = _byte_of("cp1252")
_CP1258_BYTES = _byte_of("cp1258")
#: Code page 1258 as code page 1252 shows it.
_CP1258_TRANSLATION = {
    ord(letter): bytes([byte]).decode("cp1258", "replace")
    for letter, byte in _CP1252_BYTES.items()
    if byte >= 0xC0 and letter != bytes([byte]).decode("cp1258", "replace")
}


def _utf8_pattern(table: dict[str, int]) -> re.Pattern[str]:
    def among(low: int, high: int) -> str:
        return "[" + "".join(re.escape(letter) for letter, byte in table.items() if low <= byte <= high) + "]"

    rest = among(0x80, 0xBF)
    return re.compile(
        f"(?:{among(0xC2, 0xDF)}{rest}|{among(0xE0, 0xEF)}{rest}{{2}}|{among(0xF0, 0xF4)}{rest}{{3}})+", re.DOTALL
    )


UTF8_READ_AS = [(_utf8_pattern(table), table) for table in (_CP1252_BYTES, _CP1258_BYTES)]
#: The last byte of “à”, “Ạ”, “Ỡ” is a blank in code page 1252, and a common blank after some programs.
#: Where a letter may follow it is both: the end of a word, or the middle of one.
_BLANK_FOR_BYTE = re.compile("(Ã|á[º»]) (?=[ ,.;:)]|$)")
_BLANK_OR_BYTE = re.compile("(Ã|á[º»]) (?=\\w)")
_DIVIDED = re.compile("(\\w*)\u001f(\\w*)")


# -- from --------------------------------------------------------------------------------------------------------------
_MOST_TIMES = 3


def from_tcvn3(text: str) -> str:
    """The text of TCVN3 letters as Unicode; capitals that the font would have made are small letters still."""
    return text.translate(_TCVN3_TRANSLATION)


def from_vni(text: str) -> str:
    """The text of VNI letters as Unicode."""
    return _VNI_WRITTEN.sub(lambda match: VNI_TABLE[match[0]], text)


def from_windows_1258(text: str) -> str:
    """The text, whose code page 1258 was taken for 1252, as Unicode."""
    return unicodedata.normalize("NFC", text.translate(_CP1258_TRANSLATION))


def from_utf8(text: str) -> str:
    """The text whose UTF-8 was taken for a code page; read again as often as it was read wrong."""
    for _ in range(_MOST_TIMES):
        better = _from_utf8_once(text)
        if better == text:
            break
        text = better
    return text


def _from_utf8_once(text: str) -> str:
    text = _BLANK_OR_BYTE.sub("\\1\u00a0\u001f", _BLANK_FOR_BYTE.sub("\\1\u00a0", text))
    for pattern, table in UTF8_READ_AS:

        def replaced(match: re.Match[str], table: dict[str, int] = table) -> str:
            try:
                return bytes(table[letter] for letter in match[0]).decode("utf-8")
            except UnicodeDecodeError:
                return match[0]

        if (better := pattern.sub(replaced, text)) != text:
            return _DIVIDED.sub(_joined_or_not, better)
    return _DIVIDED.sub(_joined_or_not, text)


def _joined_or_not(match: re.Match[str]) -> str:
    """“đoà” and “n” are one word, “Hà” and “Nội” are two."""
    joined = match[1] + match[2]
    return joined if is_syllable(joined) else f"{match[1]} {match[2]}"


READINGS: dict[Encoding, Callable[[str], str]] = {
    Encoding.TCVN3: from_tcvn3,
    Encoding.VNI: from_vni,
    Encoding.WINDOWS_1258: from_windows_1258,
}


# -- into --------------------------------------------------------------------------------------------------------------
def to_tcvn3(text: str) -> str:
    """Unicode text in TCVN3 letters; toned capitals, which it does not have, become small letters."""
    table = {letter: place for place, letter in TCVN3_TABLE.items()}
    return "".join(table.get(char) or table.get(char.lower(), char) for char in unicodedata.normalize("NFC", text))
