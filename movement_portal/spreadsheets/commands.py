"""What the commands over lists share: the kind of list, the officer on whose behalf they work, the file they write."""

from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from movement_portal.jurisdictions.models import Jurisdiction, Officer
from movement_portal.lib.dates import today
from movement_portal.spreadsheets.sheets import sheet_for, sheets
from movement_portal.spreadsheets.workflow import require_right


class SheetCommand(BaseCommand):
    def add_sheet_arguments(self, parser, *, officer: str, out: str, with_area: bool = True):
        """The kind of list, the officer, the area and the file; ``officer`` and ``out`` say what the two are for."""
        parser.add_argument("sheet", help="loại bảng, ví dụ: units")
        parser.add_argument("--officer", required=True, metavar="NAME", help=f"tên đăng nhập của {officer}")
        if with_area:
            every = "mã địa bàn; bỏ trống là cả địa bàn của cán bộ"
            parser.add_argument("--area", default="", metavar="CODE", help=every)
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help=out)

    def require_import(self, sheet, officer):
        """Refuse an officer who may not bring in lists of the kind."""
        try:
            require_right(sheet, officer)
        except PermissionDenied:
            raise CommandError(f"Cán bộ {officer.username} không có quyền nhập bảng “{sheet.label}”.") from None

    @contextmanager
    def written(self, path: Path):
        """The file opened for writing; what the system refuses is told in words."""
        try:
            with path.open("wb") as stream:
                yield stream
        except OSError as problem:
            raise CommandError(f"Không ghi được tệp “{path}”: {problem.strerror}.") from None

    def find_sheet(self, name):
        try:
            return sheet_for(name)
        except KeyError:
            known = ", ".join(sorted(sheet.name for sheet in sheets()))
            raise CommandError(f"Không có loại bảng “{name}”. Các loại: {known}.") from None

    def find_officer(self, username):
        officer = Officer.objects.filter(username=username, is_active=True).first()
        if officer is None:
            raise CommandError(f"Không có cán bộ “{username}” đang dùng.")
        return officer

    def find_area(self, code, officer):
        if not code:
            return None
        area = Jurisdiction.objects.visible_to(officer).as_of(today()).filter(code=code).first()
        if area is None:
            raise CommandError(f"Không có địa bàn mã “{code}” trong phạm vi của cán bộ {officer.username}.")
        return area
