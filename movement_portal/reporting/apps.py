from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "movement_portal.reporting"
    label = "reporting"
    verbose_name = "Báo cáo"

    def ready(self):
        from movement_portal.reporting.worklists import register_work

        register_work()
