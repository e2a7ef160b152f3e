"""Worksheets as plain values: what the reader hands over and the engine works on. Imports nothing but the library."""

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from movement_portal.lib.legacy_tables import LABELS, SHORT_LABELS, Encoding
from movement_portal.spreadsheets.hiding import HiddenCount, HiddenRows

#: Runs of precomposed letters and printable ASCII with single blanks between: already clean, and most cells are.
_CLEAN = re.compile("[!-~\u00a1-\u00ac\u00ae-\u024f\u1ea0-\u1ef9]+(?: [!-~\u00a1-\u00ac\u00ae-\u024f\u1ea0-\u1ef9]+)*")
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff\ufffe\uffff]"
)
_BLANKS = re.compile("[ \t\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
#: What a spreadsheet would take for a formula in a text file.
_LOOKS_LIKE_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_BLANKS_AT_BREAKS = re.compile(" ?\n ?")


#: Worksheets that the portal adds to a workbook to be filled in: how to fill it, and what its drop-downs offer.
GUIDE_SHEET, LISTS_SHEET = "Hướng dẫn điền", "Danh mục chọn"
#: Header of the hidden column that marks the rows of a workbook that the portal gave out.
FINGERPRINT = "Dấu dòng"
#: Stands in place of the running number in the example rows of a template, in lower case.
EXAMPLE_MARK = "ví dụ"


class UnreadableFile(Exception):
    """The file cannot be read; the message tells the officer why and what to do."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell without a value: an error of Excel such as #N/A, or a formula that was never calculated."""

    text: str
    reason: str

    def __str__(self) -> str:
        return self.text


Cell = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | CellError | None


#: Header under which the text of group rows (“I. Phường A”) stands beside the columns of a list.
GROUP_HEADER = "Nhóm dòng"
#: Header under which the name of the worksheet stands where it may be a place.
SHEET_HEADER = "Tên trang tính"

#: Repairs of texts beside those of encodings: letters and their marks put together, blanks and unseen characters.
COMPOSED, SPACED = "composed", "spaced"
#: Marks that stand for what the row above says.
DITTO = "ditto"
REPAIR_LABELS = {
    **{encoding.value: label for encoding, label in LABELS.items()},
    COMPOSED: "dấu thanh viết rời (Unicode tổ hợp)",
    SPACED: "khoảng trắng thừa hoặc ký tự ẩn",
    DITTO: "ô ghi “nt”, “như trên” hoặc dấu nháy: lấy theo dòng ngay trên",
}


@dataclass(frozen=True, slots=True)
class TextRepair:
    """A cell whose text was in an old encoding or read in a wrong one."""

    before: str
    how: str
    #: Words in which the old encoding may have lost something.
    doubtful: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the officer is told."""
        if self.how == Encoding.LOST:
            return f"Có chữ bị mất khi chuyển bảng mã: {quoted(self.doubtful)}; hãy gõ lại."
        told = f"Đã sửa chữ {SHORT_LABELS[Encoding(self.how)]}, trong tệp: “{self.before}”."
        return f"{told} Cần xem lại: {quoted(self.doubtful)}." if self.doubtful else told


def quoted(texts: Sequence[str]) -> str:
    """Texts in quotes, the first few of many."""
    shown = ", ".join(f"“{text}”" for text in texts[:4])
    return f"{shown}…" if len(texts) > 4 else shown


@dataclass(frozen=True, slots=True)
class RepairCount:
    """One kind of repair on a worksheet: how many cells, and the first of them as (row, before, after)."""

    how: str
    count: int
    samples: tuple[tuple[int, str, str], ...] = ()

    @property
    def label(self) -> str:
        return REPAIR_LABELS[self.how]


@dataclass(slots=True)
class SheetRow:
    """One line of a list; ``cells`` stand in the order of the headers."""

    #: Row number as the office sees it in Excel, from 1.
    number: int
    cells: list[Cell]
    #: Texts of the group rows above, the outermost first: "I. Phường A", "1. Khối mầm non".
    groups: tuple[str, ...] = ()
    #: Texts that were repaired, by position in ``cells``.
    repairs: dict[int, TextRepair] | None = None


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line that is not a row of the list, and why; a run of blank lines is one entry from ``number`` to ``last``."""

    number: int
    reason: str
    text: str = ""
    last: int = 0

    @property
    def lines(self) -> str:
        """The row number, or the range of a run: "12" or "12-40"."""
        return f"{self.number}-{self.last}" if self.last > self.number else str(self.number)


@dataclass(slots=True)
class SheetTable:
    """One worksheet: header, rows, and every other line that has something in it."""

    name: str
    #: Last row of the header; 0 when no header was found and the headers are made up ("Cột A").
    header_row: int
    #: Cleaned and unique; headers of several rows are joined: "Số lượng > Chuyên trách".
    headers: list[str]
    #: Read from disk as it is walked through when the sheet is large: iterate rather than index.
    rows: Sequence[SheetRow]
    skipped: list[SkippedLine] = field(default_factory=list)
    #: The lines above the header, one text each.
    title: list[str] = field(default_factory=list)
    #: Letters of the columns in Excel, in the order of the headers.
    letters: list[str] = field(default_factory=list)
    #: Position in ``headers`` of the running number (TT, STT), None without one.
    running_number: int | None = None
    #: How many rows the header takes; it begins at ``header_row - header_height + 1``.
    header_height: int = 1
    #: The lines down to the end of the header as they stand in the sheet: row number, cells by column of the sheet,
    #: and how many columns a merged cell takes, by its column.
    top: list[tuple[int, list[Cell], dict[int, int]]] = field(default_factory=list)
    #: Levels of group rows.
    group_levels: int = 0
    #: What was done to its texts.
    repairs: list[RepairCount] = field(default_factory=list)
    #: The worksheet is hidden; its rows that are, how many of the list they are, and the headers of hidden columns.
    is_hidden: bool = False
    hidden_rows: HiddenRows = field(default_factory=HiddenRows)
    hidden: HiddenCount = field(default_factory=HiddenCount)
    hidden_headers: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LeftOutSheet:
    """A worksheet that was not read, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class WorkbookTable:
    """A file as it was read: its worksheets with content, in the order of the file."""

    sheets: list[SheetTable]
    left_out: list[LeftOutSheet] = field(default_factory=list)
    #: "xlsx", "xls", "ods" or "csv", by content.
    format: str = ""
    #: Encoding of a text file, empty for workbooks.
    encoding: str = ""


def clean_text(text: str) -> str:
    """The text in NFC without exotic, doubled or outer blanks and unseen characters; line breaks become "\\n"."""
    if _CLEAN.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", _BREAKS.sub("\n", text))
    text = _BLANKS.sub(" ", _UNSEEN.sub("", text))
    return _BLANKS_AT_BREAKS.sub("\n", text).strip(" \n")


def cell_text(cell: Cell) -> str:
    """The cell as an office would type it: codes without ".0", dates dd/mm/yyyy, "" for an empty cell."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return "Có" if cell else "Không"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime.datetime():
            return cell.strftime("%d/%m/%Y %H:%M")
        case datetime.date():
            return cell.strftime("%d/%m/%Y")
        case datetime.time():
            return cell.strftime("%H:%M")
    return str(cell)


def protected(text: str) -> str:
    """The text for a text file: with an apostrophe in front if a spreadsheet would take it for a formula."""
    return f"'{text}" if _LOOKS_LIKE_FORMULA.match(text) else text


def unprotected(text: str) -> str:
    """The text as it was before ``protected``."""
    return text[1:] if text.startswith("'") and _LOOKS_LIKE_FORMULA.match(text) else text


def column_letter(index: int) -> str:
    """The letters of a column of Excel, counted from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
