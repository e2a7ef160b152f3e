"""Registers of any size for measuring: invented units over the whole country, written without history."""

import itertools
import random
from collections.abc import Iterator

from django.db import connection, models

from movement_portal.demonstration import register
from movement_portal.jurisdictions.enums import COMMUNE_KINDS, Function, JurisdictionKind
from movement_portal.jurisdictions.models import Jurisdiction, Officer, Posting
from movement_portal.lib.dates import today
from units.models import Unit

BATCH = 5_000
SHARES = (("agencies", 41), ("enterprises", 25), ("schools", 34))


def fill_units(total: int) -> None:
    """Bring the register to ``total`` units; those that are there stay."""
    present = Unit.objects.count()
    rows = itertools.islice(_units(present, total - present), total - present)
    while batch := list(itertools.islice(rows, BATCH)):
        for unit in batch:
            unit.derive()
        # The plain queryset: a measured register needs no history of how it came about.
        models.QuerySet(Unit).bulk_create(batch, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _units(first: int, count: int) -> Iterator[Unit]:
    dice = random.Random(first)
    communes = Jurisdiction.objects.as_of(today()).filter(kind__in=COMMUNE_KINDS).order_by("id")
    places = [register.Place(area.pk, area.full_name) for area in communes]
    seat = places[0]
    agencies = register.agencies(dice, places, seat, count)
    enterprises = register.enterprises(dice, places, count, first + 1)
    schools = register.schools(dice, places, count, first + 1)
    kinds = dice.choices((agencies, enterprises, schools), weights=[share for _, share in SHARES], k=count)
    for number, kind in enumerate(kinds, first + 1):
        yield Unit(code=f"DV{number:07d}", **next(kind))


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
