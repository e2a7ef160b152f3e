"""The lists of models with 40,000 models: first page, filters, search, far page, the table of a period."""

import datetime
import random
from collections.abc import Iterator

from django.db import models

from benchmarks.filling import BATCH, fill_units, officers
from benchmarks.harness import Measure, settle
from benchmarks.pages import country_and_province, measures
from models_registry.enums import ModelStatus, ModelStepKind
from models_registry.models import (
    ModelKind,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelStep,
    ModelStrength,
    SelfManagedModel,
)
from models_registry.models.sites import new_codes
from movement_portal.demonstration.people import full_name
from units.models import Unit

MODELS = 40_000
#: Units over the whole country among which the models are spread.
UNITS = 100_000

PAGES = (
    ("models, first page", "models:model_list", {}),
    ("models, search", "models:model_list", {"q": "nguyen van"}),
    ("models, silent for six months", "models:model_list", {"im_lang": "6"}),
    ("models, rated effective", "models:model_list", {"xep_loai": "2025-effective"}),
    ("models, launched in a period", "models:model_list", {"tu": "01/01/2024", "den": "31/12/2024"}),
    ("models, of several places", "models:model_list", {"lien_ket": "co"}),
    ("models, last page", "models:model_list", {"truoc": "cuoi"}),
    ("models, by launch", "models:model_list", {"sap_xep": "ra_mat"}),
    ("activities of models, first page", "models:log_list", {}),
    ("activities of models, search", "models:log_list", {"q": "tu quan"}),
    ("activities of models, last page", "models:log_list", {"truoc": "cuoi"}),
    ("kinds of models", "models:kind_list", {}),
    ("kinds of models, whole catalogue", "models:kind_list", {"su_dung": "tat_ca"}),
    ("table of a period, by area", "models:model_period", {}),
    ("table of a period, by kind", "models:model_period", {"theo": "loai"}),
)


def run(sizes: list[int]) -> Iterator[Measure]:
    """Measures of each list at 40,000 models, for the country and a province; once, whatever the sizes."""
    fill_units(UNITS)
    fill_models()
    yield from measures(PAGES, country_and_province(officers()), rows=MODELS)


def fill_models() -> None:
    """Models led by the first units, a twentieth of them of several places, each with its records."""
    if SelfManagedModel.objects.count() >= MODELS:
        return
    dice = random.Random(MODELS)
    kinds = list(ModelKind.objects.all())
    units = list(Unit.objects.order_by("id").values_list("pk", "jurisdiction_id")[:MODELS])
    sites = [_model(dice, unit, area, kinds) for unit, area in units]
    for site, code in zip(sites, new_codes(len(sites)), strict=True):
        site.code = code
    _write(SelfManagedModel, sites)
    day = datetime.date(2026, 6, 30)
    _write(
        ModelStrength,
        [ModelStrength(model=site, counted_on=day, group_count=2, member_count=dice.randint(5, 60)) for site in sites],
    )
    _write(
        ModelMember, [ModelMember(model=site, unit_id=dice.choice(units)[0]) for site in sites if dice.random() < 0.05]
    )
    _write(
        ModelLogEntry,
        [
            ModelLogEntry(
                model=site,
                held_on=site.last_active_on - datetime.timedelta(days=90 * number),
                content="Họp",
                participation_count=dice.randint(10, 90),
            )
            for site in sites
            for number in range(3)
        ],
    )
    _write(ModelRating, [ModelRating(model=site, year=2025, grade="effective") for site in sites])
    _write(
        ModelStep,
        [
            ModelStep(model=site, kind=ModelStepKind.STRENGTHEN, to_status=ModelStatus.ACTIVE, effective_on=day)
            for site in sites
            if dice.random() < 0.05
        ],
    )
    settle()


def _model(dice: random.Random, unit: int, area: int, kinds: list[ModelKind]) -> SelfManagedModel:
    kind = dice.choice(kinds)
    launched = datetime.date(dice.randint(2015, 2026), dice.randint(1, 10), dice.randint(1, 28))
    return SelfManagedModel(
        kind=kind,
        name=kind.name,
        lead_unit_id=unit,
        jurisdiction_id=area,
        status=ModelStatus.ACTIVE,
        status_on=launched,
        launched_on=launched,
        last_active_on=datetime.date(2026, dice.randint(1, 11), dice.randint(1, 20)),
        head_name=full_name(dice),
    )


def _write(model, rows):
    """The plain queryset: measured records need no history of how they came about."""
    for row in rows:
        row.derive()
    models.QuerySet(model).bulk_create(rows, batch_size=BATCH)
