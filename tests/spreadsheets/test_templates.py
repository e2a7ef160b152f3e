"""The empty workbook of each kind of list: what stands in it, and that a filled one comes in by itself."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.blank_workbooks import write_template
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.fillable import fillable_fields
from movement_portal.spreadsheets.sheets import sheet_for, sheets
from tests.factories import JurisdictionFactory, OfficerFactory, PostingFactory
from tests.spreadsheets.books import drop_down, header_of
from tests.spreadsheets.lists import tax_code
from units.models import Grouping, Headcount, Unit

pytestmark = pytest.mark.django_db
NAMES = [sheet.name for sheet in sheets()]


def template(name, officer):
    stream = io.BytesIO()
    write_template(stream, sheet_for(name), officer=officer)
    return openpyxl.load_workbook(stream)


def filled(workbook, *rows):
    """The workbook with these rows (values by label) below the examples, as the bytes an office sends."""
    table = workbook.worksheets[0]
    header, columns = header_of(table)
    first = header + 1
    while table.cell(first, 1).value == "Ví dụ":
        first += 1
    for at, values in enumerate(rows):
        table.cell(first + at, 1).value = at + 1
        for label, value in values.items():
            cell = table.cell(first + at, columns[label])
            cell.value = value
            if isinstance(value, str):
                # Excel keeps what is typed into a cell of text; openpyxl would make a formula of “=…”.
                cell.data_type = "s"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_kind_has_its_columns_a_guide_and_examples(place, name):
    workbook = template(name, place.above)
    table, guide, lists = workbook.worksheets
    assert lists.sheet_state == "hidden"
    header, columns = header_of(table)
    labels = [each.label for each in fillable_fields(sheet_for(name))]
    assert list(columns)[1:] == labels
    assert table.cell(header + 1, 1).value == "Ví dụ"
    told = [row[0] for row in guide.iter_rows(values_only=True)]
    assert set(labels) <= set(told)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_an_empty_one_has_no_rows(place, name):
    PostingFactory(officer=place.above, office=place.above.office, function=Function.MANAGE_ACCOUNTS)
    chief = Officer.objects.get(pk=place.above.pk)
    data = filled(template(name, chief))
    batch = workflow.upload(sheet_for(name), SimpleUploadedFile("mau.xlsx", data), by=chief)
    assert (batch.state, batch.failure) == (BatchState.FAILED, "Tệp không có dòng dữ liệu nào.")


@pytest.mark.slow
def test_a_filled_one_comes_in_with_nothing_to_match(place):
    Grouping.objects.create(kind="sector", name="Dệt may")
    rows = [
        {
            "Tên đơn vị": "=Công ty Mẫu",
            "Khối": "Doanh nghiệp",
            "Mã số thuế": tax_code(1),
            "Xã, phường": "Phường An Phú",
            "Điện thoại người đứng đầu": "0912345678",
            "Năm": 2026,
            "Số cán bộ, nhân viên, người lao động": 12,
            "Ngành, lĩnh vực": "Dệt may",
            "Hưởng ngân sách nhà nước": "Không",
            "Tình trạng": "Tạm ngừng hoạt động",
            "Tình trạng từ ngày": datetime.date(2026, 2, 1),
        },
        {"Tên đơn vị": "Trường Mẫu", "Khối": "Cơ sở giáo dục", "Mã trường": "000123", "Xã, phường": "Xã Bình Lộc"},
    ]
    data = filled(template("units", place.officer), *rows)
    batch = workflow.upload(sheet_for("units"), SimpleUploadedFile("mau.xlsx", data), by=place.officer)
    assert list(batch.mapping) == ["Đơn vị"]
    keys = dict(batch.mapping["Đơn vị"])
    assert keys.pop("TT") in ("", "-")
    assert all(keys.values())
    assert [line["reason"] for line in batch.layout["sheets"][0]["skipped"]].count("dòng ví dụ của tệp mẫu") == 2
    batch = workflow.run_check(batch.pk, by=place.officer)
    assert (batch.counts["new"], batch.counts["refused"]) == (2, 0), [row.problems for row in batch.rows.all()]
    workflow.commit(batch.pk, by=place.officer)
    company, school = Unit.objects.order_by("id")
    assert (company.name, company.jurisdiction, company.status) == ("=Công ty Mẫu", place.ward, "suspended")
    assert company.sector.name == "Dệt may"
    assert Headcount.objects.get(unit=company).staff_count == 12
    assert (school.school_code, school.jurisdiction) == ("000123", place.commune)


def test_areas_are_those_within_reach(place):
    assert drop_down(template("units", place.local), "Xã, phường") == ["Phường An Phú"]
    assert drop_down(template("units", place.officer), "Xã, phường") == ["Phường An Phú", "Xã Bình Lộc"]


def test_areas_of_one_name_are_told_apart_by_their_province(place):
    JurisdictionFactory(name="Bình Lộc", parent=place.elsewhere)
    offered = drop_down(template("units", place.above), "Xã, phường")
    assert sorted(name for name in offered if "Bình Lộc" in name) == [
        "Xã Bình Lộc, Tỉnh Mẫu Hải",
        "Xã Bình Lộc, Tỉnh Mẫu Sơn",
    ]


@pytest.mark.slow
def test_every_area_that_is_offered_is_found_by_the_import(place):
    JurisdictionFactory(name="Bình Lộc", parent=place.elsewhere)
    workbook = template("units", place.above)
    offered = drop_down(workbook, "Xã, phường")
    rows = [{"Tên đơn vị": f"Sở {at}", "Khối": "Cơ quan", "Xã, phường": name} for at, name in enumerate(offered)]
    batch = workflow.upload(sheet_for("units"), SimpleUploadedFile("m.xlsx", filled(workbook, *rows)), by=place.above)
    batch = workflow.run_check(batch.pk, by=place.above)
    assert (batch.counts["new"], batch.counts["refused"]) == (len(offered), 0)
    assert len({row.values["jurisdiction"] for row in batch.rows.all()}) == len(offered)


def test_codes_are_text_dates_are_dates(place):
    table = template("units", place.officer).worksheets[0]
    header, columns = header_of(table)
    formats = {label: table.cell(header + 1, columns[label]).number_format for label in columns}
    assert formats["Mã số thuế"] == formats["Điện thoại người đứng đầu"] == "@"
    assert formats["Tình trạng từ ngày"] == "dd/mm/yyyy"
    assert formats["Doanh thu (đồng/năm)"] == "#,##0"


# -- page, command -----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_page_gives_it_to_who_may_import(client, place):
    client.force_login(place.officer)
    response = client.get(reverse("spreadsheets:sheet_template", args=["units"]))
    assert "mau-units.xlsx" in response["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(response.getvalue())).sheetnames[0] == "Đơn vị"
    upload = client.get(reverse("spreadsheets:import_upload")).content.decode()
    assert reverse("spreadsheets:sheet_template", args=["units"]) in upload


def test_no_one_else_gets_it(client, place):
    client.force_login(place.clerk)
    assert client.get(reverse("spreadsheets:sheet_template", args=["units"])).status_code == 403


def test_what_a_place_below_the_province_may_not_write_it_gets_no_template_of(client, place):
    client.force_login(place.local)
    assert client.get(reverse("spreadsheets:sheet_template", args=["areas"])).status_code == 403


def test_an_unknown_kind_is_not_there(client, place):
    client.force_login(place.officer)
    assert client.get(reverse("spreadsheets:sheet_template", args=["gi-do"])).status_code == 404


def test_the_command_writes_the_same(place, tmp_path, capsys):
    call_command("sheet_template", "units", officer=place.local.username, out=tmp_path / "mau.xlsx")
    assert drop_down(openpyxl.load_workbook(tmp_path / "mau.xlsx"), "Xã, phường") == ["Phường An Phú"]
    assert "Đã ghi tệp mẫu" in capsys.readouterr().out


def test_the_command_refuses_who_may_not_import(place, tmp_path):
    reader = OfficerFactory(jurisdiction=place.province, jurisdiction__function=Function.READ)
    with pytest.raises(CommandError, match="không có quyền"):
        call_command("sheet_template", "units", officer=reader.username, out=tmp_path / "mau.xlsx")
