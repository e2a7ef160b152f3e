"""Files made to harm whoever opens them, small enough to build in a test."""

import io
import struct
import zipfile
import zlib

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'

PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Bảng" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
SHEET = "xl/worksheets/sheet1.xml"


def text_cell(address, text):
    """A cell with its text in place."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


#: A header and two rows: what an honest part of a hostile file holds.
LIST = "".join(
    f'<row r="{row}">{text_cell(f"A{row}", name)}{text_cell(f"B{row}", place)}</row>'
    for row, (name, place) in enumerate(
        [("Tên đơn vị", "Địa chỉ"), ("Trường A", "Xã B"), ("Trường C", "Xã D")], start=1
    )
)


def sheet_xml(rows=LIST, *, before="", after="", declaration=""):
    """The XML of a worksheet around its rows."""
    return f'{_XML}{declaration}<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def package(sheet=None, *, more=(), **kwargs):
    """A workbook whose only sheet has the XML; ``more`` are further (name, content) of the package."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*PARTS.items(), (SHEET, sheet or sheet_xml(**kwargs)), *more]:
            archive.writestr(name, content)
    return buffer.getvalue()


def patched(data, name, *, size=None, crc=None):
    """The archive with a false size and checksum for a part, in both of its headers."""
    data = bytearray(data)
    for signature, crc_at, name_length_at, header in ((b"PK\x03\x04", 14, 26, 30), (b"PK\x01\x02", 16, 28, 46)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            (length,) = struct.unpack_from("<H", data, at + name_length_at)
            if data[at + header : at + header + length] == name.encode():
                if crc is not None:
                    struct.pack_into("<I", data, at + crc_at, crc)
                if size is not None:
                    struct.pack_into("<I", data, at + crc_at + 8, size)
    return bytes(data)


def deflate_bomb(megabytes=60):
    """A sheet that is mostly blanks: a thousandth of what it inflates to."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        with archive.open(SHEET, "w") as part:
            part.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for _ in range(megabytes):
                part.write(b" " * (1 << 20))
            part.write(f"{LIST}</sheetData></worksheet>".encode())
    return buffer.getvalue()


def lying_bomb():
    """A bomb whose headers say that it is small, with the checksum of its beginning."""
    beginning = sheet_xml().encode()
    return patched(deflate_bomb(), SHEET, size=len(beginning), crc=zlib.crc32(beginning))


def shared_strings_bomb():
    """A part other than the sheet that inflates without end."""
    return package(more=[("xl/sharedStrings.xml", "<sst>" + " " * (60 << 20) + "</sst>")])


def far_cell(rows=LIST):
    """One cell at XFD1048576: a reader that makes room for all before it asks for half a terabyte."""
    return package(rows=f'{rows}<row r="1048576">{text_cell("XFD1048576", "x")}</row>')


def hidden_far_cell():
    """The same, spelled so that no search for addresses finds it."""
    return package(rows=f"{LIST}<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")


def false_dimension():
    """A sheet that says it is as large as a sheet can be."""
    return package(before='<dimension ref="A1:XFD1048576"/>')


def ghost_rows(count=400_000):
    """Rows with a style and nothing else."""
    rows = "".join(f'<row r="{row}" s="1"><c r="A{row}" s="1"/><c r="B{row}" s="1"/></row>' for row in range(4, count))
    return package(rows=LIST + rows)


def external_entity():
    """A reference to a file of the server."""
    declaration = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    return package(sheet_xml(f'<row r="1">{text_cell("A1", "&secret;")}</row>', declaration=declaration))


def entity_bomb():
    """A billion laughs."""
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    declaration = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>'
    return package(sheet_xml(f'<row r="1">{text_cell("A1", "&l9;")}</row>', declaration=declaration))


def hidden_declaration():
    """A declaration in an encoding in which a search for its letters finds nothing."""
    return package(
        sheet_xml(declaration='<!DOCTYPE x SYSTEM "http://127.0.0.1/x">').replace("UTF-8", "UTF-16").encode("utf-16")
    )


def many_merges(count=100_000):
    """More merged ranges than cells."""
    ranges = "".join(f'<mergeCell ref="A{row}:XFD{row}"/>' for row in range(1, count))
    return package(after=f"<mergeCells>{ranges}</mergeCells>")


def duplicate_names():
    """Two sheets under one name: which one is read depends on the reader."""
    data = package(more=[("xl/worksheets/sheet9.xml", sheet_xml())])
    return data.replace(b"xl/worksheets/sheet9.xml", b"xl/worksheets/sheet1.xml")


def many_entries(count=6_000):
    """More parts than any workbook has."""
    return package(more=[(f"xl/media/{index}.bin", b"") for index in range(count)])


def encrypted_zip():
    """Parts that the archive itself encrypts."""
    data = bytearray(package())
    for signature, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + flags_at] |= 1
    return bytes(data)


def macros_and_links():
    """A workbook with a macro part and a link to another file: its values are read, nothing else is touched."""
    rows = LIST + '<row r="4"><c r="A4" t="str"><f>[1]Sheet1!A1</f><v>Trường E</v></c></row>'
    link = f'{_XML}<externalLink xmlns="{_MAIN}"/>'
    return package(
        rows=rows, more=[("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"), ("xl/externalLinks/externalLink1.xml", link)]
    )


def container(*streams):
    """A container of the older Office with the named streams in its directory, all empty."""

    def entry(name, kind, child=0xFFFFFFFF):
        text = name.encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII36xIII", text, len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, 0xFFFFFFFE, 0, 0
        )

    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *[0xFFFFFFFF] * 109)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = [entry("Root Entry", 5, 1), *(entry(name, 2) for name in streams)]
    directory = b"".join(entries).ljust(512, b"\0")
    return header[:512].ljust(512, b"\xff") + table + directory


def password_protected():
    """What Excel writes when a workbook has a password."""
    return container("EncryptionInfo", "EncryptedPackage")
