"""The whole country, loaded once for a test module that asks for it."""

from collections import defaultdict

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from movement_portal.jurisdictions.reference import Areas, parent_of, read_areas, read_successions
from movement_portal.lib.dates import day_before

FOLDER = settings.BASE_DIR / "fixtures" / "territory"


@pytest.fixture(scope="module")
def whole_country(django_db_setup, django_db_blocker):
    """The reference data of the territory, taken back after the last test of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_territory", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def country_in_memory():
    """The same areas and successions as the load makes, without a database."""
    rows = read_areas(FOLDER)
    areas = Areas(rows, [])
    by_level = defaultdict(list)
    for row in rows:
        by_level[row.kind.level].append(row)
    pk = 0
    for level in sorted(by_level):
        for row in by_level[level]:
            area = row.record(parent_of(row, areas))
            pk += 1
            area.pk = pk
            area.derive()
            area.path = area.path_under(area.parent)
            areas.records[row.key] = area
    successions = [
        (areas.on(row.old, day_before(row.effective_on)).pk, areas.on(row.new, row.effective_on).pk, row.kind)
        for row in read_successions(FOLDER)
    ]
    return areas, successions
