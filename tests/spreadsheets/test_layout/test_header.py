"""Which lines of a sheet are its title and header, and what its columns are called."""

import pytest

from movement_portal.spreadsheets.layout import unique
from tests.spreadsheets.test_layout.sheets import HEADER, TITLES, names, table_of, unit


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
