"""The records that rows of a list are about, and those they name: all asked for at once, never row by row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import models

from movement_portal.jurisdictions.scoping import path_range
from movement_portal.lib.vietnamese import fold
from movement_portal.persons.citizen_ids import CitizenId
from movement_portal.spreadsheets.areas import OUT_OF_REACH
from movement_portal.spreadsheets.drafts import Draft, JudgedRow, RowOfFile, ToMake
from movement_portal.spreadsheets.fields import Field, Kind, Lookup, Relation
from movement_portal.spreadsheets.sheets import Sheet, fields_of_kind, sheet_of_model

#: Values asked for by one statement.
MANY = 5_000

NOT_TOLD_APART = "Không rõ là ai"
#: Values of relations to records that the import itself makes.
_NOT_YET_THERE = (RowOfFile, ToMake)

REPEATED = "Trùng với một dòng khác trong tệp"
TAKEN_ELSEWHERE = "Mã đã dùng ở nơi khác"


def in_parts(items: Iterable) -> Iterator[list]:
    """The distinct items in runs that one statement can carry."""
    whole = list(dict.fromkeys(items))
    return (whole[start : start + MANY] for start in range(0, len(whole), MANY))


# -- records named in cells --------------------------------------------------------------------------------------------
class NamedRows:
    """Rows of a list by the values under which cells of other rows name them, part by part."""

    def __init__(self, sheet: Sheet):
        self._names = sorted(
            {each.relation.in_file for each in sheet.fields if each.relation and each.relation.in_file}
        )
        self._rows: dict[str, dict[Any, Draft | JudgedRow]] = {name: {} for name in self._names}
        #: Values under which a row that is being judged is known.
        self._known_by: dict[Draft, list[tuple[str, Any]]] = defaultdict(list)

    def take(self, drafts: Iterable[Draft]) -> None:
        """Know these rows as well; of several that share a value the first is meant."""
        for name in self._names:
            rows = self._rows[name]
            for draft in drafts:
                if (value := draft.get(name)) not in (None, "") and rows.setdefault(value, draft) is draft:
                    self._known_by[draft].append((name, value))

    def forget(self, drafts: Iterable[Draft]) -> None:
        """Remember of these rows, which have been judged, only what others need."""
        for draft in drafts:
            for name, value in self._known_by.pop(draft, ()):
                self._rows[name][value] = draft.judged()

    def row(self, name: str, value: Any) -> "Draft | JudgedRow | None":
        """The row that has the value in a field, or None."""
        return self._rows[name].get(value)


def resolve_relations(
    sheet: Sheet, drafts: Sequence[Draft], *, officer, named: NamedRows, waiting: set[Draft] | None = None
) -> None:
    """Replace names of other records by their ids; a name nobody knows is made, found in the file, or refused.

    ``named`` are the rows of the file that a cell may name. Where more rows are to come, those that may name one of
    them are only noted in ``waiting``.
    """
    for each in fields_of_kind(sheet, [Kind.RELATION]):
        wanted = [draft for draft in drafts if isinstance(draft.get(each.name), str)]
        if wanted:
            _resolve_field(each, wanted, officer, named, waiting)


def _resolve_field(each: Field, wanted: list[Draft], officer, named: NamedRows, waiting: set[Draft] | None) -> None:
    if each.links:
        _resolve_links(each, wanted, officer)
        return
    relation = each.relation
    found = find_related(relation, {draft.values[each.name] for draft in wanted}, officer)
    may_make = relation.make is not None and officer.has_perm(
        f"{relation.model._meta.app_label}.add_{relation.model._meta.model_name}"
    )
    for draft in wanted:
        text = draft.values[each.name]
        matches = found.get(text, [])
        row = named.row(relation.in_file, text) if relation.in_file else None
        if waiting is not None and relation.in_file and not matches and row is None:
            waiting.add(draft)
            continue
        del draft.values[each.name]
        if len(matches) == 1:
            draft.values[each.name] = matches[0]
        elif matches:
            draft.refuse(each.name, f"Có {len(matches)} kết quả cho “{text}”.", f"{each.label}: không rõ là ai", text)
        elif row is not None and row is not draft:
            draft.values[each.name] = RowOfFile(row)
        elif may_make:
            draft.values[each.name] = ToMake(text)
        elif relation.make is not None and each.overflow:
            draft.add_line(each.overflow, f"{each.label}: {text}")
            draft.notice(each.name, f"“{text}” chưa có trong danh mục mà đồng chí không được thêm: giữ ở ghi chú.")
        elif relation.optional:
            draft.notice(each.name, f"Không tìm thấy “{text}” trong {relation.model._meta.verbose_name_plural}.")
        else:
            draft.refuse(
                each.name,
                f"Không tìm thấy “{text}” trong {relation.model._meta.verbose_name_plural}.",
                f"{each.label}: không tìm thấy",
                text,
            )


def _resolve_links(each: Field, wanted: list[Draft], officer) -> None:
    """Replace the names in a cell by the ids of the records; one that nobody knows refuses the row."""
    parts = {draft: each.links.parts(draft.values.pop(each.name)) for draft in wanted}
    found = find_related(each.relation, {part for named in parts.values() for part in named}, officer)
    known = each.relation.model._meta.verbose_name_plural
    for draft, named in parts.items():
        for text in named:
            matches = found.get(text, [])
            if len(matches) > 1:
                reason = f"Có {len(matches)} kết quả cho “{text}”."
                draft.refuse(each.name, reason, f"{each.label}: không rõ là ai", text)
            elif not matches:
                draft.refuse(
                    each.name, f"Không tìm thấy “{text}” trong {known}.", f"{each.label}: không tìm thấy", text
                )
        draft.values[each.name] = list(dict.fromkeys(found[text][0] for text in named if len(found.get(text, ())) == 1))


def find_related(relation: Relation, texts: set[str], officer) -> dict[str, list[int]]:
    """Ids of the visible records that each text names; the first lookup that knows a text decides."""
    found: dict[str, list[int]] = {}
    known = relation.model.objects
    rows = (known.editable_by(officer) if relation.is_owner else known.visible_to(officer)).filter(**relation.limit)
    for lookup in relation.lookups:
        forms = {text: tuple(lookup.forms(text)) for text in texts if text not in found}
        index: dict[str, list] = defaultdict(list)
        for part in in_parts(form for each in forms.values() for form in each):
            columns = ["pk", lookup.column, *([lookup.confirm] if lookup.confirm else [])]
            open_ended = "valid_to" in {column.name for column in relation.model._meta.concrete_fields}
            columns += ["valid_to"] if open_ended else []
            for row in rows.filter(**{f"{lookup.column}__in": part}).values(*columns):
                index[row[lookup.column]].append(row)
        for text, keys in forms.items():
            matches = {row["pk"]: row for key in keys for row in index.get(key, ())}
            if lookup.confirm:
                matches = {pk: row for pk, row in matches.items() if fold(row[lookup.confirm]) == fold(text)}
            if len(matches) > 1:
                # Of several that bore the name or code, the one that exists today.
                today = {pk: row for pk, row in matches.items() if row.get("valid_to", "") is None}
                matches = today or matches
            if matches:
                found[text] = sorted(matches)
    unknown = [text for text in texts if text not in found]
    if relation.also_called is not None and unknown:
        names = relation.also_called(rows)
        found.update({text: sorted(names[fold(text)]) for text in unknown if fold(text) in names})
    return _with_stand_ins(relation, found, rows)


def _with_stand_ins(relation: Relation, found: dict[str, list[int]], rows) -> dict[str, list[int]]:
    """What was found, with those that stand in today for records that have gone into others."""
    instead = _stand_ins(sheet_of_model(relation.model), {pk for pks in found.values() for pk in pks})
    if not instead:
        return found
    reached = set(rows.filter(pk__in=set(instead.values())).values_list("pk", flat=True))
    followed = {
        text: sorted({instead.get(pk, pk) for pk in pks if pk not in instead or instead[pk] in reached})
        for text, pks in found.items()
    }
    return {text: pks for text, pks in followed.items() if pks}


# -- records that rows are about ---------------------------------------------------------------------------------------
def find_records(sheet: Sheet, drafts: Sequence[Draft], *, officer, default_area=None) -> None:
    """Set ``found`` of every draft whose record is in the register, by the keys of the sheet in order.

    A record out of the officer's reach refuses the row, saying no more than that the key is taken.
    """
    ids: dict[Draft, int] = {}
    columns = sorted({target.column for key in sheet.keys for name in key if (target := sheet.by_name[name])})
    known: dict[int, dict] = {}
    instead: dict[int, int] = {}
    for key in sheet.keys:
        by_place = sheet.area in key
        open_rows = [
            draft
            for draft in drafts
            if draft not in ids
            and draft.found is None
            and _has_key(sheet, draft, key)
            and not (by_place and draft.area_guessed and default_area is None)
        ]
        if not open_rows:
            continue
        lookup = sheet.by_name[key[0]].database_lookup
        forms = {draft: tuple(_forms(lookup, draft.values[key[0]])) for draft in open_rows}
        index = _records_by_key(sheet, key, forms, columns, default_area)
        if not index:
            continue
        instead |= _stand_ins(sheet, {row["pk"] for rows in index.values() for row in rows})
        for draft in open_rows:
            matches = [
                row
                for row in _candidates(sheet, draft, key, index, forms[draft])
                if _no_conflict(sheet, draft, key, row)
            ]
            if by_place and draft.area_guessed:
                matches = [row for row in matches if row["path"].startswith(default_area.path)]
            # One that went into another of them is none beside it.
            matches.sort(key=lambda row: row["pk"] not in instead)
            matches = list({instead.get(row["pk"], row["pk"]): row for row in matches}.values())
            if len(matches) > 1:
                draft.refuse(
                    key[0],
                    f"Có {len(matches)} bản ghi cùng {_key_label(sheet, key)}; hãy ghi thêm mã.",
                    NOT_TOLD_APART,
                )
            elif matches:
                ids[draft] = matches[0]["pk"]
                known[matches[0]["pk"]] = matches[0]
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


def _stand_ins(sheet: Sheet | None, keys: Iterable[int]) -> dict[int, int]:
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
    name = next(key[0] for key in sheet.keys if _has_key(sheet, draft, key))
    label = sheet.by_name[name].label
    draft.refuse(name, f"{label} này đã dùng ở nơi ngoài địa bàn phụ trách của đồng chí.", OUT_OF_REACH)


def _has_key(sheet: Sheet, draft: Draft, key: tuple[str, ...]) -> bool:
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
    return " và ".join(sheet.by_name[name].label.lower() for name in key)


# -- rows that repeat one another --------------------------------------------------------------------------------------
class Earlier(NamedTuple):
    """What is remembered of a row for those that may repeat it."""

    worksheet: str
    number: int
    label: str
    #: Values of the keys that are one code, as far as the row has them.
    codes: dict[str, Any]

    def told(self, several: bool) -> str:
        """How the reason names the row; ``several`` worksheets are told apart."""
        where = f"dòng {self.number} của trang “{self.worksheet}”" if several else f"dòng {self.number}"
        return f"Trùng với {where} ({self.label})."


class Repeats:
    """Rows of a list that repeat an earlier one, found part by part: of the rows before little is remembered."""

    def __init__(self, sheet: Sheet, *, several: bool = False):
        self._sheet, self._several = sheet, several
        self._codes = [key[0] for key in sheet.keys if len(key) == 1]
        #: By the hash of key and values: the values themselves would take too much room.
        self._seen: dict[int, list[Earlier]] = {}
        self._records: dict[int, Earlier] = {}

    def refuse(self, drafts: Sequence[Draft]) -> None:
        """Refuse those of the rows that repeat one of them or one of the parts before."""
        self._several = self._several or len({draft.worksheet for draft in drafts}) > 1
        for draft in drafts:
            hashes = {key: self._hash(draft, key) for key in self._sheet.keys if _has_key(self._sheet, draft, key)}
            earlier, name = self._earlier(draft, hashes)
            if earlier is None and draft.found is not None and draft.found.pk in self._records:
                earlier, name = self._records[draft.found.pk], self._sheet.keys[0][0]
            own = Earlier(draft.worksheet, draft.number, draft.label, self._codes_of(draft))
            for each in hashes.values():
                self._seen.setdefault(each, []).append(own)
            if draft.found is not None:
                self._records.setdefault(draft.found.pk, own)
            if earlier is not None:
                draft.refuse(name, earlier.told(self._several), REPEATED)

    def refuse_same_record(self, drafts: Iterable[Draft]) -> None:
        """Refuse those of the rows, noted before, that turned out to be about a record which another row is about."""
        for draft in drafts:
            if draft.found is None:
                continue
            own = Earlier(draft.worksheet, draft.number, draft.label, self._codes_of(draft))
            first = self._records.setdefault(draft.found.pk, own)
            if first[:2] != own[:2] and not any(problem.cause == REPEATED for problem in draft.problems):
                draft.refuse(self._sheet.keys[0][0], first.told(self._several), REPEATED)

    def _codes_of(self, draft: Draft) -> dict[str, Any]:
        return {name: value for name in self._codes if (value := draft.get(name)) not in (None, "")}

    def _hash(self, draft: Draft, key) -> int:
        values: list[Any] = [key]
        for name, is_area, _ in self._sheet.key_parts[key]:
            value = draft.get(name)
            values.append("?" if is_area and draft.area_guessed else self._sheet.by_name[name].match_key(value))
        return hash(tuple(values))

    def _earlier(self, draft: Draft, hashes: Mapping[tuple[str, ...], int]) -> tuple[Earlier | None, str]:
        for key, each in hashes.items():
            for other in self._seen.get(each, ()):
                if not is_weak(self._sheet, key) or not self._differ_in_codes(draft, other, key):
                    return other, key[0]
        return None, ""

    def _differ_in_codes(self, draft: Draft, other: Earlier, key) -> bool:
        for surer in self._sheet.keys[: self._sheet.keys.index(key)]:
            if len(surer) == 1 and (theirs := other.codes.get(surer[0])) is not None:
                mine = draft.get(surer[0])
                if mine not in (None, "") and mine != theirs:
                    return True
        return False
