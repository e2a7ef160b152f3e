"""Two clicks at the same moment."""

import threading

import pytest
from django.db import connection

from movement_portal.audit.models import Change
from movement_portal.jurisdictions.models import Officer
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.models import ImportBatch
from tests.spreadsheets.lists import Place, tax_code
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]


def rows(count):
    return [[f"Công ty {n}", "Doanh nghiệp", tax_code(n), "An Phú"] for n in range(1, count + 1)]


def commit_together(*batches):
    """Commit each batch in a thread of its own, all let go at once; what each came to."""
    gate = threading.Barrier(len(batches))
    ends = []

    def work(batch):
        try:
            officer = Officer.objects.get(pk=batch.officer_id)
            gate.wait(10)
            ends.append(workflow.commit(batch.pk, by=officer).state)
        except workflow.ImportRefused:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(ends)


@pytest.mark.django_db(transaction=True)
def test_one_batch_committed_twice_at_once_is_written_once():
    batch = Place().checked(HEADER, *rows(20))
    assert commit_together(batch, batch) == ["committed", "refused"]
    assert Unit.objects.count() == 20
    assert Change.objects.filter(model="units.unit", action="create").count() == 20


@pytest.mark.django_db(transaction=True)
def test_the_same_list_of_two_officers_at_once_is_written_once():
    place = Place()
    batches = [place.checked(HEADER, *rows(20), by=by) for by in (place.officer, place.above)]
    assert commit_together(*batches) == ["checked", "committed"]
    assert Unit.objects.count() == 20
    assert ImportBatch.objects.filter(state=BatchState.CHECKED, message="").count() == 0
