"""Security teams: list, page, forms, strength and years."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from movement_portal.audit.timeline import timeline_of
from units.filters.forces import AT_TWO_UNITS
from units.forms.teams import SecurityTeamForm, TeamReviewForm, TeamStrengthForm
from units.law import cautions_of_team, rules_on
from units.models import Guard, SecurityTeam, TeamReview, TeamStrength, Unit
from units.tables.forces import CERTIFICATES, COURSES, GUARDS, TEAMS
from units.views.record_lists import export, list_page
from units.views.saving import form_page

#: Guards named on a team's page; all of them stand in the list.
GUARDS_SHOWN = 100
#: Name of the tab of guards whose number stands at two units.
SHARED = "forces:guard_list at two units"


def tabs(user, current):
    """The lists of guard forces beside one another: label, address, whether it is the one shown."""
    shown = [
        (listed.title, reverse(listed.list_url), listed.list_url == current)
        for listed in (TEAMS, GUARDS, COURSES, CERTIFICATES)
        if user.has_perm(listed.permission)
    ]
    if user.has_perm("units.view_guard"):
        at_two_units = f"{reverse(GUARDS.list_url)}?trung={AT_TWO_UNITS}"
        shown.insert(2, ("Làm ở hai đơn vị", at_two_units, current == SHARED))
        shown.append(("Lâu chưa huấn luyện", reverse("forces:untrained_list"), current == "forces:untrained_list"))
    return shown


@require_GET
@vary_on_headers("HX-Request")
def team_list(request):
    return list_page(request, TEAMS, tabs=tabs(request.user, TEAMS.list_url))


@require_GET
def team_export(request, form):
    return export(request, TEAMS, form)


def unit_asked(request):
    """The unit an address names, within reach; None for any other."""
    code = request.GET.get("don-vi", "")
    return Unit.objects.visible_to(request.user).filter(code=code).first() if code else None


def team_or_404(request, pk):
    teams = SecurityTeam.objects.visible_to(request.user).select_related("unit__jurisdiction")
    return get_object_or_404(teams, pk=pk)


@require_GET
@permission_required("units.view_securityteam", raise_exception=True)
def team_detail(request, pk):
    team = team_or_404(request, pk)
    guards = Guard.objects.visible_to(request.user).serving().filter(team=team).order_by("given_sort", "id")
    context = {
        "team": team,
        "unit": team.unit,
        "cautions": cautions_of_team(team, rules_on()),
        "strengths": list(team.strengths.all()),
        "reviews": list(team.reviews.all()),
        "guards": list(guards[:GUARDS_SHOWN]),
        "guard_count": guards.count(),
        "can_change": request.user.has_perm("units.change_securityteam"),
        "can_count": request.user.has_perm("units.add_teamstrength"),
        "can_review": request.user.has_perm("units.add_teamreview"),
        "can_add_guard": request.user.has_perm("units.add_guard"),
        "timeline": timeline_of(team, request.user),
    }
    return render(request, "units/team_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("units.add_securityteam", raise_exception=True)
def team_add(request):
    form = SecurityTeamForm(request.POST or None, user=request.user, unit=unit_asked(request))
    return save_page(request, form, "Thêm lực lượng bảo vệ", reverse("forces:team_list"))


@require_http_methods(["GET", "POST"])
@permission_required("units.change_securityteam", raise_exception=True)
def team_edit(request, pk):
    team = team_or_404(request, pk)
    form = SecurityTeamForm(request.POST or None, instance=team, user=request.user)
    return save_page(request, form, "Sửa lực lượng bảo vệ", team.get_absolute_url(), removed_by="forces:team_delete")


@require_http_methods(["GET", "POST"])
@permission_required("units.add_teamstrength", raise_exception=True)
def strength_add(request, pk):
    team = team_or_404(request, pk)
    form = TeamStrengthForm(request.POST or None, team=team)
    return save_page(request, form, f"Ghi quân số: {team.name}", team.get_absolute_url())


@require_http_methods(["GET", "POST"])
@permission_required("units.change_teamstrength", raise_exception=True)
def strength_edit(request, strength_id):
    row = get_object_or_404(TeamStrength.objects.visible_to(request.user).select_related("team"), pk=strength_id)
    form = TeamStrengthForm(request.POST or None, instance=row, team=row.team)
    back = row.team.get_absolute_url()
    return save_page(request, form, f"Sửa quân số: {row.team.name}", back, removed_by="forces:strength_delete")


@require_http_methods(["GET", "POST"])
@permission_required("units.add_teamreview", raise_exception=True)
def review_add(request, pk):
    team = team_or_404(request, pk)
    form = TeamReviewForm(request.POST or None, team=team)
    return save_page(request, form, f"Ghi xếp loại, kỷ luật: {team.name}", team.get_absolute_url())


@require_http_methods(["GET", "POST"])
@permission_required("units.change_teamreview", raise_exception=True)
def review_edit(request, review_id):
    row = get_object_or_404(TeamReview.objects.visible_to(request.user).select_related("team"), pk=review_id)
    form = TeamReviewForm(request.POST or None, instance=row, team=row.team)
    back = row.team.get_absolute_url()
    return save_page(request, form, f"Sửa xếp loại, kỷ luật: {row.team.name}", back, removed_by="forces:review_delete")


def save_page(request, form, heading, back, *, saved=None, again=None, removed_by=""):
    """A form about a force on its own page; ``again`` is where “save and add another” leads.

    ``removed_by`` is the URL name of the page that takes the record away, for whoever may.
    """
    page = {"heading": heading, "back": back, "crumbs": force_crumbs(), "saved": saved}
    if removed_by and request.user.has_perm(f"units.delete_{form.instance._meta.model_name}"):
        page |= {"remove_url": reverse(removed_by, args=[form.instance.pk])}
    return form_page(request, form, **page, again=again, again_label="Lưu và thêm người tiếp" if again else "")


def force_crumbs():
    return [("Lực lượng bảo vệ", reverse(TEAMS.list_url))]
