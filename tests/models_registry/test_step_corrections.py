"""Steps written down wrong: their day is put right, or they are taken back; the model follows."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from models_registry import workflow
from models_registry.enums import ModelStatus
from models_registry.models import ModelRating
from movement_portal.jurisdictions.enums import Function
from tests.factories import JurisdictionFactory, OfficerFactory, SelfManagedModelFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

SAID = {"reason": "Kết luận kiểm tra mẫu", "decision_number": "12/QĐ-MẪU", "decision_on": datetime.date(2026, 2, 1)}


def day(month, of=1):
    return datetime.date(2026, month, of)


@pytest.fixture
def receiver(commune):
    return SelfManagedModelFactory(jurisdiction=commune, active=True)


@pytest.fixture
def model(commune, leader, receiver):
    """Approved in February, launched in March, strengthened in May, retired in September."""
    model = SelfManagedModelFactory.build(jurisdiction=commune, kind=receiver.kind)
    workflow.propose(model, by=leader, on=day(1))
    steps = (workflow.APPROVE, 2), (workflow.LAUNCH, 3), (workflow.STRENGTHEN, 5), (workflow.RETIRE, 9)
    for step, month in steps:
        workflow.perform(step, model.pk, by=leader, on=day(month), **SAID)
    model.refresh_from_db()
    return model


def step_of(model, kind):
    return model.steps.get(kind=kind)


def moved(model, kind, on, leader):
    step = step_of(model, kind)
    step.effective_on = on
    workflow.correct(step, by=leader)
    model.refresh_from_db()


@pytest.mark.parametrize(
    ("kind", "column"), [("launch", "launched_on"), ("retire", "ended_on"), ("retire", "status_on")]
)
def test_the_days_of_the_model_follow(model, leader, kind, column):
    to = {"launch": day(2, 20), "retire": day(10)}[kind]
    moved(model, kind, to, leader)
    assert getattr(model, column) == to
    assert step_of(model, kind).effective_on == to


@pytest.mark.parametrize(
    ("kind", "on", "word"),
    [
        ("launch", day(1, 15), "Không được trước “Phê duyệt"),
        ("launch", day(6), "Không được sau “Củng cố"),
        ("approve", day(4), "Không được sau “Ra mắt"),
        ("strengthen", day(2), "Không được trước “Ra mắt"),
        ("strengthen", day(10), "Không được sau “Thanh loại"),
        ("retire", day(4), "Không được trước “"),
        ("retire", datetime.date(2027, 1, 1), "sau hôm nay"),
    ],
)
def test_a_step_keeps_its_place(model, leader, kind, on, word):
    with pytest.raises(workflow.TransitionError, match=word):
        moved(model, kind, on, leader)


def test_steps_are_taken_back_from_the_last(model, leader):
    with pytest.raises(workflow.TransitionError, match="bước cuối"):
        workflow.withdraw(step_of(model, "launch"), by=leader)
    workflow.withdraw(step_of(model, "retire"), by=leader)
    model.refresh_from_db()
    assert (model.status, model.status_on, model.ended_on) == (ModelStatus.ACTIVE, day(3), None)
    with pytest.raises(workflow.TransitionError, match="củng cố"):
        workflow.withdraw(step_of(model, "launch"), by=leader)
    workflow.withdraw(step_of(model, "strengthen"), by=leader)
    workflow.withdraw(step_of(model, "launch"), by=leader)
    model.refresh_from_db()
    assert (model.status, model.status_on, model.launched_on) == (ModelStatus.APPROVED, day(2), None)
    with pytest.raises(workflow.TransitionError):
        workflow.withdraw(step_of(model, "propose"), by=leader)


def test_a_restoration_taken_back_ends_the_model_as_before(commune, leader, receiver):
    model = SelfManagedModelFactory.build(jurisdiction=commune, kind=receiver.kind)
    workflow.launch_entered([model], by=leader, on=day(3))
    workflow.perform(workflow.MERGE, model.pk, by=leader, on=day(6), into_id=receiver.pk, **SAID)
    workflow.perform(workflow.RESTORE, model.pk, by=leader, on=day(7), **SAID)
    workflow.withdraw(step_of(model, "restore"), by=leader)
    model.refresh_from_db()
    assert (model.status, model.ended_on, model.merged_into) == (ModelStatus.MERGED, day(6), receiver)


@pytest.fixture
def proposed(commune, leader, receiver):
    """Proposed in January, launched in February."""
    model = SelfManagedModelFactory.build(jurisdiction=commune, kind=receiver.kind)
    workflow.propose(model, by=leader, on=day(1))
    return workflow.perform(workflow.LAUNCH, model.pk, by=leader, on=day(2))


def test_a_model_that_took_another_in_ran_by_then(proposed, commune, leader):
    other = SelfManagedModelFactory.build(jurisdiction=commune, kind=proposed.kind)
    workflow.launch_entered([other], by=leader, on=day(3))
    workflow.perform(workflow.MERGE, other.pk, by=leader, on=day(6), into_id=proposed.pk, **SAID)
    with pytest.raises(workflow.TransitionError, match="sáp nhập vào mô hình này"):
        workflow.withdraw(step_of(proposed, "launch"), by=leader)
    with pytest.raises(workflow.TransitionError, match="Không được sau “Sáp nhập"):
        moved(proposed, "launch", day(7), leader)
    workflow.withdraw(step_of(other, "merge"), by=leader)
    moved(proposed, "launch", day(7), leader)
    workflow.withdraw(step_of(proposed, "launch"), by=leader)


def test_a_model_that_was_copied_ran_by_then(proposed, unit, leader):
    copy = SelfManagedModelFactory.build(kind=proposed.kind, lead_unit=unit, lead_body="", jurisdiction=None)
    workflow.replicate(proposed, [copy], by=leader, on=day(3))
    with pytest.raises(workflow.TransitionError, match="Không được sau “Nhân rộng"):
        moved(proposed, "launch", day(4), leader)
    moved(proposed, "launch", day(3), leader)


def test_a_launch_that_a_rating_rests_on_is_not_taken_back(proposed, leader):
    rating = ModelRating.objects.create(model=proposed, year=2026, grade="effective")
    with pytest.raises(workflow.TransitionError, match="xếp loại"):
        workflow.withdraw(step_of(proposed, "launch"), by=leader)
    rating.delete()
    workflow.withdraw(step_of(proposed, "launch"), by=leader)


def test_only_who_decides_on_models_of_their_area_corrects(model, commune):
    clerk = OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ)
    far = OfficerFactory(jurisdiction=JurisdictionFactory(), jurisdiction__function=Function.MANAGE_RECORDS)
    with pytest.raises(PermissionDenied):
        workflow.withdraw(step_of(model, "retire"), by=clerk)
    with pytest.raises(type(model).DoesNotExist):
        workflow.correct(step_of(model, "retire"), by=far)


@pytest.mark.slow
def test_the_page_puts_a_day_right(client, model, leader):
    client.force_login(leader)
    step = step_of(model, "retire")
    url = reverse("models:modelstep_edit", args=[step.pk])
    assert url in client.get(model.get_absolute_url()).content.decode()
    assert "Rút bước này" in client.get(url).content.decode()
    sent = {"effective_on": "01/10/2026", "reason": "Kết luận", "version": step.version}
    assert client.post(url, sent).url == model.get_absolute_url()
    model.refresh_from_db()
    assert model.ended_on == day(10)
    stale = client.post(url, sent | {"effective_on": "02/10/2026"})
    assert (stale.status_code, model.steps.get(kind="retire").effective_on) == (422, day(10))
    assert client.post(url, {"effective_on": "01/11/2025", "reason": "x", "version": 2}).status_code == 422


def test_the_page_takes_a_step_back_when_asked_twice(client, model, leader):
    client.force_login(leader)
    url = reverse("models:modelstep_withdraw", args=[step_of(model, "retire").pk])
    assert "Rút bước" in client.get(url).content.decode()
    assert client.post(url).url == model.get_absolute_url()
    model.refresh_from_db()
    assert model.status == ModelStatus.ACTIVE
