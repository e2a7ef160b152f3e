"""Workbooks as offices write them, made up for tests: the same structure as the real ones, no real content."""

import io
import unicodedata
import zipfile

import openpyxl

SCHOOL_HEADERS = ["Mã trường", "Tên trường", "Sở GD&ĐT", "Phòng GD&ĐT", "Địa chỉ", "Loại hình", "Loại trường", "Cấp"]
KNOWN = {text.lower() for text in [*SCHOOL_HEADERS, "TT", "STT", "Tên đơn vị", "Mã số thuế", "Số lượng", "Điện thoại"]}


def known_header(text):
    """What an app's sheets would know."""
    return text.lower() in KNOWN


def saved(workbook, path):
    """The openpyxl workbook as a file."""
    workbook.save(path)
    return path


def from_rows(path, rows, *, merges=(), title="Sheet1"):
    """A workbook of one sheet whose rows are given as lists."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    return saved(workbook, path)


def school_rows(count):
    """Rows of schools: codes partly numbers and partly text, decomposed Unicode, line breaks."""
    for index in range(count):
        code = 79_000_707 + index
        name = f"THCS Bình Khánh {index}"
        yield [
            code if index % 3 else f"0{code}",
            unicodedata.normalize("NFD", name) if index % 5 == 0 else name,
            "Sở Giáo dục và Đào tạo Tỉnh Mẫu",
            None if index % 7 == 0 else "Phòng GDĐT Huyện Mẫu",
            f"Ấp {index}\nXã Mẫu" if index % 11 == 0 else f"Ấp {index}, Xã Mẫu",
            "Công lập",
            "Trường phổ thông",
            "THCS",
        ]


def school_list(path, *, rows=360, ghosts=303):
    """Title rows whose value stands in every merged cell, the header in row 4, empty styled rows at the end."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for number, title in ((1, "DANH SÁCH THÔNG TIN HỒ SƠ TRƯỜNG"), (2, "NĂM HỌC: 2019-2020")):
        for column in range(1, 8):
            sheet.cell(number, column, title)
    for column, header in enumerate(SCHOOL_HEADERS, start=1):
        sheet.cell(4, column, header)
    for row in school_rows(rows):
        sheet.append(row)
    bold = openpyxl.styles.Font(bold=True)
    for number in range(5 + rows, 5 + rows + ghosts):
        for column in range(1, 8):
            sheet.cell(number, column).font = bold
    sheet.merge_cells("A3:F3")
    buffer = io.BytesIO()
    workbook.save(buffer)
    path.write_bytes(_with_merges(buffer, [(1, 7), (2, 7)]))
    return path


def _with_merges(buffer, widths):
    """Merged ranges that keep the value of every cell, which openpyxl would empty."""
    copy = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                merges = "".join(f'<mergeCell ref="A{row}:{chr(64 + width)}{row}"/>' for row, width in widths)
                data = data.replace(
                    b'<mergeCells count="1">', f'<mergeCells count="{1 + len(widths)}">{merges}'.encode()
                )
            target.writestr(name, data)
    return copy.getvalue()


def open_document(tables, *, styles="", manifest=""):
    """A workbook of LibreOffice with the tables."""
    namespaces = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }
    declared = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in namespaces.items())
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {declared}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr("content.xml", content)
    return buffer.getvalue()
