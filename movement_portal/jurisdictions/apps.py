from django.apps import AppConfig


class JurisdictionsConfig(AppConfig):
    name = "movement_portal.jurisdictions"
    label = "jurisdictions"
    verbose_name = "Địa bàn và cán bộ"
