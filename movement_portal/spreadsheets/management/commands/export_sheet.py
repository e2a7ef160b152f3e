"""Write the records of a list as a file that comes in again, as the pages give it out, for an officer."""

from django.core.management.base import CommandError

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.spreadsheets.commands import SheetCommand
from movement_portal.spreadsheets.exporting import FORM_LABELS, sheet_listing, write
from movement_portal.spreadsheets.selecting import select
from movement_portal.spreadsheets.values import ValueProblem
from movement_portal.spreadsheets.writing import ListTooLong


class Command(SheetCommand):
    help = (
        "Ghi một danh sách ra tệp Excel hoặc CSV, đủ cột để nhập lại bằng import_sheet: chỉ những bản ghi mà cán bộ "
        "xem được. Lọc bằng --area và --where; lần xuất được ghi vào nhật ký."
    )

    def add_arguments(self, parser):
        self.add_sheet_arguments(parser, officer="cán bộ xuất", out="tệp .xlsx hoặc .csv sẽ ghi")
        parser.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="TRƯỜNG=GIÁ TRỊ",
            help="chỉ các bản ghi như vậy, ví dụ: “Khối=Doanh nghiệp”; lặp lại được",
        )

    def handle(self, *args, **options):
        sheet, officer = self.find_sheet(options["sheet"]), self.find_officer(options["officer"])
        form = options["out"].suffix.lower().removeprefix(".")
        if form not in FORM_LABELS:
            raise CommandError("Tên tệp phải kết thúc bằng .xlsx hoặc .csv.")
        if not sheet.may_export(officer):
            raise CommandError(f"Cán bộ {officer.username} không có quyền xuất bảng “{sheet.label}”.")
        area = self.find_area(options["area"], officer)
        try:
            records, filters = select(sheet, officer=officer, area=area, wheres=options["where"])
            listing = sheet_listing(sheet, records, filters=filters, officer=officer)
            with self.written(options["out"]) as stream, act(EventKind.EXPORT, by=officer):
                count = write(stream, listing, form=form, officer=officer)
        except ValueProblem as problem:
            raise CommandError(problem.reason) from None
        except ListTooLong as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"Đã ghi {count} dòng vào {options['out']}.")
