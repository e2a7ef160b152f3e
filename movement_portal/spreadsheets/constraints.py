"""What the database would refuse, said before it is asked: the constraints of a model, over rows in memory."""

from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from typing import Any

from django.db import models
from django.db.models import F, Q

from movement_portal.lib.tracking import TrackedModel
from movement_portal.spreadsheets.corrections import NOTHING, Corrections
from movement_portal.spreadsheets.drafts import Draft, RowOfFile, ToMake
from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.fields import Kind, Merge, split_year
from movement_portal.spreadsheets.records import TAKEN_ELSEWHERE, in_parts
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.values import ValueProblem

Getter = Callable[[str], Any]

#: Different rows whose judgement by one constraint is remembered.
REMEMBERED = 4_000

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda mine, theirs: mine == theirs,
    "gt": lambda mine, theirs: mine > theirs,
    "gte": lambda mine, theirs: mine >= theirs,
    "lt": lambda mine, theirs: mine < theirs,
    "lte": lambda mine, theirs: mine <= theirs,
    "in": lambda mine, theirs: mine in theirs,
    "year__gte": lambda mine, theirs: mine.year >= theirs,
    "startswith": lambda mine, theirs: str(mine).startswith(theirs),
}


class CannotTell(Exception):
    """A condition that only the database can judge."""


def holds(condition: Q, get: Getter) -> bool | None:
    """Whether a condition holds of a row, with SQL's three values: None where an empty column leaves it open.

    Raises ``CannotTell`` for lookups that are not simple comparisons of columns of the row.
    """
    results = [
        holds(child, get) if isinstance(child, Q) else _compare(child, get)  # type: ignore[arg-type]
        for child in condition.children
    ]
    if condition.connector == Q.AND:
        answer = False if False in results else None if None in results else True
    elif condition.connector == Q.OR:
        answer = True if True in results else None if None in results else False
    else:
        raise CannotTell
    return (None if answer is None else not answer) if condition.negated else answer


def _compare(child, get: Getter) -> bool | None:
    if not isinstance(child, tuple):
        raise CannotTell
    path, theirs = child
    name, _, lookup = path.partition("__")
    mine = get(name)
    if lookup == "isnull":
        return (mine is None) == theirs
    if isinstance(theirs, F):
        theirs = get(theirs.name)
    elif hasattr(theirs, "resolve_expression"):
        raise CannotTell
    if (compare := COMPARISONS.get(lookup or "exact")) is None:
        raise CannotTell
    if mine is None or theirs is None:
        return None
    return compare(mine, theirs)


def getter(sheet: Sheet, draft: Draft) -> Getter:
    """The columns of the record as they will be: of the row, else of the record found, else the model's default."""
    known, values, found = sheet.columns, draft.values, draft.found
    derived = sheet.model.derived_fields
    made: list[TrackedModel] = []

    def get(name: str) -> Any:
        attname, field, default = known[name]
        if field in values:
            return values[field]
        if attname in derived:
            if not made:
                made.append(_with_derived(sheet, draft))
            return getattr(made[0], attname)
        return default() if found is None else getattr(found, attname)

    return get


def _with_derived(sheet: Sheet, draft: Draft) -> TrackedModel:
    """The record as it will be, with the columns that are computed from others."""
    columns = [column.attname for column in sheet.model._meta.concrete_fields]
    told = {} if draft.found is None else {name: getattr(draft.found, name) for name in columns}
    for each in sheet.stored_fields:
        if each.name in draft.values and not isinstance(draft.values[each.name], RowOfFile | ToMake):
            told[sheet.attnames[each.name]] = draft.values[each.name]
    record = sheet.model(**told)
    record.derive()
    return record


class Check:
    """A check constraint over rows in memory; rows alike in the columns it looks at are judged once."""

    def __init__(self, sheet: Sheet, constraint: models.CheckConstraint):
        self.constraint = constraint
        self._names = sorted(_names_in(constraint.condition))
        self.names = frozenset(self._names)
        self._judged: dict[tuple, bool] = {}
        told = [sheet.columns[name] for name in self._names if name in sheet.columns]
        #: Fields of the list that it looks at; None where it looks at what is computed of others.
        self._fields = (
            frozenset(field for _, field, _ in told if field)
            if len(told) == len(self._names) and not any(attname in sheet.model.derived_fields for attname, *_ in told)
            else None
        )
        #: Whether a new record breaks it of which a row says nothing that it looks at.
        self._untold: bool | None = None

    def is_broken(self, draft: Draft, get: Getter) -> bool:
        """Whether a row surely breaks it; what cannot be told or compared breaks nothing."""
        if draft.found is None and self._fields is not None and self._fields.isdisjoint(draft.values):
            if self._untold is None:
                self._untold = self._judge(get)
            return self._untold
        return self._judge(get)

    def _judge(self, get: Getter) -> bool:
        try:
            values = tuple(map(get, self._names))
            if (known := self._judged.get(values)) is None:
                if len(self._judged) >= REMEMBERED:
                    self._judged.clear()
                known = self._judged[values] = holds(self.constraint.condition, get) is False
        except (CannotTell, TypeError, KeyError):
            return False
        return known


def _names_in(condition: Q) -> set[str]:
    """Names of the columns that a condition looks at."""
    names: set[str] = set()
    for child in condition.children:
        if isinstance(child, Q):
            names |= _names_in(child)
        elif isinstance(child, tuple):
            names.add(child[0].partition("__")[0])
            if isinstance(child[1], F):
                names.add(child[1].name)
    return names


def refuse_broken(sheet: Sheet, drafts: Sequence[Draft], corrections: Corrections = NOTHING) -> None:
    """Refuse the rows whose record would break a check constraint, with its message.

    Of a row with other faults only what these say nothing of: columns of the list itself that could be read.
    """
    checks = [Check(sheet, each) for each in sheet.model._meta.constraints if isinstance(each, models.CheckConstraint)]
    written = {each.column for each in sheet.stored_fields if not each.hidden and each.merge != Merge.KEEP}
    for draft in drafts:
        get = getter(sheet, draft)
        for check in _that_can_be_told(sheet, draft, checks, written) if draft.problems else checks:
            if check.is_broken(draft, get):
                message = str(check.constraint.get_violation_error_message())
                name = _first_column(sheet, check.constraint.condition, draft)
                if not name and draft.is_new:
                    name = _to_be_typed(sheet, check.names)
                    if name and _fill(sheet, draft, name, message, corrections) and not check.is_broken(draft, get):
                        continue
                draft.refuse(name, message)


def _that_can_be_told(sheet: Sheet, draft: Draft, checks: Sequence[Check], written: Set[str]) -> list[Check]:
    """The checks that look at nothing but columns of the list without a fault in this row."""
    at_fault = {split_year(problem.key)[0] for problem in draft.problems}
    known = written - {sheet.by_name[name].column for name in at_fault if name in sheet.by_name}
    return [check for check in checks if check.names <= known]


def _fill(sheet: Sheet, draft: Draft, name: str, cause: str, corrections: Corrections) -> bool:
    """Give a new row what an officer has said for all rows with the fault; answers whether something was said."""
    fix = corrections.of_fault(name, "", cause)
    if fix is None or not fix.text:
        return False
    try:
        draft.values[name] = sheet.by_name[name].read(fix.text).value
    except ValueProblem:
        return False
    return True


def _to_be_typed(sheet: Sheet, names: Set[str]) -> str:
    """The field that an officer may fill where the list has no column for any that a condition speaks of."""
    open_to_text = [each for each in sheet.stored_fields if each.column in names and each.kind == Kind.TEXT]
    return next((each.name for each in open_to_text if not each.hidden), "")


def _first_column(sheet: Sheet, condition: Q, draft: Draft) -> str:
    """The field of the row that a condition speaks of, for the column of the message."""
    for child in condition.children:
        if isinstance(child, Q):
            if name := _first_column(sheet, child, draft):
                return name
        else:
            name = child[0].partition("__")[0]
            if draft.column(name):
                return name
    return ""


def unique_sets(sheet: Sheet) -> list[tuple[tuple[str, ...], Q | None, str]]:
    """Columns that no two records may share, the condition under which, and what is said of it."""
    found = [
        ((column.name,), None, f"{column.verbose_name[0].upper()}{column.verbose_name[1:]} này đã có.")
        for column in sheet.model._meta.concrete_fields
        if column.unique and not column.primary_key and column.editable
    ]
    return found + [
        (tuple(each.fields), each.condition, str(each.get_violation_error_message()))
        for each in sheet.model._meta.constraints
        if isinstance(each, models.UniqueConstraint) and each.fields
    ]


def refuse_taken(sheet: Sheet, drafts: Sequence[Draft], *, officer, seen: dict[int, int]) -> None:
    """Refuse the rows whose codes another record or another row has; of a record out of reach only that it is so.

    ``seen`` remembers the codes of the rows for further parts of the list.
    """
    stored = {each.column for each in sheet.stored_fields}
    for columns, condition, message in unique_sets(sheet):
        if not stored.intersection(columns):
            continue
        rows: dict[tuple, list[Draft]] = defaultdict(list)
        for draft in drafts:
            if not _touches(sheet, draft, columns):
                continue
            get = getter(sheet, draft)
            if condition is not None and not _surely(condition, get):
                continue
            values = tuple(get(name) for name in columns)
            if all(value is not None and not isinstance(value, RowOfFile | ToMake) for value in values):
                rows[values].append(draft)
        _refuse_doubles(sheet, columns, message, rows, seen)
        _refuse_known(sheet, columns, condition, message, rows, officer)


def _surely(condition: Q, get: Getter) -> bool:
    try:
        return holds(condition, get) is True
    except (CannotTell, TypeError):
        return False


def _touches(sheet: Sheet, draft: Draft, columns: tuple[str, ...]) -> bool:
    """Whether the row writes one of the columns anew."""
    if draft.outcome not in (RowOutcome.NEW, RowOutcome.CHANGED):
        return False
    if draft.outcome == RowOutcome.NEW:
        return True
    names = {sheet.model._meta.get_field(each.column).name for each in sheet.stored_fields if each.name in draft.values}
    derived = {name for name, sources in sheet.model.derived_fields.items() if not names.isdisjoint(sources)}
    return not (names | derived).isdisjoint(columns)


def _refuse_doubles(sheet: Sheet, columns, message: str, rows: dict[tuple, list[Draft]], seen: dict[int, int]) -> None:
    for values, same in rows.items():
        first = seen.setdefault(hash((columns, values)), same[0].number)
        for draft in same[1:] if first == same[0].number else same:
            draft.refuse(_field_of_column(sheet, columns[0]), f"{message} Xem dòng {first}.", message)


def _refuse_known(sheet: Sheet, columns, condition, message: str, rows, officer) -> None:
    """Ask the register once for all the values; by the column in which they differ most."""
    if not rows:
        return
    widest = max(range(len(columns)), key=lambda at: len({values[at] for values in rows}))
    records = sheet.model._base_manager.all()
    if condition is not None:
        records = records.filter(condition)
    names = [sheet.model._meta.get_field(name).attname for name in columns]
    visible = sheet.model.objects.visible_to(officer)
    for part in in_parts(values[widest] for values in rows):
        taken = list(records.filter(**{f"{names[widest]}__in": part}).values_list("pk", *names))
        hits = {
            pk: same
            for pk, *values in taken
            if (same := [each for each in rows.get(tuple(values), ()) if each.found is None or each.found.pk != pk])
        }
        inside = set(visible.filter(pk__in=list(hits)).values_list("pk", flat=True)) if hits else set()
        for pk, same in hits.items():
            for draft in same:
                reason = message if pk in inside else f"{message} Mã nằm ngoài địa bàn phụ trách của đồng chí."
                draft.refuse(_field_of_column(sheet, columns[0]), reason, message if pk in inside else TAKEN_ELSEWHERE)


def _field_of_column(sheet: Sheet, column: str) -> str:
    return next((each.name for each in sheet.stored_fields if each.column in (column, f"{column}_id")), column)
