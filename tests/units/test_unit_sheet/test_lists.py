"""Lists of units as offices send them, the real ones among them."""

import csv
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings

from movement_portal.spreadsheets.models import ImportBatch
from tests.spreadsheets.lists import run_import, tax_code
from units.models import Unit

REAL = Path(settings.BASE_DIR).parent / "shared" / "data" / "real"


def school_list(path, rows=360, *, title=True):
    """A list as the city's education office exports it: title, header in row 4, codes partly numbers."""
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet()
    first = 0
    if title:
        sheet.merge_range(0, 0, 0, 6, "DANH SÁCH THÔNG TIN HỒ SƠ TRƯỜNG")
        sheet.merge_range(1, 0, 1, 6, "NĂM HỌC: 2019-2020")
        first = 3
    head = ["Mã trường", "Tên trường", "Sở GD&ĐT", "Phòng GD&ĐT", "Địa chỉ", "Loại hình", "Loại trường", "Cấp"]
    sheet.write_row(first, 0, head)
    for number in range(rows):
        code = 79000700 + number if number % 3 else f"79000C{number:02d}" if number < 100 else f"7900Q{number}"
        office = f"Phòng GDĐT Mẫu {number % 24}" if number % 5 else ""
        sheet.write_row(
            first + 1 + number,
            0,
            [code, f"THCS Mẫu {number // 2}", "Sở Giáo dục và Đào tạo Mẫu", office, "1 Lê Lợi\nKhu 2", "Công lập",
             "Trường phổ thông", "THCS"],
        )  # fmt: skip
    workbook.close()
    return path


def centre_list(path):
    """The same export for centres: header in row 1, no Phòng."""
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["Mã trường", "Tên trường", "Sở GD&ĐT", "Địa chỉ", "Loại hình", "Loại trường", "Cấp"])
    for number in range(34):
        cells = [79000901.0 + number, f"TT GDTX Mẫu {number}", "Sở Giáo dục Mẫu", f"{number} Hai Bà", "Công lập"]
        sheet.write_row(number + 1, 0, [*cells, "", "TX"])
    workbook.close()
    return path


def company_list(path):
    """Companies whose names begin with the tax code; 30 codes come twice."""
    codes = [tax_code(number) for number in range(1, 509)]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["source_file", "tax_code", "company_name", "address", "status", "date", "industry"])
        for code in [*codes, *codes[:30]]:
            writer.writerow(["mẫu", code, f"{code} - CÔNG TY TNHH MẪU {code}", "1 Lê Lợi", "Đang hoạt động", "", ""])
    return path


MADE = {
    "schools-lower-secondary.xlsx": (school_list, 4, 360, 0),
    "schools-continuing-education.xlsx": (centre_list, 1, 34, 0),
    "enterprises.csv": (company_list, 1, 508, 30),
}


def files(folder):
    """The lists that are there: real ones where they lie beside the repository, and one made like each."""
    cases = [pytest.param(name, None, id=f"made-{name}") for name in MADE]
    return cases + [pytest.param(name, folder / name, id=f"real-{name}") for name in MADE if (folder / name).exists()]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "path"), files(REAL))
def test_a_real_list_goes_in_and_again_changes_nothing(place, tmp_path, name, path):
    make, header_row, new, refused = MADE[name]
    path = path or make(tmp_path / name)
    options = {"officer": place.above.username, "area": place.province.code}
    preview = run_import(path, **options)
    assert preview["header_row"] == header_row
    assert preview["counts"] == {"new": new, "changed": 0, "same": 0, "refused": refused}
    assert not Unit.objects.exists()
    assert not ImportBatch.objects.exists()
    run_import(path, commit=True, **options)
    assert Unit.objects.count() == new
    again = run_import(path, **options)
    assert again["counts"] == {"new": 0, "changed": 0, "same": new, "refused": refused}
    assert len(again["refused"]) == refused
    assert all("Trùng với dòng" in each["reason"] for each in again["refused"])
