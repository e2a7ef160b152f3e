"""Who waits for a long list is told how far it is, and may break it off."""

import itertools

import pytest

from movement_portal.audit.models import Change
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.models import ImportRow
from movement_portal.spreadsheets.progress import STRIDE, Cancelled, Meter
from tests.spreadsheets.lists import tax_code
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]
ROWS = [[f"Công ty Mẫu {number}", "Doanh nghiệp", tax_code(number), "An Phú"] for number in range(1, 4)]


class Told:
    """Remembers what it is told; breaks off at the nth call, or when all is done."""

    def __init__(self, cancel_at=0, *, cancel_at_end=False):
        self.calls, self.cancel_at, self.cancel_at_end = [], cancel_at, cancel_at_end

    def __call__(self, done, total):
        self.calls.append((done, total))
        if len(self.calls) == self.cancel_at or (self.cancel_at_end and done == total):
            raise Cancelled


def choose(place, batch, progress):
    return workflow.choose(
        batch.pk, by=place.officer, mapping=batch.mapping, constants={}, default_area=None, progress=progress
    )


def assert_rises_to(calls, total):
    done = [each for each, _ in calls]
    assert done == sorted(done)
    assert calls[-1] == (total, total)
    assert {whole for _, whole in calls} == {total}


def test_a_check_tells_its_progress(place):
    told = Told()
    choose(place, place.read(HEADER, *ROWS), told)
    assert_rises_to(told.calls, 3)


def test_a_commit_tells_its_progress(place):
    batch, told = place.checked(HEADER, *ROWS), Told()
    workflow.commit(batch.pk, by=place.officer, progress=told)
    assert_rises_to(told.calls, 3)


def test_a_check_that_is_cancelled_leaves_the_batch_as_it_was(place):
    batch = place.read(HEADER, *ROWS)
    with pytest.raises(Cancelled):
        choose(place, batch, Told(cancel_at=1))
    batch.refresh_from_db()
    assert batch.state == BatchState.READ
    assert not ImportRow.objects.exists()


def test_a_commit_cancelled_at_its_last_moment_writes_nothing(place):
    place.committed(HEADER, *ROWS)
    more = [[f"{name} mới", *rest] for name, *rest in ROWS]
    batch = place.checked(HEADER, *more)
    with pytest.raises(Cancelled):
        workflow.commit(batch.pk, by=place.officer, progress=Told(cancel_at_end=True))
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED
    assert not Unit.objects.filter(name__endswith="mới").exists()
    assert not Change.objects.filter(model="units.unit", action="update").exists()


def test_a_meter_tells_every_stride_of_every_pass():
    told = Told()
    meter = Meter(told, STRIDE * 4, passes=2)
    for _ in range(2):
        assert sum(1 for _ in meter.over(range(STRIDE * 4))) == STRIDE * 4
    meter.done()
    done = [each for each, _ in told.calls]
    assert done == sorted(done)
    assert max(after - before for before, after in itertools.pairwise(done)) <= STRIDE
    assert told.calls[-1] == (STRIDE * 4, STRIDE * 4)
