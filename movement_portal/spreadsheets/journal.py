"""What is kept of an import: how it was understood, and the line of the list behind each change of a record."""

from collections.abc import Sequence

from django.db.models import Count
from django.urls import reverse

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import Change
from movement_portal.audit.sources import Source
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.numbers import written
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets.enums import Decision, FixAction
from movement_portal.spreadsheets.matching import IGNORED, NOTE
from movement_portal.spreadsheets.models import ImportBatch, ImportFix, ImportRow
from movement_portal.spreadsheets.sheets import sheet_for


def lines_behind(changes: Sequence[Change], user: Officer) -> dict[int, Source]:
    """The line behind each change that an import made, by key of the change; asks nothing where none did.

    A row by year or another that belongs to a record leads to the line of that record.
    """
    event = Change._meta.get_field("event")
    imported = [change for change in changes if not event.is_cached(change) or change.event.kind == EventKind.IMPORT]
    if not imported or not user.has_perm("spreadsheets.import_sheet"):
        return {}
    found = ImportBatch.objects.visible_to(user).filter(event_id__in={change.event_id for change in imported})
    batches = {batch.event_id: batch for batch in found.only("event_id", "sheet", "file_name", "version")}
    wanted = {}
    for change in imported:
        if (batch := batches.get(change.event_id)) and (pk := _record_of(change, batch)):
            wanted[change.pk] = (batch.pk, pk)
    if not wanted:
        return {}
    rows = ImportRow.objects.filter(
        batch__in={batch for batch, _ in wanted.values()}, object_id__in={pk for _, pk in wanted.values()}
    )
    by_record = {(row[1], row[2]): row for row in rows.values_list("pk", "batch_id", "object_id", "number")}
    names = {batch.pk: batch.file_name for batch in batches.values()}
    return {
        change: Source(
            f"Dòng {by_record[key][3]} của “{names[key[0]]}”",
            reverse("spreadsheets:import_line", args=[key[0], by_record[key][0]]),
        )
        for change, key in wanted.items()
        if key in by_record
    }


def _record_of(change: Change, batch: ImportBatch) -> int | None:
    """The record of the list's own kind that a change is about, or belongs to."""
    label = sheet_for(batch.sheet).model._meta.label_lower
    if change.model == label:
        return change.object_id
    return change.owner_id if change.owner_model == label else None


# -- how a list was understood -----------------------------------------------------------------------------------------
def choices_made(batch: ImportBatch) -> dict[str, list]:
    """What was chosen for a list: columns, common values, fixes; each in words."""
    sheet = sheet_for(batch.sheet)
    words = {"": "", IGNORED: "", NOTE: "giữ ở ghi chú"}
    mapping = [
        (worksheet, header, words[key] if key in words else sheet.label_of(key))
        for worksheet, columns in batch.mapping.items()
        for header, key in columns.items()
    ]
    constants = [(sheet.label_of(key), text) for key, text in batch.constants.items()]
    return {"mapping": mapping, "constants": constants, "fixes": fixes_made(batch)}


def fixes_made(batch: ImportBatch) -> list[str]:
    """What officers put right in a list without touching the file."""
    fixes = [fix_in_words(fix) for fix in batch.fixes.select_related("area__parent__parent")]
    if edits := batch.edits.count():
        fixes.append(f"{written(edits)} ô được sửa trên trang")
    decided = dict(batch.decisions.order_by().values_list("decision").annotate(count=Count("pk")))
    fixes += [f"{written(decided[each])} dòng: {mid_sentence(each.label)}" for each in Decision if each in decided]
    return fixes


def fix_in_words(fix: ImportFix) -> str:
    """“Không rõ xã, phường, “Thị xã A”: là địa bàn Phường An Phú”."""
    of = "mọi giá trị" if fix.whole else f"“{fix.value}”"
    target = fix.area.long_name if fix.action == FixAction.AREA else f"“{fix.text}”" if fix.text else ""
    return f"{fix.cause}, {of}: {mid_sentence(fix.get_action_display())} {target}".rstrip()
