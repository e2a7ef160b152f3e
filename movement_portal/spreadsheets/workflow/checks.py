"""The check: every row of the kept file is judged, and the judgement kept with the batch."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import router

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib import wholes
from movement_portal.lib.dates import today
from movement_portal.lib.garbage import without_search
from movement_portal.spreadsheets.areas import log_refusals, out_of_reach
from movement_portal.spreadsheets.checking import PART, Checking, CheckResult
from movement_portal.spreadsheets.corrections import corrections_of
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.enums import BatchState, RowOutcome
from movement_portal.spreadsheets.intake import read_constants
from movement_portal.spreadsheets.judgements import Judgements
from movement_portal.spreadsheets.memory import remember_columns, remember_constants
from movement_portal.spreadsheets.models import ImportBatch, ImportJob
from movement_portal.spreadsheets.planning import last_change
from movement_portal.spreadsheets.progress import Progress
from movement_portal.spreadsheets.sheet_plans import Plan, plan_sheet
from movement_portal.spreadsheets.sheets import Sheet, sheet_for
from movement_portal.spreadsheets.tables import SheetTable
from movement_portal.spreadsheets.ways import USUAL, Ways, ways_by_sheet, ways_kept
from movement_portal.spreadsheets.workflow.reading import read_kept, skipped_lines
from movement_portal.spreadsheets.workflow.steps import (
    CHECK,
    ImportRefused,
    begin_keeping,
    move,
    require_reach,
    require_right,
    stage,
)


def make_plan(
    sheet: Sheet,
    tables: Sequence[SheetTable],
    mapping: Mapping[str, Mapping[str, str]],
    constants: Mapping[str, str],
    ways: Mapping[str, Ways] | None = None,
) -> Plan:
    """What will be read from the worksheets named in the mapping, each in its ways.

    Raises ``UnknownField`` for a choice that cannot be, ``ValueProblem`` for a common value that cannot be read, and
    ``ImportRefused`` where nothing is chosen.
    """
    ways = ways or {}
    plans = tuple(
        plan_sheet(sheet, table, mapping[table.name], ways=ways.get(table.name, USUAL))
        for table in tables
        if table.name in mapping
    )
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
    ways: Mapping[str, Ways] | None = None,
    progress: Progress | None = None,
) -> ImportBatch:
    """Set the columns, the common values, the area and the ways of a batch, and check it; raises as ``make_plan``.

    What the officer has said of columns and common values is kept for the next lists of the office.
    """
    require_reach(by, default_area)
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    remember_columns(batch, mapping, by=by)
    remember_constants(batch, mapping, constants, by=by)
    choice = {"mapping": mapping, "constants": constants, "default_area": default_area}
    if ways is not None:
        choice["ways"] = ways_kept(ways)
    return _judge(batch, by=by, message="", job=None, progress=progress, choice=choice)


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

    ``progress`` hears how far it is; when it raises ``Cancelled`` the batch stays as it was. The judgement of a large
    list is kept in parts between which others write; one that breaks off there has to be checked again.
    """
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    return _judge(batch, by=by, message=message, job=job, progress=progress, choice=choice)


def _judge(
    batch: ImportBatch, *, by, message: str, job: ImportJob | None, progress: Progress | None, choice: dict[str, Any]
) -> ImportBatch:
    sheet = sheet_for(batch.sheet)
    require_right(sheet, by)
    for name, value in choice.items():
        setattr(batch, name, value)
    stage(job, "Đọc tệp", 0.3)
    workbook = read_kept(batch)
    stage(job, "Kiểm tra từng dòng", 0.75)
    plan = make_plan(
        sheet, workbook.sheets, batch.mapping, batch.constants, ways_by_sheet(batch.ways, list(batch.mapping))
    )
    if batch.officer_id == by.pk:
        # Their office is known by now.
        batch.officer = by
    corrections = corrections_of(batch)
    choice["checked_after"] = last_change(sheet.model)
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
        is_large = judgements.are_many
        if is_large:
            judgements.keep_in_parts(begin_keeping(batch.pk, by=by, job=job))
        with wholes.whole(using=router.db_for_write(ImportBatch)):
            batch = move(batch.pk, CHECK, by=by, job=job, counts=counts, message=message, **choice)
            if not is_large:
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
