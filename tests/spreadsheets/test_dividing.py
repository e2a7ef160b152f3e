"""A cell with a name, an address and telephones comes apart; nothing of it is lost, and a mere name stays whole."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.dividing import Divided, divide, divisible

TOGETHER = [
    ("Công ty TNHH A, 12 Lê Lợi, P.1, ĐT: 0651.3812345", ("Công ty TNHH A", "12 Lê Lợi, P.1", "0651.3812345")),
    ("Công ty B\nĐịa chỉ: 1 Lê Lợi, Xã C\nĐT: 0651.3812345", ("Công ty B", "1 Lê Lợi, Xã C", "0651.3812345")),
    ("Công ty D - Số 1 Lê Lợi, Phường E (ĐT 0912345001)", ("Công ty D", "Số 1 Lê Lợi, Phường E", "0912345001")),
    ("Trường MN Hoa Mai (ĐT: 0912 345 678 - 0651 381 2345)", ("Trường MN Hoa Mai", "", "0912 345 678 - 0651 381 2345")),
    ("Trường THPT số 2 An Nhơn, ấp 3, xã Bình Lộc", ("Trường THPT số 2 An Nhơn", "ấp 3, xã Bình Lộc", "")),
    ("Nhà máy 19/5, KCN Sông Mẫu, 0274.3812345", ("Nhà máy 19/5", "KCN Sông Mẫu", "0274.3812345")),
    ("Công ty G, ĐC: 15/7B Lê Lai, SĐT 0913.123.456", ("Công ty G", "15/7B Lê Lai", "0913.123.456")),
    ("Công ty H 0912345678", ("Công ty H", "", "0912345678")),
    ("Trường TH Kim Đồng, P5, TP Mẫu", ("Trường TH Kim Đồng", "P5, TP Mẫu", "")),
    ("Công ty I; Tổ 4, KP.2; Tel (0651) 3812345", ("Công ty I", "Tổ 4, KP.2", "(0651) 3812345")),
    ("Công ty K, 12 Lê Lợi, Fax: 0651.3812346", ("Công ty K", "12 Lê Lợi, Fax: 0651.3812346", "")),
]
WHOLE = [
    "Công ty TNHH A, B và C",
    "Chi nhánh Công ty X - Phường 7",
    "Công ty CP 72 Lê Lợi",
    "Công ty TNHH MTV 622 - Quân khu 9",
    "Công ty Đầu tư ĐT Mẫu",
    "Công ty TNHH A; ĐT: không có",
    "12 Lê Lợi",
    "UBND xã Bình Lộc",
    "Trường Tiểu học 30/4",
    "",
]


@pytest.mark.parametrize(("text", "parts"), TOGETHER)
def test_what_stands_together_comes_apart(text, parts):
    assert divide(text) == Divided(*parts)


@pytest.mark.parametrize("text", WHOLE)
def test_a_name_stays_whole(text):
    assert divide(text) == Divided(text)


LABELS = {"dia", "chi", "dt", "dc", "sdt", "tel", "so", "tru"}
PIECES = [
    "Công ty",
    "TNHH",
    "12",
    "Lê Lợi",
    ",",
    " - ",
    "ĐT:",
    "0651.3812345",
    "P.1",
    "(",
    ")",
    "ấp 3",
    "Địa chỉ:",
    "\n",
]


def words(text):
    return sorted(word for word in re.findall(r"\w+", fold(text)) if word not in LABELS)


@pytest.mark.slow
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_no_word_is_lost(text):
    parts = divide(text)
    assert words(f"{parts.name} {parts.address} {parts.phones}") == words(text)


def test_a_split_is_proposed_where_most_cells_come_apart():
    assert [parts.name for _, parts in divisible(["A, 1 Lê Lợi", "B, 2 Lê Lợi", "C"])] == ["A", "B"]
    assert divisible(["A, 1 Lê Lợi", "B", "C", "D"]) == ()


@pytest.mark.parametrize("piece", ["1 ", ", ", "(", "0651.3812345 ", "ĐT: ", "0", "1/", "\n", "A, 12/", " "])
def test_no_cell_takes_long(piece):
    began = time.process_time()
    for repeats in (1_000 // len(piece), 32_000 // len(piece)):
        divide(f"a{piece * repeats}b")
    assert time.process_time() - began < 1
