from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from movement_portal.audit.filters import AuditEventFilter
from movement_portal.audit.journal import JournalLine, deeds_of
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.presenting import actors_of, model_of, present
from movement_portal.audit.timeline import Timeline, entries_of
from movement_portal.lib.paging import KeysetPage, keys_for
from movement_portal.lib.tracking import TrackedModel


@require_GET
@permission_required("audit.view_auditevent", raise_exception=True)
def event_list(request):
    filters = AuditEventFilter(request.GET, AuditEvent.objects.visible_to(request.user), request=request)
    page = KeysetPage(filters.qs, keys_for(AuditEvent, ["-at", "-id"]), request.GET)
    deeds = deeds_of(page.rows, request.user)
    lines = [JournalLine(event, deeds.get(event.pk, [])) for event in page.rows]
    return render(request, "audit/event_list.html", {"filter": filters, "page": page, "lines": lines})


@require_GET
@permission_required("audit.view_auditevent", raise_exception=True)
def event_detail(request, pk):
    event = get_object_or_404(AuditEvent.objects.open_to(request.user), pk=pk)
    changes = Change.objects.visible_to(request.user).filter(event=event)
    page = KeysetPage(changes, keys_for(Change, ["id"]), request.GET)
    context = {
        "event": event,
        "by": actors_of([event], request.user)[event.pk],
        "page": page,
        "presented_changes": present(page.rows, request.user),
        "deeds": deeds_of([event], request.user).get(event.pk, []),
    }
    return render(request, "audit/event_detail.html", context)


@require_GET
def record_history(request, model, pk):
    """The whole history of any record, for whoever may view the record."""
    kind = model_of(model)
    if kind is None or not issubclass(kind, TrackedModel):
        raise Http404
    if not request.user.has_perm(f"{kind._meta.app_label}.view_{kind._meta.model_name}"):
        raise PermissionDenied
    record = get_object_or_404(kind._default_manager.visible_to(request.user), pk=pk)
    changes = Change.objects.told_to(request.user, record).select_related("event")
    page = KeysetPage(changes, keys_for(Change, ["-id"]), request.GET)
    timeline = Timeline(entries_of(page.rows, request.user))
    context = {"record": record, "back_url": page_of(record), "page": page, "timeline": timeline}
    return render(request, "audit/record_history.html", context)


def page_of(record):
    """Address of the page where a record is looked at: its own, else that of the admin pages; empty without one."""
    options = record._meta
    try:
        if hasattr(record, "get_absolute_url"):
            return record.get_absolute_url()
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""
