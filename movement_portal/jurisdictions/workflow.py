"""The life of an account and of a posting: the steps below are the whole of it."""

import datetime
import math
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from axes.utils import reset as forget_failed_sign_ins
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.granting import check_grant, check_touch, refusals_to_touch
from movement_portal.jurisdictions.models import Officer, PoliceOffice, Posting
from movement_portal.jurisdictions.sign_in import locked_out_until
from movement_portal.lib.acts import describe
from movement_portal.lib.dates import day_before, today
from movement_portal.lib.tracking import StaleRecord
from movement_portal.lib.transitions import TransitionError

#: Letters and digits that nobody mistakes for another when reading them from a slip of paper.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


CHANGED_MEANWHILE = "Có tài khoản vừa được sửa ở nơi khác: chưa cấp mật khẩu nào, hãy cấp lại."


class AccountState(models.TextChoices):
    ACTIVE = "active", "Đang dùng"
    LOCKED = "locked", "Đã khóa"


@dataclass(frozen=True)
class AccountStep:
    """One step of an account: from which states, to which, and what its page and its history say."""

    name: str
    label: str
    icon: str
    sources: tuple[AccountState, ...]
    target: AccountState
    #: What will happen, in one sentence before the button.
    consequence: str
    reason_required: bool = False
    new_password: bool = False
    #: Ends a lockout after too many failures; only who is locked out needs it.
    ends_lockout: bool = False


LOCK = AccountStep(
    "khoa",
    "Khóa tài khoản",
    "lock",
    (AccountState.ACTIVE,),
    AccountState.LOCKED,
    "Cán bộ bị thoát ngay và không đăng nhập được nữa. Tài khoản và lịch sử vẫn còn; có thể mở lại bất cứ lúc nào.",
    reason_required=True,
)
UNLOCK = AccountStep(
    "mo-khoa",
    "Mở khóa tài khoản",
    "unlock",
    (AccountState.LOCKED,),
    AccountState.ACTIVE,
    "Cán bộ đăng nhập lại được bằng mật khẩu cũ. Nếu đã quên mật khẩu, hãy đặt lại sau khi mở khóa.",
)
RESET_PASSWORD = AccountStep(
    "dat-lai-mat-khau",
    "Đặt lại mật khẩu",
    "key",
    (AccountState.ACTIVE,),
    AccountState.ACTIVE,
    "Mật khẩu cũ hết hiệu lực ngay, các phiên đang mở bị thoát. Mật khẩu mới chỉ hiện một lần để in hoặc chép lại.",
    new_password=True,
)
END_LOCKOUT = AccountStep(
    "cho-dang-nhap-lai",
    "Cho đăng nhập lại",
    "unlock",
    (AccountState.ACTIVE,),
    AccountState.ACTIVE,
    "Cán bộ nhập sai mật khẩu nhiều lần nên bị tạm khóa. Sau bước này đăng nhập lại được ngay bằng mật khẩu cũ; nếu đã "
    "quên, hãy đặt lại mật khẩu. Hỏi cán bộ trước: có thể có người khác dò mật khẩu.",
    ends_lockout=True,
)
STEPS = (END_LOCKOUT, RESET_PASSWORD, LOCK, UNLOCK)


def state_of(officer: Officer) -> AccountState:
    """The state of the account."""
    return AccountState.ACTIVE if officer.is_active else AccountState.LOCKED


def steps_from(officer: Officer) -> list[AccountStep]:
    """The steps that the account's state allows, whoever asks."""
    steps = [step for step in STEPS if state_of(officer) in step.sources]
    return steps if officer.locked_out_until else [step for step in steps if not step.ends_lockout]


def readable_password() -> str:
    """A random password of three groups of four, easy to read out and to type; about 59 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))


def give_first_password(officer: Officer) -> str:
    """Set, without saving, a password that must be changed within ``FIRST_PASSWORD_HOURS``; answers it in clear."""
    password = readable_password()
    officer.set_password(password)
    officer.must_change_password = True
    officer.password_expires_at = timezone.now() + datetime.timedelta(hours=settings.FIRST_PASSWORD_HOURS)
    return password


def issue_first_passwords(
    officer_ids: Sequence[int], *, by: Officer, within: float = math.inf
) -> list[tuple[Officer, str]]:
    """Give accounts whose owners have set no password of their own a first one; answers them with it in clear.

    Accounts that are locked or beyond the rules of granting, and those with a password of their own, are left as they
    are. Hashing takes its time: after so many seconds (``within``) the rest is left for another call, and others write
    meanwhile. Raises ``PermissionDenied`` without the right, ``TransitionError`` where one of the accounts was changed
    in between; nothing is written then.
    """
    if not by.has_perm("jurisdictions.change_officer"):
        raise PermissionDenied
    reached = Officer.objects.visible_to(by).filter(pk__in=officer_ids).values("pk")
    found = Officer.objects.filter(pk__in=reached, is_active=True).in_bulk()
    refusals = refusals_to_touch(by, found)
    ends = time.monotonic() + within
    slips: list[tuple[Officer, str]] = []
    for officer in (found[pk] for pk in officer_ids if pk in found and not refusals[pk]):
        if slips and time.monotonic() > ends:
            break
        if officer.must_change_password or not officer.has_usable_password():
            slips.append((officer, give_first_password(officer)))
    officers = [officer for officer, _ in slips]
    try:
        with transaction.atomic():
            describe(label=f"Cấp mật khẩu lần đầu cho {len(slips)} tài khoản")
            Officer.objects.bulk_update(officers, ["password", "must_change_password", "password_expires_at"])
            if any(refusals_to_touch(by, [officer.pk for officer in officers]).values()):
                raise TransitionError(CHANGED_MEANWHILE)
            for username in locked_out_until([officer.username for officer in officers]):
                forget_failed_sign_ins(username=username)
    except StaleRecord:
        raise TransitionError(CHANGED_MEANWHILE) from None
    return slips


def touched(officer_id: int, by: Officer) -> Officer:
    """The account, locked for a step of ``by``.

    Raises ``PermissionDenied`` without the right or beyond the rules of granting, ``DoesNotExist`` out of reach.
    """
    if not by.has_perm("jurisdictions.change_officer"):
        raise PermissionDenied
    officer = Officer.objects.visible_to(by).select_for_update(of=("self",)).get(pk=officer_id)
    check_touch(by, officer)
    return officer


@transaction.atomic
def perform(step: AccountStep, officer_id: int, *, by: Officer, reason: str = "") -> tuple[Officer, str]:
    """Take one step; answers the account and its new password in clear, or an empty text.

    Raises as ``touched``, and ``TransitionError`` from a wrong state or without a reason where one is required.
    """
    officer = touched(officer_id, by)
    if state_of(officer) not in step.sources:
        raise TransitionError(f"Tài khoản đang ở trạng thái “{state_of(officer).label}”.")
    if step.reason_required and not reason.strip():
        raise TransitionError("Phải ghi rõ lý do.")
    if step.ends_lockout and not officer.locked_out_until:
        raise TransitionError("Tài khoản không bị tạm khóa đăng nhập, hoặc vừa hết thời gian khóa.")
    describe(label=f"{step.label} {officer.username}", reason=reason.strip())
    officer.is_active = step.target == AccountState.ACTIVE
    password = give_first_password(officer) if step.new_password else ""
    if step.ends_lockout:
        officer.unblocked_at = timezone.now()
    officer.save()
    if step.new_password or step.ends_lockout:
        forget_failed_sign_ins(username=officer.username)
    return officer, password


@transaction.atomic
def create_account(account: Mapping[str, Any], posting: Mapping[str, Any], *, by: Officer) -> tuple[Officer, str]:
    """Open an account with its first posting; answers it and its first password in clear.

    ``account`` holds username, full_name, title, phone; ``posting`` what ``assign`` takes. Raises ``PermissionDenied``
    without the right or beyond the rules of granting, ``ValidationError`` where a value is refused.
    """
    if not by.has_perm("jurisdictions.add_officer"):
        raise PermissionDenied
    check_grant(
        by,
        officer=None,
        office=posting["office"],
        function=posting["function"],
        grants=posting.get("grants", ()),
    )
    officer = Officer(**account)
    officer.opened_at = posting["office"]
    password = give_first_password(officer)
    describe(label=f"Mở tài khoản {officer.username}")
    officer.full_clean()
    officer.save()
    post(officer, **posting)
    return officer, password


def post(
    officer: Officer,
    *,
    office: PoliceOffice,
    function: Function,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    grants: Sequence[str] = (),
) -> Posting:
    """Write a posting that nobody has to be asked about any more; raises ``ValidationError``."""
    posting = Posting(
        officer=officer,
        office=office,
        function=function,
        valid_from=valid_from,
        valid_to=valid_to,
        grants=[item.value for item in Function if item in grants],
    )
    posting.full_clean()
    posting.save()
    return posting


@transaction.atomic
def assign(officer_id: int, posting: Mapping[str, Any], *, by: Officer, moving: bool = False) -> Posting:
    """Give an officer a posting: ``posting`` holds office, function, valid_from, valid_to and grants.

    ``moving`` ends, on the day before, the postings at other offices. Raises as ``touched``, and ``ValidationError``.
    """
    if not by.has_perm("jurisdictions.add_posting"):
        raise PermissionDenied
    officer = touched(officer_id, by)
    check_grant(
        by,
        officer=officer,
        office=posting["office"],
        function=posting["function"],
        grants=posting.get("grants", ()),
    )
    describe(label=f"Phân công {officer.username}: {Function(posting['function']).label}")
    if moving:
        last_day = day_before(posting["valid_from"])
        elsewhere = officer.postings.exclude(office=posting["office"]).not_ended_before(posting["valid_from"])
        for other in elsewhere.filter(valid_from__lte=last_day):
            other.valid_to = last_day
            other.save()
    return post(officer, **posting)


@transaction.atomic
def end_posting(posting_id: int, *, by: Officer, last_day: datetime.date, reason: str = "") -> Posting | None:
    """End a posting with ``last_day``, yesterday at the earliest: then it holds no more from this moment.

    One that would end before it began is withdrawn (deleted; the history keeps it) and None is answered.
    Raises as ``touched``, and ``TransitionError`` for a posting or a day of the past.
    """
    if not by.has_perm("jurisdictions.change_posting"):
        raise PermissionDenied
    posting = Posting.objects.visible_to(by).select_related("office").get(pk=posting_id)
    officer = touched(posting.officer_id, by)
    posting = Posting.objects.select_for_update(of=("self",)).select_related("office").get(pk=posting_id)
    yesterday = day_before(today())
    if posting.state == "ended":
        raise TransitionError(f"Phân công đã kết thúc ({posting.period}).")
    if last_day < yesterday:
        raise TransitionError("Ngày cuối cùng không thể ở trong quá khứ.")
    if posting.valid_to and last_day > posting.valid_to:
        raise TransitionError(f"Phân công vốn kết thúc sớm hơn ({posting.period}).")
    describe(label=f"Kết thúc phân công {officer.username}: {posting.get_function_display()}", reason=reason.strip())
    if last_day < posting.valid_from:
        posting.delete()
        return None
    posting.valid_to = last_day
    posting.save()
    return posting
