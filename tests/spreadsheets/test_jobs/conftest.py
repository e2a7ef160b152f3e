"""Lists that are large, and a queue without a worker."""

import pytest

from tests.spreadsheets.test_jobs.steps import HEADER, ROWS


@pytest.fixture(autouse=True)
def _own_board(settings, tmp_path):
    settings.JOBS_ROOT = tmp_path / "jobs"


@pytest.fixture
def all_large(settings):
    """Every list is large; what is queued is done at once."""
    settings.IMPORT_BACKGROUND_ROWS = 0


@pytest.fixture
def queue(settings, all_large):
    """What is queued stays in the queue: no worker is there."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def checked(place):
    return place.checked(HEADER, *ROWS)
