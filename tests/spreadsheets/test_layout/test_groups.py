"""Group rows name the rows below them; a header further down begins another table."""

import pytest

from movement_portal.spreadsheets import layout
from tests.spreadsheets.test_layout.sheets import (
    HEADER,
    assert_all_accounted,
    names,
    reasons,
    table_of,
    tables_of,
    unit,
)


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
