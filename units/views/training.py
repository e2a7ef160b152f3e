"""Courses and certificates: lists, pages, guards put in at once, results, certificates, units long untrained."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from movement_portal.audit.timeline import timeline_of
from movement_portal.jurisdictions.models import PoliceOffice
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import fold
from units import training
from units.enums import TrainingResult
from units.forms.fields import UnitField
from units.forms.training import IssueForm, PasteForm, ResultForm, TrainingCertificateForm, TrainingCourseForm
from units.models import Guard, TrainingAttendance, TrainingCertificate, TrainingCourse, Unit
from units.sheets.forces import ATTENDANCES
from units.tables.forces import CERTIFICATES, COURSES, serving_guards
from units.tables.untrained import UNTRAINED
from units.views.record_lists import export, list_page
from units.views.saving import made_once, show_form
from units.views.teams import force_crumbs, save_page, tabs

#: Offices suggested at a time.
SUGGESTIONS = 12


# -- courses -----------------------------------------------------------------------------------------------------------
@require_GET
@vary_on_headers("HX-Request")
def course_list(request):
    return list_page(request, COURSES, tabs=tabs(request.user, COURSES.list_url))


@require_GET
def course_export(request, form):
    return export(request, COURSES, form)


def course_or_404(request, pk):
    courses = TrainingCourse.objects.visible_to(request.user).select_related("jurisdiction")
    return get_object_or_404(courses, pk=pk)


def own_course_or_404(request, pk):
    """A course that the officer may change: of their own area, not one that a guard of theirs merely attended."""
    return get_object_or_404(TrainingCourse.objects.editable_by(request.user).select_related("jurisdiction"), pk=pk)


@require_GET
@permission_required("units.view_trainingcourse", raise_exception=True)
def course_detail(request, pk):
    course, user = course_or_404(request, pk), request.user
    attendances = (
        TrainingAttendance.objects.visible_to(user)
        .filter(course=course)
        .select_related("guard__unit")
        .order_by("guard__given_sort", "id")
    )
    is_own = covers(user.jurisdiction, course.jurisdiction)
    numbers = dict(TrainingCertificate.objects.visible_to(user).filter(course=course).values_list("guard_id", "number"))
    rows = [(attendance, numbers.get(attendance.guard_id, "")) for attendance in attendances]
    counts = {label: sum(row.result == value for row, _ in rows) for value, label in TrainingResult.choices}
    context = {
        "course": course,
        "rows": rows,
        "unit_count": len({row.guard.unit_id for row, _ in rows}),
        "counts": counts,
        "results": TrainingResult.choices,
        "can_change": is_own and user.has_perm("units.change_trainingcourse"),
        "can_enrol": is_own and user.has_perm("units.add_trainingattendance"),
        "can_judge": is_own and user.has_perm("units.change_trainingattendance") and bool(rows),
        "can_issue": is_own
        and user.has_perm("units.add_trainingcertificate")
        and any(row.result == TrainingResult.PASSED and not number for row, number in rows),
        "timeline": timeline_of(course, user),
    }
    return render(request, "units/course_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("units.add_trainingcourse", raise_exception=True)
@made_once(TrainingCourse)
def course_add(request):
    form = TrainingCourseForm(request.POST or None, user=request.user)
    return save_page(request, form, "Thêm lớp huấn luyện", reverse("forces:course_list"))


@require_http_methods(["GET", "POST"])
@permission_required("units.change_trainingcourse", raise_exception=True)
def course_edit(request, pk):
    course = own_course_or_404(request, pk)
    form = TrainingCourseForm(request.POST or None, instance=course, user=request.user)
    return save_page(request, form, "Sửa lớp huấn luyện", course.get_absolute_url())


@require_http_methods(["GET", "POST"])
@permission_required("units.add_trainingattendance", raise_exception=True)
def course_fill(request, pk):
    """Guards into a course: those of a unit ticked, or names pasted and looked up; then all of them at once."""
    course = own_course_or_404(request, pk)
    if request.method == "POST" and "guard" in request.POST:
        added = training.enrol(course.pk, _keys(request, "guard"), by=request.user)
        messages.success(request, f"Đã ghi thêm {added} người vào lớp.")
        return redirect(course)
    form, lines = PasteForm(), None
    if "names" in request.POST:
        form = PasteForm(request.POST)
        if form.is_valid():
            try:
                lines = training.guards_named(form.cleaned_data["names"], by=request.user)
            except training.TrainingProblem as problem:
                form.add_error("names", str(problem))
    unit = _unit_of_box(request)
    there = set(TrainingAttendance.objects.filter(course=course).values_list("guard_id", flat=True))
    context = {
        "course": course,
        "form": form,
        "unit_box": _unit_box(),
        "unit": unit,
        "guards": [(guard, guard.pk in there) for guard in serving_guards(unit)] if unit else None,
        "lines": lines,
        "found_count": sum(len(line.guards) == 1 for line in lines or ()),
        "import_sheet": ATTENDANCES.name if ATTENDANCES.may_import(request.user) else "",
    }
    status = 422 if form.errors else 200
    return render(request, "units/course_fill.html", context, status=status)


def _unit_box():
    """The box that finds a unit while one types."""
    return UnitField().widget.render("don-vi", "", {"id": "id_unit", "class": "form-control"})


def _unit_of_box(request):
    """The unit named in the box: by its code at the front of the suggestion."""
    code = request.GET.get("don-vi", "").partition(" ")[0]
    return Unit.objects.visible_to(request.user).filter(code=code).first() if code else None


def _keys(request, name):
    return [int(value) for value in request.POST.getlist(name) if value.isascii() and value.isdecimal()]


@require_POST
def course_judge(request, pk):
    """The result of the guards ticked, or taking them out."""
    course = own_course_or_404(request, pk)
    keys = _keys(request, "attendance")
    if request.POST.get("result") == "remove":
        count = training.remove(course.pk, keys, by=request.user)
        messages.success(request, f"Đã đưa {count} người ra khỏi lớp.")
        return redirect(course)
    form = ResultForm(request.POST)
    if not form.is_valid():
        raise Http404
    result = TrainingResult(form.cleaned_data["result"])
    count = training.set_results(course.pk, keys, result, by=request.user)
    messages.success(request, f"Đã ghi “{result.label}” cho {count} người.")
    return redirect(course)


@require_http_methods(["GET", "POST"])
@permission_required("units.add_trainingcertificate", raise_exception=True)
def course_issue(request, pk):
    course = own_course_or_404(request, pk)
    form = IssueForm(request.POST or None, initial={"issuer": course.organiser, "issued_on": course.ended_on})
    if form.is_valid():
        try:
            with transaction.atomic():
                count = training.issue_certificates(course.pk, **form.cleaned_data, by=request.user)
        except training.TrainingProblem as problem:
            form.add_error("issued_on", str(problem))
        except IntegrityError:
            form.add_error("first_number", "Có người đã mang giấy chứng nhận số này: chọn số khác.")
        else:
            messages.success(request, f"Đã cấp {count} giấy chứng nhận.")
            return redirect(course)
    page = {"heading": f"Cấp giấy chứng nhận: {course.name}", "back": course.get_absolute_url()}
    return show_form(request, form, **page, crumbs=force_crumbs(), button="Cấp cho người đạt")


# -- certificates ------------------------------------------------------------------------------------------------------
@require_GET
@vary_on_headers("HX-Request")
def certificate_list(request):
    search = [("Tra theo số định danh", reverse("forces:guard_number_search"), "search")]
    actions = search if request.user.has_perm("units.view_guard") else ()
    return list_page(request, CERTIFICATES, actions=actions, tabs=tabs(request.user, CERTIFICATES.list_url))


@require_GET
def certificate_export(request, form):
    return export(request, CERTIFICATES, form)


@require_http_methods(["GET", "POST"])
@permission_required("units.add_trainingcertificate", raise_exception=True)
def certificate_add(request, guard_id):
    guard = get_object_or_404(Guard.objects.visible_to(request.user), pk=guard_id)
    form = TrainingCertificateForm(request.POST or None, guard=guard)
    return save_page(request, form, f"Thêm giấy chứng nhận: {guard.name}", guard.get_absolute_url())


@require_http_methods(["GET", "POST"])
@permission_required("units.change_trainingcertificate", raise_exception=True)
def certificate_edit(request, pk):
    rows = TrainingCertificate.objects.visible_to(request.user).select_related("guard")
    row = get_object_or_404(rows, pk=pk)
    form = TrainingCertificateForm(request.POST or None, instance=row, guard=row.guard)
    return save_page(request, form, f"Sửa giấy chứng nhận: {row.guard.name}", row.guard.get_absolute_url())


@require_GET
@permission_required("units.add_trainingcourse", raise_exception=True)
def office_options(request):
    """Police offices within reach whose name holds what is typed; any other name may be typed all the same."""
    folded = fold(request.GET.get(request.GET.get("o", ""), ""))
    offices = PoliceOffice.objects.visible_to(request.user).as_of(today())
    names = offices.filter(search_folded__contains=folded) if folded else offices.none()
    options = [(office.name, office.get_level_display()) for office in names.order_by("name_sort", "id")[:SUGGESTIONS]]
    return render(request, "units/_options.html", {"options": options})


# -- units long untrained ----------------------------------------------------------------------------------------------
@require_GET
@vary_on_headers("HX-Request")
@permission_required("units.view_guard", raise_exception=True)
def untrained_list(request):
    """Units that have guards and trained none of them for months."""
    return list_page(request, UNTRAINED, tabs=tabs(request.user, UNTRAINED.list_url))


@require_GET
@permission_required("units.view_guard", raise_exception=True)
def untrained_export(request, form):
    return export(request, UNTRAINED, form)
