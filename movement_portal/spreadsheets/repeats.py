"""Rows that repeat an earlier row of the same list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from movement_portal.lib.periods import Period, overlap
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.following import period_of
from movement_portal.spreadsheets.records import has_key, is_weak
from movement_portal.spreadsheets.sheets import Sheet

ALWAYS: Period = (None, None)
REPEATED = "Trùng với một dòng khác trong tệp"


class Earlier(NamedTuple):
    """What is remembered of a row for those that may repeat it."""

    worksheet: str
    number: int
    label: str
    #: First and last day, where records follow one another.
    period: Period
    #: Values of the keys that are one code, as far as the row has them.
    codes: dict[str, Any]

    def told(self, several: bool) -> str:
        """How the reason names the row; ``several`` worksheets are told apart."""
        where = f"dòng {self.number} của trang “{self.worksheet}”" if several else f"dòng {self.number}"
        return f"Trùng với {where} ({self.label})."


class Repeats:
    """Rows of a list that repeat an earlier one, found part by part: of the rows before little is remembered."""

    def __init__(self, sheet: Sheet, *, several: bool = False):
        self._sheet, self._several = sheet, several
        self._codes = [key[0] for key in sheet.keys if len(key) == 1]
        #: By the hash of key and values: the values themselves would take too much room.
        self._seen: dict[int, list[Earlier]] = {}
        self._records: dict[int, Earlier] = {}

    def refuse(self, drafts: Sequence[Draft]) -> None:
        """Refuse those of the rows that repeat one of them or one of the parts before."""
        self._several = self._several or len({draft.worksheet for draft in drafts}) > 1
        for draft in drafts:
            hashes = {key: self._hash(draft, key) for key in self._sheet.keys if has_key(self._sheet, draft, key)}
            earlier, name = self._earlier(draft, hashes)
            if earlier is None and draft.found is not None and draft.found.pk in self._records:
                earlier, name = self._records[draft.found.pk], self._sheet.keys[0][0]
            own = self._note(draft)
            for each in hashes.values():
                self._seen.setdefault(each, []).append(own)
            if draft.found is not None:
                self._records.setdefault(draft.found.pk, own)
            if earlier is not None:
                draft.refuse(name, earlier.told(self._several), REPEATED)

    def refuse_same_record(self, drafts: Iterable[Draft]) -> None:
        """Refuse those of the rows, noted before, that turned out to be about a record which another row is about."""
        for draft in drafts:
            if draft.found is None:
                continue
            own = self._note(draft)
            first = self._records.setdefault(draft.found.pk, own)
            if first[:2] != own[:2] and not any(problem.cause == REPEATED for problem in draft.problems):
                draft.refuse(self._sheet.keys[0][0], first.told(self._several), REPEATED)

    def _note(self, draft: Draft) -> Earlier:
        period = period_of(self._sheet, draft) if self._sheet.periods else ALWAYS
        return Earlier(draft.worksheet, draft.number, draft.label, period, self._codes_of(draft))

    def _codes_of(self, draft: Draft) -> dict[str, Any]:
        return {name: value for name in self._codes if (value := draft.get(name)) not in (None, "")}

    def _hash(self, draft: Draft, key) -> int:
        values: list[Any] = [key]
        for name, is_area, _ in self._sheet.key_parts[key]:
            value = draft.get(name)
            values.append("?" if is_area and draft.area_guessed else self._sheet.by_name[name].match_key(value))
        return hash(tuple(values))

    def _earlier(self, draft: Draft, hashes: Mapping[tuple[str, ...], int]) -> tuple[Earlier | None, str]:
        period = period_of(self._sheet, draft) if self._sheet.periods else ALWAYS
        for key, each in hashes.items():
            for other in self._seen.get(each, ()):
                if not overlap(period, other.period):
                    continue
                if not is_weak(self._sheet, key) or not self._differ_in_codes(draft, other, key):
                    return other, key[0]
        return None, ""

    def _differ_in_codes(self, draft: Draft, other: Earlier, key) -> bool:
        for surer in self._sheet.keys[: self._sheet.keys.index(key)]:
            if len(surer) == 1 and (theirs := other.codes.get(surer[0])) is not None:
                mine = draft.get(surer[0])
                if mine not in (None, "") and mine != theirs:
                    return True
        return False
