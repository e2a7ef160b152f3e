"""History is written once: neither Django nor SQL rewrites it."""

import pytest
from django.db import DatabaseError, connection, transaction

from movement_portal.audit.models import AuditEvent, Change
from tests.factories import JurisdictionFactory

pytestmark = pytest.mark.django_db

TABLES = ["audit_auditevent", "audit_change"]


@pytest.fixture(autouse=True)
def history():
    JurisdictionFactory()


@pytest.mark.parametrize("table", TABLES)
def test_update_by_sql_is_refused(table):
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        cursor.execute(f"UPDATE {table} SET label = 'x'")


@pytest.mark.parametrize("table", TABLES)
def test_delete_by_sql_is_refused_where_the_tests_do_not_need_it(table):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(f"DELETE FROM {table}")
    else:
        triggers = connection.cursor().execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert (f"{table}_append_only",) in triggers


@pytest.mark.parametrize("model", [AuditEvent, Change])
def test_django_refuses_too(model):
    row = model.objects.first()
    for rewrite in (row.save, row.delete, model.objects.all().delete):
        with pytest.raises(TypeError):
            rewrite()
    with pytest.raises(TypeError):
        model.objects.update(label="x")
