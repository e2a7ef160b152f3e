"""What tests of retention stand on: periods, days, and all that the database holds."""

import datetime
import json

import time_machine
from django.db import connection

from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.sheets import sheet_for
from tests.spreadsheets.lists import uploaded
from units.models import HoldingPeriod
from units.retention.rules import overdue

NUMBER = "000123456789"


NAME, CARD, PHONE = "Lê Văn Đã Thôi", "THE-77/NV", "0100000077"


def day(text):
    return datetime.date.fromisoformat(text)


def moment(text):
    return time_machine.travel(datetime.datetime.fromisoformat(f"{text}T03:00:00+00:00"), tick=True)


def held_for(subject, months=24):
    """The office in charge has set a period."""
    HoldingPeriod.objects.create(
        subject=subject, months=months, basis="Quyết định 5/QĐ-CAT", valid_from=day("2026-01-01")
    )


def due(subject):
    return next(kind for kind in overdue() if kind.retention.subject == subject)


def everything_in_the_database():
    """Every cell of every table, as one text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts += [as_text(cell) for row in cursor.fetchall() for cell in row]
    return " ".join(texts)


def as_text(cell):
    """A cell as it reads: JSON is stored with its letters escaped."""
    if isinstance(cell, str) and cell[:1] in ("{", "["):
        cell = json.dumps(json.loads(cell), ensure_ascii=False)
    return str(cell)


def brought_in(place, sheet, *rows):
    batch = workflow.upload(sheet_for(sheet), uploaded(*rows), by=place.officer)
    workflow.run_check(batch.pk, by=place.officer)
    return workflow.commit(batch.pk, by=place.officer)
