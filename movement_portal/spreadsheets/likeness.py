"""Rows that look like records of the register: sure ones are taken for them, unsure ones wait for an officer."""

from collections.abc import Sequence, Set
from typing import Any

from django.db import models

from movement_portal.spreadsheets.areas import OUT_OF_REACH
from movement_portal.spreadsheets.corrections import Corrections
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.enums import Decision
from movement_portal.spreadsheets.records import NOT_TOLD_APART, in_parts
from movement_portal.spreadsheets.sheets import Alike, LikenessSearch, Sheet

#: Likeness in percent from which a row is asked about.
ASK = 80
#: Records shown beside a row.
SHOWN = 3


def find_alike(
    sheet: Sheet,
    drafts: Sequence[Draft],
    *,
    officer,
    corrections: Corrections,
    search: LikenessSearch | None,
    taken: Set[int] = frozenset(),
    waiting: set[Draft] | None = None,
) -> None:
    """Set ``found`` of rows that no key has found and that are surely a record, ``candidates`` of those that may be.

    What the officer has decided of a row comes before any likeness; a record that a row has by its key is no other
    row's. ``search`` finds the records; it is one for all parts of a list. ``taken`` are records of further rows. Where
    more rows are to come, those that look like a record are only noted in ``waiting``: the record may be another row's.
    """
    open_rows = [draft for draft in drafts if draft.found is None and not _is_told(draft)]
    chosen = _decided(sheet, open_rows, officer, corrections)
    if search is None:
        return
    open_rows = [draft for draft in open_rows if draft not in chosen]
    if not open_rows:
        return
    taken = taken | {draft.found.pk for draft in drafts if draft.found is not None}
    sure: dict[int, tuple[Draft, Alike]] = {}
    for draft, alike in search(open_rows).items():
        best = [each for each in alike if each.score >= ASK and each.pk not in taken][:SHOWN]
        if waiting is not None:
            if best:
                waiting.add(draft)
            continue
        draft.candidates = [(each.pk, each.score) for each in best]
        if len(best) == 1 and best[0].is_sure and best[0].score > _score(sure.get(best[0].pk)):
            # Of two rows alike to one record the less alike is asked about.
            sure[best[0].pk] = (draft, best[0])
    _take_sure(sheet, sure, officer)


def _is_told(draft: Draft) -> bool:
    """Whether it is known already that the row cannot be told from others, or is none of the officer's."""
    return any(problem.cause in (OUT_OF_REACH, NOT_TOLD_APART) for problem in draft.problems)


def _score(pair: tuple[Draft, Alike] | None) -> int:
    return pair[1].score if pair else 0


def _decided(sheet: Sheet, drafts: Sequence[Draft], officer, corrections: Corrections) -> set[Draft]:
    """Rows of which the officer has said what they are; those that are a record get it."""
    if not corrections.decisions:
        return set()
    said = {draft: corrections.decision_on(draft.worksheet, draft.number) for draft in drafts}
    records = _records(sheet, [pk for decision, pk in said.values() if decision == Decision.SAME], officer)
    done = set()
    for draft, (decision, pk) in said.items():
        if decision == Decision.DIFFERENT:
            done.add(draft)
        elif decision == Decision.SAME and pk in records:
            draft.found, draft.is_alike = records[pk], True
            done.add(draft)
    return done


def _records(sheet: Sheet, keys: Sequence[int], officer) -> dict[Any, models.Model]:
    records: dict[Any, models.Model] = {}
    for part in in_parts(keys):
        records.update(sheet.model.objects.editable_by(officer).in_bulk(part))
    return records


def _take_sure(sheet: Sheet, sure: dict[int, tuple[Draft, Alike]], officer) -> None:
    records = _records(sheet, list(sure), officer)
    for pk, (draft, alike) in sure.items():
        if pk in records:
            draft.found, draft.is_alike, draft.candidates = records[pk], True, []
            draft.notice("name", f"Nhận ra “{records[pk]}” trong sổ: tên giống {alike.score} %.")
