"""What an office has said of columns and values, kept for its next lists of the same kind."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.search import areas_called
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.corrections import told_apart
from movement_portal.spreadsheets.enums import BatchState, FixAction
from movement_portal.spreadsheets.fields import Kind
from movement_portal.spreadsheets.intake import read_constants
from movement_portal.spreadsheets.matching import UnknownField
from movement_portal.spreadsheets.models import ColumnMemory, ConstantMemory, ImportBatch, ImportFix, ValueMemory
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.values import ValueProblem

#: What is true of one list and not of the next: proposed, never taken over unseen.
OF_ONE_LIST = (Kind.DATE, Kind.YEAR, Kind.AREA, Kind.RELATION)


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


# -- values for fields without a column --------------------------------------------------------------------------------
@dataclass
class KnownConstants:
    """What an office gave fields without a column before: taken over and marked, or only proposed."""

    taken: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, str] = field(default_factory=dict)


def mark_of_headers(headers: Iterable[str]) -> str:
    """A digest by which lists with the same headers are known again, whatever their order."""
    return hashlib.sha256("\n".join(sorted({fold(header) for header in headers})).encode()).hexdigest()


def remembered_constants(sheet: Sheet, officer, mapping: Mapping[str, Mapping[str, str]]) -> KnownConstants:
    """Values that the officer's office gave before in lists with these headers, for fields that no column fills now.

    A value that the field no longer takes is left out; a day, a year, a place or a record is only proposed.
    """
    known = KnownConstants()
    if officer.office is None or not mapping:
        return known
    filled = {key for columns in mapping.values() for key in columns.values()}
    rows = ConstantMemory.objects.filter(sheet=sheet.name, office=officer.office, headers=_mark(mapping))
    for key, text in rows.values_list("key", "text"):
        if key in filled:
            continue
        try:
            read_constants(sheet, {key: text})
        except (UnknownField, ValueProblem):
            continue
        (known.proposed if sheet.field_of(key).kind in OF_ONE_LIST else known.taken)[key] = text
    return known


def remember_constants(
    batch: ImportBatch, mapping: Mapping[str, Mapping[str, str]], constants: Mapping[str, str], *, by
) -> None:
    """Keep the values for the next lists with these headers; one that was taken over and emptied is forgotten."""
    if by.office is None:
        return
    place = {"sheet": batch.sheet, "office": by.office, "headers": _mark(mapping)}
    emptied = set(batch.layout.get("constants", {}).get("taken", ())) - set(constants)
    if emptied:
        ConstantMemory.objects.filter(**place, key__in=emptied).delete()
    for key, text in constants.items():
        ConstantMemory.objects.update_or_create(**place, key=key, defaults={"text": text})


def forget_constant(batch: ImportBatch, key: str, *, by) -> None:
    """Drop a value that the office gave lists with these headers, from this list too where it was taken over."""
    ConstantMemory.objects.filter(sheet=batch.sheet, office=by.office, headers=_mark(batch.mapping), key=key).delete()
    known = batch.layout.get("constants", {})
    if known.get("taken", {}).pop(key, None) is not None and batch.state == BatchState.READ:
        batch.constants.pop(key, None)
    known.get("proposed", {}).pop(key, None)
    batch.save(update_fields=["layout", "constants"])


def is_in_reach(text: str, officer) -> bool:
    """Whether a place is still one of the officer's reach today."""
    return bool(areas_called(Jurisdiction.objects.visible_to(officer).as_of(today()), text))


def _mark(mapping: Mapping[str, Mapping[str, str]]) -> str:
    return mark_of_headers(header for columns in mapping.values() for header in columns)
