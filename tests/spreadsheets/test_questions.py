"""At most 30 questions to the database for 1,000 rows, to check them and to write them, whatever the list is of."""

import copy
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.lib.dates import today
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.fields import Kind
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.sheets import sheet_for, sheets
from tests.factories import UnitFactory
from tests.spreadsheets.records import some

ROWS, MOST = 1_000, 30
#: Sheets with columns of their own have tests of their own; areas are saved one by one, for the tree.
OWN_TESTS = {"units", "models", "officers", "placements", "areas"}
NAMES = [sheet.name for sheet in sheets() if sheet.name not in OWN_TESTS]


def new_rows(sheet, place):
    """Header and rows of a list of new records, every field filled, each row about another thing."""
    record = some(sheet, place)
    queryset = sheet.model.objects.filter(pk=record.pk)
    resource = SheetResource(sheet, queryset=queryset)
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
    """The field of a key that differs from row to row: a record named where there is one, else a text, else a day."""
    fields = [sheet.by_name[name] for key in sheet.keys for name in key]
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
    lookup = each.relation.lookups[0]
    return [getattr(one, lookup.confirm or lookup.column) for one in copies(getattr(record, each.column))]


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


def asked(queries):
    """Statements that were sent; marks inside a transaction are none."""
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def refuse_many_questions(place, name, header, rows, most=MOST):
    """Check and write the rows, none of them as the register has it already, and count what is asked."""
    batch = place.read(header, *rows, sheet=name, by=place.above)
    PlaceIndex.kept(on=today())  # a process reads the territory once
    with CaptureQueriesContext(connection) as checking:
        batch = place.check(batch)
    assert batch.counts["new"] + batch.counts["changed"] == ROWS, batch.faults.values(
        "column", "value", "cause"
    ).first()
    with CaptureQueriesContext(connection) as writing:
        batch = workflow.commit(batch.pk, by=place.above)
    assert batch.state == BatchState.COMMITTED
    told = {"check": asked(checking), "commit": asked(writing)}
    assert {step: len(statements) for step, statements in told.items() if len(statements) > most} == {}, told


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_rows_ask_at_most_thirty_questions(place, name):
    header, rows = new_rows(sheet_for(name), place)
    refuse_many_questions(place, name, header, rows)


@pytest.mark.slow
def test_a_thousand_moves_write_three_thousand_records_with_few_questions(place):
    header = ["Đơn vị", "Địa bàn", "Từ ngày", "Đến hết ngày", "Căn cứ"]
    units = copies(UnitFactory(jurisdiction=place.ward))
    rows = [[unit.code, "Xã Bình Lộc", "01/03/2026", "", "Nghị quyết số 01/NQ"] for unit in units]
    # Of each row the open placement, the one that ends, and the unit itself, each with its history.
    refuse_many_questions(place, "placements", header, rows, most=40)
