from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SpreadsheetsConfig(AppConfig):
    name = "movement_portal.spreadsheets"
    label = "spreadsheets"
    verbose_name = "Nhập từ bảng"

    def ready(self):
        autodiscover_modules("sheets")
