"""Keys: made once, outside the database, changed while the portal runs, checked at start."""

import base64
import secrets

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from movement_portal.persons import checks, rotation
from movement_portal.persons.citizen_ids import CitizenId, index_of
from movement_portal.persons.keys import KeyProblem, Keyring, keyring, make_keys, read_seal_keys
from tests.factories import GuardFactory
from units.models import Guard

NUMBERS = [f"00012345{n:04d}" for n in range(7)]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.CITIZEN_ID_KEY_DIR = tmp_path / "keys"
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.CITIZEN_ID_KEY_DIR


def test_keys_are_made_on_first_use_and_read_by_their_owner_only(folder):
    assert keyring().name == keyring().name
    assert {path.name for path in folder.iterdir()} == {"citizen_id_keys", "citizen_id_index_key"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert make_keys() == []


def test_production_makes_no_keys_by_itself(settings, folder):
    settings.PRODUCTION = True
    with pytest.raises(KeyProblem, match="citizen_keys init"):
        keyring()
    assert [error.id for error in checks.keys_check(None)] == ["persons.E001"]
    call_command("citizen_keys", "init", verbosity=0)
    assert keyring().name
    assert checks.keys_check(None) == []


def test_keys_of_the_environment_come_first(settings, folder):
    settings.CITIZEN_ID_KEYS = [Fernet.generate_key().decode()]
    settings.CITIZEN_ID_INDEX_KEY = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    assert keyring().names
    assert not folder.exists()


@pytest.mark.parametrize("keys", [([], "x"), (["abc"], "abc"), ([Fernet.generate_key().decode()], "YWJj")])
def test_what_is_no_key_is_refused(keys):
    with pytest.raises(KeyProblem):
        Keyring.of(*keys)


def test_one_key_for_both_is_refused():
    key = Fernet.generate_key().decode()
    with pytest.raises(KeyProblem, match="khác"):
        Keyring.of([key], key)


def test_keys_inside_the_code_or_open_to_others_are_told(settings, folder):
    make_keys()
    (folder / "citizen_id_keys").chmod(0o644)
    assert [found.id for found in checks.keys_check(None)] == ["persons.W001"]
    settings.BASE_DIR = folder.parent
    assert "persons.E002" in [found.id for found in checks.keys_check(None)]


@pytest.mark.slow
@pytest.mark.django_db
def test_a_changed_key_seals_anew_and_goes_on_where_it_stopped(monkeypatch):
    for number in NUMBERS:
        GuardFactory(citizen_id=number)
    versions = list(Guard.objects.order_by("pk").values_list("version", flat=True))
    monkeypatch.setattr(rotation, "BATCH", 3)
    old = keyring().name
    new = rotation.add_key()
    assert keyring().names == (new, old)
    # What was sealed before opens still, what is sealed from now on is under the new key.
    assert Guard.objects.first().citizen_id.clear in NUMBERS
    assert CitizenId.of(NUMBERS[0]).token.startswith(f"cid1.{new}.")
    assert next(rotation.reseal(Guard, "citizen_id")) == 3
    assert rotation.remaining() == 4
    with pytest.raises(ValueError, match="khóa cũ"):
        rotation.drop_old_keys()
    call_command("citizen_keys", "resume", verbosity=0)
    assert rotation.remaining() == 0
    assert {guard.citizen_id.clear for guard in Guard.objects.all()} == set(NUMBERS)
    assert list(Guard.objects.order_by("pk").values_list("version", flat=True)) == versions
    call_command("citizen_keys", "retire", verbosity=0)
    assert keyring().names == (new,)
    assert {guard.citizen_id.clear for guard in Guard.objects.all()} == set(NUMBERS)


@pytest.mark.django_db
def test_a_row_saved_meanwhile_is_not_overwritten():
    guard = GuardFactory(citizen_id=NUMBERS[0])
    rotation.add_key()
    batch = rotation.stale_rows(Guard, "citizen_id").values_list("pk", "citizen_id").get()
    guard.citizen_id = NUMBERS[1]
    guard.save()
    rotation._replace(Guard, "citizen_id", *batch)
    assert Guard.objects.get(pk=guard.pk).citizen_id.clear == NUMBERS[1]
    assert Guard.objects.get(pk=guard.pk).citizen_id_index == index_of(NUMBERS[1])


@pytest.mark.django_db
def test_a_missing_key_stops_the_command_with_its_reason(folder):
    GuardFactory(citizen_id=NUMBERS[0])
    path = folder / "citizen_id_keys"
    path.write_text(Fernet.generate_key().decode())
    assert read_seal_keys(path)
    with pytest.raises(CommandError, match="khóa hiện có không phải khóa đã dùng"):
        call_command("citizen_keys", "resume", verbosity=0)
    assert [error.id for error in checks.stored_check(None, databases=["default"])] == ["persons.E003"]


@pytest.mark.django_db
def test_a_new_index_key_is_noticed_and_indexes_are_made_anew(folder):
    guard = GuardFactory(citizen_id=NUMBERS[0])
    (folder / "citizen_id_index_key").write_text(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    assert [error.id for error in checks.stored_check(None, databases=["default"])] == ["persons.E004"]
    call_command("citizen_keys", "reindex", verbosity=0)
    assert checks.stored_check(None, databases=["default"]) == []
    assert Guard.objects.get(pk=guard.pk).citizen_id_index == index_of(NUMBERS[0])


@pytest.mark.django_db
def test_status_tells_what_is_left(capsys):
    GuardFactory(citizen_id=NUMBERS[0])
    rotation.add_key()
    call_command("citizen_keys", "status")
    assert "Còn 1 giá trị" in capsys.readouterr().out


@pytest.mark.django_db
def test_what_is_stored_is_asked_for_before_a_migration_has_added_columns():
    GuardFactory(citizen_id=NUMBERS[0])
    with CaptureQueriesContext(connection) as asked:
        assert checks.stored_check(None, databases=["default"]) == []
    (question,) = [each["sql"] for each in asked if 'FROM "units_guard"' in each["sql"]]
    assert '"units_guard"."citizen_id"' in question
    assert '"units_guard"."version"' not in question
