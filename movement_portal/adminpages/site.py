"""The admin site: Django's own, in the portal's look, for every posted officer."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect


class PortalAdminSite(AdminSite):
    site_header = "Quản trị dữ liệu"
    site_title = "Cổng phong trào"
    index_title = "Các bảng dữ liệu"

    def login(self, request, extra_context=None):
        """Strangers never come here: the portal's own login page meets them; who does has no posting."""
        if self.has_permission(request):
            return redirect("admin:index")
        raise PermissionDenied

    def password_change(self, request, extra_context=None):
        return redirect("password_change")
