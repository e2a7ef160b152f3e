from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from movement_portal.jurisdictions.reference import BrokenReference, load
from movement_portal.lib.acts import command_act

#: Differences that are listed one by one; the rest is counted.
LISTED = 20


class Command(BaseCommand):
    help = "Nạp địa bàn cả nước và cơ quan Công an; chạy lại ở mỗi lần cài đặt, chỉ thêm những gì còn thiếu."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures" / "territory")
        parser.add_argument(
            "--force", action="store_true", help="đưa các địa bàn đã được sửa tay trở về như bộ dữ liệu"
        )

    def handle(self, *args, folder, force, verbosity, **options):
        try:
            with command_act("Nạp địa bàn cả nước"):
                result = load(folder, restore=force)
        except BrokenReference as error:
            raise CommandError(str(error)) from error
        if not verbosity:
            return
        if not result.wrote:
            self.stdout.write("Địa bàn đã đủ, không có gì thay đổi.")
        for name, count in result.created.items():
            if count:
                self.stdout.write(f"Đã thêm {count} {name}.")
        if result.changed:
            self.stdout.write(f"Đã sửa {result.changed} địa bàn.")
        if result.kept:
            self.stdout.write(f"{len(result.kept)} địa bàn khác với bộ dữ liệu, giữ nguyên (--force để lấy lại):")
            for line in result.kept[:LISTED]:
                self.stdout.write(f"  {line}")
