"""What the pages of an import show: its rows in words, faults with the entries that put them right, chips."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from movement_portal.jurisdictions.fields import AreaWidget
from movement_portal.jurisdictions.fields import Choice as AreaText
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.lib.dates import today
from movement_portal.lib.paging import KeysetPage, keys_for
from movement_portal.spreadsheets import correcting, notices, workflow
from movement_portal.spreadsheets.checking import COUNTED
from movement_portal.spreadsheets.enums import BatchState, CommitMode, Decision, ExistingMode, RowOutcome
from movement_portal.spreadsheets.faults import groups_of
from movement_portal.spreadsheets.fields import Kind
from movement_portal.spreadsheets.models import ImportBatch, ImportEdit, ImportRow, ValueMemory
from movement_portal.spreadsheets.open_choices import open_choices
from movement_portal.spreadsheets.refused import LEFT_BEHIND
from movement_portal.spreadsheets.sheets import sheet_for
from movement_portal.spreadsheets.values import in_lines
from movement_portal.spreadsheets.wording import words_of

#: Parameters of the check page: outcome of the rows shown, fault of the refused ones.
OUTCOME, CAUSE = "ket_qua", "nguyen_nhan"

#: Texts shown before and after for each kind of repair.
REPAIR_SAMPLES = 8

CHIPS = {
    RowOutcome.NEW: ("chip-ok", "plus-circle"),
    RowOutcome.CHANGED: ("chip-warn", "pencil"),
    RowOutcome.SAME: ("chip-muted", "dash-circle"),
    RowOutcome.ASKED: ("chip-warn", "question-circle"),
    RowOutcome.UNDECIDED: ("chip-warn", "question-circle"),
    RowOutcome.REFUSED: ("chip-bad", "x-octagon"),
    RowOutcome.LEFT_OUT: ("chip-muted", "box-arrow-right"),
}
STATE_CHIPS = {
    BatchState.UPLOADED: ("chip-muted", "hourglass-split"),
    BatchState.READ: ("chip-warn", "table"),
    BatchState.CHECKED: ("chip-warn", "check2"),
    BatchState.COMMITTED: ("chip-ok", "check2-circle"),
    BatchState.CANCELLED: ("chip-muted", "x-circle"),
    BatchState.FAILED: ("chip-bad", "x-octagon"),
    BatchState.RUNNING: ("chip-warn", "arrow-repeat"),
    BatchState.UNDONE: ("chip-muted", "arrow-counterclockwise"),
    BatchState.PARTLY_UNDONE: ("chip-warn", "arrow-counterclockwise"),
}

#: Outcomes of rows of which nothing is to be written.
UNTOLD = (RowOutcome.REFUSED, RowOutcome.LEFT_OUT)

#: Answers of earlier lists that the check page shows.
REMEMBERED_SHOWN = 50

#: How a cell is typed anew, where not in one line.
ENTRIES = {Kind.CHOICE: "choice", Kind.LONG_TEXT: "lines"}

#: Areas proposed for one place.
PROPOSED = 4

may_import = permission_required("spreadsheets.import_sheet", raise_exception=True)


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    style: str
    icon: str
    count: int = 0
    value: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the check as the page shows it."""

    row: ImportRow
    chip: Chip
    #: (label, old, new) of what would be written.
    changes: list[tuple[str, str, str]]
    url: str
    problems: list["ShownProblem"]
    #: Cells that were typed anew.
    edits: list[ImportEdit]
    #: Whether an officer keeps just this row out.
    is_skipped: bool = False


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A fault of a row, and how its cell can be typed anew."""

    column: str
    key: str
    label: str
    value: str
    reason: str
    #: "area", "choice", "lines", "text", or empty where no cell is at fault.
    entry: str
    #: The area picker, where a place is to be chosen.
    picker: str = ""


def state_chip(batch):
    style, icon = STATE_CHIPS[BatchState(batch.state)]
    return Chip(batch.get_state_display(), style, icon)


def outcome_chips(batch, chosen=""):
    return [
        Chip(outcome.label, *CHIPS[outcome], batch.counts.get(outcome.value, 0), outcome.value, outcome == chosen)
        for outcome in COUNTED
    ]


def find_batch(request, pk):
    """A batch in reach of the officer, else 404; its notices have then been seen."""
    rows = ImportBatch.objects.visible_to(request.user)
    relations = ("officer", "jurisdiction", "default_area__parent__parent", "workbook__jurisdiction")
    batch = get_object_or_404(rows.select_related(*relations), pk=pk)
    notices.mark_seen(batch, request.user)
    return batch


def step_url(batch):
    """Where the work on a batch goes on."""
    names = {
        BatchState.READ: "spreadsheets:import_columns",
        BatchState.CHECKED: "spreadsheets:import_check",
        BatchState.RUNNING: "spreadsheets:import_progress",
    }
    return reverse(names.get(BatchState(batch.state), "spreadsheets:import_detail"), args=[batch.pk])


def about(request, batch):
    """What every page of a batch shows of it."""
    sheet = sheet_for(batch.sheet)
    try:
        list_url = reverse(sheet.list_url) if sheet.list_url else ""
    except NoReverseMatch:
        list_url = ""
    return {
        "batch": batch,
        "sheet": sheet,
        "state": state_chip(batch),
        "list_url": list_url,
        "may_act": sheet.may_import(request.user),
        "may_undo": batch.state in workflow.UNDO.sources and workflow.may_undo(batch, request.user),
        "skipped": [(table["name"], line) for table in batch.layout.get("sheets", ()) for line in table["skipped"]],
        "left_out": batch.layout.get("left_out", ()),
        "repairs": repairs_of(batch),
        "open_choices": open_choices(batch),
    }


def repairs_of(batch):
    """What was done to the texts of the worksheets that are read, by kind: label, count, samples."""
    found = {}
    for table in batch.layout.get("sheets", ()):
        if table["name"] in batch.mapping:
            for each in table.get("repairs", ()):
                kind = found.setdefault(each["label"], {"label": each["label"], "count": 0, "samples": []})
                kind["count"] += each["count"]
                kind["samples"] += [(table["name"], *sample) for sample in each["samples"]]
    return [{**kind, "samples": kind["samples"][:REPAIR_SAMPLES]} for kind in found.values()]


def rows_of(request, batch):
    """A page of the rows, filtered as the address says."""
    outcome, cause = request.GET.get(OUTCOME, ""), request.GET.get(CAUSE, "")
    rows = batch.rows.all()
    if outcome in COUNTED:
        rows = rows.filter(outcome=outcome)
    if cause:
        rows = rows.filter(pk__in=batch.faults.filter(cause=cause).values("row"))
    page = KeysetPage(rows, keys_for(ImportRow, ["id"]), request.GET)
    return {
        "page": page,
        "rows": shown_rows(request, batch, page.rows),
        "shared_notices": shared_notices(page.rows),
        "chips": outcome_chips(batch, outcome),
        "chosen_cause": cause,
        "several_worksheets": len(batch.mapping) > 1,
    }


def shared_notices(rows):
    """Notices that every one of several rows carries: they are told once."""
    if len(rows) < 2:
        return []
    return [notice for notice in rows[0].notices if all(notice in row.notices for row in rows[1:])]


def shown_rows(request, batch, rows):
    """Rows with links to their records, what was typed anew in them, and how their faults can be put right."""
    sheet = sheet_for(batch.sheet)
    ids = {row.object_id for row in rows if row.object_id}
    records = sheet.model.objects.visible_to(request.user).in_bulk(ids) if ids else {}
    numbers = {row.number for row in rows}
    edits: dict[tuple, list[ImportEdit]] = defaultdict(list)
    for edit in batch.edits.filter(number__in=numbers):
        edits[edit.worksheet, edit.number].append(edit)
    skipped = set(batch.decisions.filter(number__in=numbers, decision=Decision.SKIP).values_list("worksheet", "number"))
    told = words_of(sheet, batch, [row for row in rows if row.outcome not in UNTOLD])
    may_edit = batch.state == BatchState.CHECKED
    return [
        shown_row(sheet, row, told.get(row.pk, {}), records.get(row.object_id), edits, skipped, may_edit)
        for row in rows
    ]


def one_row(request, batch, row):
    """One row as the page shows it."""
    return shown_rows(request, batch, [row])[0]


def shown_row(sheet, row, told, record, edits, skipped, may_edit):
    outcome = RowOutcome(row.outcome)
    changes = [(sheet.label_of(key), old, new) for key, (old, new) in told.items() if old or new]
    problems = [shown_problem(sheet, row, problem, may_edit) for problem in row.problems]
    chip = Chip(outcome.label, *CHIPS[outcome])
    is_skipped = (row.worksheet, row.number) in skipped
    own_edits = edits[row.worksheet, row.number]
    return ShownRow(row, chip, changes, link_to(record), problems, own_edits, is_skipped)


def shown_problem(sheet, row, problem, may_edit):
    """A fault with the entry that puts its cell right, while the list may still be put right."""
    column, key = problem["column"], problem.get("key", "")
    field = correcting.field_of(sheet, key)
    entry = ""
    if may_edit and row.outcome == RowOutcome.REFUSED and field is not None and not (field.hidden and not column):
        is_place = field.kind == Kind.AREA or (field.name == sheet.address and not column)
        entry = "area" if is_place else ENTRIES.get(field.kind, "text")
    value = cell_text(row, column) if column else problem["value"]
    label = column or (field.label if field else "")
    picker = ""
    if entry == "area":
        attrs = {"class": "form-control form-control-sm", "aria-label": f"{label}, dòng {row.number}"}
        picker = AreaWidget().render("area", AreaText("", value), attrs)
    return ShownProblem(column, key, label, value, problem["reason"], entry, picker)


def cell_text(row, header):
    """A cell of a row as text, in the lines that it has in the file."""
    original = row.originals.get(header)
    return in_lines(original) if isinstance(original, str) and "\n" in original else row.cells.get(header, "")


def fault_groups(request, batch):
    """Groups of faults; each value that is a place with an area picker and the areas that it may be today."""
    groups: list = []
    for group in groups_of(batch, sheet_for(batch.sheet)):
        places = PlaceIndex.kept(on=today()).seen_from(request.user.jurisdiction) if group.takes_area else None
        attrs = {"class": "form-control form-control-sm"}
        pickers = [
            AreaWidget().render("area", None, {**attrs, "aria-label": f"Địa bàn của “{each.value}”"})
            if group.takes_area
            else ""
            for each in group.values
        ]
        proposals = [proposed_areas(places, each.value) if places else [] for each in group.values]
        groups.append((group, list(zip(group.values, pickers, proposals, strict=True))))
    return groups


def proposed_areas(places, text):
    """Areas that a place of a list may be today: those it was split into, or its namesakes, none out of reach."""
    match = places.resolve(text)
    if not (match.area or match.candidates):
        match = places.find_in_address(text)
    if not (match.area or match.candidates):
        match = places.resolve_shortened(text)
    areas = [match.area] if match.area else list(match.candidates)
    return [] if match.is_outside else areas[:PROPOSED]


def check_context(request, batch):
    """What the parts of the check page show beside the rows."""
    counts = {outcome.value: batch.counts.get(outcome.value, 0) for outcome in COUNTED}
    office = request.user.office
    remembered = []
    if office is not None:
        known = ValueMemory.objects.filter(sheet=batch.sheet, office=office).select_related("area__parent__parent")
        remembered = [(sheet_for(batch.sheet).label_of(each.key), each) for each in known[:REMEMBERED_SHOWN]]
    return {
        "batch": batch,
        "writable": counts[RowOutcome.NEW] + counts[RowOutcome.CHANGED],
        "counts": counts,
        "unfinished": sum(counts[each] for each in LEFT_BEHIND),
        "modes": CommitMode,
        "existing_modes": ExistingMode,
        "groups": fault_groups(request, batch),
        "chips": outcome_chips(batch),
        "fixes": list(batch.fixes.select_related("area__parent__parent", "officer")),
        "remembered": remembered,
        "choice_fields": [each for each in sheet_for(batch.sheet).fields if each.kind == Kind.CHOICE],
    }


def link_to(record):
    """The page of a record, where it has one."""
    try:
        return record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
    except NoReverseMatch:
        return ""
