"""The values of rows in the words of the office: what changes of a record, what a new record will have."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.spreadsheets import areas
from movement_portal.spreadsheets.drafts import Draft, RowOfFile, ToMake
from movement_portal.spreadsheets.fields import Field, Kind
from movement_portal.spreadsheets.judgements import ROW_OF_FILE, TO_MAKE
from movement_portal.spreadsheets.models import ImportBatch, ImportRow
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import Sheet, fields_of_kind

#: Names of areas and of records, by field and key.
Names = Mapping[str, Mapping[int, str]]


def name_changes(sheet: Sheet, drafts: Sequence[Draft], places: PlaceIndex | None) -> None:
    """Turn old and new values in ``changes`` into words; names of areas and records are asked for together."""
    changed = [draft for draft in drafts if draft.changes]
    pairs = [{key: (*change, draft.values.get(key)) for key, change in draft.changes.items()} for draft in changed]
    names = _names(sheet, pairs, places)
    for draft in changed:
        for key, (old, new) in draft.changes.items():
            each = sheet.field_of(key)
            new = draft.values.get(key, new)
            draft.changes[key] = [_in_words(each, old, names), _in_words(each, new, names)]


def words_of(sheet: Sheet, batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[int, dict[str, tuple[str, str]]]:
    """What each row would write or has written: by key of the row and of the value, the old words and the new ones."""
    told = {row.pk: {key: (old, new) for key, (old, new) in row.changes.items()} for row in rows}
    new = [row for row in rows if not row.changes]
    values = {row.pk: {key: sheet.field_of(key).decode(value) for key, value in row.values.items()} for row in new}
    names = _names(sheet, [{key: (value,) for key, value in each.items()} for each in values.values()], None)
    named_rows = _named_rows(batch, values.values())
    for row in new:
        for key, value in values[row.pk].items():
            if isinstance(value, dict):
                words = _words_of_mark(sheet.field_of(key), value, named_rows)
            else:
                words = _in_words(sheet.field_of(key), value, names)
            told[row.pk][key] = "", words
    return told


def _named_rows(batch: ImportBatch, values: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """Labels of the rows of the list that others name."""
    marked = (value for each in values for value in each.values() if isinstance(value, dict))
    places = {tuple(value[ROW_OF_FILE]) for value in marked if ROW_OF_FILE in value}
    if not places:
        return {}
    condition = Q()
    for worksheet, number in places:
        condition |= Q(worksheet=worksheet, number=number)
    rows = batch.rows.filter(condition).values_list("worksheet", "number", "label")
    return {(worksheet, number): label for worksheet, number, label in rows}


def _words_of_mark(each: Field, value: Mapping[str, Any], named_rows: Mapping[tuple[str, int], str]) -> str:
    if TO_MAKE in value:
        return _to_make(each, value[TO_MAKE])
    worksheet, number = value[ROW_OF_FILE]
    return f"{named_rows.get((worksheet, number), '')} (dòng {number})"


def _to_make(each: Field, text: str) -> str:
    return f"{text} ({each.relation.made})"


def _names(sheet: Sheet, values: Sequence[Mapping[str, Iterable[Any]]], places: PlaceIndex | None) -> Names:
    """Names of the areas and records among the values, by field; each field is asked for once."""
    ids: dict[str, set[int]] = defaultdict(set)
    relations = {each.name: each for each in fields_of_kind(sheet, (Kind.AREA, Kind.RELATION))}
    for each in values:
        for name in relations.keys() & each.keys():
            for value in each[name]:
                ids[name].update([value] if type(value) is int else ())
    names: dict[str, Mapping[int, str]] = {}
    for name, wanted in ids.items():
        if relations[name].kind == Kind.AREA:
            names[name] = areas.area_names(wanted, places)
        else:
            manager = relations[name].relation.model._base_manager
            names[name] = {pk: str(row) for part in in_parts(wanted) for pk, row in manager.in_bulk(part).items()}
    return names


def _in_words(each: Field, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, RowOfFile):
        return f"{value.draft.label} ({value.draft.place})"
    if isinstance(value, ToMake):
        return _to_make(each, value.text)
    if each.kind in (Kind.AREA, Kind.RELATION) and isinstance(value, int):
        return names.get(each.name, {}).get(value, "")
    return each.shown(value)
