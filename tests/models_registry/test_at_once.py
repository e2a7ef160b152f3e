"""Two officers write about one model at once: neither is refused, and what is derived holds for both."""

import datetime

import pytest

from models_registry import workflow
from models_registry.members import Body, join
from models_registry.models import ModelLogEntry, ModelMember
from movement_portal.audit.recording import describe
from tests.at_once import held_up
from tests.factories import JurisdictionFactory, SelfManagedModelFactory, UnitFactory
from units.workflow import relocate

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def entered(model, day):
    def write():
        ModelLogEntry.objects.create(model=model, held_on=day, content=f"Tuần tra {day:%d/%m}")
        workflow.log_changed([model.pk])

    return write


def test_the_last_day_of_activity_is_the_last_of_both(commune):
    model = SelfManagedModelFactory(jurisdiction=commune, active=True)
    later, earlier = datetime.date(2026, 11, 20), datetime.date(2026, 11, 10)
    assert held_up(entered(model, later), entered(model, earlier)) == []
    model.refresh_from_db()
    assert model.last_active_on == later


def test_a_body_joins_once(commune):
    model = SelfManagedModelFactory(jurisdiction=commune, active=True)
    unit = UnitFactory(jurisdiction=commune)

    def joins():
        join(model, units=[unit], bodies=[Body("Công an phường", commune)])

    assert held_up(joins, joins) == []
    assert ModelMember.objects.count() == 2


def test_a_unit_moves_while_its_model_is_edited(commune, province, leader):
    unit, there = UnitFactory(jurisdiction=commune), JurisdictionFactory(parent=province)
    model = SelfManagedModelFactory(lead_unit=unit, lead_body="", jurisdiction=commune, active=True)

    def edit():
        model.note = "Đã sửa"
        model.save()

    def move():
        describe(label="Chuyển")
        relocate(unit, there, on=datetime.date(2026, 11, 2), by=leader)

    assert held_up(edit, move) == []
    model.refresh_from_db()
    assert (model.note, model.jurisdiction) == ("Đã sửa", there)
