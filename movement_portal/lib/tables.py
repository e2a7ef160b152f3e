"""Tables of lists, made for speed: columns write whole cells as text, a template prints them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
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

    def html(self, row: Mapping[str, Any]) -> str:
        """The whole cell; an empty one has nothing inside, so that a card on a phone leaves it out."""
        content = self.cell(row) if self.cell else escape(_shown(row[self.key]))
        css = f' class="{self.css}"' if self.css else ""
        return f'<td data-label="{self.label}"{css}>{content}</td>'


def _shown(value: Any) -> Any:
    return "" if value is None else value


def table_rows(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> list[SafeString]:
    """The rows of a table as HTML."""
    return [
        # Every column escapes what it prints.
        mark_safe("<tr>" + "".join([column.html(row) for column in columns]) + "</tr>")
        for row in rows
    ]


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
