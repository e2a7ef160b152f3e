"""A workbook that the portal gave out comes back: what its cells were, what the register holds, what the file says.

Of each cell three texts are compared, as an office sees them: exported, register today, uploaded. What only the file
changed is written; what only the register changed is kept; where both changed it, to different things, an officer is
asked. The exported cells come with the row itself, signed by the portal's key: a mark tampered with is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.db import models

from movement_portal.jurisdictions.scoping import path_covers
from movement_portal.lib.vietnamese import fold, mid_sentence
from movement_portal.spreadsheets.areas import OUT_OF_REACH
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.enums import Answer, RowOutcome
from movement_portal.spreadsheets.fields import Field, Kind, Merge, split_year
from movement_portal.spreadsheets.fillable import is_given_by_portal
from movement_portal.spreadsheets.issuing import SALT, UNDERSCORE, Cells
from movement_portal.spreadsheets.models import ImportBatch, IssuedWorkbook
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.several import new_items
from movement_portal.spreadsheets.sheets import Sheet, sheet_for
from movement_portal.spreadsheets.tables import FINGERPRINT, SheetTable, UnreadableFile
from movement_portal.spreadsheets.values import ValueProblem, is_blank

#: Stands for “the file says nothing of the field”.
SILENT = object()
#: Key under which the exported cells of a row name their workbook.
WORKBOOK = ""
#: Answers every question of a list.
EVERY = "*"
TAMPERED = "Dấu dòng không hợp lệ"
GONE = "Không còn trong địa bàn"
COPIED = "Dòng chép từ một dòng đã xuất"


@dataclass
class Returned:
    """What is known of the workbooks that the rows of a list came from."""

    #: For each workbook the cells of the register today, in the words of that workbook.
    cells: dict[int, Cells] = field(default_factory=dict)


def unsigned(text: str) -> tuple[int, int, dict[str, str]] | None:
    """Workbook, record and exported cells of a mark; None for one that the portal did not make."""
    try:
        workbook, record, _version, cells = signing.loads(text.replace(UNDERSCORE, "_"), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return workbook, record, cells


def workbook_of(sheet: Sheet, tables: Iterable[SheetTable], *, by) -> IssuedWorkbook | None:
    """The workbook that a file is, None for a list of an office's own.

    Raises ``UnreadableFile`` for a workbook of another kind of list, or of an area out of the officer's reach.
    """
    for table in tables:
        if FINGERPRINT not in table.headers:
            continue
        position = table.headers.index(FINGERPRINT)
        for row in table.rows:
            mark = row.cells[position] if position < len(row.cells) else None
            if is_blank(mark) or (found := unsigned(str(mark))) is None:
                continue
            workbook = IssuedWorkbook.objects.visible_to(by).filter(pk=found[0]).first()
            if workbook is None:
                raise UnreadableFile("Tệp này được xuất cho địa bàn ngoài phạm vi phụ trách của đồng chí.")
            if workbook.sheet != sheet.name:
                raise UnreadableFile(
                    f"Tệp này là danh sách {mid_sentence(sheet_for(workbook.sheet).label)}: chọn đúng loại danh sách."
                )
            return workbook
    return None


def identify(sheet: Sheet, drafts: Sequence[Draft], *, officer) -> Returned:
    """Give rows with a mark the record that they went out as; refuse marks that are none, and rows of other areas."""
    returned = Returned()
    marked = {draft: unsigned(draft.fingerprint) for draft in drafts if draft.fingerprint}
    if not marked:
        return returned
    known = [mark for mark in marked.values() if mark]
    workbooks = IssuedWorkbook.objects.visible_to(officer).filter(sheet=sheet.name).select_related("jurisdiction")
    issued = workbooks.in_bulk({workbook for workbook, _, _ in known})
    stored = [each.name for each in sheet.stored_fields]
    records: dict[int, models.Model] = {}
    for part in in_parts(record for workbook, record, _ in known if workbook in issued):
        rows = sheet.model.objects.editable_by(officer).select_related(*SheetResource(sheet, keys=stored).relations)
        records.update(rows.in_bulk(part))
    gone = sheet.stand_ins(list(records)) if sheet.stand_ins and records else {}
    returned.cells = {pk: Cells(sheet, officer, workbook.jurisdiction) for pk, workbook in issued.items()}
    of_worksheet = {}
    for draft, mark in marked.items():
        if mark is None or mark[0] not in issued:
            draft.refuse("", "Dấu của dòng đã bị sửa, hoặc không phải do cổng này xuất.", TAMPERED, value="")
            continue
        workbook, record, cells = mark
        of_worksheet.setdefault(draft.worksheet, issued[workbook])
        if record not in records:
            draft.refuse("", "Bản ghi của dòng này không còn trong địa bàn của đồng chí.", GONE, value="")
            continue
        if record in gone:
            draft.refuse("", "Hồ sơ của dòng này đã gộp vào một hồ sơ khác: lấy tệp mới rồi sửa.", GONE, value="")
            continue
        draft.found, draft.exported = records[record], {WORKBOOK: str(workbook), **cells}
    _refuse_copies(drafts)
    if sheet.area:
        _refuse_other_areas(sheet, drafts, of_worksheet)
    return returned


def _refuse_copies(drafts: Sequence[Draft]) -> None:
    """Refuse rows copied with their mark: which of them the record is meant to be, and which a new one, is unknown."""
    alike: dict[Any, list[Draft]] = {}
    for draft in drafts:
        if draft.exported is not None and not draft.is_left_out:
            alike.setdefault(draft.record_pk, []).append(draft)
    for copies in alike.values():
        for draft in copies if len(copies) > 1 else ():
            others = ", ".join(str(each.number) for each in copies if each is not draft)
            reason = (
                f"Chép từ cùng một dòng đã xuất với dòng {others}: để một dòng ra ngoài; "
                "muốn thêm mới thì gõ vào dòng trống ở cuối tệp, không chép cả dòng."
            )
            draft.refuse("", reason, COPIED, value="")


def _refuse_other_areas(sheet: Sheet, drafts: Sequence[Draft], of_worksheet: Mapping[str, IssuedWorkbook]) -> None:
    for draft in drafts:
        workbook = of_worksheet.get(draft.worksheet)
        if workbook is not None and draft.area_path and not path_covers(workbook.jurisdiction.path, draft.area_path):
            reason = f"Tệp này chỉ dành cho {workbook.jurisdiction}: dòng của địa bàn khác không được nhận."
            draft.refuse(sheet.area, reason, OUT_OF_REACH)


# -- three texts of one cell -------------------------------------------------------------------------------------------
def compare(
    sheet: Sheet, draft: Draft, children: Mapping[tuple, Any], returned: Returned, answers: Mapping[str, str]
) -> None:
    """Leave in ``values`` what the file alone changed, and what an officer has said of cells changed on both sides."""
    exported = dict(draft.exported or {})
    cells = returned.cells[int(exported.pop(WORKBOOK))]
    unchanged = {key for key, before in exported.items() if draft.written(key) == before}
    # What stood there when the workbook went out is no fault of the file.
    draft.problems = [problem for problem in draft.problems if problem.key not in unchanged]
    kept: dict[str, Any] = {}
    for key, before in exported.items():
        if key in unchanged or key not in draft.columns:
            continue
        each, old = sheet.field_of(key), _old(draft, sheet.field_of(key), key, children)
        value = _uploaded(sheet, draft, each, key)
        if each.kind == Kind.SEVERAL and value is not SILENT:
            old, value = None, new_items(old, value)
        elif each.elsewhere and each.elsewhere.join and value is not SILENT:
            value = each.elsewhere.join(old, value)
        if value is SILENT or _is_same(value, old) or _reads_alike(each, before, draft.written(key), value):
            continue
        if each.merge == Merge.KEEP:
            draft.notice(key, f"{each.label} của bản ghi đã có không đổi bằng tệp: hãy đổi trên trang của bản ghi.")
            continue
        now = cells.text(draft.found, key, children)
        if now == before or _file_is_right(sheet, draft, key, (before, now), answers):
            kept[key] = value
            draft.changes[key] = [old, value]
    _follow_area(sheet, draft, kept)
    draft.values = kept
    draft.outcome = RowOutcome.CHANGED if kept else RowOutcome.SAME


def _old(draft: Draft, each: Field, key: str, children: Mapping[tuple, Any]) -> Any:
    if each.elsewhere:
        return children.get((each.elsewhere, draft.found.pk))
    if each.child:
        child = children.get((each.child.model, draft.found.pk, split_year(key)[1]))
        return getattr(child, each.column, None)
    return getattr(draft.found, draft.found._meta.get_field(each.column).attname)


def _uploaded(sheet: Sheet, draft: Draft, each: Field, key: str) -> Any:
    """The value that the file gives a field, ``SILENT`` where it gives none; an emptied cell empties the field."""
    if is_given_by_portal(sheet, each):
        draft.refuse(key, f"{each.label} do cổng cấp, không đổi được.", f"Đổi {mid_sentence(each.label)}")
        return SILENT
    if draft.written(key):
        # What could not be read, or a place that stands open, is told as a fault of the row.
        return draft.values.get(key, SILENT)
    column = None if each.child or each.elsewhere else draft.found._meta.get_field(each.column)
    if each.required:
        draft.refuse(key, f"Thiếu {mid_sentence(each.label)}.", f"Thiếu {mid_sentence(each.label)}", value="")
    elif column is not None and column.null:
        return None
    elif isinstance(column, models.CharField | models.TextField):
        return ""
    else:
        draft.notice(key, f"{each.label}: ô để trống không xóa số đã ghi; hãy sửa trên trang của bản ghi.")
    return SILENT


def _is_same(value: Any, old: Any) -> bool:
    return value == old or (value in (None, "", []) and old in (None, ""))


def _reads_alike(each: Field, before: str, written: str, value: Any) -> bool:
    """Whether the file only writes what went out in another way: “1.727” for 1727, “cơ quan” for “Cơ quan”."""
    if not before or not written:
        return False
    if each.kind in (Kind.AREA, Kind.RELATION, Kind.CHOICE, Kind.BOOL):
        return fold(before) == fold(written)
    try:
        return each.read(before).value == value
    except ValueProblem:
        return False


def _file_is_right(sheet: Sheet, draft: Draft, key: str, texts: tuple[str, str], answers: Mapping[str, str]) -> bool:
    """Whether an officer has said that the file is right; asks where nobody has said anything yet."""
    answer = answers.get(question_of(draft.found.pk, key)) or answers.get(EVERY)
    if answer is None:
        before, now = texts
        label, file = sheet.label_of(key), draft.written(key)
        draft.questions.append({"key": key, "label": label, "exported": before, "register": now, "file": file})
    return answer == Answer.FILE


def question_of(pk: int, key: str) -> str:
    """How the answer about one field of one record is kept."""
    return f"{pk}|{key}"


def _follow_area(sheet: Sheet, draft: Draft, kept: dict[str, Any]) -> None:
    """What is known of a place changes with the place and by nothing else."""
    for name in (sheet.review_flag, sheet.review_note):
        if name and sheet.area in kept and name in draft.values:
            old = getattr(draft.found, sheet.by_name[name].column)
            if draft.values[name] != old:
                kept[name] = draft.values[name]
                draft.changes[name] = [old, draft.values[name]]


# -- what did not come back --------------------------------------------------------------------------------------------
def missing(batch: ImportBatch, *, by) -> list[models.Model]:
    """Records that went out with the workbook and have no row in the file; they stay in the register."""
    if batch.workbook is None:
        return []
    came = set(batch.rows.exclude(object_id=None).values_list("object_id", flat=True))
    gone = [pk for pk in batch.workbook.record_ids if pk not in came]
    records: dict[int, models.Model] = {}
    for part in in_parts(gone):
        records.update(sheet_for(batch.sheet).model.objects.visible_to(by).in_bulk(part))
    return [records[pk] for pk in gone if pk in records]
