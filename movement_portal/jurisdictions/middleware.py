"""What every request of a signed-in officer passes: idle time-out and the change of a first password."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login

#: Seconds between two notes of the last request in the session, so that not every request writes.
NOTE_EVERY = 60


def session_middleware(get_response):
    def middleware(request):
        if request.user.is_authenticated:
            now = int(time.time())
            last = request.session.get("last_request_at", now)
            if now - last > settings.IDLE_TIMEOUT_MINUTES * 60:
                logout(request)
                return redirect_to_login(request.get_full_path())
            if now - last >= NOTE_EVERY or "last_request_at" not in request.session:
                request.session["last_request_at"] = now
        return get_response(request)

    return middleware
