"""Lists of where units lay: the past, and moves of many units on a day."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.dates import today
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.issuing import issue
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.sheets import importable_sheets, sheet_for
from tests.factories import REFORM, JurisdictionFactory, OfficerFactory, UnitFactory
from tests.spreadsheets.lists import Place
from units.models import Placement, Unit

HEADER = ["Đơn vị", "Địa bàn", "Từ ngày", "Đến hết ngày", "Căn cứ"]
BASIS = "Nghị quyết số 01/NQ"
ENDED = datetime.date(2025, 6, 30)


@pytest.fixture
def place(db):
    return Place()


@pytest.fixture
def unit(place):
    return UnitFactory(jurisdiction=place.ward, name="Sở Mẫu")


@pytest.fixture
def old(place):
    """A commune of the province that ended with the reform."""
    return JurisdictionFactory(parent=place.province, name="Cũ Mẫu", valid_from=None, valid_to=ENDED)


def periods(unit):
    rows = Placement.objects.filter(unit=unit).order_by("-valid_to", "id")
    found = sorted(rows.values_list("jurisdiction__name", "valid_from", "valid_to"), key=lambda row: row[2] or today())
    return [tuple(row) for row in found]


def reason(place, *rows, **options):
    batch = place.checked(HEADER, *rows, sheet="placements", **options)
    return " ".join(problem["reason"] for problem in batch.rows.order_by("-id").first().problems)


@pytest.mark.slow
def test_a_unit_moves_on_the_day_of_the_row(place, unit):
    place.committed(HEADER, [unit.code, "Xã Bình Lộc", "01/03/2026", "", BASIS], sheet="placements")
    day = datetime.date(2026, 3, 1)
    assert periods(unit) == [("An Phú", None, datetime.date(2026, 2, 28)), ("Bình Lộc", day, None)]
    unit.refresh_from_db()
    assert unit.jurisdiction == place.commune


def test_a_move_shows_the_area_before_and_after(place, unit):
    batch = place.checked(HEADER, [unit.code, "Xã Bình Lộc", "01/03/2026", "", BASIS], sheet="placements")
    before, after = batch.rows.get().changes["jurisdiction"]
    assert ("An Phú" in before, "Bình Lộc" in after) == (True, True)


@pytest.mark.slow
def test_a_move_taken_back_leaves_the_unit_where_it_was(place, unit):
    batch = place.committed(HEADER, [unit.code, "Xã Bình Lộc", "01/03/2026", "", BASIS], sheet="placements")
    assert workflow.undo(batch.pk, by=place.officer).state == "undone"
    assert periods(unit) == [("An Phú", None, None)]
    assert Unit.objects.get(pk=unit.pk).jurisdiction == place.ward


@pytest.mark.slow
def test_the_row_of_the_place_before_is_not_written_twice(place, unit):
    batch = place.committed(
        HEADER,
        [unit.code, "Phường An Phú", "", "28/02/2026", ""],
        [unit.code, "Xã Bình Lộc", "01/03/2026", "", BASIS],
        sheet="placements",
    )
    assert (batch.counts["left_out"], batch.counts["changed"]) == (1, 1)
    assert len(periods(unit)) == 2


def test_the_past_of_a_unit_comes_in(place, unit, old):
    place.committed(
        HEADER,
        [unit.code, "Xã Cũ Mẫu", "", "30/06/2025", ""],
        [unit.code, "Phường An Phú", "01/07/2025", "", BASIS],
        sheet="placements",
    )
    assert periods(unit) == [("Cũ Mẫu", None, ENDED), ("An Phú", REFORM, None)]


@pytest.mark.slow
def test_the_same_list_again_changes_nothing(place, unit, old):
    rows = [
        [unit.code, "Xã Cũ Mẫu", "", "30/06/2025", ""],
        [unit.code, "Phường An Phú", "01/07/2025", "", BASIS],
    ]
    place.committed(HEADER, *rows, sheet="placements")
    batch = place.checked(HEADER, *rows, sheet="placements")
    assert [row.outcome for row in batch.rows.all()] == ["same", "same"]


@pytest.mark.slow
def test_one_code_means_the_area_of_the_day(place, unit):
    code = place.ward.code
    before = JurisdictionFactory(parent=place.province, name="Tên Cũ", code=code, valid_from=None, valid_to=ENDED)
    place.committed(
        HEADER,
        [unit.code, code, "", "30/06/2025", ""],
        [unit.code, code, "01/07/2025", "", ""],
        sheet="placements",
    )
    assert Placement.objects.get(unit=unit, valid_to=ENDED).jurisdiction == before


@pytest.mark.slow
def test_places_are_known_as_lists_shorten_them(place):
    unit = UnitFactory(jurisdiction=place.commune)
    place.committed(HEADER, [unit.code, "P. An Phú", "01/03/2026", "", BASIS], sheet="placements")
    assert Unit.objects.get(pk=unit.pk).jurisdiction == place.ward


def test_a_unit_lies_in_one_place_at_a_time(place, unit, old):
    assert "Trùng thời gian" in reason(place, [unit.code, "Xã Cũ Mẫu", "", "30/06/2025", ""])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["Xã Bình Lộc", "", "", BASIS], "chuyển đi phải ghi từ ngày nào"),
        (["Xã Bình Lộc", "01/01/2099", "", BASIS], "không được sau hôm nay"),
        (["Xã Bình Lộc", "01/03/2026", "", ""], "phải ghi căn cứ"),
        (["Xã Bình Lộc", "01/03/2020", "", BASIS], "không tồn tại vào ngày này"),
        (["Xã Chưa Có", "01/03/2026", "", BASIS], "Không rõ"),
        (["Xã Cẩm Khê", "01/03/2026", "", BASIS], "ngoài địa bàn phụ trách"),
        (["Xã Cũ Mẫu", "01/03/2026", "", BASIS], "không có vào ngày"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_the_reason(place, unit, old, cells, told):
    assert told in reason(place, [unit.code, *cells])


@pytest.mark.slow
def test_a_unit_out_of_reach_is_not_found(place):
    unit = UnitFactory(jurisdiction=place.far, name="Sở Xa")
    assert "Sở Xa" not in reason(place, [unit.code, "Xã Bình Lộc", "01/03/2026", "", BASIS])
    assert "Không tìm thấy" in reason(place, [unit.code, "Xã Bình Lộc", "01/03/2026", "", BASIS])


def test_what_goes_out_comes_in_the_same(place, unit, old):
    Placement.objects.create(unit=unit, jurisdiction=old, valid_to=ENDED)
    Placement.objects.filter(unit=unit, valid_to=None).update(valid_from=REFORM)
    rows = Placement.objects.visible_to(place.officer)
    resource = SheetResource(sheet_for("placements"), queryset=rows, officer=place.officer)
    cells = [["" if value is None else value for value in row] for row in resource.rows(rows)]
    batch = place.checked([column.label for column in resource.columns()], *cells, sheet="placements")
    assert [(row.outcome, row.changes, row.problems) for row in batch.rows.all()] == [("same", {}, [])] * 2


def test_a_workbook_of_one_area_holds_the_units_of_that_area(place, unit):
    UnitFactory(jurisdiction=place.commune)
    issued = issue(io.BytesIO(), sheet_for("placements"), officer=place.officer, area=place.ward)
    assert issued.record_ids == [Placement.objects.get(unit=unit).pk]


@pytest.mark.slow
@pytest.mark.parametrize("function", [Function.ENTER, Function.DECIDE, Function.READ, Function.MANAGE_ACCOUNTS])
def test_only_who_administers_records_brings_placements_in(place, function):
    officer = OfficerFactory(jurisdiction=place.ward, jurisdiction__function=function)
    assert "placements" not in [sheet.name for sheet in importable_sheets(officer)]


@pytest.mark.slow
def test_the_admin_pages_offer_the_list(place, client):
    client.force_login(place.officer)
    assert "?sheet=placements" in client.get("/quan-tri/units/placement/").content.decode()


@pytest.mark.slow
def test_a_thousand_moves_ask_at_most_thirty_questions_more_than_ten(place):
    def asked(count):
        units = UnitFactory.create_batch(count, jurisdiction=place.ward)
        batch = place.read(
            HEADER, *([unit.code, "Xã Bình Lộc", "01/03/2026", "", BASIS] for unit in units), sheet="placements"
        )
        with CaptureQueriesContext(connection) as queries:
            place.commit(place.check(batch))
        return len(queries)

    assert asked(1_000) <= asked(10) + 30
