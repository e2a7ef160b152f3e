"""The records that rows of a list are about: all asked for at once, never row by row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models

from movement_portal.jurisdictions.scoping import path_covers, path_range
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.persons.citizen_ids import CitizenId
from movement_portal.spreadsheets.areas import OUT_OF_REACH
from movement_portal.spreadsheets.drafts import Draft, RowOfFile, ToMake
from movement_portal.spreadsheets.fields import Kind, Lookup
from movement_portal.spreadsheets.following import of_its_days, part_periods
from movement_portal.spreadsheets.sheets import Sheet

#: Values asked for by one statement.
MANY = 5_000

NOT_TOLD_APART = "Không rõ là ai"
TAKEN_ELSEWHERE = "Mã đã dùng ở nơi khác"
#: Values of relations to records that the import itself makes.
_NOT_YET_THERE = (RowOfFile, ToMake)


def in_parts(items: Iterable) -> Iterator[list]:
    """The distinct items in runs that one statement can carry."""
    whole = list(dict.fromkeys(items))
    return (whole[start : start + MANY] for start in range(0, len(whole), MANY))


def find_records(sheet: Sheet, drafts: Sequence[Draft], *, officer, default_area=None) -> None:
    """Set ``found`` of every draft whose record is in the register, by the keys of the sheet in order.

    A record out of the officer's reach refuses the row, saying no more than that the key is taken.
    """
    ids: dict[Draft, int] = {}
    instead: dict[int, int] = {}
    for key in sheet.keys:
        open_rows = [
            draft
            for draft in drafts
            if draft not in ids
            and draft.found is None
            and has_key(sheet, draft, key)
            and not (sheet.area in key and draft.area_guessed and default_area is None)
        ]
        if open_rows:
            ids |= _ids_by_key(sheet, key, open_rows, default_area, instead)
    records: dict[int, models.Model] = {}
    for part in in_parts(instead.get(pk, pk) for pk in ids.values()):
        records.update(sheet.model.objects.editable_by(officer).in_bulk(part))
    for draft, pk in ids.items():
        record = records.get(instead.get(pk, pk))
        if record is None:
            _refuse_taken(sheet, draft)
            continue
        draft.found = record
        if pk in instead:
            _say_who_stands_in(sheet, draft, record)
    if sheet.periods:
        part_periods(sheet, [draft for draft in ids if draft.found is not None])


def _ids_by_key(sheet: Sheet, key, drafts: Sequence[Draft], default_area, instead: dict[int, int]) -> dict[Draft, int]:
    """Keys of the records that one key of the sheet tells; ``instead`` learns which of them went into others."""
    ids = {}
    lookup = sheet.by_name[key[0]].database_lookup
    forms = {draft: tuple(_forms(lookup, draft.values[key[0]])) for draft in drafts}
    columns = sorted({sheet.by_name[name].column for each in (*sheet.keys, sheet.periods or ()) for name in each})
    index = _records_by_key(sheet, key, forms, columns, default_area)
    instead |= stand_ins_of(sheet, {row["pk"] for rows in index.values() for row in rows})
    for draft in drafts if index else ():
        matches = _candidates(sheet, draft, key, index, forms[draft])
        matches = [row for row in matches if _no_conflict(sheet, draft, key, row)]
        if sheet.area in key and draft.area_guessed:
            matches = [row for row in matches if path_covers(default_area.path, row["path"])]
        # One that went into another of them is none beside it.
        matches.sort(key=lambda row: row["pk"] not in instead)
        matches = list({instead.get(row["pk"], row["pk"]): row for row in matches}.values())
        if sheet.periods and matches:
            matches = of_its_days(sheet, draft, matches)
        if len(matches) > 1:
            reason = f"Có {len(matches)} bản ghi cùng {_key_label(sheet, key)}; hãy ghi thêm mã."
            draft.refuse(key[0], reason, NOT_TOLD_APART)
        elif matches:
            ids[draft] = matches[0]["pk"]
    return ids


def stand_ins_of(sheet: Sheet | None, keys: Iterable[int]) -> dict[int, int]:
    """Of records that have gone into others, the keys of those that stand in for them."""
    if sheet is None or sheet.stand_ins is None:
        return {}
    return {old: new for part in in_parts(keys) for old, new in sheet.stand_ins(part).items()}


def _say_who_stands_in(sheet: Sheet, draft: Draft, record: models.Model) -> None:
    """What told the old record is not written over that of the one that stands in for it."""
    told = {name for key in sheet.keys for name in key if draft.get(name) not in (None, "")}
    first = next(name for key in sheet.keys for name in key if name in told)
    draft.notice(first, f"Hồ sơ ghi trong danh sách đã gộp: dòng này là của “{record}”.")
    for name in told:
        draft.values[name] = getattr(record, sheet.model._meta.get_field(sheet.by_name[name].column).attname)


def _refuse_taken(sheet: Sheet, draft: Draft) -> None:
    name = next(key[0] for key in sheet.keys if has_key(sheet, draft, key))
    label = sheet.by_name[name].label
    draft.refuse(name, f"{label} này đã dùng ở nơi ngoài địa bàn phụ trách của đồng chí.", OUT_OF_REACH)


def has_key(sheet: Sheet, draft: Draft, key: tuple[str, ...]) -> bool:
    values = draft.values
    for name, is_area, may_be_blank in sheet.key_parts[key]:
        value = values.get(name)
        if is_area and draft.area_guessed:
            continue
        if value is None or value == "":
            if not may_be_blank:
                return False
        elif type(value) in _NOT_YET_THERE:
            return False
    return True


def is_weak(sheet: Sheet, key: tuple[str, ...]) -> bool:
    """Whether a key is a name and a place, which two records may share."""
    return key in sheet.weak_keys


def _records_by_key(sheet: Sheet, key, drafts: Mapping[Draft, tuple], columns, default_area) -> dict[Any, list[dict]]:
    """Rows of the register by the first value of a key, with the columns of all keys; the drafts with its forms."""
    first = sheet.by_name[key[0]]
    lookup = first.database_lookup
    rows = sheet.model._base_manager.all()
    paths = getattr(sheet.model.objects.all(), "path_lookup", "")
    wanted = {name: {draft.get(name) for draft in drafts} - {None, ""} for name in key[1:]}
    for name, _, may_be_blank in sheet.key_parts[key][1:]:
        values = wanted[name]
        target = sheet.by_name[name]
        condition = models.Q(**{f"{target.column}__in": values})
        if may_be_blank:
            condition |= models.Q(**{f"{target.column}__isnull": True})
            if target.kind == Kind.TEXT:
                condition |= models.Q(**{target.column: ""})
        if name == sheet.area and default_area is not None and any(draft.area_guessed for draft in drafts):
            condition |= path_range(default_area.path, paths)
        rows = rows.filter(condition)
    index: dict[Any, list[dict]] = defaultdict(list)
    forms = (form for each in drafts.values() for form in each)
    fetched = ["pk", *columns, *([lookup.column] if lookup.column not in columns else [])]
    extra = {"path": models.F(paths)} if paths and paths != "path" else {}
    for part in in_parts(forms):
        for row in rows.filter(**{f"{lookup.column}__in": part}).values(*fetched, **extra):
            index[row[lookup.column]].append(row)
    return index


def _forms(lookup: Lookup, value: Any) -> Iterable[Any]:
    return lookup.forms(value) if isinstance(value, str | CitizenId) else (value,)


def _candidates(sheet: Sheet, draft: Draft, key, index, forms: tuple) -> list[dict]:
    rows = {row["pk"]: row for form in forms for row in index.get(form, ())}
    return [row for row in rows.values() if _same_key(sheet, draft, key, row)]


def _same_key(sheet: Sheet, draft: Draft, key, row: dict) -> bool:
    for name in key:
        if name == sheet.area and draft.area_guessed:
            continue
        target = sheet.by_name[name]
        if target.match_key(row[target.column]) != target.match_key(draft.get(name)):
            return False
    return True


def _no_conflict(sheet: Sheet, draft: Draft, key, row: dict) -> bool:
    """Whether no surer key says that a record of the same name and place is another one."""
    if not is_weak(sheet, key):
        return True
    for other in sheet.keys[: sheet.keys.index(key)]:
        if len(other) == 1:
            target = sheet.by_name[other[0]]
            mine, theirs = draft.get(target.name), row[target.column]
            if mine not in (None, "") and theirs not in (None, "") and mine != theirs:
                return False
    return True


def _key_label(sheet: Sheet, key) -> str:
    return " và ".join(mid_sentence(sheet.by_name[name].label) for name in key)
