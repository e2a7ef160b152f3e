"""Writes of many rows, and what goes with a row, keep history as a single save does."""

import datetime

import pytest
import time_machine
from django.core.exceptions import FieldDoesNotExist
from django.db import NotSupportedError, connection
from django.db.models import Count, F, ProtectedError
from django.test.utils import CaptureQueriesContext

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.recording import act
from movement_portal.jurisdictions.models import Posting, Succession
from movement_portal.lib import bulk, changes
from tests.factories import JurisdictionFactory, OfficerFactory, PoliceOfficeFactory, UnitFactory
from units.models import Headcount, Placement, StatusChange, Unit

pytestmark = pytest.mark.django_db


def changes_of(unit):
    return list(Change.objects.of(unit).order_by("id"))


def test_update_records_each_row_under_one_event():
    area = JurisdictionFactory()
    units = UnitFactory.create_batch(3, jurisdiction=area)
    by = OfficerFactory(jurisdiction=area)
    with act(EventKind.BULK, by=by, label="Ghi chú hàng loạt") as doing:
        assert Unit.objects.filter(pk__in=[unit.pk for unit in units]).update(note="x") == 3
    event = AuditEvent.objects.get(pk=doing.id)
    assert event.changes.count() == 3
    assert (event.officer, event.office, event.path) == (by, by.office, area.path)
    assert {change.version for change in event.changes.all()} == {2}


def test_update_of_a_source_of_derived_columns_is_refused():
    UnitFactory()
    with pytest.raises(ValueError, match="bulk_update"):
        Unit.objects.update(name="x")


def test_bulk_create_and_bulk_update_record_and_derive():
    area = JurisdictionFactory()
    units = Unit.objects.bulk_create(
        [Unit(code=f"DV{n:07d}", name=f"Sở {n}", kind="agency", jurisdiction=area) for n in range(3)]
    )
    for unit in units:
        unit.name = unit.name.replace("Sở", "Đội")
    assert Unit.objects.bulk_update(units, ["name"]) == 3
    unit = Unit.objects.get(pk=units[0].pk)
    assert unit.search_folded.startswith(" doi 0 ")
    assert unit.version == 2
    assert [change.action for change in changes_of(unit)] == ["create", "update"]


def test_bulk_update_of_a_stale_row_changes_nothing():
    one, two = UnitFactory.create_batch(2)
    Unit.objects.filter(pk=two.pk).update(note="mới")
    one.note = two.note = "cũ"
    with pytest.raises(changes.StaleRecord):
        Unit.objects.bulk_update([one, two], ["note"])
    assert set(Unit.objects.values_list("note", flat=True)) == {"", "mới"}


def test_update_with_an_expression():
    unit = UnitFactory(size_staff_count=5)
    Unit.objects.filter(pk=unit.pk).update(size_staff_count=F("size_staff_count") + 2)
    last = changes_of(unit)[-1]
    assert (last.before, last.after) == ({"size_staff_count": 5}, {"size_staff_count": 7})


def test_update_with_an_annotation():
    unit = UnitFactory(size_staff_count=5)
    Unit.objects.annotate(twice=F("size_staff_count") * 2).update(size_staff_count=F("twice"))
    assert changes_of(unit)[-1].after == {"size_staff_count": 10}


def test_update_filtered_on_the_changed_column_reaches_every_row_of_all_runs(monkeypatch):
    def in_twos(items, _size=2):
        return [items[at : at + 2] for at in range(0, len(items), 2)]

    monkeypatch.setattr(bulk, "chunks", in_twos)
    units = UnitFactory.create_batch(5, note="cũ", jurisdiction=JurisdictionFactory())
    assert Unit.objects.filter(note="cũ").order_by("note").update(note="mới") == 5
    assert {changes_of(unit)[-1].after["note"] for unit in units} == {"mới"}


def test_update_through_joins_distinct_and_aggregates():
    area = JurisdictionFactory()
    unit = UnitFactory(jurisdiction=area)
    Headcount.objects.create(unit=unit, year=2025, staff_count=3)
    Unit.objects.filter(headcounts__year__gte=2000).distinct().update(note="một")
    Unit.objects.annotate(years=Count("headcounts")).filter(years=1).update(address="hai")
    Unit.objects.filter(jurisdiction__parent__isnull=True).select_related("parent").update(area_note="ba")
    assert [change.after for change in changes_of(unit)[1:]] == [
        {"note": "một"},
        {"address": "hai"},
        {"area_note": "ba"},
    ]


def test_update_of_rows_that_hold_the_value_already_changes_none():
    unit = UnitFactory(note="x")
    assert Unit.objects.update(note="x") == 1
    assert Unit.objects.get(pk=unit.pk).version == 1


@pytest.mark.parametrize("refused", [{"version": 5}, {"name": "x"}, {"kind_typo": 1}])
def test_update_refuses_what_it_cannot_keep_true(refused):
    UnitFactory()
    with pytest.raises((ValueError, FieldDoesNotExist)):
        Unit.objects.update(**refused)


def test_update_refuses_a_slice_and_a_union():
    UnitFactory()
    with pytest.raises(TypeError):
        Unit.objects.all()[:1].update(note="x")
    with pytest.raises(NotSupportedError):
        Unit.objects.all().union(Unit.objects.all()).update(note="x")


def test_bulk_update_keeps_moments_of_creation_and_notes_the_write():
    with time_machine.travel("2026-01-01 00:00Z", tick=False):
        unit = UnitFactory()
    unit = Unit.objects.get(pk=unit.pk)
    created, unit.note = unit.created_at, "mới"
    Unit.objects.bulk_update([unit], ["note"])
    fresh = Unit.objects.get(pk=unit.pk)
    assert unit.created_at == fresh.created_at == created
    assert fresh.updated_at > created


def test_bulk_update_writes_derived_columns_that_lag_behind_without_history():
    unit = UnitFactory(name="Sở A")
    Unit.objects.filter(pk=unit.pk).update(search_folded="lạc hậu")
    assert Unit.objects.bulk_update([Unit.objects.get(pk=unit.pk)], ["name"]) == 0
    fresh = Unit.objects.get(pk=unit.pk)
    assert fresh.search_folded.startswith(" so a ")
    assert fresh.version == 1


def test_bulk_update_refuses_one_record_twice_and_a_row_read_in_part():
    unit = UnitFactory()
    with pytest.raises(ValueError, match="twice"):
        Unit.objects.bulk_update([unit, Unit.objects.get(pk=unit.pk)], ["note"])
    with pytest.raises(ValueError, match="whole rows"):
        Unit.objects.bulk_update([Unit.objects.defer("address").get(pk=unit.pk)], ["note"])


def test_bulk_update_that_fails_leaves_versions_in_memory_as_they_were():
    one, two = UnitFactory.create_batch(2)
    Unit.objects.filter(pk=two.pk).update(note="mới")
    one.note = two.note = "cũ"
    with pytest.raises(changes.StaleRecord):
        Unit.objects.bulk_update([one, two], ["note"])
    assert one.version == 1


def test_get_or_create_and_update_or_create_record():
    unit = UnitFactory()
    row, _ = Headcount.objects.get_or_create(unit=unit, year=2025, defaults={"staff_count": 1})
    Headcount.objects.update_or_create(unit=unit, year=2025, defaults={"staff_count": 2})
    assert [change.action for change in changes_of(row)] == ["create", "update"]


def test_related_managers_record():
    area = JurisdictionFactory()
    unit, branch = UnitFactory.create_batch(2, jurisdiction=area)
    unit.branches.add(branch)
    unit.branches.clear()
    assert [change.after["parent_id"] for change in changes_of(branch)[1:]] == [unit.pk, None]


def test_cascade_records_every_row_that_goes():
    unit = UnitFactory()
    rows = Headcount.objects.bulk_create([Headcount(unit=unit, year=year, staff_count=1) for year in (2024, 2025)])
    keys = [row.pk for row in rows]
    unit.delete()
    gone = Change.objects.filter(model="units.headcount", action="delete", object_id__in=keys)
    assert sorted(change.before["year"] for change in gone) == [2024, 2025]


def test_deleted_row_is_recorded_as_it_was_stored():
    unit = UnitFactory(name="Sở A")
    pk, unit.name = unit.pk, "chưa lưu"
    unit.delete()
    assert Change.objects.get(model="units.unit", object_id=pk, action="delete").before["name"] == "Sở A"


def test_protected_row_stays_and_so_does_its_history():
    area = UnitFactory().jurisdiction
    with pytest.raises(ProtectedError):
        area.delete()
    assert len(changes_of(area)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["headcount", "placement", "posting", "succession", "statuschange"])
def test_bulk_create_asks_as_often_for_many_rows_as_for_one(kind, django_assert_num_queries):
    area = JurisdictionFactory()
    unit, officer, office = UnitFactory(jurisdiction=area), OfficerFactory(), PoliceOfficeFactory()
    day = datetime.date(2025, 7, 1)
    areas = JurisdictionFactory.create_batch(13)
    make = {
        "headcount": lambda n: Headcount(unit_id=unit.pk, year=2000 + n, staff_count=1),
        "placement": lambda _: Placement(unit_id=unit.pk, jurisdiction_id=area.pk, valid_to=day),
        "posting": lambda n: Posting(
            officer_id=officer.pk, office_id=office.pk, valid_from=datetime.date(2020, 1, 1 + n)
        ),
        "succession": lambda n: Succession(
            predecessor_id=area.pk, successor_id=areas[n].pk, kind="part_of", effective_on=day
        ),
        "statuschange": lambda _: StatusChange(
            unit_id=unit.pk, from_status="active", to_status="suspended", effective_on=day, reason="x"
        ),
    }[kind]
    model = type(make(0))
    with CaptureQueriesContext(connection) as one:
        model.objects.bulk_create([make(0)])
    with CaptureQueriesContext(connection) as many:
        model.objects.bulk_create([make(n) for n in range(1, 13)])
    assert len(many) == len(one)


@pytest.mark.slow
def test_thousands_of_rows_with_an_owner_are_written_at_once():
    area = JurisdictionFactory()
    units = Unit.objects.bulk_create([Unit(name=f"Sở {n}", kind="agency", jurisdiction=area) for n in range(1200)])
    counts = [Headcount(unit_id=unit.pk, year=2026, staff_count=5) for unit in units]
    Headcount.objects.bulk_create(counts)
    assert Change.objects.filter(model="units.headcount").count() == 1200


def test_no_write_keeps_a_number_of_identity_papers_in_words():
    area = JurisdictionFactory()
    said, kept = "Trưởng ban 000 123 456 789", "Trưởng ban 000••••••789"
    saved = UnitFactory(jurisdiction=area, note=said)
    made, edited, updated = UnitFactory.build(jurisdiction=area, note=said), *UnitFactory.create_batch(2)
    Unit.objects.bulk_create([made])
    edited.note = said
    Unit.objects.bulk_update([edited], ["note"])
    Unit.objects.filter(pk=updated.pk).update(note=said)
    assert set(Unit.objects.values_list("note", flat=True)) == {kept}
    assert "123 456" not in str(list(Change.objects.values_list("before", "after")))
    assert saved.note == kept


def test_codes_and_telephones_are_written_as_they_are():
    unit = UnitFactory(head_phone="0100 0000 0102", tax_code="0312345678-001")
    unit.refresh_from_db()
    assert (unit.head_phone, unit.tax_code) == ("0100 0000 0102", "0312345678-001")
    area = JurisdictionFactory(parent=JurisdictionFactory())
    assert area.path.isdigit()
    area.refresh_from_db()
    assert len(area.path) == 12
