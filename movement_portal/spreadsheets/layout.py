"""Which line of a sheet is what: title, header, row, or something to skip, and why.

Every line with content ends up in exactly one place of the ``SheetTable``: nothing is dropped unseen.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from movement_portal.spreadsheets.grouping import Groups
from movement_portal.spreadsheets.headers import (
    Line,
    find_header,
    header_at,
    header_text,
    is_column_numbering,
    is_running_number,
)
from movement_portal.spreadsheets.hiding import HiddenRows
from movement_portal.spreadsheets.line_marks import (
    CLOSING_LINE,
    GROUP_MARK,
    KIND_OF_GROUP,
    MARKED_GROUP,
    NUMBER_INSIDE,
    NUMBERED_GROUP,
    PLACE,
    TOTAL_LINE,
    first_text,
    is_number,
    is_whole,
)
from movement_portal.spreadsheets.merged_cells import with_merges
from movement_portal.spreadsheets.rows import AnswerFile, StoredRows, corrected
from movement_portal.spreadsheets.tables import (
    DITTO,
    EXAMPLE_MARK,
    FINGERPRINT,
    Cell,
    RepairCount,
    SheetRow,
    SheetTable,
    SkippedLine,
    TextRepair,
    column_letter,
)

#: Lines that are looked at together before the header is chosen.
_HEAD_LINES = 150
_LONGEST_TEXT = 300
#: Known headers that make a line the header of another list.
MIN_KNOWN = 3
#: Stands behind the name of a worksheet for the lists on it after the first.
NEXT_TABLE = "(bảng {})"

#: What stands for “as above”; before it is told as such, the longest word of a closed list.
DITTO_MARKS = frozenset(
    {'"', "''", "″", "”", "“", "〃", "nt", "-nt-", "- nt -", "Nt", "như trên", "Như trên", "-như trên-"}
)
_LONGEST_CHOICE = 4
_MOST_SAMPLES = 5
#: Columns of Excel.
_MOST_COLUMNS = 16_384

BLANK = "dòng trống"
#: Forms are numbered further than they are filled in.
ONLY_NUMBER = "dòng trống chỉ có số thứ tự"
GHOST = "vùng trống ở cuối trang (chỉ có định dạng)"
REPEATED_HEADER = "dòng tiêu đề lặp lại"
COLUMN_NUMBERS = "dòng đánh số cột"
TOTAL = "dòng tổng cộng"
GROUP = "dòng nhóm (ghi vào các dòng bên dưới)"
CLOSING = "phần ghi chú và ký tên ở cuối bảng"
NOTE = "dòng ghi chú"
EXAMPLE = "dòng ví dụ của tệp mẫu"
FAR = "ô nằm quá xa bảng nên bị bỏ qua"


#: Row number, cells, place in the answer, repaired texts by column.
RawLine = tuple[int, list[Cell], tuple[int, int], dict[int, TextRepair] | None]


@dataclass(slots=True)
class RawSheet:
    """A worksheet as the parser gives it."""

    name: str
    lines: Iterator[RawLine]
    source: AnswerFile
    merges: list[list[int]] = field(default_factory=list)
    last_row: int = 0
    far: list[str] = field(default_factory=list)
    is_hidden: bool = False
    hidden_rows: list[list[int]] = field(default_factory=list)
    hidden_columns: list[list[int]] = field(default_factory=list)
    filtered: list[list[int]] = field(default_factory=list)


def lay_out(raw: RawSheet, *, known_header: Callable[[str], bool], header_rows: Sequence[int] = ()) -> list[SheetTable]:
    """The worksheet as a table, its lines read once from first to last.

    A line further down that is the header of other columns begins a table of its own. ``header_rows`` say in which row
    the header of each table ends.
    """
    header_row, *next_rows = header_rows or (0,)
    lines = with_merges(raw.lines, raw.merges)
    head = list(islice(lines, _HEAD_LINES))
    header = (header_at(head, header_row, known_header) if header_row else None) or find_header(head, known_header)
    table = SheetTable(raw.name, 0, [], StoredRows(raw.source), is_hidden=raw.is_hidden)
    table.hidden_rows = HiddenRows(raw.hidden_rows, raw.filtered)
    sorter = _Sorter(
        table, header.texts if header else [], head[header.first].number + header.height - 1 if header else 0
    )
    tables = [table]
    if header:
        table.title = [line_text(line) for line in head[: header.first]]
        end = header.first + header.height
        table.top = [(line.number, list(line.cells), dict(line.spans)) for line in head[:end]]
        top = head[header.first]
        table.header_row, table.header_height = top.number + header.height - 1, header.height
        head = head[header.first + header.height :]
    else:
        table.header_height = 0
    for line in chain(head, lines):
        if line.number in next_rows if next_rows else sorter.is_other_header(line, known_header):
            sorter.finish(line.number - 1, rest=BLANK)
            tables.append(_next_table(raw, len(tables) + 1, line, table))
            sorter = _Sorter(tables[-1], [header_text(cell) for cell in line.cells], line.number, sorter.groups)
        else:
            sorter.take(line)
    sorter.finish(raw.last_row)
    for each in tables:
        each.hidden_headers = _hidden_headers(each, raw.hidden_columns)
    table.skipped += [SkippedLine(int(re.sub(r"\D", "", cell)), FAR, cell) for cell in raw.far]
    return tables


def _hidden_headers(table, ranges) -> list[str]:
    """Headers of the columns that nobody sees; the portal's own marks are none of the office's."""
    hidden = {column_letter(column) for first, last in ranges for column in range(first, min(last, _MOST_COLUMNS) + 1)}
    named = zip(table.headers, table.letters, strict=True)
    return [header for header, letter in named if letter in hidden and header != FINGERPRINT]


def _next_table(raw, number, line, first) -> SheetTable:
    """A table below the first one on the same worksheet, under the same title, with the line as its header."""
    table = SheetTable(
        f"{raw.name} {NEXT_TABLE.format(number)}",
        line.number,
        [],
        StoredRows(raw.source),
        title=first.title,
        is_hidden=first.is_hidden,
        hidden_rows=first.hidden_rows,
    )
    titles = [each for each in first.top if each[0] <= first.header_row - first.header_height]
    table.top = [*titles, (line.number, list(line.cells), dict(line.spans))]
    return table


def line_text(line: Line) -> str:
    """What stands on the line, for people."""
    text = " | ".join(header_text(line.cells[column]) for column in line.filled())
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


class _Sorter:
    """Takes the lines below the header one by one and puts each in its place."""

    def __init__(self, table: SheetTable, texts: list[str], header_row: int, groups: Groups | None = None):
        self._table, self._rows, self._hidden = table, table.rows, table.hidden_rows
        self._texts = texts
        self._below_header = bool(texts)
        self._previous = header_row
        self._named = [column for column, text in enumerate(self._texts) if text]
        self._unnamed = set()
        self._running = next((column for column in self._named if is_running_number(self._texts[column])), None)
        self.groups, self._width = groups or Groups(), 0
        self._table.group_levels = len(self.groups.open)
        #: Cells of the last row, and those that said the same again.
        self._above: list[Cell] = []
        self._ditto: list[tuple[int, str, str]] = []
        self._ditto_count = 0
        #: “1 | Doanh nghiệp”: a group where the next line is numbered 1.1, else a row.
        self._held: Line | None = None
        #: Lines that close the list unless rows follow.
        self._closing: list[Line] = []
        self._sparse = max(2, len(self._named) // 4)

    def is_other_header(self, line: Line, known_header: Callable[[str], bool]) -> bool:
        """Whether the line is the header of another list below this one: a running number and other known headers."""
        first = next((cell for cell in line.cells if cell is not None), None)
        if not self._named or type(first) is not str or not is_running_number(first):
            return False
        texts = [header_text(cell) for cell in line.cells if cell is not None]
        known = sum(map(known_header, texts))
        return known >= MIN_KNOWN and known * 2 >= len(texts) and not self._repeats_header(line, line.filled(), first)

    def take(self, line: Line) -> None:
        if self._held is not None:
            self._settle_held(line)
        self._skip_blank(line.number)
        filled = line.filled()
        if not filled:
            self._skip(line, BLANK)
        elif filled == [self._running] and len(self._named) > 2 and is_whole(line.cells[filled[0]]):
            self._skip(line, ONLY_NUMBER)
        elif self._below_header and is_column_numbering(line.cells):
            self._skip(line, COLUMN_NUMBERS)
        elif reason := self._reason_to_skip(line, filled):
            self._skip(line, reason)
        elif self._closes(line, filled):
            self._closing.append(line)
        elif (
            len(filled) == 2
            and filled[0] == self._running
            and len(self._named) >= 4
            and is_whole(line.cells[filled[0]])
        ):
            self._held = line
        else:
            self._keep(line, filled)
        self._below_header = False

    def _settle_held(self, following: Line | None) -> None:
        """The line that waits is a group where the next one is numbered inside it, else a row."""
        line, self._held = self._held, None
        if line is None:
            return
        number, name = (line.cells[column] for column in line.filled())
        first = following and next((cell for cell in following.cells if cell is not None), None)
        if (
            first is not None
            and isinstance(name, str)
            and NUMBER_INSIDE.match(str(first))
            and str(first).startswith(f"{number}.")
        ):
            self._enter(f"{number}. {name}")
            self._skip(line, GROUP)
        else:
            self._keep(line, line.filled())

    def finish(self, last_row: int, *, rest: str = GHOST) -> None:
        """Settle what waits for the end of the table, and name the columns."""
        self._settle_held(None)
        if self._ditto_count:
            self._table.repairs.append(RepairCount(DITTO, self._ditto_count, tuple(self._ditto)))
        for line in self._closing:
            self._skip(line, CLOSING)
        if last_row > self._previous:
            self._table.skipped.append(SkippedLine(self._previous + 1, rest, last=last_row))
        self._table.skipped.sort(key=lambda skipped: skipped.number)
        self._name_columns()

    def _skip_blank(self, number):
        first, self._previous = self._previous + 1, number
        if number > first and self._texts:
            self._table.skipped.append(SkippedLine(first, BLANK, last=number - 1))

    def _skip(self, line, reason):
        self._table.skipped.append(SkippedLine(line.number, reason, line_text(line)))

    def _keep(self, line, filled):
        for waiting in self._closing:
            if CLOSING_LINE.match(first_text(waiting).lower()):
                self._skip(waiting, NOTE)
            else:
                self._append(waiting, waiting.filled())
        self._closing.clear()
        self._append(line, filled)

    def _append(self, line, filled):
        if not DITTO_MARKS.isdisjoint(line.cells):
            self._say_again(line)
        cells = corrected(line.cells, line.corrections) if line.corrections else line.cells
        self._above = cells
        if self._hidden and (how := self._hidden.how(line.number)):
            self._table.hidden.take(line.number, how)
        self._rows.append(SheetRow(line.number, cells, self.groups.open, line.repairs), line.place, line.corrections)
        self._width = max(self._width, len(cells))
        if filled and (filled[-1] >= len(self._texts) or len(self._named) < len(self._texts)):
            self._unnamed.update(column for column in filled if column >= len(self._texts) or not self._texts[column])

    def _say_again(self, line):
        """Marks such as “nt” are what the row above says."""
        for column, cell in enumerate(line.cells):
            above = self._above[column] if column < len(self._above) else None
            # A short word above may be a choice (CQ, DN) of which “nt” is another.
            is_told = isinstance(above, str) and len(above) > _LONGEST_CHOICE
            if column != self._running and cell in DITTO_MARKS and is_told:
                line.corrections = {**(line.corrections or {}), column: above}
                self._ditto_count += 1
                if len(self._ditto) < _MOST_SAMPLES and all(above != text for _, _, text in self._ditto):
                    self._ditto.append((line.number, cell, above))

    def _reason_to_skip(self, line, filled):
        """Why the line is no row of a list with a header, empty when it may be one."""
        if not self._texts:
            return ""
        first = line.cells[filled[0]]
        if not isinstance(first, str) or is_whole(first):
            return self._enter_numbered(line, filled)
        if filled[0] == self._running and first.lower() == EXAMPLE_MARK:
            return EXAMPLE
        if self._repeats_header(line, filled, first):
            return REPEATED_HEADER
        if first[:1] in "TtCc" and self._is_total(line, filled, first):
            return TOTAL
        if self._is_group(line, filled, first):
            # With its subtotals, if it has some.
            words = [cell for cell in line.cells if isinstance(cell, str) and not is_number(cell)]
            if words[0] == first and GROUP_MARK.fullmatch(first):
                words = words[1:]
            self._enter(" ".join(words) if words[:1] == [first] else f"{first.rstrip('.)')}. {' '.join(words)}".strip())
            return GROUP
        return ""

    def _enter_numbered(self, line, filled):
        """The same for a line that begins with a number: “1 | Khối mầm non” names the rows below it."""
        name = line.cells[filled[1]] if len(filled) == 2 and filled[0] == self._running else None
        if not isinstance(name, str) or len(self._named) < 4 or not KIND_OF_GROUP.match(name):
            return ""
        self._enter(f"{line.cells[filled[0]]}. {name}")
        return GROUP

    def _enter(self, text):
        self.groups.enter(text)
        self._table.group_levels = max(self._table.group_levels, len(self.groups.open))

    def _repeats_header(self, line, filled, first):
        if not self._is_part_of_header(filled[0], first):
            return False
        same = sum(1 for column in filled if self._is_part_of_header(column, line.cells[column]))
        return same >= 0.8 * len(filled) and (same >= 2 or len(self._named) == 1)

    def _is_part_of_header(self, column, cell):
        if column >= len(self._texts) or not isinstance(cell, str):
            return False
        text = self._texts[column]
        return text == cell or (len(text) >= len(cell) and header_text(cell) in text.split(" > "))

    def _is_total(self, line, filled, first):
        if not TOTAL_LINE.fullmatch(first.lower()):
            return False
        others = [line.cells[column] for column in filled[1:]]
        return sum(1 for cell in others if isinstance(cell, str) and not cell[:1].isdigit()) <= 1

    def _is_group(self, line, filled, first):
        """Whether the line names the group of the rows below it: nothing else stands there but subtotals."""
        if len(self._named) < 3 or (line.corrections and any(line.corrections.values())):
            return False
        others = filled[1:]
        if self._running is not None and filled[0] == self._running and others and GROUP_MARK.fullmatch(first):
            # "I" in the column of the running number, the name beside it.
            return not is_number(line.cells[others[0]]) and all(is_number(line.cells[column]) for column in others[1:])
        if others and (self._running is None or not all(is_number(line.cells[column]) for column in others)):
            return False
        if not others and line.spans.get(filled[0], 1) * 2 >= len(self._named):
            return not CLOSING_LINE.match(first.lower())
        if MARKED_GROUP.match(first):
            return True
        if (marked := NUMBERED_GROUP.match(first)) and not others:
            # “1. Khối mầm non” in the column of the running number, or a kind of thing after the mark.
            return filled[0] == self._running or bool(KIND_OF_GROUP.match(first[marked.end() - 1 :]))
        return not others and filled[0] in (0, self._running) and bool(PLACE.match(first))

    def _closes(self, line, filled):
        """Whether the line may belong to notes and signatures below the list."""
        first = line.cells[filled[0]]
        if not self._texts or len(filled) > self._sparse or not isinstance(first, str):
            return False
        if CLOSING_LINE.match(first.lower()):
            return True
        # Below such a line: names under signatures, further notes; a code or a running number begins a row.
        return bool(self._closing) and (len(filled) == 1 or not any(char.isdigit() for char in first))

    def _name_columns(self):
        """Fix the columns: those with a header, and those with a value in some row."""
        columns = sorted({*self._named, *self._unnamed}) if self._texts else list(range(self._width))
        names: Iterable[str] = (
            self._texts[column] if column < len(self._texts) and self._texts[column] else f"Cột {column_letter(column)}"
            for column in columns
        )
        self._table.headers = unique(names)
        self._table.letters = [column_letter(column) for column in columns]
        if self._running is not None:
            self._table.running_number = columns.index(self._running)
        self._rows.choose_columns(columns)


def unique(texts: Iterable[str]) -> list[str]:
    """The texts with a number behind each one that has been there before: "Ghi chú (2)"."""
    seen: set[str] = set()
    result = []
    for text in texts:
        name, count = text, 1
        while name in seen:
            count += 1
            name = f"{text} ({count})"
        seen.add(name)
        result.append(name)
    return result
