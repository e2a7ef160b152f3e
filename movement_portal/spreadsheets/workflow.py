"""The life of an import, from upload to commit: the table below is the whole of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.dates import today
from movement_portal.lib.garbage import without_search
from movement_portal.lib.numbers import written
from movement_portal.lib.tracking import StaleRecord
from movement_portal.lib.vietnamese import nfc
from movement_portal.persons.citizen_ids import mask_in_text
from movement_portal.spreadsheets import committing, returning, undoing
from movement_portal.spreadsheets.areas import log_refusals, out_of_reach
from movement_portal.spreadsheets.checking import PART, Checking, CheckResult
from movement_portal.spreadsheets.corrections import corrections_of
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.enums import BatchState, CommitMode, JobState, RowOutcome
from movement_portal.spreadsheets.guarding import masked_throughout
from movement_portal.spreadsheets.intake import Plan, SheetPlan, kept, plan_sheet, read_constants
from movement_portal.spreadsheets.judgements import Judgements
from movement_portal.spreadsheets.matching import missing_required
from movement_portal.spreadsheets.memory import remember_columns, remembered_columns
from movement_portal.spreadsheets.models import ImportBatch, ImportJob, ImportRow, upload_path
from movement_portal.spreadsheets.progress import Meter, Progress
from movement_portal.spreadsheets.reading import read_workbook
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import Sheet, header_test, sheet_for
from movement_portal.spreadsheets.tables import SheetTable, UnreadableFile, WorkbookTable

#: Skipped lines kept with a batch; beyond them only their number.
SKIPPED_KEPT = 2_000
#: Outcomes of rows that a commit writes.
WRITTEN = (RowOutcome.NEW, RowOutcome.CHANGED)


@dataclass(frozen=True)
class Transition:
    name: str
    label: str
    sources: tuple[BatchState, ...]
    target: BatchState


READ = Transition("read", "Đọc tệp", (BatchState.UPLOADED, BatchState.READ, BatchState.CHECKED), BatchState.READ)
CHECK = Transition("check", "Kiểm tra", (BatchState.READ, BatchState.CHECKED), BatchState.CHECKED)
COMMIT = Transition("commit", "Ghi vào sổ", (BatchState.CHECKED,), BatchState.COMMITTED)
CANCEL = Transition("cancel", "Hủy", (BatchState.UPLOADED, BatchState.READ, BatchState.CHECKED), BatchState.CANCELLED)
FAIL = Transition("fail", "Không đọc được", (BatchState.UPLOADED,), BatchState.FAILED)

#: A step begins in the background; the states are those from which the step itself is taken.
HOLD = Transition(
    "hold",
    "Chạy nền",
    (
        BatchState.UPLOADED,
        BatchState.READ,
        BatchState.CHECKED,
        BatchState.COMMITTED,
        BatchState.PARTLY_UNDONE,
    ),
    BatchState.RUNNING,
)
UNDO = Transition("undo", "Hoàn tác", (BatchState.COMMITTED, BatchState.PARTLY_UNDONE), BatchState.UNDONE)
UNDO_PART = Transition("undo_part", "Hoàn tác", UNDO.sources, BatchState.PARTLY_UNDONE)

TRANSITIONS = (READ, CHECK, COMMIT, CANCEL, FAIL, HOLD, UNDO, UNDO_PART)

#: Rows that a message names; beyond them only that there are more.
NAMED = 5
EDITED_COLUMNS = ("number", "label", "object_id", "version")
#: Beside the right to bring such a list in.
UNDO_PERMISSION = "spreadsheets.undo_import"


class ImportRefused(Exception):
    """The step cannot be taken; the message says why, for the officer."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class JobLost(Exception):
    """The job has been given to another worker, or stopped: what this one did is not kept."""


def move(batch_id: int, step: Transition, *, by, job: ImportJob | None = None, **values) -> ImportBatch:
    """Take a step under a lock, setting the values with it; raises ``ImportRefused`` from any other state.

    A step in the background is taken from the state in which its job found the batch, and ends the job with it; raises
    ``JobLost`` where the job is no longer this worker's. The caller's transaction decides whether it stays.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.visible_to(by).select_for_update(of=("self",)).get(pk=batch_id)
        require_right(sheet_for(batch.sheet), by)
        state = end_job(job, JobState.DONE) if job else batch.state
        if state not in step.sources:
            raise ImportRefused(
                f"Lần nhập đang ở trạng thái “{BatchState(state).label}”, không thể {step.label.lower()}."
            )
        batch.state = step.target
        for name, value in values.items():
            setattr(batch, name, value)
        batch.save()
    return batch


def hold(batch_id: int, sources: Sequence[BatchState], *, by, **values) -> tuple[ImportBatch, BatchState]:
    """Hold a batch for a job, setting the values with it; answers it and the state it had.

    Raises ``ImportRefused`` from a state in which the job's step cannot be taken; the caller's transaction makes the
    job.
    """
    batch = ImportBatch.objects.visible_to(by).select_for_update(of=("self",)).get(pk=batch_id)
    require_right(sheet_for(batch.sheet), by)
    state = BatchState(batch.state)
    if state not in sources or state not in HOLD.sources:
        raise ImportRefused(f"Lần nhập đang ở trạng thái “{state.label}”, hãy đợi hoặc tải lại trang.")
    batch.state, batch.message = HOLD.target, ""
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save()
    return batch, state


def end_job(job: ImportJob, state: JobState, message: str = "") -> str:
    """End a running job under a lock; answers the state its batch had before. Raises ``JobLost``."""
    held = ImportJob.objects.select_for_update().get(pk=job.pk)
    if not held.is_active or held.token != job.token:
        raise JobLost
    held.state, held.message, held.ended_at = state, message, timezone.now()
    held.save(update_fields=["state", "message", "ended_at"])
    return held.from_state


def stage(job: ImportJob | None, label: str, upto: float) -> None:
    """Tell whoever waits for a job that a stage of it begins, at whose end ``upto`` of the whole is done."""
    if job is not None:
        job.board.stage(label, upto)


def release(job: ImportJob, state: JobState, target: BatchState, *, message: str = "", **values) -> ImportBatch:
    """Give a batch back whose job was not done (stopped by an officer, refused, its worker dead) or changed nothing.

    Nothing of the step was kept but the values, so the batch goes to ``target``, with the message. Raises ``JobLost``.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=job.batch_id)
        end_job(job, state, message)
        batch.state = target
        batch.message = message
        if target == BatchState.FAILED:
            batch.failure = message
        for name, value in values.items():
            setattr(batch, name, value)
        batch.save()
    return batch


def require_right(sheet: Sheet, officer) -> None:
    """Raise ``PermissionDenied`` for an officer who may not bring such a list in."""
    if officer.jurisdiction is None or not sheet.may_import(officer):
        raise PermissionDenied


def require_reach(officer, area: Jurisdiction | None) -> None:
    """Raise ``PermissionDenied`` for an area out of the officer's reach."""
    if area is not None and not area.path.startswith(officer.jurisdiction.path):
        raise PermissionDenied


# -- upload ------------------------------------------------------------------------------------------------------------
def upload(sheet: Sheet, file: File, *, by, default_area: Jurisdiction | None = None) -> ImportBatch:
    """Keep a file and read it; the batch that comes back is read, or failed with the reason."""
    return read(keep(sheet, file, by=by, default_area=default_area), by=by)


def keep(sheet: Sheet, file: File, *, by, default_area: Jurisdiction | None = None) -> ImportBatch:
    """Keep a file as it came; nothing of it is read."""
    require_right(sheet, by)
    require_reach(by, default_area)
    sha256 = hashlib.sha256()
    for part in file.chunks():
        sha256.update(part)
    batch = ImportBatch(
        sheet=sheet.name,
        file_name=mask_in_text(nfc(Path(file.name).name))[:255],
        file_size=file.size,
        sha256=sha256.hexdigest(),
        officer=by,
        jurisdiction=by.jurisdiction,
        default_area=default_area,
    )
    path = upload_path(batch, file.name)
    # The same file sent again is kept once.
    storage = batch.file.storage
    batch.file.name = path if storage.holds(path) else storage.save(path, file)
    batch.save()
    return batch


def read(batch: ImportBatch, *, by, job: ImportJob | None = None) -> ImportBatch:
    """Read the kept file: its worksheets, headers and a first choice of columns; a file that cannot be read fails."""
    sheet = sheet_for(batch.sheet)
    stage(job, "Đọc tệp", 0.9)
    try:
        workbook = read_kept(batch)
        refuse_empty(workbook)
        batch.workbook = returning.workbook_of(sheet, workbook.sheets, by=by)
        if batch.workbook and batch.default_area is None:
            # New rows belong where the workbook went out to.
            batch.default_area = batch.workbook.jurisdiction
    except UnreadableFile as problem:
        return move(batch.pk, FAIL, by=by, job=job, failure=problem.message)
    stage(job, "Nhận ra các cột", 1)
    known = remembered_columns(sheet.name, by)
    plans = [plan_sheet(sheet, table, remembered=known) for table in workbook.sheets]
    mapping = proposed_mapping(sheet, plans)
    layout = masked_throughout(layout_of(plans, workbook))
    kept = {name: getattr(batch, name) for name in ("header_rows", "workbook", "default_area")}
    return move(batch.pk, READ, by=by, job=job, layout=layout, mapping=mapping, message="", **kept)


def read_again(batch_id: int, *, by, header_rows: Mapping[str, int]) -> ImportBatch:
    """Read a batch with the header of some worksheets where the officer says it is; columns are matched anew."""
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    if batch.state not in READ.sources:
        raise ImportRefused(f"Lần nhập đang ở trạng thái “{batch.get_state_display()}”.")
    batch.header_rows = {name: row for name, row in header_rows.items() if row > 0}
    return read(batch, by=by)


def proposed_mapping(sheet: Sheet, plans: Sequence[SheetPlan]) -> dict[str, dict[str, str]]:
    """The engine's choice of columns for the worksheets that seem to hold rows; all of them where none does."""
    meant = [plan for plan in plans if looks_meant(sheet, plan)] or plans
    return {plan.table.name: {match.header: match.choice for match in plan.matches} for plan in meant}


def looks_meant(sheet: Sheet, plan: SheetPlan) -> bool:
    """Whether a worksheet seems to hold rows of the sheet: a column for each field that every row needs."""
    keys = {match.key for match in plan.matches if match.key}
    return bool(keys) and not missing_required(sheet, keys)


def refuse_empty(workbook: WorkbookTable) -> None:
    """Raise ``UnreadableFile`` for a file without one row of data."""
    if not any(len(table.rows) for table in workbook.sheets):
        raise UnreadableFile("Tệp không có dòng dữ liệu nào.")


def read_kept(batch: ImportBatch) -> WorkbookTable:
    """The worksheets of the kept file; raises ``UnreadableFile``."""
    with batch.file.storage.in_clear(batch.file.name) as path:
        return read_workbook(
            path, batch.file_name, known_header=header_test(sheet_for(batch.sheet)), header_rows=batch.header_rows
        )


def layout_of(plans: Sequence[SheetPlan], workbook: WorkbookTable) -> dict:
    """What the pages show of a file: per worksheet its header, columns with samples, and every skipped line."""
    return {
        "format": workbook.format,
        "left_out": [{"name": each.name, "reason": each.reason} for each in workbook.left_out],
        "sheets": [
            {
                "name": plan.table.name,
                "header_row": plan.table.header_row,
                "header_height": plan.table.header_height,
                "title": list(plan.table.title[:20]),
                "rows": len(plan.table.rows),
                "columns": [
                    {
                        "header": match.header,
                        "key": match.key,
                        "choice": match.choice,
                        "how": match.how.value,
                        "remembered": match.is_remembered,
                        "samples": list(match.samples),
                    }
                    for match in plan.matches
                ],
                "top": [[number, [kept(cell) for cell in cells], spans] for number, cells, spans in plan.table.top],
                "letters": list(plan.table.letters),
                "skipped": [
                    {"lines": line.lines, "reason": line.reason, "text": line.text[:200]}
                    for line in plan.table.skipped[:SKIPPED_KEPT]
                ],
                "skipped_count": skipped_lines([plan]),
                "repairs": [
                    {"label": each.label, "count": each.count, "samples": each.samples} for each in plan.table.repairs
                ],
            }
            for plan in plans
        ],
    }


def skipped_lines(plans: Sequence[SheetPlan]) -> int:
    """How many lines of the worksheets are no rows."""
    return sum(max(line.last - line.number, 0) + 1 for plan in plans for line in plan.table.skipped)


# -- check -------------------------------------------------------------------------------------------------------------
def make_plan(
    sheet: Sheet, tables: Sequence[SheetTable], mapping: Mapping[str, Mapping[str, str]], constants: Mapping[str, str]
) -> Plan:
    """What will be read from the worksheets named in the mapping.

    Raises ``UnknownField`` for a choice that cannot be, ``ValueProblem`` for a common value that cannot be read, and
    ``ImportRefused`` where nothing is chosen.
    """
    plans = tuple(plan_sheet(sheet, table, mapping[table.name]) for table in tables if table.name in mapping)
    read_constants(sheet, constants)
    if not plans:
        raise ImportRefused("Chưa chọn trang tính nào để nhập.")
    plan = Plan(plans, constants)
    if not any(match.key for sheet_plan in plans for match in sheet_plan.matches):
        raise ImportRefused("Chưa ghép cột nào với trường của sổ.")
    return plan


def choose(
    batch_id: int,
    *,
    by,
    mapping: Mapping[str, Mapping[str, str]],
    constants: Mapping[str, str],
    default_area: Jurisdiction | None,
    progress: Progress | None = None,
) -> ImportBatch:
    """Set the columns, the common values and the area of a batch, and check it; raises as ``make_plan``.

    What the officer has said of columns is kept for the next lists of the office.
    """
    require_reach(by, default_area)
    remember_columns(ImportBatch.objects.visible_to(by).get(pk=batch_id), mapping, by=by)
    choice = {"mapping": mapping, "constants": constants, "default_area": default_area}
    return run_check(batch_id, by=by, progress=progress, **choice)


def run_check(
    batch_id: int,
    *,
    by,
    message: str = "",
    job: ImportJob | None = None,
    progress: Progress | None = None,
    **choice,
) -> ImportBatch:
    """Read the file again, judge every row, and keep the judgement; ``choice`` replaces fields of the batch.

    ``progress`` hears how far it is; when it raises ``Cancelled`` the batch stays as it was.
    """
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    sheet = sheet_for(batch.sheet)
    require_right(sheet, by)
    for name, value in choice.items():
        setattr(batch, name, value)
    stage(job, "Đọc tệp", 0.3)
    workbook = read_kept(batch)
    stage(job, "Kiểm tra từng dòng", 0.75)
    plan = make_plan(sheet, workbook.sheets, batch.mapping, batch.constants)
    corrections = corrections_of(batch)
    checking = Checking(
        sheet,
        plan,
        officer=by,
        default_area=batch.default_area,
        today=today(),
        progress=progress,
        corrections=corrections,
    )
    refused: list[Draft] = []
    with Judgements(batch) as judgements, without_search():
        for part in checking.parts(PART):
            judgements.take(part)
            refused += out_of_reach(part)
        log_refusals(sheet, refused, officer=by, file_name=batch.file_name)
        counts = counts_of(checking, plan)
        stage(job, "Giữ kết quả kiểm tra", 1)
        with transaction.atomic():
            batch = move(batch_id, CHECK, by=by, job=job, counts=counts, message=message, **choice)
            judgements.keep()
    return batch


def counts_of(result: CheckResult | Checking, plan: Plan) -> dict[str, int]:
    """Rows by outcome, and the lines of the worksheets that were no rows."""
    return {**result.counts, RowOutcome.SKIPPED.value: skipped_lines(plan.sheets)}


def answer(batch_id: int, *, by, answers: Mapping[str, str]) -> ImportBatch:
    """Say of cells that a returned workbook and the register both changed which is right, and check again.

    ``answers`` go by “key of a record|key of a field”. Raises ``ImportRefused`` for a list that is not checked.
    """
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    if batch.state != BatchState.CHECKED:
        raise ImportRefused(f"Lần nhập đang ở trạng thái “{batch.get_state_display()}”.")
    return run_check(batch_id, by=by, answers={**batch.answers, **answers})


# -- commit, cancel ----------------------------------------------------------------------------------------------------
def commit(
    batch_id: int,
    *,
    by,
    mode: CommitMode = CommitMode.ALL_OR_NOTHING,
    job: ImportJob | None = None,
    progress: Progress | None = None,
) -> ImportBatch:
    """Write the checked rows in one transaction; a second click finds the batch committed and is refused.

    With ``ALL_OR_NOTHING`` a batch with refused rows is not written; ``GOOD_ROWS`` leaves them out. When something the
    check relied on has changed since, nothing is written, the rows are checked again, and the batch that comes back
    is still checked, with a message. ``progress`` hears how far it is; when it raises ``Cancelled`` nothing is written.
    """
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    sheet = sheet_for(batch.sheet)
    require_right(sheet, by)
    state = job.from_state if job else batch.state
    if state not in COMMIT.sources:
        raise ImportRefused(
            f"Lần nhập đang ở trạng thái “{BatchState(state).label}”, không thể {COMMIT.label.lower()}."
        )
    if mode == CommitMode.ALL_OR_NOTHING:
        refuse_unfinished(batch)
    label = f"Nhập {sheet.label.lower()} từ “{batch.file_name}”"
    try:
        stage(job, "Chuẩn bị các dòng", 0.8)
        meter = Meter(progress, sum(batch.counts.get(each, 0) for each in WRITTEN), committing.PASSES)
        with (
            act(EventKind.IMPORT, by=by, label=label) as doing,
            committing.Commit(sheet, batch, officer=by, meter=meter) as writing,
        ):
            writing.make_ready()
            stage(job, "Ghi vào sổ", 1)
            with transaction.atomic():
                facts = {"committed_at": timezone.now(), "event_id": doing.id, "message": ""}
                batch = move(batch_id, COMMIT, by=by, job=job, **facts)
                writing.write()
                meter.done()
    except (committing.StaleRows, StaleRecord):
        reason = f"Sổ đã thay đổi sau khi kiểm tra{edited_since(sheet, batch_id)}"
    except IntegrityError as problem:
        reason = _told_by_database(sheet, problem)
    else:
        return batch
    return _check_again(batch_id, by, reason, job=job, progress=progress)


def refuse_unfinished(batch: ImportBatch) -> None:
    """Raise ``ImportRefused`` while rows of the batch are refused or wait for a decision."""
    if refused := batch.counts.get(RowOutcome.REFUSED, 0):
        raise ImportRefused(f"Còn {written(refused)} dòng bị từ chối: sửa tiếp, hoặc chọn chỉ ghi các dòng hợp lệ.")
    if waiting := batch.counts.get(RowOutcome.UNDECIDED, 0):
        raise ImportRefused(f"Còn {written(waiting)} dòng chờ quyết định là đơn vị đã có hay đơn vị mới.")
    if asked := batch.counts.get(RowOutcome.ASKED, 0):
        raise ImportRefused(f"Còn {written(asked)} dòng có ô mà tệp và sổ cùng sửa: hãy chọn lấy theo bên nào.")


def _check_again(batch_id: int, by, reason: str, *, job: ImportJob | None, progress: Progress | None) -> ImportBatch:
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    if (job.from_state if job else batch.state) != BatchState.CHECKED:
        # Another click has written or cancelled it meanwhile.
        raise ImportRefused(f"Lần nhập đang ở trạng thái “{batch.get_state_display()}”.")
    message = f"{reason}: chưa ghi dòng nào. Đã kiểm tra lại, hãy xem kết quả mới."
    return run_check(batch_id, by=by, message=message, job=job, progress=progress)


def edited_since(sheet: Sheet, batch_id: int) -> str:
    """Rows whose records were edited or removed since the check, in words: “ (dòng 5 “Công ty Mẫu”)”; or nothing."""
    rows = ImportRow.objects.filter(batch=batch_id, outcome=RowOutcome.CHANGED).order_by("id")
    checked = {pk: (number, label, version) for number, label, pk, version in rows.values_list(*EDITED_COLUMNS)}
    edited = []
    for part in in_parts(checked):
        versions = dict(sheet.model._base_manager.filter(pk__in=part).values_list("pk", "version"))
        edited += [checked[pk][:2] for pk in part if versions.get(pk) != checked[pk][2]]
    if not edited:
        return ""
    named = ", ".join(f"dòng {number} “{label}”" for number, label in sorted(edited)[:NAMED])
    return f" ({named}{', …' if len(edited) > NAMED else ''})"


def _told_by_database(sheet: Sheet, problem: IntegrityError) -> str:
    """The message of the constraint that refused the rows."""
    text = str(problem)
    for constraint in sheet.model._meta.constraints:
        columns = [f"{sheet.model._meta.db_table}.{name}" for name in getattr(constraint, "fields", ())]
        if constraint.name in text or (columns and all(name in text for name in columns)):
            return str(constraint.get_violation_error_message()).rstrip(".")
    return "Cơ sở dữ liệu từ chối một dòng"


def cancel(batch_id: int, *, by) -> ImportBatch:
    """Give an import up before it is written; the file and the judgement stay for the journal."""
    return move(batch_id, CANCEL, by=by)


# -- undo --------------------------------------------------------------------------------------------------------------
def may_undo(batch: ImportBatch, officer) -> bool:
    """Whether the officer may take imports of this kind back."""
    may_import = officer.jurisdiction is not None and sheet_for(batch.sheet).may_import(officer)
    return may_import and officer.has_perm(UNDO_PERMISSION)


def require_undo(batch: ImportBatch, officer) -> None:
    """Raise ``PermissionDenied`` without the right, ``ImportRefused`` where nothing was written."""
    if not may_undo(batch, officer):
        raise PermissionDenied
    if batch.state not in (*UNDO.sources, BatchState.RUNNING):
        raise ImportRefused(f"Lần nhập đang ở trạng thái “{batch.get_state_display()}”, không thể hoàn tác.")


def undo(batch_id: int, *, by, job: ImportJob | None = None, progress: Progress | None = None) -> ImportBatch:
    """Take a written import back in one transaction and one act: new records go, changed fields are as they were.

    Records that were edited or used since stay; the batch that comes back names them and is then only partly undone.
    """
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    require_undo(batch, by)
    sheet = sheet_for(batch.sheet)
    label = f"Hoàn tác việc nhập {sheet.label.lower()} từ “{batch.file_name}”"
    stage(job, "Hoàn tác", 1)
    try:
        with act(EventKind.IMPORT, by=by, label=label) as doing, transaction.atomic():
            ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
            plan = undoing.plan_undo(batch, officer=by, lock=True)
            facts = {"undone_at": timezone.now(), "undo_event_id": doing.id, "undo_plan": undoing.summary_of(plan)}
            batch = move(batch_id, UNDO_PART if plan.kept else UNDO, by=by, job=job, message="", **facts)
            undoing.carry_out(plan, meter=Meter(progress, len(plan.removed) + len(plan.restored)))
            undoing.keep_reasons(batch, sheet.model, plan)
    except (StaleRecord, IntegrityError):
        reason = "Sổ vừa được sửa trong lúc hoàn tác: chưa hoàn tác gì. Hãy xem lại rồi hoàn tác lần nữa."
        raise ImportRefused(reason) from None
    return batch
