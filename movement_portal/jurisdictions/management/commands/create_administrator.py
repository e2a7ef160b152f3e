from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Jurisdiction, Officer, PoliceOffice
from movement_portal.jurisdictions.workflow import give_first_password, post
from movement_portal.lib.acts import command_act
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import fold


class Command(BaseCommand):
    help = "Mở tài khoản quản trị đầu tiên và in mật khẩu lần đầu của tài khoản đó."

    def add_arguments(self, parser):
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--full-name", required=True, help="họ và tên")
        parser.add_argument("--office", required=True, help="mã địa bàn hoặc tên cơ quan Công an")

    def handle(self, *args, username, full_name, office, **options):
        office = office_named(office)
        with command_act(f"Mở tài khoản quản trị {username}"), transaction.atomic():
            officer = Officer(username=Officer.normalize_username(username), full_name=full_name)
            officer.opened_at = office
            password = give_first_password(officer)
            try:
                officer.full_clean()
                officer.save()
                for function in (Function.MANAGE_ACCOUNTS, Function.MANAGE_RECORDS):
                    grants = Function.values if function is Function.MANAGE_ACCOUNTS else ()
                    post(officer, office=office, function=function, valid_from=today(), grants=grants)
            except ValidationError as error:
                raise CommandError("; ".join(error.messages)) from error
        deadline = timezone.localtime(officer.password_expires_at)
        self.stdout.write(f"Tên đăng nhập: {officer.username}\nMật khẩu lần đầu: {password}")
        self.stdout.write(f"Cơ quan: {office}\nDùng đến: {deadline:%H:%M %d/%m/%Y}; phải đổi khi đăng nhập.")


def office_named(text: str) -> PoliceOffice:
    """The police office of today by the code of its area or by its name, accents optional.

    Raises ``CommandError`` where there is none or more than one.
    """
    offices = PoliceOffice.objects.as_of(today()).select_related("jurisdiction").order_by("id")
    area = Jurisdiction.objects.as_of(today()).filter(code=text).first()
    found = list(offices.filter(jurisdiction=area) if area else offices.filter(search_folded=fold(text)))
    if len(found) == 1:
        return found[0]
    if not found:
        raise CommandError(f"Không có cơ quan Công an nào của “{text}”.")
    names = "; ".join(f"{office} ({office.jurisdiction.code})" for office in found)
    raise CommandError(f"“{text}” là nhiều cơ quan, hãy ghi rõ tên: {names}")
