from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from movement_portal.lib.catalogue import compile_catalogues


class Command(BaseCommand):
    help = "Biên dịch bảng từ tiếng Việt của các gói (chạy khi cài đặt)."

    def handle(self, **options):
        for folder in settings.LOCALE_PATHS:
            for path in compile_catalogues(Path(folder)):
                self.stdout.write(f"Đã biên dịch {path.name}.")
