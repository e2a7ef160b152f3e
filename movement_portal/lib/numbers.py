"""Numbers as a Vietnamese office writes them: 1.727 and 83,3 %."""

from decimal import ROUND_HALF_UP, Decimal

#: What a figure looks like when there is none.
NOTHING = "–"


def written(value: int | float | Decimal | None, places: int = 0) -> str:
    """The number with ``.`` between thousands and ``,`` before decimals; half is rounded up; None gives a dash."""
    if value is None:
        return NOTHING
    if places == 0 and type(value) is int:
        return f"{value:,}".replace(",", ".")
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{exact:,}".translate(str.maketrans(",.", ".,"))


def percent(part: int | None, whole: int | None, places: int = 1) -> str:
    """Share of ``part`` in ``whole`` as a percentage; a dash where there is nothing to divide by."""
    if part is None or not whole:
        return NOTHING
    return f"{written(Decimal(part) * 100 / Decimal(whole), places)} %"
