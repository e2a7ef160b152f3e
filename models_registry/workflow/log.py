"""The last day on which a model was active follows its log."""

from collections.abc import Sequence

from django.db import router
from django.db.models import Max

from models_registry.models import ModelLogEntry, SelfManagedModel
from movement_portal.lib import wholes


def log_changed(model_ids: Sequence[int]) -> None:
    """Bring ``last_active_on`` of models up to their activity logs."""
    entries = ModelLogEntry._base_manager.filter(model__in=model_ids).values("model")
    with wholes.marked(using=router.db_for_write(SelfManagedModel)):
        # Locked before the log is read: of two who write at once the second reads what the first has written.
        rows = SelfManagedModel._base_manager.filter(pk__in=model_ids).order_by("pk")
        models = list(rows.select_for_update(of=("self",)))
        latest = dict(entries.annotate(latest=Max("held_on")).values_list("model", "latest"))
        changed = []
        for model in models:
            if model.last_active_on != latest.get(model.pk):
                model.last_active_on = latest.get(model.pk)
                changed.append(model)
        if changed:
            SelfManagedModel.objects.bulk_update(changed, ["last_active_on"])
