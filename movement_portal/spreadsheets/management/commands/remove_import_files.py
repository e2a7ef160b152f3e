"""Remove the files of imports that ended long ago; who, when, what and the digest of the file stay."""

import datetime

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from movement_portal.audit.commands import AuditedCommand
from movement_portal.spreadsheets.keeping import remove_files


class Command(AuditedCommand):
    help = (
        "Xóa tệp đã tải lên của các lần nhập đã kết thúc quá số ngày lưu (mặc định lấy từ cấu hình; 0 là giữ mãi). "
        "Nhật ký lần nhập, kết quả từng dòng và mã băm SHA-256 vẫn giữ."
    )

    act_label = "Xóa tệp đã tải lên quá hạn lưu"

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=settings.IMPORT_FILES_KEEP_DAYS, metavar="NGÀY")

    def handle(self, *args, days, **options):
        if days < 0:
            raise CommandError("Số ngày phải từ 0 trở lên.")
        if days == 0:
            self.stdout.write("Giữ mọi tệp: chưa đặt số ngày lưu.")
            return
        removed = remove_files(before=timezone.now() - datetime.timedelta(days=days))
        self.stdout.write(f"Đã xóa tệp của {removed} lần nhập kết thúc quá {days} ngày.")
