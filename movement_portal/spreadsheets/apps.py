from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules

from movement_portal.lib.sqlite import allow_wide_statements


class SpreadsheetsConfig(AppConfig):
    name = "movement_portal.spreadsheets"
    label = "spreadsheets"
    verbose_name = "Nhập từ bảng"

    def ready(self):
        from movement_portal.audit import sources
        from movement_portal.spreadsheets.journal import lines_behind
        from movement_portal.spreadsheets.sealed import register_sealed
        from movement_portal.spreadsheets.worklists import register_work

        register_sealed()
        register_work()
        sources.register(lines_behind)
        connection_created.connect(allow_wide_statements)
        autodiscover_modules("sheets")
