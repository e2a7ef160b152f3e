"""Upload: a file is kept as it came and read, its columns are proposed."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.masking import mask_in_text
from movement_portal.lib.vietnamese import nfc
from movement_portal.spreadsheets import returning
from movement_portal.spreadsheets.guarding import HoldsPasswords, masked_throughout, refuse_passwords
from movement_portal.spreadsheets.intake import kept
from movement_portal.spreadsheets.matching import missing_required
from movement_portal.spreadsheets.memory import remembered_columns, remembered_constants
from movement_portal.spreadsheets.models import ImportBatch, ImportJob, upload_path
from movement_portal.spreadsheets.offering import offered
from movement_portal.spreadsheets.reading import MESSAGES, read_workbook
from movement_portal.spreadsheets.sheet_plans import SheetPlan, plan_sheet
from movement_portal.spreadsheets.sheets import Sheet, header_test, sheet_for
from movement_portal.spreadsheets.tables import LeftOutSheet, UnreadableFile, WorkbookTable
from movement_portal.spreadsheets.workflow.steps import (
    CANCEL,
    FAIL,
    READ,
    ImportRefused,
    move,
    require_reach,
    require_right,
    stage,
)

#: Skipped lines kept with a batch; beyond them only their number.
SKIPPED_KEPT = 2_000
#: What reading settles, or was settled before it.
KEPT = ("sheet", "header_rows", "workbook", "default_area", "constants", "ways")
#: Why a hidden worksheet is not offered.
HIDDEN_STOCK = "trang tính đang ẩn, không có cột bắt buộc của danh sách này; muốn nhập thì hãy cho hiện lại"


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
        refuse_passwords(workbook)
        known = remembered_columns(sheet.name, by)
        plans = [plan_sheet(sheet, table, remembered=known) for table in workbook.sheets]
        plans = without_stock(sheet, workbook, plans)
        refuse_empty(plans)
        batch.workbook = returning.workbook_of(sheet, workbook.sheets, by=by)
        if batch.workbook and batch.default_area is None:
            # New rows belong where the workbook went out to.
            batch.default_area = batch.workbook.jurisdiction
    except HoldsPasswords as problem:
        return drop(batch, by=by, job=job, failure=problem.message)
    except UnreadableFile as problem:
        return move(batch.pk, FAIL, by=by, job=job, failure=problem.message)
    stage(job, "Nhận ra các cột", 1)
    mapping = proposed_mapping(sheet, plans)
    before = remembered_constants(sheet, by, mapping)
    layout = masked_throughout(layout_of(sheet, plans, workbook))
    layout["constants"] = {"taken": before.taken, "proposed": before.proposed}
    batch.constants = before.taken | batch.constants
    kept = {name: getattr(batch, name) for name in KEPT}
    return move(batch.pk, READ, by=by, job=job, layout=layout, mapping=mapping, message="", **kept)


def drop(batch: ImportBatch, *, by, job: ImportJob | None, failure: str) -> ImportBatch:
    """Give up a batch of which nothing may be kept: its file goes, and what was read of it before."""
    name, state = batch.file.name, job.from_state if job else batch.state
    step = FAIL if state in FAIL.sources else CANCEL
    nothing = {"file": "", "file_removed_at": timezone.now(), "layout": {}, "mapping": {}}
    with transaction.atomic():
        batch.rows.all().delete()
        dropped = move(batch.pk, step, by=by, job=job, failure=failure, **nothing)
    if not ImportBatch.objects.filter(file=name).exists():
        batch.file.storage.delete(name)
    return dropped


def read_again(batch_id: int, *, by, header_rows: Mapping[str, int]) -> ImportBatch:
    """Read a batch with the header of some worksheets where the officer says it is; columns are matched anew."""
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    if batch.state not in READ.sources:
        raise ImportRefused(f"Lần nhập đang ở trạng thái “{batch.get_state_display()}”.")
    batch.header_rows = {name: row for name, row in header_rows.items() if row > 0}
    return read(batch, by=by)


def read_as(batch_id: int, sheet: Sheet, *, by) -> ImportBatch:
    """Read a batch as a list of another kind; what was put right in it was said of the fields of the first."""
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    require_right(sheet, by)
    if batch.state not in READ.sources:
        raise ImportRefused(f"Lần nhập đang ở trạng thái “{batch.get_state_display()}”.")
    forget_corrections(batch)
    batch.sheet, batch.header_rows, batch.constants, batch.ways = sheet.name, {}, {}, {}
    return read(batch, by=by)


def forget_corrections(batch: ImportBatch) -> None:
    """Drop what officers have put right in a batch, and the rows that came of it."""
    with transaction.atomic():
        for answers in (batch.fixes, batch.edits, batch.decisions):
            answers.all().delete()


def proposed_mapping(sheet: Sheet, plans: Sequence[SheetPlan]) -> dict[str, dict[str, str]]:
    """The engine's choice of columns for the worksheets that seem to hold rows; all of them where none does.

    Where no worksheet has a column for each field that every row needs, those with a known column are meant: the
    officer gives the others one value for the whole list. A hidden worksheet is read only when an officer says so.
    """
    seen = [plan for plan in plans if not plan.table.is_hidden]
    meant = [plan for plan in seen if looks_meant(sheet, plan)]
    meant = meant or [plan for plan in seen if any(match.key for match in plan.matches)] or seen
    return {plan.table.name: {match.header: match.choice for match in plan.matches} for plan in meant}


def looks_meant(sheet: Sheet, plan: SheetPlan) -> bool:
    """Whether a worksheet seems to hold rows of the sheet: a column for each field that every row needs."""
    keys = {match.key for match in plan.matches if match.key}
    return bool(keys) and not missing_required(sheet, keys)


def without_stock(sheet: Sheet, workbook: WorkbookTable, plans: Sequence[SheetPlan]) -> list[SheetPlan]:
    """The worksheets without hidden ones that hold no list of the kind, which are told as left out."""
    kept_plans = []
    for plan in plans:
        # One column is what drop-downs take their entries from.
        known = sum(1 for match in plan.matches if match.key)
        if plan.table.is_hidden and not (known > 1 and len(plan.table.rows) and looks_meant(sheet, plan)):
            workbook.left_out.append(LeftOutSheet(plan.table.name, HIDDEN_STOCK))
        else:
            kept_plans.append(plan)
    return kept_plans


def refuse_empty(plans: Sequence[SheetPlan]) -> None:
    """Raise ``UnreadableFile`` for a file without one row of data."""
    if not any(len(plan.table.rows) for plan in plans):
        raise UnreadableFile(MESSAGES["empty"] if not plans else "Tệp không có dòng dữ liệu nào.")


def read_kept(batch: ImportBatch) -> WorkbookTable:
    """The worksheets of the kept file; raises ``UnreadableFile``."""
    with batch.file.storage.in_clear(batch.file.name) as path:
        return read_workbook(
            path, batch.file_name, known_header=header_test(sheet_for(batch.sheet)), header_rows=batch.header_rows
        )


def layout_of(sheet: Sheet, plans: Sequence[SheetPlan], workbook: WorkbookTable) -> dict:
    """What the pages show of a file: per worksheet its header, columns with samples, every skipped line, and where the
    officer has a choice."""
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
                **offered(sheet, plan),
            }
            for plan in plans
        ],
    }


def skipped_lines(plans: Sequence[SheetPlan]) -> int:
    """How many lines of the worksheets are no rows."""
    return sum(max(line.last - line.number, 0) + 1 for plan in plans for line in plan.table.skipped)
