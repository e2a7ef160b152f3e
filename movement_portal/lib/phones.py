"""Vietnamese telephone numbers as lists write them, several in one cell, brought to one form."""

import re

_SEPARATORS = re.compile(r"[;,/|\r\n]| - |\s+(?:hoặc|và|hay)\s+", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*\(?\s*(?:máy lẻ|số lẻ|lẻ|ml|ext)\.?\s*:?\s*(\d{1,5})\s*\)?\s*$", re.IGNORECASE)
_NOT_DIGIT = re.compile(r"[\s.\-–()_]+")
_LABEL = re.compile(
    r"^(?:điện thoại|đtdđ|đt|tel|sđt|sdt|di động|dđ|cơ quan|cq|nhà riêng|nr|hotline|zalo|mobile)\b\s*[:.]?\s*",
    re.IGNORECASE,
)

#: National digits of a number with its leading 0: mobile and short landline 10, other landlines 11.
_NATIONAL = re.compile(r"0[1-9]\d{8,9}")
#: One number of ten digits: nothing is to be done about it, and most are such.
_USUAL = re.compile(r"0[1-9][0-9]{8}")
#: Emergency and service numbers: 113, 069.234.5678 is national, 1800 and 1900 lines.
_SERVICE = re.compile(r"1[89]00\d{4,6}|11[2-5]|111|10\d\d?")

#: A number typed as a quantity loses its leading zero.
_LOST_ZERO = re.compile(r"[1-9]\d{8}|2\d{9}|1[2689]\d{8}")

#: Mobile prefixes of eleven digits and what they became in 2018.
_OLD_MOBILE = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035",
    "0166": "036", "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip

#: How the digits of a number are grouped for the eye.
_GROUPS = (
    (re.compile(r"(02[48])(\d{4})(\d{4})"), r"\1 \2 \3"),
    (re.compile(r"(02\d\d)(\d{3})(\d{4})"), r"\1 \2 \3"),
    (re.compile(r"(0\d{3})(\d{3})(\d{3})"), r"\1 \2 \3"),
    (re.compile(r"(1[89]00)(\d+)"), r"\1 \2"),
)


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
    if _USUAL.fullmatch(text):
        return text
    return "; ".join(split_phones(text))


def display_phones(text: str) -> str:
    """Numbers in their normal form with the digits grouped: “0912 345 678”; anything else as it is."""
    return "; ".join(_grouped(part.strip()) for part in text.split(";") if part.strip())


def _numbers(part: str) -> list[str]:
    """Numbers of one part: usually one, two where they were run together."""
    part = _LABEL.sub("", part)
    if not part:
        return []
    extension = _EXTENSION.search(part)
    digits = _national(_NOT_DIGIT.sub("", part[: extension.start()] if extension else part))
    if digits is not None:
        return [digits + (f" máy lẻ {extension[1]}" if extension else "")]
    for divided in (part.split("-", 1), part.split()):
        if len(divided) > 1 and all(_national(_NOT_DIGIT.sub("", piece)) for piece in divided):
            return [number for piece in divided for number in _numbers(piece)]
    digits = _NOT_DIGIT.sub("", part)
    if len(digits) == 20 and all(_NATIONAL.fullmatch(half) for half in (digits[:10], digits[10:])):
        return [digits[:10], digits[10:]]
    raise ValueError(part)


def _national(digits: str) -> str | None:
    """The digits as they are dialled inside the country today, or None when they are no number."""
    if not digits.isascii():
        return None
    if digits.startswith(("+84", "0084")):
        digits = "0" + digits.removeprefix("+84").removeprefix("0084").removeprefix("0")
    elif digits.startswith("84") and len(digits) in (11, 12):
        digits = "0" + digits[2:]
    elif _LOST_ZERO.fullmatch(digits) and not _SERVICE.fullmatch(digits):
        digits = "0" + digits
    if len(digits) == 11 and digits[:4] in _OLD_MOBILE:
        digits = _OLD_MOBILE[digits[:4]] + digits[4:]
    return digits if _NATIONAL.fullmatch(digits) or _SERVICE.fullmatch(digits) else None


def _grouped(number: str) -> str:
    digits, _, extension = number.partition(" ")
    for pattern, groups in _GROUPS:
        if pattern.fullmatch(digits):
            digits = pattern.sub(groups, digits)
            break
    return f"{digits} {extension}".strip()
