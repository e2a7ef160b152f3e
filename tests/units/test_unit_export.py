"""Lists of units go out as on screen or whole, are logged, and come in again with the same values."""

import datetime
import io
import tracemalloc
from functools import partial

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from movement_portal.audit.models import AuditEvent
from movement_portal.jurisdictions.enums import Function, JurisdictionKind
from movement_portal.spreadsheets.checking import check
from movement_portal.spreadsheets.enums import RowOutcome
from movement_portal.spreadsheets.exporting import sheet_listing, write
from movement_portal.spreadsheets.layout import DITTO_MARKS
from movement_portal.spreadsheets.reading import read_workbook
from movement_portal.spreadsheets.sheets import header_test
from movement_portal.spreadsheets.tables import clean_text
from movement_portal.spreadsheets.values import ValueProblem, is_blank
from movement_portal.spreadsheets.workflow import make_plan
from movement_portal.spreadsheets.writing import ListTooLong, OutColumn, write_csv, write_list
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from tests.spreadsheets.lists import tax_code
from tests.spreadsheets.test_writing_round_trip import LETTERS, NAUGHTY
from units.enums import GroupingKind, UnitKind, UnitStatus, UnitSubkind
from units.models import Grouping, Headcount, Unit
from units.sheets.units import UNITS

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)


def full_unit(place, number=1, **values):
    """A unit with a value in every column of the sheet that a unit of its kind may have."""
    park, body, sector = (
        Grouping.objects.get_or_create(kind=kind, name=f"{kind.label} mẫu")[0]
        for kind in (GroupingKind.INDUSTRIAL_PARK, GroupingKind.GOVERNING_BODY, GroupingKind.SECTOR)
    )
    unit = UnitFactory(
        jurisdiction=place.ward,
        **{
            "name": f"Công ty Mẫu {number}",
            "kind": UnitKind.ENTERPRISE,
            "subkind": UnitSubkind.LIMITED_COMPANY,
            "tax_code": tax_code(number),
            "school_code": f"00{number}",
            "other_names": "Mẫu Co.\nCông ty cũ",
            "address": "=1+1 Trần Phú",
            "head_name": "+Lê Văn Mẫu",
            "head_title": "@Giám đốc",
            "head_phone": "0912345678; 02838123456",
            "contact_name": "-Trần Thị Mẫu",
            "contact_title": "Văn thư",
            "contact_phone": "0912345679",
            "sector": sector,
            "industrial_park": park,
            "governing_body": body,
            "enterprise_size": "small",
            "business_sector": "production",
            "business_line": "May mặc",
            "size_year": 2025,
            "size_staff_count": 1727,
            "size_revenue_amount": 1_234_567_890,
            "size_capital_amount": 9_876_543_210_000,
            "is_armed_force": False,
            "is_state_budget": True,
            "has_party_organisation": None,
            "note": "dòng một\n- dòng hai",
            "status": UnitStatus.SUSPENDED,
            "status_on": datetime.date(2026, 2, 1),
            **values,
        },
    )
    Headcount.objects.create(unit=unit, year=2025, staff_count=1727, learner_count=0)
    Headcount.objects.create(unit=unit, year=2026, staff_count=12)
    return unit


def read_again(path, officer, **options):
    """The drafts that an exported file gives, matched by the engine alone."""
    workbook = read_workbook(path, path.name, known_header=header_test(UNITS))
    plan = make_plan(UNITS, workbook.sheets, {table.name: {} for table in workbook.sheets}, {})
    return plan, check(UNITS, plan, officer=officer, today=TODAY, **options).drafts


def exported(tmp_path, officer, form, records=None):
    """The whole list in a file."""
    records = Unit.objects.visible_to(officer).order_by("id") if records is None else records
    path = tmp_path / f"xuat.{form}"
    with path.open("wb") as stream:
        write(stream, sheet_listing(UNITS, records, officer=officer), form=form, officer=officer)
    return path


def told(drafts):
    return [(draft.outcome, draft.changes, [problem.reason for problem in draft.problems]) for draft in drafts]


SAME = (RowOutcome.SAME, {}, [])


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_column_comes_in_again_unchanged(place, tmp_path, form):
    units = [full_unit(place, 1), full_unit(place, 2, has_party_organisation=False, note="")]
    path = exported(tmp_path, place.officer, form)
    plan, drafts = read_again(path, place.officer)
    assert told(drafts) == [SAME, SAME]
    assert [draft.found for draft in drafts] == units
    matched = {match.key for sheet in plan.sheets for match in sheet.matches}
    assert "" not in matched
    assert {"note", "jurisdiction", "staff_count@2025", "learner_count@2025", "staff_count@2026"} <= matched


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_value_is_read_as_it_stood(place, tmp_path, form):
    """Into a register that knows none of it: each importable column gives the value it had."""
    unit = full_unit(place)
    path = exported(tmp_path, place.officer, form)
    plan, _ = read_again(path, place.officer)
    columns = {each.name: each.column for each in UNITS.stored_fields if not each.hidden}
    before = {name: getattr(unit, unit._meta.get_field(column).attname) for name, column in columns.items()}
    Headcount.objects.all().delete()
    Unit.objects.all().delete()
    code = next(match.header for match in plan.sheets[0].matches if match.key == "code")
    workbook = read_workbook(path, path.name, known_header=header_test(UNITS))
    plan = make_plan(UNITS, workbook.sheets, {workbook.sheets[0].name: {code: "-"}}, {})
    (draft,) = check(UNITS, plan, officer=place.officer, today=TODAY).drafts
    assert draft.problems == []
    del before["code"], before["parent"]
    assert {name: draft.values.get(name, "") for name in before} == {**before, "has_party_organisation": ""}
    assert [draft.values.get(key) for key in ("staff_count@2025", "learner_count@2025", "staff_count@2026")] == [
        1727,
        0,
        12,
    ]


TEXT = st.one_of(
    st.sampled_from(NAUGHTY),
    st.text(alphabet=LETTERS, max_size=40),
    st.text(alphabet="=+-@'\"\t\r\n;, ăđê_x0041", max_size=20),
)
ROWS = st.lists(
    st.tuples(
        TEXT, TEXT, TEXT, st.sampled_from(["", "0912345678", "02838123456; 0912345678"]),
        st.none() | st.integers(0, 2_147_483_647), st.none() | st.integers(0, 10**15), st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=20,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_whatever_stands_in_the_register_comes_in_again_unchanged(place, tmp_path, form):
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(rows=ROWS)
    def holds(rows):
        Headcount.objects.all().delete()
        Unit.objects.all().delete()
        units = [
            Unit(
                name=f"Đơn vị {number} {name}"[:255],
                kind=UnitKind.ENTERPRISE,
                jurisdiction=place.ward,
                head_name=head[:100],
                note=note,
                head_phone=phone,
                size_staff_count=staff,
                size_revenue_amount=revenue,
                is_state_budget=budget,
            )
            for number, (name, head, note, phone, staff, revenue, budget) in enumerate(rows)
        ]
        for unit in units:
            # As the portal's own forms and imports store a text.
            for name in ("name", "head_name", "note"):
                column = UNITS.by_name[name]
                text = getattr(unit, name)
                setattr(unit, name, stored(column, text))
        Unit.objects.bulk_create(units)
        _, drafts = read_again(exported(tmp_path, place.officer, form), place.officer)
        assert told(drafts) == [SAME] * len(units)

    holds()


def stored(column, text):
    """The text as the reader of files and the sheet leave it for the register."""
    text = clean_text(text)
    try:
        # A mark that stands for nothing, or for what is written above, is no text of its own.
        return "" if is_blank(text) or text in DITTO_MARKS else column.read(text).value
    except ValueProblem:
        return ""


# -- the columns on screen ---------------------------------------------------------------------------------------------


@pytest.fixture
def export(client, place):
    """``export(form, **params)``: the bytes of the list for the officer of the province."""
    client.force_login(OfficerFactory(jurisdiction=place.province, jurisdiction__function=Function.READ))

    def export(form, **params):
        response = client.get(reverse("units:unit_export", kwargs={"form": form}), params)
        assert response.status_code == 200
        return response.getvalue()

    return export


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_columns_on_screen_are_matched_and_come_in_unchanged(place, export, tmp_path, form):
    full_unit(place)
    UnitFactory(name="Sở Mẫu", jurisdiction=place.province, area_needs_review=True)
    path = tmp_path / f"man-hinh.{form}"
    path.write_bytes(export(form))
    plan, drafts = read_again(path, place.officer)
    assert told(drafts) == [SAME, SAME]
    keys = {match.header: match.key for match in plan.sheets[0].matches}
    assert keys.pop("Kết luận về đối tượng") == ""
    assert "" not in keys.values()


def test_an_officer_of_the_country_gets_areas_that_are_found_again(place, client, tmp_path):
    JurisdictionFactory(name="An Phú", kind=JurisdictionKind.WARD, parent=place.elsewhere)
    full_unit(place)
    client.force_login(place.above)
    path = tmp_path / "ca-nuoc.xlsx"
    path.write_bytes(client.get(reverse("units:unit_export", kwargs={"form": "xlsx"})).getvalue())
    assert told(read_again(path, place.above)[1]) == [SAME]


def test_every_column_goes_out_when_asked_for(place, export):
    full_unit(place)
    sheet = openpyxl.load_workbook(io.BytesIO(export("xlsx", cot="du"))).active
    headers = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Mã đơn vị")
    assert {"Ghi chú", "Mã số thuế", "Số người học năm 2025", "Tỉnh, thành phố"} <= set(headers)


def test_head_of_the_sheet_says_whose_list_it_is(place, export):
    UnitFactory(name="Sở Mẫu", jurisdiction=place.province)
    sheet = openpyxl.load_workbook(io.BytesIO(export("xlsx", q="so"))).active
    lines = [row[0] for row in sheet.iter_rows(max_row=7, values_only=True)]
    assert lines[:2] == ["Công an Tỉnh Mẫu Sơn", "Danh sách đơn vị"]
    assert lines[2] == "Điều kiện: Thuộc địa bàn: Tỉnh Mẫu Sơn; Tìm: “so”"
    assert [line.partition(":")[0] for line in lines[3:6]] == ["Số đơn vị", "Lập lúc", "Người lập"]
    assert sheet.freeze_panes == "A9"
    assert sheet.print_title_rows == "$8:$8"
    assert sheet["A9"].font.name == "Times New Roman"


def test_an_export_is_logged_with_what_was_filtered_and_how_much(place, export):
    UnitFactory.create_batch(3, jurisdiction=place.ward)
    export("csv", khoi="agency")
    event = AuditEvent.objects.get(kind="export")
    assert event.label == "Xuất danh sách đơn vị (CSV): 3 dòng"
    assert "Khối: Cơ quan" in event.reason
    assert event.officer_name


@pytest.mark.slow
@pytest.mark.parametrize("query", [{}, {"cot": "du"}])
def test_an_export_asks_as_often_for_many_as_for_one(place, export, query):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            export("xlsx", **query)
        return len(captured)

    UnitFactory(jurisdiction=place.ward)
    export("csv")
    few = asked()
    UnitFactory.create_batch(11, jurisdiction=place.ward)
    assert asked() == few


# -- long lists --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("writer", [write_csv, partial(write_list, title="Dài", about=[])])
def test_memory_does_not_grow_with_the_rows(writer, tmp_path):
    columns = [OutColumn(f"Cột {number}") for number in range(15)]

    def peak(rows):
        with (tmp_path / "dai").open("wb") as stream:
            tracemalloc.start()
            writer(stream, columns=columns, rows=([f"Đơn vị {row}"] * 15 for row in range(rows)))
            size = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return size

    peak(10)
    # Kept, four thousand rows more would take a megabyte at least.
    assert peak(4_500) < peak(500) + 400_000


def test_a_list_longer_than_a_worksheet_is_refused(monkeypatch):
    monkeypatch.setattr("movement_portal.spreadsheets.writing.XLSX_ROWS", 2)
    with pytest.raises(ListTooLong):
        write_list(io.BytesIO(), title="Dài", about=[], columns=[OutColumn("Cột")], rows=[["a"]] * 3)
