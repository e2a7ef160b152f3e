"""What kind of file it is, by its content, and whether it is safe to open."""

import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from movement_portal.spreadsheets.parsing.answer import Refused
from movement_portal.spreadsheets.parsing.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Beginning of an .xls of the years before Office 97, which has no container.
_OLD_XLS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x06\x00", b"\x09\x08\x08\x00")
_OTHER_KINDS = (
    (b"%PDF", "tệp PDF"),
    (b"\x89PNG", "ảnh"),
    (b"\xff\xd8\xff", "ảnh"),
    (b"GIF8", "ảnh"),
    (b"BM", "ảnh"),
    (b"RIFF", "tệp phim, ảnh hoặc âm thanh"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7-Zip"),
    (b"\x1f\x8b", "tệp nén gzip"),
    (b"{\\rtf", "văn bản Word (RTF)"),
    (b"MZ", "chương trình"),
    (b"\x7fELF", "chương trình"),
    (b"SQLite format 3", "cơ sở dữ liệu"),
)
_CHUNK = 1 << 16
_INFLATED_CHUNK = 1 << 20
#: A letter of a document type declaration may hide in a file with entities or references to other files.
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def kind_of(path: Path) -> str:
    """ "xlsx", "xls", "ods" or "text"; refuses everything that is no spreadsheet, saying what it is."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("no_bytes")
    if head.startswith(b"PK"):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    if head.startswith(_OLD_XLS):
        return "xls"
    for beginning, name in _OTHER_KINDS:
        # Two letters alone may well begin a text file.
        if head.startswith(beginning) and (len(beginning) > 2 or b"\0" in head):
            raise Refused("not_spreadsheet", what=name)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")) or (
        b"<html" in start and start[:1] == b"<"
    ):
        raise Refused("html")
    if start.startswith(b"<?xml"):
        raise Refused("xml_spreadsheet" if b"office:spreadsheet" in start else "not_spreadsheet", what="tệp XML")
    return "text"


def _kind_of_ole(path):
    def names(*entries):
        return any(entry.encode("utf-16-le") + b"\0\0" in content for entry in entries)

    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        content = _Searchable(mapped)
        if names("Workbook", "Book"):
            return "xls"
        if names("EncryptedPackage"):
            raise Refused("password")
        if names("WordDocument"):
            raise Refused("not_spreadsheet", what="văn bản Word")
        if names("PowerPoint Document"):
            raise Refused("not_spreadsheet", what="trình chiếu PowerPoint")
    raise Refused("corrupt")


class _Searchable:
    """``in`` for a mapped file without reading it into memory."""

    def __init__(self, mapped):
        self._mapped = mapped

    def __contains__(self, needle):
        return self._mapped.find(needle) >= 0


def _kind_of_zip(path):
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    return _kind_of_open_document(part.read(200))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise Refused("corrupt") from error
    if "xl/workbook.bin" in names:
        raise Refused("xlsb")
    if "xl/workbook.xml" in names or any(name.startswith("xl/worksheets/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        raise Refused("not_spreadsheet", what="văn bản Word")
    if any(name.startswith("ppt/") for name in names):
        raise Refused("not_spreadsheet", what="trình chiếu PowerPoint")
    raise Refused("not_spreadsheet", what="tệp nén ZIP")


def _kind_of_open_document(kind):
    if b"spreadsheet" in kind:
        return "ods"
    raise Refused("not_spreadsheet", what="văn bản" if b"text" in kind else "tệp OpenDocument")


class Package:
    """A zipped workbook whose parts are inflated under control: what they hold counts, not what they say they hold."""

    def __init__(self, path: Path, limits: Limits):
        self.path = path
        self._limits = limits
        self._inflated = 0
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused("corrupt") from error
        if len(entries) > limits.entries:
            raise Refused("bomb")
        self.entries = {entry.filename: entry for entry in entries}
        if len({name.lower() for name in self.entries}) != len(entries):
            raise Refused("corrupt")
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Refused("password")
        self._refuse_declared_bomb()

    def _refuse_declared_bomb(self) -> None:
        """A part that says itself how much it inflates to need not be inflated to be refused."""
        parts = [self.entries[name] for name in self.xml_parts()]
        if sum(part.file_size for part in parts) > self._limits.inflated:
            raise Refused("bomb")
        if any(self._is_bomb(part, part.file_size) for part in parts):
            raise Refused("bomb")

    def _is_bomb(self, entry: zipfile.ZipInfo, inflated: int) -> bool:
        return inflated > self._limits.ratio_from and inflated > self._limits.ratio * entry.compress_size

    def begin_again(self) -> None:
        """Count from zero: the parts have passed once and are read a second time."""
        self._inflated = 0

    def xml_parts(self) -> list[str]:
        """Names of the parts that a reader may open."""
        return [name for name in self.entries if name.lower().endswith((".xml", ".rels"))]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part, inflated piece by piece; refuses bombs, declarations and parts that are not what they say."""
        entry, total, tail = self.entries[name], 0, b""
        for chunk in self._inflate(entry):
            if not total and (chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]):
                raise Refused("corrupt")
            total += len(chunk)
            self._inflated += len(chunk)
            if self._inflated > self._limits.inflated:
                raise Refused("bomb")
            if self._is_bomb(entry, total):
                raise Refused("bomb")
            # The two characters are looked for first: twenty times quicker than the pattern.
            if (b"<!" in chunk and _DECLARATION.search(chunk)) or _DECLARATION.search(tail + chunk[:16]):
                raise Refused("declaration")
            tail = chunk[-16:]
            yield chunk
        if total != entry.file_size:
            raise Refused("corrupt")

    def read(self, name: str, most: int) -> bytes:
        """The whole part, refused above ``most`` bytes; empty when there is no such part."""
        if name not in self.entries:
            return b""
        pieces, total = [], 0
        for chunk in self.chunks(name):
            total += len(chunk)
            if total > most:
                raise Refused("bomb")
            pieces.append(chunk)
        return b"".join(pieces)

    def _inflate(self, entry):
        try:
            with self.path.open("rb") as file:
                file.seek(entry.header_offset)
                signature, name_length, extra_length = struct.unpack("<4s22xHH", file.read(30))
                if signature != b"PK\x03\x04":
                    raise Refused("corrupt")
                file.seek(name_length + extra_length, 1)
                if entry.compress_type == zipfile.ZIP_STORED:
                    yield from _stored(file, entry.compress_size)
                elif entry.compress_type == zipfile.ZIP_DEFLATED:
                    yield from _deflated(file, entry.compress_size)
                else:
                    raise Refused("corrupt")
        except (struct.error, zlib.error, OSError) as error:
            raise Refused("corrupt") from error


def _stored(file, left):
    while left > 0 and (data := file.read(min(_INFLATED_CHUNK, left))):
        left -= len(data)
        yield data


def _deflated(file, left):
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and not inflater.eof and (data := file.read(min(_CHUNK, left))):
        left -= len(data)
        while data and not inflater.eof:
            if piece := inflater.decompress(data, _INFLATED_CHUNK):
                yield piece
            data = inflater.unconsumed_tail
    while not inflater.eof and (piece := inflater.decompress(b"", _INFLATED_CHUNK)):
        yield piece
