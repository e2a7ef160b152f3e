from django.contrib.admin.apps import AdminConfig


class AdminPagesConfig(AdminConfig):
    """Django's admin app under its own label; the apps below this one are registered from here."""

    default_site = "movement_portal.adminpages.site.PortalAdminSite"
    verbose_name = "Quản trị dữ liệu"

    def ready(self):
        super().ready()

        from django.contrib.admin import site
        from django_tasks_db.models import DBTaskResult

        from movement_portal.adminpages import sheets  # noqa: F401
        from movement_portal.adminpages.display import take_over
        from movement_portal.adminpages.registrations import (  # noqa: F401
            audit,
            documents,
            jurisdictions,
            persons,
            spreadsheets,
        )

        take_over()
        # The queue of background work says nothing that an import's own pages do not say in words.
        site.unregister(DBTaskResult)
