"""The check of a list: every row judged in memory, a fixed number of questions to the database for the whole of it."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.spreadsheets import areas, constraints, likeness, records, returning
from movement_portal.spreadsheets.corrections import NOTHING, Corrections
from movement_portal.spreadsheets.drafts import Draft, RowOfFile, ToMake
from movement_portal.spreadsheets.enums import ExistingMode, RowOutcome
from movement_portal.spreadsheets.fields import Field, Kind, Merge, split_year
from movement_portal.spreadsheets.intake import Plan, read_cell, read_drafts
from movement_portal.spreadsheets.progress import Meter, Progress
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.values import ValueProblem

#: Outcomes that are counted, in the order they are told.
COUNTED = (
    RowOutcome.NEW,
    RowOutcome.CHANGED,
    RowOutcome.SAME,
    RowOutcome.UNDECIDED,
    RowOutcome.ASKED,
    RowOutcome.REFUSED,
    RowOutcome.LEFT_OUT,
)


class Others(Protocol):
    """Rows of a list that are not judged with those at hand, as far as these depend on them."""

    def alike(self, drafts: Iterable[Draft]) -> list[Draft]:
        """New rows that have a key with one of the drafts, or that one of them names."""

    def taken(self) -> set[int]:
        """Keys of the records that the rows are about."""

    def about(self, keys: Iterable[int]) -> list[Draft]:
        """The rows about one of these records."""


@dataclass
class CheckResult:
    """What would become of every row."""

    drafts: list[Draft]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> list[Draft]:
        return [draft for draft in self.drafts if draft.outcome == RowOutcome.REFUSED]


def check(
    sheet: Sheet,
    plan: Plan,
    *,
    officer,
    default_area: Jurisdiction | None = None,
    today: datetime.date,
    places: PlaceIndex | None = None,
    progress: Progress | None = None,
    corrections: Corrections = NOTHING,
    others: Others | None = None,
) -> CheckResult:
    """Judge every row of the plan for the officer; nothing is written.

    ``default_area`` takes new rows whose own area cannot be known. ``places`` spares a second loading of the areas.
    ``corrections`` hold what the officer has put right and decided. ``others`` are rows of the list that have been
    judged already and stay as they are. ``progress`` is told how far the check has come;
    what it raises (``Cancelled``) ends the check.
    """
    meter = Meter(progress, plan.row_count, shares=(3, 3, 2))
    read = read_drafts(sheet, plan, today=today, meter=meter, corrections=corrections)
    drafts = [draft for draft in read if not draft.is_left_out]
    reach = officer.jurisdiction.path
    if places is None and any(each.kind == Kind.AREA for each in sheet.fields):
        places = PlaceIndex.kept(on=today)
    areas.resolve_areas(sheet, drafts, places=places, reach=reach, default_area=default_area, corrections=corrections)
    beside = others.alike(drafts) if others else []
    records.resolve_relations(sheet, drafts, officer=officer, beside=beside)
    returned = returning.identify(sheet, read, officer=officer)
    records.find_records(sheet, drafts, officer=officer, default_area=default_area)
    taken = others.taken() if others else frozenset()
    likeness.find_alike(sheet, drafts, officer=officer, corrections=corrections, taken=taken)
    if others:
        beside += others.about(draft.found.pk for draft in drafts if draft.found is not None)
    for draft in meter.over(drafts):
        _settle(sheet, draft, default_area, corrections)
    drafts = _kept(drafts, corrections)
    records.refuse_repeats(sheet, [*beside, *drafts])
    children = _children(sheet, drafts)
    for draft in meter.over(drafts):
        if draft.exported is None:
            _compare(sheet, draft, children, corrections.existing)
        else:
            returning.compare(sheet, draft, children, returned, corrections.answers)
    sound = [draft for draft in drafts if not draft.problems]
    constraints.refuse_broken(sheet, sound)
    constraints.refuse_taken(sheet, sound, officer=officer)
    _close_links(drafts)
    _name_changes(sheet, drafts, places)
    for draft in _kept(drafts, corrections):
        if draft.problems:
            draft.outcome = RowOutcome.REFUSED
        elif draft.candidates:
            draft.outcome = RowOutcome.UNDECIDED
        elif draft.questions:
            draft.outcome = RowOutcome.ASKED
    for draft in read:
        if draft.is_left_out:
            _close_left_out(sheet, draft)
    counted = Counter(draft.outcome for draft in read)
    return CheckResult(read, {outcome.value: counted[outcome] for outcome in COUNTED})


def _kept(drafts: Sequence[Draft], corrections: Corrections) -> list[Draft]:
    """The drafts without those whose faults keep them out of the register."""
    for draft in drafts:
        if draft.problems and corrections.leave_out(draft.problems):
            draft.is_left_out = True
    return [draft for draft in drafts if not draft.is_left_out]


def _close_left_out(sheet: Sheet, draft: Draft) -> None:
    draft.outcome = RowOutcome.LEFT_OUT
    draft.label = draft.label or draft.called(sheet.keys)[:255]
    draft.values, draft.changes, draft.candidates = {}, {}, []


def _settle(sheet: Sheet, draft: Draft, default_area, corrections: Corrections) -> None:
    """What depends on whether the row is new: its area, its required fields, what the app says."""
    draft.outcome = RowOutcome.NEW if draft.is_new else RowOutcome.SAME
    label = draft.called(sheet.keys)
    if draft.is_new:
        if not draft.problems:
            areas.place_guessed(sheet, draft, default_area)
    else:
        if draft.area_guessed:
            # Nothing new is known about where an existing record lies.
            draft.values.pop(sheet.review_note, None)
        for each in sheet.fields:
            is_kept = each.merge == Merge.KEEP and draft.exported is None
            if is_kept or (draft.is_alike and _is_name(sheet, each)):
                draft.values.pop(each.name, None)
    for hook in sheet.after_match:
        hook(draft)
    if draft.is_new:
        for each in sheet.fields:
            if each.required and draft.get(each.name) in (None, "") and not _told(draft, each.name, sheet):
                _fill_or_refuse(draft, each, corrections)
    draft.label = label[:255]


def _is_name(sheet: Sheet, each: Field) -> bool:
    """Whether the field is the name by which a record without codes is known."""
    return each.kind == Kind.TEXT and any(each.name in key for key in sheet.keys)


def _fill_or_refuse(draft: Draft, each: Field, corrections: Corrections) -> None:
    """Give a required field what the officer has said for rows without it, or refuse the row."""
    cause = f"Thiếu {each.label.lower()}"
    if each.kind not in (Kind.AREA, Kind.RELATION) and (fix := corrections.of_fault(each.name, "", cause)):
        found = read_cell(each.name, each, fix.text, corrections)
        if not isinstance(found, ValueProblem) and found.value is not None:
            draft.values[each.name] = found.value
            draft.notice(each.name, f"Chưa ghi {each.label.lower()}: ghi “{fix.text}” theo cách sửa.")
            return
    draft.refuse(each.name, f"{cause}.", cause, value="")


def _told(draft: Draft, name: str, sheet: Sheet) -> bool:
    """Whether the row is refused for this field already, or its place is being looked for."""
    return (name == sheet.area and (draft.area_guessed or bool(draft.problems))) or any(
        problem.column and problem.column == draft.column(name) for problem in draft.problems
    )


# -- old and new -------------------------------------------------------------------------------------------------------
def _children(sheet: Sheet, drafts: Sequence[Draft]) -> dict[tuple, Any]:
    """Rows of other models that hang on the records found, by (model, record, key)."""
    found: dict[tuple, Any] = {}
    for spec in {each.child for each in sheet.fields if each.child}:
        parents = [draft.found.pk for draft in drafts if draft.found is not None]
        for part in records.in_parts(parents):
            for child in spec.model._base_manager.filter(**{f"{spec.parent}__in": part}):
                parent = getattr(child, spec.model._meta.get_field(spec.parent).attname)
                found[(spec.model, parent, getattr(child, spec.key))] = child
    return found


def _compare(sheet: Sheet, draft: Draft, children: dict[tuple, Any], existing: ExistingMode) -> None:
    """Leave in ``values`` only what would be written; set ``changes`` to old and new raw values."""
    kept: dict[str, Any] = {}
    if not draft.is_new and existing == ExistingMode.SKIP:
        draft.values = {}
        return
    for key, value in draft.values.items():
        each = sheet.field_of(key)
        year = split_year(key)[1]
        if (each.child is None and not each.column) or (each.child and year is None):
            continue
        old = _old_value(draft, each, year, children)
        if each.merge == Merge.APPEND and not draft.is_new:
            value = appended(old or "", value)
        if not draft.is_new and existing == ExistingMode.FILL and old not in (None, ""):
            continue
        if draft.is_new or (value != old and value not in (None, "")):
            kept[key] = value
            draft.changes[key] = [old, value]
    draft.values = kept
    if draft.outcome == RowOutcome.SAME and kept:
        draft.outcome = RowOutcome.CHANGED


def _old_value(draft: Draft, each, year: int | None, children: dict[tuple, Any]) -> Any:
    if draft.found is None:
        return None
    if each.child:
        child = children.get((each.child.model, draft.found.pk, year))
        return getattr(child, each.column) if child is not None else None
    column = draft.found._meta.get_field(each.column)
    return getattr(draft.found, column.attname)


def appended(old: str, new: str) -> str:
    """The old lines, and below them the new ones that are not there yet."""
    lines = [line for line in old.split("\n") if line]
    known = {line.strip() for line in lines}
    return "\n".join([*lines, *(line for line in new.split("\n") if line and line.strip() not in known)])


def _close_links(drafts: Sequence[Draft]) -> None:
    """A row that hangs on another row of the file: on its record, on the row, or on nothing where that is refused."""
    for draft in drafts:
        for key, value in list(draft.values.items()):
            if not isinstance(value, RowOfFile):
                continue
            other = value.draft
            if other.found is not None:
                if draft.found is not None and getattr(draft.found, f"{key}_id", None) == other.found.pk:
                    del draft.values[key], draft.changes[key]
                    if not draft.values and draft.outcome == RowOutcome.CHANGED:
                        draft.outcome = RowOutcome.SAME
                else:
                    draft.values[key] = other.found.pk
            elif other.problems:
                del draft.values[key], draft.changes[key]
                draft.notice(key, f"Chưa gắn với “{other.label}”: {other.place} bị từ chối.")


# -- in words ----------------------------------------------------------------------------------------------------------
def _name_changes(sheet: Sheet, drafts: Sequence[Draft], places: PlaceIndex | None) -> None:
    """Turn the values of ``changes`` into words; names of areas and records are asked for together."""
    ids: dict[str, set[int]] = defaultdict(set)
    relations = {each.name: each for each in sheet.fields if each.kind in (Kind.AREA, Kind.RELATION)}
    for draft in drafts:
        for name in relations.keys() & draft.changes.keys():
            old, new = draft.changes[name]
            ids[name].update(pk for pk in (old, new, draft.values.get(name)) if isinstance(pk, int))
    names: dict[str, dict[int, str]] = {}
    for name, wanted in ids.items():
        if relations[name].kind == Kind.AREA:
            names[name] = areas.area_names(wanted, places)
        else:
            rows = relations[name].relation.model._base_manager.in_bulk(wanted)
            names[name] = {pk: str(row) for pk, row in rows.items()}
    for draft in drafts:
        for key, (old, new) in draft.changes.items():
            each = sheet.field_of(key)
            known = names.get(key, {})
            new = draft.values.get(key, new)
            draft.changes[key] = [_in_words(each, old, known), _in_words(each, new, known)]


def _in_words(each, value: Any, names: dict[int, str]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, RowOfFile):
        return f"{value.draft.label} ({value.draft.place})"
    if isinstance(value, ToMake):
        return f"{value.text} (thêm vào danh mục)"
    if each.kind in (Kind.AREA, Kind.RELATION) and isinstance(value, int):
        return names.get(value, "")
    return each.shown(value)
