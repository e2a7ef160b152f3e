"""What every test stands on: the permissions of each function are in the database."""

import datetime
import gc
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck, settings

from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.spreadsheets import reading
from movement_portal.spreadsheets.parsing.parse import parse
from tests import templates
from tests.emptying import empty_only_what_is_filled
from tests.factories import JurisdictionFactory
from tests.spreadsheets.lists import Place

# A busy machine, or the first run on it, is slow; that is no fault of what is tested.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")


#: What takes a minute or more: see ``pytest_collection_modifyitems``.
LONG = ("tests/browser/test_pages.py", "tests/access/test_matrix.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Begin with what takes longest, in the random order it has: nobody waits at the end for one that began last.

    xdist gives each worker an equal run of the list, so the long ones are dealt out to the beginnings of these runs.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    long = [item for item in items if item.nodeid.startswith(LONG)]
    short = [item for item in items if not item.nodeid.startswith(LONG)]
    runs = [len(items) // workers] * (workers - 1)
    items[:] = []
    for worker, size in enumerate([*runs, None]):
        mine = long[worker::workers]
        end = None if size is None else max(size - len(mine), 0)
        items += [*mine, *short[:end]]
        short = short[end:] if end is not None else []


def pytest_collection_finish(session):
    """What was loaded to collect the tests stays: it need not be walked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def sync_functions(**kwargs):
    call_command("sync_functions", verbosity=0)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, django_db_modify_db_settings, django_db_blocker):
    """Begin with a copy of an empty portal where one was kept: all migrations take longer than many tests."""
    with django_db_blocker.unblock():
        return templates.copy_kept(connection) or django_db_keepdb


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Sync the functions once a database, and again whenever a transactional test has flushed it."""
    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    with django_db_blocker.unblock():
        templates.keep(connection)
        templates.begin_keys_high(connection)
        empty_only_what_is_filled(connection)
        sync_functions()
    post_migrate.connect(sync_functions, sender=last, dispatch_uid="tests.sync_functions")
    yield
    post_migrate.disconnect(sender=last, dispatch_uid="tests.sync_functions")


@pytest.fixture(autouse=True)
def content_types_known(request):
    """Which test comes first in a worker, and asks for them, must not change what a test counts."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("db")
        ContentType.objects.get_for_models(*apps.get_models())


@pytest.fixture
def held_clock():
    """The clock stands on 22 November 2026."""
    with time_machine.travel(datetime.datetime(2026, 11, 22, 3, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def country():
    return JurisdictionFactory(country=True)


@pytest.fixture
def province(country):
    return JurisdictionFactory(province=True, parent=country)


@pytest.fixture
def commune(province):
    return JurisdictionFactory(parent=province)


@pytest.fixture
def place(db):
    """One province with two communes, a second province, and officers of both and above."""
    return Place()


@pytest.fixture(autouse=True)
def no_territory_kept():
    """Each test has its own territory, with the same keys as that of the test before."""
    PlaceIndex.forget()


@pytest.fixture(autouse=True)
def parsed_here(request, monkeypatch):
    """To start a parser costs more than most tests; those of the reader, and the slow ones, start it all the same."""
    if not any(map(request.node.get_closest_marker, ("parser_process", "slow", "browser"))):
        monkeypatch.setattr(reading, "_parse", _parse_here)


def _parse_here(path, limits, answer):
    with open(answer.fileno(), "w", encoding="utf-8", newline="", closefd=False) as stream:
        parse(Path(path), limits, stream)
    return 0


def pytest_terminal_summary(terminalreporter):
    """Say how large the access matrix was that passed."""
    passed = terminalreporter.stats.get("passed", [])
    asked = [value for report in passed for name, value in report.user_properties if name == "access_requests"]
    if asked:
        terminalreporter.write_line(f"Access matrix: {sum(asked):,} requests, 0 leaks, 0 writes.")
