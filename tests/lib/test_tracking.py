"""Every write of a tracked record leaves its history in the same transaction."""

import datetime

import pytest
import time_machine
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import IntegrityError, NotSupportedError, connection, transaction
from django.db.models import Count, F, ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change, tracked_models
from movement_portal.audit.recording import act
from movement_portal.jurisdictions.models import Posting, Succession
from movement_portal.lib import bulk, changes
from movement_portal.lib.tracked_rows import TrackedQuerySet
from movement_portal.lib.tracking import TrackedModel
from tests.factories import JurisdictionFactory, OfficerFactory, PoliceOfficeFactory, UnitFactory
from units.models import Grouping, Headcount, Placement, StatusChange, Unit

pytestmark = pytest.mark.django_db


def changes_of(unit):
    return list(Change.objects.of(unit).order_by("id"))


def test_save_records_before_and_after():
    unit = UnitFactory(name="Sở A")
    unit.name = "Sở B"
    unit.save()
    created, updated = changes_of(unit)
    assert created.action == "create"
    assert created.after["name"] == "Sở A"
    assert (updated.before, updated.after, updated.version) == ({"name": "Sở A"}, {"name": "Sở B"}, 2)
    assert updated.path == unit.jurisdiction.path


def test_save_without_a_difference_records_nothing():
    unit = UnitFactory()
    unit.save()
    assert len(changes_of(unit)) == 1


def test_stale_save_is_refused():
    unit = UnitFactory()
    other = Unit.objects.get(pk=unit.pk)
    other.note = "một"
    other.save()
    unit.note = "hai"
    with pytest.raises(changes.StaleRecord):
        unit.save()
    assert Unit.objects.get(pk=unit.pk).note == "một"


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


def test_delete_records_what_was_there():
    unit = UnitFactory(name="Sở A")
    pk = unit.pk
    unit.delete()
    change = Change.objects.get(object_id=pk, action="delete", model="units.unit")
    assert change.before["name"] == "Sở A"


def test_without_a_recorder_nothing_is_written(monkeypatch):
    monkeypatch.setattr(changes, "_recorder", None)
    area = JurisdictionFactory.build(kind="commune", code="1", name="X")
    with pytest.raises(ImproperlyConfigured):
        area.save()


def test_password_is_masked_in_history():
    officer = OfficerFactory()
    officer.set_password("một mật khẩu dài")
    officer.save()
    change = Change.objects.of(officer).first()
    assert change.after == {"password": "…"}


def test_save_without_a_difference_keeps_the_version():
    unit = UnitFactory()
    unit.save()
    assert Unit.objects.get(pk=unit.pk).version == unit.version == 1


def test_login_moment_is_no_change():
    officer = OfficerFactory()
    officer.last_login = timezone.now()
    officer.save(update_fields=["last_login"])
    officer.refresh_from_db()
    assert (officer.version, officer.last_login is not None, len(changes_of(officer))) == (1, True, 1)


def test_equal_values_in_another_spelling_are_no_difference():
    officer = OfficerFactory(
        must_change_password=True, password_expires_at=datetime.datetime(2026, 1, 2, 5, tzinfo=datetime.UTC)
    )
    officer.password_expires_at = datetime.datetime(
        2026, 1, 2, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=7))
    )
    officer.save()
    assert len(changes_of(officer)) == 1


def test_key_set_by_hand_does_not_overwrite_a_row():
    unit = UnitFactory(name="Sở A")
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit(pk=unit.pk, name="Sở B", kind="agency", jurisdiction=unit.jurisdiction, code="DV9").save()
    assert Unit.objects.get(pk=unit.pk).name == "Sở A"


def test_row_read_without_its_version_is_not_saved():
    unit = UnitFactory()
    partial = Unit.objects.only("name").get(pk=unit.pk)
    with pytest.raises(ValueError, match="version"):
        partial.save()


def test_row_read_in_part_keeps_history_of_that_part():
    unit = UnitFactory(note="cũ")
    partial = Unit.objects.defer("address").get(pk=unit.pk)
    partial.note = "mới"
    partial.save()
    assert changes_of(unit)[-1].after == {"note": "mới"}


def test_update_fields_records_only_those():
    unit = UnitFactory(note="cũ", address="cũ")
    unit.note = unit.address = "mới"
    unit.save(update_fields=["note"])
    assert changes_of(unit)[-1].after == {"note": "mới"}
    assert Unit.objects.get(pk=unit.pk).address == "cũ"


def test_failed_save_keeps_the_version_in_memory():
    one, two = UnitFactory(tax_code="0100109106"), UnitFactory()
    two.tax_code = one.tax_code
    with pytest.raises(IntegrityError), transaction.atomic():
        two.save()
    assert two.version == 1
    assert len(changes_of(two)) == 1


def test_change_of_a_rolled_back_savepoint_leaves_no_history_and_the_next_one_does():
    unit = UnitFactory()
    with act(EventKind.EDIT) as doing:
        point = transaction.savepoint()
        Unit.objects.filter(pk=unit.pk).update(note="một")
        transaction.savepoint_rollback(point)
        assert not AuditEvent.objects.filter(pk=doing.id).exists()
        Unit.objects.filter(pk=unit.pk).update(note="hai")
    assert [change.after for change in AuditEvent.objects.get(pk=doing.id).changes.all()] == [{"note": "hai"}]


def test_change_does_not_happen_when_its_history_cannot_be_written(monkeypatch):
    unit = UnitFactory(note="cũ")

    def broken(rows):
        raise RuntimeError

    monkeypatch.setattr(changes, "_recorder", broken)
    unit.note = "mới"
    for write in (
        unit.save,
        unit.delete,
        Unit.objects.all().delete,
        lambda: Unit.objects.update(note="mới"),
        lambda: Unit.objects.bulk_update([unit], ["note"]),
    ):
        with pytest.raises(RuntimeError):
            write()
    assert list(Unit.objects.values_list("note", "version")) == [("cũ", 1)]


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


def test_fixture_rows_keep_history():
    row = Grouping(pk=7, kind="sector", name="Y tế", name_sort="1", search_folded="y te")
    for name in ("Y tế", "Giáo dục"):
        row.name = name
        for loaded in serializers.deserialize("json", serializers.serialize("json", [row])):
            loaded.save()
    assert [change.action for change in changes_of(row)] == ["create", "update"]


def test_rows_of_a_unit_are_told_by_the_unit():
    unit = UnitFactory()
    row = Headcount.objects.create(unit=unit, year=2025, staff_count=3)
    models = [change.model for change in Change.objects.told_by(unit).order_by("id")]
    assert models == ["units.unit", "units.placement", "units.headcount"]
    assert Change.objects.of(row).get().owner_id == unit.pk


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


def test_no_tracked_model_has_rows_that_history_cannot_see():
    assert not [
        field
        for model in tracked_models()
        for field in model._meta.many_to_many
        if not issubclass(field.remote_field.through, TrackedModel)
    ]


@pytest.mark.parametrize("model", tracked_models())
def test_moments_that_write_themselves_are_no_changes(model):
    moments = {field.name for field in model._meta.concrete_fields if getattr(field, "auto_now", False)}
    assert moments <= set(model.untracked_fields)


@pytest.mark.parametrize("model", tracked_models())
def test_related_writes_of_django_go_through_the_tracked_manager(model):
    assert isinstance(model._base_manager.all(), TrackedQuerySet)
    assert isinstance(model._default_manager.all(), TrackedQuerySet)


def test_thousands_of_rows_with_an_owner_are_written_at_once():
    area = JurisdictionFactory()
    units = Unit.objects.bulk_create([Unit(name=f"Sở {n}", kind="agency", jurisdiction=area) for n in range(1200)])
    counts = [Headcount(unit_id=unit.pk, year=2026, staff_count=5) for unit in units]
    Headcount.objects.bulk_create(counts)
    assert Change.objects.filter(model="units.headcount").count() == 1200
