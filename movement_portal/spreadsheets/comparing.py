"""What a row would change of its record: old and new values, and rows that hang on other rows of the list."""

from collections.abc import Sequence
from typing import Any

from movement_portal.spreadsheets import records
from movement_portal.spreadsheets.drafts import Draft, RowOfFile
from movement_portal.spreadsheets.enums import ExistingMode, RowOutcome
from movement_portal.spreadsheets.fields import Kind, Merge, split_year
from movement_portal.spreadsheets.several import new_items
from movement_portal.spreadsheets.sheets import Sheet


def children_of(sheet: Sheet, drafts: Sequence[Draft], *, officer) -> dict[tuple, Any]:
    """What hangs on the records found: rows of other models by (model, record, key), what they tell by record.

    What no row says, and no workbook that came back has to be compared with, is not asked for.
    """
    found: dict[tuple, Any] = {}
    is_returned = any(draft.exported is not None for draft in drafts)
    said = {name for draft in drafts for name in draft.values}
    for told in {each.elsewhere for each in sheet.fields if each.elsewhere and (is_returned or each.name in said)}:
        for part in records.in_parts(draft.found.pk for draft in drafts if draft.found is not None):
            found.update({(told, pk): value for pk, value in told.read(part, officer).items()})
    for spec in {each.child for each in sheet.fields if each.child}:
        parents = [draft.found.pk for draft in drafts if draft.found is not None]
        for part in records.in_parts(parents):
            for child in spec.model._base_manager.filter(**{f"{spec.parent}__in": part}):
                parent = getattr(child, spec.model._meta.get_field(spec.parent).attname)
                found[(spec.model, parent, getattr(child, spec.key))] = child
    return found


def compare(sheet: Sheet, draft: Draft, children: dict[tuple, Any], existing: ExistingMode) -> None:
    """Leave in ``values`` only what would be written; set ``changes`` of a record found to old and new raw values."""
    if draft.is_new:
        stored = sheet.by_column
        draft.values = {
            key: value
            for key, value in draft.values.items()
            if key in stored or (value != [] and _is_written(sheet, key))
        }
        return
    if existing == ExistingMode.SKIP:
        draft.values = {}
        return
    kept: dict[str, Any] = {}
    for key, value in draft.values.items():
        if not _is_written(sheet, key):
            continue
        each = sheet.field_of(key)
        old = _old_value(draft, each, split_year(key)[1], children)
        if existing == ExistingMode.FILL and old not in (None, ""):
            continue
        if each.kind == Kind.SEVERAL:
            old, value = None, new_items(old, value)
        elif each.merge == Merge.APPEND:
            value = appended(old or "", value)
        elif each.elsewhere and each.elsewhere.join:
            value = each.elsewhere.join(old, value)
        if value != old and value not in (None, "", []):
            kept[key] = value
            draft.changes[key] = [old, value]
    draft.values = kept
    if draft.outcome == RowOutcome.SAME and kept:
        draft.outcome = RowOutcome.CHANGED


def _is_written(sheet: Sheet, key: str) -> bool:
    """Whether a value goes into a column of the record, or into rows of other models."""
    each = sheet.field_of(key)
    return split_year(key)[1] is not None if each.child else bool(each.column or each.elsewhere)


def _old_value(draft: Draft, each, year: int | None, children: dict[tuple, Any]) -> Any:
    if each.elsewhere:
        return children.get((each.elsewhere, draft.found.pk))
    if each.child:
        child = children.get((each.child.model, draft.found.pk, year))
        return getattr(child, each.column) if child is not None else None
    column = draft.found._meta.get_field(each.column)
    return getattr(draft.found, column.attname)


def appended(old: str, new: str) -> str:
    """The old lines, and below them the new ones that are not there yet."""
    lines = [line for line in old.split("\n") if line]
    known = {line.strip() for line in lines}
    return "\n".join([*lines, *(line for line in new.split("\n") if line and line.strip() not in known)])


def close_links(sheet: Sheet, drafts: Sequence[Draft]) -> None:
    """A row that hangs on another row of the file: on its record, on the row, or on nothing where that is refused."""
    for draft in drafts:
        for key, value in list(draft.values.items()):
            if not isinstance(value, RowOfFile):
                continue
            other = value.draft
            if other.record_pk is not None:
                if draft.found is not None and getattr(draft.found, f"{key}_id", None) == other.record_pk:
                    del draft.values[key], draft.changes[key]
                    if not draft.values and draft.outcome == RowOutcome.CHANGED:
                        draft.outcome = RowOutcome.SAME
                else:
                    draft.values[key] = other.record_pk
            elif other.is_refused:
                del draft.values[key]
                draft.changes.pop(key, None)
                if sheet.by_name[key].relation.is_needed:
                    draft.refuse(key, f"Cần “{other.label}”, mà {other.place} bị từ chối.", "Dòng cần đến bị từ chối")
                else:
                    draft.notice(key, f"Chưa gắn với “{other.label}”: {other.place} bị từ chối.")
