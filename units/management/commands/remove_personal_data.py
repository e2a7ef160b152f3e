"""Removes personal data whose time is over; without --commit it only says what would go."""

from django.core.management.base import BaseCommand

from movement_portal.lib.dates import today
from movement_portal.lib.numbers import written
from units.models import Unit
from units.retention.rules import TO_LOOK_AT, Overdue, overdue, remove

#: Records of one kind named in the report.
NAMED = 50


class Command(BaseCommand):
    help = (
        "Nêu và xóa dữ liệu cá nhân hết thời hạn lưu, theo bảng “Thời hạn lưu dữ liệu cá nhân”; loại chưa đặt số tháng "
        "thì giữ nguyên. Mặc định chỉ chạy thử. Lịch sử vẫn còn: ai làm gì, lúc nào; chỉ họ tên và số bị xóa."
    )

    def add_arguments(self, parser):
        parser.add_argument("--commit", action="store_true", help="xóa thật; không có thì chỉ nêu")
        parser.add_argument("--all", action="store_true", help=f"nêu hết, không dừng ở {NAMED} bản ghi mỗi loại")

    def handle(self, *, commit, all, **options):
        self.stdout.write(f"Dữ liệu cá nhân hết thời hạn lưu, tính đến {today():%d/%m/%Y}.")
        count = 0
        for number, kind in enumerate(overdue(), 1):
            self.stdout.write(f"\n{number}. {kind.retention.title}")
            self._tell(kind, every=all)
            self._tell_mentions(kind, every=all)
            count += len(kind.due)
            if commit and kind.due:
                done = remove(kind)
                self.stdout.write(
                    f"   Đã xóa ở {written(done.records)} bản ghi, {written(done.changes)} dòng lịch sử, "
                    f"{written(done.rows)} dòng đã nhập."
                )
        if not count:
            self.stdout.write("\nKhông có gì hết thời hạn.")
        elif not commit:
            self.stdout.write("\nChạy thử: chưa xóa gì. Thêm --commit để xóa; xóa rồi không lấy lại được.")

    def _tell_mentions(self, kind: Overdue, *, every: bool) -> None:
        mentions = kind.mentions()
        if not mentions:
            return
        self.stdout.write(
            f"   {TO_LOOK_AT}: {written(len(mentions))} chỗ còn nêu họ tên trong ghi chú, nội dung, lý do; "
            "lệnh không sửa những chỗ này."
        )
        units = Unit.objects.in_bulk({each.person.unit for each in mentions})
        for each in mentions if every else mentions[:NAMED]:
            where = f"{each.kind} của {units[each.person.unit]}, {each.place}"
            self.stdout.write(f"   ! {each.person.name}: {where}" + (f" ({each.url})" if each.url else ""))
        if not every and len(mentions) > NAMED:
            self.stdout.write(f"   ! … và {written(len(mentions) - NAMED)} chỗ nữa (--all để nêu hết).")

    def _tell(self, kind: Overdue, *, every: bool) -> None:
        if kind.before is None:
            self.stdout.write(f"   Chưa đặt thời hạn: giữ nguyên. Khi đặt, tính từ {kind.retention.since}.")
            return
        self.stdout.write(f"   {kind.period.months} tháng từ {kind.retention.since}; căn cứ: {kind.period.source}.")
        self.stdout.write(f"   Hết cần trước ngày {kind.before:%d/%m/%Y}: {written(len(kind.due))} bản ghi.")
        shown = kind.due if every else kind.due[:NAMED]
        for due in shown:
            self.stdout.write(f"   - {due.label}" + (f", từ {due.ended_on:%d/%m/%Y}" if due.ended_on else ""))
        if len(shown) < len(kind.due):
            self.stdout.write(f"   … và {written(len(kind.due) - len(shown))} bản ghi nữa (--all để nêu hết).")
