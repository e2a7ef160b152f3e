"""The page of one unit and what is done from it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from movement_portal.audit.recording import describe
from movement_portal.audit.timeline import timeline_of
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import mid_sentence
from units import workflow
from units.eligibility import explain
from units.enums import UnitKind
from units.forms.records import HeadcountForm, OverrideForm, RelocateForm, StepForm, UnitIdentifierForm
from units.merging.standing import is_absorbed, survivor_of
from units.models import Headcount, Unit, UnitIdentifier
from units.profile.units import STEP_ICONS, actions_for, hints_for
from units.sections import sections_of
from units.sizes import size_warning


def unit_or_404(request, code):
    """The unit of a code within the officer's reach; a record that went into another is no unit any more."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), code=code)
    if is_absorbed(unit):
        raise Http404
    return unit


def redirect_to_survivor(request, code):
    """The way from the address of a record that went into another to the unit that is left; None if it did not."""
    survivor = survivor_of(code, request.user)
    if survivor is None:
        return None
    messages.info(request, f"Hồ sơ mã {code} đã gộp vào đơn vị này.")
    return redirect(survivor)


@require_GET
@permission_required("units.view_unit", raise_exception=True)
def unit_detail(request, code):
    related = ("jurisdiction__parent__parent", "sector", "industrial_park", "governing_body", "merged_into")
    unit = Unit.objects.visible_to(request.user).select_related(*related).filter(code=code).first()
    if unit is None or unit.merged_into_id:
        if found := redirect_to_survivor(request, code):
            return found
        if unit is None:
            raise Http404
    receiver = None
    if unit.merged_into_id:
        receiver = Unit.objects.visible_to(request.user).filter(pk=unit.merged_into_id).first()
    can_change = request.user.has_perm("units.change_unit")
    context = {
        "unit": unit,
        "receiver": receiver,
        "eligibility": explain(unit, today()),
        "hints": hints_for(unit),
        "can_change": can_change,
        "actions": actions_for(unit, request.user),
        "size_warning": size_warning(unit, today()),
        "sections": sections_of(unit, request.user),
        "timeline": timeline_of(unit, request.user),
    }
    return render(request, "units/unit_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("units.change_unit_status", raise_exception=True)
def unit_step(request, code, name):
    unit = unit_or_404(request, code)
    step = workflow.TRANSITIONS.get(name)
    if step is None:
        raise Http404
    if request.method == "GET" and unit.status not in step.sources:
        messages.warning(request, f"Đơn vị đang ở tình trạng “{unit.get_status_display()}”.")
        return redirect(unit)
    form = StepForm(request.POST or None, step=step, unit=unit, user=request.user)
    if form.is_valid():
        into = form.cleaned_data.get("into")
        try:
            workflow.perform(
                step,
                unit.pk,
                by=request.user,
                on=form.cleaned_data["effective_on"],
                reason=form.cleaned_data["reason"],
                into_id=into.pk if into else None,
            )
        except workflow.TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã ghi “{step.label}” cho “{unit.name}”.")
            return redirect(unit)
    context = {"unit": unit, "form": form, "heading": step.label, "help": step.help, "button": step.label}
    return _act_page(request, context | {"button_icon": STEP_ICONS[step.name]})


@require_http_methods(["GET", "POST"])
@permission_required("units.change_unit", raise_exception=True)
def unit_relocate(request, code):
    unit = unit_or_404(request, code)
    form = RelocateForm(request.POST or None, user=request.user)
    if form.is_valid():
        area: Jurisdiction = form.cleaned_data["jurisdiction"]
        try:
            workflow.relocate(
                unit,
                area,
                on=form.cleaned_data["effective_on"],
                by=request.user,
                legal_basis=form.cleaned_data["legal_basis"],
            )
        except workflow.TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã chuyển “{unit.name}” về {area.full_name}.")
            return redirect(unit)
    help_text = f"Hiện ở {unit.jurisdiction.long_name}. Địa bàn cũ được giữ trong lịch sử của đơn vị."
    context = {"unit": unit, "form": form, "heading": "Chuyển địa bàn", "help": help_text, "button": "Chuyển địa bàn"}
    return _act_page(request, context | {"button_icon": "geo-alt"})


@require_http_methods(["GET", "POST"])
@permission_required("units.override_eligibility", raise_exception=True)
def unit_override(request, code):
    unit = unit_or_404(request, code)
    form = OverrideForm(request.POST or None, unit=unit)
    if form.is_valid():
        try:
            workflow.override_eligibility(
                unit,
                OverrideForm.MEANING[form.cleaned_data["conclusion"]],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except workflow.TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã ghi kết luận về đối tượng cho “{unit.name}”.")
            return redirect(unit)
    found = explain(unit, today())
    help_text = f"Hiện nay: {mid_sentence(found.outcome.label)} – {found.reason}."
    heading = "Kết luận về đối tượng"
    context = {"unit": unit, "form": form, "heading": heading, "help": help_text, "button": "Ghi kết luận"}
    return _act_page(request, context | {"button_icon": "patch-question"})


@require_http_methods(["GET", "POST"])
@permission_required("units.add_headcount", raise_exception=True)
def headcount_add(request, code):
    unit = unit_or_404(request, code)
    form = HeadcountForm(request.POST or None, unit=unit, has_learners=unit.kind == UnitKind.SCHOOL)
    return _record_page(request, unit, form, "Thêm số người theo năm", "so-nguoi")


@require_http_methods(["GET", "POST"])
@permission_required("units.change_headcount", raise_exception=True)
def headcount_edit(request, code, year):
    unit = unit_or_404(request, code)
    row = get_object_or_404(Headcount.objects.visible_to(request.user), unit=unit, year=year)
    has_learners = unit.kind == UnitKind.SCHOOL or row.learner_count is not None
    form = HeadcountForm(request.POST or None, instance=row, unit=unit, has_learners=has_learners)
    return _record_page(request, unit, form, f"Sửa số người năm {year}", "so-nguoi")


@require_http_methods(["GET", "POST"])
@permission_required("units.add_unitidentifier", raise_exception=True)
def identifier_add(request, code):
    unit = unit_or_404(request, code)
    form = UnitIdentifierForm(request.POST or None, unit=unit)
    return _record_page(request, unit, form, "Thêm mã khác", "ma-khac")


@require_http_methods(["GET", "POST"])
@permission_required("units.change_unitidentifier", raise_exception=True)
def identifier_edit(request, code, pk):
    unit = unit_or_404(request, code)
    row = get_object_or_404(UnitIdentifier.objects.visible_to(request.user), unit=unit, pk=pk)
    form = UnitIdentifierForm(request.POST or None, instance=row, unit=unit)
    return _record_page(request, unit, form, f"Sửa {row.scheme}", "ma-khac")


def _record_page(request, unit, form, heading, section):
    if form.is_valid():
        describe(label=f"{heading}: {unit.name}")
        if form.try_save():
            messages.success(request, "Đã lưu.")
            return redirect(f"{unit.get_absolute_url()}#{section}")
    context = {"unit": unit, "form": form, "heading": heading, "help": "", "button": "Lưu", "button_icon": "check-lg"}
    return _act_page(request, context)


def _act_page(request, context):
    """The page of one act; asked for by htmx only its form, to open in place."""
    in_place = request.htmx and request.method == "GET"
    template = "units/_act_form.html" if in_place else "units/act.html"
    return render(request, template, context, status=200 if request.method == "GET" else 422)
