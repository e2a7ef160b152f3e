"""Two clicks at the same moment."""

import contextlib
import threading

import pytest
from django.db import connection, transaction

from movement_portal.audit.models import Change
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib import turns
from movement_portal.lib.turns import TurnTaken
from movement_portal.spreadsheets import committing, correcting, planning, workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.models import ImportBatch
from tests.factories import UnitFactory
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


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_batch_committed_twice_at_once_is_written_once():
    batch = Place().checked(HEADER, *rows(20))
    assert commit_together(batch, batch) == ["committed", "refused"]
    assert Unit.objects.count() == 20
    assert Change.objects.filter(model="units.unit", action="create").count() == 20


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_list_of_two_officers_at_once_is_written_once():
    place = Place()
    batches = [place.checked(HEADER, *rows(20), by=by) for by in (place.officer, place.above)]
    assert commit_together(*batches) == ["checked", "committed"]
    assert Unit.objects.count() == 20
    assert ImportBatch.objects.filter(state=BatchState.CHECKED, message="").count() == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_names_of_two_officers_at_once_are_written_once(monkeypatch):
    place = Place()
    listed = [[f"Phòng Mẫu {n}", "Cơ quan", "", "An Phú"] for n in range(1, 4)]
    batches = [place.checked(HEADER, *listed, by=by) for by in (place.officer, place.above)]
    write, both = committing.Commit.write, threading.Barrier(2)

    def write_and_wait(self, **options):
        write(self, **options)
        # No code tells the units apart: were both let in, neither would see what the other has written.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)

    monkeypatch.setattr(committing.Commit, "write", write_and_wait)
    assert commit_together(*batches) == ["checked", "committed"]
    assert Unit.objects.count() == 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_list_that_waits_too_long_for_another_is_refused_with_the_reason(monkeypatch):
    place = Place()
    batch = place.checked(HEADER, *rows(2))

    def too_long(*args, **options):
        raise TurnTaken

    monkeypatch.setattr(turns, "take_turn", too_long)
    with pytest.raises(workflow.ImportRefused, match="Một danh sách khác cùng loại đang được ghi"):
        place.commit(batch)
    batch.refresh_from_db()
    assert (batch.state, Unit.objects.count()) == (BatchState.CHECKED, 0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_unit_that_is_being_entered_while_a_list_is_checked_is_found():
    place = Place()
    other = UnitFactory(name="Sở Khác", jurisdiction=place.ward)
    entered, may_end = threading.Event(), threading.Event()
    if connection.vendor == "sqlite":
        # One writes at a time: whoever checks a list then waits until the unit is entered.
        may_end.set()

    def enter():
        with transaction.atomic():
            UnitFactory(name="Sở Mẫu", jurisdiction=place.ward)
            entered.set()
            may_end.wait(20)
        connection.close()

    thread = threading.Thread(target=enter)
    thread.start()
    assert entered.wait(20)
    # The history goes on meanwhile: the unit has a lower key in it than what is seen already. (A new unit would wait
    # for its code until the one under way has ended.)
    other.address = "Số 1"
    other.save()
    batch = place.checked(HEADER, ["Sở Mẫu", "Cơ quan", "", "An Phú"])
    may_end.set()
    thread.join(20)
    place.commit(batch)
    assert Unit.objects.filter(name="Sở Mẫu").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_new_rows_are_looked_for_again_only_where_the_register_was_touched(monkeypatch):
    place, looked = Place(), []
    look = planning.NewRows.refuse
    monkeypatch.setattr(planning.NewRows, "refuse", lambda *given: looked.append(1) or look(*given))
    place.committed(HEADER, *rows(2))
    assert not looked
    batch = place.checked(HEADER, ["Sở Mẫu", "Cơ quan", "", "An Phú"])
    UnitFactory(name="Sở Khác", jurisdiction=place.ward)
    assert place.commit(batch).state == BatchState.COMMITTED
    assert len(looked) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_record_edited_since_the_check_is_named_and_its_row_judged_anew():
    place = Place()
    place.committed(HEADER, *rows(3))
    batch = place.checked([*HEADER, "Địa chỉ"], *[[*row, "Số 2"] for row in rows(3)])
    unit = Unit.objects.get(name="Công ty 2")
    unit.address = "Số 9"
    unit.save()
    batch = workflow.commit(batch.pk, by=place.officer)
    assert batch.state == BatchState.CHECKED
    assert batch.message.startswith("Sổ đã thay đổi sau khi kiểm tra (dòng 3 “Công ty 2”): chưa ghi dòng nào.")
    assert batch.rows.get(number=3).changes["address"] == ["Số 9", "Số 2"]
    assert workflow.commit(batch.pk, by=place.officer).state == BatchState.COMMITTED
    assert set(Unit.objects.values_list("address", flat=True)) == {"Số 2"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_lists_that_touch_one_unit_do_not_write_over_each_other():
    place = Place()
    place.committed(HEADER, *rows(1))
    unit = Unit.objects.get()
    lists = [
        place.checked([*HEADER, "Địa chỉ"], [*rows(1)[0], address], by=by)
        for by, address in ((place.officer, "Số 2"), (place.above, "Số 3"))
    ]
    assert commit_together(*lists) == ["checked", "committed"]
    unit.refresh_from_db()
    waiting = ImportBatch.objects.get(state=BatchState.CHECKED)
    assert waiting.rows.get().changes["address"][0] == unit.address


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_rows_put_right_while_they_are_made_ready_are_not_written_as_they_were(monkeypatch):
    place = Place()
    batch = place.checked(HEADER, *rows(2))
    ready = committing.Commit.make_ready

    def make_ready(self):
        ready(self)
        correcting.edit(
            batch.pk, batch.rows.get(number=2).pk, by=place.officer, column="Tên đơn vị", text="Công ty Mới"
        )

    monkeypatch.setattr(committing.Commit, "make_ready", make_ready)
    assert place.commit(batch).state == BatchState.CHECKED
    monkeypatch.setattr(committing.Commit, "make_ready", ready)
    assert place.commit(batch).state == BatchState.COMMITTED
    assert set(Unit.objects.values_list("name", flat=True)) == {"Công ty Mới", "Công ty 2"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "between"])
def test_a_unit_entered_by_hand_since_the_check_is_found(moment, monkeypatch):
    place = Place()
    batch = place.checked(HEADER, ["Sở Mẫu", "Cơ quan", "", "An Phú"])
    ready = committing.Commit.make_ready

    def make_ready(self):
        if moment == "before":
            UnitFactory(name="Sở Mẫu", jurisdiction=place.ward)
        ready(self)
        if moment == "between":
            UnitFactory(name="Sở Mẫu", jurisdiction=place.ward)

    monkeypatch.setattr(committing.Commit, "make_ready", make_ready)
    assert place.commit(batch).state == BatchState.CHECKED
    assert Unit.objects.count() == 1
