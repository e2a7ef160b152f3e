"""Vietnamese telephone numbers as lists write them, brought to one form."""

import re

_SEPARATORS = re.compile(r"[;,/|\n]| - |\s+(?:hoặc|và)\s+", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:\(?\s*(?:máy lẻ|số lẻ|lẻ|ext\.?)\s*:?\s*(\d{1,5})\s*\)?)\s*$", re.IGNORECASE)
_NOT_DIGIT = re.compile(r"[\s.\-()_]+")
_LABEL = re.compile(r"^(?:điện thoại|đt|tel|sđt|sdt|di động|dđ|cơ quan|cq|hotline|zalo)\s*[:.]?\s*", re.IGNORECASE)

#: National digits of a number with its leading 0: mobile and short landline 10, other landlines 11.
_NATIONAL = re.compile(r"0\d{9,10}")
#: Emergency and service numbers: 113, 069.234.5678 is national, 1800 and 1900 lines.
_SERVICE = re.compile(r"1[89]00\d{4,6}|11[2-5]|111|10\d\d?")


def split_phones(text: str) -> list[str]:
    """The numbers written in one cell, each as digits (an extension after “ máy lẻ ”), in order, once each.

    Raises ``ValueError`` with the part that is no telephone number.
    """
    found: list[str] = []
    for part in _SEPARATORS.split(text):
        for number in _numbers(part.strip()):
            if number not in found:
                found.append(number)
    return found


def normal_phones(text: str) -> str:
    """As ``split_phones``, joined by “; ”."""
    return "; ".join(split_phones(text))


def _numbers(part: str) -> list[str]:
    """Numbers of one part: usually one, two where they were run together."""
    part = _LABEL.sub("", part)
    if not part:
        return []
    extension = _EXTENSION.search(part)
    digits = _NOT_DIGIT.sub("", part[: extension.start()] if extension else part)
    if digits.startswith(("+84", "0084")):
        digits = "0" + digits.removeprefix("+84").removeprefix("0084").removeprefix("0")
    elif digits.startswith("84") and len(digits) in (11, 12):
        digits = "0" + digits[2:]
    elif digits.isdecimal() and len(digits) == 9 and digits[0] != "0":
        # A number typed as a number loses its leading zero.
        digits = "0" + digits
    if _NATIONAL.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return [digits + (f" máy lẻ {extension[1]}" if extension else "")]
    if "-" in part:
        halves = [_numbers(half.strip()) for half in part.split("-", 1)]
        return halves[0] + halves[1]
    if len(digits) == 20 and all(_NATIONAL.fullmatch(half) for half in (digits[:10], digits[10:])):
        return [digits[:10], digits[10:]]
    raise ValueError(part)
