"""Citizen identification numbers: read, masked, sealed, compared; a number is shown whole only where it is asked for.

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: kept only where a unit issues or renews certificates, never needed otherwise.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError

from movement_portal.lib.masking import DIGITS, SEPARATORS, WHOLE, mask, mask_in_text
from movement_portal.persons.keys import WrongKey, keyring

#: Shown in place of a number whose key is missing.
UNREADABLE = "(không đọc được: sai khóa)"
#: Begins every sealed number, before the fingerprint of its key.
MARK = "cid1"

_SEALED = re.compile(rf"{MARK}\.([0-9a-f]{{8}})\.([A-Za-z0-9_\-=]{{60,}})")


class NotANumber(ValueError):
    """The text is no citizen identification number."""


def normal(text: str) -> str:
    """The twelve digits of a number as typed; raises ``NotANumber``."""
    digits = SEPARATORS.sub("", text)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise NotANumber(f"Số định danh có {DIGITS} chữ số.")
    return digits


def sealed_in_text(text: str) -> str:
    """What an officer typed, as it is kept: a number sealed, one inside a longer text masked."""
    return CitizenId.of(text).token if WHOLE.fullmatch(text.strip()) else mask_in_text(text)


def is_sealed(text: str) -> bool:
    """Whether a text is a sealed number."""
    return text.startswith(f"{MARK}.") and _SEALED.fullmatch(text) is not None


class CitizenId:
    """One number, sealed at rest; as text it is masked, whatever prints it. ``clear`` is the only way to the whole."""

    __slots__ = ("_clear", "_token", "is_stored")

    def __init__(self, *, token: str = "", clear: str = "", is_stored: bool = False):
        self._token, self._clear = token, clear
        #: Whether it is what the database holds, whose index stands beside it.
        self.is_stored = is_stored

    @classmethod
    def of(cls, text: str) -> "CitizenId":
        """The number a text says; raises ``NotANumber``, also for one that is sealed already."""
        return cls(clear=normal(text))

    @classmethod
    def sealed(cls, token: str, *, is_stored: bool = False) -> "CitizenId":
        """The number of a sealed text; its key is asked for when it is needed. Raises ``NotANumber``."""
        if not is_sealed(token):
            raise NotANumber("Đây không phải số định danh đã mã hóa.")
        return cls(token=token, is_stored=is_stored)

    @property
    def token(self) -> str:
        """The sealed text; what was read from the database goes back as it is."""
        if not self._token:
            ring = keyring()
            self._token = f"{MARK}.{ring.name}.{ring.seal(self._clear.encode('ascii'))}"
        return self._token

    @property
    def clear(self) -> str:
        """All twelve digits; raises ``WrongKey``. Whoever shows them puts the reading down first."""
        if not self._clear:
            name, sealed = _SEALED.fullmatch(self._token).groups()
            self._clear = keyring().unseal(name, sealed).decode("ascii")
        return self._clear

    @property
    def masked(self) -> str:
        """First and last three digits; says so where the key is missing."""
        try:
            return mask(self.clear)
        except WrongKey:
            return UNREADABLE

    @property
    def index(self) -> str:
        """The blind index of the number; raises ``WrongKey``."""
        return index_of(self.clear)

    def resealed(self) -> "CitizenId":
        """The same number under the key that seals now; raises ``WrongKey``."""
        return CitizenId(clear=self.clear)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<CitizenId {self.masked}>"

    def __eq__(self, other: Any) -> bool:
        if isinstance(other, CitizenId):
            if self._token and self._token == other._token:
                return True
            try:
                return self.clear == other.clear
            except WrongKey:
                return False
        if isinstance(other, str):
            try:
                return self.clear == normal(other)
            except (NotANumber, WrongKey):
                return False
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.index)

    def __reduce__(self):
        return CitizenId.sealed, (self.token,)


def index_of(text: str) -> str:
    """The blind index by which a number is looked for; raises ``NotANumber``."""
    return keyring().index(f"citizen id {normal(text)}")


def validate(text: str) -> None:
    """Refuse a text that is no number, as forms do."""
    try:
        normal(text)
    except NotANumber as problem:
        raise ValidationError(str(problem), code="citizen_id") from problem
