"""Where units lay through time: what is known of the past, and moves of many units on a day.

An open row (no last day) is about the area of today: another area there moves the unit on the first day that it gives,
as ``workflow.relocate`` does one unit; a row with a last day is about the past.
"""

import copy
import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.jurisdictions.scoping import covers
from movement_portal.jurisdictions.search import spoken
from movement_portal.lib.dates import day_before, today
from movement_portal.lib.periods import overlap
from movement_portal.lib.transitions import TransitionError
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.areas import OUT_OF_REACH
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import Kind, Relation
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.returning import unsigned
from movement_portal.spreadsheets.sheets import Written, register
from movement_portal.spreadsheets.workflow import ImportRefused
from units.models import Placement
from units.sheets.unit_records import BY_UNIT, UNIT_NAMES
from units.workflow import complete_moves, refuse_move

UNKNOWN_AREA, NO_AREA_THEN = "Không rõ địa bàn", "Địa bàn không có vào ngày này"
MOVE, OVERLAP, MADE_BY_MOVE = "Chuyển địa bàn chưa đủ", "Trùng thời gian ở nơi khác", "Đã có trong dòng chuyển địa bàn"


# -- areas -------------------------------------------------------------------------------------------------------------
def area_in_cell(area: Jurisdiction) -> str:
    """An area as a cell names it: with those above it, and one that has ended with its last day."""
    ended = f" (đến {area.valid_to:%d/%m/%Y})" if area.valid_to else ""
    return f"{area.long_name}{ended}"


def areas_by_name(areas) -> dict[str, list[Jurisdiction]]:
    """Areas by all that they are called, without accents, and by their codes."""
    named: dict[str, dict[int, Jurisdiction]] = defaultdict(dict)
    for area in areas.with_parents():
        for text in {*spoken(area), area.code, area_in_cell(area)}:
            if folded := fold(text):
                named[folded][area.pk] = area
    return {text: list(found.values()) for text, found in named.items()}


# -- rows --------------------------------------------------------------------------------------------------------------
class Placements:
    """The placements of the units that a list names, and the areas that its cells may name."""

    def __init__(self, drafts: Sequence[Draft], officer):
        self.today, self.officer = today(), officer
        marks = {draft: mark[1] for draft in drafts if (mark := unsigned(draft.fingerprint))}
        rows = Placement.objects.select_related("unit", "jurisdiction__parent__parent__parent")
        self.marked: dict[Draft, Placement] = {}
        known: dict[int, Placement] = {}
        for part in in_parts(marks.values()):
            known.update(rows.editable_by(officer).in_bulk(part))
        for draft, pk in marks.items():
            if pk in known:
                self.marked[draft] = known[pk]
        units = {pk for draft in drafts if isinstance(pk := draft.get("unit"), int)}
        units |= {placement.unit_id for placement in known.values()}
        self.of_unit: dict[int, list[Placement]] = defaultdict(list)
        for part in in_parts(units):
            for placement in rows.filter(unit__in=part):
                self.of_unit[placement.unit_id].append(placement)
        self.areas = areas_by_name(Jurisdiction.objects.visible_with_history(officer))
        self.by_key = {area.pk: area for found in self.areas.values() for area in found}
        self._places = PlaceIndex.kept(on=self.today)
        self._elsewhere: dict[str, list[Jurisdiction]] | None = None

    def open_of(self, unit: int) -> Placement | None:
        """Where the unit lies today."""
        return next((each for each in self.of_unit[unit] if each.valid_to is None), None)

    def named(self, text: str) -> tuple[list[Jurisdiction], bool]:
        """Areas in reach that a text may mean, and whether some out of reach are meant where there are none.

        By all that they are called; else as lists shorten names (“P. An Phú”), or by a name that one bore before.
        """
        if found := self.areas.get(fold(text)):
            return found, False
        match = self._places.resolve(text)
        meant = [match.area] if match.area else list(match.candidates)
        found = [area for area in meant if covers(self.officer.jurisdiction, area)]
        self.by_key.update({area.pk: area for area in found})
        return found, not found and (bool(meant) or self.is_known_elsewhere(text))

    def is_known_elsewhere(self, text: str) -> bool:
        """Whether an area out of reach is called so; asked once for a list."""
        if self._elsewhere is None:
            self._elsewhere = areas_by_name(Jurisdiction.objects.all())
        return fold(text) in self._elsewhere


def place_rows(drafts: Sequence[Draft], officer, places: Any) -> None:
    """Find the areas and placements that rows are about, and refuse what does not fit what is known of the unit."""
    there = Placements(drafts, officer)
    for draft in drafts:
        _find_area(there, draft)
    judged = [draft for draft in drafts if not draft.problems and _is_about(there, draft)]
    moves = {draft.values["unit"]: draft for draft in judged if draft.found and _is_move(draft, draft.found)}
    for draft in judged:
        if draft.found is not None and moves.get(draft.values["unit"]) is draft:
            _judge_move(there, draft)
    judged = [draft for draft in judged if not _is_made_by(draft, moves.get(draft.values["unit"]))]
    _refuse_overlaps(there, [draft for draft in judged if not draft.problems])


def _find_area(there: Placements, draft: Draft) -> None:
    """The area that the row names, as it was on its last day."""
    text = str(draft.values.pop("jurisdiction", ""))
    if not text:
        return
    found, is_elsewhere = there.named(text)
    if not found:
        if is_elsewhere:
            draft.refuse("jurisdiction", f"“{text}” ngoài địa bàn phụ trách của đồng chí.", OUT_OF_REACH, text)
        else:
            draft.refuse("jurisdiction", f"Không rõ “{text}” là địa bàn nào.", UNKNOWN_AREA, text)
        return
    day = draft.get("valid_to") or there.today
    standing = {each.jurisdiction_id for each in there.of_unit.get(draft.get("unit") or 0, ())}
    # What the unit has on record was once so, whatever became of the area.
    fitting = [area for area in found if area.exists_on(day)] or [area for area in found if area.pk in standing]
    if len(fitting) > 1:
        fitting = [area for area in fitting if area.pk in standing] or fitting
    if len(fitting) == 1:
        draft.values["jurisdiction"] = fitting[0].pk
        draft.area_path = fitting[0].path
    elif fitting:
        names = "; ".join(area.long_name for area in fitting[:3])
        draft.refuse("jurisdiction", f"Có {len(fitting)} nơi gọi là “{text}”: {names}.", UNKNOWN_AREA, text)
    else:
        reason = f"“{text}” không có vào ngày {day:%d/%m/%Y}: {area_in_cell(found[0])}."
        draft.refuse("jurisdiction", reason, NO_AREA_THEN, text)


def _is_about(there: Placements, draft: Draft) -> bool:
    """Set the placement that the row is about, where there is one; whether enough is known of the row to judge it."""
    if draft in there.marked:
        placement = there.marked[draft]
        if draft.get("unit") not in (None, placement.unit_id):
            draft.refuse("unit", "Dòng này là của đơn vị khác: thêm một dòng mới.", "Đổi đơn vị của dòng")
            return False
        draft.found, draft.values["unit"] = placement, placement.unit_id
        return True
    if not isinstance(draft.get("unit"), int) or not draft.get("jurisdiction"):
        return False
    unit, area, start, end = (draft.get(name) for name in ("unit", "jurisdiction", "valid_from", "valid_to"))
    if end is None:
        draft.found = there.open_of(unit)
        return True
    past = [each for each in there.of_unit[unit] if each.valid_to and each.jurisdiction_id == area]
    exact = [each for each in past if each.valid_to == end] or [
        each for each in past if start and each.valid_from == start
    ]
    draft.found = exact[0] if exact else None
    return True


def _is_move(draft: Draft, placement: Placement) -> bool:
    return placement.valid_to is None and draft.get("jurisdiction") not in (None, placement.jurisdiction_id)


def _judge_move(there: Placements, draft: Draft) -> None:
    """A unit that comes to lie elsewhere: as on its own page, from a day on, by some act."""
    if found := _missing_of_move(there, draft, draft.found):
        name, reason, cause = found
        # Of a row that the portal gave out the cell that was changed is at fault.
        draft.refuse("jurisdiction" if draft in there.marked else name, reason, cause)


def _missing_of_move(there: Placements, draft: Draft, now: Placement) -> tuple[str, str, str] | None:
    """What keeps a unit from moving: the field at fault, the reason, the cause; None where nothing does."""
    start: datetime.date | None = draft.get("valid_from")
    area = there.by_key[draft.values["jurisdiction"]]
    if draft.get("valid_to") is not None:
        return "valid_to", "Nơi mới chưa có ngày kết thúc: để trống ô này.", MOVE
    if start is None:
        return "valid_from", f"Đơn vị đang ở {now.jurisdiction}: chuyển đi phải ghi từ ngày nào.", MOVE
    try:
        refuse_move(now, area, on=start)
    except TransitionError as refused:
        return refused.about, str(refused), NO_AREA_THEN if refused.about == "jurisdiction" else MOVE
    if not covers(there.officer.jurisdiction, area):
        return "jurisdiction", f"{area} ngoài địa bàn phụ trách của đồng chí.", OUT_OF_REACH
    if not draft.get("legal_basis"):
        return "legal_basis", "Chuyển địa bàn phải ghi căn cứ.", MOVE
    return None


def _is_made_by(draft: Draft, move: Draft | None) -> bool:
    """Whether the row tells the end of where the unit lay before, which the row of its move writes anyway."""
    if move is None or move is draft or draft.found is not None or move.found is None or move.problems:
        return False
    same_place = draft.get("jurisdiction") == move.found.jurisdiction_id
    if not same_place or draft.get("valid_to") != day_before(move.values["valid_from"]):
        return False
    draft.notice("jurisdiction", f"{MADE_BY_MOVE} ({move.place}): không ghi hai lần.")
    draft.is_left_out = True
    return True


def _refuse_overlaps(there: Placements, drafts: Sequence[Draft]) -> None:
    """Refuse rows after which the unit would lie in two places on one day."""
    by_unit: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_unit[draft.values["unit"]].append(draft)
    for unit, rows in by_unit.items():
        about = {draft.found.pk: draft for draft in rows if draft.found is not None}
        periods: list[tuple[Placement, Draft | None]] = []
        for placement in there.of_unit[unit]:
            draft = about.get(placement.pk)
            periods += [(each, draft) for each in _as_it_would_be(placement, draft)]
        periods += [(_placement_of(draft), draft) for draft in rows if draft.found is None]
        for at, (placement, draft) in enumerate(periods):
            if draft is None or draft.problems or not _says_when(draft):
                continue
            for beside, _ in (*periods[:at], *periods[at + 1 :]):
                if beside is not placement and _overlap(placement, beside):
                    reason = f"Trùng thời gian với nơi đã ghi: {beside.jurisdiction} ({_period(beside)})."
                    draft.refuse("valid_from" if draft.column("valid_from") else "valid_to", reason, OVERLAP)
                    break


def _says_when(draft: Draft) -> bool:
    """Whether the row says something new of where the unit lay when."""
    now = {} if draft.found is None else {name: getattr(draft.found, name) for name in ("valid_from", "valid_to")}
    return not now or _is_move(draft, draft.found) or any(draft.get(name) not in (None, now[name]) for name in now)


def _as_it_would_be(placement: Placement, draft: Draft | None) -> list[Placement]:
    """A placement that is there as the row leaves it: two after a move."""
    if draft is None:
        return [placement]
    after = copy.copy(placement)
    for name in ("valid_from", "valid_to"):
        if draft.get(name) is not None:
            setattr(after, name, draft.values[name])
    if not _is_move(draft, placement):
        return [after]
    before = copy.copy(placement)
    before.valid_to = day_before(draft.values["valid_from"])
    return [before, after]


def _placement_of(draft: Draft) -> Placement:
    return Placement(
        unit_id=draft.values["unit"],
        jurisdiction_id=draft.values["jurisdiction"],
        valid_from=draft.get("valid_from"),
        valid_to=draft.get("valid_to"),
    )


def _overlap(one: Placement, other: Placement) -> bool:
    return overlap((one.valid_from, one.valid_to), (other.valid_from, other.valid_to))


def _period(placement: Placement) -> str:
    start = f"từ {placement.valid_from:%d/%m/%Y}" if placement.valid_from else "từ trước"
    return f"{start} đến {placement.valid_to:%d/%m/%Y}" if placement.valid_to else f"{start} đến nay"


# -- writing -----------------------------------------------------------------------------------------------------------
def write_moves(written: Sequence[Written], by) -> None:
    """Where units lay before they moved, and where they lie now; refuses it all where something has come between.

    The row of the move has changed the open placement: taken back, it is as it was, and the closed one goes.
    """
    moved = [
        (each.record, _placement_before(each))
        for each in written
        if "jurisdiction" in each.before and each.record.valid_to is None
    ]
    try:
        complete_moves(moved, by=by)
    except TransitionError as refused:
        raise ImportRefused(str(refused)) from refused
    _refuse_two_places({each.record.pk: each.record.unit_id for each in written})


def _placement_before(written: Written) -> Placement:
    """A placement of its own for where the unit lay before the row moved it."""
    now, before = written.record, written.before
    return Placement(
        unit_id=now.unit_id,
        jurisdiction_id=before["jurisdiction"],
        valid_from=before.get("valid_from", now.valid_from),
        legal_basis=before.get("legal_basis", now.legal_basis),
    )


def _refuse_two_places(written: Mapping[int, int]) -> None:
    """Raise ``ImportRefused`` where one of these placements, with its unit, overlaps another of the unit."""
    of_unit: dict[int, list[Placement]] = defaultdict(list)
    for part in in_parts(written.values()):
        for placement in Placement.objects.filter(unit__in=part).select_related("unit"):
            of_unit[placement.unit_id].append(placement)
    for placements in of_unit.values():
        for placement in placements:
            if placement.pk in written and any(
                other is not placement and _overlap(placement, other) for other in placements
            ):
                raise ImportRefused(f"{placement.unit}: sau khi ghi sẽ ở hai nơi trong cùng một thời gian.")


SYNONYMS = {
    "unit": UNIT_NAMES,
    "jurisdiction": ("Xã, phường", "Xã/phường", "Nơi đóng", "Địa bàn mới", "Thuộc địa bàn", "Chuyển đến"),
    "valid_from": ("Ngày chuyển", "Có hiệu lực từ ngày", "Chuyển từ ngày"),
    "valid_to": ("Đến ngày", "Ngày kết thúc"),
    "legal_basis": ("Quyết định", "Nghị quyết", "Căn cứ pháp lý", "Văn bản"),
}
EXAMPLES: tuple[Mapping[str, Any], ...] = (
    {
        "unit": "Trường THCS Mẫu",
        "jurisdiction": "Xã Bến Mẫu",
        "valid_from": "01/07/2025",
        "legal_basis": "Nghị quyết mẫu số 01/NQ",
    },
    {"unit": "Trường THCS Mẫu", "jurisdiction": "Xã Mẫu Cũ", "valid_to": "30/06/2025"},
)
CHANGES = {
    "jurisdiction": {
        "kind": Kind.RELATION,
        "help": "Tên hoặc mã; nơi đã hết hiệu lực thì theo ngày kết thúc của dòng.",
        "width": 36,
        "relation": Relation(
            model=Jurisdiction,
            lookups=(),
            is_looked_up=True,
            text=area_in_cell,
            text_relations=("parent__parent__parent",),
        ),
    },
    "valid_from": {"help": "Để trống nếu từ trước đến nay; chuyển địa bàn phải ghi."},
    "valid_to": {"help": "Để trống là nơi hiện nay; ghi ngày là nơi trước đây."},
    "legal_basis": {"help": "Chuyển địa bàn phải ghi.", "width": 30},
}
PLACEMENTS = register(
    model_sheet(
        Placement,
        name="placements",
        keys=[("unit", "jurisdiction", "valid_from")],
        lookups={"unit": BY_UNIT},
        synonyms=SYNONYMS,
        changes=CHANGES,
        area="",
        look_up=(place_rows,),
        after_write=write_moves,
        changes_first=True,
        permissions=("units.change_unit",),
        examples=EXAMPLES,
    )
)
