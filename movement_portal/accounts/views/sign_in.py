"""Signing in and out, one's own password, one's own account."""

from axes.models import AccessLog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView, PasswordChangeView, RedirectURLMixin
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from movement_portal.accounts.forms import PasswordForm, SignInForm
from movement_portal.jurisdictions.functions import SUMMARIES, in_words
from movement_portal.jurisdictions.middleware import EXPIRED, IDLE, REASON_PARAMETER
from movement_portal.lib.acts import describe

#: Successful logins shown on one's own page: enough to notice a stranger.
RECENT_SIGN_INS = 5

NOTICES = {
    IDLE: (
        "Đã tự đăng xuất vì {minutes} phút không thao tác. Đăng nhập lại để trở về đúng trang đang xem; "
        "những gì đã lưu vẫn còn."
    ),
    EXPIRED: (
        "Mật khẩu lần đầu đã quá hạn {hours} giờ nên không dùng được nữa. "
        "Đề nghị người quản trị tài khoản đặt lại mật khẩu."
    ),
}


class SignInView(LoginView):
    form_class = SignInForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        notice = NOTICES.get(self.request.GET.get(REASON_PARAMETER), "") if self.request.method == "GET" else ""
        notice = notice.format(minutes=settings.IDLE_TIMEOUT_MINUTES, hours=settings.FIRST_PASSWORD_HOURS)
        return super().get_context_data(notice=notice, **kwargs)


class PasswordView(RedirectURLMixin, PasswordChangeView):
    form_class = PasswordForm
    template_name = "registration/password_change.html"

    def get_default_redirect_url(self):
        return resolve_url("accounts:my_account")

    def get_context_data(self, **kwargs):
        next_url = {self.redirect_field_name: self.get_redirect_url()}
        return super().get_context_data(is_first=self.request.user.must_change_password, **next_url, **kwargs)

    def form_valid(self, form):
        describe(label="Đổi mật khẩu")
        response = super().form_valid(form)
        messages.success(self.request, "Đã đổi mật khẩu. Các phiên đăng nhập ở máy khác đã bị thoát.")
        return response


@never_cache
@require_GET
def session(request):
    """Whose session lives, and the token its forms need; asking is work and keeps it alive."""
    return JsonResponse({"officer": request.user.username, "token": get_token(request)})


@require_GET
def my_account(request):
    officer = request.user
    sign_ins = AccessLog.objects.filter(username=officer.username).order_by("-attempt_time")
    context = {
        "officer": officer,
        "functions": [(posting, SUMMARIES[posting.function]) for posting in officer.current_postings],
        "rights": in_words(officer.get_all_permissions()),
        "sign_ins": sign_ins.values("attempt_time", "ip_address")[:RECENT_SIGN_INS],
    }
    return render(request, "accounts/my_account.html", context)
