"""Workbooks of Excel (.xlsx, .xlsm): the values only; macros, links and drawings are never touched.

calamine reads the values fast, but it loses error cells, formulas never calculated and percents, and one cell far out
at XFD1048576 makes it ask for 550 GB. So every sheet is surveyed first, in the same pass that checks what its part
really inflates to; the few cells that matter are noted and put in while the rows are written.
"""

import io
import posixpath
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

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
from movement_portal.spreadsheets.parsing.limits import MEGABYTE, Limits

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
#: More cells than these outside the limits are a table that is too large, not a slip of the hand; and so is a cell
#: below the limit that is not so many rows away from the one before.
_MOST_FAR_CELLS = 100
_GAP = 1000
_SMALL_PART = 32 * MEGABYTE
#: A piece of a sheet is handed on without waiting for the end of a row when it has grown to this size.
_LONGEST_PIECE = 16 * MEGABYTE
#: Percent formats of Excel that have a number but no code.
_PERCENT_FORMATS = {9, 10}

_ADDRESS = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_LAST_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="([0-9]{1,7})"')
_WIDE = re.compile(rb' r="([A-Z]{2,3})[0-9]{1,7}"')
_LONG = re.compile(rb' r="[A-Z]{1,3}([0-9]{6,7})"')
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(?:/>|>(.*?)</(?:\w+:)?c>)', re.DOTALL)
_ERROR = re.compile(rb'<(?:\w+:)?c\b([^>]*?\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>\s*(<(?:\w+:)?f[ >/].*?)</(?:\w+:)?c>", re.DOTALL)
_OLD_FACE = re.compile(rb'rFont[^>]*"(?:\.vn|vni)', re.IGNORECASE)
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
#: Tags of rows and columns that say that they are hidden; no tag is longer.
_HIDDEN_TAG = re.compile(rb'<(?:\w+:)?(row|col)\s((?:[^<>]{0,600}\s)?hidden="(?:1|true)"[^<>]{0,600})')
_ROW_NUMBER = re.compile(rb'\br="([0-9]{1,7})"')
_COLUMN_RANGE = re.compile(rb'\b(min|max)="([0-9]{1,5})"')
#: A filter, and the condition of one of its columns: without one it hides nothing.
_FILTER = re.compile(
    rb'<(?:\w+:)?autoFilter\s[^<>]{0,600}?\bref="\$?[A-Z]{1,3}\$?([0-9]{1,7}):\$?[A-Z]{1,3}\$?([0-9]{1,7})"'
)
_CONDITION = re.compile(rb"<(?:\w+:)?filterColumn\b[^<>]{0,600}[^<>/]>")


@dataclass(slots=True)
class Survey:
    """What one pass over the XML of a sheet found out."""

    last_row: int = 0
    #: The last row, as far as pieces tell, that has content within the limits.
    content_row: int = 0
    #: Cells with content outside the limits, by address.
    far: list[str] = field(default_factory=list)
    #: Row and column, counted from 0, of cells whose value calamine cannot tell.
    values: dict[int, dict[int, object]] = field(default_factory=lambda: defaultdict(dict))
    percents: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    #: Cells in a typeface of the years before Unicode.
    fonts: dict[int, dict[int, FontEncoding]] = field(default_factory=lambda: defaultdict(dict))
    hides: Hides = field(default_factory=Hides)


@dataclass(slots=True)
class Styles:
    """The styles of a workbook that change how a cell is to be read."""

    #: A pattern of the cells shown as percent, None when no style is one.
    percent: re.Pattern[bytes] | None = None
    #: A pattern of the cells in old typefaces, and what each style of them says.
    font: re.Pattern[bytes] | None = None
    encodings: dict[bytes, FontEncoding] = field(default_factory=dict)


def read(path: Path, limits: Limits, answer: Answer) -> None:
    """Write the worksheets to the answer."""
    package = Package(path, limits)
    sheets = _sheet_parts(package)
    surveys = _survey_all(package, sheets, limits)
    answer.know_rich_texts(_rich_texts(package))
    source = path
    if any(survey.far for survey in surveys.values()):
        source = _without_far_cells(package, surveys, limits)
    try:
        with CalamineWorkbook.from_object(source) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ != SheetTypeEnum.WorkSheet:
                    answer.leave_out(sheet.name, "no_cells")
                    continue
                survey = surveys.get(sheets.get(sheet.name, ""), Survey())
                survey.hides.itself = sheet.visible != SheetVisibleEnum.Visible
                if survey.hides.itself and survey.last_row > limits.hidden_rows:
                    answer.leave_out(sheet.name, "hidden")
                else:
                    _read_sheet(workbook.get_sheet_by_name(sheet.name), survey, answer)
    except CalamineError as error:
        raise Refused("password" if "assword" in type(error).__name__ else "corrupt") from error
    answer.done("xlsx")


def _read_sheet(sheet, survey, answer):
    merges = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
    answer.begin_sheet(sheet.name, merges=merges, last_row=survey.last_row, far=survey.far, hides=survey.hides)
    left = sheet.start[1] if sheet.start else 0
    indent = [""] * left
    number = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = indent + row if left else row
        if survey.percents and (columns := survey.percents.get(number - 1)):
            for column in columns:
                if column < len(cells) and type(cells[column]) is float:
                    cells[column] = percent_text(cells[column])
        if survey.values and (values := survey.values.get(number - 1)):
            _put(cells, values)
        answer.row(number, cells, survey.fonts.get(number - 1) if survey.fonts else None)
    # Rows at the end that hold nothing but errors are no rows for calamine.
    for row in sorted(row for row in survey.values if row >= number):
        answer.row(row + 1, _put([], survey.values[row]))
    answer.end_sheet()


def _put(cells, values):
    for column, value in values.items():
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = value
    return cells


def _sheet_parts(package):
    """Name of each worksheet -> name of its part in the package."""
    workbook = package.read("xl/workbook.xml", _SMALL_PART)
    relations = package.read("xl/_rels/workbook.xml.rels", _SMALL_PART)
    try:
        targets = {item.get("Id"): item.get("Target", "") for item in ElementTree.fromstring(relations)}
        sheets = [item for item in ElementTree.fromstring(workbook).iter() if item.tag.endswith("}sheet")]
    except ElementTree.ParseError as error:
        raise Refused("corrupt") from error
    parts = {}
    for sheet in sheets:
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
        parts[sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target)).removeprefix("/")
    return parts


def _survey_all(package, sheets, limits):
    """Inflate and check every part once; returns what was found in the worksheets, by part."""
    styles = _styles(package)
    wanted = set(sheets.values())
    surveys = {}
    for name in package.xml_parts():
        if name in wanted:
            surveys[name] = _survey(package.chunks(name), styles, limits)
        else:
            for _ in package.chunks(name):
                pass
    package.begin_again()
    for name, survey in surveys.items():
        if survey.hides.rows:
            survey.hides.filtered += _filters_of_tables(package, name)
    return surveys


def _filters_of_tables(package, part):
    """Ranges of rows in which the filter of a table of the worksheet is at work."""
    folder, name = posixpath.split(part)
    found = []
    try:
        relations = package.read(f"{folder}/_rels/{name}.rels", _SMALL_PART)
        targets = [item.get("Target", "") for item in ElementTree.fromstring(relations)] if relations else []
    except ElementTree.ParseError as error:
        raise Refused("corrupt") from error
    for target in targets:
        if "table" in target and (table := posixpath.normpath(posixpath.join("/", folder, target)).removeprefix("/")):
            found += _filtered_ranges(package.read(table, _SMALL_PART))
    return found


def _filtered_ranges(xml):
    """The range of a filter that hides something, as rows."""
    if (found := _FILTER.search(xml)) and _CONDITION.search(xml, found.end()):
        return [[int(found[1]), int(found[2])]]
    return []


def _styles(package):
    """What the styles of the workbook say about its cells."""
    styles = package.read("xl/styles.xml", _SMALL_PART)
    if not styles:
        return Styles()
    try:
        root = ElementTree.fromstring(styles)
    except ElementTree.ParseError as error:
        raise Refused("corrupt") from error
    codes = {item.get("numFmtId"): item.get("formatCode", "") for item in root.iter() if item.tag.endswith("}numFmt")}
    percents = {number for number, code in codes.items() if "%" in code} | {str(number) for number in _PERCENT_FORMATS}
    used = next((item for item in root if item.tag.endswith("}cellXfs")), ())
    numbers = [str(index) for index, style in enumerate(used) if style.get("numFmtId") in percents]
    fonts = [_encoding(item) for item in next((item for item in root if item.tag.endswith("}fonts")), ())]
    encodings = {
        str(index).encode(): fonts[number]
        for index, style in enumerate(used)
        if (number := _number(style.get("fontId"))) < len(fonts) and fonts[number]
    }
    return Styles(_cells_of(numbers), _cells_of([number.decode() for number in encodings]), encodings)


def _cells_of(styles):
    """A pattern of the cells that have one of the styles."""
    if not styles:
        return None
    return re.compile(rb'<(?:\w+:)?c\b([^>]*?\bs="(%s)"[^>]*)>' % "|".join(styles).encode())


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 9 else 0


def _encoding(font):
    """What the typeface of a font of the workbook says of the text in it."""
    names = [item.get("val", "") for item in font.iter() if item.tag.endswith(("}name", "}rFont"))]
    return encoding_of_font(names[0]) if names else None


def _rich_texts(package):
    """Texts whose parts stand in several typefaces, some of them old: the text, and its parts with what they say."""
    name = next((name for name in package.entries if name.lower() == "xl/sharedstrings.xml"), "")
    if not name:
        return {}
    package.begin_again()
    if not any(_OLD_FACE.search(chunk) for chunk in package.chunks(name)):
        return {}
    package.begin_again()
    found = {}
    try:
        root = ElementTree.fromstring(package.read(name, _SMALL_PART))
    except ElementTree.ParseError as error:
        raise Refused("corrupt") from error
    for item in root:
        runs = [run for run in item if run.tag.endswith("}r")]
        parts = [("".join(text.text or "" for text in run if text.tag.endswith("}t")), _encoding(run)) for run in runs]
        if any(encoding for _, encoding in parts):
            found["".join(text for text, _ in parts)] = parts
    return found


def _survey(chunks, styles, limits):
    survey = Survey()
    for piece in _pieces(chunks):
        if (row := piece.rfind(b"row ")) >= 0 and (found := _LAST_ROW.search(piece, max(row - 64, 0))):
            survey.last_row = int(found[1])
        _find_far_cells(piece, survey, limits)
        if b"hidden=" in piece:
            _find_hidden(piece, survey.hides, limits)
        if b"filterColumn" in piece:
            survey.hides.filtered += _filtered_ranges(piece)
        if b't="e"' in piece:
            for attributes, content in _ERROR.findall(piece):
                value = _VALUE.search(content)
                _note(survey, attributes, error_value(value[1].decode("utf-8", "replace") if value else ""))
        if _HAS_FORMULA.search(piece):
            for attributes, content in _FORMULA.findall(piece):
                # A formula whose result is an empty text has been calculated.
                if not _VALUE.search(content) and b't="str"' not in attributes:
                    _note(survey, attributes, NOT_CALCULATED)
        if styles.percent:
            for attributes, _ in styles.percent.findall(piece):
                if address := _ADDRESS.search(attributes):
                    survey.percents[int(address[2]) - 1].add(_column(address[1]) - 1)
        if styles.font:
            for attributes, style in styles.font.findall(piece):
                if address := _ADDRESS.search(attributes):
                    survey.fonts[int(address[2]) - 1][_column(address[1]) - 1] = styles.encodings[style]
    return survey


def _find_hidden(piece, hides, limits):
    for tag, attributes in _HIDDEN_TAG.findall(piece):
        if tag == b"row":
            if (number := _ROW_NUMBER.search(attributes)) and int(number[1]) <= limits.lines:
                hides.hide_rows(int(number[1]), int(number[1]))
        elif len(ends := dict(_COLUMN_RANGE.findall(attributes))) == 2:
            hides.columns.append([int(ends[b"min"]) - 1, int(ends[b"max"]) - 1])


def _pieces(chunks):
    """The sheet in pieces that end before a row begins."""
    rest = b""
    for chunk in chunks:
        cut = chunk.rfind(b"<row")
        if cut >= 0:
            yield rest + chunk[:cut]
            rest = chunk[cut:]
        else:
            rest += chunk
            if len(rest) > _LONGEST_PIECE:
                yield rest
                rest = b""
    yield rest


def _note(survey, attributes, value):
    if address := _ADDRESS.search(attributes):
        survey.values[int(address[2]) - 1][_column(address[1]) - 1] = value


def _find_far_cells(piece, survey, limits):
    wide = any(_column(letters) > limits.columns for letters in set(_WIDE.findall(piece)))
    if b"v>" not in piece and b"is>" not in piece:
        return
    if not wide and not any(int(number) > limits.lines for number in _LONG.findall(piece)):
        survey.content_row = survey.last_row
        return
    for letters, digits, content in _CELL.findall(piece):
        if not content or not _has_content(content):
            continue
        number = int(digits)
        if _is_far(letters, digits, limits):
            survey.far.append((letters + digits).decode())
            if _column(letters) > limits.columns:
                if len(survey.far) > _MOST_FAR_CELLS:
                    raise Refused("too_many_columns", limit=limits.columns, row=number)
            elif number < survey.content_row + _GAP or len(survey.far) > _MOST_FAR_CELLS:
                raise Refused("too_many_rows", limit=limits.rows)
        else:
            survey.content_row = number


def _is_far(letters, number, limits):
    return int(number) > limits.lines or _column(letters) > limits.columns


def _has_content(content):
    return bool(_VALUE.search(content)) or b"is>" in content


def _column(letters):
    """Number of a column from its letters, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _without_far_cells(package, surveys, limits):
    """A copy of the workbook, in memory, whose sheets end where the limits are."""

    def keep(match):
        return b"" if _is_far(match[1], match[2], limits) else match[0]

    package.begin_again()
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in package.xml_parts():
            with archive.open(name, "w") as part:
                for piece in _pieces(package.chunks(name)) if name in surveys else package.chunks(name):
                    part.write(_CELL.sub(keep, piece) if name in surveys else piece)
    copy.seek(0)
    return copy
