"""Rows of a model on their own pages: who joins, groups, strength, activities, ratings, recognitions; kinds."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from models_registry import workflow
from models_registry.enums import ModelStatus
from models_registry.forms.records import (
    JoinForm,
    ModelGroupForm,
    ModelKindForm,
    ModelLogEntryForm,
    ModelMemberForm,
    ModelRatingForm,
    ModelRecognitionForm,
    ModelStrengthForm,
)
from models_registry.members import Body, join
from models_registry.models import (
    ModelGroup,
    ModelKind,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelRecognition,
    ModelStrength,
    SelfManagedModel,
)
from models_registry.tables import MODELS
from models_registry.views.saving import form_page, own_model_or_404, own_row_or_404, save_page
from movement_portal.audit.recording import describe
from movement_portal.audit.timeline import timeline_of
from movement_portal.lib.numbers import written
from units.views.saving import tell_left_out


@dataclass(frozen=True)
class Rows:
    """One kind of rows of a model: its form, its words, its place on the model's page."""

    rows: type
    form: type
    adding: str
    editing: str
    section: str
    remove_url: str

    def right(self, verb):
        return f"models_registry.{verb}_{self.rows._meta.model_name}"

    def back(self, model):
        return f"{model.get_absolute_url()}#{self.section}"


MEMBERS = Rows(ModelMember, ModelMemberForm, "", "Sửa việc tham gia", "cung-tham-gia", "models:modelmember_remove")
GROUPS = Rows(ModelGroup, ModelGroupForm, "Thêm tổ", "Sửa tổ", "luc-luong", "models:modelgroup_remove")
STRENGTHS = Rows(
    ModelStrength,
    ModelStrengthForm,
    "Ghi số tổ, số thành viên",
    "Sửa số tổ, số thành viên",
    "luc-luong",
    "models:modelstrength_remove",
)
ENTRIES = Rows(
    ModelLogEntry, ModelLogEntryForm, "Ghi hoạt động", "Sửa hoạt động", "hoat-dong", "models:modellogentry_remove"
)
RATINGS = Rows(ModelRating, ModelRatingForm, "Xếp loại năm", "Sửa xếp loại", "xep-loai", "models:modelrating_remove")
RECOGNITIONS = Rows(
    ModelRecognition,
    ModelRecognitionForm,
    "Ghi công nhận điển hình",
    "Sửa công nhận điển hình",
    "dien-hinh",
    "models:modelrecognition_remove",
)


def _saved(row):
    if isinstance(row, ModelLogEntry):
        workflow.log_changed([row.model_id])


def _add(request, model_id, kind: Rows):
    if not request.user.has_perm(kind.right("add")):
        raise PermissionDenied
    model = own_model_or_404(request, model_id)
    form = kind.form(request.POST or None, model=model, user=request.user)
    return save_page(request, form, kind.adding, back=kind.back(model), model=model, saved=_saved)


def _edit(request, pk, kind: Rows):
    if not request.user.has_perm(kind.right("change")):
        raise PermissionDenied
    row = own_row_or_404(request, kind.rows, pk)
    form = kind.form(request.POST or None, instance=row, model=row.model, user=request.user)
    may_remove = request.user.has_perm(kind.right("delete"))
    remove_url = reverse(kind.remove_url, args=[row.pk]) if may_remove else ""
    return save_page(
        request, form, kind.editing, back=kind.back(row.model), model=row.model, saved=_saved, remove_url=remove_url
    )


def _remove(request, pk, kind: Rows):
    if not request.user.has_perm(kind.right("delete")):
        raise PermissionDenied
    row = own_row_or_404(request, kind.rows, pk)
    model = row.model
    if request.method == "POST":
        describe(label=f"Xóa {row._meta.verbose_name}: {model.name}"[:200])
        with transaction.atomic():
            row.delete()
            _saved(row)
        messages.success(request, "Đã xóa. Lịch sử của mô hình vẫn giữ dòng này.")
        return redirect(kind.back(model))
    context = {"row": row, "what": row._meta.verbose_name, "model": model, "back": kind.back(model)}
    return render(request, "models_registry/remove.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("models_registry.add_modelmember", raise_exception=True)
def modelmember_add(request, model_id):
    """Units and a body that join, many at once."""
    model = own_model_or_404(request, model_id)
    form = JoinForm(request.POST or None, user=request.user, model=model)
    if form.is_valid():
        cleaned = form.cleaned_data
        bodies = [Body(cleaned["body"], cleaned["jurisdiction"])] if cleaned["body"] else []
        describe(label=f"Thêm đơn vị tham gia: {model.name}"[:200])
        count = join(model, units=cleaned["units"], bodies=bodies, role=cleaned["role"], since=cleaned["valid_from"])
        messages.success(request, f"Đã thêm {written(count)} đơn vị, cơ quan; nơi đã tham gia thì giữ nguyên.")
        tell_left_out(request, form)
        return redirect(MEMBERS.back(model))
    heading = "Thêm đơn vị, cơ quan tham gia"
    return form_page(request, form, heading, back=MEMBERS.back(model), model=model, button="Thêm", icon="plus-lg")


@require_http_methods(["GET", "POST"])
def modelmember_edit(request, modelmember_id):
    return _edit(request, modelmember_id, MEMBERS)


@require_http_methods(["GET", "POST"])
def modelmember_remove(request, modelmember_id):
    return _remove(request, modelmember_id, MEMBERS)


@require_http_methods(["GET", "POST"])
def modelgroup_add(request, model_id):
    return _add(request, model_id, GROUPS)


@require_http_methods(["GET", "POST"])
def modelgroup_edit(request, modelgroup_id):
    return _edit(request, modelgroup_id, GROUPS)


@require_http_methods(["GET", "POST"])
def modelgroup_remove(request, modelgroup_id):
    return _remove(request, modelgroup_id, GROUPS)


@require_http_methods(["GET", "POST"])
def modelstrength_add(request, model_id):
    return _add(request, model_id, STRENGTHS)


@require_http_methods(["GET", "POST"])
def modelstrength_edit(request, modelstrength_id):
    return _edit(request, modelstrength_id, STRENGTHS)


@require_http_methods(["GET", "POST"])
def modelstrength_remove(request, modelstrength_id):
    return _remove(request, modelstrength_id, STRENGTHS)


@require_http_methods(["GET", "POST"])
def modellogentry_add(request, model_id):
    return _add(request, model_id, ENTRIES)


@require_http_methods(["GET", "POST"])
def modellogentry_edit(request, modellogentry_id):
    return _edit(request, modellogentry_id, ENTRIES)


@require_http_methods(["GET", "POST"])
def modellogentry_remove(request, modellogentry_id):
    return _remove(request, modellogentry_id, ENTRIES)


@require_http_methods(["GET", "POST"])
def modelrating_add(request, model_id):
    return _add(request, model_id, RATINGS)


@require_http_methods(["GET", "POST"])
def modelrating_edit(request, modelrating_id):
    return _edit(request, modelrating_id, RATINGS)


@require_http_methods(["GET", "POST"])
def modelrating_remove(request, modelrating_id):
    return _remove(request, modelrating_id, RATINGS)


@require_http_methods(["GET", "POST"])
def modelrecognition_add(request, model_id):
    return _add(request, model_id, RECOGNITIONS)


@require_http_methods(["GET", "POST"])
def modelrecognition_edit(request, modelrecognition_id):
    return _edit(request, modelrecognition_id, RECOGNITIONS)


@require_http_methods(["GET", "POST"])
def modelrecognition_remove(request, modelrecognition_id):
    return _remove(request, modelrecognition_id, RECOGNITIONS)


# -- kinds -------------------------------------------------------------------------------------------------------------
def kind_or_404(request, pk):
    kinds = ModelKind.objects.visible_to(request.user).select_related("legal_document")
    return get_object_or_404(kinds, pk=pk)


@require_GET
@permission_required("models_registry.view_modelkind", raise_exception=True)
def kind_detail(request, modelkind_id):
    kind = kind_or_404(request, modelkind_id)
    sites = SelfManagedModel.objects.visible_to(request.user).filter(kind=kind)
    context = {
        "kind": kind,
        "running": sites.filter(status=ModelStatus.ACTIVE).count(),
        "ever": sites.count(),
        "can_change": request.user.has_perm("models_registry.change_modelkind"),
        "sees_models": request.user.has_perm(MODELS.permission),
        "timeline": timeline_of(kind, request.user),
    }
    return render(request, "models_registry/kind_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("models_registry.add_modelkind", raise_exception=True)
def kind_add(request):
    return save_page(
        request, ModelKindForm(request.POST or None), "Thêm loại mô hình", back=reverse("models:kind_list")
    )


@require_http_methods(["GET", "POST"])
@permission_required("models_registry.change_modelkind", raise_exception=True)
def kind_edit(request, modelkind_id):
    kind = kind_or_404(request, modelkind_id)
    back = reverse("models:kind_detail", args=[kind.pk])
    return save_page(request, ModelKindForm(request.POST or None, instance=kind), "Sửa loại mô hình", back=back)
