"""When two units may be one: their codes, their names taken apart, their addresses and telephone numbers.

The one rule of the hint while typing, the queue of an import (``units.likeness``, which compares the names) and the
nightly list. A shared code is enough; a name is enough inside one area when it differs in nothing but spelling; a name
that is merely near, or lies in another area, needs the same address or telephone number beside it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from movement_portal.lib.vietnamese import fold
from units.enums import PairReason
from units.likeness import ASK, SURE, Profile, name_likeness, profile

#: Percent of a pair with the same code, by whether the names are alike too.
CODE_AND_NAME, CODE_ALONE = 100, 95
#: The most that a name alone reaches, and what the same address and telephone number add to it.
NAME_ALONE, ADDRESS_ADDS, PHONE_ADDS = 94, 3, 2
#: The most that a name of another area reaches.
ELSEWHERE = 95

_NOT_CODE = re.compile(r"[^0-9A-Z]")
#: Words after which an address says the area, which both units have anyway.
_AREA_WORDS = frozenset(
    {"phuong", "xa", "thi", "quan", "huyen", "tp", "thanh", "tinh", "khu", "kp", "to", "ap", "thon"}
)
#: “P5”, “Q1”, “TP.”: areas written short.
_SHORT_AREA = re.compile(r"[pq]\d{1,2}|tt|tx")
_ADDRESS_NOISE = frozenset({"so", "nha", "duong", "pho", "dai", "lo", "d"})


@dataclass(frozen=True, slots=True)
class Suspect:
    """What of a unit is compared."""

    pk: int | None
    area: int | None
    name: str
    profile: Profile
    tax_code: str
    school_code: str
    #: Every official code without blanks and hyphens.
    codes: frozenset[str]
    phones: frozenset[str]
    #: House number and street; empty where the address has no number.
    address: str
    parent: int | None = None

    @property
    def block(self) -> tuple:
        """What must agree before names are compared."""
        return self.profile.block

    @property
    def text(self) -> str:
        """The words that are the name's own, in one order whatever order they were written in."""
        return " ".join(sorted(self.profile.words))


#: Columns that ``suspect`` reads, in its order.
COLUMNS = (
    "pk", "jurisdiction_id", "name", "tax_code", "school_code", "head_phone", "contact_phone", "address",
    "parent_id",
)  # fmt: skip


def suspect(row: tuple, identifiers: Iterable[str] = ()) -> Suspect:
    """A unit as it is compared; ``row`` are the values of ``COLUMNS``, ``identifiers`` its other codes."""
    pk, area, name, tax_code, school_code, head_phone, contact_phone, address, parent = row
    codes = frozenset(filter(None, map(plain_code, (tax_code, school_code, *identifiers))))
    phones = frozenset(filter(None, (part.strip() for part in f"{head_phone};{contact_phone}".split(";"))))
    return Suspect(
        pk, area, name, profile(name), tax_code or "", school_code or "", codes, phones, address_key(address),
        parent,
    )  # fmt: skip


def suspect_of(unit, identifiers: Iterable[str] = ()) -> Suspect:
    """As ``suspect``, of an instance that may not be saved yet."""
    return suspect(tuple(getattr(unit, column) for column in COLUMNS), identifiers)


def plain_code(code: str | None) -> str:
    """A code as it is compared; short ones (an order number, “01”) are none."""
    plain = _NOT_CODE.sub("", (code or "").upper())
    return plain if len(plain) >= 6 else ""


def address_key(address: str) -> str:
    """The house number and the street: “Số 12, đường Lê Lợi, phường 5” is “12 le loi”."""
    kept: list[str] = []
    for word in fold(address).split():
        if word in _AREA_WORDS or _SHORT_AREA.fullmatch(word):
            if kept:
                break
            continue
        if word not in _ADDRESS_NOISE:
            kept.append(word)
    has_number = any(any(letter.isdigit() for letter in word) for word in kept)
    return " ".join(kept) if has_number and len(kept) > 1 else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely two units are one, in percent, and why."""

    score: int
    reasons: tuple[PairReason, ...]


def judge(one: Suspect, other: Suspect, *, score: float | None = None, is_asking: bool = False) -> Verdict | None:
    """Whether two units may be one; ``score`` is the likeness of their texts where it is known already.

    ``is_asking`` lets names of one area that are merely near pass, as an import does, for somebody answers at once.
    """
    if (other.parent and other.parent == one.pk) or (one.parent and one.parent == other.pk):
        return None
    has_code = bool(one.codes & other.codes)
    if not has_code and _codes_differ(one, other):
        return None
    name = _name_score(one, other, score)
    has_name = name is not None and name >= ASK
    has_address = bool(one.address) and one.address == other.address
    has_phone = bool(one.phones & other.phones)
    reasons = tuple(
        reason
        for reason, holds in (
            (PairReason.CODE, has_code),
            (PairReason.NAME, has_name),
            (PairReason.ADDRESS, has_address),
            (PairReason.PHONE, has_phone),
        )
        if holds
    )
    if has_code:
        return Verdict(CODE_AND_NAME if has_name else CODE_ALONE, reasons)
    if not has_name:
        return None
    is_supported = has_address or has_phone
    if one.area == other.area:
        if name >= SURE or is_supported or is_asking:
            return Verdict(min(name, NAME_ALONE) + ADDRESS_ADDS * has_address + PHONE_ADDS * has_phone, reasons)
    elif name >= SURE and is_supported:
        return Verdict(min(name, ELSEWHERE), reasons)
    return None


def _codes_differ(one: Suspect, other: Suspect) -> bool:
    """Whether both have a code of one series and not the same: they are two."""
    pairs = ((one.tax_code, other.tax_code), (one.school_code, other.school_code))
    return any(mine and theirs and plain_code(mine) != plain_code(theirs) for mine, theirs in pairs)


def _name_score(one: Suspect, other: Suspect, score: float | None) -> int | None:
    if one.block != other.block:
        return None
    if score is None:
        score = fuzz.ratio(one.text, other.text, score_cutoff=ASK)
    return name_likeness(one.name, other.name, score) if score >= ASK else None
