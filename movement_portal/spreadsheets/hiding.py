"""What a worksheet hides from whoever opens it: rows that a filter leaves out or that were hidden by hand, columns."""

import enum
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: More than any row has.
_BEYOND = 1 << 31
#: Numbers of hidden rows that are told one by one.
NUMBERS_TOLD = 10


class Hidden(enum.StrEnum):
    """What hides a row, as far as the file tells."""

    FILTER = "filter"
    HAND = "hand"


#: Said of a hidden row that is taken, and of one that is left out.
TAKEN = {
    Hidden.FILTER: "Dòng này đang bị bộ lọc ẩn trong tệp; vẫn nhập.",
    Hidden.HAND: "Dòng này đang bị ẩn trong tệp; vẫn nhập.",
}
LEFT = {
    Hidden.FILTER: "Dòng này đang bị bộ lọc ẩn trong tệp: để ngoài theo lựa chọn ở bước ghép cột.",
    Hidden.HAND: "Dòng này đang bị ẩn trong tệp: để ngoài theo lựa chọn ở bước ghép cột.",
}
#: Notices by which a row that was read before is known as a hidden one.
TOLD = {text: how for texts in (TAKEN, LEFT) for how, text in texts.items()}


class HiddenRows:
    """Numbers of the rows that a worksheet hides, kept as ranges."""

    def __init__(self, ranges: Iterable[Sequence[int]] = (), filtered: Iterable[Sequence[int]] = ()):
        self._ranges = sorted(map(tuple, ranges))
        #: Where a filter is at work.
        self._filtered = sorted(map(tuple, filtered))

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def how(self, number: int) -> Hidden | None:
        """What hides a row, None for one that is seen."""
        if not _holds(self._ranges, number):
            return None
        return Hidden.FILTER if _holds(self._filtered, number) else Hidden.HAND


def _holds(ranges: Sequence[tuple[int, ...]], number: int) -> bool:
    """Whether a number lies in one of ranges that stand in order."""
    at = bisect_right(ranges, (number, _BEYOND)) - 1
    return at >= 0 and number <= ranges[at][1]


@dataclass(slots=True)
class HiddenCount:
    """How many rows of a list are hidden, and the first of them."""

    count: int = 0
    #: Those of them that a filter hides.
    filtered: int = 0
    first: list[int] = field(default_factory=list)

    def take(self, number: int, how: Hidden) -> None:
        """Count a row."""
        self.count += 1
        self.filtered += how == Hidden.FILTER
        if len(self.first) < NUMBERS_TOLD:
            self.first.append(number)

    @property
    def why(self) -> str:
        """What hides them, in words."""
        if not self.filtered:
            return "ẩn tay hoặc thu gọn nhóm"
        return "do lọc" if self.filtered == self.count else "do lọc và ẩn tay"

    @property
    def numbers(self) -> str:
        """Their numbers as the office sees them, the first few of many."""
        return ", ".join(map(str, self.first)) + (", …" if self.count > len(self.first) else "")


def extend(ranges: list[list[int]], first: int, last: int) -> None:
    """Add a range to others; one that goes on where the last of them ends becomes part of it."""
    if ranges and ranges[-1][1] == first - 1:
        ranges[-1][1] = last
    else:
        ranges.append([first, last])
