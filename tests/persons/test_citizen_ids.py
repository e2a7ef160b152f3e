"""Numbers are sealed, masked and compared; nothing that prints one prints it whole."""

import json
import pickle

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, transaction

from movement_portal.audit.models import Change
from movement_portal.persons.citizen_ids import UNREADABLE, CitizenId, NotANumber, index_of, normal
from movement_portal.persons.keys import WrongKey
from tests.factories import GuardFactory, UnitFactory
from units.models import Guard

NUMBER = "000123456789"


@pytest.mark.parametrize("text", [NUMBER, "000 123 456 789", "000.123.456-789", " 000123456789 "])
def test_a_number_is_read_as_it_is_typed(text):
    assert normal(text) == NUMBER


@pytest.mark.parametrize("text", ["", "00012345678", "0001234567890", "00012345678x", "٠٠٠١٢٣٤٥٦٧٨٩"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotANumber):
        normal(text)


@pytest.mark.parametrize("shown", [str, repr, "{}".format, "{0!s:>20}".format])
def test_whatever_prints_a_number_masks_it(shown):
    text = shown(CitizenId.of(NUMBER))
    assert "123456" not in text
    assert "000••••••789" in text


def test_equal_numbers_are_equal_however_sealed():
    one, other = CitizenId.of(NUMBER), CitizenId.of("000 123 456 789")
    assert one.token != other.token
    assert CitizenId.sealed(one.token) == other
    assert hash(CitizenId.sealed(one.token)) == hash(other)
    assert one == NUMBER
    assert one != CitizenId.of("000123456780")


def test_a_pickled_number_is_sealed():
    data = pickle.dumps(CitizenId.of(NUMBER))
    assert NUMBER.encode() not in data
    assert pickle.loads(data).clear == NUMBER


@pytest.mark.django_db
def test_the_database_holds_the_sealed_number_and_its_index():
    guard = GuardFactory(citizen_id=NUMBER)
    stored = Guard.objects.filter(pk=guard.pk).values_list("citizen_id", "citizen_id_index").get()
    assert stored == (CitizenId.of(NUMBER), index_of(NUMBER))
    assert NUMBER not in stored[0].token
    assert Guard.objects.get(pk=guard.pk).citizen_id.clear == NUMBER


@pytest.mark.django_db
def test_a_sealed_number_saved_again_stays_as_it_is():
    guard = GuardFactory(citizen_id=NUMBER)
    token = Guard.objects.get(pk=guard.pk).citizen_id.token
    again = Guard.objects.get(pk=guard.pk)
    again.name = "Người khác"
    again.save()
    assert Guard.objects.get(pk=guard.pk).citizen_id.token == token
    # Even where somebody sets the sealed text itself.
    again.citizen_id = token
    again.save()
    assert Guard.objects.get(pk=guard.pk).citizen_id.clear == NUMBER


@pytest.mark.django_db
def test_a_new_number_has_a_new_index_and_none_has_none():
    guard = GuardFactory(citizen_id=NUMBER)
    guard.citizen_id = CitizenId.sealed(CitizenId.of("000123456780").token)
    guard.save()
    assert guard.citizen_id_index == index_of("000123456780")
    guard.citizen_id = None
    guard.save()
    assert Guard.objects.get(pk=guard.pk).citizen_id_index is None


@pytest.mark.django_db
def test_a_wrong_key_is_said_and_spoils_nothing(settings, tmp_path):
    guard = GuardFactory(citizen_id=NUMBER)
    token = Guard.objects.get(pk=guard.pk).citizen_id.token
    settings.CITIZEN_ID_KEY_DIR = tmp_path
    found = Guard.objects.get(pk=guard.pk)
    with pytest.raises(WrongKey, match="khóa"):
        _ = found.citizen_id.clear
    assert found.citizen_id.masked == UNREADABLE
    found.name = "Đổi tên"
    found.save()
    assert Guard.objects.get(pk=guard.pk).citizen_id.token == token


@pytest.mark.django_db
def test_history_says_only_that_the_number_changed():
    guard = GuardFactory(citizen_id=NUMBER)
    guard.citizen_id = "000123456780"
    guard.save()
    kept = json.dumps(list(Change.objects.of(guard).values("before", "after", "label")))
    assert "citizen_id" in kept
    assert "123456" not in kept
    assert "cid1" not in kept


@pytest.mark.django_db
def test_a_sealed_column_is_not_searched():
    with pytest.raises(FieldError, match="citizen_id_index"):
        Guard.objects.filter(citizen_id=NUMBER).exists()


def test_no_other_text_can_be_set():
    with pytest.raises(ValidationError):
        Guard(citizen_id="mười hai số")


@pytest.mark.django_db
def test_the_database_refuses_one_person_twice_at_a_unit():
    guard = GuardFactory(citizen_id=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        GuardFactory(unit=guard.unit, citizen_id=NUMBER)
    GuardFactory(unit=UnitFactory(), citizen_id=NUMBER)


@pytest.mark.django_db
def test_the_database_refuses_a_number_without_its_index():
    guard = GuardFactory(citizen_id=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Guard.objects.filter(pk=guard.pk).update(citizen_id_index=None)
