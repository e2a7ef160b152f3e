"""What the parsing process hands back: JSON lines, written as the file is read.

A worksheet is ``{"sheet": name, ...}``, then one ``[row number, cells]`` for each line with content, without the empty
cells at its end; where texts were repaired, ``[row number, cells, repairs]``. Behind the rows stands
``{"repairs": [...]}`` when there is something to tell.
The last line is ``{"done": ...}`` or ``{"refused": code, ...}``; without it the answer is void.
"""

import datetime
import json
from dataclasses import dataclass, field
from typing import Any, TextIO

from movement_portal.spreadsheets.hiding import extend
from movement_portal.spreadsheets.parsing.limits import Limits
from movement_portal.spreadsheets.parsing.texts import LOOKED_AT, Fonts, Parts, Texts
from movement_portal.spreadsheets.tables import Cell, CellError, clean_text

#: Errors of Excel and LibreOffice as they stand in cells.
ERRORS = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"]
)
ERROR_REASON = "ô báo lỗi công thức"
NOT_CALCULATED = CellError("", "công thức chưa được tính; hãy mở bằng Excel, lưu lại rồi tải lên")
_LARGEST_WHOLE = 10**15


class Refused(Exception):
    """The file is not read; ``code`` names the reason and ``facts`` go into the message."""

    def __init__(self, code: str, **facts: Any):
        super().__init__(code)
        self.code = code
        self.facts = facts


def error_value(text: str) -> CellError:
    """The value of a cell in which Excel shows an error."""
    return CellError(text or "#N/A", ERROR_REASON)


def percent_text(value: float) -> str:
    """A cell formatted as percent the way the office sees it: 0.833 is "83,3%"."""
    return f"{round(value * 100, 8):.12g}%".replace(".", ",")


@dataclass(slots=True)
class Hides:
    """What a worksheet hides: itself, rows counted from 1, columns counted from 0, as far as the format tells."""

    itself: bool = False
    #: Ranges, first and last.
    rows: list[list[int]] = field(default_factory=list)
    columns: list[list[int]] = field(default_factory=list)
    #: Ranges of rows in which a filter is at work.
    filtered: list[list[int]] = field(default_factory=list)

    def hide_rows(self, first: int, last: int, *, by_filter: bool = False) -> None:
        """Take note of rows, which come in the order of the sheet."""
        extend(self.rows, first, last)
        if by_filter:
            extend(self.filtered, first, last)


class Answer:
    """Writes the answer line by line, counting against the limits."""

    def __init__(self, stream: TextIO, limits: Limits):
        self._write = stream.write
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_as_json).encode
        self._limits = limits
        self._rows = self._cells = self._sheets = 0
        self.sheets_with_content = 0
        self._far: list[str] = []
        self._pending: dict[str, Any] | None = None
        self._texts = Texts()
        #: The first rows of a sheet, until they have been looked at.
        self._waiting: list[tuple[int, list[Any], Fonts | None]] | None = []

    def know_rich_texts(self, texts: dict[str, Parts]) -> None:
        """Take note of texts whose parts stand in several typefaces, some of them of the years before Unicode."""
        self._texts.rich = texts

    def begin_sheet(
        self,
        name: str,
        *,
        merges: list | None = None,
        last_row: int = 0,
        far: list | None = None,
        hides: Hides | None = None,
    ) -> None:
        """Announce a worksheet; it is written with its first line of content.

        ``merges`` are [first row, first column, last row, last column] counted from 0; ``last_row`` is the last row the
        file mentions, with content or without, counted from 1; ``far`` are addresses of cells left out; ``hides`` is
        what the office does not see of it.
        """
        self._sheets += 1
        if self._sheets > self._limits.sheets:
            raise Refused("too_many_sheets", limit=self._limits.sheets)
        merges = (merges or [])[: self._limits.merged_ranges]
        self._pending = {"sheet": clean_text(name), "merges": merges, "last_row": last_row, "far": far or []}
        if hides:
            # Most worksheets hide nothing, and say nothing of it.
            told = {
                "is_hidden": hides.itself,
                "hidden_rows": hides.rows,
                "hidden_columns": hides.columns,
                "filtered": hides.filtered,
            }
            self._pending.update({name: value for name, value in told.items() if value})
        self._texts.begin_sheet()
        self._waiting = []

    def row(self, number: int, values: list[Any], fonts: Fonts | None = None) -> None:
        """Write one line, its values cleaned; a line without any value is left out.

        ``fonts`` tells the encoding of cells, by column, that stand in a typeface of the years before Unicode.
        """
        if self._waiting is None:
            self._write_row(number, values, fonts)
            return
        self._waiting.append((number, values, fonts))
        if len(self._waiting) >= LOOKED_AT:
            self._write_waiting()

    def _write_waiting(self) -> None:
        rows, self._waiting = self._waiting or [], None
        self._texts.look(rows)
        for number, values, fonts in rows:
            self._write_row(number, values, fonts)

    def _write_row(self, number: int, values: list[Any], fonts: Fonts | None) -> None:
        texts, repairs = self._texts.clean_row(number, values, fonts)
        cells = [self._clean(value) for value in texts]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            return
        self._count(number, cells)
        if self._pending is not None:
            self._write(self._encode(self._pending) + "\n")
            self._pending = None
            self.sheets_with_content += 1
        self._write(self._encode([number, cells, repairs] if repairs else [number, cells]) + "\n")

    def end_sheet(self) -> None:
        """Close the worksheet; one without content is reported as left out."""
        self._write_waiting()
        if self._pending is not None:
            self._far += self._pending["far"]
            self.leave_out(self._pending["sheet"], "empty")
            self._pending = None
        elif summary := self._texts.summary():
            self._write(self._encode({"repairs": summary}) + "\n")

    def leave_out(self, name: str, why: str) -> None:
        """Report a worksheet that is not read: "empty", "hidden" or "no_cells"."""
        self._write(self._encode({"left_out": clean_text(name), "why": why}) + "\n")

    def done(self, format: str, encoding: str = "") -> None:
        """Close the answer: everything was read."""
        if not self.sheets_with_content:
            raise Refused("only_far", cell=self._far[0]) if self._far else Refused("empty")
        self._write(self._encode({"done": format, "encoding": encoding}) + "\n")

    def refused(self, reason: Refused) -> None:
        """Close the answer: the file is refused, whatever was written before."""
        self._write("\n" + self._encode({"refused": reason.code, **reason.facts}) + "\n")

    def _count(self, number, cells):
        self._rows += 1
        self._cells += len(cells)
        if self._rows > self._limits.lines:
            raise Refused("too_many_rows", limit=self._limits.rows)
        if len(cells) > self._limits.columns:
            raise Refused("too_many_columns", limit=self._limits.columns, row=number)
        if self._cells > self._limits.cells:
            raise Refused("too_many_cells", limit=self._limits.cells)

    def _clean(self, value):
        kind = type(value)
        if kind is str:
            if len(value) > self._limits.text:
                raise Refused("long_cell", limit=self._limits.text)
            return (error_value(value) if value in ERRORS else value) if value else None
        if kind is float:
            if value.is_integer() and abs(value) < _LARGEST_WHOLE:
                return int(value)
            return value if abs(value) < float("inf") else None
        return value


def _as_json(value):
    match value:
        case CellError():
            return {"error": value.text, "reason": value.reason}
        case datetime.datetime():
            return {"moment": value.isoformat()}
        case datetime.date():
            return {"date": value.isoformat()}
        case datetime.time():
            return {"time": value.isoformat()}
        case datetime.timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
    raise TypeError(type(value).__name__)


def cell_from_json(value: dict[str, str]) -> Cell:
    """The cell behind an object of the answer; for ``object_hook``, so that other objects pass through."""
    if "date" in value:
        return datetime.date.fromisoformat(value["date"])
    if "moment" in value:
        return datetime.datetime.fromisoformat(value["moment"])
    if "error" in value:
        return CellError(value["error"], value["reason"])
    if "time" in value:
        return datetime.time.fromisoformat(value["time"])
    return value  # type: ignore[return-value]
