"""The admin site: Django's own, in the portal's look, for every posted officer."""

from django.contrib.admin import AdminSite


class PortalAdminSite(AdminSite):
    site_header = "Quản trị dữ liệu"
    site_title = "Cổng phong trào"
    index_title = "Các bảng dữ liệu"
