"""How a worksheet is read where its file leaves a choice, which an officer makes: nothing here is done unasked.

Rows that the file hides come in, and are marked, unless they are to be left out: a filter is often left over from
work on the list, and a row too many is seen on the check page, while one too few is not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Keys of a worksheet's ways as they are kept with an import.
HIDDEN, FILLED, DIVIDED = "hidden", "filled", "divided"
#: Under ``HIDDEN``: the rows that are hidden stay out.
LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of one worksheet."""

    #: Hidden rows stay out of the register.
    leaves_hidden: bool = False
    #: Headers of columns whose empty cells say what the row above says.
    filled: frozenset[str] = frozenset()
    #: Header of the column whose cells hold name, address and telephone together.
    divided: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Ways":
        """What is kept with an import, as ways."""
        return cls(kept.get(HIDDEN) == LEAVE, frozenset(kept.get(FILLED, ())), kept.get(DIVIDED, ""))

    def kept(self) -> dict[str, Any]:
        """As they are kept with an import: only what is not usual."""
        found = {HIDDEN: LEAVE if self.leaves_hidden else "", FILLED: sorted(self.filled), DIVIDED: self.divided}
        return {name: value for name, value in found.items() if value}

    def among(self, headers: Iterable[str]) -> "Ways":
        """The ways without those of columns that are not there."""
        headers = set(headers)
        return Ways(self.leaves_hidden, self.filled & headers, self.divided if self.divided in headers else "")


#: Nothing chosen.
USUAL = Ways()


def ways_kept(found: Mapping[str, Ways]) -> dict[str, dict[str, Any]]:
    """Ways by worksheet as an import keeps them; worksheets read as usual are left out."""
    return {name: kept for name, ways in found.items() if (kept := ways.kept())}


def ways_by_sheet(kept: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> dict[str, Ways]:
    """The ways of each of the worksheets."""
    return {name: Ways.of(kept.get(name, {})) for name in names}
