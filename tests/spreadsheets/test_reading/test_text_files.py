"""Text files: every delimiter, encoding and line ending that offices send."""

import unicodedata

import pytest

from movement_portal.spreadsheets.parsing.textfile import delimiter_of
from movement_portal.spreadsheets.rows import KEPT_ROWS
from movement_portal.spreadsheets.tables import UnreadableFile
from tests.spreadsheets.test_reading.tables import HEADERS, ROWS, cells


def text_file(delimiter=",", ending="\r\n"):
    def quoted(text):
        return f'"{text}"' if any(mark in text for mark in ",;\t|") else text

    return "".join(delimiter.join(map(quoted, row)) + ending for row in [HEADERS, *ROWS])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter(read, delimiter):
    table = read(text_file(delimiter).encode(), "bang.csv")
    assert (table.format, table.sheets[0].name, table.sheets[0].headers) == ("csv", "bang", HEADERS)
    assert cells(table) == ROWS


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_any_encoding_of_unicode(read, encoding, named):
    table = read(text_file("\t").encode(encoding), "bang.txt")
    assert (table.encoding, cells(table)) == (named, ROWS)


def test_utf_16_big_endian_with_mark(read):
    assert cells(read(b"\xfe\xff" + text_file().encode("utf-16-be"), "bang.csv")) == ROWS


def test_windows_1258(read):
    # The code page has letters and tones apart: "ừ" is "ư" and a tone.
    def spelled(text):
        result = ""
        for char in text:
            try:
                char.encode("cp1258")
                result += char
            except UnicodeEncodeError:
                bare, tone = unicodedata.normalize("NFD", char)[:-1], unicodedata.normalize("NFD", char)[-1]
                result += unicodedata.normalize("NFC", bare) + tone
        return result

    table = read(spelled("Tên đơn vị,Địa chỉ\nTrường Thạnh Phú,Xã Tân Tiến\n").encode("cp1258"), "bang.csv")
    assert (table.encoding, cells(table)) == ("cp1258", [["Trường Thạnh Phú", "Xã Tân Tiến"]])


def test_bytes_of_no_encoding_are_refused(read):
    with pytest.raises(UnreadableFile, match="bảng mã"):
        read("Tên đơn vị,Địa chỉ\n".encode() + b"\xd2\x8e\x9d,x\n", "bang.csv")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending(read, ending):
    assert cells(read(text_file(ending=ending).encode(), "bang.csv")) == ROWS


def test_told_delimiter_is_obeyed_and_not_a_row(read):
    table = read("sep=|\r\nTên đơn vị|Địa chỉ\r\nA, B|C, D\r\n".encode(), "bang.csv")
    assert table.sheets[0].header_row == 1
    assert cells(table) == [["A, B", "C, D"]]


def test_numbers_of_text_rows_count_quoted_line_breaks_as_excel_does(read):
    table = read('Tên đơn vị,Địa chỉ\n"A\nB",C\n\nD,E\n'.encode(), "bang.csv")
    assert [(row.number, row.cells) for row in table.sheets[0].rows] == [(2, ["A\nB", "C"]), (4, ["D", "E"])]


def test_codes_of_text_files_keep_their_zeros(read):
    assert cells(read("Tên đơn vị;Mã số thuế\nA;00123\nB;0007\n".encode(), "a.csv")) == [["A", "00123"], ["B", "0007"]]


def test_protected_text_loses_its_apostrophe(read):
    assert cells(read("Tên đơn vị;Địa chỉ\n'=1;''+a\n'tên;x\n".encode(), "a.csv")) == [["=1", "'+a"], ["'tên", "x"]]


def test_one_column(read):
    table = read("Tên đơn vị\nTrường A, B\nTrường C\n".encode(), "a.csv")
    assert (table.sheets[0].headers, cells(table)) == (["Tên đơn vị"], [["Trường A, B"], ["Trường C"]])


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n1,7;3\n", ";"),
        ("a,b,c\n1;2,3,4\n5,6;7,8\n", ","),
        ("a\tb\n1, 2\t3\n", "\t"),
        ("Danh sách\n\na;b;c\n1;2;3\n4;5;6\n", ";"),
        ("", "\x1f"),
    ],
)
def test_delimiter(text, delimiter):
    assert delimiter_of(text.splitlines(keepends=True)) == delimiter


@pytest.mark.slow
def test_rows_of_a_large_sheet_are_read_from_disk(read, tmp_path):
    count = KEPT_ROWS + 500
    text = "Tên đơn vị;Số\n" + "".join(f"Trường {row};{row}\n" for row in range(count))
    rows = read(text.encode(), "a.csv").sheets[0].rows
    assert len(rows) == count
    assert (rows[0].cells, rows[-1].cells) == (["Trường 0", "0"], [f"Trường {count - 1}", str(count - 1)])
    assert [row.number for row in rows[10:13]] == [12, 13, 14]
    # Two walks at once do not disturb each other.
    assert all(first.cells == second.cells for first, second in zip(rows, rows, strict=True))
    with pytest.raises(IndexError):
        rows[count]
