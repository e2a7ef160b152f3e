"""Registers of any size for measuring: invented units over the whole country, written without history."""

import contextlib
import multiprocessing
import os
import random
from collections.abc import Iterator

from django.db import connection, models, transaction
from django.utils import timezone

from benchmarks.harness import settle
from movement_portal.demonstration import register
from movement_portal.documents.models import take_numbers
from movement_portal.jurisdictions.enums import COMMUNE_KINDS, Function, JurisdictionKind
from movement_portal.jurisdictions.models import Jurisdiction, Officer, Posting
from movement_portal.lib import bulk
from movement_portal.lib.dates import today
from units.models import Headcount, Placement, Unit
from units.models.units import CODE_SERIES

#: Units that one process makes at a time.
BATCH = 10_000
SHARES = (("agencies", 41), ("enterprises", 25), ("schools", 34))
#: The year of the headcount that every unit has.
YEAR = 2026


def fill_units(total: int) -> None:
    """Bring the register to ``total`` units, each with its placement and a headcount; those that are there stay.

    Other processes make the units, this one writes them: without history, for a measured register needs none.
    """
    present = Unit.objects.count()
    communes = Jurisdiction.objects.as_of(today()).filter(kind__in=COMMUNE_KINDS).order_by("id")
    places = [register.Place(area.pk, area.full_name) for area in communes]
    runs = [(places, first, min(BATCH, total - first)) for first in range(present, total, BATCH)]
    if not runs:
        return
    take_numbers(CODE_SERIES, total - present)
    # A connection does not survive the fork.
    connection.close()
    with multiprocessing.get_context("fork").Pool(min(os.cpu_count() or 1, len(runs))) as pool:
        made = pool.imap(_made, runs)
        with _indexed_at_the_end(), transaction.atomic():
            for units, headcounts in made:
                _write(units, headcounts)
    settle()


def _write(units: list[list], headcounts: list[list]) -> None:
    """Columns of new units and of their headcounts, as ``_made`` gives them, into the tables."""
    count = len(units[0])
    keys = bulk.draw_keys(Unit, count, using="default")
    fields = [field for field in Unit._meta.concrete_fields if not field.primary_key]
    bulk.insert_columns(Unit, [Unit._meta.pk, *fields], [keys, *units], using="default")
    areas = units[[field.name for field in fields].index("jurisdiction")]
    for model, values in (
        (Placement, {"unit": keys, "jurisdiction": areas, "legal_basis": [""] * count}),
        (Headcount, {"unit": keys, **dict(zip(("year", "staff_count", "learner_count"), headcounts, strict=True))}),
    ):
        values = {"id": bulk.draw_keys(model, count, using="default"), "version": [1] * count, **values}
        named = [model._meta.get_field(name) for name in values]
        bulk.insert_columns(model, named, values.values(), using="default")


@contextlib.contextmanager
def _indexed_at_the_end() -> Iterator[None]:
    """PostgreSQL builds the index of search texts many times quicker than it adds to it row by row."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'units_unit' AND indexdef ~ 'gin'")
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)


def _made(run: tuple[list[register.Place], int, int]) -> tuple[list[list], list[list]]:
    """Units from a number on: the values of each column but the key, and year, staff and learners of each."""
    places, first, count = run
    dice = random.Random(first)
    units, counts = [], []
    for unit, people in _units(dice, places, first, count):
        unit.derive()
        units.append(unit)
        counts.append((YEAR, people["staff_count"], people["learner_count"]))
    fields = [field for field in Unit._meta.concrete_fields if not field.primary_key]
    return [_column(field, units) for field in fields], [list(column) for column in zip(*counts, strict=True)]


def _column(field, units):
    """The values of a column, plain ones: they go to another process."""
    if isinstance(field, models.DateTimeField):
        return [timezone.now()] * len(units)
    return [getattr(value, "value", value) for value in bulk.values_of(field, units, add=True)]


def _units(dice: random.Random, places: list[register.Place], first: int, count: int) -> Iterator[tuple[Unit, dict]]:
    agencies = register.agencies(dice, places, places[0], count, first * SHARES[0][1] // 100)
    enterprises = register.enterprises(dice, places, count, first + 1)
    schools = register.schools(dice, places, count, first + 1)
    kinds = dice.choices((agencies, enterprises, schools), weights=[share for _, share in SHARES], k=count)
    for number, kind in enumerate(kinds, first + 1):
        values = next(kind)
        yield Unit(code=f"DV{number:07d}", **values), next(register.headcounts(dice, values, (YEAR,)))


def officers() -> dict[str, Officer]:
    """One officer with every function that sees records, for the country, one province and one commune."""
    now = today()
    country = Jurisdiction.objects.get(kind=JurisdictionKind.COUNTRY)
    province = Jurisdiction.objects.as_of(now).get(code="79", parent=country)
    commune = Jurisdiction.objects.as_of(now).within(province).filter(kind__in=COMMUNE_KINDS).order_by("id").first()
    found = {}
    for name, area in (("country", country), ("province", province), ("commune", commune)):
        officer, created = Officer.objects.get_or_create(username=f"bench.{name}", defaults={"full_name": "Cán bộ Đo"})
        if created:
            office = area.police_offices.as_of(now).order_by("id").first()
            for function in (Function.MANAGE_RECORDS, Function.ENTER, Function.DECIDE):
                Posting.objects.create(officer=officer, office=office, function=function)
        found[name] = officer
    return found
