"""The life of a model: every state and step, who may take it, and what is written down."""

import datetime
import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models_registry import workflow
from models_registry.enums import ModelStatus, ModelStepKind
from models_registry.models import ModelMember, ModelStep, SelfManagedModel
from movement_portal.jurisdictions.enums import Function
from tests.factories import JurisdictionFactory, OfficerFactory, SelfManagedModelFactory, UnitFactory
from units import workflow as units_workflow

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 1)
SAID = {"reason": "Kết luận kiểm tra mẫu", "decision_number": "12/QĐ-MẪU", "decision_on": DAY}


@pytest.fixture
def receiver(commune):
    return SelfManagedModelFactory(jurisdiction=commune, active=True, launched_on=datetime.date(2026, 1, 1))


def model_in(status, commune, leader, receiver):
    """A model brought into a state by the steps an officer takes."""
    paths = {
        ModelStatus.PROPOSED: [],
        ModelStatus.APPROVED: [workflow.APPROVE],
        ModelStatus.ACTIVE: [workflow.APPROVE, workflow.LAUNCH],
        ModelStatus.RETIRED: [workflow.LAUNCH, workflow.RETIRE],
        ModelStatus.DISSOLVED: [workflow.LAUNCH, workflow.DISSOLVE],
        ModelStatus.MERGED: [workflow.LAUNCH, workflow.MERGE],
    }
    model = SelfManagedModelFactory.build(jurisdiction=commune, kind=receiver.kind)
    workflow.propose(model, by=leader, on=datetime.date(2026, 1, 1))
    for step in paths[status]:
        into = receiver.pk if step.needs_receiver else None
        workflow.perform(step, model.pk, by=leader, on=datetime.date(2026, 2, 1), into_id=into, **SAID)
    model.refresh_from_db()
    return model


@pytest.mark.parametrize(
    ("status", "name"), list(itertools.product(ModelStatus, workflow.TRANSITIONS)), ids=lambda value: str(value)
)
def test_step_from_every_state(status, name, commune, leader, receiver):
    step, model = workflow.TRANSITIONS[name], model_in(status, commune, leader, receiver)
    into = receiver.pk if step.needs_receiver else None
    if status not in step.sources:
        with pytest.raises(workflow.TransitionError):
            workflow.perform(step, model.pk, by=leader, on=DAY, into_id=into, **SAID)
        assert step not in workflow.steps_for(model, leader)
        return
    assert step in workflow.steps_for(model, leader)
    workflow.perform(step, model.pk, by=leader, on=DAY, into_id=into, **SAID)
    model.refresh_from_db()
    assert model.status == step.target
    last = model.steps.order_by("-id").first()
    assert (last.kind, last.to_status, last.effective_on) == (step.kind, step.target, DAY)


def test_approval_needs_its_decision(commune, leader, receiver):
    model = model_in(ModelStatus.PROPOSED, commune, leader, receiver)
    with pytest.raises(workflow.TransitionError, match="số và ngày quyết định"):
        workflow.perform(workflow.APPROVE, model.pk, by=leader, on=DAY)


def test_ending_needs_a_reason(commune, leader, receiver):
    model = model_in(ModelStatus.ACTIVE, commune, leader, receiver)
    with pytest.raises(workflow.TransitionError, match="lý do"):
        workflow.perform(workflow.RETIRE, model.pk, by=leader, on=DAY, reason="  ")


def test_no_step_lies_ahead(commune, leader, receiver):
    model = model_in(ModelStatus.ACTIVE, commune, leader, receiver)
    with pytest.raises(workflow.TransitionError, match="sau hôm nay"):
        workflow.perform(workflow.STRENGTHEN, model.pk, by=leader, on=datetime.date(2026, 11, 23), **SAID)


def test_strengthening_leaves_the_state_and_its_day(commune, leader, receiver):
    model = model_in(ModelStatus.ACTIVE, commune, leader, receiver)
    before = model.status_on
    workflow.perform(workflow.STRENGTHEN, model.pk, by=leader, on=DAY, **SAID)
    model.refresh_from_db()
    assert (model.status, model.status_on) == (ModelStatus.ACTIVE, before)


def test_replication_is_told_on_both_models(commune, leader, receiver):
    copy = SelfManagedModelFactory.build(jurisdiction=commune, kind=receiver.kind)
    workflow.propose(copy, by=leader, on=DAY, source=receiver)
    assert copy.replicated_from == receiver
    assert ModelStep.objects.get(model=receiver).kind == ModelStepKind.REPLICATE


def test_entering_officer_takes_no_step(commune, leader, receiver):
    model = model_in(ModelStatus.PROPOSED, commune, leader, receiver)
    clerk = OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.ENTER)
    with pytest.raises(PermissionDenied):
        workflow.perform(workflow.LAUNCH, model.pk, by=clerk, on=DAY)


def test_member_area_sees_and_does_not_decide(province, commune, leader, receiver):
    model = model_in(ModelStatus.ACTIVE, commune, leader, receiver)
    other = JurisdictionFactory(parent=province)
    neighbour = OfficerFactory(jurisdiction=other, jurisdiction__function=Function.MANAGE_RECORDS)
    assert not SelfManagedModel.objects.visible_to(neighbour).exists()
    ModelMember.objects.create(model=model, unit=UnitFactory(jurisdiction=other))
    assert SelfManagedModel.objects.visible_to(neighbour).get() == model
    assert not SelfManagedModel.objects.editable_by(neighbour).exists()
    assert workflow.steps_for(model, neighbour) == []
    with pytest.raises(PermissionDenied):
        workflow.perform(workflow.RETIRE, model.pk, by=neighbour, on=DAY, **SAID)


def test_model_out_of_reach_does_not_exist(commune, leader, receiver):
    stranger = OfficerFactory(jurisdiction__function=Function.MANAGE_RECORDS)
    with pytest.raises(SelfManagedModel.DoesNotExist):
        workflow.perform(workflow.RETIRE, receiver.pk, by=stranger, on=DAY, **SAID)


def test_model_moves_with_the_unit_that_leads_it(province, commune, leader):
    unit = UnitFactory(jurisdiction=commune)
    model = SelfManagedModelFactory.build(jurisdiction=province, kind=SelfManagedModelFactory().kind)
    model.lead_unit, model.lead_body = unit, ""
    workflow.propose(model, by=leader, on=DAY)
    assert model.jurisdiction == commune
    there = JurisdictionFactory(parent=province)
    units_workflow.relocate(unit, there, on=DAY, by=leader)
    model.refresh_from_db()
    assert model.jurisdiction == there


def test_models_of_an_old_list_are_entered_running(commune, leader, receiver):
    day = datetime.date(2019, 5, 1)
    asked = []
    for count in (1, 2, 20):
        rows = SelfManagedModelFactory.build_batch(count, jurisdiction=commune, kind=receiver.kind, launched_on=day)
        with CaptureQueriesContext(connection) as queries:
            workflow.enter_active(rows, by=leader)
        asked.append(len(queries))
    assert SelfManagedModel.objects.filter(status=ModelStatus.ACTIVE, launched_on=day).count() == 23
    assert asked[1] == asked[2]


def test_an_old_model_typed_in_today_is_approved_on_its_day(commune, leader, receiver):
    model = SelfManagedModelFactory.build(jurisdiction=commune, kind=receiver.kind)
    workflow.propose(model, by=leader)
    workflow.perform(workflow.APPROVE, model.pk, by=leader, on=datetime.date(2024, 3, 1), **SAID)
    workflow.perform(workflow.LAUNCH, model.pk, by=leader, on=datetime.date(2024, 4, 1))
    model.refresh_from_db()
    assert (model.status, model.launched_on) == (ModelStatus.ACTIVE, datetime.date(2024, 4, 1))


def test_no_model_ends_before_it_was_strengthened(commune, leader, receiver):
    model = model_in(ModelStatus.ACTIVE, commune, leader, receiver)
    workflow.perform(workflow.STRENGTHEN, model.pk, by=leader, on=datetime.date(2026, 6, 1), **SAID)
    with pytest.raises(workflow.TransitionError, match="01/06/2026"):
        workflow.perform(workflow.RETIRE, model.pk, by=leader, on=datetime.date(2026, 5, 1), **SAID)
    workflow.perform(workflow.STRENGTHEN, model.pk, by=leader, on=datetime.date(2026, 5, 1), **SAID)


@pytest.mark.parametrize("steps", [[], [workflow.APPROVE]])
def test_what_never_ran_is_restored_to_what_it_was(steps, commune, leader, receiver):
    model = SelfManagedModelFactory.build(jurisdiction=commune, kind=receiver.kind)
    workflow.propose(model, by=leader, on=datetime.date(2026, 1, 1))
    for step in steps:
        workflow.perform(step, model.pk, by=leader, on=datetime.date(2026, 2, 1), **SAID)
    model.refresh_from_db()
    before = model.status
    workflow.perform(workflow.DISSOLVE, model.pk, by=leader, on=DAY, **SAID)
    workflow.perform(workflow.RESTORE, model.pk, by=leader, on=DAY, **SAID)
    model.refresh_from_db()
    assert (model.status, model.ended_on) == (before, None)
