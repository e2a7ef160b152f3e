"""The list of activities with 300,000 of them: first page with its sums, filters, search, far page, units counted."""

import datetime
import random
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.filling import fill_units, officers
from benchmarks.harness import Measure, settle
from benchmarks.pages import measures
from movement_portal.demonstration.activities import THEMES
from movement_portal.documents.models import LegalDocument, take_numbers
from movement_portal.lib import bulk
from movement_portal.lib.dates import today
from units.models import Activity, ActivityUnit, Unit
from units.models.activities import CODE_SERIES

ACTIVITIES = 300_000
#: On SQLite, which no province of that size runs on, so many.
FEWER = 30_000
#: Units over the whole country, and how many of them take part in an activity: most in a few, some in sixty.
UNITS = 100_000
TAKING_PART = (0, 1, 1, 2, 2, 3, 3, 4, 6, 8)
MANY, ONE_IN = 60, 200
#: Days back from today over which the activities are spread.
DAYS = 3_650
AT_A_TIME = 50_000

PAGES = (
    ("activities, first page with sums", "activities:activity_list", {}),
    ("activities, last page", "activities:activity_list", {"truoc": "cuoi"}),
    ("activities, by attendances", "activities:activity_list", {"sap_xep": "luot"}),
    ("activities, by sessions", "activities:activity_list", {"sap_xep": "cuoc"}),
    ("activities, latest entered", "activities:activity_list", {"sap_xep": "moi"}),
    ("activities, of a quarter", "activities:activity_list", {"ky": "quy-2026-2"}),
    ("activities, of a year and a kind", "activities:activity_list", {"ky": "nam-2025", "loai": "conference"}),
    ("activities, of ten years", "activities:activity_list", {"tu": "01/01/2017", "den": "31/12/2026"}),
    ("activities, under a directive", "activities:activity_list", {"van_ban": "{document}"}),
    ("activities, search", "activities:activity_list", {"q": "phong chay"}),
    ("activities, by topic", "activities:activity_list", {"noi_dung": "ma tuy"}),
    ("activities, by form", "activities:activity_list", {"hinh_thuc": "truc tuyen"}),
    ("activities, of a unit", "activities:activity_list", {"don_vi": "{unit}"}),
    ("activities, held in the area", "activities:activity_list", {"noi": "trong"}),
    ("activities, held elsewhere", "activities:activity_list", {"noi": "ngoai"}),
    ("activities, without attendances", "activities:activity_list", {"luot_nguoi": "chua"}),
    ("activities, without units", "activities:activity_list", {"danh_sach": "chua"}),
    ("activities, with units", "activities:activity_list", {"danh_sach": "co"}),
)
#: Loaded by the list when it is there.
LATER = (
    ("units that took part", "activities:activity_totals", {}),
    ("units that took part in a year", "activities:activity_totals", {"ky": "nam-2025"}),
)
#: Asked for by the page of totals when it is there.
UNITS_OF_TABLE = (("units of the totals by kind", "activities:activity_totals", {}),)
#: A page of its own.
TABLE = (
    ("totals by kind of a year", "activities:activity_totals", {"ky": "nam-2025"}),
    ("totals by kind", "activities:activity_totals", {}),
)


def run(sizes: list[int]) -> Iterator[Measure]:
    """Measures of the list at 300,000 activities (fewer on SQLite), for three levels of office, whatever the sizes."""
    fill_units(UNITS)
    fill_activities()
    named = {"{unit}": Unit.objects.order_by("id").first().code, "{document}": str(_documents()[0])}
    part = {"HX-Request": "true"}
    with_units = part | {"HX-Target": "kind-table"}
    for pages, headers in ((PAGES, {}), (LATER, part), (TABLE, {}), (UNITS_OF_TABLE, with_units)):
        asked = [
            (what, url, {key: named.get(value, value) for key, value in query.items()}) for what, url, query in pages
        ]
        yield from measures(asked, officers(), rows=wanted(), headers=headers)


def wanted() -> int:
    """How many activities the database is measured with."""
    return ACTIVITIES if connection.vendor == "postgresql" else FEWER


def _documents() -> list[int]:
    return list(LegalDocument.objects.order_by("id").values_list("pk", flat=True))


def fill_activities() -> None:
    """Bring the activities to ``wanted()``, each with its units; those that are there stay.

    Written without history, for measured records need none.
    """
    present = Activity.objects.count()
    # Those that take part together lie beside one another.
    units = list(Unit.objects.order_by("jurisdiction", "id").values_list("pk", "jurisdiction"))
    documents = _documents()
    for first in range(present, wanted(), AT_A_TIME):
        with transaction.atomic():
            _write(random.Random(first), min(AT_A_TIME, wanted() - first), units, documents)
    settle()


def _write(dice: random.Random, count: int, units: list[tuple[int, int]], documents: list[int]) -> None:
    made = [_one(dice, units, documents) for _ in range(count)]
    for (activity, taking_part), number in zip(made, take_numbers(CODE_SERIES, count), strict=True):
        activity.code = f"HD{number:07d}"
        activity.has_units = bool(taking_part)
        activity.derive()
    _insert(Activity, [activity for activity, _ in made])
    _insert(
        ActivityUnit,
        [ActivityUnit(activity=activity, unit_id=unit) for activity, taking_part in made for unit in taking_part],
    )


def _insert(model, rows) -> None:
    """Rows into the table of a model, a column at a time; the rows get their keys."""
    keys = bulk.draw_keys(model, len(rows), using="default")
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = [bulk.values_of(field, rows, add=True) for field in fields]
    bulk.insert_columns(model, [model._meta.pk, *fields], [keys, *columns], using="default")


def _one(dice, units, documents):
    """An activity, and the keys of the units that took part: its neighbours in the register."""
    theme, place = dice.choice(THEMES), dice.randrange(len(units))
    number = MANY if dice.randrange(ONE_IN) == 0 else dice.choice(TAKING_PART)
    roll = dice.random()
    activity = Activity(
        kind=theme.kind,
        topic=f"{theme.topic} lần {dice.randint(1, 40)}",
        programme_id=dice.choice(documents) if roll < 0.6 else None,
        form=theme.form,
        held_on=today() - datetime.timedelta(days=dice.randrange(DAYS)),
        place=f"Hội trường số {dice.randint(1, 400)}",
        organiser="Công an cấp xã",
        jurisdiction_id=units[place][1],
        session_count=dice.choice((1, 1, 1, 2, 3)),
        attendance_count=None if roll > 0.97 else dice.randint(*theme.people),
        approximation="nearly" if roll < 0.1 else "over" if roll < 0.2 else "",
        created_at=timezone.now(),
        updated_at=timezone.now(),
    )
    return activity, {units[(place + step * 7) % len(units)][0] for step in range(number)}
