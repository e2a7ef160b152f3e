"""The workbook of the rows that stayed behind: as the office wrote it, ready to be put right and sent again."""

import io

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from movement_portal.spreadsheets import correcting, workflow
from movement_portal.spreadsheets.refused import REASON_HEADER, write_refused
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import UnitFactory
from tests.spreadsheets.lists import tax_code
from units.models import Unit

HEADER = ["STT", "Ghi chú riêng", "Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]


def office_file(*rows, name="danh-sách.xlsx"):
    """A workbook with a letterhead, a merged title, and the header in its fifth row."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Doanh nghiệp")
        sheet.write("A1", "CÔNG AN TỈNH MẪU SƠN")
        sheet.merge_range("A3:F3", "DANH SÁCH DOANH NGHIỆP NĂM 2026")
        sheet.write_row("A5", HEADER)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number + 4, 0, [number, "", *row])
    return SimpleUploadedFile(name, stream.getvalue())


def checked(place, file):
    batch = workflow.upload(sheet_for("units"), file, by=place.officer)
    return workflow.choose(batch.pk, by=place.officer, mapping=batch.mapping, constants={}, default_area=None)


def row(number, kind="Doanh nghiệp", commune="Phường An Phú"):
    return [f"Công ty Mẫu {number}", kind, tax_code(number), commune]


def refused_sheet(batch):
    stream = io.BytesIO()
    write_refused(stream, batch)
    return openpyxl.load_workbook(io.BytesIO(stream.getvalue())), stream.getvalue()


@pytest.fixture
def batch(place):
    return checked(place, office_file(row(1), row(2, kind="Gì đó"), row(3, commune="Thị xã A")))


def test_the_head_and_the_columns_stand_where_they_stood(batch):
    sheet = refused_sheet(batch)[0]["Doanh nghiệp"]
    assert sheet["A1"].value == "CÔNG AN TỈNH MẪU SƠN"
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A3:F3"]
    assert [cell.value for cell in sheet[5]] == [*HEADER, REASON_HEADER]


def test_only_refused_rows_are_in_it_with_coloured_cells_and_reasons(batch):
    sheet = refused_sheet(batch)[0]["Doanh nghiệp"]
    assert [cell.value for cell in sheet["C"][5:]] == ["Công ty Mẫu 2", "Công ty Mẫu 3"]
    assert "không có trong danh mục" in sheet["G6"].value
    assert sheet["D6"].fill.fgColor.rgb.endswith("F8D7DA")
    assert not sheet["C6"].fill.fgColor.rgb.endswith("F8D7DA")


def test_numbers_stay_numbers_and_codes_stay_text(batch):
    sheet = refused_sheet(batch)[0]["Doanh nghiệp"]
    assert (sheet["A6"].value, sheet["E6"].value) == (2, tax_code(2))


@pytest.mark.slow
def test_put_right_it_goes_in_by_itself(place, batch):
    workflow.commit(batch.pk, by=place.officer, mode="good_rows")
    book, _ = refused_sheet(batch)
    sheet = book["Doanh nghiệp"]
    sheet["D6"], sheet["F7"] = "Doanh nghiệp", "Phường An Phú"
    stream = io.BytesIO()
    book.save(stream)
    again = checked(place, SimpleUploadedFile("sua-lai.xlsx", stream.getvalue()))
    assert (again.counts["new"], again.counts["refused"]) == (2, 0)
    workflow.commit(again.pk, by=place.officer)
    assert Unit.objects.count() == 3


def test_what_was_typed_on_the_page_stands_in_the_cell(place, batch):
    found = batch.rows.get(number=7)
    correcting.edit(batch.pk, found.pk, by=place.officer, text="Vẫn sai", column="Khối", key="kind")
    assert refused_sheet(batch)[0]["Doanh nghiệp"]["D6"].value == "Vẫn sai"


def test_rows_that_wait_for_a_decision_stay_behind_too(place):
    UnitFactory(name="Công ty TNHH Sao Mai Vàng", jurisdiction=place.ward)
    batch = checked(place, office_file(["Công ty Sao Mai Vàng", "Doanh nghiệp", "", "Phường An Phú"]))
    sheet = refused_sheet(batch)[0]["Doanh nghiệp"]
    assert "chưa quyết định" in sheet["G6"].value


def test_a_list_without_refused_rows_gives_an_empty_workbook(place):
    batch = checked(place, office_file(row(1)))
    assert refused_sheet(batch)[0].sheetnames == ["Không còn dòng nào"]


def test_a_formula_in_a_cell_stays_text(place):
    batch = checked(place, office_file(["=1+1", "Gì đó", "", "Phường An Phú"]))
    sheet = refused_sheet(batch)[0]["Doanh nghiệp"]
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
