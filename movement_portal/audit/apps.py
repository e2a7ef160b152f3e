from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "movement_portal.audit"
    label = "audit"
    verbose_name = "Nhật ký"

    def ready(self):
        from movement_portal.audit.recording import write
        from movement_portal.lib.changes import set_recorder

        set_recorder(write)
