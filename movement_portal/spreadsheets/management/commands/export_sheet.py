"""Write the records of a list as a file that comes in again, as the pages give it out, for an officer."""

from pathlib import Path

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
        parser.add_argument("sheet", help="loại bảng, ví dụ: units")
        parser.add_argument("--officer", required=True, metavar="NAME", help="tên đăng nhập của cán bộ xuất")
        parser.add_argument("--area", default="", metavar="CODE", help="mã địa bàn; bỏ trống là cả địa bàn của cán bộ")
        parser.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="TRƯỜNG=GIÁ TRỊ",
            help="chỉ các bản ghi như vậy, ví dụ: “Khối=Doanh nghiệp”; lặp lại được",
        )
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="tệp .xlsx hoặc .csv sẽ ghi")

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
            with options["out"].open("wb") as stream, act(EventKind.EXPORT, by=officer):
                count = write(stream, listing, form=form, officer=officer)
        except ValueProblem as problem:
            raise CommandError(problem.reason) from None
        except ListTooLong as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(f"Không ghi được tệp “{options['out']}”: {problem.strerror}.") from None
        self.stdout.write(f"Đã ghi {count} dòng vào {options['out']}.")
