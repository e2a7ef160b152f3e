"""Accounts on the first page of those who administer them."""

from django.urls import reverse
from django.utils import timezone

from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.worklists import Work, register


def register_work() -> None:
    """Put accounts on the first page."""
    register("accounts", _accounts, order=30)


def _accounts(user: Officer):
    if not user.has_perm("jurisdictions.change_officer"):
        return
    address = reverse("accounts:officer_list")
    officers = Officer.objects.visible_to(user).exclude(pk=user.pk)
    first = officers.filter(is_active=True, must_change_password=True)
    now = timezone.now()
    yield Work(
        "Mật khẩu lần đầu đã hết hạn",
        first.filter(password_expires_at__lt=now).count(),
        address,
        "key",
        "Đặt lại mật khẩu để cán bộ vào được.",
        is_due=True,
    )
    yield Work(
        "Mật khẩu lần đầu chưa đổi",
        first.filter(password_expires_at__gte=now).count(),
        address,
        "hourglass-split",
        "Nhắc cán bộ đăng nhập và đổi mật khẩu.",
    )
    yield Work(
        "Tài khoản đang khóa",
        officers.filter(is_active=False).count(),
        address,
        "lock",
        "Mở lại nếu cán bộ còn công tác.",
    )
