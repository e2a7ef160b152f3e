"""First passwords for many accounts at once: issued as an act of their own, shown in one answer and never again."""

import datetime

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from movement_portal.accounts.forms import OfficerFilterForm
from movement_portal.accounts.states import NO_PASSWORD, UNUSED_OR_EXPIRED
from movement_portal.accounts.views.officers import may, narrowed
from movement_portal.jurisdictions.granting import refusals_to_touch
from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.workflow import issue_first_passwords
from movement_portal.lib.transitions import TransitionError
from movement_portal.lib.vietnamese import sort_key

#: Slips of one answer, and the seconds after which no more are made for it: hashing takes its time.
AT_ONCE, WITHIN = 80, 20
#: Accounts that the page names before they get their passwords, and accounts it looks at.
NAMED, LOOKED_AT = 20, 2_000
LASTING = datetime.timedelta(hours=settings.FIRST_PASSWORD_HOURS)
#: Chosen on the page: those who got a slip and have not signed in with it get a new one.
AGAIN = "cap_lai"
#: Second at which slips began to be given anew: who has got one since does not get another in the same round.
SINCE = "tu_luc"


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
    since = _moment(asked.get(SINCE, ""))
    unused, _ = _open_to(
        request.user, UNUSED_OR_EXPIRED.narrow(officers).filter(password_expires_at__lte=since + LASTING)
    )
    chosen = [*waiting, *unused] if again else waiting
    narrowing = [(name, asked[name]) for name in values if asked.get(name)]
    rounds = [(AGAIN, "1"), (SINCE, str(int(since.timestamp())))] if again else []
    query, onward = urlencode(narrowing), urlencode([*narrowing, *rounds])
    if request.method == "POST":
        keys = [officer.pk for officer in chosen[:AT_ONCE]]
        try:
            slips = issue_first_passwords(keys, by=request.user, within=WITHIN)
        except TransitionError as problem:
            messages.error(request, str(problem))
        else:
            if slips:
                return _slips(request, slips, left=len(chosen) - len(slips), query=onward)
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
        "values": [*narrowing, *rounds],
    }
    return render(request, "accounts/first_passwords.html", context)


def _open_to(user, officers):
    """The officers whose accounts the user may touch, and of how many others they may not."""
    found = list(officers[:LOOKED_AT])
    refusals = refusals_to_touch(user, [officer.pk for officer in found])
    mine = [officer for officer in found if not refusals[officer.pk]]
    return mine, len(found) - len(mine)


def _moment(text):
    """The moment of a second as addresses carry it; now, where there is none."""
    if text.isdecimal() and len(text) <= 10:
        return datetime.datetime.fromtimestamp(int(text), tz=datetime.UTC)
    return timezone.now()


def _slips(request, slips, *, left, query):
    """The only page that ever shows these passwords; made to be printed and cut, the slips of an office together."""
    keys = [officer.pk for officer, _ in slips]
    homes = dict(Officer.objects.filter(pk__in=keys).with_home().values_list("pk", "home_office_name"))
    told = [(officer, homes[officer.pk] or "", password) for officer, password in slips]
    told.sort(key=lambda slip: (sort_key(slip[1]), slip[0].given_sort, slip[0].pk))
    context = {"slips": told, "address": request.build_absolute_uri("/"), "left": left, "query": query}
    return render(request, "accounts/first_password_slips.html", context)
