"""Find units that may be one, for the page of likely duplicates; meant for every night."""

from django.core.management.base import CommandError
from django.db import IntegrityError

from movement_portal.audit.commands import AuditedCommand
from movement_portal.lib.numbers import written
from units.merging.finding import find_duplicates
from units.merging.transfer_workflow import expire_requests


class Command(AuditedCommand):
    help = (
        "Tìm các đơn vị nghi trùng nhau theo mã, tên, địa chỉ, điện thoại và cập nhật trang “Nghi trùng”; đóng đề nghị "
        "chuyển đơn vị quá hạn. "
        "Chạy lại không đổi gì; cặp đã xét “không phải trùng” chỉ được nêu lại khi tên, mã đổi hoặc có thêm lý do."
    )

    act_label = "Tìm đơn vị nghi trùng"

    def handle(self, *args, **options):
        expired = expire_requests()
        try:
            tally = find_duplicates()
        except IntegrityError as error:
            raise CommandError("Một lần tìm khác đang ghi kết quả. Chạy lại sau.") from error
        self.stdout.write(
            f"Đã so {written(tally.compared)} đơn vị: {written(tally.found)} cặp nghi trùng, trong đó "
            f"{written(tally.new)} cặp mới, {written(tally.reopened)} cặp nêu lại, {written(tally.gone)} cặp thôi nêu. "
            f"{written(expired)} đề nghị chuyển đơn vị quá hạn đã đóng."
        )
