"""Activities: list, totals, page, form, a new one after an earlier one, attendances of units, deletion."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from movement_portal.audit.models import Change
from movement_portal.audit.recording import describe
from movement_portal.audit.timeline import Timeline, entries_of, history_url
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib.numbers import written
from movement_portal.lib.paging import KeysetPage, keys_for
from movement_portal.lib.vietnamese import fold, nfc
from units import activities
from units.activity_totals import table_by_kind, unit_count
from units.filters.activities import ActivityFilters
from units.forms.activities import SOURCE, ActivityForm
from units.models import Activity, ActivityUnit, Unit
from units.pasting import LIMIT
from units.tables.activities import ACTIVITIES
from units.views.record_lists import export, in_words, list_page
from units.views.saving import made_once, tell_left_out, tell_oddities
from units.views.teams import unit_asked

#: Units on a page of an activity, and of the table of their attendances.
UNITS_SHOWN, UNITS_COUNTED = 200, 1_000
CHANGES_SHOWN = 20
#: Earlier activities offered for a copy, and those whose words are suggested.
RECENT, SUGGESTING = 12, 300
#: What the list of units sends of the units ticked.
PICKED = "chon"
#: Fields whose earlier words are suggested, by the parameter of the box that asks.
SUGGESTED = {
    "form": "form",
    "hinh_thuc": "form",
    "noi_dung": "topic",
    "place": "place",
    "organiser": "organiser",
    "materials": "materials",
}
SHOWN = 12
#: The part of the page of totals that comes again with its units.
KIND_TABLE = "kind-table"


# -- lists -------------------------------------------------------------------------------------------------------------
@require_GET
@vary_on_headers("HX-Request")
def activity_list(request):
    return list_page(request, ACTIVITIES)


@require_GET
def activity_export(request, form):
    return export(request, ACTIVITIES, form)


@require_GET
@permission_required("units.view_activity", raise_exception=True)
@vary_on_headers("HX-Request", "HX-Target")
def activity_totals(request):
    """What a list comes to, kind by kind; for the list itself only how many units took part.

    Of a long list the page comes without its units, and asks for the table with them when it is there.
    """
    filters = ActivityFilters(request.GET, request.user)
    is_table = request.htmx.target == KIND_TABLE
    if request.htmx and not is_table and not request.htmx.history_restore_request:
        context = {"units": unit_count(filters), "query": filters.query()}
        return render(request, "units/_activity_units.html", context)
    context = {
        "filters": filters,
        "conditions": in_words(filters),
        "table": table_by_kind(filters, counts_units=is_table),
        "part": KIND_TABLE,
        "list_url": reverse("activities:activity_list"),
        "query": filters.query(),
        "unknown_query": filters.query(luot_nguoi="chua"),
    }
    return render(request, "units/_activity_totals.html" if is_table else "units/activity_totals.html", context)


@require_GET
@permission_required("units.view_activity", raise_exception=True)
def activity_options(request):
    """Words of earlier activities for the box that asks; any other words may be typed all the same."""
    name = request.GET.get("o", "")
    options = []
    if name in SUGGESTED:
        latest = Activity.objects.visible_to(request.user).order_by("-id")
        values = latest.values_list(SUGGESTED[name], flat=True)[:SUGGESTING]
        folded = fold(request.GET.get(name, ""))
        used = Counter(value for value in values if value and folded in fold(value))
        options = [(value, "") for value, _ in used.most_common(SHOWN)]
    return render(request, "units/_options.html", {"options": options})


# -- one activity ------------------------------------------------------------------------------------------------------
def activity_or_404(request, pk):
    rows = Activity.objects.visible_to(request.user).select_related("jurisdiction__parent__parent", "programme")
    return get_object_or_404(rows, pk=pk)


def own_activity_or_404(request, pk):
    """An activity that the officer may change: held in their own area, not one that a unit of theirs took part in."""
    return get_object_or_404(Activity.objects.editable_by(request.user).select_related("jurisdiction"), pk=pk)


@require_GET
@permission_required("units.view_activity", raise_exception=True)
def activity_detail(request, pk):
    activity, user = activity_or_404(request, pk), request.user
    rows = ActivityUnit.objects.visible_to(user).filter(activity=activity).select_related("unit")
    page = KeysetPage(rows.order_by(), keys_for(ActivityUnit, ["id"]), request.GET, size=UNITS_SHOWN)
    shown = page.rows
    within = set(
        Unit.objects.visible_to(user).filter(pk__in=[row.unit_id for row in shown]).values_list("pk", flat=True)
    )
    is_own = covers(user.jurisdiction, activity.jurisdiction)
    context = {
        "activity": activity,
        "is_own": is_own,
        "rows": [(row, row.unit_id in within) for row in shown],
        "page": page,
        "count": (count := rows.count()),
        "known": rows.aggregate(known=Sum("attendance_count"))["known"],
        "partners": [line for line in activity.partners.splitlines() if line.strip()],
        "can_add": user.has_perm("units.add_activity"),
        "sees_documents": user.has_perm("documents.view_legaldocument"),
        "can_change": is_own and user.has_perm("units.change_activity"),
        "can_count": is_own and count and user.has_perm("units.change_activityunit"),
        "can_delete": is_own and user.has_perm("units.delete_activity"),
        "timeline": _own_timeline(activity, user),
    }
    return render(request, "units/activity_detail.html", context)


def _own_timeline(activity, user):
    """The history of the activity itself; what became of each of sixty units stands on the history's own page."""
    changes = Change.objects.of(activity).select_related("event").order_by("-id")[:CHANGES_SHOWN]
    return Timeline(entries_of(list(changes), user), history_url(activity))


@require_http_methods(["GET", "POST"])
@permission_required("units.add_activity", raise_exception=True)
@made_once(Activity)
def activity_add(request):
    """A new activity, after an earlier one where the address names it; the form sent twice makes one."""
    earlier, picked = _earlier(request), _picked(request)
    # Units ticked in their list are sent here as what the form begins with.
    sent = None if PICKED in request.POST and "submission_key" not in request.POST else request.POST or None
    form = ActivityForm(sent, user=request.user, earlier=earlier, units=picked)
    if form.is_valid():
        describe(label=f"Ghi hoạt động: {form.instance.topic}"[:200])
        with transaction.atomic():
            form.save()
        messages.success(request, f"Đã ghi hoạt động “{form.instance}”.")
        tell_oddities(request, form.instance)
        tell_left_out(request, form)
        return redirect(form.instance)
    context = {
        "form": form,
        "earlier": earlier,
        "recent": [] if form.is_bound else _recent(request.user),
        "back": reverse("activities:activity_list"),
    }
    return render(request, "units/activity_form.html", context, status=422 if form.is_bound else 200)


def _picked(request):
    """The units that a new activity begins with: those ticked in their list, or the one whose page led here."""
    keys = [int(key) for key in request.POST.getlist(PICKED) if key.isascii() and key.isdecimal() and len(key) < 19]
    if keys:
        units = Unit.objects.visible_to(request.user).open().filter(pk__in=keys)
        return list(units.order_by("name_sort", "id")[:LIMIT])
    unit = unit_asked(request)
    return [unit] if unit else []


def _earlier(request):
    """The activity that the new one begins after: the one named, or the last one of the officer's area."""
    asked = request.POST.get(SOURCE) or request.GET.get(SOURCE, "")
    rows = Activity.objects.visible_to(request.user).select_related("jurisdiction", "programme")
    if asked == "cuoi":
        return rows.editable_by(request.user).order_by("-id").first()
    return rows.filter(pk=int(asked)).first() if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None


def _recent(user):
    """The last activities that were put down, each topic once."""
    found = {}
    for activity in Activity.objects.editable_by(user).order_by("-id")[: RECENT * 5]:
        found.setdefault((activity.kind, fold(activity.topic)), activity)
    return list(found.values())[:RECENT]


@require_http_methods(["GET", "POST"])
@permission_required("units.change_activity", raise_exception=True)
def activity_edit(request, pk):
    activity = own_activity_or_404(request, pk)
    form = ActivityForm(request.POST or None, instance=activity, user=request.user)
    if form.is_valid():
        describe(label=f"Sửa hoạt động: {form.instance.topic}"[:200])
        with transaction.atomic():
            saved = form.try_save()
        if saved:
            messages.success(request, f"Đã lưu “{form.instance}”.")
            tell_oddities(request, form.instance)
            tell_left_out(request, form)
            return redirect(activity)
    context = {"form": form, "earlier": None, "recent": [], "activity": activity, "back": activity.get_absolute_url()}
    return render(request, "units/activity_form.html", context, status=200 if request.method == "GET" else 422)


@require_http_methods(["GET", "POST"])
@permission_required("units.change_activityunit", raise_exception=True)
def activity_attendances(request, pk):
    """The attendances of each unit that took part, and taking units out, in one table."""
    activity = own_activity_or_404(request, pk)
    rows = ActivityUnit.objects.filter(activity=activity).select_related("unit").order_by()
    page = KeysetPage(rows, keys_for(ActivityUnit, ["id"]), request.GET, size=UNITS_COUNTED)
    rows = page.rows
    can_take_out = request.user.has_perm("units.delete_activityunit")
    out = {row.pk for row in rows if f"bo-{row.pk}" in request.POST} if can_take_out else set()
    lines = [_attendance_line(request, row) for row in rows]
    is_wrong = not all(line["is_number"] for line in lines)
    overtaken: frozenset[int] = frozenset()
    if request.method == "POST" and not is_wrong:
        describe(label=f"Ghi lượt người theo đơn vị: {activity.topic}"[:200])
        counts = {line["row"].pk: line["count"] for line in lines if line["row"].pk not in out}
        seen = {line["row"].pk: line["seen"] for line in lines if line["is_seen"]}
        try:
            with transaction.atomic():
                gone = activities.take_out(activity, out) if out else 0
                changed = activities.set_attendances(activity, counts, seen=seen)
        except activities.Overtaken as problem:
            overtaken = problem.rows
        else:
            told = f" Đã đưa {written(gone)} đơn vị ra khỏi danh sách." if gone else ""
            messages.success(request, f"Đã ghi lượt người của {written(changed)} đơn vị.{told}")
            return redirect(activity)
    for line in lines:
        line["is_overtaken"] = line["row"].pk in overtaken
        if line["is_overtaken"]:
            # Shown beside what was typed, and seen with it.
            line["seen"] = line["row"].attendance_count
    context = {
        "activity": activity,
        "lines": lines,
        "is_wrong": is_wrong,
        "is_overtaken": bool(overtaken),
        "page": page,
        "out": out,
        "can_take_out": can_take_out,
    }
    status = 422 if is_wrong or overtaken else 200
    return render(request, "units/activity_attendances.html", context, status=status)


def _attendance_line(request, row):
    """One unit of the table: what is typed, the number it says, and what stood there when the page was opened."""
    stored = "" if row.attendance_count is None else str(row.attendance_count)
    text, before = request.POST.get(f"luot-{row.pk}", stored), request.POST.get(f"truoc-{row.pk}")
    count, is_number = _attendances(text)
    seen, _ = _attendances(stored if before is None else before)
    is_seen = request.method == "GET" or before is not None
    return {"row": row, "text": text, "count": count, "is_number": is_number, "seen": seen, "is_seen": is_seen}


def _attendances(text):
    """The number that a text says, None for an empty one; and whether it says one at all."""
    digits = nfc(text).replace(".", "").replace(" ", "")
    is_number = not digits or (digits.isascii() and digits.isdecimal() and len(digits) < 10)
    return (int(digits) if digits and is_number else None), is_number


@require_http_methods(["GET", "POST"])
@permission_required("units.delete_activity", raise_exception=True)
def activity_delete(request, pk):
    """Take away an activity put down by mistake, with the units in it; the history keeps what it was."""
    activity = own_activity_or_404(request, pk)
    if request.method == "POST":
        describe(label=f"Xóa hoạt động: {activity.topic}"[:200])
        activity.delete()
        messages.success(request, f"Đã xóa hoạt động “{activity}”.")
        return redirect("activities:activity_list")
    context = {"activity": activity, "count": activity.participants.count()}
    return render(request, "units/activity_delete.html", context)
