"""Rows judged again without the file: those that an officer has touched, in the light of all the others."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from django.db import router
from django.db.models import Count, Q

from movement_portal.lib import bulk, wholes
from movement_portal.lib.dates import today
from movement_portal.spreadsheets import jobs, judgements, workflow
from movement_portal.spreadsheets.areas import log_refusals
from movement_portal.spreadsheets.checking import COUNTED, check
from movement_portal.spreadsheets.corrections import Place, corrections_of
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.enums import BatchState, RowOutcome
from movement_portal.spreadsheets.hiding import TOLD, Hidden, HiddenRows
from movement_portal.spreadsheets.intake import restored
from movement_portal.spreadsheets.models import ImportBatch, ImportFault, ImportRow
from movement_portal.spreadsheets.repeats import REPEATED
from movement_portal.spreadsheets.sheet_plans import Plan, SheetPlan, plan_sheet
from movement_portal.spreadsheets.sheets import Sheet, sheet_for
from movement_portal.spreadsheets.tables import SheetRow, SheetTable
from movement_portal.spreadsheets.ways import Ways

#: Beyond so many rows the whole list is checked anew: it costs no more, and forgets nothing.
MOST = 1_000
#: Rows that repeat another one and are looked at again with every change.
REPEATS = 200

#: Columns of a row that a check decides: all but its place in the file.
DECIDED = tuple(name for name in judgements.JUDGED if name not in ("worksheet", "number", "questions"))


def recheck(batch_id: int, *, by, places: Collection[Place]) -> ImportBatch:
    """Judge rows again, named by worksheet and number; many of them, and the whole list is checked anew.

    Rows that were refused for repeating another one are judged with them. Raises ``ImportRefused`` for a batch that
    is not checked.
    """
    batch = ImportBatch.objects.visible_to(by).get(pk=batch_id)
    if batch.state != BatchState.CHECKED:
        raise workflow.ImportRefused(f"Lần nhập đang ở trạng thái “{batch.get_state_display()}”.")
    # A workbook that the portal gave out carries marks of its rows, which are not kept with them.
    is_small = len(places) <= MOST and batch.workbook_id is None
    rows = touched_rows(batch, places) if is_small else None
    if rows is None:
        return jobs.check_again(batch, by=by)
    sheet = sheet_for(batch.sheet)
    result = check(
        sheet,
        kept_plan(sheet, batch, rows),
        officer=by,
        default_area=batch.default_area,
        today=today(),
        corrections=corrections_of(batch),
        others=OtherRows(sheet, batch, rows),
    )
    log_refusals(sheet, result.drafts, officer=by, file_name=batch.file_name)
    return keep(batch, rows, result.drafts, by=by)


def touched_rows(batch: ImportBatch, places: Collection[Place]) -> list[ImportRow]:
    """The rows at these places, and those that repeat another one, in the order of the list."""
    wanted = set(places)
    found = batch.rows.filter(number__in={number for _, number in wanted})
    rows = {row.pk: row for row in found if (row.worksheet, row.number) in wanted}
    repeats = batch.faults.filter(cause=REPEATED).values("row")[:REPEATS]
    rows.update({row.pk: row for row in batch.rows.filter(pk__in=list(repeats.values_list("row", flat=True)))})
    return [rows[pk] for pk in sorted(rows)]


def kept_plan(sheet: Sheet, batch: ImportBatch, rows: Sequence[ImportRow]) -> Plan:
    """The rows as worksheets again, with the columns as the officer has chosen them."""
    plans = []
    for table in batch.layout["sheets"]:
        name = table["name"]
        own = [row for row in rows if row.worksheet == name[: ImportRow._meta.get_field("worksheet").max_length]]
        if name not in batch.mapping or not own:
            continue
        headers = [column["header"] for column in table["columns"]]
        kept = [
            SheetRow(row.number, [restored(row.originals.get(header, row.cells.get(header))) for header in headers])
            for row in own
        ]
        plain = SheetTable(name, table["header_row"], headers, kept, title=list(table["title"]))
        plain.hidden_rows = hidden_before(own)
        # What the row above says has been put into the cells; other ways hold for each row by itself.
        ways = replace(Ways.of(batch.ways.get(name, {})), filled=frozenset())
        plan = plan_sheet(sheet, plain, batch.mapping[name], ways=ways)
        # Group rows and the name of the worksheet are cells like others by now.
        matches = tuple(match for match in plan.matches if match.index < len(headers))
        plans.append(SheetPlan(plain, tuple(headers), matches, ways=plan.ways))
    return Plan(tuple(plans), batch.constants)


def hidden_before(rows: Iterable[ImportRow]) -> HiddenRows:
    """The rows of which the check before this one said that the file hides them."""
    told = {row.number: TOLD[each["text"]] for row in rows for each in row.notices if each["text"] in TOLD}
    filtered = [(number, number) for number, how in told.items() if how == Hidden.FILTER]
    return HiddenRows([(number, number) for number in told], filtered)


class OtherRows:
    """The rows of a batch that are not judged again, as far as those that are depend on them."""

    def __init__(self, sheet: Sheet, batch: ImportBatch, rows: Sequence[ImportRow]):
        self._sheet = sheet
        self._rows = batch.rows.exclude(pk__in=[row.pk for row in rows]).filter(
            outcome__in=[RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.SAME, RowOutcome.UNDECIDED]
        )

    def alike(self, drafts: Iterable[Draft]) -> list[Draft]:
        """New rows that have a key with one of the drafts, or that one of them names."""
        drafts = list(drafts)
        names = {key[0]: key[0] for key in self._sheet.keys}
        asked = {name: {draft.get(name) for draft in drafts} for name in names}
        for each in self._sheet.fields:
            if each.relation and each.relation.in_file:
                asked.setdefault(each.relation.in_file, set()).update(draft.get(each.name) for draft in drafts)
        condition = Q()
        for name, values in asked.items():
            if texts := [value for value in values if isinstance(value, str) and value]:
                condition |= Q(**{f"values__{name}__in": texts})
        if not condition:
            return []
        return [self._draft(row) for row in self._rows.filter(condition, object_id=None)]

    def taken(self) -> set[int]:
        """Keys of the records that these rows are about."""
        return set(self._rows.exclude(object_id=None).values_list("object_id", flat=True))

    def about(self, keys: Iterable[int]) -> list[Draft]:
        """The rows about one of these records."""
        return [self._draft(row) for row in self._rows.filter(object_id__in=list(keys))]

    def _draft(self, row: ImportRow) -> Draft:
        values = {
            key: self._sheet.field_of(key).decode(value)
            for key, value in row.values.items()
            if not isinstance(value, dict)
        }
        found = self._sheet.model(pk=row.object_id) if row.object_id else None
        return Draft(row.worksheet, row.number, values=values, label=row.label, found=found)


def keep(batch: ImportBatch, rows: Sequence[ImportRow], drafts: Sequence[Draft], *, by) -> ImportBatch:
    """Write the new judgement over the rows, and count anew."""
    drafts_at = {(draft.worksheet[:100], draft.number): draft for draft in drafts}
    faults: list[ImportFault] = []
    for row in rows:
        draft = drafts_at[row.worksheet, row.number]
        judged = judgements.row_of(draft, batch)
        repairs = [
            each
            for each in row.notices
            if each.get("repair") and row.cells.get(each["column"]) == draft.cells.get(each["column"])
        ]
        judged.notices = repairs + judged.notices
        for name in DECIDED:
            setattr(row, name, getattr(judged, name))
        faults += judgements.faults_of(batch.pk, row.pk, draft)
    using = router.db_for_write(ImportRow)
    with wholes.whole(using=using):
        batch = workflow.move(batch.pk, workflow.CHECK, by=by, message="", checked_after=None)
        columns = [ImportRow._meta.get_field(name) for name in DECIDED]
        values = [[getattr(row, column.attname) for row in rows] for column in columns]
        bulk.update_columns(ImportRow, columns, [row.pk for row in rows], values, using=using)
        batch.faults.filter(row__in=rows).delete()
        ImportFault.objects.bulk_create(faults)
        found = dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))
        batch.counts = {**batch.counts, **{outcome.value: found.get(outcome.value, 0) for outcome in COUNTED}}
        batch.save(update_fields=["counts"])
    return batch
