"""Sessions in the database, as Django keeps them; reading one, which every request does, is a prepared query."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from movement_portal.lib.prepared import Prepared, Slot

_open_sessions = Prepared(
    lambda: Session.objects.filter(
        session_key=Slot("key", Session._meta.pk), expire_date__gt=Slot("now", Session._meta.get_field("expire_date"))
    )
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        found = _open_sessions(key=self.session_key, now=timezone.now())
        if found:
            return found[0]
        self._session_key = None
        return None
