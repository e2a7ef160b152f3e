"""Records that cells of a list name: looked up for all rows at once, or meant to be another row of the same file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.drafts import Draft, JudgedRow, RowOfFile, ToMake
from movement_portal.spreadsheets.fields import Field, Kind, Relation
from movement_portal.spreadsheets.records import in_parts, stand_ins_of
from movement_portal.spreadsheets.sheets import Sheet, fields_of_kind, sheet_of_model


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
        if each.relation.is_looked_up:
            continue
        wanted = [draft for draft in drafts if isinstance(draft.get(each.name), str)]
        if wanted:
            _resolve_field(each, wanted, officer, named, waiting)


def _resolve_field(each: Field, wanted: list[Draft], officer, named: NamedRows, waiting: set[Draft] | None) -> None:
    relation = each.relation
    found = find_related(relation, {draft.values[each.name] for draft in wanted}, officer)
    may_make = relation.makes and officer.has_perm(
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
        elif relation.makes and each.overflow:
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
    instead = stand_ins_of(sheet_of_model(relation.model), {pk for pks in found.values() for pk in pks})
    if not instead:
        return found
    reached = set(rows.filter(pk__in=set(instead.values())).values_list("pk", flat=True))
    followed = {
        text: sorted({instead.get(pk, pk) for pk in pks if pk not in instead or instead[pk] in reached})
        for text, pks in found.items()
    }
    return {text: pks for text, pks in followed.items() if pks}
