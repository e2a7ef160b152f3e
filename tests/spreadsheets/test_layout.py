"""Header, rows and everything else of a sheet are told apart, and every line is accounted for."""

import io
import json

import pytest

from movement_portal.spreadsheets import layout
from movement_portal.spreadsheets.layout import RawSheet, lay_out, unique
from movement_portal.spreadsheets.rows import AnswerFile
from tests.spreadsheets.workbooks import known_header

TITLES = [
    ["CÔNG AN TỈNH MẪU", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["PHÒNG XÂY DỰNG PHONG TRÀO", None, None, "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH CƠ QUAN, DOANH NGHIỆP, NHÀ TRƯỜNG"],
]
HEADER = ["STT", "Tên đơn vị", "Địa chỉ", "Số người"]


def unit(number, name=None, place="Xã Mẫu", count=12):
    return [number, name or f"Trường số {number}", place, count]


class Memory(io.BytesIO):
    """The parser's answer without a parser."""

    def fileno(self):
        return -1


def tables_of(lines, *, merges=(), known=known_header, header_rows=(), **facts):
    """Lay out lines given as lists of cells; an empty one is a blank line; merges count rows and columns from 0."""
    rows = (
        (number, list(cells), (0, 0), None)
        for number, cells in enumerate(lines, start=1)
        if any(c is not None for c in cells)
    )
    raw = RawSheet("Bảng", rows, AnswerFile(Memory()), merges=[list(merge) for merge in merges], **facts)
    return lay_out(raw, known_header=known, header_rows=header_rows)


def table_of(lines, **given):
    """The one table of the lines."""
    (table,) = tables_of(lines, **given)
    return table


def names(table, column=1):
    return [row.cells[column] for row in table.rows]


def reasons(table):
    return {line.lines: line.reason for line in table.skipped}


def assert_all_accounted(table, lines):
    """Rows, skipped lines, header and titles together are all lines from the first to the last."""
    first = table.header_row - table.header_height + 1
    told = {row.number for row in table.rows} | set(range(first, table.header_row + 1))
    for line in table.skipped:
        told |= set(range(line.number, (line.last or line.number) + 1))
    filled = {number for number, cells in enumerate(lines, start=1) if any(cell is not None for cell in cells)}
    titles = {number for number in filled if number < first}
    assert len(titles) == len(table.title)
    assert filled <= told | titles
    assert len({row.number for row in table.rows} & {line.number for line in table.skipped}) == 0


# -- the header --------------------------------------------------------------------------------------------------------


def test_header_below_titles():
    table = table_of([*TITLES, HEADER, unit(1), unit(2)])
    assert (table.header_row, table.headers, table.running_number) == (5, HEADER, 0)
    assert table.title[0] == "CÔNG AN TỈNH MẪU | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert len(table.title) == 3
    assert names(table) == ["Trường số 1", "Trường số 2"]


@pytest.mark.parametrize(
    "header",
    [
        ["STT", "Ký hiệu", "Nơi đóng quân", "Quân số"],
        ["Ký hiệu", "Nơi đóng quân", "Người phụ trách", "Ghi nhận"],
        ["Đơn vị", "Năm 2024", "Năm 2025", "Cộng dồn"],
    ],
)
def test_header_of_unknown_words(header):
    lines = [*TITLES, header, [1, "K12", "Xã A", 5], [2, "K13", "Xã B", 6], [3, "K14", "Xã C", 7]]
    table = table_of(lines, known={}.__contains__)
    assert (table.header_row, table.headers) == (5, header)


def test_known_headers_win_over_an_earlier_line_of_words():
    lines = [["Kỳ báo cáo", "Tháng năm", "Người gửi", "Văn A"], [], HEADER, unit(1), unit(2)]
    assert table_of(lines).header_row == 3


def test_title_in_merged_cells_does_not_count():
    title = ["DANH SÁCH ĐƠN VỊ TRÊN ĐỊA BÀN"] * 4
    table = table_of([title, HEADER, unit(1)], merges=[(0, 0, 0, 3)])
    assert (table.header_row, table.title) == (2, ["DANH SÁCH ĐƠN VỊ TRÊN ĐỊA BÀN"])


def test_title_over_a_part_of_the_list_is_no_header():
    table = table_of([[None, "DỮ LIỆU ĐƠN VỊ", None, None], HEADER, unit(1)], merges=[(0, 1, 0, 2)])
    assert (table.header_row, table.headers) == (2, HEADER)


def test_header_of_two_rows_is_joined():
    lines = [
        ["TT", "Tên đơn vị", "Số lượng", None, "Ghi chú"],
        [None, None, "Chuyên trách", "Bán chuyên trách", None],
        [1, "Trường A", 2, 3, None],
    ]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)]
    for given in (merges, []):
        table = table_of(lines, merges=given)
        assert table.headers == [
            "TT", "Tên đơn vị", "Số lượng > Chuyên trách", "Số lượng > Bán chuyên trách", "Ghi chú",
        ]  # fmt: skip
        assert (table.header_row, table.header_height) == (2, 2)
        assert table.rows[0].cells == [1, "Trường A", 2, 3, None]


def test_header_of_three_rows_is_joined():
    lines = [
        ["TT", "Tên đơn vị", "Lực lượng", None, None, None],
        [None, None, "Chuyên trách", None, "Bán chuyên", None],
        [None, None, "Nam", "Nữ", "Nam", "Nữ"],
        [1, "Trường A", 1, 2, 3, 4],
    ]
    merges = [(0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 0, 5), (1, 2, 1, 3), (1, 4, 1, 5)]
    table = table_of(lines, merges=merges)
    assert table.header_height == 3
    assert table.headers[2:4] == ["Lực lượng > Chuyên trách > Nam", "Lực lượng > Chuyên trách > Nữ"]
    assert len(table.rows) == 1


def test_header_with_one_column_below_a_part_of_it_is_joined():
    lines = [
        ["TT", "Thông tin đơn vị", None, "Liên hệ", "Số lượng", None],
        [None, "Tên đơn vị", "Địa chỉ", "Điện thoại", "Chung", "Trong đó"],
        [None, None, None, None, None, "Nữ"],
        [1, "Trường A", "Xã Mẫu", "0912345678", 12, 5],
    ]
    merges = [(0, 0, 2, 0), (0, 1, 0, 2), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (0, 4, 0, 5), (1, 4, 2, 4)]
    table = table_of(lines, merges=merges)
    assert (table.header_row, table.header_height, len(table.rows)) == (3, 3, 1)
    assert table.headers[3:] == ["Liên hệ > Điện thoại", "Số lượng > Chung", "Số lượng > Trong đó > Nữ"]


@pytest.mark.parametrize("years", [[2024, 2025], ["2024", "2025"], ["2023-2024", "2024-2025"]])
def test_years_below_a_header_are_a_part_of_it(years):
    """Else the number of one year would be read as that of another."""
    lines = [["TT", "Tên đơn vị", "Số người", None], [None, None, *years], [1, "Trường A", 12, 13]]
    for merges in ([(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)], []):
        table = table_of(lines, merges=merges)
        assert table.headers[2:] == [f"Số người > {year}" for year in years]
        assert [row.cells for row in table.rows] == [[1, "Trường A", 12, 13]]


def test_rows_that_share_a_merged_cell_are_no_header():
    lines = [["Ký hiệu", "Nơi đóng quân", "Người phụ trách"], ["K1", "Xã A", "Văn A"], ["K2", None, "Văn B"]]
    table = table_of(lines, merges=[(1, 1, 2, 1)], known={}.__contains__)
    assert (table.header_row, table.header_height, len(table.rows)) == (1, 1, 2)


def test_row_of_words_below_a_header_is_no_header():
    lines = [
        ["Tên đơn vị", "Địa chỉ", "Loại hình"],
        ["Trường A", "Xã Mẫu", "Công lập"],
        ["Trường B", "Xã Mẫu", "Tư thục"],
    ]
    table = table_of(lines)
    assert (table.header_row, table.header_height, len(table.rows)) == (1, 1, 2)


def test_sheet_without_a_header_keeps_every_line():
    lines = [[1, "0101", 5, "A"], [2, "0102", 6, "B"]]
    table = table_of(lines)
    assert (table.header_row, table.headers) == (0, ["Cột A", "Cột B", "Cột C", "Cột D"])
    assert [row.cells for row in table.rows] == lines


def test_header_texts_are_clean_and_unique():
    table = table_of([["Tên\nđơn vị", "Ghi chú", "Ghi chú", "Địa chỉ"], ["A", "b", "c", "d"]])
    assert table.headers == ["Tên đơn vị", "Ghi chú", "Ghi chú (2)", "Địa chỉ"]
    assert unique(["a", "a", "a (2)"]) == ["a", "a (2)", "a (2) (2)"]


def test_column_without_a_header_is_kept_when_it_has_values():
    table = table_of([["Tên đơn vị", None, "Địa chỉ", None], ["A", None, "x", "lạ"], ["B", None, "y", None]])
    assert (table.headers, table.letters) == (["Tên đơn vị", "Địa chỉ", "Cột D"], ["A", "C", "D"])
    assert [row.cells for row in table.rows] == [["A", "x", "lạ"], ["B", "y", None]]


@pytest.mark.parametrize("text", ["TT", "STT", "Stt.", "S.T.T", "S\nT\nT", "Số TT", "Số thứ tự"])
def test_running_number(text):
    assert table_of([[text, *HEADER[1:]], unit(1)]).running_number == 0


# -- the lines below ---------------------------------------------------------------------------------------------------


def test_numbering_of_columns_is_skipped():
    for numbering in (["(1)", "(2)", "(3)", "(4)"], [1, 2, 3, 4], ["A", "B", 1, 2]):
        table = table_of([HEADER, numbering, unit(1)])
        assert reasons(table) == {"2": layout.COLUMN_NUMBERS}
        assert len(table.rows) == 1


def test_blank_lines_are_one_entry_a_run():
    table = table_of([HEADER, unit(1), [], [], [], unit(2), [], unit(3)], last_row=400)
    assert reasons(table) == {"3-5": layout.BLANK, "7": layout.BLANK, "9-400": layout.GHOST}
    assert [row.number for row in table.rows] == [2, 6, 8]


def test_repeated_header_is_skipped():
    table = table_of([HEADER, unit(1), HEADER, unit(2)])
    assert reasons(table) == {"3": layout.REPEATED_HEADER}


@pytest.mark.parametrize(
    "total",
    [
        ["Tổng cộng", None, None, 24],
        [None, "Tổng cộng:", None, 24],
        [None, "Cộng", None, 24],
        ["TỔNG SỐ", None, None, 24],
        [None, "Cộng III", None, 24],
        [None, "Tổng (A+B)", None, 24],
        [None, "Tổng phường A", None, 24],
        [None, "Tổng cộng: 02 đơn vị"],
    ],
)
def test_total_is_skipped(total):
    table = table_of([HEADER, unit(1), total, unit(2)])
    assert reasons(table) == {"3": layout.TOTAL}
    assert names(table) == ["Trường số 1", "Trường số 2"]


@pytest.mark.parametrize("name", ["Tổng công ty Ước Mơ", "Cộng đồng học tập", "Công ty Cộng Hưởng", "Tổng cục A"])
def test_unit_named_like_a_total_is_a_row(name):
    for line in (unit(2, name), [None, name, "Xã Mẫu", 5]):
        assert name in names(table_of([HEADER, unit(1), line, unit(3)]))


@pytest.mark.parametrize(
    "group",
    [
        ["I. Phường A"],
        ["II", "Phường A"],
        ["III", "Phường A", None, 24],
        [None, "A. Khối doanh nghiệp"],
        ["Phường A"],
    ],
)
def test_group_row_goes_to_the_rows_below(group):
    table = table_of([HEADER, unit(1), group, unit(2), unit(3)])
    assert reasons(table) == {"3": layout.GROUP}
    # The mark may stand in a cell of its own, as before the name.
    below = (". ".join(text for text in group if isinstance(text, str)),)
    assert [row.groups for row in table.rows] == [(), below, below]


@pytest.mark.parametrize(
    "line",
    [
        ["C-01", None, "Xã Mẫu"],
        ["A", "Trường A", "Xã Mẫu"],
        ["X. Thạnh Phú", None, 12, 13],
        ["M1", "Trưởng phòng họp"],
        ["M2", "Ghi chú: thiếu"],
    ],
)
def test_row_with_a_code_is_no_group_and_no_note(line):
    header = ["Ký hiệu", "Tên đơn vị", "Địa chỉ", "Số lượng"]
    table = table_of([header, ["B1", "Trường B", "Xã Mẫu", 1], line])
    assert (len(table.rows), table.skipped) == (2, [])


@pytest.mark.parametrize(
    ("inner", "name"),
    [
        (["1. Khối mầm non"], "1. Khối mầm non"),
        (["1", "Xã Mẫu"], "1. Xã Mẫu"),
        ([1, "Khối mầm non"], "1. Khối mầm non"),
        (["1.", "Trường công lập"], "1. Trường công lập"),
        (["a) Công lập"], "a) Công lập"),
        ([None, "1.1. Khối tư thục"], "1.1. Khối tư thục"),
    ],
)
def test_groups_inside_groups_are_kept_with_those_around_them(inner, name):
    lines = [HEADER, ["I. Phường A"], unit(1), inner, unit(2), ["II. Phường B"], unit(3)]
    table = table_of(lines)
    assert [row.groups for row in table.rows] == [("I. Phường A",), ("I. Phường A", name), ("II. Phường B",)]
    assert table.group_levels == 2
    assert_all_accounted(table, lines)


def test_three_levels_and_back():
    marks = ["A. CẤP TỈNH", "I. Phường A", "1. Khối trường", "2. Khối khác", "II. Phường B", "B. CẤP XÃ", "I. Xã C"]
    table = table_of([HEADER, *(line for number, mark in enumerate(marks) for line in ([mark], unit(number)))])
    assert [row.groups for row in table.rows] == [
        ("A. CẤP TỈNH",),
        ("A. CẤP TỈNH", "I. Phường A"),
        ("A. CẤP TỈNH", "I. Phường A", "1. Khối trường"),
        ("A. CẤP TỈNH", "I. Phường A", "2. Khối khác"),
        ("A. CẤP TỈNH", "II. Phường B"),
        ("B. CẤP XÃ",),
        ("B. CẤP XÃ", "I. Xã C"),
    ]


def test_letters_go_on_after_the_letter_h():
    marks = [f"{letter}. Khối {letter}" for letter in "ABCDEGHIK"]
    table = table_of([HEADER, *(line for number, mark in enumerate(marks) for line in ([mark], unit(number)))])
    assert {len(row.groups) for row in table.rows} == {1}


@pytest.mark.parametrize("below", ["1.1", 1.1])
def test_a_name_whose_rows_are_numbered_inside_it_is_a_group(below):
    lines = [HEADER, [1, "Doanh nghiệp"], unit(below), [2, "Trường học"], [], unit("2.1"), [3, "Trạm số 3"]]
    table = table_of(lines)
    assert [row.groups for row in table.rows] == [("1. Doanh nghiệp",), ("2. Trường học",), ("2. Trường học",)]
    assert names(table)[-1] == "Trạm số 3"
    assert_all_accounted(table, lines)


@pytest.mark.parametrize("name", ["Nhóm trẻ Hoa Sen", "Trường A", "Cụm công nghiệp B", "Huyện đoàn Mẫu", "Xã đội"])
def test_a_numbered_row_with_only_a_name_is_a_row(name):
    assert name in names(table_of([HEADER, unit(1), [2, name], unit(3)]))


def test_another_header_further_down_begins_another_table():
    other = ["STT", "Tên đơn vị", "Số người", "Địa chỉ"]
    lines = [["I. DOANH NGHIỆP"], HEADER, unit(1), [None, "Người lập"], [], ["II. TRƯỜNG HỌC"], other, unit(1), unit(2)]
    first, second = tables_of(lines)
    assert (second.name, second.header_row, second.headers) == ("Bảng (bảng 2)", 7, other)
    assert [[row.number for row in table.rows] for table in (first, second)] == [[3], [8, 9]]
    assert [row.groups for row in second.rows] == [("II. TRƯỜNG HỌC",)] * 2
    assert reasons(first) == {"4": layout.CLOSING, "5": layout.BLANK, "6": layout.GROUP}
    assert second.title == first.title == ["I. DOANH NGHIỆP"]
    # Sent again, the rows that stayed behind stand under the same title.
    assert [number for number, _, _ in second.top] == [1, 7]


def test_where_the_header_of_another_table_ends_may_be_said():
    lines = [HEADER, unit(1), ["STT", "Tên đơn vị", "Số người", "Địa chỉ"], ["(1)", "Tên gọi", "Tổng", "Nơi"], unit(2)]
    _, second = tables_of(lines, header_rows=[1, 4])
    assert (second.header_row, second.headers, len(second.rows)) == (4, ["(1)", "Tên gọi", "Tổng", "Nơi"], 1)


def test_merged_row_is_a_group():
    table = table_of([HEADER, ["Các trường học"] * 4, unit(1)], merges=[(1, 0, 1, 3)])
    assert (reasons(table), table.rows[0].groups) == ({"2": layout.GROUP}, ("Các trường học",))


def test_notes_and_signatures_at_the_end_are_skipped():
    closing = [
        ["Bằng chữ: hai trường"],
        ["Ấn định danh sách này có 02 trường."],
        [None, "DUYỆT CỦA LÃNH ĐẠO", None, "CÁN BỘ THỐNG KÊ"],
        [None, "Thượng tá Nguyễn Văn Mẫu"],
        ["Ghi chú: số liệu tính đến tháng 5"],
        [None, None, "Tỉnh Mẫu, ngày 01 tháng 5 năm 2026"],
        [None, "NGƯỜI LẬP BIỂU", None, "THỦ TRƯỞNG ĐƠN VỊ"],
        [None, "(Ký, ghi rõ họ tên)"],
        [],
        [None, "Nguyễn Văn Mẫu", None, "Trần Thị Thử"],
    ]
    lines = [HEADER, unit(1), unit(2), ["Tổng cộng", None, None, 24], [], *closing]
    table = table_of(lines)
    assert len(table.rows) == 2
    assert [line.reason for line in table.skipped] == [
        layout.TOTAL, layout.BLANK, *[layout.CLOSING] * 8, layout.BLANK, layout.CLOSING,
    ]  # fmt: skip
    assert_all_accounted(table, lines)


@pytest.mark.parametrize("note", [["Ghi chú: còn thiếu"], [None, "(Còn tiếp)"], ["Trang 1/2"]])
def test_note_between_rows_does_not_end_the_list(note):
    table = table_of([HEADER, unit(1), note, unit(2), [None, "Trường số 3"]])
    assert reasons(table) == {"3": layout.NOTE}
    assert names(table) == ["Trường số 1", "Trường số 2", "Trường số 3"]


def test_sparse_last_row_is_a_row():
    table = table_of([HEADER, unit(1), [2, "Trường số 2"], [None, "Trường số 3"]])
    assert (len(table.rows), table.skipped) == (3, [])


def test_value_of_a_merged_range_belongs_to_each_of_its_rows():
    lines = [HEADER, unit(1, place="Xã A"), unit(2, place=None), unit(3, place=None), unit(4, place="Xã B")]
    table = table_of(lines, merges=[(1, 2, 3, 2)])
    assert names(table, 2) == ["Xã A", "Xã A", "Xã A", "Xã B"]


def test_value_repeated_in_a_merged_range_counts_once():
    table = table_of([HEADER, [1, "Trường A", "Trường A", 3]], merges=[(1, 1, 1, 2)])
    assert table.rows[0].cells == [1, "Trường A", None, 3]


@pytest.mark.parametrize("mark", ["nt", "-nt-", '"', "như trên"])
def test_a_mark_for_as_above_is_what_the_row_above_says(mark):
    lines = [HEADER, unit(1, place="Xã Mẫu Một"), unit(2, place=mark), unit(3, place=mark)]
    table = table_of(lines)
    assert names(table, 2) == ["Xã Mẫu Một"] * 3
    (repair,) = table.repairs
    assert (repair.how, repair.count, repair.samples) == ("ditto", 2, ((3, mark, "Xã Mẫu Một"),))


def test_a_mark_below_a_word_of_a_closed_list_is_a_word_itself():
    """“DN”, “CQ” and “nt” (nhà trường) stand in one column."""
    table = table_of([HEADER, unit(1, place="DN"), unit(2, place="nt")])
    assert (names(table, 2), table.repairs) == (["DN", "nt"], [])


def test_far_cells_are_named():
    table = table_of([HEADER, unit(1)], far=["XFD1048576"])
    assert [(line.number, line.reason, line.text) for line in table.skipped] == [(1048576, layout.FAR, "XFD1048576")]


def test_every_line_is_accounted_for():
    lines = [
        *TITLES, HEADER, ["(1)", "(2)", "(3)", "(4)"], ["I. Phường A"], unit(1), unit(2), ["Cộng", None, None, 24], [],
        HEADER, ["II. Phường B"], unit(3), [None, "lẻ"], ["Tổng cộng", None, None, 36], [None, "Người lập"],
        [None, "A"],
    ]  # fmt: skip
    table = table_of(lines)
    assert_all_accounted(table, lines)
    assert [(row.number, *row.groups) for row in table.rows] == [
        (8, "I. Phường A"), (9, "I. Phường A"), (14, "II. Phường B"), (15, "II. Phường B"),
    ]  # fmt: skip
    json.dumps([[line.number, line.reason, line.text] for line in table.skipped])
