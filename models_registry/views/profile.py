"""The page of one model and its regulation."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from models_registry.models import ModelGroup, ModelRating, ModelRecognition, ModelStrength, SelfManagedModel
from models_registry.profile import actions_for, is_silent, log_of, members_of, related_to, steps_of
from models_registry.views.saving import model_or_404
from models_registry.workflow import CHANGE_STATUS
from movement_portal.audit.timeline import timeline_of
from movement_portal.documents.files import paper_response
from units.models import Unit

#: Rights to write rows of a model, as the page asks for them.
ROW_RIGHTS = ("modelmember", "modelgroup", "modelstrength", "modellogentry", "modelrating", "modelrecognition")


@require_GET
@permission_required("models_registry.view_selfmanagedmodel", raise_exception=True)
def model_detail(request, pk):
    user = request.user
    model = get_object_or_404(
        SelfManagedModel.objects.visible_to(user)
        .with_strength()
        .select_related("kind__legal_document", "jurisdiction__parent__parent"),
        pk=pk,
    )
    is_own = SelfManagedModel.objects.editable_by(user).filter(pk=model.pk).exists()
    lead = Unit.objects.visible_to(user).filter(pk=model.lead_unit_id).first() if model.lead_unit_id else None
    strengths = list(ModelStrength.objects.filter(model=model))
    context = {
        "model": model,
        "lead": lead,
        "is_own": is_own,
        "members": members_of(model, user),
        "groups": list(ModelGroup.objects.filter(model=model).order_by("valid_to", "id")),
        "strengths": strengths,
        "camera_count": next((row.camera_count for row in strengths if row.camera_count is not None), None),
        "ratings": list(ModelRating.objects.filter(model=model)),
        "recognitions": list(ModelRecognition.objects.filter(model=model)),
        "steps": steps_of(model, user),
        "can_step": is_own and user.has_perm(CHANGE_STATUS),
        "is_silent": is_silent(model),
        "actions": actions_for(model, user, is_own=is_own),
        "can_change": is_own and user.has_perm("models_registry.change_selfmanagedmodel"),
        "can_add": {name: is_own and user.has_perm(f"models_registry.add_{name}") for name in ROW_RIGHTS},
        "can_edit": {name: is_own and user.has_perm(f"models_registry.change_{name}") for name in ROW_RIGHTS},
        "timeline": timeline_of(model, user),
        **log_of(model),
        **related_to(model, user),
    }
    return render(request, "models_registry/model_detail.html", context)


@require_GET
@permission_required("models_registry.view_selfmanagedmodel", raise_exception=True)
def model_regulation(request, pk):
    """The regulation of a model, for whoever sees the model."""
    model = model_or_404(request, pk)
    return paper_response(model.regulation, f"Quy chế {model.code} {model.name}"[:120])
