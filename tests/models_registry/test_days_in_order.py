"""Days of a model, of what is written of it and of the models around it: what cannot be is refused everywhere."""

import datetime

import pytest
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from models_registry import workflow
from models_registry.enums import ModelStatus
from models_registry.models import ModelLogEntry, ModelRating, ModelStep, SelfManagedModel
from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.orders import disorder_of, oddities_of
from movement_portal.lib.transitions import TransitionError
from movement_portal.spreadsheets import workflow as bench
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import OfficerFactory, SelfManagedModelFactory
from tests.spreadsheets.lists import uploaded

pytestmark = pytest.mark.django_db

LAUNCH = datetime.date(2024, 3, 1)


@pytest.fixture
def chief(place):
    return OfficerFactory(jurisdiction=place.ward, jurisdiction__function=Function.MANAGE_RECORDS)


@pytest.fixture
def model(place):
    running = SelfManagedModelFactory(jurisdiction=place.ward, status=ModelStatus.ACTIVE, launched_on=LAUNCH)
    ModelStep.objects.create(model=running, kind="launch", to_status=ModelStatus.ACTIVE, effective_on=LAUNCH)
    return running


def ended(model, on=datetime.date(2025, 6, 1)):
    SelfManagedModel.objects.filter(pk=model.pk).update(status=ModelStatus.RETIRED, status_on=on, ended_on=on)
    model.refresh_from_db()
    return model


def test_the_database_refuses_a_decision_after_the_end(place, model):
    row = SelfManagedModelFactory.build(
        jurisdiction=place.ward,
        kind=model.kind,
        code="MH9",
        status=ModelStatus.RETIRED,
        launched_on=LAUNCH,
        ended_on=datetime.date(2025, 6, 1),
        decision_on=datetime.date(2025, 6, 2),
    )
    row.derive()
    with pytest.raises(IntegrityError, match="model_decided_before_end"), transaction.atomic():
        models.QuerySet(SelfManagedModel).bulk_create([row])


def test_a_model_cannot_end_before_its_last_activity(chief, model):
    ModelLogEntry.objects.create(model=model, held_on=datetime.date(2025, 5, 1), content="Họp tổ")
    with pytest.raises(TransitionError, match="Ngày hoạt động sau ngày mô hình kết thúc"):
        workflow.perform(workflow.RETIRE, model.pk, by=chief, on=datetime.date(2025, 4, 30), reason="Hết hiệu quả")


def test_a_model_cannot_end_before_its_decision(chief, model):
    SelfManagedModel.objects.filter(pk=model.pk).update(decision_on=datetime.date(2025, 1, 1))
    with pytest.raises(TransitionError, match="không được trước ngày quyết định"):
        workflow.perform(workflow.RETIRE, model.pk, by=chief, on=datetime.date(2024, 12, 1), reason="Hết hiệu quả")


def test_a_launch_is_not_corrected_to_after_what_was_rated(chief, model):
    ModelRating.objects.create(model=model, year=2024, grade="effective")
    step = model.steps.get()
    step.effective_on = datetime.date(2025, 2, 1)
    with pytest.raises(TransitionError, match="Năm này mô hình chưa ra mắt"):
        workflow.correct(step, by=chief)


def test_a_model_is_not_merged_into_one_that_was_not_there_yet(chief, place, model):
    young = SelfManagedModelFactory(
        jurisdiction=place.ward, status=ModelStatus.ACTIVE, launched_on=datetime.date(2026, 1, 1)
    )
    told = {"by": chief, "on": datetime.date(2025, 1, 1), "reason": "Gộp", "into_id": young.pk}
    with pytest.raises(TransitionError, match="không sáp nhập trước ngày đó"):
        workflow.perform(workflow.MERGE, model.pk, **told)


def test_a_model_is_not_copied_before_it_was_launched(chief, place, model):
    copy = SelfManagedModelFactory.build(jurisdiction=place.ward, kind=model.kind)
    with pytest.raises(TransitionError, match="trước ngày mô hình gốc ra mắt"):
        workflow.replicate(model, [copy], by=chief, on=datetime.date(2024, 2, 1))


@pytest.mark.parametrize(
    ("name", "typed", "text"),
    [
        ("modellogentry", {"held_on": "02/06/2025", "content": "Họp"}, "Ngày hoạt động sau ngày mô hình kết thúc."),
        ("modelrating", {"year": "2026", "grade": "effective"}, "Năm này mô hình đã kết thúc."),
        ("modelrating", {"year": "2023", "grade": "effective"}, "Năm này mô hình chưa ra mắt."),
        (
            "modelstrength",
            {"counted_on": "02/06/2025", "member_count": "9"},
            "Ngày thống kê sau ngày mô hình kết thúc.",
        ),
        ("modelgroup", {"name": "Tổ 1", "valid_from": "02/06/2025"}, "Tổ lập sau ngày mô hình kết thúc."),
        ("modelmember", {"role": "member", "valid_from": "02/06/2025"}, "Ngày tham gia sau ngày mô hình kết thúc."),
        (
            "modelrecognition",
            {"level": "province", "decision_number": "1", "decision_on": "01/02/2024"},
            "Ngày này mô hình chưa ra mắt.",
        ),
    ],
)
def test_the_form_refuses_what_falls_outside_the_life_of_the_model(client, chief, model, name, typed, text):
    ended(model)
    client.force_login(chief)
    answer = client.post(reverse(f"models:{name}_add", args=[model.pk]), typed)
    assert answer.status_code == 422
    assert text in answer.text


def test_a_list_refuses_an_activity_after_the_end(place, model):
    ended(model)
    rows = ["Mô hình", "Ngày tổ chức", "Nội dung"], [model.code, "02/06/2025", "Họp tổ"]
    batch = bench.upload(sheet_for("model-log"), uploaded(*rows), by=place.officer)
    batch = bench.run_check(batch.pk, by=place.officer)
    assert [problem["reason"] for row in batch.rows.all() for problem in row.problems] == [
        "Ngày hoạt động sau ngày mô hình kết thúc."
    ]


def test_an_activity_before_the_launch_is_only_told(model):
    entry = ModelLogEntry(model=model, held_on=datetime.date(2024, 2, 1), content="Họp chuẩn bị")
    assert oddities_of(entry) == ["Hoạt động trước ngày mô hình ra mắt, hãy xem lại."]


def test_a_model_not_launched_is_not_rated_and_may_prepare(place):
    proposed = SelfManagedModelFactory(jurisdiction=place.ward)
    assert list(disorder_of(ModelLogEntry(model=proposed, held_on=LAUNCH, content="Họp chuẩn bị ra mắt"), ())) == []
    told = list(disorder_of(ModelRating(model=proposed, year=2026, grade="weak"), ()))
    assert told == [("year", "Năm này mô hình chưa ra mắt.")]


def test_a_list_takes_an_activity_before_the_launch_with_a_word(place, model):
    header = ["Mã mô hình", "Ngày", "Nội dung"]
    batch = place.checked(header, [model.code, "01/02/2020", "Họp"], sheet="model-log")
    assert batch.counts["new"] == 1
    assert "Hoạt động trước ngày mô hình ra mắt, hãy xem lại." in str(batch.rows.get().notices)


def test_a_list_rates_no_model_that_was_not_launched(place):
    proposed = SelfManagedModelFactory(jurisdiction=place.ward)
    batch = place.checked(["Mã mô hình", "Năm", "Xếp loại"], [proposed.code, "2025", "Yếu"], sheet="model-ratings")
    assert [problem["reason"] for row in batch.rows.all() for problem in row.problems] == [
        "Năm này mô hình chưa ra mắt."
    ]
