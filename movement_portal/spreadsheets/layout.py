"""Which line of a sheet is what: title, header, row, or something to skip, and why.

Every line with content ends up in exactly one place of the ``SheetTable``: nothing is dropped unseen.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from movement_portal.spreadsheets.grouping import Groups
from movement_portal.spreadsheets.headers import (
    Header,
    Line,
    find_header,
    header_at,
    header_text,
    is_column_numbering,
    is_running_number,
)
from movement_portal.spreadsheets.rows import AnswerFile, StoredRows, corrected
from movement_portal.spreadsheets.tables import (
    EXAMPLE_MARK,
    Cell,
    SheetRow,
    SheetTable,
    SkippedLine,
    TextRepair,
    column_letter,
)

#: Lines that are looked at together before the header is chosen.
_HEAD_LINES = 150
_LONGEST_TEXT = 300

BLANK = "dòng trống"
GHOST = "vùng trống ở cuối trang (chỉ có định dạng)"
REPEATED_HEADER = "dòng tiêu đề lặp lại"
COLUMN_NUMBERS = "dòng đánh số cột"
TOTAL = "dòng tổng cộng"
GROUP = "dòng nhóm (ghi vào các dòng bên dưới)"
CLOSING = "phần ghi chú và ký tên ở cuối bảng"
NOTE = "dòng ghi chú"
EXAMPLE = "dòng ví dụ của tệp mẫu"
FAR = "ô nằm quá xa bảng nên bị bỏ qua"

_TOTAL = re.compile(
    r"(tổng\s*(cộng|số)?|cộng)\s*([:.(].*)?|tổng cộng\b.*|cộng (dồn|nhóm|trang|mục|khối|phường|xã|huyện|quận)\b.*"
)
_CLOSING = re.compile(
    r"(người|cán bộ|đơn vị|bộ phận) (lập|tổng hợp|báo cáo|thống kê|viết)\b|lập (bảng|biểu)\b|thủ trưởng\b"
    r"|(phó )?trưởng (công an|phòng|ban|đồn|khoa)\b|(phó )?(giám đốc|hiệu trưởng|chủ tịch|chỉ huy)\b"
    r"|(t/m|t/l|k/t|tm|tl|kt|tuq|tul)\.|ghi chú\s*:|lưu ý\s*:|chú thích|nơi nhận|xác nhận\b|nguồn\s*:|\*"
    r"|\(?\s*ký[ ,)]|(danh sách|bảng) (này|trên|có|gồm)\b|(tổng cộng|cộng|gồm) (có )?\d+|trang \d+"
    r"|(.{0,40}, ?)?ngày\b.{0,12}\btháng\b.{0,12}\bnăm\b"
)
_MARKED_GROUP = re.compile(r"([IVXLC]+|[A-ZĐ])(\s*[.):]\s*|\s+[-–/]\s+)[^\W\d]|[IVXLC]{2,}\s+[^\W\d]")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*\s*%?")
#: Marks of the levels below: 1. 1.2. a)
_NUMBERED_GROUP = re.compile(r"(\d{1,3}(\.\d{1,3})*\s*[.)/:]|\d{1,3}(\.\d{1,3})+|[a-zđ]\s*[.)])\s*[^\W\d]")
#: What groups are called.
_KIND_OF_GROUP = re.compile(
    r"(khối|nhóm(?! (trẻ|lớp))|(cấp|bậc) học|loại hình|ngành|lĩnh vực|địa bàn|phường|xã|thị trấn|đặc khu|quận|huyện)\b",
    re.IGNORECASE,
)
_GROUP_MARK = re.compile(r"[IVXLC]+|[A-ZĐ]|\d{1,3}(\.\d{1,3})+\.?|\d{1,3}[.)]|[a-zđ][.)]")
_PLACE = re.compile(
    r"(phường|xã|thị trấn|đặc khu|quận|huyện|thị xã|thành phố|tỉnh|khối|cụm|khu vực|địa bàn|nhóm|lĩnh vực|ngành)\b",
    re.IGNORECASE,
)


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


def lay_out(raw: RawSheet, *, known_header: Callable[[str], bool], header_row: int = 0) -> SheetTable:
    """The worksheet as a table, its lines read once from first to last; ``header_row`` says where the header ends."""
    lines = _with_merges(raw.lines, raw.merges)
    head = list(islice(lines, _HEAD_LINES))
    header = (header_at(head, header_row, known_header) if header_row else None) or find_header(head, known_header)
    table = SheetTable(raw.name, 0, [], StoredRows(raw.source))
    sorter = _Sorter(table, header, head)
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
        sorter.take(line)
    sorter.finish(raw.last_row)
    table.skipped += [SkippedLine(int(re.sub(r"\D", "", cell)), FAR, cell) for cell in raw.far]
    return table


def line_text(line: Line) -> str:
    """What stands on the line, for people."""
    text = " | ".join(header_text(line.cells[column]) for column in line.filled())
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def _with_merges(lines, merges) -> Iterator[Line]:
    """Lines whose merged ranges hold their value once, in the first cell.

    In a row of the list a range over several rows gives its value to each of them: ``Line.corrections`` says so.
    """
    waiting = sorted(merges, reverse=True)
    active: list[list] = []
    for number, cells, place, repairs in lines:
        row = number - 1
        while waiting and waiting[-1][0] <= row:
            active.append([*waiting.pop(), None])
        if not active:
            yield Line(number, cells, {}, place, None, repairs)
            continue
        active = [merge for merge in active if merge[2] >= row]
        yield _collapsed(number, cells, place, repairs, active)


def _collapsed(number, cells, place, repairs, active):
    cells, spans, corrections = list(cells), {}, {}
    for merge in active:
        top, left, _, right, value = merge
        if top == number - 1:
            value = merge[4] = cells[left] if left < len(cells) else None
            spans[left] = right - left + 1
        elif value is not None and (left >= len(cells) or cells[left] in (None, value)):
            corrections[left] = value
            if left < len(cells):
                cells[left] = None
        for column in range(left + 1, min(right + 1, len(cells))):
            if value is not None and cells[column] == value:
                cells[column] = corrections[column] = None
    # Once a line is known to have merged cells, its other cells are one wide.
    if spans:
        spans = {column: spans.get(column, 1) for column in range(len(cells))}
    return Line(number, cells, spans, place, corrections or None, repairs)


class _Sorter:
    """Takes the lines below the header one by one and puts each in its place."""

    def __init__(self, table: SheetTable, header: Header | None, head: list[Line]):
        self._table, self._rows = table, table.rows
        self._texts = header.texts if header else []
        self._below_header = header is not None
        self._previous = head[header.first].number + header.height - 1 if header else 0
        self._named = [column for column, text in enumerate(self._texts) if text]
        self._unnamed = set()
        self._running = next((column for column in self._named if is_running_number(self._texts[column])), None)
        self._groups, self._width = Groups(), 0
        #: Lines that close the list unless rows follow.
        self._closing: list[Line] = []
        self._sparse = max(2, len(self._named) // 4)

    def take(self, line: Line) -> None:
        self._skip_blank(line.number)
        filled = line.filled()
        if not filled:
            self._skip(line, BLANK)
        elif self._below_header and is_column_numbering(line.cells):
            self._skip(line, COLUMN_NUMBERS)
        elif reason := self._reason_to_skip(line, filled):
            self._skip(line, reason)
        elif self._closes(line, filled):
            self._closing.append(line)
        else:
            self._keep(line, filled)
        self._below_header = False

    def finish(self, last_row: int) -> None:
        """Settle what waits for the end of the sheet, and name the columns."""
        for line in self._closing:
            self._skip(line, CLOSING)
        if last_row > self._previous:
            self._table.skipped.append(SkippedLine(self._previous + 1, GHOST, last=last_row))
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
            if _CLOSING.match(_first_text(waiting).lower()):
                self._skip(waiting, NOTE)
            else:
                self._append(waiting, waiting.filled())
        self._closing.clear()
        self._append(line, filled)

    def _append(self, line, filled):
        cells = corrected(line.cells, line.corrections) if line.corrections else line.cells
        self._rows.append(SheetRow(line.number, cells, self._groups.open, line.repairs), line.place, line.corrections)
        self._width = max(self._width, len(cells))
        if filled and (filled[-1] >= len(self._texts) or len(self._named) < len(self._texts)):
            self._unnamed.update(column for column in filled if column >= len(self._texts) or not self._texts[column])

    def _reason_to_skip(self, line, filled):
        """Why the line is no row of a list with a header, empty when it may be one."""
        if not self._texts:
            return ""
        first = line.cells[filled[0]]
        if not isinstance(first, str):
            return self._enter_numbered(line, filled)
        if filled[0] == self._running and first.lower() == EXAMPLE_MARK:
            return EXAMPLE
        if self._repeats_header(line, filled, first):
            return REPEATED_HEADER
        if first[:1] in "TtCc" and self._is_total(line, filled, first):
            return TOTAL
        if self._is_group(line, filled, first):
            # With its subtotals, if it has some.
            words = [cell for cell in line.cells if isinstance(cell, str) and not _is_number(cell)]
            if words[0] == first and _GROUP_MARK.fullmatch(first):
                words = words[1:]
            self._enter(" ".join(words) if words[:1] == [first] else f"{first.rstrip('.)')}. {' '.join(words)}".strip())
            return GROUP
        return ""

    def _enter_numbered(self, line, filled):
        """The same for a line that begins with a number: “1 | Khối mầm non” names the rows below it."""
        name = line.cells[filled[1]] if len(filled) == 2 and filled[0] == self._running else None
        if not isinstance(name, str) or len(self._named) < 4 or not _KIND_OF_GROUP.match(name):
            return ""
        self._enter(f"{line.cells[filled[0]]}. {name}")
        return GROUP

    def _enter(self, text):
        self._groups.enter(text)
        self._table.group_levels = max(self._table.group_levels, len(self._groups.open))

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
        if not _TOTAL.fullmatch(first.lower()):
            return False
        others = [line.cells[column] for column in filled[1:]]
        return sum(1 for cell in others if isinstance(cell, str) and not cell[:1].isdigit()) <= 1

    def _is_group(self, line, filled, first):
        """Whether the line names the group of the rows below it: nothing else stands there but subtotals."""
        if len(self._named) < 3 or (line.corrections and any(line.corrections.values())):
            return False
        others = filled[1:]
        if self._running is not None and filled[0] == self._running and others and _GROUP_MARK.fullmatch(first):
            # "I" in the column of the running number, the name beside it.
            return not _is_number(line.cells[others[0]]) and all(
                _is_number(line.cells[column]) for column in others[1:]
            )
        if others and (self._running is None or not all(_is_number(line.cells[column]) for column in others)):
            return False
        if not others and line.spans.get(filled[0], 1) * 2 >= len(self._named):
            return not _CLOSING.match(first.lower())
        if _MARKED_GROUP.match(first):
            return True
        if (marked := _NUMBERED_GROUP.match(first)) and not others:
            # “1. Khối mầm non” in the column of the running number, or a kind of thing after the mark.
            return filled[0] == self._running or bool(_KIND_OF_GROUP.match(first[marked.end() - 1 :]))
        return not others and filled[0] in (0, self._running) and bool(_PLACE.match(first))

    def _closes(self, line, filled):
        """Whether the line may belong to notes and signatures below the list."""
        first = line.cells[filled[0]]
        if not self._texts or len(filled) > self._sparse or not isinstance(first, str):
            return False
        if _CLOSING.match(first.lower()):
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


def _is_number(cell):
    """Whether the cell is a number; those of text files are text."""
    return isinstance(cell, int | float) or (isinstance(cell, str) and bool(_NUMBER.fullmatch(cell)))


def _first_text(line):
    return next((cell for cell in line.cells if isinstance(cell, str)), "")


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
