"""Workers killed with signal 9 while they write: the register has every row of the list or none, the job goes on."""

import os

import pytest
from django.db import connection

from benchmarks import killing
from tests.spreadsheets.lists import Place

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shared(settings, tmp_path, monkeypatch):
    """A database, uploads and a board that real worker processes share with the test."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.MEDIA_ROOT, settings.JOBS_ROOT = tmp_path / "media", tmp_path / "jobs"
    monkeypatch.setattr(killing, "ROWS", 400)
    monkeypatch.setenv("DJANGO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "movement_portal.settings")
    monkeypatch.setenv("DATABASE_URL", address_of(connection.settings_dict))


def address_of(facts):
    """The database of the test as a worker is told of it."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    user = f"{facts['USER']}:{facts['PASSWORD']}" if facts["PASSWORD"] else facts["USER"]
    host, port = facts["HOST"] or facts["OPTIONS"].get("host", ""), f":{facts['PORT']}" if facts["PORT"] else ""
    if host.startswith(os.sep):
        return f"postgres://{user}@/{facts['NAME']}?host={host}"
    return f"postgres://{user}@{host}{port}/{facts['NAME']}"


def test_a_killed_commit_leaves_all_rows_or_none_and_is_resumed(shared):
    officer = Place().officer
    length = killing.commit_seconds(officer)
    # The third is resumed by another worker, the others are stopped.
    for number, moment in zip((1, 2, killing.RESUMED), killing.MOMENTS, strict=True):
        killing.kill_one(officer, number, moment, length)
