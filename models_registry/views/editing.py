"""Entering, editing and copying models, and the steps of their life."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from models_registry import workflow
from models_registry.forms.sites import ReplicateForm, SelfManagedModelForm, StepCorrectionForm, StepForm
from models_registry.models import ModelStep, SelfManagedModel
from models_registry.profile import STEP_ICONS
from models_registry.views.saving import form_page, model_or_404, own_model_or_404, own_row_or_404
from movement_portal.audit.recording import describe
from movement_portal.lib.changes import StaleRecord
from movement_portal.lib.numbers import written
from units.models import Unit
from units.views.saving import made_once, tell_left_out, tell_oddities


@require_http_methods(["GET", "POST"])
@permission_required("models_registry.add_selfmanagedmodel", raise_exception=True)
@made_once(SelfManagedModel)
def model_add(request):
    """A new model, with who takes part; sent twice it is entered once."""
    form = SelfManagedModelForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        source=_source(request),
        lead_unit=_unit(request),
    )
    if form.is_valid():
        describe(label=f"Thêm mô hình: {form.instance.name}"[:200])
        try:
            with transaction.atomic():
                model = form.enter()
        except workflow.TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã thêm mô hình “{model.name}”.")
            tell_oddities(request, model)
            tell_left_out(request, form)
            return redirect(model)
    return form_page(request, form, "Thêm mô hình", back=reverse("models:model_list"))


def _source(request):
    """The model that an address says is copied, within reach."""
    code = request.GET.get("tu", "")
    return SelfManagedModel.objects.visible_to(request.user).filter(code=code).first() if code else None


def _unit(request):
    """The unit that an address names as leading, within reach."""
    code = request.GET.get("don-vi", "")
    return Unit.objects.visible_to(request.user).filter(code=code).first() if code else None


@require_http_methods(["GET", "POST"])
@permission_required("models_registry.change_selfmanagedmodel", raise_exception=True)
def model_edit(request, pk):
    model = own_model_or_404(request, pk)
    form = SelfManagedModelForm(request.POST or None, request.FILES or None, instance=model, user=request.user)
    if form.is_valid():
        describe(label=f"Sửa mô hình: {form.instance.name}"[:200])
        if form.try_save():
            messages.success(request, f"Đã lưu “{form.instance.name}”.")
            tell_oddities(request, form.instance)
            return redirect(form.instance)
    stored = SelfManagedModel.objects.get(pk=model.pk)
    return form_page(request, form, "Sửa mô hình", back=stored.get_absolute_url(), model=stored)


@require_http_methods(["GET", "POST"])
@permission_required(workflow.CHANGE_STATUS, raise_exception=True)
def model_step(request, pk, name):
    model = own_model_or_404(request, pk)
    step = workflow.TRANSITIONS.get(name)
    if step is None:
        raise Http404
    if request.method == "GET" and step not in workflow.steps_for(model, request.user):
        messages.warning(request, f"Mô hình đang ở tình trạng “{model.get_status_display()}”.")
        return redirect(model)
    form = StepForm(request.POST or None, step=step, model=model, user=request.user)
    if form.is_valid():
        cleaned = form.cleaned_data
        into = cleaned.get("into")
        try:
            workflow.perform(
                step,
                model.pk,
                by=request.user,
                on=cleaned["effective_on"],
                reason=cleaned["reason"],
                decision_number=cleaned["decision_number"],
                decision_on=cleaned["decision_on"],
                into_id=into.pk if into else None,
            )
        except workflow.TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã ghi “{step.label}” cho “{model.name}”.")
            return redirect(model)
    context = {"help": step.help, "button": step.label, "icon": STEP_ICONS[step.name]}
    return form_page(request, form, step.label, back=model.get_absolute_url(), model=model, **context)


@require_http_methods(["GET", "POST"])
@permission_required(workflow.CHANGE_STATUS, raise_exception=True)
def modelstep_edit(request, modelstep_id):
    """The day, decision and reason of a step that was written down wrong."""
    step = own_row_or_404(request, ModelStep, modelstep_id)
    model = step.model
    form = StepCorrectionForm(request.POST or None, instance=step)
    if form.is_valid():
        try:
            workflow.correct(form.instance, by=request.user)
        except workflow.TransitionError as error:
            form.add_error("effective_on", str(error))
        except StaleRecord:
            form.refuse_stale()
        else:
            messages.success(request, f"Đã sửa bước “{step.get_kind_display()}”.")
            return redirect(model)
    remove_url = reverse("models:modelstep_withdraw", args=[step.pk]) if workflow.may_withdraw(step) else ""
    heading = f"Sửa bước “{step.get_kind_display()}”"
    back = model.get_absolute_url()
    return form_page(request, form, heading, back=back, model=model, remove_url=remove_url, remove_label="Rút bước này")


@require_http_methods(["GET", "POST"])
@permission_required(workflow.CHANGE_STATUS, raise_exception=True)
def modelstep_withdraw(request, modelstep_id):
    """A step that was never taken: asked once more, then taken back."""
    step = own_row_or_404(request, ModelStep, modelstep_id)
    model = step.model
    if request.method == "POST":
        try:
            workflow.withdraw(step, by=request.user)
        except workflow.TransitionError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, f"Đã rút bước “{step.get_kind_display()}”.")
        return redirect(model)
    return render(request, "models_registry/withdraw.html", {"step": step, "model": model})


@require_http_methods(["GET", "POST"])
@permission_required("models_registry.add_selfmanagedmodel", raise_exception=True)
def model_replicate(request, pk):
    """Copies of a running model at many units, by a pasted list."""
    source = model_or_404(request, pk)
    form = ReplicateForm(request.POST or None, model=source, user=request.user)
    if form.is_valid():
        cleaned = form.cleaned_data
        copies = [
            SelfManagedModel(
                kind=source.kind,
                name=source.name,
                lead_unit=unit,
                decision_number=cleaned["decision_number"],
                decision_on=cleaned["decision_on"],
            )
            for unit in cleaned["units"]
        ]
        describe(label=f"Nhân rộng mô hình: {source.name}"[:200])
        try:
            workflow.replicate(
                source, copies, by=request.user, on=cleaned["on"], is_running=cleaned.get("is_running", False)
            )
        except workflow.TransitionError as error:
            form.add_error(None, str(error))
        else:
            there = form.passed_over
            told = f" {written(there)} đơn vị đã có mô hình loại này nên được bỏ qua." if there else ""
            messages.success(request, f"Đã nhân rộng “{source.name}” tới {written(len(copies))} đơn vị.{told}")
            tell_left_out(request, form)
            return redirect(f"{source.get_absolute_url()}#nhan-rong")
    help_text = f"Mỗi đơn vị dưới đây có một mô hình mới “{source.name}”, ghi là nhân rộng từ mô hình này."
    return form_page(
        request,
        form,
        "Nhân rộng",
        back=source.get_absolute_url(),
        model=source,
        help=help_text,
        button="Nhân rộng",
        icon="diagram-3",
    )
