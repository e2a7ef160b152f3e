"""Guards: list, page, forms, the whole number and its readers, one person at two units."""

import contextlib

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import note
from movement_portal.audit.timeline import timeline_of
from movement_portal.persons.citizen_ids import CitizenId, NotANumber, index_of, normal
from movement_portal.persons.fields import fill_index
from movement_portal.persons.forms import ReasonForm
from movement_portal.persons.keys import WrongKey
from movement_portal.persons.models import PersonalRead
from movement_portal.persons.reading import read_number
from units.filters.forces import AT_TWO_UNITS
from units.forms.fields import UnitField
from units.forms.guards import GuardForm, NumberForm
from units.law import cautions_of_guard, rules_on
from units.listing import day_of
from units.models import Guard, TrainingCertificate, Unit
from units.same_person import found_elsewhere, found_here, told_elsewhere, told_here
from units.tables.forces import GUARDS
from units.views.record_lists import export, list_page
from units.views.saving import made_once
from units.views.teams import SHARED, save_page, tabs, unit_asked

#: Readings named on a guard's page.
READS_SHOWN = 20


@require_GET
@vary_on_headers("HX-Request")
def guard_list(request):
    user = request.user
    actions = [("Tra theo số định danh", reverse("forces:guard_number_search"), "search")]
    asks_for_shared = GUARDS.filters(request.GET, user).chosen.get("trung") == AT_TWO_UNITS
    return list_page(request, GUARDS, actions=actions, tabs=tabs(user, SHARED if asks_for_shared else GUARDS.list_url))


@require_GET
def guard_export(request, form):
    return export(request, GUARDS, form)


def guard_or_404(request, pk):
    guards = Guard.objects.visible_to(request.user).select_related("unit__jurisdiction", "team")
    return get_object_or_404(guards, pk=pk)


@require_GET
@permission_required("units.view_guard", raise_exception=True)
def guard_detail(request, pk):
    guard = guard_or_404(request, pk)
    user = request.user
    elsewhere = found_elsewhere(guard, user)
    can_read_reads = user.has_perm("persons.view_personalread")
    reads = PersonalRead.objects.visible_to(user).of(guard) if can_read_reads else PersonalRead.objects.none()
    context = {
        "guard": guard,
        "unit": guard.unit,
        "cautions": cautions_of_guard(guard, rules_on()),
        "elsewhere": elsewhere,
        "certificates": list(guard.certificates.all()),
        "attendances": list(guard.attendances.select_related("course").order_by("-course__started_on", "-id")),
        "can_change": user.has_perm("units.change_guard") and guard.erased_on is None,
        "can_certify": user.has_perm("units.add_trainingcertificate") and guard.erased_on is None,
        "can_reveal": user.has_perm("units.reveal_citizen_id") and guard.citizen_id is not None,
        "can_read_reads": can_read_reads,
        "reads": list(reads[:READS_SHOWN]),
        "timeline": timeline_of(guard, user),
    }
    return render(request, "units/guard_detail.html", context)


@sensitive_post_parameters("citizen_id_typed")
@require_http_methods(["GET", "POST"])
@permission_required("units.add_guard", raise_exception=True)
@made_once(Guard)
def guard_add(request):
    """A new guard; the form sent twice makes one."""
    unit = unit_asked(request)
    form = GuardForm(request.POST or None, user=request.user, unit=unit)

    def again(guard):
        return f"{reverse('forces:guard_add')}?{urlencode({'don-vi': guard.unit.code})}"

    return save_page(request, form, "Thêm người bảo vệ", _back(unit), saved=lambda g: _tell(request, g), again=again)


def _back(unit):
    return unit.get_absolute_url() if unit else reverse("forces:guard_list")


@sensitive_post_parameters("citizen_id_typed")
@require_http_methods(["GET", "POST"])
@permission_required("units.change_guard", raise_exception=True)
def guard_edit(request, pk):
    guard = guard_or_404(request, pk)
    if guard.erased_on is not None:
        messages.info(request, "Dữ liệu cá nhân của người này đã xóa theo thời hạn lưu; hồ sơ chỉ còn để thống kê.")
        return redirect(guard)
    form = GuardForm(request.POST or None, instance=guard, user=request.user)
    return save_page(request, form, "Sửa người bảo vệ", guard.get_absolute_url(), removed_by="forces:guard_delete")


@never_cache
@sensitive_post_parameters("citizen_id_typed")
@require_POST
@permission_required("units.change_guard", raise_exception=True)
def guard_hint(request, pk=None):
    """Who has the number being typed already; nobody is stopped, and the journal knows of it."""
    guard = Guard(role="", kind="") if pk is None else guard_or_404(request, pk)
    try:
        guard.citizen_id = normal(request.POST.get("citizen_id_typed", ""))
    except NotANumber:
        return render(request, "units/_guard_hint.html", {"told": []})
    fill_index(guard)
    guard.started_on, guard.ended_on = (day_of(request.POST.get(name, "")) for name in ("started_on", "ended_on"))
    if pk is None:
        with contextlib.suppress(ValidationError):
            field = UnitField(required=False)
            field.narrow(Unit.objects.visible_to(request.user))
            guard.unit = field.clean(request.POST.get("unit_code", ""))
    note(kind=EventKind.READ, label=f"Tra số định danh {guard.citizen_id.masked} khi ghi người bảo vệ")
    told = [*told_here(found_here(guard, request.user)), *told_elsewhere(found_elsewhere(guard, request.user))]
    return render(request, "units/_guard_hint.html", {"told": told})


def _tell(request, guard):
    """Say what the law and other units have to do with a guard just saved, where the page that says it is left out."""
    if "next" not in request.POST:
        return
    for caution in cautions_of_guard(guard, rules_on()):
        messages.warning(request, str(caution))
    for told in told_elsewhere(found_elsewhere(guard, request.user)):
        messages.warning(request, told)


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required("units.reveal_citizen_id", raise_exception=True)
def guard_number(request, pk):
    """The whole number, for a reason that is written down first; it stands on this answer and nowhere else."""
    guard = guard_or_404(request, pk)
    if guard.citizen_id is None:
        messages.info(request, "Người này chưa có số định danh trong sổ.")
        return redirect(guard)
    form = ReasonForm(request.POST or None)
    number = ""
    if form.is_valid():
        try:
            number = read_number(guard, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as problem:
            form.add_error("reason", problem)
        except WrongKey as problem:
            form.add_error(None, str(problem))
    context = {"guard": guard, "unit": guard.unit, "form": form, "number": number}
    status = 200 if number or request.method == "GET" else 422
    return render(request, "units/guard_number.html", context, status=status)


@never_cache
@sensitive_post_parameters("number")
@require_http_methods(["GET", "POST"])
@permission_required("units.view_guard", raise_exception=True)
def guard_number_search(request):
    """Who has or had a number, and the certificates: within reach; of others only that there is one."""
    form = NumberForm(request.POST or None)
    context = {"form": form, "asked": "", "guards": [], "certificates": [], "is_elsewhere": False}
    if form.is_valid():
        number = CitizenId.of(form.cleaned_data["number"])
        note(kind=EventKind.READ, label=f"Tra số định danh {number.masked}")
        holders = Guard.objects.filter(citizen_id_index=index_of(number.clear))
        guards = list(
            Guard.objects.visible_to(request.user)
            .filter(pk__in=holders.values("pk"))
            .select_related("unit__jurisdiction__parent")
            .order_by("given_sort", "id")
        )
        keys = [guard.pk for guard in guards]
        is_elsewhere = holders.exclude(pk__in=keys).exists()
        certificates = TrainingCertificate.objects.none()
        if request.user.has_perm("units.view_trainingcertificate"):
            certificates = TrainingCertificate.objects.visible_to(request.user).filter(guard__in=keys)
        context |= {
            "form": NumberForm(),
            "asked": number.masked,
            "guards": guards,
            "certificates": list(certificates.select_related("guard__unit")),
            "is_elsewhere": is_elsewhere,
        }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "units/guard_number_search.html", context, status=status)
