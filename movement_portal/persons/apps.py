from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "movement_portal.persons"
    label = "persons"
    verbose_name = "Dữ liệu cá nhân"

    def ready(self):
        from movement_portal.persons import checks
        from movement_portal.persons.holdings import register_officers

        checks.enlist()
        register_officers()
