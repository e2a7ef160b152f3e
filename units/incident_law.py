"""What Thông tư 124/2021/TT-BCA says of an incident, as reminders; nothing is refused for it."""

from units.enums import IncidentKind, UnitKind
from units.models import Incident

#: Items that Điều 7 khoản 3 leaves out of what Điều 6 khoản 3 lists.
NOT_OF_SCHOOLS = (IncidentKind.D, IncidentKind.H)
#: Items that force majeure frees, and the one that being found in time, lessened and reported frees: Điều 6 khoản 3.
FREED_BY_FORCE_MAJEURE = (IncidentKind.DD, IncidentKind.G)
FREED_WHEN_FOUND_IN_TIME = (IncidentKind.DD,)
LAW = "Thông tư 124/2021/TT-BCA"


def reminders_of(incident: Incident) -> list[str]:
    """What of an incident the circular does not look at, in words."""
    kind, is_school = IncidentKind(incident.kind), incident.unit.kind == UnitKind.SCHOOL
    told = []
    if is_school and kind in NOT_OF_SCHOOLS:
        told.append(f"{LAW} không xét điểm {kind.value} với cơ sở giáo dục (Điều 7).")
    if not is_school and kind == IncidentKind.SCHOOL_VIOLENCE:
        told.append(f"{LAW} chỉ xét bạo lực học đường với cơ sở giáo dục (Điều 7).")
    if incident.is_force_majeure and kind not in FREED_BY_FORCE_MAJEURE:
        told.append(f"{LAW} chỉ loại trừ bất khả kháng ở điểm {_items(FREED_BY_FORCE_MAJEURE)}.")
    if incident.found_in_time and kind not in FREED_WHEN_FOUND_IN_TIME:
        told.append(f"{LAW} chỉ loại trừ việc phát hiện kịp thời ở điểm {_items(FREED_WHEN_FOUND_IN_TIME)}.")
    return told


def _items(kinds) -> str:
    return ", ".join(kind.value for kind in kinds)
