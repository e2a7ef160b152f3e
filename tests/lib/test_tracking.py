"""Every write of a tracked record leaves its history in the same transaction."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.recording import act
from movement_portal.lib import tracking
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units.models import Unit

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
    with pytest.raises(tracking.StaleRecord):
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
    assert unit.search_folded.startswith("doi 0")
    assert unit.version == 2
    assert [change.action for change in changes_of(unit)] == ["create", "update"]


def test_bulk_update_of_a_stale_row_changes_nothing():
    one, two = UnitFactory.create_batch(2)
    Unit.objects.filter(pk=two.pk).update(note="mới")
    one.note = two.note = "cũ"
    with pytest.raises(tracking.StaleRecord):
        Unit.objects.bulk_update([one, two], ["note"])
    assert set(Unit.objects.values_list("note", flat=True)) == {"", "mới"}


def test_delete_records_what_was_there():
    unit = UnitFactory(name="Sở A")
    pk = unit.pk
    unit.delete()
    change = Change.objects.get(object_id=pk, action="delete", model="units.unit")
    assert change.before["name"] == "Sở A"


def test_without_a_recorder_nothing_is_written(monkeypatch):
    monkeypatch.setattr(tracking, "_recorder", None)
    area = JurisdictionFactory.build(kind="commune", code="1", name="X")
    with pytest.raises(ImproperlyConfigured):
        area.save()


def test_password_is_masked_in_history():
    officer = OfficerFactory()
    officer.set_password("một mật khẩu dài")
    officer.save()
    change = Change.objects.of(officer).first()
    assert change.after == {"password": "…"}
