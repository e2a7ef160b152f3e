"""Periods that would overlap, said before the database refuses them: ``PeriodsApart`` over rows in memory."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from movement_portal.lib.periods import Period, PeriodsApart, overlap
from movement_portal.spreadsheets.constraints import getter
from movement_portal.spreadsheets.drafts import Draft, RowOfFile, ToMake
from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import Sheet

NOTHING: Mapping[int, Period] = MappingProxyType({})


def refuse_overlapping(sheet: Sheet, drafts: Sequence[Draft], *, moved: Mapping[int, Period] = NOTHING) -> None:
    """Refuse the rows that would move the days of a record into those of another one like it, or add such days.

    A row that names what makes two records alike finds the record by it, so that only days can clash here: those of
    records that it finds, and those that it adds beside one which stays longer than another row has said. ``moved``
    are days of records as rows make them that are not among the drafts.
    """
    for constraint in sheet.model._meta.constraints:
        if isinstance(constraint, PeriodsApart):
            _refuse(sheet, drafts, constraint, moved)


def _refuse(sheet: Sheet, drafts: Sequence[Draft], constraint: PeriodsApart, moved: Mapping[int, Period]) -> None:
    days = {name for name in (constraint.first, constraint.last) if name in sheet.by_name}
    rows: dict[tuple, list[tuple[Draft, Period]]] = defaultdict(list)
    becomes: dict[int, Period] = dict(moved)
    for draft in drafts:
        is_moved = draft.found is not None and draft.outcome == RowOutcome.CHANGED
        if not (is_moved or draft.adds_period) or days.isdisjoint(draft.values):
            continue
        get = getter(sheet, draft)
        if draft.found is not None:
            becomes[draft.found.pk] = get(constraint.first), get(constraint.last)
        values = tuple(get(name) for name in constraint.fields)
        if (constraint.unless and get(constraint.unless) is not None) or any(
            value is None or isinstance(value, RowOfFile | ToMake) for value in values
        ):
            continue
        rows[values].append((draft, (get(constraint.first), get(constraint.last))))
    if not rows:
        return
    names = [sheet.model._meta.get_field(name).attname for name in constraint.fields]
    others = sheet.model._base_manager.all()
    if constraint.unless:
        others = others.filter(**{f"{constraint.unless}__isnull": True})
    message = str(constraint.get_violation_error_message())
    for part in in_parts(values[-1] for values in rows):
        found = others.filter(**{f"{names[-1]}__in": part})
        for pk, first, last, *values in found.values_list("pk", constraint.first, constraint.last, *names):
            for draft, period in rows.get(tuple(values), ()):
                if draft.found is None:
                    is_apart = not overlap(period, becomes.get(pk, (first, last)))
                else:
                    is_apart = draft.found.pk == pk or not overlap(period, (first, last))
                if not is_apart and not draft.problems:
                    draft.refuse(next(name for name in (constraint.last, constraint.first) if name in days), message)
