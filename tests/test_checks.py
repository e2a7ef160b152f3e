"""What the portal asks of its database before it starts."""

import copy

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection

from movement_portal import checks

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys = ON;",
    },
}


def settings_errors(settings, **options):
    database = copy.deepcopy(SQLITE)
    database["OPTIONS"].update(options)
    settings.DATABASES = {"default": database}
    return [error.id for error in checks.sqlite_settings_check(None)]


def test_the_settings_of_the_portal_pass():
    assert checks.sqlite_settings_check(None) == []


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize(
    ("options", "errors"),
    [
        ({}, []),
        ({"transaction_mode": "DEFERRED"}, ["portal.E001"]),
        ({"timeout": 5}, ["portal.E002"]),
        ({"init_command": "PRAGMA foreign_keys=ON;"}, ["portal.E003"]),
        ({"init_command": "PRAGMA journal_mode=WAL;"}, ["portal.E003"]),
    ],
)
def test_settings_under_which_writers_fail_are_refused(settings, options, errors):
    assert settings_errors(settings, **options) == errors


def test_psycopg_3_is_not_here():
    assert checks.psycopg_check(None) == []


def test_psycopg_3_is_refused(monkeypatch):
    monkeypatch.setattr(checks.importlib.util, "find_spec", lambda name: name)
    assert [error.id for error in checks.psycopg_check(None)] == ["portal.E004"]


@pytest.mark.django_db
def test_the_live_connection_passes():
    assert run_checks(tags=["database"], databases=["default"]) == []


@pytest.mark.django_db
def test_an_older_database_or_another_journal_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "POSTGRESQL_VERSION", 99)
    monkeypatch.setattr(checks, "SQLITE_PRAGMAS", {"journal_mode": "off"})
    wanted = {"sqlite": ["portal.E005"], "postgresql": ["portal.E006"]}[connection.vendor]
    assert [error.id for error in checks.connection_check(None, databases=["default"])] == wanted


@pytest.mark.django_db
def test_queries_that_are_compiled_are_told():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = on")
    wanted = {"sqlite": [], "postgresql": ["portal.W002"]}[connection.vendor]
    assert [error.id for error in checks.connection_check(None, databases=["default"])] == wanted


@pytest.mark.django_db(transaction=True)
def test_the_account_of_the_portal_is_set_not_to_compile_and_a_pooler_is_asked_for_nothing(settings):
    call_command("tune_database")
    asked = "SELECT setconfig::text FROM pg_db_role_setting JOIN pg_database ON oid = setdatabase WHERE datname = %s"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(asked, [connection.settings_dict["NAME"]])
            assert cursor.fetchall() == [("{jit=off}",)]
    assert "jit" not in (settings.BASE_DIR / "movement_portal" / "settings.py").read_text(encoding="utf-8")
