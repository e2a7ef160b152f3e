"""At most 30 statements for 1,000 rows, to check them, to write them and to take them back, whatever the list is of.

Every statement counts: what is read, what is written, locks and marks of transactions.
"""

import copy
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models_registry.models import SelfManagedModel
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.lib.dates import today
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.fields import Kind, Merge
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.sheets import sheet_for, sheets
from tests.accounts.conftest import administrator
from tests.factories import SelfManagedModelFactory, UnitFactory
from tests.spreadsheets.lists import tax_code
from tests.spreadsheets.records import some
from units.models import AgreementParty, CoordinationAgreement, TransferRequest, Unit

ROWS, MOST = 1_000, 30
NAMES = [sheet.name for sheet in sheets()]


def new_rows(sheet, place):
    """Header and rows of a list of new records, every field filled, each row about another thing."""
    record = some(sheet, place)
    queryset = sheet.model.objects.filter(pk=record.pk)
    resource = SheetResource(sheet, queryset=queryset, officer=place.above)
    labels = [column.label for column in resource.columns()]
    cells = dict(zip(labels, next(iter(resource.rows(queryset))), strict=True))
    key = varied(sheet)
    values = values_of(key, record)
    queryset.delete()
    own_codes = [each.label for each in sheet.stored_fields if "code" in each.name and not each.choices]
    given = [each.label for each in sheet.stored_fields if not sheet.model._meta.get_field(each.column).editable]
    rows = []
    for number, value in enumerate(values, 1):
        row = cells | dict.fromkeys(own_codes, f"{number:05d}") | {key.label: value} | dict.fromkeys(given)
        rows.append(["" if row[label] is None else row[label] for label in labels])
    return labels, rows


def varied(sheet):
    """The field of a key that differs from row to row: a record named where there is one, else a text, else a day.

    A record to which another of the row belongs (the unit of a guard in its team) is the same throughout.
    """
    owners = {
        column.name for each in sheet.stored_fields if each.relation for column in each.relation.model._meta.fields
    }
    named = (sheet.by_name[name] for key in sheet.keys for name in key)
    fields = [each for each in named if each.kind != Kind.RELATION or each.name not in owners]
    for kinds in ({Kind.RELATION}, {Kind.TEXT, Kind.LONG_TEXT, Kind.CODE}, {Kind.DATE}):
        for each in fields:
            is_given = not sheet.model._meta.get_field(each.column).editable
            if each.kind in kinds and each.exported and not each.choices and not is_given:
                return each
    raise AssertionError(f"no field of {sheet.name} can differ")


def values_of(each, record):
    """So many different values of a field."""
    if each.kind == Kind.DATE:
        return [datetime.date(2024, 2, 1) - datetime.timedelta(days=number) for number in range(ROWS)]
    if each.kind != Kind.RELATION:
        return [f"{number:04d} Mẫu"[: each.max_length or None] for number in range(1, ROWS + 1)]
    # What belongs to another record of the row is found there, by its name.
    column = next((lookup.confirm or lookup.column for lookup in each.relation.lookups), "name")
    return [getattr(one, column) for one in copies(getattr(record, each.column))]


def copies(record):
    """Records like one that is there, under other names and codes."""
    made = []
    for number in range(1, ROWS + 1):
        one = copy.copy(record)
        one.pk, one._state = None, copy.copy(record._state)
        one._state.adding = True
        for name in {"name", "code", "number", "path"} & {field.name for field in one._meta.concrete_fields}:
            setattr(one, name, f"Mẫu {number}" if name == "name" else f"{number + 50_000}")
        if hasattr(one, "citizen_id"):
            one.citizen_id = None
        made.append(one)
    return type(record).objects.bulk_create(made)


# -- lists with columns that are no columns of their model -------------------------------------------------------------
def units(place):
    """Units with two areas, codes to be given, and people by year."""
    header = ["Tên đơn vị", "Khối", "Mã số thuế", "Địa bàn", "Số cán bộ năm 2025", "Điện thoại người đứng đầu"]
    return header, [
        [f"Công ty Mẫu số {number}", "Doanh nghiệp", tax_code(number), area, number, "0912345678"]
        for number, area in enumerate(["Phường An Phú", "Xã Bình Lộc"] * (ROWS // 2), 1)
    ]


def models(place):
    """Models with all that hangs on them: kind, steps, members of both sorts, strength, rating."""
    school = UnitFactory(jurisdiction=place.commune)
    row = ["Camera an ninh", "01/03/2024", 1, 5, school.code, "Công an phường (Phường An Phú)", "Tốt"]
    header = [
        "Tên mô hình", "Đơn vị chủ trì", "Loại mô hình", "Ngày ra mắt", "Số tổ", "Số thành viên",
        "Đơn vị cùng tham gia", "Cơ quan cùng tham gia", "Xếp loại năm 2025",
    ]  # fmt: skip
    leads = copies(UnitFactory(jurisdiction=place.ward))
    return header, [[f"Điểm {number}", lead.code, *row] for number, lead in enumerate(leads)]


def officers(place):
    """Accounts to be opened, each with a posting."""
    place.above = administrator(place.country, grants=[Function.ENTER])
    office = str(place.local.office)
    header = ["Tên đăng nhập", "Họ và tên", "Cấp bậc, chức vụ", "Cơ quan", "Chức năng", "Từ ngày"]
    return header, [
        [f"mau.{number}", f"Nguyễn Văn Mẫu {number}", "Thượng úy", office, "Nhập liệu", "01/07/2025"]
        for number in range(ROWS)
    ]


def placements(place):
    """Moves: of each row the open placement, the one that ends, the unit and what follows it, all with history."""
    moved = copies(UnitFactory(jurisdiction=place.ward))
    header = ["Đơn vị", "Địa bàn", "Từ ngày", "Đến hết ngày", "Căn cứ"]
    return header, [[unit.code, "Xã Bình Lộc", "01/03/2026", "", "Nghị quyết số 01/NQ"] for unit in moved]


#: How a list of a kind is made, of those that ``new_rows`` does not make.
LISTS = {"units": units, "models": models, "officers": officers, "placements": placements}


# -- statements --------------------------------------------------------------------------------------------------------
def refuse_many(place, name, header, rows, *, outcome="new", again=False, undo_most=MOST):
    """Check, write and take back a list of which every row is new, or changes something; count what is asked.

    ``again`` writes it once more at the end; taken back, it may ask ``undo_most``.
    """
    by = place.above
    batch = place.read(header, *rows, sheet=name, by=by)
    PlaceIndex.kept(on=today())  # a process reads the territory once
    with CaptureQueriesContext(connection) as checking:
        batch = workflow.choose(batch.pk, by=by, mapping=batch.mapping, constants={}, default_area=None)
    counts = {key: count for key, count in batch.counts.items() if count}
    assert counts == {outcome: ROWS}, batch.faults.values("column", "value", "cause").first()
    with CaptureQueriesContext(connection) as writing:
        batch = workflow.commit(batch.pk, by=by)
    assert (batch.state, batch.message) == (BatchState.COMMITTED, "")
    if name == "agreement-parties":
        # Without one more each agreement would have nobody left.
        of_all = CoordinationAgreement.objects.exclude(number="")
        AgreementParty.objects.bulk_create(AgreementParty(agreement=one, body="Hội Mẫu khác") for one in of_all)
    with CaptureQueriesContext(connection) as undoing:
        batch = workflow.undo(batch.pk, by=by)
    assert (batch.state, batch.undo_plan["kept"]) == (BatchState.UNDONE, [])
    told = {"check": checking, "commit": writing, "undo": undoing}
    many = {
        step: [query["sql"] for query in queries]
        for step, queries in told.items()
        if len(queries) > (undo_most if step == "undo" else MOST)
    }
    assert {step: len(statements) for step, statements in many.items()} == {}, many
    if again:
        batch = place.read(header, *rows, sheet=name, by=by)
        batch = workflow.choose(batch.pk, by=by, mapping=batch.mapping, constants={}, default_area=None)
        assert workflow.commit(batch.pk, by=by).state == BatchState.COMMITTED


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_new_rows_ask_at_most_thirty_questions(place, name):
    header, rows = LISTS[name](place) if name in LISTS else new_rows(sheet_for(name), place)
    # A move changes where the unit lies.
    refuse_many(place, name, header, rows, outcome="changed" if name == "placements" else "new")


def free(sheet):
    """A field of the sheet that no key is made of and any value fits, or None; texts before numbers before choices."""
    keys = {name for key in sheet.keys for name in key}
    fitting = [
        each
        for each in sheet.stored_fields
        if each.exported
        and each.name not in keys
        and each.merge != Merge.KEEP
        and (each.parse is None or each.choices)
        and not each.name.endswith("phone")
        and sheet.model._meta.get_field(each.column).editable
    ]
    for kinds in ({Kind.TEXT, Kind.LONG_TEXT}, {Kind.INTEGER, Kind.DECIMAL}, {Kind.CHOICE}):
        if found := next((each for each in fitting if each.kind in kinds), None):
            return found
    return None


def another(each):
    """A value of the field that a new row does not have."""
    return each.choices[0].label if each.choices else 8 if each.kind in (Kind.INTEGER, Kind.DECIMAL) else "Khác"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in LISTS and free(sheet_for(name))])
def test_a_thousand_changed_rows_ask_at_most_thirty_questions(place, name):
    sheet = sheet_for(name)
    header, rows = new_rows(sheet, place)
    refuse_many(place, name, header, rows, again=True)
    each = free(sheet)
    at, value = header.index(each.label), another(each)
    refuse_many(place, name, header, [[*row[:at], value, *row[at + 1 :]] for row in rows], outcome="changed")


@pytest.mark.slow
def test_a_thousand_changed_units_ask_at_most_thirty_questions(place):
    header, rows = units(place)
    refuse_many(place, "units", header, rows, again=True)
    changed = [[f"{row[0]} mới", *row[1:4], row[4] + 1, row[5]] for row in rows]
    refuse_many(place, "units", header, changed, outcome="changed")


@pytest.mark.slow
def test_a_thousand_units_of_other_areas_ask_at_most_thirty_questions(place):
    header, rows = units(place)
    refuse_many(place, "units", header, rows, again=True)
    corrected = [[*row[:3], {"Phường An Phú": "Xã Bình Lộc"}.get(row[3], "Phường An Phú"), *row[4:]] for row in rows]
    refuse_many(place, "units", header, corrected, outcome="changed")


@pytest.mark.slow
def test_a_thousand_activities_of_sixty_units_ask_at_most_thirty_questions(place):
    codes = [unit.code for unit in copies(UnitFactory(jurisdiction=place.ward))]
    header = ["Ngày", "Nội dung", "Loại", "Địa điểm", "Địa bàn", "Đơn vị tham gia"]
    row = ["Tuyên truyền", "Hội trường", "Phường An Phú"]
    rows = [
        ["05/03/2026", f"Tuyên truyền lần {at}", *row, "; ".join((codes[at:] + codes[:at])[:60])] for at in range(ROWS)
    ]
    refuse_many(place, "activities", header, rows)


@pytest.mark.slow
def test_a_thousand_moves_of_units_that_others_follow_ask_at_most_thirty_questions(place):
    header, rows = placements(place)
    moved = list(Unit.objects.filter(code__in=[row[0] for row in rows]))
    TransferRequest.objects.bulk_create(
        TransferRequest(
            unit=unit,
            from_area=place.ward,
            to_area=place.far,
            called="Trường",
            reason="Về đây",
            requested_by=place.officer,
            requested_on=today(),
            expires_on=today(),
        )
        for unit in moved
    )
    led = copies(SelfManagedModelFactory(jurisdiction=place.ward))
    for model, unit in zip(led, moved, strict=True):
        model.lead_unit, model.lead_body = unit, ""
    SelfManagedModel.objects.bulk_update(led, ["lead_unit", "lead_body"])
    # Records of four kinds are put back: a few questions for each.
    refuse_many(place, "placements", header, rows, outcome="changed", again=True, undo_most=36)
    followed = TransferRequest.objects.filter(from_area=place.commune).count()
    assert (followed, SelfManagedModel.objects.filter(jurisdiction=place.commune).count()) == (ROWS, ROWS)
