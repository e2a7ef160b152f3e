"""Write an office's own records as a workbook to be corrected offline and sent back, as the page gives it out."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.spreadsheets.commands import SheetCommand
from movement_portal.spreadsheets.issuing import TooManyRecords, issue
from movement_portal.spreadsheets.workflow import require_right


class Command(SheetCommand):
    help = (
        "Ghi các bản ghi của một địa bàn ra tệp Excel để sửa ngoài cổng rồi gửi lại bằng import_sheet hoặc ở trang "
        "Nhập Excel. Mỗi dòng mang dấu của cổng: nhận lại, cổng so ba bên và hỏi ở ô mà tệp và sổ cùng sửa."
    )

    def add_arguments(self, parser):
        parser.add_argument("sheet", help="loại bảng, ví dụ: units")
        parser.add_argument("--officer", required=True, metavar="NAME", help="tên đăng nhập của cán bộ dùng tệp")
        parser.add_argument("--area", default="", metavar="CODE", help="mã địa bàn; bỏ trống là cả địa bàn của cán bộ")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="tệp .xlsx sẽ ghi")

    def handle(self, *args, **options):
        sheet, officer = self.find_sheet(options["sheet"]), self.find_officer(options["officer"])
        try:
            require_right(sheet, officer)
        except PermissionDenied:
            raise CommandError(f"Cán bộ {officer.username} không có quyền nhập bảng “{sheet.label}”.") from None
        area = self.find_area(options["area"], officer) or officer.jurisdiction
        try:
            with options["out"].open("wb") as stream, act(EventKind.EXPORT, by=officer):
                workbook = issue(stream, sheet, officer=officer, area=area)
        except TooManyRecords as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(f"Không ghi được tệp “{options['out']}”: {problem.strerror}.") from None
        self.stdout.write(f"Đã ghi {workbook.row_count} dòng vào {options['out']}, tệp số {workbook.pk}.")
