from django.apps import AppConfig

from movement_portal import checks


class JurisdictionsConfig(AppConfig):
    name = "movement_portal.jurisdictions"
    label = "jurisdictions"
    verbose_name = "Địa bàn và cán bộ"

    def ready(self):
        checks.enlist()
