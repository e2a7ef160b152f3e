"""Days of a row against those of the records around it: the orders of its model, over rows in memory."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from movement_portal.lib.orders import Dependent, Order, dependents_of, orders_of
from movement_portal.spreadsheets.constraints import Getter, getter
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import Sheet

#: Relation -> key of what it names -> column -> value.
Named = Mapping[str, Mapping[int, Mapping[str, Any]]]


def tell_disorder(sheet: Sheet, drafts: Sequence[Draft]) -> None:
    """Refuse the rows that an order of the model forbids and tell what is merely odd; a few questions for all rows.

    Rows that touch none of the columns, and those about what another row makes, are not asked.
    """
    told = [(draft, getter(sheet, draft)) for draft in drafts]
    if orders := orders_of(sheet.model):
        _tell_own(sheet, orders, told)
    for dependent in dependents_of(sheet.model):
        _refuse_dependent(sheet, dependent, told)


def _tell_own(sheet: Sheet, orders: Sequence[Order], told: Sequence[tuple[Draft, Getter]]) -> None:
    touched = [
        (draft, get, [order for order in orders if draft.is_new or _touches(sheet, draft, _own_columns(order))])
        for draft, get in told
    ]
    touched = [each for each in touched if each[2]]
    named = _named_by(sheet, orders, [get for _, get, _ in touched])
    for draft, get, concerned in touched:
        for order in concerned:
            if not order.is_broken(_reader(get, named)):
                continue
            name = sheet.fields_by_column.get(order.column, order.column)
            if order.is_wall:
                draft.refuse(name, order.message)
            else:
                draft.notice(name, order.message)


def _own_columns(order: Order) -> list[str]:
    """Columns of the row itself that an order looks at, relations among them."""
    return [name.partition("__")[0] for name in order.names]


def _touches(sheet: Sheet, draft: Draft, columns: Iterable[str]) -> bool:
    """Whether the row writes one of the columns."""
    return any(sheet.columns[name][1] in draft.values for name in columns)


def _named_by(sheet: Sheet, orders: Sequence[Order], getters: Sequence[Getter]) -> Named:
    """What the orders look at of the records that rows name, each record asked for once."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for order in orders:
        for name in order.names:
            relation, _, column = name.partition("__")
            if column:
                wanted[relation].add(column)
    named: dict[str, dict[int, dict[str, Any]]] = {}
    for relation, columns in wanted.items():
        model, names = sheet.model._meta.get_field(relation).related_model, sorted(columns)
        keys = {key for get in getters if isinstance(key := get(relation), int)}
        found = named[relation] = {}
        for part in in_parts(keys):
            for key, *values in model._base_manager.filter(pk__in=part).values_list("pk", *names):
                found[key] = dict(zip(names, values, strict=True))
    return named


def _reader(get: Getter, named: Named) -> Callable[[str], Any]:
    def read(path: str) -> Any:
        relation, _, column = path.partition("__")
        if not column:
            return get(path)
        key = get(relation)
        return named[relation].get(key, {}).get(column) if isinstance(key, int) else None

    return read


def _refuse_dependent(sheet: Sheet, dependent: Dependent, told: Sequence[tuple[Draft, Getter]]) -> None:
    """Refuse rows that change a column so that what belongs to their records no longer keeps its order."""
    field = sheet.columns[dependent.column][1]
    changed = {
        draft.found.pk: (draft, get(dependent.column))
        for draft, get in told
        if draft.found is not None
        and field in draft.values
        and draft.values[field] is not None
        and draft.values[field] != getattr(draft.found, dependent.column)
    }
    for part in in_parts(changed):
        rows = dependent.model._base_manager.filter(**{f"{dependent.relation}__in": part}).order_by()
        for key, theirs in rows.values_list(dependent.relation, dependent.other):
            draft, mine = changed[key]
            if dependent.is_broken(mine, theirs) and not draft.problems:
                draft.refuse(field or "", dependent.message)
