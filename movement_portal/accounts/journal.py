"""What was done to the accounts an administrator answers for, and who failed to sign in to them; no other records."""

from dataclasses import dataclass

from axes.models import AccessFailureLog
from django.db.models import Exists, OuterRef, Q

from movement_portal.audit.journal import JournalLine, deeds_of
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.presenting import Actor, actors_of
from movement_portal.jurisdictions.models import Officer, Posting

ACCOUNT_MODELS = (Officer._meta.label_lower, Posting._meta.label_lower)
#: Officers named in one line; of more their number is told.
NAMED = 3


@dataclass(frozen=True, slots=True)
class AccountAct:
    """One act: who did what to whose accounts; ``more`` counts the officers that are not named."""

    event: AuditEvent
    by: Actor
    text: str
    officers: list[Officer]
    more: int


def _touching(user, officers):
    """Changes of the accounts of these officers and of their postings, within the reader's reach."""
    keys = officers.order_by().values("pk")
    of_account = Q(model=ACCOUNT_MODELS[0], object_id__in=keys)
    of_posting = Q(model=ACCOUNT_MODELS[1], owner_id__in=keys)
    return Change.objects.visible_to(user).filter(of_account | of_posting)


def acts(user, officers):
    """Acts on the accounts of these officers."""
    touching = _touching(user, officers).filter(event=OuterRef("pk"))
    return AuditEvent.objects.filter(Exists(touching))


def acts_in_words(events, user) -> list[AccountAct]:
    """Acts for the page, in as many queries however many they are."""
    events = list(events)
    deeds, actors = deeds_of(events, user), actors_of(events, user)
    reach = Officer.objects.visible_to(user)
    touched: dict = {}
    rows = _touching(user, reach).filter(event__in=[event.pk for event in events]).order_by("id")
    for event, model, key, owner in rows.values_list("event_id", "model", "object_id", "owner_id"):
        touched.setdefault(event, {})[key if model == ACCOUNT_MODELS[0] else owner] = None
    known = reach.in_bulk({key for keys in touched.values() for key in keys})
    lines = []
    for event in events:
        officers = [known[key] for key in touched.get(event.pk, {}) if key in known]
        text = JournalLine(event, deeds.get(event.pk, [])).text
        lines.append(AccountAct(event, actors[event.pk], text, officers[:NAMED], max(len(officers) - NAMED, 0)))
    return lines


def failures(officers):
    """Failed sign-ins under the names of these officers; names that nobody has are not told."""
    return AccessFailureLog.objects.filter(username__in=officers.order_by().values("username"))
