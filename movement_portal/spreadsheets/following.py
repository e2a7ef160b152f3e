"""Records that follow one another: of one person at one unit, of one account at one office.

The keys of such a sheet (``Sheet.periods``) tell the person; the days of the row tell which of the records is meant.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from movement_portal.lib.periods import Period, overlap
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.sheets import Sheet


def period_of(sheet: Sheet, draft: Draft) -> Period:
    """First and last day that a row says."""
    first, last = sheet.periods or ("", "")
    return draft.get(first), draft.get(last)


def of_its_days(sheet: Sheet, draft: Draft, matches: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of the records that a key tells, those whose days the row is about; none where it adds days of its own.

    ``matches`` are rows of the register with the columns of the days. A row that says no days is about the last one.
    """
    periods = [_period_in(sheet, row) for row in matches]
    own = period_of(sheet, draft)
    if own == (None, None):
        return list(matches) if len(matches) < 2 else [max(zip(periods, matches, strict=True), key=_by_last_day)[1]]
    for place in (0, 1):
        same = [row for row, days in zip(matches, periods, strict=True) if own[place] and days[place] == own[place]]
        if len(same) == 1:
            return same
    shared = [row for row, days in zip(matches, periods, strict=True) if overlap(own, days)]
    if not shared:
        _add_beside(sheet, draft, periods)
    return shared


def part_periods(sheet: Sheet, drafts: Sequence[Draft]) -> dict[int, Period]:
    """Of rows that are about one record, let those add theirs whose days are apart from what the first makes of it.

    Answers what the first makes of the days of each such record.
    """
    made: dict[int, Period] = {}
    rows: dict[Any, list[Draft]] = defaultdict(list)
    for draft in drafts:
        rows[draft.found.pk].append(draft)
    for same in rows.values():
        if len(same) < 2:
            continue
        # A row judged before knows its record by the key alone.
        record = next((draft.found for draft in same if not draft.found._state.adding), same[0].found)
        stored = _period_of_record(sheet, record)
        same.sort(key=lambda draft: (draft.get(sheet.periods[0]) != stored[0], *_sortable(period_of(sheet, draft))))
        said = period_of(sheet, same[0])
        becomes = made[record.pk] = (said[0] or stored[0], said[1] or stored[1])
        for draft in same[1:]:
            own = period_of(sheet, draft)
            if own[0] is not None and not overlap(own, becomes):
                draft.found = None
                _add_beside(sheet, draft, [becomes])
    return made


def _add_beside(sheet: Sheet, draft: Draft, periods: Sequence[Period]) -> None:
    """Note that the row adds a record beside those of other days, and say so."""
    draft.adds_period = True
    ended = [
        last for _, last in periods if last is not None and (start := draft.get(sheet.periods[0])) and last < start
    ]
    if ended:
        told = f"Đã có thời gian đến hết {max(ended):%d/%m/%Y}: dòng này thêm một thời gian mới, bản ghi cũ giữ nguyên."
    else:
        told = "Đã có thời gian sau đó: dòng này thêm một thời gian trước, bản ghi đã có giữ nguyên."
    draft.notice(sheet.periods[0], told)


def _period_in(sheet: Sheet, row: Mapping[str, Any]) -> Period:
    first, last = (row[sheet.by_name[name].column] for name in sheet.periods)
    return first, last


def _period_of_record(sheet: Sheet, record: Any) -> Period:
    first, last = (getattr(record, sheet.by_name[name].column) for name in sheet.periods)
    return first, last


def _by_last_day(pair: tuple[Period, Any]) -> tuple:
    first, last = pair[0]
    return last is None, last and last.toordinal(), first and first.toordinal()


def _sortable(period: Period) -> tuple:
    return tuple((day is not None, day.toordinal() if day else 0) for day in period)
