"""Rows that name the rows below them: “I. Phường A”, “1. Khối trường học”; each level of them becomes a column."""

import re

_MARK = re.compile(
    r"\s*(?:(?P<roman>[IVXLC]+)|(?P<capital>[A-ZĐ])|(?P<number>\d{1,3}(?:\.\d{1,3})*)|(?P<small>[a-zđ]))"
    r"\s*(?:[.):/]|\s[-–]|\s|$)"
)
_PLACE = re.compile(r"(phường|xã|thị trấn|đặc khu|quận|huyện|thị xã|thành phố|tỉnh)\b", re.IGNORECASE)


def style_of(text: str, previous: str = "") -> str:
    """How a group is marked: "roman", "capital", "number" with its depth, "small", "place" or "plain".

    ``previous`` is the letter of the last group marked by one: after “H.” comes the letter “I.”, not the number one.
    """
    match = _MARK.match(text)
    if match is None:
        return "place" if _PLACE.match(text) else "plain"
    if number := match["number"]:
        return f"number{number.count('.')}"
    if match["small"]:
        return "small"
    mark = match["roman"] or match["capital"]
    follows = len(mark) == 1 and bool(previous) and ord(previous) == ord(mark) - 1
    return "roman" if match["roman"] and not follows and mark not in ("C", "L") else "capital"


class Groups:
    """The groups that are open at a line, the outermost first."""

    def __init__(self) -> None:
        self.open: tuple[str, ...] = ()
        self._styles: list[str] = []
        self._letter = ""

    def enter(self, text: str) -> None:
        """Open a group: a style that is open already ends its group and those inside it, a new one goes inside."""
        style = style_of(text, self._letter)
        if style == "capital":
            self._letter = text.strip()[:1]
        depth = self._styles.index(style) if style in self._styles else len(self._styles)
        self._styles[depth:] = [style]
        self.open = (*self.open[:depth], text)
