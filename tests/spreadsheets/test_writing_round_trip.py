"""What the portal writes it reads back, whatever the text."""

import datetime
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movement_portal.spreadsheets.layout import DITTO_MARKS
from movement_portal.spreadsheets.parsing.answer import ERRORS, error_value
from movement_portal.spreadsheets.reading import read_workbook
from movement_portal.spreadsheets.tables import clean_text
from movement_portal.spreadsheets.writing import Kind, OutColumn, write_csv, write_list

pytestmark = pytest.mark.slow

NAUGHTY = [
    "=1+1", "+84 912 345 678", "-5", "@SUM(A1)", "'tên", "''=x", "'", '"', '""', '"a;b"', "a;b,c|d\te", "00123", "1e5",
    "797663E0", "79,000,301", "1.727", "83,3 %", "01/02/2020", "TRUE", "#N/A", "#REF!", "_x0041_", "_x000D_", "&amp;",
    "<b>&</b>", "]]>", "tr\u031bu\u031bo\u031b\u0300ng", "Hoà Hòa", "Tổng cộng", "Ghi chú: x", "I. Phường A", "(1)",
    "Mã đơn vị", "sep=;", "dòng một\ndòng hai", "a\r\nb", "\ufeffđầu", "\u00a0a\u200bb\u3000c", "🏫 trường", "\ud800x",
    "\x00\x01", "\uffff", " ", "x" * 5000, "{{ 7*7 }}", "../../etc", "NULL", "nan", "Infinity", "0", "-0", "1" * 20,
]  # fmt: skip


def is_of_no_old_encoding(letter):
    """What a file holds of the bytes of TCVN3, VNI and the like is put right as it is read, on purpose."""
    return not ("\x80" <= letter <= "\u036f" or "\u2000" <= letter <= "\u22ff")


#: Letters of which no text looks like one of an encoding before Unicode.
LETTERS = st.characters(exclude_categories=["Cs"]).filter(is_of_no_old_encoding)

TEXTS = st.one_of(
    st.sampled_from(NAUGHTY),
    st.text(alphabet=LETTERS, max_size=40),
    st.text(alphabet="=+-@'\"\t\r\n;, ăđê\u0301\u031b_x0041", max_size=20),
).filter(lambda text: clean_text(text) not in DITTO_MARKS)  # Such a mark alone is what the row above says.
COLUMNS = [
    OutColumn("Mã đơn vị"),
    OutColumn("Tên đơn vị"),
    OutColumn("Số người", Kind.INTEGER),
    OutColumn("Ngày lập", Kind.DATE),
    OutColumn("Ghi chú"),
]
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.integers(-(10**9), 10**9),
        st.dates(datetime.date(1900, 3, 1), datetime.date(2999, 12, 31)),
        TEXTS,
    ),
    min_size=1,
    max_size=40,
)


def with_codes(rows):
    return [(f"0{number}", *row) for number, row in enumerate(rows, start=1000)]


def read_back(text):
    text = clean_text(text) or None
    return error_value(text) if text in ERRORS else text


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("round-trip")


def read(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    (sheet,) = read_workbook(path, name, known_header=lambda text: text == "Tên đơn vị").sheets
    return sheet


def some(examples):
    return settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some(15)
@given(rows=ROWS)
def test_workbook(folder, rows):
    rows = with_codes(rows)
    stream = io.BytesIO()
    write_list(stream, title="Danh sách đơn vị", about=[("Bộ lọc", "xã Mẫu")], columns=COLUMNS, rows=rows)
    sheet = read(folder, "a.xlsx", stream.getvalue())
    assert sheet.headers == [column.label for column in COLUMNS]
    assert [row.cells for row in sheet.rows] == [
        [code, read_back(name), count, date, read_back(note)] for code, name, count, date, note in rows
    ]


@some(15)
@given(rows=ROWS)
def test_text_file(folder, rows):
    rows = with_codes(rows)
    stream = io.BytesIO()
    write_csv(stream, columns=COLUMNS, rows=rows)
    sheet = read(folder, "a.csv", stream.getvalue())
    assert [row.cells for row in sheet.rows] == [
        [code, read_back(name), str(count), f"{date:%d/%m/%Y}", read_back(note)]
        for code, name, count, date, note in rows
    ]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_every_naughty_text(folder, name):
    rows = with_codes((text, 1, datetime.date(2020, 1, 1), text) for text in NAUGHTY)
    stream = io.BytesIO()
    if name.endswith("xlsx"):
        write_list(stream, title="Danh sách", about=[], columns=COLUMNS, rows=rows)
    else:
        write_csv(stream, columns=COLUMNS, rows=rows)
    assert [row.cells[1] for row in read(folder, name, stream.getvalue()).rows] == [read_back(text) for text in NAUGHTY]
