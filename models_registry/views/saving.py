"""What the form pages of models share: finding the model, saving a form, taking a row away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render

from models_registry.models import SelfManagedModel
from movement_portal.audit.recording import describe
from units.views.saving import tell_oddities


def model_or_404(request, pk):
    """The model of a key within the officer's reach."""
    models = SelfManagedModel.objects.visible_to(request.user).select_related("kind", "jurisdiction__parent__parent")
    return get_object_or_404(models, pk=pk)


def own_model_or_404(request, pk):
    """A model that the officer may write; one that is only seen, for a member lies here, is a missing right."""
    model = model_or_404(request, pk)
    if not SelfManagedModel.objects.editable_by(request.user).filter(pk=model.pk).exists():
        raise PermissionDenied
    return model


def own_row_or_404(request, rows, pk):
    """A row of a model that the officer may write, with its model."""
    row = get_object_or_404(rows.objects.visible_to(request.user).select_related("model"), pk=pk)
    if not rows.objects.editable_by(request.user).filter(pk=row.pk).exists():
        raise PermissionDenied
    return row


def save_page(request, form, heading, *, back, model=None, saved=None, **context):
    """A form on its own page; saved it leads back. ``saved`` is told of the record, inside the same transaction."""
    if form.is_valid():
        describe(label=f"{heading}: {model or form.instance}"[:200])
        with transaction.atomic():
            if (is_saved := form.try_save()) and saved is not None:
                saved(form.instance)
        if is_saved:
            messages.success(request, "Đã lưu.")
            tell_oddities(request, form.instance)
            return redirect(back)
    return form_page(request, form, heading, back=back, model=model, **context)


def form_page(request, form, heading, *, back, model=None, **context):
    """The page of a form; 422 after a refusal."""
    context = {"form": form, "heading": heading, "back": back, "model": model, "button": "Lưu", **context}
    context.setdefault("icon", "check-lg")
    context.setdefault("help", "")
    context.setdefault("remove_url", "")
    context.setdefault("remove_label", "Xóa")
    return render(request, "models_registry/form.html", context, status=200 if request.method == "GET" else 422)
