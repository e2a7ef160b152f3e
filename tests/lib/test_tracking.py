"""Every write of a tracked record leaves its history in the same transaction."""

import datetime

import pytest
from django.core import serializers
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change, tracked_models
from movement_portal.audit.recording import act
from movement_portal.lib import changes
from movement_portal.lib.tracked_rows import TrackedQuerySet
from movement_portal.lib.tracking import TrackedModel
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units.models import Grouping, Headcount, Unit

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
