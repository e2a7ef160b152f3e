from django.contrib.admin.apps import AdminConfig


class AdminPagesConfig(AdminConfig):
    default_site = "movement_portal.adminpages.site.PortalAdminSite"
