"""Report and settle jobs in the background whose worker died; the worker does the same by itself."""

from django.core.management.base import BaseCommand

from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets import jobs
from movement_portal.spreadsheets.management.commands.run_worker import WHAT_BECAME
from movement_portal.spreadsheets.models import ImportJob


class Command(BaseCommand):
    help = (
        "Liệt kê các việc chạy nền đang chờ hay đang chạy; việc nào tiến trình đã chết thì xếp hàng lại (tối đa ba "
        "lần) hoặc trả lại cho cán bộ. Không việc nào ghi dở: mỗi lần ghi là một giao dịch."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--silence",
            type=float,
            default=jobs.SILENCE,
            metavar="GIÂY",
            help="số giây không có dấu hiệu thì coi là đã chết (mặc định %(default)s)",
        )
        parser.add_argument("--list", action="store_true", help="chỉ liệt kê, không làm gì")

    def handle(self, *args, silence, list, **options):
        settled = [] if list else jobs.settle(silence=silence)
        for each in settled:
            self.stdout.write(f"{each.job}: {WHAT_BECAME[each.state]}.")
        active = ImportJob.objects.filter(state__in=jobs.ACTIVE).select_related("batch").order_by("pk")
        for job in active:
            quiet = f", im {jobs.silence_of(job):.0f} giây" if job.started_at and job.worker else ""
            self.stdout.write(f"{job}: {mid_sentence(job.get_state_display())}{quiet}.")
        if not settled and not active:
            self.stdout.write("Không có việc chạy nền nào.")
