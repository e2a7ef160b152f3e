"""Workbooks of LibreOffice and OpenOffice (.ods), read as a stream: repeated rows and cells cost nothing."""

import datetime
import re
from pathlib import Path
from xml.parsers import expat

from movement_portal.lib.legacy_encodings import FontEncoding, encoding_of_font
from movement_portal.spreadsheets.parsing.answer import (
    NOT_CALCULATED,
    Answer,
    Hides,
    Refused,
    error_value,
    percent_text,
)
from movement_portal.spreadsheets.parsing.containers import Package
from movement_portal.spreadsheets.parsing.limits import Limits

#: Visibility of rows and columns that are not seen: hidden by hand, left out by a filter.
_UNSEEN = frozenset({"collapse", "filter"})
_DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")


def read(path: Path, limits: Limits, answer: Answer) -> None:
    """Write the worksheets to the answer."""
    package = Package(path, limits)
    if "content.xml" not in package.entries:
        raise Refused("corrupt")
    if any(b"encryption-data" in chunk for chunk in _chunks_of(package, "META-INF/manifest.xml")):
        raise Refused("password")
    reader = _Reader(limits, answer)
    try:
        for chunk in package.chunks("content.xml"):
            reader.parser.Parse(chunk)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refused("corrupt") from error
    answer.done("ods")


def _chunks_of(package, name):
    return package.chunks(name) if name in package.entries else ()


class _Reader:
    """Follows the elements of ``content.xml`` and writes each row as it ends."""

    def __init__(self, limits, answer):
        self._limits, self._answer = limits, answer
        self._hidden_styles = set()
        self._style = ""
        self._table_depth = self._skipping = 0
        self._number = self._column = 0
        self._cells, self._merges, self._text = [], [], None
        self._rows = []
        self._attributes = {}
        self._repeated = 1
        #: Whether the row is seen: “collapse” by hand, “filter” by a filter; and the column that comes next.
        self._seen, self._next_column = "", 0
        self._hides = Hides()
        #: What the typefaces of cell styles say, of columns, and of the cells of the row.
        self._encodings: dict[str, FontEncoding] = {}
        self._faces: dict[str, str] = {}
        self._column_styles: list[tuple[int, str]] = []
        self._fonts: dict[int, FontEncoding] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name, attributes):
        match name:
            case "style:style":
                self._style = attributes.get("style:name", "")
            case "style:table-properties" if attributes.get("table:display") == "false":
                self._hidden_styles.add(self._style)
            case "style:font-face":
                self._faces[attributes.get("style:name", "")] = attributes.get("svg:font-family", "").strip("'\"")
            case "style:text-properties":
                self._note_font(attributes)
            case "table:table":
                self._start_table(attributes)
            case "table:table-column" if self._table_depth == 1:
                self._take_column(attributes)
            case "table:table-row":
                self._cells, self._column, self._fonts = [], 0, {}
                self._repeated = _count(attributes, "table:number-rows-repeated")
                self._seen = attributes.get("table:visibility", "")
            case "table:table-cell" | "table:covered-table-cell":
                self._attributes, self._text = attributes, []
            case "office:annotation" | "draw:frame":
                self._skipping += 1
            case "text:p" if self._text and not self._skipping:
                self._text.append("\n")
            case "text:s" if self._text is not None:
                self._text.append(" ")
            case "text:line-break" if self._text is not None:
                self._text.append("\n")
            case "text:tab" if self._text is not None:
                self._text.append(" ")

    def _end(self, name):
        match name:
            case "table:table-cell" | "table:covered-table-cell":
                self._end_cell(covered=name == "table:covered-table-cell")
            case "table:table-row":
                self._end_row()
            case "table:table":
                self._end_table()
            case "office:annotation" | "draw:frame":
                self._skipping -= 1

    def _characters(self, text):
        if self._text is not None and not self._skipping:
            self._text.append(text)

    def _note_font(self, attributes):
        name = attributes.get("style:font-name", "")
        face = attributes.get("fo:font-family", "").strip("'\"") or self._faces.get(name) or name
        if self._style and (encoding := encoding_of_font(face)):
            self._encodings[self._style] = encoding

    def _font_of_cell(self, attributes):
        """What the style of the cell, or else of its column, says of its text."""
        if style := attributes.get("table:style-name"):
            return self._encodings.get(style)
        column = self._column
        for repeated, style in self._column_styles:
            if column < repeated:
                return self._encodings.get(style)
            column -= repeated
        return None

    def _start_table(self, attributes):
        self._table_depth += 1
        if self._table_depth == 1:
            self._name = attributes.get("table:name", "")
            self._hides = Hides(attributes.get("table:style-name") in self._hidden_styles)
            self._next_column = 0
            self._number, self._merges, self._rows, self._column_styles = 0, [], [], []

    def _take_column(self, attributes):
        repeated = _count(attributes, "table:number-columns-repeated")
        if self._encodings:
            self._column_styles.append((repeated, attributes.get("table:default-cell-style-name", "")))
        if attributes.get("table:visibility") in _UNSEEN:
            self._hides.columns.append([self._next_column, self._next_column + repeated - 1])
        self._next_column += repeated

    def _end_table(self):
        self._table_depth -= 1
        if self._table_depth:
            return
        if self._hides.itself and len(self._rows) > self._limits.hidden_rows:
            self._answer.leave_out(self._name, "hidden")
            return
        # Merged ranges must be known before the rows, and a row is known only when it has ended.
        self._answer.begin_sheet(self._name, merges=self._merges, last_row=self._number, hides=self._hides)
        for number, cells, fonts in self._rows:
            self._answer.row(number, cells, fonts)
        self._answer.end_sheet()
        self._rows = []

    def _end_cell(self, *, covered):
        attributes, self._text, text = self._attributes, None, "".join(self._text or ())
        repeated = _count(attributes, "table:number-columns-repeated")
        value = "" if covered else _value(attributes, text)
        spans = _count(attributes, "table:number-rows-spanned"), _count(attributes, "table:number-columns-spanned")
        if spans != (1, 1) and not covered:
            row, column = self._number, self._column
            self._merges.append([row, column, row + spans[0] - 1, column + spans[1] - 1])
        if value != "":
            if self._column + repeated > self._limits.columns:
                raise Refused("too_many_columns", limit=self._limits.columns, row=self._number + 1)
            self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells.extend([value] * repeated)
            if self._encodings and (font := self._font_of_cell(attributes)):
                self._fonts.update(dict.fromkeys(range(self._column, self._column + repeated), font))
        self._column += repeated

    def _end_row(self):
        if self._table_depth == 1 and self._cells:
            if len(self._rows) + self._repeated > self._limits.lines:
                raise Refused("too_many_rows", limit=self._limits.rows)
            for repeat in range(self._repeated):
                self._rows.append((self._number + repeat + 1, self._cells, self._fonts))
            if self._seen in _UNSEEN:
                last = self._number + self._repeated
                self._hides.hide_rows(self._number + 1, last, by_filter=self._seen == "filter")
        self._number += self._repeated


def _count(attributes, name):
    text = attributes.get(name, "1")
    return int(text) if text.isdecimal() and 0 < len(text) < 9 else 1


def _value(attributes, text):
    if attributes.get("calcext:value-type") == "error":
        return error_value(text)
    kind = attributes.get("office:value-type")
    if kind is None:
        return NOT_CALCULATED if "table:formula" in attributes and not text else text
    try:
        match kind:
            case "float" | "currency":
                return float(attributes["office:value"])
            case "percentage":
                return percent_text(float(attributes["office:value"]))
            case "boolean":
                return attributes["office:boolean-value"] == "true"
            case "date":
                moment = datetime.datetime.fromisoformat(attributes["office:date-value"].split(".")[0])
                return moment if moment.time() != datetime.time() else moment.date()
            case "time":
                return _duration(attributes["office:time-value"])
    except (KeyError, ValueError):
        # The value is not what its kind says: what the office sees is the text.
        return text
    return text


def _duration(text):
    if not (found := _DURATION.fullmatch(text)):
        raise ValueError(text)
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    length = datetime.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if length < datetime.timedelta(days=1):
        return (datetime.datetime.min + length).time()
    return length
