"""The check of a list: every row judged in memory, a fixed number of questions to the database for the whole of it."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.lib.columns import load_relation
from movement_portal.lib.periods import Period
from movement_portal.lib.vietnamese import fold, mid_sentence, strip_accents
from movement_portal.spreadsheets import areas, constraints, disorder, likeness, overlaps, returning
from movement_portal.spreadsheets.comparing import children_of, close_links, compare
from movement_portal.spreadsheets.corrections import NOTHING, Corrections
from movement_portal.spreadsheets.drafts import Draft, RowOfFile
from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.fields import Field, Kind, Merge
from movement_portal.spreadsheets.following import part_periods
from movement_portal.spreadsheets.intake import read_cell, read_drafts
from movement_portal.spreadsheets.naming import NamedRows, resolve_relations
from movement_portal.spreadsheets.progress import Meter, Progress
from movement_portal.spreadsheets.records import find_records
from movement_portal.spreadsheets.repeats import Repeats
from movement_portal.spreadsheets.several import look_up_items
from movement_portal.spreadsheets.sheet_plans import Plan
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.tables import FINGERPRINT
from movement_portal.spreadsheets.values import ValueProblem
from movement_portal.spreadsheets.wording import name_changes

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


#: Rows of a list that are judged together, and in memory together.
PART = 5_000


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
    checking = Checking(
        sheet, plan, officer=officer, default_area=default_area, today=today, places=places, progress=progress,
        corrections=corrections, others=others,
    )  # fmt: skip
    drafts = [draft for part in checking.parts() for draft in part]
    return CheckResult(drafts, checking.counts)


class Checking:
    """The check of one list, all of it at once or part by part; arguments as of ``check``.

    What a part tells of the rows is kept as far as later parts need it: keys, codes, and records the rows are about.
    A row that hangs on what is still to come waits until all parts have been read: one that names a row further down,
    one that looks like a record which another row may have by its key.
    """

    def __init__(
        self,
        sheet: Sheet,
        plan: Plan,
        *,
        officer,
        default_area: Jurisdiction | None,
        today: datetime.date,
        corrections: Corrections = NOTHING,
        places: PlaceIndex | None = None,
        progress: Progress | None = None,
        others: Others | None = None,
    ):
        self._sheet, self._plan, self._officer, self._default_area = sheet, plan, officer, default_area
        self._today, self._corrections, self._others = today, corrections, others
        if places is None and any(each.kind == Kind.AREA for each in sheet.fields):
            places = PlaceIndex.kept(on=today)
        self._places = places
        self._meter = Meter(progress, plan.row_count, passes=3)
        self._named = NamedRows(sheet)
        self._repeats = Repeats(sheet, several=len(plan.sheets) > 1)
        self._codes: dict[int, int] = {}
        self._found: set[int] = set(others.taken()) if others else set()
        self._returned = returning.Returned()
        #: Days of records as rows make them that have been judged already.
        self._moved: Mapping[int, Period] = {}
        self._counted: Counter[RowOutcome] = Counter()
        self._search = sheet.likeness(officer) if sheet.likeness else None

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome, of the parts that have been taken."""
        return {outcome.value: self._counted[outcome] for outcome in COUNTED}

    def parts(self, size: int | None = None) -> Iterator[list[Draft]]:
        """The rows, judged, so many at a time or all at once; those that had to wait come last."""
        if any(FINGERPRINT in plan.table.headers for plan in self._plan.sheets):
            # A workbook of the portal's own is no larger than an office, and is looked at as a whole.
            size = None
        waiting: list[Draft] = []
        left = self._plan.row_count
        for read in read_drafts(
            self._sheet,
            self._plan,
            today=self._today,
            meter=self._meter,
            corrections=self._corrections,
            part=size,
        ):
            left -= len(read)
            waits: set[Draft] = set()
            self._open(read, waits if left > 0 else None)
            waiting += [draft for draft in read if draft in waits]
            yield self._close([draft for draft in read if draft not in waits])
        if waiting:
            yield self._close(self._settle_waiting(waiting))
        self._meter.done()

    def _open(self, read: Sequence[Draft], waits: set[Draft] | None) -> None:
        """Find out what each row is about; rows that must wait are noted, where more are to come."""
        sheet, officer = self._sheet, self._officer
        drafts = [draft for draft in read if not draft.is_left_out]
        self._resolve_areas(drafts)
        self._named.take(drafts)
        beside = self._others.alike(drafts) if self._others else []
        self._named.take(beside)
        resolve_relations(sheet, drafts, officer=officer, named=self._named, waiting=waits)
        look_up_items(sheet, drafts, officer=officer, places=self._places)
        for look_up in sheet.look_up:
            look_up(drafts, officer, self._places)
        self._returned = returning.identify(sheet, read, officer=officer)
        find_records(sheet, drafts, officer=officer, default_area=self._default_area)
        self._find_alike(drafts, waits)
        if waits:
            self._wait_for_named(drafts, waits)
        if self._others:
            about = self._others.about(draft.found.pk for draft in drafts if draft.found is not None)
            if sheet.periods:
                beside_them = [*about, *(draft for draft in drafts if draft.found is not None)]
                self._moved = part_periods(sheet, beside_them)
            beside += about
        for draft in self._meter.over(drafts):
            if waits and draft in waits:
                draft.label = draft.called(sheet.keys)[:255]
            else:
                _settle(sheet, draft, self._default_area, self._corrections)
        self._repeats.refuse([*beside, *_kept(drafts, self._corrections)])

    def _resolve_areas(self, drafts: Sequence[Draft]) -> None:
        areas.resolve_areas(
            self._sheet,
            drafts,
            places=self._places,
            reach=self._officer.jurisdiction.path,
            default_area=self._default_area,
            corrections=self._corrections,
        )

    def _find_alike(self, drafts: Sequence[Draft], waits: set[Draft] | None) -> None:
        self._found.update(draft.found.pk for draft in drafts if draft.found is not None)
        likeness.find_alike(
            self._sheet,
            drafts,
            officer=self._officer,
            corrections=self._corrections,
            search=self._search,
            taken=self._found,
            waiting=waits,
        )
        # What the officer has decided counts for the rows of later parts.
        self._found.update(draft.found.pk for draft in drafts if draft.found is not None)
        # Rows are called after their records, and these after others.
        for relation in self._sheet.model.label_relations:
            load_relation([draft.found for draft in drafts if draft.found is not None], relation)

    @staticmethod
    def _wait_for_named(drafts: Sequence[Draft], waits: set[Draft]) -> None:
        """A row that names a row which waits does so as well."""
        more = True
        while more:
            more = {
                draft
                for draft in drafts
                if draft not in waits
                and any(isinstance(value, RowOfFile) and value.draft in waits for value in draft.values.values())
            }
            waits |= more

    def _settle_waiting(self, drafts: list[Draft]) -> list[Draft]:
        """Judge the rows that waited, by now that all others are known."""
        resolve_relations(self._sheet, drafts, officer=self._officer, named=self._named)
        self._find_alike(drafts, None)
        for draft in drafts:
            _settle(self._sheet, draft, self._default_area, self._corrections)
        self._repeats.refuse_same_record(drafts)
        _kept(drafts, self._corrections)
        return drafts

    def _close(self, read: Sequence[Draft]) -> list[Draft]:
        """Compare rows with what is there, and come to the judgement."""
        sheet, corrections = self._sheet, self._corrections
        drafts = [draft for draft in read if not draft.is_left_out]
        children = children_of(sheet, drafts, officer=self._officer)
        for draft in self._meter.over(drafts):
            if draft.exported is None:
                compare(sheet, draft, children, corrections.existing)
            else:
                returning.compare(sheet, draft, children, self._returned, corrections.answers)
        areas.refuse_far(sheet, drafts, places=self._places, reach=self._officer.jurisdiction.path)
        constraints.refuse_broken(sheet, drafts, corrections)
        disorder.tell_disorder(sheet, [draft for draft in drafts if not draft.problems])
        sound = [draft for draft in drafts if not draft.problems]
        constraints.refuse_taken(sheet, sound, officer=self._officer, seen=self._codes)
        overlaps.refuse_overlapping(sheet, sound, moved=self._moved)
        close_links(sheet, drafts)
        name_changes(sheet, drafts, self._places)
        for draft in _kept(drafts, corrections):
            if draft.problems:
                draft.outcome = RowOutcome.REFUSED
            elif draft.candidates:
                draft.outcome = RowOutcome.UNDECIDED
            elif draft.questions:
                draft.outcome = RowOutcome.ASKED
        self._named.forget(drafts)
        for draft in read:
            if draft.is_left_out:
                _close_left_out(sheet, draft)
        self._counted.update(draft.outcome for draft in read)
        return list(read)


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
        if not any(problem.key == sheet.area for problem in draft.problems):
            areas.place_guessed(sheet, draft, default_area)
    else:
        if draft.area_guessed:
            # Nothing new is known about where an existing record lies.
            draft.values.pop(sheet.review_note, None)
        for each in sheet.fields:
            is_kept = each.merge == Merge.KEEP and draft.exported is None
            if is_kept:
                _say_what_is_kept(draft, each)
            if is_kept or (_is_name(sheet, each) and (draft.is_alike or _is_worse_spelt(draft, each))):
                draft.values.pop(each.name, None)
    for hook in sheet.after_match:
        hook(draft)
    if draft.is_new:
        for each in sheet.fields:
            if each.required and draft.get(each.name) in (None, "") and not _told(draft, each, sheet):
                _fill_or_refuse(draft, each, corrections)
    draft.label = label[:255]


def _say_what_is_kept(draft: Draft, each: Field) -> None:
    """A record that is there takes no state from a list: where the list says another, the officer is told."""
    value = draft.get(each.name)
    column = draft.found._meta.get_field(each.column)
    if draft.written(each.name) and value not in (None, "", getattr(draft.found, column.attname)):
        now = each.shown(getattr(draft.found, column.attname)) or "chưa ghi"
        draft.notice(each.name, f"Sổ đang ghi: {now}. Đổi trên trang của bản ghi, danh sách không đổi.")


def _is_name(sheet: Sheet, each: Field) -> bool:
    """Whether the field is the name by which a record without codes is known."""
    return each.kind == Kind.TEXT and any(each.name in key for key in sheet.keys)


def _is_worse_spelt(draft: Draft, each: Field) -> bool:
    """Whether the name is that of the register, in capitals, without its accents, or with a mark behind it."""
    new, old = draft.get(each.name), getattr(draft.found, each.column, None)
    if draft.exported is not None or not new or not old or new == old or fold(new) != fold(old):
        return False
    bare = strip_accents(new) == new and strip_accents(old) != old
    if not bare and not (new.isupper() and not old.isupper()) and new.rstrip(" .,;") != old:
        return False
    draft.notice(each.name, f"Giữ cách viết trong sổ: “{old}”.")
    return True


def _fill_or_refuse(draft: Draft, each: Field, corrections: Corrections) -> None:
    """Give a required field what the officer has said for rows without it, or refuse the row."""
    cause = f"Thiếu {mid_sentence(each.label)}"
    if each.kind not in (Kind.AREA, Kind.RELATION) and (fix := corrections.of_fault(each.name, "", cause)):
        found = read_cell(each.name, each, fix.text, corrections)
        if not isinstance(found, ValueProblem) and found.value is not None:
            draft.values[each.name] = found.value
            draft.notice(each.name, f"Chưa ghi {mid_sentence(each.label)}: ghi “{fix.text}” theo cách sửa.")
            return
    draft.refuse(each.name, f"{cause}.", cause, value="")


def _told(draft: Draft, each: Field, sheet: Sheet) -> bool:
    """Whether the row is refused for this field already, its place is looked for, or what it names hangs on a fault."""
    if each.name == sheet.area and (draft.area_guessed or draft.is_refused):
        return True
    if draft.is_refused and each.relation and each.relation.is_looked_up and draft.written(each.name):
        # A guard is looked for in the unit of the row: that one is to be put right first.
        return True
    return any(problem.column and problem.column == draft.column(each.name) for problem in draft.problems)
