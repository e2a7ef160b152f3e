"""The commit: checked rows are written in one transaction, or none of them; or the import is given up."""

from django.db import IntegrityError, router
from django.utils import timezone

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.lib import wholes
from movement_portal.lib.changes import StaleRecord
from movement_portal.lib.numbers import written
from movement_portal.lib.turns import TurnTaken
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets import committing
from movement_portal.spreadsheets.enums import BatchState, CommitMode, RowOutcome
from movement_portal.spreadsheets.models import ImportBatch, ImportJob, ImportRow
from movement_portal.spreadsheets.progress import Meter, Progress
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import Sheet, sheet_for
from movement_portal.spreadsheets.workflow.checks import run_check
from movement_portal.spreadsheets.workflow.steps import CANCEL, COMMIT, ImportRefused, move, require_right, stage

#: Outcomes of rows that a commit writes.
WRITTEN = (RowOutcome.NEW, RowOutcome.CHANGED)
#: Rows that a message names; beyond them only that there are more.
NAMED = 5
#: Seconds that an officer waits at a page while another list of the kind is written; a job waits until it is.
PATIENCE = 10
OTHER_LIST = "Một danh sách khác cùng loại đang được ghi vào sổ: chưa ghi dòng nào, hãy đợi một phút rồi ghi lại."
EDITED_COLUMNS = ("number", "label", "object_id", "version")


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
    is still checked, with a message. Raises ``ImportRefused`` while another list of the kind is being written, unless
    a ``job`` does it, which waits. ``progress`` hears how far it is; when it raises ``Cancelled`` nothing is written.
    """
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    sheet = sheet_for(batch.sheet)
    require_right(sheet, by)
    state = job.from_state if job else batch.state
    if state not in COMMIT.sources:
        raise ImportRefused(
            f"Lần nhập đang ở trạng thái “{BatchState(state).label}”, không thể {mid_sentence(COMMIT.label)}."
        )
    if mode == CommitMode.ALL_OR_NOTHING:
        refuse_unfinished(batch)
    label = f"Nhập {mid_sentence(sheet.label)} từ “{batch.file_name}”"
    try:
        stage(job, "Chuẩn bị các dòng", 0.8)
        meter = Meter(progress, sum(batch.counts.get(each, 0) for each in WRITTEN), committing.PASSES)
        with (
            act(EventKind.IMPORT, by=by, label=label) as doing,
            committing.Commit(sheet, batch, officer=by, meter=meter) as writing,
        ):
            writing.make_ready()
            stage(job, "Ghi vào sổ", 1)
            with wholes.whole(using=router.db_for_write(ImportBatch)):
                facts = {"committed_at": timezone.now(), "event_id": doing.id, "message": ""}
                moved = move(batch_id, COMMIT, by=by, job=job, **facts)
                if moved.judged_times != batch.judged_times:
                    # Somebody has put rows right since they were made ready.
                    raise committing.StaleRows
                writing.write(patience=None if job else PATIENCE)
                meter.done()
    except TurnTaken:
        raise ImportRefused(OTHER_LIST) from None
    except (committing.StaleRows, StaleRecord):
        reason = f"Sổ đã thay đổi sau khi kiểm tra{edited_since(sheet, batch_id)}"
    except IntegrityError as problem:
        reason = _told_by_database(sheet, problem)
    else:
        return moved
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
