"""Numbers of twelve digits, as identity papers have them: masked to their first and last three."""

import re

DIGITS = 12
#: Digits that stay visible at either end.
SHOWN = 3
DOTS = "•" * (DIGITS - 2 * SHOWN)

SEPARATORS = re.compile(r"[\s.\-]")
#: Twelve digits in a text, separated or not, with no further digit around; every number begins with 0, no amount does.
IN_TEXT = re.compile(r"(?<![\d.,])0(?:[\s.\-]?\d){11}(?!\d)")


def mask(digits: str) -> str:
    """079••••••123."""
    return f"{digits[:SHOWN]}{DOTS}{digits[-SHOWN:]}"


def mask_in_text(text: str) -> str:
    """The text with every number of twelve digits masked: what is kept of a cell, a title, a reason, a note."""
    return IN_TEXT.sub(lambda found: mask(SEPARATORS.sub("", found[0])), text)
