"""What an office has said of columns and values, kept for its next lists of the same kind."""

from collections.abc import Mapping

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.corrections import told_apart
from movement_portal.spreadsheets.enums import FixAction
from movement_portal.spreadsheets.models import ColumnMemory, ImportBatch, ImportFix, ValueMemory


def remembered_columns(sheet_name: str, officer) -> dict[str, str]:
    """Keys and marks by folded header that the officer's office has chosen before."""
    if officer.office is None:
        return {}
    known = ColumnMemory.objects.filter(sheet=sheet_name, office=officer.office)
    return dict(known.values_list("header", "key"))


def remember_columns(batch: ImportBatch, mapping: Mapping[str, Mapping[str, str]], *, by) -> None:
    """Keep the choices that the headers themselves do not tell; a choice that changed replaces the old one."""
    if by.office is None:
        return
    proposed = {
        (table["name"], column["header"]): column
        for table in batch.layout.get("sheets", ())
        for column in table["columns"]
    }
    for table, columns in mapping.items():
        for header, key in columns.items():
            column = proposed.get((table, header))
            if column is None or key == proposed_choice(column):
                continue
            ColumnMemory.objects.update_or_create(
                sheet=batch.sheet, office=by.office, header=told_apart(fold(header)), defaults={"key": key}
            )


def proposed_choice(column: Mapping) -> str:
    """What the engine had chosen for a column of the layout: a key, a mark, or nothing."""
    return column.get("choice", column["key"])


def forget_column(batch: ImportBatch, header: str, *, by) -> None:
    """Drop what the office has said of a header."""
    ColumnMemory.objects.filter(sheet=batch.sheet, office=by.office, header=told_apart(fold(header))).delete()


def is_remembered(column: Mapping) -> bool:
    """Whether the proposal for a column of the layout comes from an earlier list."""
    return bool(column.get("remembered"))


def remember_value(fix: ImportFix, *, by) -> None:
    """Keep what a value means for the office's next lists: an area or another text."""
    if by.office is None or fix.whole or not fix.value or fix.action not in (FixAction.AREA, FixAction.TEXT):
        return
    ValueMemory.objects.update_or_create(
        sheet=fix.batch.sheet,
        office=by.office,
        key=fix.key,
        value=fix.value,
        defaults={"text": fix.text, "area": fix.area},
    )


def forget_value(batch: ImportBatch, key: str, value: str, *, by) -> None:
    """Drop what the office has said of a value."""
    ValueMemory.objects.filter(sheet=batch.sheet, office=by.office, key=key, value=value).delete()
