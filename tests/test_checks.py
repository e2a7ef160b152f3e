"""What the portal asks of its database before it starts."""

import copy

import pytest
from django.core.checks import run_checks
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
