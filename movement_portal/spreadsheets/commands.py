"""What the commands over lists share: the kind of list and the officer on whose behalf they work."""

from django.core.management.base import BaseCommand, CommandError

from movement_portal.jurisdictions.models import Jurisdiction, Officer
from movement_portal.lib.dates import today
from movement_portal.spreadsheets.sheets import sheet_for, sheets


class SheetCommand(BaseCommand):
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
