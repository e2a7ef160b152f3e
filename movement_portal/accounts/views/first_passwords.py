"""First passwords for many accounts at once: issued as an act of their own, shown in one answer and never again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from movement_portal.accounts.forms import OfficerFilterForm
from movement_portal.accounts.states import NO_PASSWORD, UNUSED_OR_EXPIRED
from movement_portal.accounts.views.officers import may, narrowed
from movement_portal.jurisdictions.granting import refusals_to_touch
from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.workflow import TransitionError, issue_first_passwords
from movement_portal.lib.vietnamese import sort_key

#: Slips of one answer, and the seconds after which no more are made for it: hashing takes its time.
AT_ONCE, WITHIN = 80, 20
#: Accounts that the page names before they get their passwords, and accounts it looks at.
NAMED, LOOKED_AT = 20, 2_000
#: Chosen on the page: those who got a slip and have not signed in with it get a new one.
AGAIN = "cap_lai"


@never_cache
@require_http_methods(["GET", "POST"])
@may("change_officer")
def first_passwords(request):
    asked = request.POST if request.method == "POST" else request.GET
    form = OfficerFilterForm(asked, by=request.user)
    values = form.values
    again = bool(asked.get(AGAIN))
    officers = narrowed(request.user, values)
    waiting, refused = _open_to(request.user, NO_PASSWORD.narrow(officers))
    unused, _ = _open_to(request.user, UNUSED_OR_EXPIRED.narrow(officers))
    chosen = [*waiting, *unused] if again else waiting
    query = urlencode({name: asked[name] for name in values if asked.get(name)})
    if request.method == "POST":
        keys = [officer.pk for officer in chosen[:AT_ONCE]]
        try:
            slips = issue_first_passwords(keys, by=request.user, within=WITHIN)
        except TransitionError as problem:
            messages.error(request, str(problem))
        else:
            if slips:
                return _slips(request, slips, left=len(chosen) - len(slips), again=again, query=query)
            messages.warning(request, "Không còn tài khoản nào cần cấp mật khẩu lần đầu.")
        return redirect(f"{reverse('accounts:first_passwords')}?{query}")
    context = {
        "act": values.get("viec"),
        "query": query,
        "chosen": chosen[:NAMED],
        "count": len(chosen),
        "now": min(len(chosen), AT_ONCE),
        "unused": len(unused),
        "again": again,
        "refused": refused,
        "values": [(name, asked[name]) for name in values if asked.get(name)],
    }
    return render(request, "accounts/first_passwords.html", context)


def _open_to(user, officers):
    """The officers whose accounts the user may touch, and of how many others they may not."""
    found = list(officers[:LOOKED_AT])
    refusals = refusals_to_touch(user, [officer.pk for officer in found])
    mine = [officer for officer in found if not refusals[officer.pk]]
    return mine, len(found) - len(mine)


def _slips(request, slips, *, left, again, query):
    """The only page that ever shows these passwords; made to be printed and cut, the slips of an office together."""
    keys = [officer.pk for officer, _ in slips]
    homes = dict(Officer.objects.filter(pk__in=keys).with_home().values_list("pk", "home_office_name"))
    told = [(officer, homes[officer.pk] or "", password) for officer, password in slips]
    told.sort(key=lambda slip: (sort_key(slip[1]), slip[0].given_sort, slip[0].pk))
    context = {
        "slips": told,
        "address": request.build_absolute_uri("/"),
        "left": left,
        # Who has got a new slip just now stands among those who may get one again: only the others go on by themselves.
        "goes_on": bool(left) and not again,
        "query": query,
    }
    return render(request, "accounts/first_password_slips.html", context)
