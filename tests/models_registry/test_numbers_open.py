"""Numbers of the catalogue and of a period say how exact they are, and open to as much as they say."""

import datetime

import pytest
from django.urls import reverse

from models_registry.enums import ModelStatus
from models_registry.models import ModelLogEntry, ModelRating
from tests.factories import ModelKindFactory, OfficerFactory, SelfManagedModelFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 1)


@pytest.fixture
def kind():
    return ModelKindFactory(name="Camera an ninh")


@pytest.fixture
def model(commune, kind):
    return SelfManagedModelFactory(jurisdiction=commune, active=True, kind=kind)


def test_participations_of_a_kind_say_how_exact_they_are_and_open_to_their_activities(signed_in, commune, kind, model):
    over = SelfManagedModelFactory(jurisdiction=commune, active=True, kind=kind)
    over.status, over.ended_on = ModelStatus.RETIRED, DAY
    over.save()
    ModelLogEntry.objects.create(model=model, held_on=DAY, content="Họp", participation_count=40)
    ModelLogEntry.objects.create(
        model=model, held_on=DAY, content="Tuần tra", participation_count=1000, approximation="over"
    )
    ModelLogEntry.objects.create(model=over, held_on=DAY, content="Họp", participation_count=7)
    page = signed_in.get(reverse("models:kind_list")).content.decode()
    address = f"{reverse('models:log_list')}?loai={kind.pk}&mo_hinh=dang"
    assert f'<a href="{address.replace("&", "&amp;")}">trên 1.040</a>' in page
    assert "của 1 mô hình thuộc 1 loại; trên 1.040 lượt người" in signed_in.get(address).content.decode()


def test_models_that_do_not_run_have_activities_too(signed_in, commune, kind):
    proposed = SelfManagedModelFactory(jurisdiction=commune, kind=kind)
    ModelLogEntry.objects.create(model=proposed, held_on=DAY, content="Họp chuẩn bị")
    address = reverse("models:log_list")
    assert len(signed_in.get(address, {"mo_hinh": "khac"}).context["page"].rows) == 1
    assert signed_in.get(address, {"mo_hinh": "dang"}).context["page"].rows == []


def test_a_rating_in_the_list_says_its_year(signed_in, model):
    ModelRating.objects.create(model=model, year=2026, grade="weak")
    assert "Yếu 2026" in signed_in.get(reverse("models:model_list")).content.decode()


@pytest.mark.slow
def test_what_is_done_all_year_stands_before_what_ends_a_model(signed_in, commune, model):
    labels = [action.label for action in signed_in.get(model.get_absolute_url()).context["actions"]]
    assert labels[:3] == ["Ghi hoạt động", "Xếp loại năm", "Củng cố"]
    proposed = SelfManagedModelFactory(jurisdiction=commune)
    labels = [action.label for action in signed_in.get(proposed.get_absolute_url()).context["actions"]]
    assert "Ghi hoạt động" not in labels


@pytest.mark.parametrize(("last", "is_said"), [("31/12/2026", True), ("31/10/2026", False)])
def test_a_period_that_has_not_ended_says_so(signed_in, model, last, is_said):
    page = signed_in.get(reverse("models:model_period"), {"tu": "01/01/2026", "den": last}).content.decode()
    assert ("Kỳ chưa hết: số cuối kỳ là số đến hôm nay, 22/11/2026." in page) is is_said


def test_lines_of_a_commune_are_the_kinds_unless_asked_otherwise(client, commune, model):
    client.force_login(OfficerFactory(jurisdiction=commune))
    address = reverse("models:model_period")
    assert "Camera an ninh" in client.get(address).content.decode()
    assert f"Ở chính {commune.full_name}" in client.get(address, {"theo": "dia-ban"}).content.decode()
