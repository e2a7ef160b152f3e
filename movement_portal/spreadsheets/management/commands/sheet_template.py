"""Write the empty workbook of a kind of list, as the page offers it to an officer."""

from movement_portal.spreadsheets.blank_workbooks import write_template
from movement_portal.spreadsheets.commands import SheetCommand


class Command(SheetCommand):
    help = "Ghi tệp Excel mẫu của một loại bảng: danh sách chọn giới hạn trong địa bàn của cán bộ."

    def add_arguments(self, parser):
        self.add_sheet_arguments(parser, officer="cán bộ dùng tệp", out="tệp .xlsx sẽ ghi", with_area=False)

    def handle(self, *args, **options):
        sheet, officer = self.find_sheet(options["sheet"]), self.find_officer(options["officer"])
        self.require_import(sheet, officer)
        with self.written(options["out"]) as stream:
            write_template(stream, sheet, officer=officer)
        self.stdout.write(f"Đã ghi tệp mẫu “{sheet.label}” vào {options['out']}.")
