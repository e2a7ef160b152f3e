from django.core.management.base import BaseCommand

from movement_portal.demonstration.accounts import ACCOUNTS, PASSWORD
from movement_portal.jurisdictions.models import Officer


class Command(BaseCommand):
    help = "In danh sách tài khoản mẫu."

    def add_arguments(self, parser):
        parser.add_argument("--url", default="", help="địa chỉ của cổng, in ở dòng đầu")

    def handle(self, *, url, **options):
        present = set(
            Officer.objects.filter(username__in=[a.username for a in ACCOUNTS]).values_list("username", flat=True)
        )
        if not present:
            self.stdout.write("Cơ sở dữ liệu này không có tài khoản mẫu.")
            return
        width = max(len(username) for username in present)
        if url:
            self.stdout.write(f"\nCổng mở tại {url}  (dừng: Ctrl+C)")
        self.stdout.write(f"Tài khoản mẫu, mật khẩu chung: {PASSWORD}\n")
        for account in ACCOUNTS:
            if account.username in present:
                self.stdout.write(f"  {account.username:<{width}}  {account.about}")
        self.stdout.write("")
