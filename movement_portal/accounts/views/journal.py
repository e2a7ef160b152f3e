"""The journal of accounts: what administrators did, and who failed to sign in."""

from axes.models import AccessFailureLog
from django.shortcuts import render
from django.views.decorators.http import require_GET

from movement_portal.accounts.forms import JournalForm
from movement_portal.accounts.journal import acts, acts_in_words, failures
from movement_portal.accounts.views.officers import may
from movement_portal.audit.models import AuditEvent
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.paging import KeysetPage, keys_for


@require_GET
@may("change_officer")
def account_journal(request):
    form = JournalForm(request.GET)
    reach = Officer.objects.visible_to(request.user)
    officers = reach.search(form.text) if form.text else reach
    context = {"form": form, "query": form.query}
    if form.shows_failures:
        rows = failures(officers).filter(form.period("attempt_time"))
        page = KeysetPage(rows, keys_for(AccessFailureLog, ["-attempt_time", "-id"]), request.GET)
        names = reach.filter(username__in={row.username for row in page.rows}).in_bulk(field_name="username")
        context["failures"] = [(row, names.get(row.username)) for row in page.rows]
    else:
        events = acts(request.user, officers).filter(form.period("at"))
        page = KeysetPage(events, keys_for(AuditEvent, ["-at", "-id"]), request.GET)
        context["acts"] = acts_in_words(page.rows, request.user)
    return render(request, "accounts/account_journal.html", context | {"page": page})
