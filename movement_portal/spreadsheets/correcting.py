"""What an officer puts right in a checked list: faults of many rows, single cells, decisions about rows.

Each step keeps what was said with the batch and judges again the rows it touches; the file stays as it came.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.spreadsheets import jobs, workflow
from movement_portal.spreadsheets.corrections import Place, told_apart
from movement_portal.spreadsheets.enums import BatchState, Decision, ExistingMode, FixAction, RowOutcome
from movement_portal.spreadsheets.fields import Field, Kind
from movement_portal.spreadsheets.intake import kept, restored
from movement_portal.spreadsheets.matching import refuse_unknown_key
from movement_portal.spreadsheets.memory import forget_value, remember_value
from movement_portal.spreadsheets.models import ImportBatch, ImportDecision, ImportEdit, ImportFix, ImportRow
from movement_portal.spreadsheets.rechecking import recheck
from movement_portal.spreadsheets.sheets import Sheet, sheet_for
from movement_portal.spreadsheets.values import ValueProblem, shown


@dataclass(frozen=True)
class Fault:
    """A fault that rows share: of one value, or with ``whole`` of every value of the cause."""

    key: str
    cause: str
    value: str = ""
    column: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Answer:
    """What is to be done about a fault: a text for TEXT, an area for AREA."""

    action: FixAction
    text: str = ""
    area: Jurisdiction | None = None


def open_batch(batch_id: int, *, by) -> ImportBatch:
    """A checked batch that the officer may put right, locked; raises ``ImportRefused`` for one in another state."""
    batch = ImportBatch.objects.visible_to(by).select_for_update(of=("self",)).get(pk=batch_id)
    workflow.require_right(sheet_for(batch.sheet), by)
    if batch.state != BatchState.CHECKED:
        raise workflow.ImportRefused(f"Lần nhập đang ở trạng thái “{batch.get_state_display()}”, không sửa được.")
    return batch


# -- faults of many rows -----------------------------------------------------------------------------------------------
def fix(batch_id: int, *, by, fault: Fault, answer: Answer, remember: bool = False) -> ImportBatch:
    """Put a fault right in all rows that have it; with ``remember`` the office's next lists know the answer.

    Raises ``ImportRefused`` for an answer that the field does not take, ``PermissionDenied`` for an area out of reach.
    """
    with transaction.atomic():
        batch = open_batch(batch_id, by=by)
        refuse_wrong_answer(sheet_for(batch.sheet), fault, answer, by)
        rows = batch.faults.filter(cause=told_apart(fault.cause), key=fault.key)
        if not fault.whole:
            rows = rows.filter(value=told_apart(fault.value))
        places = set(rows.values_list("row__worksheet", "row__number"))
        if not places:
            raise workflow.ImportRefused("Lỗi này không còn ở dòng nào.")
        kept_fix, _ = ImportFix.objects.update_or_create(
            batch=batch,
            key=fault.key,
            cause=told_apart(fault.cause),
            value="" if fault.whole else told_apart(fault.value),
            whole=fault.whole,
            defaults={
                "column": told_apart(fault.column),
                "action": answer.action,
                "text": answer.text,
                "area": answer.area,
                "officer": by,
            },
        )
        if remember:
            remember_value(kept_fix, by=by)
    return recheck(batch_id, by=by, places=places)


def refuse_wrong_answer(sheet: Sheet, fault: Fault, answer: Answer, by) -> None:
    """Raise ``ImportRefused`` for an answer that the field at fault cannot take."""
    if answer.action == FixAction.LEAVE_OUT:
        return
    field = field_of(sheet, fault.key)
    if answer.action not in actions_for(sheet, field):
        raise workflow.ImportRefused("Không sửa được lỗi này theo cách đó.")
    if answer.action == FixAction.AREA:
        if answer.area is None:
            raise workflow.ImportRefused("Hãy chọn địa bàn.")
        workflow.require_reach(by, answer.area)
    if answer.action == FixAction.TEXT:
        refuse_unreadable(field, answer.text)


def field_of(sheet: Sheet, key: str) -> Field | None:
    """The field of a key that a fault names; None where the fault is of no field of the list."""
    try:
        return sheet.field_of(key)
    except (KeyError, ValueError):
        return None


def actions_for(sheet: Sheet, field: Field | None) -> tuple[FixAction, ...]:
    """What can be done about the faults of a field; leaving the rows out is always possible."""
    if field is None or (field.hidden and field.name != sheet.area):
        return (FixAction.LEAVE_OUT,)
    if field.kind == Kind.AREA or field.name == sheet.address:
        return (FixAction.AREA, FixAction.LEAVE_OUT)
    if field.required:
        return (FixAction.TEXT, FixAction.LEAVE_OUT)
    return (FixAction.TEXT, FixAction.EMPTY, FixAction.LEAVE_OUT)


def refuse_unreadable(field: Field | None, text: str) -> None:
    """Raise ``ImportRefused`` for a text that the field cannot read."""
    if field is None or not text.strip():
        raise workflow.ImportRefused("Hãy ghi giá trị mới.")
    try:
        field.read(text)
    except ValueProblem as problem:
        raise workflow.ImportRefused(problem.reason) from None


def withdraw(batch_id: int, fix_id: int, *, by) -> ImportBatch:
    """Take an answer back; the whole list is judged again, for nobody knows any more which rows it had put right."""
    with transaction.atomic():
        batch = open_batch(batch_id, by=by)
        batch.fixes.filter(pk=fix_id).delete()
    return jobs.check_again(batch, by=by)


def forget(batch_id: int, *, by, key: str, value: str) -> ImportBatch:
    """Drop what the office has said of a value in earlier lists, and judge the list again."""
    with transaction.atomic():
        batch = open_batch(batch_id, by=by)
        forget_value(batch, key, value, by=by)
    return jobs.check_again(batch, by=by)


# -- single cells ------------------------------------------------------------------------------------------------------
def edit(batch_id: int, row_id: int, *, by, text: str, column: str = "", key: str = "") -> ImportBatch:
    """Type a cell of a row anew, by its column, or by its field where no column fills it.

    A text that is the same as in the file takes the typing back. Raises ``ImportRow.DoesNotExist``.
    """
    with transaction.atomic():
        batch = open_batch(batch_id, by=by)
        row = batch.rows.select_for_update().get(pk=row_id)
        if not column:
            refuse_unknown_key(sheet_for(batch.sheet), key)
        elif column not in headers_of(batch, row.worksheet):
            raise workflow.ImportRefused(f"Không có cột “{column}” trong tệp.")
        place = {"batch": batch, "worksheet": row.worksheet, "number": row.number, "column": column}
        place["key"] = "" if column else key
        before = ImportEdit.objects.filter(**place).first()
        original = before.original if before else row.originals.get(column, row.cells.get(column))
        if text == (shown(restored(original)) if original is not None else ""):
            ImportEdit.objects.filter(**place).delete()
            put_back(row, column, original)
        else:
            typed = {"text": text, "original": original, "officer": by}
            ImportEdit.objects.update_or_create(**place, defaults=typed)
    return recheck(batch_id, by=by, places=[(row.worksheet, row.number)])


def headers_of(batch: ImportBatch, worksheet: str) -> list[str]:
    """Headers of the columns of a worksheet, by its name as kept with a row."""
    return [
        column["header"]
        for table in batch.layout["sheets"]
        if table["name"].startswith(worksheet)
        for column in table["columns"]
    ]


def put_back(row: ImportRow, column: str, original) -> None:
    """Give a row the cell again that the file has."""
    if not column:
        return
    row.originals.pop(column, None)
    row.cells.pop(column, None)
    if original is not None:
        cell = restored(original)
        row.cells[column] = shown(cell)
        if kept(cell) != row.cells[column]:
            row.originals[column] = original
    row.save(update_fields=["cells", "originals"])


# -- decisions ---------------------------------------------------------------------------------------------------------
def decide(batch_id: int, row_id: int, *, by, decision: Decision, object_id: int | None = None) -> ImportBatch:
    """Say whether a row is a record that it looks like, is none of them, or stays out.

    Raises ``ImportRefused`` for a record that the row does not look like, ``ImportRow.DoesNotExist``.
    """
    with transaction.atomic():
        batch = open_batch(batch_id, by=by)
        row = batch.rows.get(pk=row_id)
        if decision == Decision.SAME and object_id not in [pk for pk, _ in row.candidates]:
            raise workflow.ImportRefused("Dòng này không còn giống bản ghi đó; hãy tải lại trang.")
        keep_decisions(batch, [row], decision, {row.pk: object_id}, by=by)
    return recheck(batch_id, by=by, places=[(row.worksheet, row.number)])


def decide_many(batch_id: int, *, by, decision: Decision, score: int) -> tuple[ImportBatch, int]:
    """Decide all rows that wait: those at least so alike are the same as the likest record, or all below are different.

    Answers the batch and how many rows were decided.
    """
    with transaction.atomic():
        batch = open_batch(batch_id, by=by)
        waiting = batch.rows.filter(outcome=RowOutcome.UNDECIDED)
        rows = list(waiting.filter(score__gte=score) if decision == Decision.SAME else waiting.filter(score__lt=score))
        likest = {row.pk: row.candidates[0][0] for row in rows} if decision == Decision.SAME else {}
        keep_decisions(batch, rows, decision, likest, by=by)
    if not rows:
        return batch, 0
    return recheck(batch_id, by=by, places=places_of(rows)), len(rows)


def keep_decisions(batch, rows: Iterable[ImportRow], decision: Decision, records: dict, *, by) -> None:
    """Keep one decision for each row, with the record that it is the same as."""
    ImportDecision.objects.bulk_create(
        [
            ImportDecision(
                batch=batch,
                worksheet=row.worksheet,
                number=row.number,
                decision=decision,
                object_id=records.get(row.pk) if decision == Decision.SAME else None,
                officer=by,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["batch", "worksheet", "number"],
        update_fields=["decision", "object_id", "officer"],
    )


def places_of(rows: Iterable[ImportRow]) -> list[Place]:
    """Where rows stand in the file."""
    return [(row.worksheet, row.number) for row in rows]


def undecide(batch_id: int, row_id: int, *, by) -> ImportBatch:
    """Take the decision about a row back; raises ``ImportRow.DoesNotExist``."""
    with transaction.atomic():
        batch = open_batch(batch_id, by=by)
        row = batch.rows.get(pk=row_id)
        batch.decisions.filter(worksheet=row.worksheet, number=row.number).delete()
    return recheck(batch_id, by=by, places=[(row.worksheet, row.number)])


def choose_existing(batch_id: int, *, by, mode: ExistingMode) -> ImportBatch:
    """Say what becomes of records that rows find in the register, and judge the list again."""
    with transaction.atomic():
        batch = open_batch(batch_id, by=by)
    return jobs.check_again(batch, by=by, existing=mode)
