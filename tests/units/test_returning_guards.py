"""Who left a unit and comes back: a list with later days adds a second record and leaves the first as it is."""

import datetime

import pytest
from django.core.files import File
from django.core.management import call_command

from movement_portal.spreadsheets import correcting, workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import GuardFactory, UnitFactory
from tests.spreadsheets.lists import uploaded
from units.models import Guard

NUMBER, OTHER = "000123456789", "000123456780"
HEADER = ["Họ và tên", "Ngày sinh", "Đơn vị", "Số CCCD", "Ngày vào làm", "Ngày nghỉ việc"]
FIRST, LAST = datetime.date(2015, 1, 1), datetime.date(2018, 6, 30)


@pytest.fixture
def unit(place):
    return UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)


@pytest.fixture
def earlier(unit):
    return GuardFactory(
        unit=unit, name="Lê Văn Mẫu", birth_year=1980, citizen_id=NUMBER, started_on=FIRST, ended_on=LAST
    )


def row(start="", end="", *, number=NUMBER, name="Lê Văn Mẫu", born="1980"):
    return [name, born, "Trường Mẫu", number, start, end]


def checked(place, *rows, existing=None):
    batch = workflow.upload(sheet_for("guards"), uploaded(HEADER, *rows), by=place.officer)
    assert batch.state == BatchState.READ, batch.failure
    return workflow.run_check(batch.pk, by=place.officer, **({"existing": existing} if existing else {}))


def outcomes(batch):
    return [each.outcome for each in batch.rows.order_by("number")]


def periods():
    return list(Guard.objects.order_by("started_on").values_list("started_on", "ended_on"))


@pytest.mark.parametrize("number", [NUMBER, ""])
def test_later_days_add_a_second_record(place, earlier, number):
    batch = checked(place, row("01/09/2020", number=number))
    assert outcomes(batch) == ["new"]
    assert "Đã có thời gian đến hết 30/06/2018" in batch.rows.get().notices[-1]["text"]
    workflow.commit(batch.pk, by=place.officer)
    assert periods() == [(FIRST, LAST), (datetime.date(2020, 9, 1), None)]
    again = checked(place, row("01/09/2020", number=number), row("01/01/2015", "30/06/2018", number=number))
    assert outcomes(again) == ["same", "same"]


def test_days_before_add_a_record_too(place, earlier):
    batch = checked(place, row("01/01/2010", "31/12/2012"))
    assert outcomes(batch) == ["new"]
    assert "Đã có thời gian sau đó" in batch.rows.get().notices[-1]["text"]


@pytest.mark.parametrize(
    ("days", "outcome"),
    [
        (("01/01/2015", "30/06/2018"), "same"),
        (("01/01/2015", ""), "same"),
        (("", ""), "same"),
        (("", "30/06/2018"), "same"),
        (("01/03/2015", "30/06/2018"), "changed"),
        (("01/01/2015", "31/12/2018"), "changed"),
        (("01/06/2018", ""), "changed"),
    ],
)
def test_a_row_of_the_same_days_is_about_the_record(place, earlier, days, outcome):
    assert outcomes(checked(place, row(*days))) == [outcome]


@pytest.mark.slow
def test_of_several_records_the_days_tell_which(place, unit, earlier):
    later = GuardFactory(
        unit=unit, name="Lê Văn Mẫu", birth_year=1980, citizen_id=NUMBER, started_on=datetime.date(2020, 9, 1)
    )
    batch = checked(place, row("01/09/2020"), row("01/01/2015", "30/06/2018"))
    assert outcomes(batch) == ["same", "same"]
    assert [each.object_id for each in batch.rows.order_by("number")] == [later.pk, earlier.pk]
    # Without days the last of them is meant.
    assert checked(place, row()).rows.get().object_id == later.pk


def test_a_row_that_ends_the_first_makes_room_for_the_second(place, unit):
    GuardFactory(unit=unit, name="Lê Văn Mẫu", birth_year=1980, citizen_id=NUMBER, started_on=FIRST)
    batch = checked(place, row("01/09/2020"), row("01/01/2015", "30/06/2018"))
    assert outcomes(batch) == ["new", "changed"]
    workflow.commit(batch.pk, by=place.officer)
    assert periods() == [(FIRST, LAST), (datetime.date(2020, 9, 1), None)]


@pytest.mark.slow
def test_a_row_put_right_is_judged_beside_the_others(place, unit):
    GuardFactory(unit=unit, name="Lê Văn Mẫu", birth_year=1980, citizen_id=NUMBER, started_on=FIRST)
    batch = checked(place, row("01/09/2020"), row("01/01/2015", "30/06/2018"))
    place_of = {"by": place.officer, "column": "Ngày vào làm", "key": "started_on"}
    first = batch.rows.order_by("number").first()
    batch = correcting.edit(batch.pk, first.pk, text="02/09/2020", **place_of)
    assert outcomes(batch) == ["new", "changed"]
    batch = correcting.edit(batch.pk, first.pk, text="01/06/2018", **place_of)
    assert outcomes(batch) == ["refused", "changed"]


def test_where_the_first_is_left_open_the_second_is_refused(place, unit):
    GuardFactory(unit=unit, name="Lê Văn Mẫu", birth_year=1980, citizen_id=NUMBER, started_on=FIRST)
    batch = checked(place, row("01/09/2020"), row("01/01/2015", "30/06/2018"), existing="skip")
    assert outcomes(batch) == ["refused", "same"]
    assert "cùng thời gian" in batch.rows.get(outcome="refused").problems[0]["reason"]


def test_two_times_of_a_new_guard_come_in_together(place, unit):
    batch = checked(place, row("01/01/2015", "30/06/2018"), row("01/09/2020"))
    assert outcomes(batch) == ["new", "new"]
    workflow.commit(batch.pk, by=place.officer)
    assert len(periods()) == 2


def test_the_same_days_twice_in_a_list_are_refused(place, unit):
    assert outcomes(checked(place, row("01/01/2015"), row("01/09/2020"))) == ["new", "refused"]


def test_another_number_is_another_person(place, earlier):
    batch = checked(place, row("01/09/2020", number=OTHER, name="Trần Văn Khác"))
    assert outcomes(batch) == ["new"]
    assert batch.rows.get().notices == []


def test_undo_takes_the_second_away(place, earlier):
    batch = checked(place, row("01/09/2020"))
    workflow.commit(batch.pk, by=place.officer)
    workflow.undo(batch.pk, by=place.officer)
    assert periods() == [(FIRST, LAST)]


def test_what_goes_out_comes_back_without_a_new_row(place, unit, earlier, tmp_path):
    GuardFactory(unit=unit, name="Lê Văn Mẫu", birth_year=1980, citizen_id=NUMBER, started_on=datetime.date(2020, 9, 1))
    path = tmp_path / "ra.xlsx"
    call_command("export_sheet", "guards", officer=place.officer.username, out=path, area="", where=[])
    with path.open("rb") as stream:
        batch = workflow.upload(sheet_for("guards"), File(stream, name=path.name), by=place.officer)
    batch = workflow.run_check(batch.pk, by=place.officer)
    assert outcomes(batch) == ["same", "same"]
