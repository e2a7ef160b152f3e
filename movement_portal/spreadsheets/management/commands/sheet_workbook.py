"""Write an office's own records as a workbook to be corrected offline and sent back, as the page gives it out."""

from django.core.management.base import CommandError

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.spreadsheets.commands import SheetCommand
from movement_portal.spreadsheets.issuing import TooManyRecords, issue


class Command(SheetCommand):
    help = (
        "Ghi các bản ghi của một địa bàn ra tệp Excel để sửa ngoài cổng rồi gửi lại bằng import_sheet hoặc ở trang "
        "Nhập Excel. Mỗi dòng mang dấu của cổng: nhận lại, cổng so ba bên và hỏi ở ô mà tệp và sổ cùng sửa."
    )

    def add_arguments(self, parser):
        self.add_sheet_arguments(parser, officer="cán bộ dùng tệp", out="tệp .xlsx sẽ ghi")

    def handle(self, *args, **options):
        sheet, officer = self.find_sheet(options["sheet"]), self.find_officer(options["officer"])
        self.require_import(sheet, officer)
        area = self.find_area(options["area"], officer) or officer.jurisdiction
        try:
            with self.written(options["out"]) as stream, act(EventKind.EXPORT, by=officer):
                workbook = issue(stream, sheet, officer=officer, area=area)
        except TooManyRecords as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"Đã ghi {workbook.row_count} dòng vào {options['out']}, tệp số {workbook.pk}.")
