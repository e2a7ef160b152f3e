"""New models come in: proposed, copied from another, or running already."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from models_registry.enums import ModelStepKind
from models_registry.models import ModelStep, SelfManagedModel
from models_registry.workflow.steps import ACTIVE, CHANGE_STATUS, PROPOSED
from movement_portal.jurisdictions.models import Jurisdiction, Officer
from movement_portal.lib.dates import today
from movement_portal.lib.numbers import written
from movement_portal.lib.transitions import TransitionError, refuse_ahead
from units.models import Unit


@transaction.atomic
def propose(
    model: SelfManagedModel, *, by: Officer, on: datetime.date | None = None, source: SelfManagedModel | None = None
) -> SelfManagedModel:
    """Enter a new model as proposed on a day; ``source`` is the model that it copies.

    A model led by a unit lies where the unit lies. Raises ``PermissionDenied`` without the right or out of reach and
    ``TransitionError`` for a day to come or a source that does not run.
    """
    source = _may_enter([model], by, source, on or today())
    [model] = _enter([model], PROPOSED, ModelStepKind.PROPOSE, by=by, on=on or today(), source=source)
    return model


@transaction.atomic
def replicate(
    source: SelfManagedModel,
    copies: Sequence[SelfManagedModel],
    *,
    by: Officer,
    on: datetime.date,
    is_running: bool = False,
) -> list[SelfManagedModel]:
    """Enter copies of a model (“nhân rộng”) as proposed, or as launched, on a day; each is told on the source.

    As many queries for one as for many. Raises as ``propose``, ``TransitionError`` also for a unit that leads a model
    of the kind already; launched, without the right to decide on models as well.
    """
    _refuse_twins(source, copies, by)
    if is_running:
        return launch_entered(copies, by=by, on=on, source=source)
    locked = _may_enter(copies, by, source, on)
    return _enter(copies, PROPOSED, ModelStepKind.PROPOSE, by=by, on=on, source=locked)


@transaction.atomic
def launch_entered(
    models: Sequence[SelfManagedModel], *, by: Officer, on: datetime.date, source: SelfManagedModel | None = None
) -> list[SelfManagedModel]:
    """Enter models that run already, launched on a day; of ``source`` they are copies (“nhân rộng”).

    As many queries for one as for many. Raises as ``propose``; without the right to decide on models as well.
    """
    if not by.has_perm(CHANGE_STATUS):
        raise PermissionDenied
    source = _may_enter(models, by, source, on)
    return _enter(models, ACTIVE, ModelStepKind.LAUNCH, by=by, on=on, source=source)


@transaction.atomic
def enter_active(models: Sequence[SelfManagedModel], *, by: Officer | None) -> list[SelfManagedModel]:
    """Enter models of an old list that run already: launched on ``launched_on``, each with its step.

    ``by`` None is the portal itself. Raises ``PermissionDenied`` when an area lies outside the officer's reach, and
    nothing is entered.
    """
    models = list(models)
    if by is not None:
        areas = {model.jurisdiction_id for model in models}
        if Jurisdiction.objects.visible_to(by).filter(pk__in=areas).count() != len(areas):
            raise PermissionDenied
    for model in models:
        model.status, model.status_on = ACTIVE, model.launched_on
    made = SelfManagedModel.objects.bulk_create(models)
    ModelStep.objects.bulk_create(
        ModelStep(
            model=model,
            kind=ModelStepKind.LAUNCH,
            from_status="",
            to_status=ACTIVE,
            effective_on=model.launched_on,
            officer=by,
        )
        for model in made
    )
    return made


def _enter(models, status, kind, *, by, on, source):
    """Write new models in a state, each with its first step; the source has a step for each copy."""
    refuse_ahead(on)
    for model in models:
        model.replicated_from = source or model.replicated_from
        model.status, model.status_on = status, on
        model.launched_on = on if status == ACTIVE else None
    if len(models) == 1:
        models[0].save()
    else:
        SelfManagedModel.objects.bulk_create(models)
    ModelStep.objects.bulk_create(
        ModelStep(model=model, kind=kind, from_status="", to_status=status, effective_on=on, officer=by)
        for model in models
    )
    if source is not None:
        ModelStep.objects.bulk_create(
            ModelStep(
                model=source,
                kind=ModelStepKind.REPLICATE,
                from_status=ACTIVE,
                to_status=ACTIVE,
                effective_on=on,
                other=copy,
                officer=by,
            )
            for copy in models
        )
    return list(models)


def _refuse_twins(source, copies, by) -> None:
    """Refuse units that lead an open model of the kind: with the source locked, a form sent twice copies once."""
    list(SelfManagedModel.objects.visible_to(by).filter(pk=source.pk).select_for_update(of=("self",)))
    units = [copy.lead_unit_id for copy in copies if copy.lead_unit_id]
    if count := SelfManagedModel.objects.open_of_kind(source.kind_id, units).count():
        raise TransitionError(f"{written(count)} đơn vị đã có mô hình loại này, chưa nhân rộng tới đơn vị nào.")


def _may_enter(models: Sequence[SelfManagedModel], by: Officer, source, on: datetime.date) -> SelfManagedModel | None:
    """Put models led by units where the units lie; the source comes back locked. Raises what ``propose`` says."""
    if not by.has_perm("models_registry.add_selfmanagedmodel"):
        raise PermissionDenied
    wanted = {model.lead_unit_id for model in models if model.lead_unit_id}
    homes = dict(Unit.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", "jurisdiction_id"))
    if len(homes) < len(wanted):
        raise PermissionDenied
    for model in models:
        if model.lead_unit_id:
            model.jurisdiction_id = homes[model.lead_unit_id]
    areas = {model.jurisdiction_id for model in models}
    if Jurisdiction.objects.visible_to(by).filter(pk__in=areas).count() < len(areas):
        raise PermissionDenied
    if source is None:
        return None
    source = SelfManagedModel.objects.visible_to(by).select_for_update(of=("self",)).get(pk=source.pk)
    if source.status != ACTIVE:
        raise TransitionError("Chỉ nhân rộng từ mô hình đang hoạt động.")
    if source.launched_on and on < source.launched_on:
        raise TransitionError(f"Không nhân rộng được trước ngày mô hình gốc ra mắt ({source.launched_on:%d/%m/%Y}).")
    return source
