"""The tree of areas as of any day, one page per area, and the search behind the area picker."""

import datetime

from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from movement_portal.jurisdictions.forms import TreeForm
from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice, Succession
from movement_portal.jurisdictions.models.territory import topmost
from movement_portal.jurisdictions.search import office_text, search_areas, search_offices
from movement_portal.lib.dates import today, valid_on

#: Hits that the page of the tree shows.
PAGE_HITS = 100

may_view = permission_required("jurisdictions.view_jurisdiction", raise_exception=True)


@require_GET
@never_cache
def area_search(request):
    """Areas for a picker as JSON: those in reach of today, or with ``on`` of another day."""
    areas, day = Jurisdiction.objects.visible_to(request.user), today()
    if on := request.GET.get("on"):
        try:
            day = datetime.date.fromisoformat(on)
        except ValueError:
            return HttpResponseBadRequest()
        areas = Jurisdiction.objects.visible_with_history(request.user)
    hits = search_areas(areas.as_of(day), request.GET.get("q", "")[:100])
    return JsonResponse(
        {
            "hits": [
                {
                    "key": area.pk,
                    "text": area.long_name,
                    "name": area.full_name,
                    "above": area.parent_names or ("Cả nước" if area.parent_id else ""),
                    "code": area.code,
                }
                for area in hits
            ]
        }
    )


@require_GET
@never_cache
@permission_required("jurisdictions.view_policeoffice", raise_exception=True)
def office_search(request):
    """Police offices of today in reach, for a picker as JSON."""
    offices = PoliceOffice.objects.visible_to(request.user).as_of(today())
    hits = search_offices(offices, request.GET.get("q", "")[:100])
    return JsonResponse(
        {
            "hits": [
                {
                    "key": office.pk,
                    "text": office_text(office),
                    "name": office.name,
                    "above": office.jurisdiction.parent_names,
                    "code": "",
                }
                for office in hits
            ]
        }
    )


@require_GET
@may_view
def area_list(request):
    """The top of the officer's tree on a day, or what a search finds in it."""
    form = TreeForm(request.GET)
    areas, root = areas_shown(form, request.user)
    context = {"areas": areas, "root": root, "is_search": bool(form.text), "limit": PAGE_HITS}
    context["query"] = request.GET.urlencode()
    return render(request, "jurisdictions/area_list.html", context | day_context(form))


def areas_shown(form, user):
    """The areas that the list shows, with ``below``, and the one above all of them, if there is one."""
    areas = Jurisdiction.objects.visible_with_history(user).as_of(form.day)
    if form.text:
        return with_counts(search_areas(areas, form.text, limit=PAGE_HITS), form.day), None
    tops = topmost(areas.values_list("path", flat=True))
    roots = list(areas.with_parents().filter(path__in=tops))
    root = roots[0] if len(roots) == 1 else None
    below = list(root.children.filter(valid_on(form.day)).with_parents()) if root else []
    # An area with nothing below it stands in the list itself.
    return with_counts(below or roots, form.day), root if below else None


@require_GET
@may_view
def area_detail(request, pk):
    """One area: what it is, what is below it, where it came from and what became of it."""
    form = TreeForm(request.GET)
    reach = Jurisdiction.objects.visible_with_history(request.user)
    area = get_object_or_404(reach.with_parents(), pk=pk)
    day = day_within(form.day, area)
    origins = list(Succession.objects.filter(successor=area).select_related("predecessor__parent__parent__parent"))
    became = list(Succession.objects.filter(predecessor=area).select_related("successor__parent__parent__parent"))
    above = list(area.ancestors())
    near = {row.predecessor_id for row in origins} | {row.successor_id for row in became} | {one.pk for one in above}
    context = {
        "area": area,
        "above": above,
        "children": with_counts(area.children.filter(valid_on(day)).with_parents(), day),
        "origins": origins,
        "became": became,
        "offices": PoliceOffice.objects.filter(jurisdiction=area).select_related("parent").order_by("valid_from"),
        "reached": set(reach.filter(pk__in=near).values_list("pk", flat=True)),
    }
    return render(request, "jurisdictions/area_detail.html", context | day_context(form) | {"day": day})


def day_context(form):
    """What the templates print of the day looked at."""
    return {"form": form, "day": form.day, "is_today": form.day == today()}


def day_within(day, area):
    """The day, moved into the life of an area that had ended or not begun."""
    if area.valid_to and day > area.valid_to:
        return area.valid_to
    if area.valid_from and day < area.valid_from:
        return area.valid_from
    return day


def with_counts(areas, day):
    """Areas with ``below``: how many areas stood directly below each on the day."""
    areas = list(areas)
    standing = Count("children", filter=valid_on(day, "children__"))
    counted = Jurisdiction.objects.filter(pk__in=[area.pk for area in areas]).annotate(below=standing)
    counts = dict(counted.order_by().values_list("pk", "below"))
    for area in areas:
        area.below = counts[area.pk]
    return areas
