"""Two units side by side, field by field."""

from dataclasses import dataclass

from movement_portal.audit.presenting import Names, column_order, field_label, value_text
from movement_portal.jurisdictions.models import Officer
from units.models import Unit

#: Columns that say nothing when two units are compared, or have their own line.
LEFT_OUT = frozenset({"area_note", "submission_key", "merged_into_id", "status_on", "override_reason"})


@dataclass(frozen=True)
class Line:
    """One field of both units in words."""

    name: str
    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second

    @property
    def is_empty(self) -> bool:
        return not (self.first or self.second)


def compared(first: Unit, second: Unit, user: Officer) -> list[Line]:
    """The fields of two units of which at least one holds something, in the order of the form."""
    columns = column_order(Unit, [name for name in Unit.tracked_names() if name not in LEFT_OUT])
    plain = [{name: Unit.plain_value(name, getattr(unit, name)) for name in columns} for unit in (first, second)]
    names = Names(user)
    for values in plain:
        names.want(Unit, values)
    lines = [
        Line(name, field_label(Unit, name), *(value_text(Unit, name, values[name], names) for values in plain))
        for name in columns
    ]
    return [line for line in lines if not line.is_empty]
