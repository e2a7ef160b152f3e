"""Slips of a hurried hand: sent twice, days before a model was there, a second model where one runs already."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from models_registry import workflow
from models_registry.enums import ModelStatus
from models_registry.models import ModelStep, SelfManagedModel
from tests.factories import SelfManagedModelFactory, UnitFactory

pytestmark = pytest.mark.django_db

LAUNCHED = datetime.date(2026, 3, 1)


@pytest.fixture
def model(commune, unit):
    return SelfManagedModelFactory(jurisdiction=commune, active=True, lead_unit=unit, lead_body="")


def messages_of(response) -> str:
    return " ".join(str(each) for each in get_messages(response.wsgi_request))


# -- replication -------------------------------------------------------------------------------------------------------
def replicate(signed_in, model, *units, on="22/11/2026", **more):
    address = reverse("models:model_replicate", args=[model.pk])
    return signed_in.post(address, {"units_text": "\n".join(unit.code for unit in units), "on": on, **more})


def test_a_replication_sent_twice_copies_once(signed_in, commune, model):
    units = UnitFactory.create_batch(3, jurisdiction=commune)
    assert replicate(signed_in, model, *units).status_code == 302
    again = replicate(signed_in, model, *units)
    assert again.status_code == 422
    assert "đều đã có mô hình loại này" in again.content.decode()
    assert SelfManagedModel.objects.filter(replicated_from=model).count() == 3


def test_units_that_lead_a_model_of_the_kind_are_passed_over_and_told(signed_in, commune, model):
    response = replicate(signed_in, model, model.lead_unit, UnitFactory(jurisdiction=commune))
    assert "tới 1 đơn vị. 1 đơn vị đã có mô hình loại này nên được bỏ qua." in messages_of(response)


def test_a_unit_whose_model_has_ended_takes_a_copy(signed_in, commune, model):
    there = UnitFactory(jurisdiction=commune)
    SelfManagedModelFactory(
        kind=model.kind,
        jurisdiction=commune,
        lead_unit=there,
        lead_body="",
        status=ModelStatus.RETIRED,
        ended_on=LAUNCHED,
    )
    assert replicate(signed_in, model, there).status_code == 302


def test_no_copy_is_older_than_its_source(signed_in, commune, model):
    response = replicate(signed_in, model, UnitFactory(jurisdiction=commune), on="01/01/2019")
    assert "Mô hình gốc ra mắt ngày 01/03/2026." in response.content.decode()
    copy = SelfManagedModelFactory.build(jurisdiction=commune, kind=model.kind)
    with pytest.raises(workflow.TransitionError, match="trước ngày mô hình gốc ra mắt"):
        workflow.replicate(model, [copy], by=response.wsgi_request.user, on=datetime.date(2019, 1, 1))


def test_copies_are_refused_where_one_came_in_meanwhile(leader, commune, model):
    copy = SelfManagedModelFactory.build(kind=model.kind, lead_unit=model.lead_unit, lead_body="", jurisdiction=commune)
    with pytest.raises(workflow.TransitionError, match="1 đơn vị đã có mô hình loại này"):
        workflow.replicate(model, [copy], by=leader, on=LAUNCHED)


# -- steps -------------------------------------------------------------------------------------------------------------
def test_a_strengthening_sent_twice_is_one(signed_in, model):
    address = reverse("models:model_step", args=[model.pk, "strengthen"])
    sent = {"effective_on": "01/10/2026", "reason": "Kiện toàn ban chủ nhiệm"}
    assert signed_in.post(address, sent).status_code == 302
    assert "Lần củng cố này đã ghi" in signed_in.post(address, sent).content.decode()
    assert ModelStep.objects.filter(model=model).count() == 1


@pytest.mark.parametrize("name", ["effective_on", "decision_on"])
def test_no_step_is_of_a_day_to_come(signed_in, model, name):
    address = reverse("models:model_step", args=[model.pk, "strengthen"])
    sent = {"effective_on": "01/10/2026", "reason": "Kiện toàn", name: "01/12/2027"}
    assert "Ngày này chưa đến." in signed_in.post(address, sent).content.decode()


def test_no_model_is_merged_into_one_not_yet_launched_on_the_day(leader, commune, model):
    old = SelfManagedModelFactory(jurisdiction=commune, active=True, launched_on=datetime.date(2020, 1, 1))
    SelfManagedModel.objects.filter(pk=old.pk).update(status_on=datetime.date(2020, 1, 1))
    day = datetime.date(2024, 1, 1)
    with pytest.raises(workflow.TransitionError, match="Mô hình nhận ra mắt ngày 01/03/2026"):
        workflow.perform(workflow.MERGE, old.pk, by=leader, on=day, reason="Gộp", into_id=model.pk)


# -- twins -------------------------------------------------------------------------------------------------------------
def test_a_second_model_of_a_kind_at_a_unit_is_asked_about(signed_in, model):
    address = reverse("models:model_add")
    sent = {"kind": model.kind_id, "lead_unit_code": model.lead_unit.code}
    asked = signed_in.post(address, sent).content.decode()
    assert f"Đơn vị đã có mô hình loại này: “{model.name}” ({model.code}, đang hoạt động)" in asked
    assert 'name="is_another"' in asked
    assert signed_in.post(address, sent | {"is_another": "on"}).status_code == 302
    assert SelfManagedModel.objects.filter(lead_unit=model.lead_unit).count() == 2


def test_a_model_of_another_kind_is_not_asked_about(signed_in, model):
    other = SelfManagedModelFactory().kind
    sent = {"kind": other.pk, "lead_unit_code": model.lead_unit.code}
    assert signed_in.post(reverse("models:model_add"), sent).status_code == 302
