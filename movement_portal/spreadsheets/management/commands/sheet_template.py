"""Write the empty workbook of a kind of list, as the page offers it to an officer."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError

from movement_portal.spreadsheets.blank_workbooks import write_template
from movement_portal.spreadsheets.commands import SheetCommand
from movement_portal.spreadsheets.workflow import require_right


class Command(SheetCommand):
    help = "Ghi tệp Excel mẫu của một loại bảng: danh sách chọn giới hạn trong địa bàn của cán bộ."

    def add_arguments(self, parser):
        parser.add_argument("sheet", help="loại bảng, ví dụ: units")
        parser.add_argument("--officer", required=True, metavar="NAME", help="tên đăng nhập của cán bộ dùng tệp")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="tệp .xlsx sẽ ghi")

    def handle(self, *args, **options):
        sheet, officer = self.find_sheet(options["sheet"]), self.find_officer(options["officer"])
        try:
            require_right(sheet, officer)
        except PermissionDenied:
            raise CommandError(f"Cán bộ {officer.username} không có quyền nhập bảng “{sheet.label}”.") from None
        try:
            with options["out"].open("wb") as stream:
                write_template(stream, sheet, officer=officer)
        except OSError as problem:
            raise CommandError(f"Không ghi được tệp “{options['out']}”: {problem.strerror}.") from None
        self.stdout.write(f"Đã ghi tệp mẫu “{sheet.label}” vào {options['out']}.")
