"""What every request passes before its view: signed in, not idle for too long, the first password changed."""

import time
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

#: Seconds between two notes of the last request in the session, so that not every request writes.
NOTE_EVERY = 60
LAST_REQUEST = "last_request_at"

#: Why an officer stands before the login page again; ``REASON_PARAMETER`` carries it there.
REASON_PARAMETER = "ly-do"
IDLE, EXPIRED = "qua-gio", "het-han"

#: What an officer who must change the password may still open.
OPEN_BEFORE_CHANGE = ("password_change", "logout")


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every view needs a signed-in officer, but for those marked ``login_not_required``."""

    def handle_no_permission(self, request, view_func):
        return to_login(request)


def session_middleware(get_response):
    """Sign out whoever was idle too long; lead whoever has a first password to changing it."""

    def middleware(request):
        answer = interruption(request) if request.user.is_authenticated else None
        return get_response(request) if answer is None else answer

    return middleware


def interruption(request):
    """The answer that stands in for the page, or None when the officer may go on."""
    now = int(time.time())
    last = request.session.get(LAST_REQUEST, now)
    if now - last > settings.IDLE_TIMEOUT_MINUTES * 60:
        logout(request)
        return to_login(request, reason=IDLE)
    if request.user.first_password_expired:
        logout(request)
        return to_login(request, reason=EXPIRED)
    if now - last >= NOTE_EVERY or LAST_REQUEST not in request.session:
        request.session[LAST_REQUEST] = now
    if request.user.must_change_password and request.path not in {reverse(name) for name in OPEN_BEFORE_CHANGE}:
        return go(request, "password_change")
    return None


def to_login(request, *, reason=""):
    """To the login page, and from there back to the page the officer was on."""
    return go(request, "login", {REASON_PARAMETER: reason} if reason else None)


def go(request, url_name, parameters=None):
    """Redirect the whole page, also when only a part of it was asked for, and keep where the officer was."""
    query = {REDIRECT_FIELD_NAME: place_of(request), **(parameters or {})}
    url = f"{reverse(url_name)}?{urlencode(query, safe='/')}"
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def place_of(request):
    """Address of the page in front of the officer: that of a form or a part is the page which holds it."""
    if request.method in ("GET", "HEAD") and not request.htmx:
        return request.get_full_path()
    page = request.htmx.current_url or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    return urlunsplit(("", "", *urlsplit(page)[2:4], "")) or "/"
