"""Workbooks spoilt in every way a seed can think of: the same seed gives the same file."""

import datetime
import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import xlwt
from openpyxl.styles import Font

from movement_portal.lib.legacy_tables import to_tcvn3
from tests.old_encodings import to_vni
from tests.spreadsheets.workbooks import open_document

HEADER = ["TT", "Tên đơn vị", "Mã số thuế", "Số lượng", "Ngày", "Tỷ lệ", "Ghi chú"]
#: Texts that have broken programs before.
NAUGHTY = [
    "", " ", "\u00a0", "\u200b\u200e\ufeff", "\r\n\r\n", "\t;,|\"'", "=1+1", "@SUM(A1)", "-", "…", "#N/A", "#REF!",
    "NaN", "Infinity", "1e309", "-0", "0x1F", "797663E0", "7.97663E+05", "1.727,5", "83,3 %", "31/02/2025",
    "00/00/0000", "1/1/0001", "32-13-99", "tháng 13/2019", "9999999999999999999999", "١٢٣", "１２３", "Ⅷ", "½", "²",
    "\U0001d7d7", "\U0001f3eb\u200d\U0001f467", "﷽", "ﬁ", "İ", "ß", "\u202eXã A", "a\u0301\u0302\u0303" * 20,
    "\ud7ff\ue000\ufffd", "Tr\u00adêng", "HÃ\u00a0 Ná»™i", "Tr??ng", "I. ", "1.", "a)", "Tổng cộng", "Cộng",
    "Ghi chú:", "<b>&amp;</b>", "]]>", "../../etc/passwd", "%s%n{}", "x" * 5_000, "Xã " * 900,
    to_tcvn3("Trường Ánh Dương"), to_vni("Phường Tân Định"), "\x0b\x0c\x1f", "None", "True",
]  # fmt: skip
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
#: What attributes and values of XML become.
_NUMBERS = ["0", "-1", "1", "999999999", "99999999999999999999", "1e400", "NaN", "", "XFD1048576", "A0", "ZZZZ1", "é"]


def rows_of(dice: random.Random) -> list[list]:
    """A small list with values of every kind."""
    rows: list[list] = [["DANH SÁCH ĐƠN VỊ"], HEADER, ["I. Phường A"]]
    day, last = datetime.date(2024, 2, 29), dice.randint(4, 9)
    rows += [[row, f"Trường số {row}", 79_000_000 + row, row * 3.5, day, 0.833, "x"] for row in range(1, last)]
    rows.append([None, "Tổng cộng", None, 12])
    return rows


def xlsx(rows: list[list]) -> bytes:
    """The rows as a workbook with a merged title, an old typeface, a formula and a percent."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            text = (
                re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "", value) if isinstance(value, str) else value
            )
            sheet.cell(number, column).value = text
    sheet.merge_cells("A1:G1")
    sheet["B4"].font, sheet["F4"].number_format = Font(name=".VnTime"), "0.0%"
    sheet["D20"] = "=SUM(D4:D9)"
    workbook.create_sheet("Trang 2").append(["Tên đơn vị", "Ghi chú"])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def xls(rows: list[list]) -> bytes:
    """The rows as a workbook of Excel 97."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Bảng")
    day, old = xlwt.easyxf(num_format_str="DD/MM/YYYY"), xlwt.easyxf("font: name .VnTimeH")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                style = day if isinstance(value, datetime.date) else old if column == 6 else xlwt.Style.default_style
                sheet.write(number, column, value, style)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def ods(rows: list[list]) -> bytes:
    """The rows as a workbook of LibreOffice."""

    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            text = _NOT_XML.sub("", value)
            for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
                text = text.replace(sign, entity)
            return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        if isinstance(value, datetime.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    return open_document(f'<table:table table:name="Bảng">{lines}</table:table>')


def text(rows: list[list]) -> bytes:
    """The rows as a text file."""
    lines = (";".join("" if value is None else str(value) for value in row) for row in rows)
    return "\r\n".join(lines).encode("utf-8", "replace")


TODAY = datetime.date(2026, 11, 22)

FORMATS: dict[str, Callable[[list[list]], bytes]] = {"xlsx": xlsx, "xls": xls, "ods": ods, "csv": text}


# -- ways to spoil a file ----------------------------------------------------------------------------------------------
def flip(data: bytes, dice: random.Random) -> bytes:
    """Some bytes are others."""
    spoilt = bytearray(data)
    for _ in range(dice.choice((1, 2, 8, 64))):
        spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
    return bytes(spoilt)


def cut(data: bytes, dice: random.Random) -> bytes:
    """A stretch is gone."""
    start = dice.randrange(len(data))
    return data[:start] + data[start + dice.randint(1, len(data)) :]


def repeat(data: bytes, dice: random.Random) -> bytes:
    """A stretch comes twice, or stands where it does not belong."""
    start, to = dice.randrange(len(data)), dice.randrange(len(data))
    piece = data[start : start + dice.randint(1, 2_000)]
    return data[:to] + piece + data[to:]


def parts(data: bytes, dice: random.Random) -> bytes:
    """A part of the package is gone, empty, another's, or there twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    name, other = dice.choice(list(content)), dice.choice(list(content))
    match dice.randrange(4):
        case 0:
            del content[name]
        case 1:
            content[name] = b""
        case 2:
            content[name] = content[other]
        case 3:
            content[f"{name[:-1]}é"] = content[name]
    return _zipped(content)


def xml(data: bytes, dice: random.Random) -> bytes:
    """The XML of a part is spoilt: numbers, names, order, nesting, characters."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    sheets = [name for name in content if "sheet" in name or name == "content.xml"]
    names = [name for name in content if name.endswith((".xml", ".rels"))]
    name = dice.choice(sheets if dice.random() < 0.6 else names)
    content[name] = dice.choice((_numbers, _elements, flip, cut, repeat, _texts))(content[name], dice)
    return _zipped(content)


def _numbers(data, dice):
    values = list(re.finditer(rb'="([^"]*)"', data))
    for match in sorted(dice.sample(values, min(len(values), 3)), key=lambda each: -each.start()):
        data = data[: match.start(1)] + dice.choice(_NUMBERS).encode() + data[match.end(1) :]
    return data


def _elements(data, dice):
    tags = list(re.finditer(rb"<[^>]+>", data))
    if len(tags) > 3:
        one, two = sorted(dice.sample(tags, 2), key=lambda each: each.start())
        middle = data[one.end() : two.start()]
        data = data[: one.start()] + two[0] + middle + one[0] + data[two.end() :]
    return data


def _texts(data, dice):
    texts = list(re.finditer(rb">([^<]+)<", data))
    if texts:
        match = dice.choice(texts)
        data = data[: match.start(1)] + dice.choice(NAUGHTY).encode("utf-8", "replace") + data[match.end(1) :]
    return data


def _zipped(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def mutated(format: str, seed: int) -> bytes:
    """The spoilt file of a seed: its cells first, for half of the seeds its bytes as well."""
    dice = random.Random(zlib.crc32(f"{format}{seed}".encode()))
    rows = rows_of(dice)
    in_cells = seed % 3 == 0
    if in_cells:
        for _ in range(dice.randint(1, 25)):
            row = dice.choice(rows)
            row[dice.randrange(len(row))] = dice.choice([*NAUGHTY, 1e308, -1e-308, True, 2**60, 0.1 + 0.2, None])
        dice.shuffle(rows)
    data = FORMATS[format](rows)
    if in_cells and seed % 2:
        return data
    ways = [flip, cut, repeat]
    if format in ("xlsx", "ods"):
        ways = [flip, cut, parts, xml, xml, xml, xml]
    return dice.choice(ways)(data, dice)
