"""Undo: a written import is taken back as far as nobody has used its records since."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, router
from django.utils import timezone

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.lib import wholes
from movement_portal.lib.changes import StaleRecord
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets import undoing
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.models import ImportBatch, ImportJob
from movement_portal.spreadsheets.progress import Meter, Progress
from movement_portal.spreadsheets.sheets import sheet_for
from movement_portal.spreadsheets.workflow.steps import UNDO, UNDO_PART, ImportRefused, move, stage

#: Beside the right to bring such a list in.
UNDO_PERMISSION = "spreadsheets.undo_import"


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
    label = f"Hoàn tác việc nhập {mid_sentence(sheet.label)} từ “{batch.file_name}”"
    stage(job, "Hoàn tác", 1)
    try:
        using = router.db_for_write(ImportBatch)
        with act(EventKind.IMPORT, by=by, label=label) as doing, wholes.whole(using=using):
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
