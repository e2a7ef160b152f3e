"""Courses and certificates: lists, pages, guards put in at once, results, certificates, units long untrained."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
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
from movement_portal.lib.numbers import written
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.exporting import FORM_LABELS, send
from units import training
from units.enums import TrainingResult
from units.filters.forces import CERTIFICATE_OPTIONS, GuardFilters
from units.forms.fields import UnitField
from units.forms.training import IssueForm, PasteForm, ResultForm, TrainingCertificateForm, TrainingCourseForm
from units.models import Guard, TrainingAttendance, TrainingCertificate, TrainingCourse, Unit
from units.pasted_guards import TooManyLines, guards_named
from units.sheets.forces import ATTENDANCES
from units.tables.course_people import course_links, course_listing
from units.tables.forces import CERTIFICATES, COURSES, serving_guards
from units.tables.untrained import UNTRAINED
from units.views.record_lists import export, list_page
from units.views.saving import made_once, show_form
from units.views.teams import save_page, tabs

#: Offices suggested at a time.
SUGGESTIONS = 12
#: Guards shown at a time to be picked by their certificates, and by what.
DUE_SHOWN = 300
DUE_OPTIONS = tuple(option for option in CERTIFICATE_OPTIONS if option[0] != "con")
NOBODY_TICKED = "Chưa chọn người nào: đánh dấu vào ô trước tên rồi bấm lại."


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
        "can_export": bool(rows) and user.has_perm(COURSES.export_permission),
        "exports": course_links(
            *(reverse("forces:course_people", kwargs={"pk": course.pk, "form": form}) for form in FORM_LABELS)
        ),
        "timeline": timeline_of(course, user),
    }
    return render(request, "units/course_detail.html", context)


@require_GET
@permission_required(["units.view_trainingcourse", COURSES.export_permission], raise_exception=True)
def course_people(request, pk, form):
    """The people of the course as a file."""
    return send(course_listing(course_or_404(request, pk), request.user), form=form, officer=request.user)


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
    return save_page(request, form, "Sửa lớp huấn luyện", course.get_absolute_url(), removed_by="forces:course_delete")


@require_http_methods(["GET", "POST"])
@permission_required("units.add_trainingattendance", raise_exception=True)
def course_fill(request, pk):
    """Guards into a course: those of a unit ticked, or names pasted and looked up; then all of them at once."""
    course = own_course_or_404(request, pk)
    form, lines = PasteForm(), None
    if request.method == "POST" and not {"guard", "asked", "left"}.isdisjoint(request.POST):
        keys, left = _chosen(request)
        added = training.enrol(course.pk, keys, by=request.user) if keys else 0
        if added:
            messages.success(request, f"Đã ghi thêm {written(added)} người vào lớp.")
        else:
            messages.info(request, "Không ghi thêm ai: không chọn người nào ngoài những người đã có trong lớp.")
        if not left:
            return redirect(course)
        # What was not found stays in the box: nothing has to be looked up in the office's list again.
        messages.warning(request, f"Còn {written(len(left))} dòng chưa ghi được, giữ lại ở ô “Dán tên”.")
        form = PasteForm(initial={"names": "\n".join(left)})
    elif request.method == "POST":
        if "names" not in request.POST:
            messages.warning(request, NOBODY_TICKED)
            return redirect(request.get_full_path())
        form = PasteForm(request.POST)
        if form.is_valid():
            try:
                # Also those who were at work when the course was held, and left since.
                lines = guards_named(form.cleaned_data["names"], by=request.user, since=course.started_on)
            except TooManyLines as problem:
                form.add_error("names", str(problem))
    unit, problem = _unit_of_box(request)
    there = set(TrainingAttendance.objects.filter(course=course).values_list("guard_id", flat=True))
    context = {
        "course": course,
        "form": form,
        "unit_box": _unit_box(unit or request.GET.get("don-vi", "")),
        "unit_problem": problem,
        "unit": unit,
        "due": _due(request, course),
        "guards": [(guard, guard.pk in there) for guard in serving_guards(unit)] if unit else None,
        "import_sheet": ATTENDANCES.name if ATTENDANCES.may_import(request.user) else "",
        "there": there,
        **_sorted_lines(lines),
    }
    return render(request, "units/course_fill.html", context, status=422 if form.errors or problem else 200)


def _due(request, course):
    """Guards by the certificate they lack or that ends, in the area asked for and not in the course yet."""
    filters = GuardFilters(request.GET, request.user)
    wanted = filters.chosen.get("chung_nhan", "")
    found = filters.picked.exclude(attendances__course=course) if wanted else Guard.objects.none()
    guards = found.select_related("unit__jurisdiction").order_by("unit__name_sort", "given_sort", "id")
    shown = list(guards[:DUE_SHOWN])
    return {
        "options": [("", "Chọn…", not wanted), *((value, label, value == wanted) for value, label in DUE_OPTIONS)],
        "areas": filters.area_options,
        "is_asked": bool(wanted),
        "guards": shown,
        "count": found.count() if len(shown) == DUE_SHOWN else len(shown),
    }


def _chosen(request):
    """The guards ticked, and the lines for which nobody was: “asked” names its line, then the guard."""
    asked = [value.partition("-")[::2] for value in request.POST.getlist("asked")]
    asked = [(line, key) for line, key in asked if _is_key(line) and _is_key(key)]
    answered = {int(line) for line, _ in asked}
    lines = enumerate(request.POST.get("left", "").splitlines())
    left = [text for place, text in lines if text.strip() and place not in answered]
    return [*_keys(request, "guard"), *(int(key) for _, key in asked)], left


def _sorted_lines(lines):
    """The lines as the page shows them: those the officer has to see to first."""
    if lines is None:
        return {"lines": None}
    asked = [line for line in lines if line.guards and not line.is_sure]
    unknown = [line for line in lines if not line.guards]
    sure = [line for line in lines if line.is_sure]
    return {
        "lines": [*asked, *unknown, *sure],
        "found_count": len(sure),
        "asked_count": len(asked),
        "unknown_count": len(unknown),
        "left": "\n".join(line.text for line in [*asked, *unknown]),
    }


def _unit_box(value):
    """The box that finds a unit while one types."""
    field = UnitField()
    return field.widget.render("don-vi", field.prepare_value(value), {"id": "id_unit", "class": "form-control"})


def _unit_of_box(request):
    """The unit named in the box, and why there is none where something else was typed."""
    field = UnitField(required=False)
    field.narrow(Unit.objects.visible_to(request.user))
    try:
        return field.clean(request.GET.get("don-vi", "")), ""
    except ValidationError as problem:
        return None, problem.messages[0]


def _keys(request, name):
    return [int(value) for value in request.POST.getlist(name) if _is_key(value)]


def _is_key(text):
    """Whether a text is a number that a key can be."""
    return text.isascii() and text.isdecimal() and len(text) < 19


@require_POST
def course_judge(request, pk):
    """The result of the guards ticked, or taking them out once that was confirmed."""
    course = own_course_or_404(request, pk)
    keys = _keys(request, "attendance")
    if not request.user.has_perm("units.change_trainingattendance"):
        raise PermissionDenied
    if not keys:
        messages.warning(request, NOBODY_TICKED)
        return redirect(course)
    if request.POST.get("result") == "remove":
        return _remove(request, course, keys)
    form = ResultForm(request.POST)
    if not form.is_valid():
        raise Http404
    result = TrainingResult(form.cleaned_data["result"])
    done = training.set_results(course.pk, keys, result, by=request.user)
    _tell(request, f"Đã ghi “{result.label}” cho {done.count} người.", done)
    return redirect(course)


def _remove(request, course, keys):
    """Guards out of a course, with their results: asked once more."""
    if not request.user.has_perm("units.delete_trainingattendance"):
        raise PermissionDenied
    if "sure" not in request.POST:
        rows = TrainingAttendance.objects.visible_to(request.user).filter(course=course, pk__in=keys)
        context = {
            "course": course,
            "rows": list(rows.select_related("guard__unit").order_by("guard__given_sort", "id")),
        }
        return render(request, "units/course_remove.html", context)
    done = training.remove(course.pk, keys, by=request.user)
    _tell(request, f"Đã đưa {done.count} người ra khỏi lớp.", done)
    return redirect(course)


def _tell(request, text, done):
    if done.count or not done.held:
        messages.success(request, text)
    if done.held:
        messages.warning(
            request,
            f"{done.held} người đã có giấy chứng nhận của lớp nên giữ nguyên: ghi ngày thu hồi giấy trước.",
        )


@require_http_methods(["GET", "POST"])
@permission_required("units.add_trainingcertificate", raise_exception=True)
def course_issue(request, pk):
    course, user = own_course_or_404(request, pk), request.user
    waiting = training.awaiting_certificate(course, by=user).count()
    if not waiting:
        messages.info(request, "Mọi người đạt của lớp đều đã có giấy chứng nhận.")
        return redirect(course)
    day = min(course.ended_on, today())
    first, pattern = training.next_number(course.organiser, day, by=user)
    start = {"issuer": course.organiser, "issued_on": day, "first_number": first, "pattern": pattern}
    form = IssueForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            with transaction.atomic():
                count = training.issue_certificates(course.pk, **form.cleaned_data, by=user)
        except training.NumberUsed as problem:
            form.add_error("first_number", str(problem))
        except training.TrainingProblem as problem:
            form.add_error("issued_on", str(problem))
        except IntegrityError:
            form.add_error("first_number", "Có người đã mang giấy chứng nhận số này: chọn số khác.")
        else:
            messages.success(request, f"Đã cấp {count} giấy chứng nhận.")
            return redirect(course)
    page = {"heading": f"Cấp giấy chứng nhận: {course.name}", "back": course.get_absolute_url()}
    note = (
        f"{written(waiting)} người đạt chưa có giấy của lớp; số chạy liên tiếp theo thứ tự tên, giấy cũ được thu hồi."
    )
    crumbs = [("Lớp huấn luyện", reverse("forces:course_list"))]
    return show_form(request, form, **page, crumbs=crumbs, button=f"Cấp {written(waiting)} giấy", note=note)


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
    back = row.guard.get_absolute_url()
    return save_page(
        request, form, f"Sửa giấy chứng nhận: {row.guard.name}", back, removed_by="forces:certificate_delete"
    )


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
