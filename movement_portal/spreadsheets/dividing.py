"""One cell that holds a name, an address and telephones: “Công ty A, 12 Lê Lợi, P.1, ĐT: 0651.3…” taken apart.

Nothing is lost: every word of the cell but the labels (ĐT:, Địa chỉ:) stands in one of the parts, and where an address
cannot be told from the name, the name keeps all of it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from movement_portal.lib.phones import split_phones
from movement_portal.lib.vietnamese import nfc

#: Cells that are told one by one; share of them that must come apart for a split to be proposed, and their number.
SAMPLES, SHARE, FEWEST = 3, 0.6, 2

_PHONE_LABEL = r"(?:điện thoại|đ[./]?\s?thoại|s?đtdđ|số đt|s?đt|sdt|tel|phone|hotline|di động|dđ)"
_DIGITS = r"(?:\(?\+?\d(?:(?:[ .\-]|\)[ .\-]?)?\d){7,11}(?!\d))"
#: “ĐT: 0651.3812345 - 0912345678”, in brackets or not; without a label only a number of full length.
_PHONES = re.compile(
    rf"\b{_PHONE_LABEL}\b\s?[:.]?\s?(?P<told>{_DIGITS}(?:\s?[-–;,/]\s?{_DIGITS}){{0,9}})\s?\)?"
    r"|(?<=[\s,;(–])(?P<bare>\(?(?:\+84|0)[ .]?\d{1,4}\)?[ .\-]?\d{3}[ .\-]?\d{2,4}(?:[ .\-]?\d{2,3})?)"
    r"\s?\)?(?=$|[\s,;)])",
    re.IGNORECASE,
)
_FAX = re.compile(r"\bfax\b\s*[:.]?\s*\Z", re.IGNORECASE)
_ADDRESS_LABEL = re.compile(r"\b(?:địa chỉ|đ[/.]\s?c|đc|trụ sở(?: chính)?|address)\s?[:.]", re.IGNORECASE)
#: Where a name may end, what stands there, and how an address goes on.
_BETWEEN = r"(?:\s?[,;\n(]\s?|\s[-–]\s)"
_STREET = (
    r"(?:(?:số(?: nhà)?|sn)\s*[:.]?\s*\d|lô\s+[a-z0-9]|\d+[a-z]?(?:[/\-]\d*[a-z]*)*\s+(?!năm\b|tháng\b)[^\W\d]"
    r"|(?:đường|phố|ấp|thôn|khu phố|kp|tổ|tdp|tổ dân phố|khóm|hẻm|ngõ|ngách|km|buôn|bản|làng|xóm|phum|sóc"
    r"|quốc lộ|tỉnh lộ|hương lộ|ql|tl|đt|hl|tầng|tòa nhà|kcn|khu công nghiệp|ccn|cụm công nghiệp)\b[ .]*[^\W_])"
)
_PLACE = (
    r"(?:(?:phường|xã|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh)\s+[^\W_]"
    r"|(?:p|x|tt|q|h|tx|tp)\.\s?[^\W_]|[pq]\d)"
)
_ADDRESS = re.compile(rf"{_BETWEEN}(?={_STREET})|\s?[,;\n(]\s?(?={_PLACE})", re.IGNORECASE)
#: Runs of blanks and of breaks, one of each from here on: no pattern runs over them twice.
_BLANKS, _BREAKS = re.compile(r"[^\S\n]+"), re.compile(r" ?\n[ \n]*")
_COMMAS = re.compile(r",[\s,]*")
#: A longer cell holds something else.
_LONGEST = 1_000
_EDGES = " \n,;.-–("


@dataclass(frozen=True, slots=True)
class Divided:
    """The parts of a cell; those that it does not hold are empty."""

    name: str
    address: str = ""
    phones: str = ""

    @property
    def is_divided(self) -> bool:
        """Whether there is more than a name."""
        return bool(self.address or self.phones)


def divide(text: str) -> Divided:
    """The parts of a cell; the whole of it as the name where nothing else can be told."""
    if len(text) > _LONGEST:
        return Divided(nfc(text))
    rest, phones = _without_phones(_BREAKS.sub("\n", _BLANKS.sub(" ", text)))
    name, address = _at_address(rest)
    name, address = _tidy(name), _tidy(address)
    if not name:
        return Divided(nfc(text))
    return Divided(name, address, "; ".join(phones))


def _without_phones(text: str) -> tuple[str, list[str]]:
    """The text without its telephone numbers, and these as they are written."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        written = (match["told"] or match["bare"]).strip()
        if match["bare"] and _FAX.search(text, 0, match.start("bare")):
            return match[0]
        try:
            split_phones(written)
        except ValueError:
            return match[0]
        found.append(written)
        return ", " if match.end() < len(text) else ""

    rest = _PHONES.sub(take, text)
    return (re.sub(r"\(\s?(?=,|$)", "", rest) if found else rest), found


def _at_address(text: str) -> tuple[str, str]:
    """The text before and behind the place where its address begins."""
    if label := _ADDRESS_LABEL.search(text):
        return text[: label.start()], text[label.end() :]
    if found := _ADDRESS.search(text):
        return text[: found.start()], text[found.end() :]
    return text, ""


def _tidy(text: str) -> str:
    """A part without the marks that stood around it; a bracket stays where the other one does."""
    text = nfc(_COMMAS.sub(", ", text.replace("\n", ", ")).replace(" ,", ",")).strip(_EDGES)
    return text[:-1].rstrip(_EDGES) if text.endswith(")") and text.count(")") > text.count("(") else text


def divisible(texts: Iterable[str]) -> tuple[tuple[str, Divided], ...]:
    """The first cells of a column with their parts, where most of its cells come apart; nothing where they do not."""
    parts = [(text, divide(text)) for text in texts]
    apart = [(text, divided) for text, divided in parts if divided.is_divided]
    if len(apart) < FEWEST or len(apart) < SHARE * len(parts):
        return ()
    return tuple(apart[:SAMPLES])
