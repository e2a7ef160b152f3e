"""Lists out by command: what the officer may see, as asked for, in a form that comes in again."""

import csv

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from movement_portal.audit.models import AuditEvent
from movement_portal.jurisdictions.enums import Function
from tests.factories import OfficerFactory, UnitFactory


@pytest.fixture
def units(place):
    return [
        UnitFactory(jurisdiction=place.ward, name="Sở Mẫu", kind="agency"),
        UnitFactory(jurisdiction=place.commune, name="Công ty Mẫu", kind="enterprise"),
        UnitFactory(jurisdiction=place.far, name="Trường Ở Xa", kind="school"),
    ]


def export(path, officer, *, sheet="units", area="", where=()):
    """The rows of the file written for an officer, each by header."""
    call_command("export_sheet", sheet, officer=officer.username, out=path, area=area, where=list(where))
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream, delimiter=";"))
    table = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    start = next(place for place, row in enumerate(table) if "Tên đơn vị" in row)
    return [dict(zip(table[start], row, strict=True)) for row in table[start + 1 :] if any(row)]


def names(rows):
    return {row["Tên đơn vị"] for row in rows}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_the_officer_may_see_goes_out(place, units, tmp_path, form):
    assert names(export(tmp_path / f"so.{form}", place.officer)) == {"Sở Mẫu", "Công ty Mẫu"}


def test_one_area_goes_out(place, units, tmp_path):
    assert names(export(tmp_path / "so.csv", place.officer, area=place.ward.code)) == {"Sở Mẫu"}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (["Khối=doanh nghiệp"], {"Công ty Mẫu"}),
        (["kind=agency"], {"Sở Mẫu"}),
        (["Khối=Cơ quan", "Tên đơn vị=Công ty Mẫu"], set()),
        (["tax_code="], {"Sở Mẫu", "Công ty Mẫu"}),
    ],
)
def test_conditions_are_said_in_the_words_of_the_list(place, units, tmp_path, where, found):
    assert names(export(tmp_path / "so.csv", place.officer, where=where)) == found


def test_what_goes_out_comes_in_the_same(place, units, tmp_path, capsys):
    path = tmp_path / "so.xlsx"
    export(path, place.officer)
    call_command("import_sheet", "units", path, officer=place.officer.username)
    told = capsys.readouterr().out
    assert "0 thêm mới" in told
    assert "0 bị từ chối" in told


def test_an_export_is_logged_under_the_officer(place, units, tmp_path):
    export(tmp_path / "so.csv", place.officer, where=["Khối=Cơ quan"])
    event = AuditEvent.objects.get(kind="export")
    assert (event.officer, "1 dòng" in event.label, "Khối: Cơ quan" in event.reason) == (place.officer, True, True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"where": ["Không có=1"]}, "phải có dạng"),
        ({"where": ["Khối=Gì đó"]}, "không có trong danh mục"),
        ({"where": ["jurisdiction=1"]}, "phải có dạng"),
        ({"area": "99999"}, "Không có địa bàn"),
        ({"sheet": "khong-co"}, "Không có loại bảng"),
    ],
)
def test_what_cannot_be_done_is_told(place, tmp_path, options, told):
    with pytest.raises(CommandError, match=told):
        export(tmp_path / "so.csv", place.officer, **options)
    assert not AuditEvent.objects.filter(kind="export").exists()


def test_an_area_out_of_reach_is_not_known(place, tmp_path):
    with pytest.raises(CommandError, match="Không có địa bàn"):
        export(tmp_path / "so.csv", place.officer, area=place.far.code)


def test_another_form_of_file_is_refused(place, tmp_path):
    with pytest.raises(CommandError, match=r"\.xlsx"):
        export(tmp_path / "so.pdf", place.officer)


def test_without_the_right_nothing_goes_out(place, tmp_path):
    keeper = OfficerFactory(jurisdiction=place.province, jurisdiction__function=Function.MANAGE_ACCOUNTS)
    with pytest.raises(CommandError, match="không có quyền xuất"):
        export(tmp_path / "so.csv", keeper)
