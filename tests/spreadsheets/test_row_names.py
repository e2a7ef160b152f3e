"""What a row of a list is called where it is named: never by its running number."""

import pytest

from movement_portal.spreadsheets.drafts import Draft

KEYS = (("code",), ("unit", "year"))


def draft(cells, columns=None, **values):
    columns = columns or {"name": "Tên", "code": "Mã", "unit": "Đơn vị", "year": "Năm"}
    return Draft("Trang 1", 12, cells={"TT": "7", **cells}, values=values, columns=columns)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (draft({"Tên": "Sở Y tế"}, name="Sở Y tế"), "Sở Y tế"),
        (draft({"Mã": "0312"}, code="0312"), "0312"),
        (draft({"Đơn vị": "Trường Mẫu", "Năm": "2024"}), "Trường Mẫu, 2024"),
        (draft({"Năm": "2024"}), "Dòng 12"),
        (draft({"Năm": "2024"}, columns={"year": "Năm"}), "2024"),
        (draft({}), "Dòng 12"),
    ],
    ids=["name", "code", "all of a key", "first of a key is empty", "first of a key is of all rows", "nothing"],
)
def test_a_row_is_called_by_what_tells_it_apart(row, name):
    assert row.called(KEYS) == name


def test_a_refused_row_without_a_name_is_not_called_by_its_running_number(place):
    batch = place.checked(["STT", "Tên đơn vị", "Khối", "Xã, phường"], ["7", "", "Doanh nghiệp", "Phường An Phú"])
    assert batch.rows.get().label.startswith("Dòng ")
