"""Which lines below the header are rows, and why others are not; nothing is dropped unseen."""

import json

import pytest

from movement_portal.spreadsheets import layout
from tests.spreadsheets.test_layout.sheets import (
    HEADER,
    TITLES,
    assert_all_accounted,
    names,
    reasons,
    table_of,
    unit,
)


def test_numbering_of_columns_is_skipped():
    for numbering in (["(1)", "(2)", "(3)", "(4)"], [1, 2, 3, 4], ["A", "B", 1, 2]):
        table = table_of([HEADER, numbering, unit(1)])
        assert reasons(table) == {"2": layout.COLUMN_NUMBERS}
        assert len(table.rows) == 1


def test_blank_lines_are_one_entry_a_run():
    table = table_of([HEADER, unit(1), [], [], [], unit(2), [], unit(3)], last_row=400)
    assert reasons(table) == {"3-5": layout.BLANK, "7": layout.BLANK, "9-400": layout.GHOST}
    assert [row.number for row in table.rows] == [2, 6, 8]


def test_numbered_lines_left_empty_are_no_rows():
    table = table_of([HEADER, unit(1), unit(2), [3], ["4"], unit(5)])
    assert reasons(table) == {"4": layout.ONLY_NUMBER, "5": layout.ONLY_NUMBER}
    assert [row.number for row in table.rows] == [2, 3, 6]


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
