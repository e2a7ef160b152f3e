"""What stands on the page of a model, on a unit's page and on the first page."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from models_registry import workflow
from models_registry.enums import ModelStatus
from models_registry.filters import SILENT_MONTHS, quiet_since
from models_registry.models import (
    ModelLogEntry,
    ModelMember,
    ModelStep,
    SelfManagedModel,
)
from models_registry.tables import MODELS, load_models, participations
from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.worklists import Work, waiting
from movement_portal.jurisdictions.worklists import register as register_worklist
from units.models import Unit
from units.sections import Section
from units.sections import register as register_section

STEP_ICONS = {
    "approve": "patch-check",
    "launch": "flag",
    "strengthen": "arrow-repeat",
    "retire": "x-circle",
    "dissolve": "x-octagon",
    "merge": "box-arrow-in-right",
    "restore": "arrow-counterclockwise",
}
#: Activities and copies shown on a model's page; all of them stand in the lists.
ENTRIES_SHOWN, COPIES_SHOWN = 20, 30


#: What is written of a running model again and again: its rows, the words of the action, its icon.
OFTEN = (("modellogentry", "Ghi hoạt động", "calendar-event"), ("modelrating", "Xếp loại năm", "check2"))


@dataclass(frozen=True)
class Action:
    """Something the officer may do with a model: its words and its page."""

    label: str
    icon: str
    url: str


def actions_for(model: SelfManagedModel, user: Officer, *, is_own: bool) -> list[Action]:
    """What the officer may do with the model as it is now: what is done all year first, what ends it last."""
    actions = [
        Action(label, icon, reverse(f"models:{row}_add", args=[model.pk]))
        for row, label, icon in (OFTEN if is_own and model.status == ModelStatus.ACTIVE else ())
        if user.has_perm(f"models_registry.add_{row}")
    ]
    actions += [
        Action(step.label, STEP_ICONS[step.name], reverse("models:model_step", args=[model.pk, step.name]))
        for step in (workflow.steps_for(model, user) if is_own else [])
    ]
    if model.status == ModelStatus.ACTIVE and user.has_perm("models_registry.add_selfmanagedmodel"):
        actions.append(
            Action("Nhân rộng tới nhiều đơn vị", "diagram-3", reverse("models:model_replicate", args=[model.pk]))
        )
        address = f"{reverse('models:model_add')}?{urlencode({'tu': model.code})}"
        actions.append(Action("Nhân rộng tới một nơi", "plus-lg", address))
    return actions


@dataclass(frozen=True)
class Members:
    """Who takes part in a model, as one officer may see it."""

    rows: list[ModelMember]
    #: Units out of the officer's reach are counted and not named.
    elsewhere: int


def members_of(model: SelfManagedModel, user: Officer) -> Members:
    """Members, those of today first; a unit that the officer does not see is only counted."""
    rows = list(
        ModelMember.objects.filter(model=model)
        .select_related("unit__jurisdiction", "jurisdiction")
        .order_by("valid_to", "id")
    )
    rows.sort(key=lambda row: row.valid_to is not None)
    units = {row.unit_id for row in rows if row.unit_id}
    seen = set(Unit.objects.visible_to(user).filter(pk__in=units).values_list("pk", flat=True)) if units else set()
    shown = [row for row in rows if row.unit_id is None or row.unit_id in seen]
    return Members(shown, len(rows) - len(shown))


def related_to(model: SelfManagedModel, user: Officer) -> dict:
    """Models in reach that this one copies or was merged into, that copy it or were merged into it."""
    wanted = Q(replicated_from=model.pk) | Q(merged_into=model.pk)
    wanted |= Q(pk__in=[key for key in (model.replicated_from_id, model.merged_into_id) if key])
    found = SelfManagedModel.objects.visible_to(user).filter(wanted).select_related("jurisdiction")
    rows = list(found.order_by("-launched_on", "-id")[: COPIES_SHOWN * 3])
    copies = [row for row in rows if row.replicated_from_id == model.pk]
    return {
        "source": next((row for row in rows if row.pk == model.replicated_from_id), None),
        "receiver": next((row for row in rows if row.pk == model.merged_into_id), None),
        "copies": copies[:COPIES_SHOWN],
        "copy_count": SelfManagedModel.objects.visible_to(user).filter(replicated_from=model.pk).count(),
        "taken_in": [row for row in rows if row.merged_into_id == model.pk],
    }


def steps_of(model: SelfManagedModel, user: Officer) -> list[tuple[ModelStep, SelfManagedModel | None]]:
    """The life of a model, the latest step first, each with the other model where the officer sees it."""
    steps = list(ModelStep.objects.filter(model=model).select_related("officer").order_by("-effective_on", "-id"))
    others = SelfManagedModel.objects.visible_to(user).in_bulk({step.other_id for step in steps if step.other_id})
    return [(step, others.get(step.other_id)) for step in steps]


def log_of(model: SelfManagedModel) -> dict:
    """The latest activities of a model, how many there are, and the participations of all."""
    entries = ModelLogEntry.objects.filter(model=model)
    return {
        "entries": list(entries.order_by("-held_on", "-id")[:ENTRIES_SHOWN]),
        "entry_count": entries.count(),
        "participations": participations(entries),
    }


def is_silent(model: SelfManagedModel) -> bool:
    """Whether the model runs and has no activity in its log for half a year."""
    since = quiet_since()
    if model.status != ModelStatus.ACTIVE or model.launched_on >= since:
        return False
    return model.last_active_on is None or model.last_active_on < since


# -- on a unit's page --------------------------------------------------------------------------------------------------
def _models(unit, user):
    if not user.has_perm(MODELS.permission):
        return None
    takes_part = ModelMember._base_manager.filter(unit=unit).order_by().values("model")
    models = SelfManagedModel.objects.visible_to(user).filter(Q(lead_unit=unit) | Q(pk__in=takes_part))
    keys = list(models.order_by("ended_on", "name_sort", "id").values_list("pk", flat=True))
    rows = load_models(models, keys, user.jurisdiction)
    for row in rows:
        row["leads"] = row["lead_unit_id"] == unit.pk
    return {
        "count": len(rows),
        "rows": sorted(rows, key=lambda row: row["ended_on"] is not None),
        "unit": unit,
        "can_add": user.has_perm("models_registry.add_selfmanagedmodel"),
    }


# -- on the first page -------------------------------------------------------------------------------------------------
def _work(user: Officer):
    if not user.has_perm("models_registry.change_selfmanagedmodel"):
        return
    models = SelfManagedModel.objects.visible_to(user)
    address = reverse("models:model_list")
    yield Work(
        f"Mô hình {SILENT_MONTHS} tháng không hoạt động",
        waiting(models.silent_since(quiet_since())),
        f"{address}?{urlencode({'im_lang': SILENT_MONTHS})}",
        "hourglass-split",
        "Ghi hoạt động gần nhất, củng cố hoặc thanh loại.",
        is_due=True,
    )
    if user.has_perm(workflow.CHANGE_STATUS):
        yield Work(
            "Mô hình đề xuất chờ phê duyệt",
            waiting(models.filter(status=ModelStatus.PROPOSED)),
            f"{address}?{urlencode({'tinh_trang': ModelStatus.PROPOSED.value})}",
            "lightbulb",
            "Phê duyệt khi có quyết định thành lập, hoặc ghi ra mắt.",
        )


def register_models() -> None:
    """Put the section on the unit's page and the lines on the first page."""
    register_section(Section("mo-hinh", "Mô hình", "models_registry/_of_unit.html", _models, order=20))
    register_worklist("models", _work, order=30)
