"""Accounts on the first page of those who administer them."""

from django.urls import reverse

from movement_portal.accounts.states import BY_NAME, ENDING, EXPIRED, LOCKED_OUT, NO_PASSWORD, UNUSED
from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.workflow import AccountState
from movement_portal.jurisdictions.worklists import Work, register


def register_work() -> None:
    """Put accounts on the first page."""
    register("accounts", _accounts, order=30)


#: State, icon, what to do about it, and whether it is due.
LINES = (
    (LOCKED_OUT, "lock", "Hỏi cán bộ rồi cho đăng nhập lại.", True),
    (NO_PASSWORD, "printer", "Cấp mật khẩu lần đầu, in phiếu giao cho cán bộ.", True),
    (EXPIRED, "key", "Đặt lại mật khẩu để cán bộ vào được.", True),
    (ENDING, "calendar3", "Phân công tiếp, hoặc để tự hết hiệu lực.", False),
    (UNUSED, "hourglass-split", "Nhắc cán bộ đăng nhập và đổi mật khẩu.", False),
    (BY_NAME[AccountState.LOCKED], "lock", "Mở lại nếu cán bộ còn công tác.", False),
)


def _accounts(user: Officer):
    if not user.has_perm("jurisdictions.change_officer"):
        return
    address = reverse("accounts:officer_list")
    officers = Officer.objects.visible_to(user)
    for state, icon, hint, is_due in LINES:
        label = "Tài khoản đang khóa" if state.name == AccountState.LOCKED else state.label
        yield Work(label, state.narrow(officers).count(), f"{address}?state={state.name}", icon, hint, is_due=is_due)
