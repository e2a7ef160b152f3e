"""The states by which accounts are listed and counted: the first page and the list ask here, so that they agree."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from movement_portal.jurisdictions.models import Posting
from movement_portal.jurisdictions.sign_in import lockouts
from movement_portal.jurisdictions.workflow import AccountState
from movement_portal.lib.dates import today

#: Days before its end from which a posting asks to be thought of.
ENDING_DAYS = 30


@dataclass(frozen=True)
class Listed:
    """A state of accounts: its name in the address, what it is called, and the accounts in it."""

    name: str
    label: str
    narrow: Callable


def _locked_out(officers):
    return officers.filter(is_active=True, username__in=lockouts().values("username"))


def _expired(officers):
    return officers.filter(is_active=True, must_change_password=True, password_expires_at__lte=timezone.now())


def _unused(officers):
    return officers.filter(is_active=True, must_change_password=True, password_expires_at__gt=timezone.now())


def _not_changed(officers):
    return officers.filter(is_active=True, must_change_password=True)


def _ending(officers):
    """Officers at work today of whom no posting lasts beyond the days to come."""
    beyond = today() + datetime.timedelta(days=ENDING_DAYS + 1)
    at_work = officers.filter(is_active=True, pk__in=Posting.objects.in_force_today().order_by().values("officer"))
    return at_work.exclude(pk__in=Posting.objects.not_ended_before(beyond).order_by().values("officer"))


def _without_password(officers):
    return officers.filter(is_active=True).without_password()


NO_PASSWORD = Listed("no_password", "Chưa cấp mật khẩu lần đầu", _without_password)
LOCKED_OUT = Listed("locked_out", "Đang bị tạm khóa đăng nhập", _locked_out)
EXPIRED = Listed("expired", "Mật khẩu lần đầu đã hết hạn", _expired)
UNUSED = Listed("unused", "Chưa đổi mật khẩu lần đầu", _unused)
#: Those who have a first password, in force or not, and none of their own: they may get another slip.
UNUSED_OR_EXPIRED = Listed("unused_or_expired", UNUSED.label, _not_changed)
ENDING = Listed("ending", "Phân công sắp kết thúc", _ending)
STATES = (
    Listed(AccountState.ACTIVE, AccountState.ACTIVE.label, lambda officers: officers.filter(is_active=True)),
    Listed(AccountState.LOCKED, AccountState.LOCKED.label, lambda officers: officers.filter(is_active=False)),
    LOCKED_OUT,
    NO_PASSWORD,
    EXPIRED,
    UNUSED,
    ENDING,
)
BY_NAME = {str(state.name): state for state in STATES}
