"""Files as offices send them become tables, and nothing in them is dropped unseen."""

from pathlib import Path

import pytest
from django.conf import settings

from movement_portal.spreadsheets.layout import GHOST
from movement_portal.spreadsheets.tables import UnreadableFile, clean_text
from tests.spreadsheets.workbooks import SCHOOL_HEADERS, school_list

#: Rows and header row of the real lists, where they stand beside the clone.
REAL = Path(settings.BASE_DIR).parent / "shared" / "data" / "real"
REAL_COUNTS = {
    "schools-lower-secondary.xlsx": (360, 4),
    "schools-continuing-education.xlsx": (34, 1),
    "enterprises.csv": (538, 1),
}


def lists(tmp_path):
    """The generated list, and the real ones that are there."""
    yield school_list(tmp_path / "schools.xlsx"), 360, 4
    yield from ((path, *REAL_COUNTS[path.name]) for path in sorted(REAL.glob("*")) if path.name in REAL_COUNTS)


@pytest.mark.slow
def test_whole_lists_are_read(read, tmp_path):
    for path, count, header_row in lists(tmp_path):
        (sheet,) = read(path).sheets
        assert (path.name, len(sheet.rows), sheet.header_row) == (path.name, count, header_row)
        assert [row.number for row in sheet.rows] == list(range(header_row + 1, header_row + count + 1))


@pytest.mark.slow
def test_list_of_schools(read, tmp_path):
    (sheet,) = read(school_list(tmp_path / "schools.xlsx")).sheets
    assert sheet.headers == SCHOOL_HEADERS
    assert sheet.title == ["DANH SÁCH THÔNG TIN HỒ SƠ TRƯỜNG", "NĂM HỌC: 2019-2020"]
    assert sheet.rows[0].cells[:2] == ["079000707", "THCS Bình Khánh 0"]
    assert sheet.rows[1].cells[0] == 79_000_708
    assert sheet.rows[11].cells[4] == "Ấp 11\nXã Mẫu"
    assert all(cell == clean_text(cell) for row in sheet.rows for cell in row.cells if isinstance(cell, str))
    assert [(line.lines, line.reason) for line in sheet.skipped] == [("365-667", GHOST)]


def test_a_text_that_only_its_name_calls_a_workbook_is_refused(read, tmp_path):
    with pytest.raises(UnreadableFile, match="tệp văn bản"):
        read(b"not a workbook", "wrong.xlsx")
    assert read(b"not a workbook", "ghi-chu.csv").sheets[0].header_row == 0
