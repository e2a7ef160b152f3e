"""How long personal data are held is set with its source; nothing is due without."""

import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests import reference
from tests.factories import (
    GuardFactory,
    OfficerFactory,
)
from tests.units.test_retention.world import NUMBER, day, due, held_for
from units.enums import HoldingSubject
from units.models import Guard, HoldingPeriod
from units.retention.rules import period_in_words

pytestmark = pytest.mark.django_db


def test_the_files_set_no_period_and_nothing_is_due_then(capsys):
    reference.load("holding_periods")
    assert HoldingPeriod.objects.count() == len(HoldingSubject.values)
    assert not HoldingPeriod.objects.filter(months__isnull=False).exists()
    GuardFactory(ended_on=day("1990-01-01"), citizen_id=NUMBER)
    call_command("remove_personal_data", commit=True)
    out = capsys.readouterr().out
    assert out.count("Chưa đặt thời hạn: giữ nguyên") == len(HoldingSubject.values)
    assert "Không có gì hết thời hạn" in out
    assert Guard.objects.get().citizen_id.clear == NUMBER


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"months": 12}, "holdingperiod_has_source"),
        ({"months": 0, "basis": "QĐ 5"}, "holdingperiod_some_months"),
        ({"subject": "khác"}, "holdingperiod_subject_known"),
        ({"valid_to": datetime.date(2025, 1, 1)}, "holdingperiod_ends_after_start"),
    ],
)
def test_the_database_refuses_a_period_without_source_or_sense(values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        HoldingPeriod.objects.create(**{"subject": "guard", "valid_from": day("2026-01-01"), **values})


def test_the_page_of_personal_data_says_the_periods_with_their_source(client):
    held_for("guard", 60)
    assert "60 tháng" in period_in_words(HoldingSubject.GUARD)
    client.force_login(OfficerFactory())
    page = client.get(reverse("persons:personal_data")).content.decode()
    assert "60 tháng từ ngày thôi làm" in page
    assert "Quyết định 5/QĐ-CAT" in page
    assert "chưa đặt thời hạn, giữ nguyên" in page


def test_a_period_of_another_day_does_not_count():
    HoldingPeriod.objects.create(
        subject="guard", months=1, basis="QĐ 5", valid_from=day("2025-01-01"), valid_to=day("2026-01-01")
    )
    GuardFactory(ended_on=day("2020-01-01"))
    assert due("guard").due == ()
