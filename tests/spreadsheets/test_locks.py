"""A large list keeps nobody from writing: what takes long happens outside the transaction that writes."""

import threading

import pytest
from django.db import connection

from movement_portal.spreadsheets import checking, judgements, planning
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.models import ColumnMemory
from movement_portal.spreadsheets.workflow import checks
from tests.spreadsheets.lists import Place, tax_code
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]


def rows(count):
    return [[f"Công ty {n}", "Doanh nghiệp", tax_code(n), "An Phú"] for n in range(1, count + 1)]


class Elsewhere:
    """Another officer's request: writes over a connection of its own and does not wait for others."""

    def __init__(self, office):
        self.office, self.refused, self.written = office, [], 0

    def write(self):
        thread = threading.Thread(target=self._write)
        thread.start()
        thread.join(30)

    def _write(self):
        try:
            with connection.cursor() as cursor:
                wait = "PRAGMA busy_timeout = 0" if connection.vendor == "sqlite" else "SET lock_timeout = '1s'"
                cursor.execute(wait)
            ColumnMemory.objects.create(sheet="units", office=self.office, header=f"Cột {self.written}", key="name")
            self.written += 1
        except Exception as problem:
            self.refused.append(problem)
        finally:
            connection.close()


@pytest.fixture
def place(transactional_db):
    return Place()


def spied(monkeypatch, owner, name, elsewhere):
    """Have somebody else write whenever a function of the import is called."""
    original = getattr(owner, name)

    def called(*args, **kwargs):
        elsewhere.write()
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, called)


@pytest.mark.slow
def test_others_write_while_a_list_is_checked(place, monkeypatch):
    elsewhere = Elsewhere(place.officer.office)
    batch = place.read(HEADER, *rows(3))
    spied(monkeypatch, checking, "resolve_relations", elsewhere)
    spied(monkeypatch, judgements, "judgement_of", elsewhere)
    place.check(batch)
    assert (elsewhere.refused, elsewhere.written) == ([], 4)


@pytest.mark.slow
def test_others_write_while_records_are_made_ready(place, monkeypatch):
    elsewhere = Elsewhere(place.officer.office)
    batch = place.checked(HEADER, *rows(3))
    spied(monkeypatch, planning.Planner, "planned", elsewhere)
    spied(monkeypatch, Unit, "derive", elsewhere)
    assert place.commit(batch).state == BatchState.COMMITTED
    assert (elsewhere.refused, elsewhere.written) == ([], 4)


@pytest.mark.slow
def test_others_write_while_the_judgement_of_a_large_list_is_kept(place, monkeypatch):
    monkeypatch.setattr(judgements, "AT_ONCE", 2)
    monkeypatch.setattr(checks, "PART", 2)
    elsewhere = Elsewhere(place.officer.office)
    batch = place.checked(HEADER, *rows(6))
    parts = judgements.Judgements._parts

    def with_others(self, keys):
        for write in parts(self, keys):
            elsewhere.write()
            yield write

    monkeypatch.setattr(judgements.Judgements, "_parts", with_others)
    assert place.check(batch).rows.count() == 6
    assert (elsewhere.refused, elsewhere.written) == ([], 3)
