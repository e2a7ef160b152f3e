"""Entering and editing units."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from movement_portal.jurisdictions.enums import COMMUNE_KINDS
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.dates import today
from units import workflow
from units.duplicates import duplicates_of, typed_unit
from units.enums import UnitKind
from units.forms.units import UnitForm
from units.models import Unit
from units.sizes import size_warning
from units.views.profile import unit_or_404
from units.views.saving import made_once

KIND_ICONS = {UnitKind.AGENCY: "bank", UnitKind.ENTERPRISE: "building", UnitKind.SCHOOL: "mortarboard"}


@require_http_methods(["GET", "POST"])
@permission_required("units.add_unit", raise_exception=True)
@made_once(Unit)
def unit_add(request):
    """The kind first, then the form of that kind; sent twice it makes one unit."""
    kind = request.POST.get("kind") or request.GET.get("khoi", "")
    if kind not in UnitKind.values:
        return render(request, "units/unit_kind.html", {"kinds": _kinds("")})
    form = UnitForm(request.POST or None, kind=kind, user=request.user, initial=_first_values(request))
    duplicates = None
    if request.method == "POST":
        # Also of a form that cannot be saved: a code that another unit has makes it so.
        duplicates = duplicates_of(typed_unit(request.POST, request.user), by=request.user)
    if form.is_valid() and (not duplicates or form.cleaned_data["is_another"]):
        return _enter(request, form, kind)
    context = {"form": form, "kind": UnitKind(kind), "kinds": _kinds(kind), "duplicates": duplicates}
    return render(request, "units/unit_add.html", context, status=200 if request.method == "GET" else 422)


@require_http_methods(["GET", "POST"])
@permission_required("units.change_unit", raise_exception=True)
def unit_edit(request, code):
    """Edit a unit; another kind chosen on top shows the fields of that kind."""
    unit = unit_or_404(request, code)
    kind = request.POST.get("kind") or request.GET.get("khoi", "")
    kind = kind if kind in UnitKind.values else unit.kind
    form = UnitForm(request.POST or None, instance=unit, kind=kind, user=request.user)
    if form.is_valid() and form.try_save():
        _warn_of_size(request, form.instance)
        messages.success(request, f"Đã lưu “{form.instance.name}”.")
        return redirect(form.instance)
    context = {"form": form, "unit": Unit.objects.get(pk=unit.pk), "kind": UnitKind(kind), "kinds": _kinds(kind)}
    return render(request, "units/unit_edit.html", context, status=200 if request.method == "GET" else 422)


def _enter(request, form, kind):
    with transaction.atomic():
        form.save(commit=False)
        workflow.register([form.instance], by=request.user)
    unit = form.instance
    messages.success(request, f"Đã thêm “{unit.name}”, mã {unit.code}.")
    _warn_of_size(request, unit)
    if "next" in request.POST:
        again = QueryDict(mutable=True)
        again.update({"khoi": kind, "dia-ban": unit.jurisdiction_id})
        return redirect(f"{reverse('units:unit_add')}?{again.urlencode()}")
    return redirect(unit)


def _first_values(request):
    """The area of the last unit entered, or the officer's own where that is a commune."""
    area = None
    wanted = request.GET.get("dia-ban", "")
    if wanted.isascii() and wanted.isdecimal():
        area = Jurisdiction.objects.visible_to(request.user).filter(pk=wanted).first()
    if area is None and request.user.jurisdiction.kind in COMMUNE_KINDS:
        area = request.user.jurisdiction
    return {"jurisdiction": area}


def _kinds(current):
    return [(kind, KIND_ICONS[kind], kind.value == current) for kind in UnitKind]


def _warn_of_size(request, unit):
    if warning := size_warning(unit, today()):
        messages.warning(request, warning)
