"""From worksheets and the choice of columns to drafts: every cell read, nothing asked of the database."""

import datetime
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from movement_portal.lib.masking import mask_in_text
from movement_portal.lib.vietnamese import fold, nfc
from movement_portal.persons.citizen_ids import CitizenId, is_sealed
from movement_portal.spreadsheets.blocks import Filler
from movement_portal.spreadsheets.corrections import NOTHING, Corrections, Fix
from movement_portal.spreadsheets.dividing import divide
from movement_portal.spreadsheets.drafts import Draft, Notice
from movement_portal.spreadsheets.enums import Decision, FixAction
from movement_portal.spreadsheets.fields import Field, Kind, with_year
from movement_portal.spreadsheets.guarding import guarded
from movement_portal.spreadsheets.hiding import LEFT, TAKEN
from movement_portal.spreadsheets.matching import ColumnMatch, How, refuse_unknown_key
from movement_portal.spreadsheets.parsing.answer import cell_from_json
from movement_portal.spreadsheets.progress import Meter
from movement_portal.spreadsheets.sheet_plans import Plan, SheetPlan
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.tables import FINGERPRINT, Cell, CellError, SheetRow
from movement_portal.spreadsheets.values import (
    JOINT,
    LONGEST_MARK,
    Parsed,
    ValueProblem,
    in_lines,
    is_blank,
    is_blank_text,
    items_of,
    shown,
)

#: Cells of one column whose reading is remembered: a column of choices has few, one of names only others.
REMEMBERED = 4_000

#: Said where a text of a list held the number of a person; the list is taken all the same.
NUMBER_MASKED = "Số định danh trong ô này được che. Số của người bảo vệ ghi ở cột “Số định danh cá nhân”."

_YEAR_IN_TITLE = re.compile(r"\bnam(?: hoc)? (\d{4})\b")


def read_drafts(
    sheet: Sheet,
    plan: Plan,
    *,
    today: datetime.date,
    meter: Meter,
    corrections: Corrections = NOTHING,
    part: int | None = None,
) -> Iterator[list[Draft]]:
    """A draft for every row of every worksheet of the plan, in the order of the file, so many at a time.

    Without ``part``, and for sheets that look at the whole of a list, all at once.
    """
    every_row = (draft for each in plan.sheets for draft in _drafts_of(sheet, each, plan.constants, today, corrections))
    numbered = enumerate(meter.over(every_row))
    while drafts := list(itertools.islice(numbered, None if sheet.after_all else part)):
        for position, draft in drafts:
            draft.position = position
        read = [draft for _, draft in drafts]
        taken = [draft for draft in read if not draft.is_left_out]
        for hook in sheet.after_all:
            hook(taken)
        yield read


def _as_written(plan: SheetPlan, row: SheetRow, cells: Sequence[Cell], title: tuple[str, ...]) -> Draft:
    """A draft of a row with its cells as texts, what was repaired in them, and what they were where that is no text."""
    draft = Draft(plan.table.name, row.number, title=title)
    draft.cells = {
        header: text
        for header, cell in zip(plan.headers, cells, strict=False)
        if cell is not None and (len(text := shown(cell)) > LONGEST_MARK or not is_blank_text(text, cell))
    }
    draft.fingerprint = draft.cells.pop(FINGERPRINT, "")
    for position, repair in (row.repairs or {}).items():
        draft.notices.append(Notice(plan.headers[position], mask_in_text(repair.text), is_repair=True))
    draft.originals = {
        header: kept(cell)
        for header, cell in zip(plan.headers, cells, strict=False)
        if (type(cell) is not str and cell is not None) or (type(cell) is str and "\n" in cell)
    }
    return draft


def _drafts_of(
    sheet: Sheet, plan: SheetPlan, constants: Mapping[str, str], today: datetime.date, corrections: Corrections
) -> Iterable[Draft]:
    columns = [(match, sheet.field_of(match.key), {}) for match in plan.matches if match.key]
    mapped = {match.key for match, _, _ in columns}
    given = [(key, sheet.field_of(key), text) for key, text in constants.items() if key not in mapped]
    notes = [match for match in plan.matches if match.how == How.NOTE] if sheet.note_field else []
    worded = [match.index for match, target, _ in columns if target.kind in (Kind.TEXT, Kind.LONG_TEXT)]
    worded += [match.index for match in notes]
    title = tuple(plan.table.title)
    divided = plan.ways.divided if sheet.address and sheet.address not in mapped else ""
    filler = Filler(plan.filled) if plan.filled else None
    for row in plan.table.rows:
        edits = corrections.edits_of(plan.table.name, row.number) if corrections.edits else ()
        typed = plan.edited_cells(row, edits)
        above = _fill(plan, row, typed, edits, filler) if filler else ()
        cells = guarded(typed, plan.secret)
        draft = _as_written(plan, row, cells, title)
        draft.notices += above
        for match, target, cache in columns:
            draft.columns[match.key] = match.header
            if match.header not in draft.cells:
                continue
            cell = cells[match.index]
            if match.header == divided and isinstance(cell, str):
                cell = _take_apart(sheet, draft, match, cell, mapped, corrections)
            _take(draft, match.key, target, cell, cache, corrections)
        for key, target, text in given:
            _take(draft, key, target, text, {}, corrections)
        for edit in edits:
            if edit.key and edit.text:
                _take(draft, edit.key, sheet.field_of(edit.key), edit.text, {}, corrections)
        if cells is not typed:
            told = [place for place in worded if place < len(cells) and cells[place] is not typed[place]]
            draft.notices += [Notice(plan.headers[place], NUMBER_MASKED) for place in told]
        for match in notes:
            if match.index < len(cells) and not is_blank(cells[match.index]):
                draft.add_line(sheet.note_field, f"{match.header}: {in_lines(cells[match.index])}")
        if corrections.decisions:
            draft.is_left_out = corrections.decision_on(draft.worksheet, draft.number)[0] == Decision.SKIP
        if plan.table.hidden_rows and (how := plan.table.hidden_rows.how(row.number)):
            told = Notice("", (LEFT if plan.ways.leaves_hidden else TAKEN)[how])
            # How its cells were understood is of no account in a row that stays out.
            draft.notices = [told] if plan.ways.leaves_hidden else [told, *draft.notices]
            draft.is_left_out = draft.is_left_out or plan.ways.leaves_hidden
        _place_years(sheet, draft, title, today)
        for hook in sheet.after_row:
            hook(draft)
        _fit_lengths(sheet, draft)
        yield draft


def _fill(plan: SheetPlan, row: SheetRow, cells: list[Cell], edits, filler: Filler) -> list[Notice]:
    """Let empty cells say what the row above says, unless an officer has typed them anew; tell of each."""
    typed = {edit.column for edit in edits}
    notices = []
    for column, (cell, number) in filler.take(row, plan.cells(row)).items():
        header = plan.headers[column]
        if header not in typed:
            cells[column] = cell
            told = mask_in_text(f"Ô trống trong tệp: lấy “{shown(cell)}” theo dòng {number} ở trên.")
            notices.append(Notice(header, told, is_repair=True))
    return notices


def _take_apart(
    sheet: Sheet, draft: Draft, match: ColumnMatch, cell: str, mapped: set[str], corrections: Corrections
) -> str:
    """Take address and telephones out of the cell of a name, to where they belong; answers the name."""
    parts = divide(cell)
    told = []
    if parts.address:
        told.append(f"địa chỉ “{in_lines(parts.address)}”")
        draft.columns[sheet.address] = match.header
        _take(draft, sheet.address, sheet.by_name[sheet.address], parts.address, {}, corrections)
    if parts.phones:
        told.append(f"điện thoại “{parts.phones}”")
        phone = next((each for each in sheet.fields if each.kind == Kind.PHONE and not each.hidden), None)
        if phone is not None and phone.name not in mapped:
            draft.columns[phone.name] = match.header
            _take(draft, phone.name, phone, parts.phones, {}, corrections)
        elif sheet.note_field:
            draft.add_line(sheet.note_field, f"Điện thoại ghi trong ô tên: {parts.phones}")
    if told:
        draft.notices.append(Notice(match.header, f"Tách tên “{parts.name}”, {', '.join(told)} từ cùng một ô."))
    return parts.name


def kept(cell: Cell) -> Any:
    """A cell as JSON keeps it, for ``restored``."""
    match cell:
        case CellError():
            return {"error": cell.text, "reason": cell.reason}
        case datetime.datetime():
            return {"moment": cell.isoformat()}
        case datetime.date():
            return {"date": cell.isoformat()}
        case datetime.time():
            return {"time": cell.isoformat()}
        case CitizenId():
            return cell.token
    return cell


def restored(value: Any) -> Cell:
    """The cell behind what ``kept`` has made of it."""
    if isinstance(value, str) and is_sealed(value):
        return CitizenId.sealed(value)
    return cell_from_json(value) if isinstance(value, dict) else value


def _take(draft: Draft, key: str, target: Field, cell: Cell, cache: dict, corrections: Corrections) -> None:
    """Read one cell into the draft; columns repeat themselves, so what was read once is kept."""
    memory = (type(cell), cell)
    found = cache.get(memory)
    if found is None:
        if len(cache) >= REMEMBERED:
            cache.clear()
        found = cache[memory] = read_cell(key, target, cell, corrections)
    if isinstance(found, ValueProblem):
        draft.refuse(key, found.reason, found.cause, value=shown(cell))
        return
    if found.value is not None:
        draft.values[key] = found.value
    if found.notice:
        draft.notice(key, found.notice)


def read_cell(key: str, target: Field, cell: Cell, corrections: Corrections) -> Parsed | ValueProblem:
    """What a cell says, after what an officer has said of its value or of its fault; None for one left empty."""
    if target.kind == Kind.SEVERAL:
        cell = _with_items_fixed(key, cell, corrections)
    fix = corrections.of_value(key, shown(cell)) if corrections.has_values else None
    try:
        return target.read(cell) if fix is None else _fixed(fix, target, cell)
    except ValueProblem as problem:
        fix = None if fix else corrections.of_cause(key, problem.cause)
        if fix is None:
            return problem
    try:
        return _fixed(fix, target, cell)
    except ValueProblem as problem:
        return problem


def _with_items_fixed(key: str, cell: Cell, corrections: Corrections) -> Cell:
    """A cell that names several, after what an officer has said of single names."""
    items = items_of(cell if isinstance(cell, str) else shown(cell))
    fixes = {item: corrections.of_value(key, item) for item in items}
    if not any(fixes.values()):
        return cell
    kept = {item: fix for item, fix in fixes.items() if fix is None or fix.action != FixAction.EMPTY}
    return JOINT.join(item if fix is None else fix.text for item, fix in kept.items())


def _fixed(fix: Fix, target: Field, cell: Cell) -> Parsed:
    if fix.action == FixAction.AREA:
        # Places are looked up later, for all rows at once.
        return target.read(cell)
    if fix.action == FixAction.EMPTY:
        return Parsed(None, f"Bỏ trống ô “{shown(cell)}” theo cách sửa.")
    value = target.read(fix.text).value
    told = value if isinstance(value, CitizenId) else fix.text
    return Parsed(value, f"“{shown(cell)}” được sửa thành “{told}”.")


def year_of_title(title: Sequence[str]) -> int | None:
    """The year a list says it is of, in the lines above its header; of a school year the first."""
    for line in title:
        if match := _YEAR_IN_TITLE.search(fold(line)):
            return int(match[1])
    return None


def _place_years(sheet: Sheet, draft: Draft, title: Sequence[str], today: datetime.date) -> None:
    """Give values kept by year their year: of the row, of the title, or for want of both the present one."""
    loose = [each for each in sheet.fields if each.child and each.name in draft.values]
    if not loose:
        return
    year = draft.get(sheet.year) or year_of_title(title)
    for each in loose:
        key = with_year(each.name, year or today.year)
        draft.values.setdefault(key, draft.values.pop(each.name))
        draft.columns.setdefault(key, draft.columns.get(each.name, ""))
        if not year:
            draft.notice(each.name, f"Danh sách không ghi năm: ghi vào năm {today.year}.")


def _fit_lengths(sheet: Sheet, draft: Draft) -> None:
    """Shorten texts that have somewhere to leave the whole of them; refuse others that a hook made too long."""
    limits = sheet.longest
    for name, value in list(draft.values.items()):
        if name not in limits or not isinstance(value, str) or len(value) <= limits[name]:
            continue
        target = sheet.by_name[name]
        if not target.overflow:
            draft.refuse(name, f"Dài {len(value)} ký tự, tối đa {target.max_length}.", "Quá dài")
            continue
        draft.values[name] = shortened(value, target.max_length)
        draft.add_line(target.overflow, f"{target.label[0].upper()}{target.label[1:]} ghi đầy đủ: {value}")
        draft.notice(name, f"Dài {len(value)} ký tự: ghi {target.max_length} ký tự đầu, toàn văn ở ghi chú.")


def shortened(text: str, length: int) -> str:
    """The text cut at a word, with an ellipsis."""
    return nfc(text[: length - 1].rsplit(" ", 1)[0]) + "…"


def read_constants(sheet: Sheet, constants: Mapping[str, str]) -> None:
    """Raise ``UnknownField`` or ``ValueProblem`` for a common value that no field takes."""
    for key, text in constants.items():
        refuse_unknown_key(sheet, key)
        sheet.field_of(key).read(text)
