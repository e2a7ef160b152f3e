"""The faults of a list by cause and value, with what can be done about each: what the check page offers."""

import zlib
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count
from rapidfuzz import fuzz, process

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.correcting import actions_for, field_of
from movement_portal.spreadsheets.enums import FixAction
from movement_portal.spreadsheets.fields import Field, Kind
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.records import NOT_TOLD_APART, TAKEN_ELSEWHERE
from movement_portal.spreadsheets.repeats import REPEATED
from movement_portal.spreadsheets.sheets import Sheet

#: Values shown of one cause, the most frequent first; causes shown in all.
VALUES, CAUSES = 30, 60
#: Likeness from which a choice is proposed for a word that is none.
PROPOSED = 60
#: Causes that lie between rows: no value of one field puts them right for all.
BETWEEN_ROWS = frozenset({REPEATED, TAKEN_ELSEWHERE, NOT_TOLD_APART})


@dataclass(frozen=True)
class FaultValue:
    """One value with a fault: how many rows have it, and what it may have meant."""

    value: str
    count: int
    proposed: str = ""


@dataclass(frozen=True)
class FaultGroup:
    """A cause, the rows that have it, and what can be done for them."""

    cause: str
    key: str
    column: str
    count: int
    #: Whether the rows are refused for it, or only told.
    refuses: bool
    field: Field | None
    actions: tuple[FixAction, ...]
    values: tuple[FaultValue, ...]
    #: How many values are not shown.
    more: int

    @property
    def anchor(self) -> str:
        """A name for the group on the page that does not change while others come and go."""
        return f"loi-{zlib.crc32(f'{self.key}|{self.cause}|{self.refuses}'.encode()):08x}"

    @property
    def takes_area(self) -> bool:
        return FixAction.AREA in self.actions

    @property
    def takes_text(self) -> bool:
        return FixAction.TEXT in self.actions

    @property
    def takes_empty(self) -> bool:
        return FixAction.EMPTY in self.actions

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The values of a closed list, by value and label."""
        return [(choice.label, choice.label) for choice in self.field.choices] if self.field else []


def groups_of(batch: ImportBatch, sheet: Sheet) -> list[FaultGroup]:
    """All causes of a batch, those that refuse rows first, then by the number of their rows; two queries."""
    faults = batch.faults.order_by()
    found = list(
        faults.values("refuses", "cause", "key").annotate(count=Count("pk"), values=Count("value", distinct=True))
    )
    found.sort(key=lambda each: (not each["refuses"], -each["count"], each["cause"]))
    values: dict[tuple, list] = defaultdict(list)
    wanted = faults.values_list("refuses", "cause", "key", "column", "value").annotate(count=Count("pk"))
    for refuses, cause, key, column, value, count in wanted.order_by("-count", "value")[: VALUES * CAUSES]:
        if len(shown := values[refuses, cause, key]) < VALUES:
            shown.append((column, value, count))
    return [_group(sheet, each, values[each["refuses"], each["cause"], each["key"]]) for each in found[:CAUSES]]


def _group(sheet: Sheet, found: dict, values: list) -> FaultGroup:
    field = field_of(sheet, found["key"])
    actions = (FixAction.LEAVE_OUT,) if found["cause"] in BETWEEN_ROWS else actions_for(sheet, field)
    return FaultGroup(
        cause=found["cause"],
        key=found["key"],
        column=values[0][0] if values else "",
        count=found["count"],
        refuses=found["refuses"],
        field=field,
        actions=actions,
        values=tuple(FaultValue(value, count, proposed_for(field, value)) for _, value, count in values),
        more=max(found["values"] - len(values), 0),
    )


def proposed_for(field: Field | None, value: str) -> str:
    """The choice whose name is likest to a word that is none; empty where nothing is like it."""
    if field is None or field.kind != Kind.CHOICE or not value:
        return ""
    names = list(field.choice_index)
    best = process.extractOne(fold(value), names, scorer=fuzz.token_set_ratio, score_cutoff=PROPOSED)
    return field.choice_index[best[0]].label if best else ""
