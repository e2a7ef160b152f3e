"""The lists about units that may be one: pairs, a unit in ten among them, merges, requests to hand a unit over."""

import datetime
import random
import uuid
from collections.abc import Iterator

from django.db import models
from django.utils import timezone

from benchmarks.filling import BATCH, fill_units, officers
from benchmarks.harness import Measure, settle
from benchmarks.pages import country_and_province, measures
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.dates import today
from units.enums import PairReason, PairState, TransferState
from units.models import DuplicatePair, TransferRequest, Unit, UnitMerge
from units.models.pairs import reason_words

PAIRS, MERGES, REQUESTS = 5_000, 2_000, 2_000
#: Units over the whole country among which the rows are spread, and one pair in how many lies in two provinces.
UNITS, FAR = 100_000, 10

PAGES = (
    ("pairs, first page", "duplicates:pair_list", {}),
    ("pairs, last page", "duplicates:pair_list", {"truoc": "cuoi"}),
    ("pairs, search", "duplicates:pair_list", {"q": "truong tieu hoc"}),
    ("pairs, in two areas", "duplicates:pair_list", {"noi": "khac"}),
    ("units with a double out of reach", "duplicates:outside_list", {}),
    ("merges, first page", "duplicates:merge_list", {}),
    ("merges, search", "duplicates:merge_list", {"q": "truong tieu hoc"}),
    ("requests received, first page", "duplicates:transfer_list", {}),
    ("requests received, search", "duplicates:transfer_list", {"q": "truong tieu hoc"}),
    ("requests sent, first page", "duplicates:sent_list", {}),
    ("requests sent, search", "duplicates:sent_list", {"q": "truong tieu hoc"}),
)


def run(sizes: list[int]) -> Iterator[Measure]:
    """Measures of each list, for the country and a province; once, whatever the sizes."""
    fill_units(UNITS)
    fill_doubles()
    yield from measures(PAGES, country_and_province(officers()), rows=PAIRS)


def fill_doubles() -> None:
    """Pairs, merges and requests among units that lie beside one another; those that are there stay."""
    if DuplicatePair.objects.count() >= PAIRS:
        return
    dice = random.Random(PAIRS)
    units = list(Unit.objects.order_by("jurisdiction", "id").values_list("pk", "jurisdiction", "name"))
    officer = officers()["country"]
    _write(DuplicatePair, list(_pairs(dice, units)))
    _write(UnitMerge, list(_merges(dice, units, officer)))
    _write(TransferRequest, list(_requests(dice, units, officer)))
    settle()


def _pairs(dice: random.Random, units: list[tuple[int, int, str]]) -> Iterator[DuplicatePair]:
    for place in dice.sample(range(0, len(units) - 1, 2), PAIRS):
        other = dice.randrange(len(units)) if dice.randrange(FAR) == 0 else place + 1
        first, second = sorted((units[place][0], units[other][0]))
        if first != second:
            yield DuplicatePair(
                first_id=first,
                second_id=second,
                score=dice.randint(80, 100),
                reasons=reason_words([dice.choice(PairReason.values)]),
                state=PairState.OPEN,
                found_on=today() - datetime.timedelta(days=dice.randrange(300)),
            )


def _merges(dice: random.Random, units: list[tuple[int, int, str]], officer: Officer) -> Iterator[UnitMerge]:
    for place in dice.sample(range(0, len(units) - 1, 2), MERGES):
        yield UnitMerge(
            survivor_id=units[place][0],
            absorbed_id=units[place + 1][0],
            reason="Một đơn vị ghi hai lần",
            merged_by=officer,
            merged_at=timezone.now() - datetime.timedelta(days=dice.randrange(300)),
            event_id=uuid.UUID(int=dice.getrandbits(128)),
        )


def _requests(dice: random.Random, units: list[tuple[int, int, str]], officer: Officer) -> Iterator[TransferRequest]:
    for place in dice.sample(range(len(units)), REQUESTS):
        unit, area, name = units[place]
        wanted = units[(place + 40) % len(units)][1]
        if wanted != area:
            asked_on = today() - datetime.timedelta(days=dice.randrange(20))
            yield TransferRequest(
                unit_id=unit,
                from_area_id=area,
                to_area_id=wanted,
                called=name,
                reason="Đơn vị chuyển trụ sở về địa bàn",
                requested_by=officer,
                requested_on=asked_on,
                expires_on=asked_on + datetime.timedelta(days=30),
                state=TransferState.PENDING,
            )


def _write(model, rows):
    """The plain queryset: measured records need no history of how they came about."""
    models.QuerySet(model).bulk_create(rows, batch_size=BATCH)
