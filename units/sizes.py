"""The size of an enterprise as its figures tell it (Nghị định 80/2021/NĐ-CP, Điều 5); thresholds are dated rows.

An enterprise is of the first size whose ceiling of staff it keeps together with that of revenue or that of capital.
Offices rarely hold all figures, so every answer allows for what is not known.
"""

import datetime

from units.enums import BusinessSector, EnterpriseSize
from units.models import SizeThreshold

ORDER = (EnterpriseSize.MICRO, EnterpriseSize.SMALL, EnterpriseSize.MEDIUM)


def possible_sizes(
    staff: int | None, revenue: int | None, capital: int | None, sector: str, on: datetime.date
) -> set[EnterpriseSize]:
    """Sizes that the figures (people; đồng a year; đồng) do not rule out; none when no threshold is in force."""
    thresholds = {(row.sector, row.size): row for row in SizeThreshold.objects.as_of(on)}
    found: set[EnterpriseSize] = set()
    for each in [BusinessSector(sector)] if sector else list(BusinessSector):
        rows = [thresholds.get((each, size)) for size in ORDER]
        if None not in rows:
            found |= _possible(rows, staff, revenue, capital)
    return found


def size_warning(unit, on: datetime.date) -> str:
    """A warning in Vietnamese when the figures of an enterprise rule out the size chosen for it; else an empty text."""
    figures = (unit.size_staff_count, unit.size_revenue_amount, unit.size_capital_amount)
    if not unit.enterprise_size or all(figure is None for figure in figures):
        return ""
    sizes = possible_sizes(*figures, unit.business_sector, on)
    if not sizes or unit.enterprise_size in sizes:
        return ""
    told = " hoặc ".join(f"“{size.label}”" for size in EnterpriseSize if size in sizes)
    return f"Số liệu đã ghi ứng với quy mô {told}, không phải “{unit.get_enterprise_size_display()}”."


def _possible(rows, staff, revenue, capital):
    found = set()
    for row in rows:
        fits = _fits(row, staff, revenue, capital)
        if fits is not False:
            found.add(EnterpriseSize(row.size))
        if fits:
            return found
    return {*found, EnterpriseSize.LARGE}


def _fits(row, staff, revenue, capital):
    """True, False, or None where the figures do not settle it."""
    few = _within(staff, row.max_staff)
    money = (_within(revenue, row.max_revenue_amount), _within(capital, row.max_capital_amount))
    modest = True if True in money else (False if money == (False, False) else None)
    if few is False or modest is False:
        return False
    return True if few and modest else None


def _within(figure, ceiling):
    return None if figure is None else figure <= ceiling
