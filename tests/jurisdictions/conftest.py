"""The whole country, loaded once for a test module that asks for it."""

import pytest
from django.core.management import call_command
from django.db import transaction


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker):
    """The reference data of the territory, taken back after the last test of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_territory", verbosity=0)
        yield
        transaction.set_rollback(True)
