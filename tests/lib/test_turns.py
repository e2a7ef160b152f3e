"""Who writes right now, and whose turn it is; on SQLite one writes at a time, and nobody need be asked."""

import contextlib
import threading

import pytest
from django.db import connection, transaction

from movement_portal.lib.turns import TurnTaken, others_write, take_turn
from tests.factories import JurisdictionFactory
from units.models import Grouping, Unit

SEVERAL_WRITE = connection.vendor == "postgresql"

pytestmark = pytest.mark.django_db(transaction=True)


class Elsewhere:
    """A transaction over a connection of its own, open inside the ``with``."""

    def __init__(self, work):
        self._work, self._begun, self._over = work, threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            with transaction.atomic():
                self._work()
                self._begun.set()
                self._over.wait(20)
        finally:
            connection.close()

    def __enter__(self):
        self._thread.start()
        assert self._begun.wait(20)

    def __exit__(self, *error):
        self._over.set()
        self._thread.join(20)


def enter_group():
    Grouping.objects.create(kind="sector", name="Vận tải")


@pytest.mark.slow
def test_a_writer_is_known_until_the_transaction_ends():
    with Elsewhere(enter_group):
        assert others_write(Grouping, using="default") is SEVERAL_WRITE
        assert not others_write(Unit, using="default")
    assert not others_write(Grouping, using="default")


@pytest.mark.slow
def test_who_reads_or_writes_here_is_no_other_writer():
    JurisdictionFactory(country=True)
    with Elsewhere(lambda: Grouping.objects.exists()):
        assert not others_write(Grouping, using="default")
    with transaction.atomic():
        enter_group()
        assert not others_write(Grouping, using="default")


def can_take(model):
    try:
        # On SQLite the transaction itself would wait for its turn.
        with transaction.atomic() if SEVERAL_WRITE else contextlib.nullcontext():
            take_turn(model, using="default", seconds=0.05)
    except TurnTaken:
        return False
    return True


@pytest.mark.slow
def test_a_turn_is_one_transactions_at_a_time():
    with Elsewhere(lambda: take_turn(Unit, using="default")):
        assert can_take(Unit) is not SEVERAL_WRITE
        assert can_take(Grouping)
    assert can_take(Unit)


@pytest.mark.slow
def test_who_has_waited_for_a_turn_waits_for_other_locks_as_before():
    with transaction.atomic(), connection.cursor() as cursor:
        take_turn(Unit, using="default", seconds=5)
        if SEVERAL_WRITE:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",)
