"""Text files: .csv and .tsv in any encoding and with any delimiter an office may have used."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from itertools import dropwhile, islice
from pathlib import Path

from movement_portal.lib.legacy_encodings import syllables, syllables_in_other_encodings
from movement_portal.spreadsheets.parsing.answer import Answer, Refused
from movement_portal.spreadsheets.parsing.limits import Limits
from movement_portal.spreadsheets.tables import unprotected

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_SAMPLE_BYTES = 1 << 16
_WESTERN, _HOLES = "cp1252", "as-control-character"
_DELIMITERS = ",;\t|"
#: Splits nothing: the one column of a file without delimiters.
_NO_DELIMITER = "\x1f"
_SAMPLE_CHARACTERS = 1 << 17
_SAMPLE_ROWS = 200
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"


def read(path: Path, limits: Limits, answer: Answer) -> None:
    """Write the rows of the file to the answer; every cell is text."""
    encoding = encoding_of(path)
    csv.field_size_limit(limits.text)
    with path.open(encoding=encoding, errors=_HOLES if encoding == _WESTERN else "strict", newline="") as file:
        sample = file.read(_SAMPLE_CHARACTERS)
        if "\0" in sample:
            raise Refused("not_spreadsheet", what="tệp nhị phân")
        lines = sample.splitlines(keepends=True)
        told = _told_delimiter(lines)
        delimiter = told or delimiter_of(lines if len(sample) < _SAMPLE_CHARACTERS else lines[:-1] or lines)
        file.seek(0)
        if told:
            file.readline()
        answer.begin_sheet("")
        _read_rows(csv.reader(_lines(file, limits), delimiter=delimiter), answer)
        answer.end_sheet()
    answer.done("csv", encoding.removesuffix("-sig"))


def _read_rows(reader, answer):
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            answer.row(number, [unprotected(cell) for cell in cells])
    except csv.Error as error:
        raise Refused("text_row", row=number + 1) from error


def _lines(file, limits: Limits) -> Iterator[str]:
    """Lines of the file; one that never ends is refused before it fills the memory."""
    longest = limits.text * 2 + limits.columns
    while line := file.readline(longest):
        if len(line) >= longest:
            raise Refused("long_line")
        yield line


def encoding_of(path: Path) -> str:
    """The encoding: by its mark, UTF-8 when the whole file is valid, UTF-16 by its zeros, else windows-1258."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
        if zeros := head.count(b"\0"):
            return _utf_16(head, zeros)
        if sum(head.count(bytes([byte])) for byte in _CONTROL) > len(head) // 100:
            raise Refused("not_spreadsheet", what="tệp nhị phân")
        file.seek(0)
        return "utf-8" if _decodes(file, "utf-8") else _legacy(file)


def _utf_16(head, zeros):
    if zeros > len(head) // 8:
        even, odd = head[::2].count(b"\0"), head[1::2].count(b"\0")
        if even > 10 * odd:
            return "utf-16-be"
        if odd > 10 * even:
            return "utf-16-le"
    raise Refused("not_spreadsheet", what="tệp nhị phân")


def _legacy(file):
    """Of the code pages of one byte a letter the one in which more of the words are Vietnamese.

    TCVN3 and VNI are files of code page 1252 whose texts are repaired one by one.
    """
    file.seek(0)
    sample = file.read(_SAMPLE_BYTES)
    plain, windows = sample.decode(_WESTERN, _HOLES), sample.decode("cp1258", "replace")
    if syllables_in_other_encodings(plain) > syllables(windows):
        return _WESTERN
    file.seek(0)
    if _decodes(file, "cp1258"):
        return "cp1258"
    raise Refused("encoding")


def _hole(error):
    """A byte that code page 1252 leaves open, as the control character of that number."""
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(_HOLES, _hole)


def _decodes(file, encoding):
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while data := file.read(_CHUNK):
            decoder.decode(data)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _told_delimiter(lines):
    """The delimiter of a first line "sep=;", which Excel obeys and does not show."""
    first = lines[0].rstrip("\r\n") if lines else ""
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else ""


def delimiter_of(lines: list[str]) -> str:
    """The delimiter that splits most lines into the same number of cells, from the first line on that it splits."""
    best, best_score = _NO_DELIMITER, (0.0, 0, 0)
    for delimiter in _DELIMITERS:
        try:
            rows = [row for row in islice(csv.reader(lines, delimiter=delimiter), _SAMPLE_ROWS) if row]
        except csv.Error:
            continue
        widths = Counter(len(row) for row in dropwhile(lambda row: len(row) == 1, rows))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        score = (round(count / widths.total(), 1), count, width) if width > 1 else (0.0, 0, 0)
        if score[0] > 0.5 and score > best_score:
            best, best_score = delimiter, score
    return best
