from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from movement_portal.audit.enums import ChangeAction, EventKind
from movement_portal.audit.filters import AuditEventFilter
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.presenting import actors_of, model_of, present
from movement_portal.audit.timeline import Timeline, entries_of
from movement_portal.lib.numbers import written
from movement_portal.lib.paging import KeysetPage, keys_for
from movement_portal.lib.tracking import TrackedModel

#: An act of which the officer sees no row.
BEYOND = "Thay đổi ngoài phần dữ liệu đồng chí được xem"


@dataclass(frozen=True, slots=True)
class JournalLine:
    event: AuditEvent
    #: What the act did, one text for each kind of record: “Sửa 25 đơn vị”.
    deeds: list[str]

    @property
    def text(self):
        """The act in one line: a single act says it by its own label, one of many rows with how many they are."""
        label = self.event.label
        if label and self.event.kind == EventKind.EDIT:
            return label
        return ": ".join(filter(None, (label, "; ".join(self.deeds)))) or BEYOND


def deeds_of(events, user):
    """What each event did to records within reach, by event; one query.

    Rows that go with a record (where a new unit lies) are not told beside the record itself.
    """
    rows = (
        Change.objects.visible_to(user)
        .filter(event__in=[event.pk for event in events])
        .values("event_id", "model", "owner_model", "action")
        .annotate(count=Count("pk"), name=Max("label"))
        .order_by("event_id", "-count", "model", "action")
    )
    rows = list(rows)
    told = {(row["event_id"], row["model"]) for row in rows}
    deeds: dict = {}
    for row in rows:
        if (row["event_id"], row["owner_model"]) in told:
            continue
        model = model_of(row["model"])
        kind = str(model._meta.verbose_name) if model else row["model"]
        what = f"{kind} “{row['name']}”" if row["count"] == 1 else f"{written(row['count'])} {kind}"
        deeds.setdefault(row["event_id"], []).append(f"{ChangeAction(row['action']).label} {what}")
    return deeds


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
    changes = Change.objects.told_by(record).select_related("event")
    page = KeysetPage(changes, keys_for(Change, ["-id"]), request.GET)
    timeline = Timeline(entries_of(page.rows, request.user))
    context = {"record": record, "back_url": page_of(record), "page": page, "timeline": timeline}
    return render(request, "audit/record_history.html", context)


def page_of(record):
    """Address of the page where a record is looked at: its own, else that of the admin pages; empty without one."""
    if hasattr(record, "get_absolute_url"):
        return record.get_absolute_url()
    options = record._meta
    try:
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""
