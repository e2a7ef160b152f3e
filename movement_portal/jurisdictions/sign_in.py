"""Guarding the login page against guessing: where an attempt comes from, and the page for who guessed too often."""

import datetime
import ipaddress
import math

from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.shortcuts import render
from django.utils import timezone


def client_address(request):
    """IP address of the officer's machine; behind a proxy the one the proxy itself saw, which nobody can forge."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def locked_out(request, response, credentials):
    """The page for whoever failed too often: how long to wait and whom to ask; axes calls it."""
    username = get_client_username(request, credentials) or ""
    until = lockout_end(username, client_address(request))
    minutes = max(1, math.ceil((until - timezone.now()) / datetime.timedelta(minutes=1)))
    context = {
        "username": username,
        "limit": settings.AXES_FAILURE_LIMIT,
        "minutes": minutes,
        "until": until,
    }
    answer = render(request, "registration/lockout.html", context, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer


def lockouts():
    """Who is locked out at this moment: username, and ``last``, the failure after which the cool-off time runs."""
    since = timezone.now() - get_cool_off()
    tries = AccessAttempt.objects.filter(attempt_time__gt=since).order_by().values("username", "ip_address")
    counted = tries.annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    return counted.filter(failures__gte=settings.AXES_FAILURE_LIMIT)


def locked_out_until(usernames):
    """When each of these usernames that is locked out somewhere may try again, by username; one query."""
    rows = lockouts().filter(username__in=usernames).values_list("username", "last")
    ends: dict = {}
    for username, last in rows:
        ends[username] = max(last + get_cool_off(), ends.get(username, last))
    return ends


def lockout_end(username, address):
    """When the officer may try again: the cool-off time after the last failure that counted."""
    attempts = AccessAttempt.objects.filter(username=username, ip_address=address).order_by("-attempt_time")
    last = attempts.values_list("attempt_time", flat=True).first() or timezone.now()
    return last + get_cool_off()
