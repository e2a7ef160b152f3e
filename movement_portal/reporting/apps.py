from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "movement_portal.reporting"
    label = "reporting"
    verbose_name = "Báo cáo"
