"""Lists of activities as offices send them: days in a cell, “gần 700”, units by name or their number, out and back."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.lib.dates import today
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.sheets import sheet_for
from movement_portal.spreadsheets.values import ValueProblem
from tests.factories import ActivityFactory, UnitFactory
from tests.spreadsheets.lists import uploaded
from units.activities import set_units
from units.models import Activity, ActivityUnit
from units.sheets.activities import ACTIVITIES, parse_attendances, parse_days

HEADER = ["TT", "Ngày", "Nội dung", "Loại", "Địa điểm", "Đơn vị phối hợp", "Lượt người", "Đơn vị tham gia"]
DAY = datetime.date


@pytest.fixture
def units(place):
    return [UnitFactory(name=name, jurisdiction=place.ward) for name in ("Trường THCS Mẫu", "Công ty Sao")]


def checked(place, *rows, by=None, area=None):
    batch = workflow.upload(ACTIVITIES, uploaded(*rows), by=by or place.officer, default_area=area or place.ward)
    assert batch.state == BatchState.READ, batch.failure
    return workflow.run_check(batch.pk, by=by or place.officer)


def brought_in(place, *rows, **options):
    batch = checked(place, *rows, **options)
    assert faults(batch) == []
    return workflow.commit(batch.pk, by=options.get("by") or place.officer)


def faults(batch):
    return [problem["reason"] for row in batch.rows.all() for problem in row.problems]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("gần 700", (700, "nearly")),
        ("Trên 1.000 lượt", (1000, "over")),
        ("hơn 39.000", (39000, "over")),
        ("khoảng 1 200", (1200, "about")),
        ("~500", (500, "about")),
        ("1.200", 1200),
        (684468, 684468),
    ],
)
def test_attendances_are_read_with_what_is_said_of_them(cell, value):
    assert parse_attendances(cell).value == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("05/03/2026", DAY(2026, 3, 5)),
        ("2026-03-05", DAY(2026, 3, 5)),
        (DAY(2026, 3, 5), DAY(2026, 3, 5)),
        ("05-07/03/2026", (DAY(2026, 3, 5), DAY(2026, 3, 7))),
        ("từ 28/2 đến 02/3/2026", (DAY(2026, 2, 28), DAY(2026, 3, 2))),
        ("28/12/2025 - 02/01/2026", (DAY(2025, 12, 28), DAY(2026, 1, 2))),
        ("Quý I/2026", (DAY(2026, 1, 1), DAY(2026, 3, 31))),
        ("Tháng 2/2024", (DAY(2024, 2, 1), DAY(2024, 2, 29))),
        ("Năm 2020", (DAY(2020, 1, 1), DAY(2020, 12, 31))),
    ],
)
def test_days_are_read_as_they_are_written(cell, value):
    assert parse_days(cell).value == value


@pytest.mark.parametrize("cell", ["hôm qua", "07-05/03/2026", "Quý V/2026", "30-31/02/2026"])
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(ValueProblem):
        parse_days(cell)


def test_activities_come_in_as_offices_write_them(place, units):
    LegalDocument.objects.create(number="07/CT-BCA-V28", title="Chỉ thị")
    header = [*HEADER, "Chỉ thị"]
    rows = [
        ["1", "05-07/3/2026", "Phổ biến pháp luật", "Phổ biến pháp luật", "Hội trường", "Đoàn TN", "gần 700",
         f"Trường THCS Mẫu; {units[1].code}", "07/CT-BCA-V28"],
        ["2", "17/4/2026", "Diễn tập", "Diễn tập PCCC", "", "", "trên 1.000", "12 đơn vị", ""],
    ]  # fmt: skip
    brought_in(place, header, *rows)
    one, two = Activity.objects.order_by("id")
    assert (one.held_on, one.held_to, one.kind, one.attendance_text) == (
        DAY(2026, 3, 5),
        DAY(2026, 3, 7),
        "propaganda",
        "gần 700",
    )
    assert one.programme.number == "07/CT-BCA-V28"
    assert list(one.participants.values_list("unit", flat=True).order_by("unit")) == [unit.pk for unit in units]
    assert (two.kind, two.attendance_text, two.unit_count, two.participants.count()) == ("drill", "trên 1.000", 12, 0)
    assert (one.code, two.code) == ("HD0000001", "HD0000002")


@pytest.mark.slow
def test_a_second_time_nothing_changes_and_a_further_unit_is_added(place, units):
    row = ["1", "05/03/2026", "Tuyên truyền", "Tuyên truyền", "", "", "80", "Trường THCS Mẫu"]
    brought_in(place, HEADER, row)
    assert checked(place, HEADER, row).counts["same"] == 1
    batch = brought_in(place, HEADER, [*row[:-1], "Công ty Sao"])
    assert batch.counts["changed"] == 1
    assert batch.rows.get().changes["units"] == ["", f"{units[1].code} · Công ty Sao"]
    assert Activity.objects.get().participants.count() == 2
    workflow.undo(batch.pk, by=place.officer)
    assert [row.unit for row in ActivityUnit.objects.all()] == [units[0]]


def test_unknown_units_and_those_out_of_reach_refuse_the_row(place, units):
    far = UnitFactory(name="Trường Xa Lạ", jurisdiction=place.far)
    row = ["1", "05/03/2026", "Tuyên truyền", "Tuyên truyền", "", "", "", f"Trường THCS Mẫu; {far.code}; Không Có"]
    batch = checked(place, HEADER, row)
    assert batch.counts["refused"] == 1
    assert len(faults(batch)) == 2
    assert "Xa Lạ" not in str(faults(batch))


def test_a_session_of_another_area_is_not_changed_by_a_list(place, units):
    theirs = ActivityFactory(jurisdiction=place.commune, topic="Của xã bạn")
    set_units(theirs, [units[0]], by=place.officer)
    header = ["Mã hoạt động", "Ngày", "Nội dung", "Loại", "Lượt người"]
    batch = checked(place, header, [theirs.code, "04/05/2026", "Đã đổi", "Tuyên truyền", "5"], by=place.local)
    assert batch.counts["refused"] == 1


@pytest.mark.slow
def test_what_goes_out_comes_in_again(place, units, client):
    activity = ActivityFactory(
        jurisdiction=place.ward,
        held_to=DAY(2026, 5, 6),
        place="Hội trường",
        partners="Một\nHai",
        attendance_count=700,
        approximation="nearly",
        materials="Tờ rơi",
        material_count=30,
    )
    set_units(activity, units, by=place.officer)
    ActivityFactory(jurisdiction=place.commune, unit_count=12)
    client.force_login(place.officer)
    answer = client.get(reverse("activities:activity_export", kwargs={"form": "xlsx"}), {"cot": "du"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert any(f"{units[0].code} · Trường THCS Mẫu; " in str(cell) for row in sheet.values for cell in row)
    batch = workflow.upload(
        ACTIVITIES, SimpleUploadedFile("hoat-dong.xlsx", content), by=place.officer, default_area=place.province
    )
    batch = workflow.run_check(batch.pk, by=place.officer)
    assert faults(batch) == []
    assert (batch.counts["same"], batch.counts["changed"], batch.counts["new"]) == (2, 0, 0)


@pytest.mark.slow
def test_an_export_names_no_unit_out_of_reach(place, units, client):
    activity = ActivityFactory(jurisdiction=place.province)
    stranger = UnitFactory(name="Đơn vị bạn", jurisdiction=place.commune)
    set_units(activity, [units[0], stranger], by=place.officer)
    client.force_login(place.local)
    answer = client.get(reverse("activities:activity_export", kwargs={"form": "csv"}), {"cot": "du"})
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8-sig")
    assert "Trường THCS Mẫu" in text
    assert "Đơn vị bạn" not in text
    # Outside a request nobody takes the list, and nobody's units are named.
    resource = SheetResource(sheet_for("activities"), keys=["code", "units"])
    assert [row[1] for row in resource.rows(Activity.objects.all())] == [None]


@pytest.mark.slow
def test_a_thousand_rows_ask_thirty_questions(place):
    units = [UnitFactory(name=f"Công ty Sao {number}", jurisdiction=place.ward) for number in range(40)]
    rows = [
        [
            str(at),
            f"{at % 28 + 1:02d}/03/2026",
            f"Tuyên truyền lần {at}",
            "Tuyên truyền",
            "Hội trường",
            "",
            "gần 700",
            "; ".join(units[(at + step) % 40].name for step in range(5)),
        ]
        for at in range(1_000)
    ]
    batch = workflow.upload(ACTIVITIES, uploaded(HEADER, *rows), by=place.officer, default_area=place.ward)
    PlaceIndex.kept(on=today())  # a process reads the territory once
    with CaptureQueriesContext(connection) as check:
        batch = workflow.run_check(batch.pk, by=place.officer)
    assert batch.counts["new"] == 1_000
    with CaptureQueriesContext(connection) as commit:
        workflow.commit(batch.pk, by=place.officer)
    assert ActivityUnit.objects.count() == 5_000
    assert max(len(check), len(commit)) <= 30, (len(check), len(commit))
