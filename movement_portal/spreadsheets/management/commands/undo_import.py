"""Take an import back on behalf of an officer, or say what that would do."""

import json

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from movement_portal.jurisdictions.models import Officer
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.undoing import plan_undo, summary_of


class Command(BaseCommand):
    help = (
        "Cho biết hoàn tác một lần nhập sẽ xóa gì, trả lại gì, giữ gì; chỉ làm khi có --commit. Bản ghi đã được sửa "
        "hoặc dùng sau khi nhập được giữ nguyên và nêu tên."
    )

    def add_arguments(self, parser):
        parser.add_argument("batch", type=int, metavar="SỐ", help="số của lần nhập, như trong địa chỉ trang của nó")
        parser.add_argument("--officer", required=True, metavar="NAME", help="tên đăng nhập của cán bộ hoàn tác")
        parser.add_argument("--commit", action="store_true", help="hoàn tác")
        parser.add_argument("--json", action="store_true", help="kết quả dạng JSON")

    def handle(self, *args, **options):
        officer = Officer.objects.filter(username=options["officer"], is_active=True).first()
        if officer is None:
            raise CommandError(f"Không có cán bộ “{options['officer']}” đang dùng.")
        batch = ImportBatch.objects.visible_to(officer).filter(pk=options["batch"]).first()
        if batch is None:
            raise CommandError(f"Không có lần nhập số {options['batch']} trong phạm vi của cán bộ {officer.username}.")
        try:
            if options["commit"]:
                batch = workflow.undo(batch.pk, by=officer)
                summary = batch.undo_plan
            else:
                workflow.require_undo(batch, officer)
                summary = summary_of(plan_undo(batch, officer=officer))
        except PermissionDenied:
            raise CommandError(f"Cán bộ {officer.username} không có quyền hoàn tác lần nhập này.") from None
        except workflow.ImportRefused as refusal:
            raise CommandError(refusal.message) from None
        self.tell(batch, summary, options)

    def tell(self, batch, summary, options):
        if options["json"]:
            self.stdout.write(json.dumps({"state": batch.state, **summary}, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"“{batch.file_name}”: {batch.get_state_display()}")
        for word, kinds in (("xóa", summary["removed_kinds"]), ("trả lại", summary["restored_kinds"])):
            for kind, count in kinds:
                self.stdout.write(f"{count:>8} {kind}: {word}")
        self.stdout.write(f"{summary['counts']['kept']:>8} giữ nguyên")
        for each in summary["kept"]:
            fields = f" ({', '.join(each['fields'])})" if each["fields"] else ""
            self.stdout.write(f"  {each['label']}: {each['reason']}{fields}")
        if not options["commit"]:
            self.stdout.write("Chưa làm gì. Thêm --commit để hoàn tác.")
