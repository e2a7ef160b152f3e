"""Lists that wait to be committed stand on the first page of the officer who sent them."""

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.worklists import work_of
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.models import ImportBatch
from tests.factories import JurisdictionFactory, OfficerFactory

pytestmark = pytest.mark.django_db


def batch(officer, state):
    return ImportBatch.objects.create(
        sheet="units",
        state=state,
        file_name="a.xlsx",
        sha256="0" * 64,
        officer=officer,
        jurisdiction=officer.jurisdiction,
    )


def waiting(officer):
    return [work for work in work_of(officer) if work.label.startswith("Danh sách tải lên")]


def test_own_waiting_lists_are_counted_and_one_opens_itself():
    area = JurisdictionFactory()
    officer = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_RECORDS)
    colleague = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_RECORDS)
    mine = batch(officer, BatchState.CHECKED)
    batch(officer, BatchState.CANCELLED)
    batch(colleague, BatchState.READ)
    [work] = waiting(officer)
    assert (work.count, work.url) == (1, reverse("spreadsheets:import_detail", args=[mine.pk]))
    batch(officer, BatchState.READ)
    [work] = waiting(officer)
    assert (work.count, work.url) == (2, reverse("spreadsheets:import_list"))


def test_who_may_not_import_is_told_nothing():
    officer = OfficerFactory(jurisdiction__function=Function.ENTER)
    batch(officer, BatchState.READ)
    assert not waiting(officer)
