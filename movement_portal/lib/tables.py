"""Tables of lists, made for speed: columns write whole cells as text, a template prints them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list.

    ``cell`` gives the HTML of a row's cell and escapes what it takes from the row; without it the value of ``key``
    is printed. ``sort`` names the ordering that a click on the header asks for.
    """

    key: str
    label: str
    cell: Callable[[Mapping[str, Any]], str] | None = None
    sort: str = ""
    css: str = ""
    #: How the cell of every row begins.
    opening: str = field(init=False)

    def __post_init__(self):
        css = f' class="{self.css}"' if self.css else ""
        object.__setattr__(self, "opening", f'<td data-label="{escape(self.label)}"{css}>')

    def content(self, row: Mapping[str, Any]) -> str:
        """What stands in the cell of a row; nothing where there is nothing: a card on a phone leaves the cell out."""
        if self.cell:
            return self.cell(row)
        value = row[self.key]
        return "" if value is None else escape(str(value))


def table_rows(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """The rows of a table as one piece of HTML; empty when there are none."""
    cells = [(column.opening, column.content) for column in columns]
    # Every column escapes what it prints.
    return mark_safe(
        "".join(
            [
                "<tr>" + "".join([f"{opening}{content(row)}</td>" for opening, content in cells]) + "</tr>"
                for row in rows
            ]
        )
    )


def option_list(options: Iterable[tuple[str, str, bool]]) -> SafeString:
    """The choices of a select (value, label, whether chosen) as HTML; a hundred of them cost a template too much."""
    return mark_safe(
        "".join(
            [
                f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>'
                for value, label, chosen in options
            ]
        )
    )
