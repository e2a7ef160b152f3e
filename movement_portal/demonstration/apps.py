from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "movement_portal.demonstration"
    label = "demonstration"
    verbose_name = "Dữ liệu mẫu"
