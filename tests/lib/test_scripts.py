"""Writes made ready before the transaction that carries them out."""

import pytest
from django.db import connection, transaction

from movement_portal.audit.models import Change
from movement_portal.lib import bulk
from movement_portal.lib.changes import StaleRecord
from movement_portal.lib.scripts import Outdated, Script
from tests.factories import JurisdictionFactory, UnitFactory
from units.models import Grouping, Placement, TrainingCertificate, Unit


@pytest.fixture
def script(db):
    with Script(using="default") as script:
        yield script


@pytest.fixture
def area(db):
    return JurisdictionFactory(path="1.2.")


def unit(area, **values):
    return Unit(**{"name": "Công ty Mẫu", "kind": "enterprise", "jurisdiction": area, **values})


def test_what_is_collected_is_written_when_it_is_carried_out(script, area):
    with script.collecting():
        made = Unit.objects.bulk_create([unit(area), unit(area, name="Công ty Hai")])
    assert not Unit.objects.exists()
    with transaction.atomic():
        script.carry_out()
    assert set(Unit.objects.values_list("pk", "name")) == {(each.pk, each.name) for each in made}
    assert Placement.objects.filter(unit__in=made).count() == 2


def test_history_is_written_with_what_is_carried_out(script, area):
    with script.collecting():
        made = Unit.objects.bulk_create([unit(area)])
    assert not Change.objects.filter(model="units.unit").exists()
    with transaction.atomic():
        script.carry_out()
    change = Change.objects.get(model="units.unit", action="create")
    assert (change.object_id, change.after["name"], change.path) == (made[0].pk, "Công ty Mẫu", area.path)


def test_a_change_is_written_over_the_version_that_was_read(script):
    record = UnitFactory(address="Số 1")
    record = Unit.objects.get(pk=record.pk)
    record.address = "Số 2"
    with script.collecting():
        Unit.objects.bulk_update([record], ["address"])
    assert Unit.objects.get().address == "Số 1"
    with transaction.atomic():
        script.carry_out()
    assert (Unit.objects.get().address, Unit.objects.get().version) == ("Số 2", 2)


def test_a_record_that_was_changed_since_keeps_everything_from_being_written(script, area):
    record = Unit.objects.get(pk=UnitFactory(address="Số 1").pk)
    record.address = "Số 2"
    with script.collecting():
        Unit.objects.bulk_create([unit(area)])
        Unit.objects.bulk_update([record], ["address"])
    other = Unit.objects.get()
    other.address = "Số 3"
    other.save()
    with pytest.raises(Outdated), transaction.atomic():
        script.carry_out()
    assert list(Unit.objects.values_list("address", flat=True)) == ["Số 3"]


def test_a_record_that_is_stale_already_is_not_collected(script):
    record = Unit.objects.get(pk=UnitFactory().pk)
    Unit.objects.update(address="Số 3")
    record.address = "Số 2"
    with script.collecting(), pytest.raises(StaleRecord):
        Unit.objects.bulk_update([record], ["address"])


def test_keys_reserved_for_a_script_are_not_drawn_again(script, area):
    with script.collecting():
        reserved = Unit.objects.bulk_create([unit(area)])[0].pk
    assert UnitFactory().pk > reserved


def test_keys_that_somebody_draws_meanwhile_are_not_reserved(area, monkeypatch):
    look, others = bulk._last_keys, [lambda: UnitFactory(jurisdiction=area)]

    def looked_before_the_other_wrote(model, using):
        found = look(model, using)
        if others:
            others.pop()()
        return found

    monkeypatch.setattr(bulk, "_last_keys", looked_before_the_other_wrote)
    reserved = bulk.reserve_keys(Unit, 3, using="default")
    UnitFactory(jurisdiction=area)
    assert not set(reserved) & set(Unit.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "write",
    [
        lambda record: record.save(),
        lambda record: record.delete(),
        lambda record: type(record).objects.update(address="Số 2"),
        lambda record: type(record).objects.all().delete(),
    ],
)
def test_what_writes_at_once_is_refused_while_a_script_collects(script, write):
    record = UnitFactory()
    with script.collecting(), pytest.raises(RuntimeError):
        write(record)


def test_nothing_but_reading_and_reserving_happens_while_a_script_collects(script, django_assert_max_num_queries):
    with django_assert_max_num_queries(8), script.collecting():
        Grouping.objects.bulk_create([Grouping(kind="sector", name=f"Ngành {number}") for number in range(500)])
    assert not Grouping.objects.exists()


def test_a_queryset_that_does_more_than_writing_rows_is_not_scripted():
    assert Grouping.objects.all().may_be_scripted()
    assert not TrainingCertificate.objects.all().may_be_scripted()


def test_a_corrected_area_is_not_scripted():
    assert Unit.objects.all().may_be_scripted(["address"])
    assert not Unit.objects.all().may_be_scripted(["address", "jurisdiction"])


def test_a_failure_while_writing_leaves_nothing(script, area, monkeypatch):
    with script.collecting():
        Unit.objects.bulk_create([unit(area)])
    script.first("fails", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        script.carry_out()
    assert not Unit.objects.exists()
    assert not connection.needs_rollback
