from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "Đơn vị"

    def ready(self):
        from movement_portal.lib.changes import follow
        from units.models.activities import ActivityUnit, keep_has_units
        from units.models.records import follow_area
        from units.models.transfers import follow_units
        from units.personal import register_persons
        from units.profile.activities import register_activities
        from units.profile.duties import register_duties
        from units.profile.forces import register_forces
        from units.profile.units import register_sections
        from units.retention.guards import register_guards
        from units.retention.holders import register_holders
        from units.retention.lists import register_lists
        from units.worklists import register_work

        follow_area(follow_units)
        follow(ActivityUnit, keep_has_units)
        register_sections()
        register_work()
        register_forces()
        register_activities()
        register_duties()
        register_persons()
        register_guards()
        register_holders()
        register_lists()
