"""The process that does what pages have given to the background: large imports."""

import os
import signal
import time
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets import jobs, running
from movement_portal.spreadsheets.board import sign_of_worker

#: Seconds between two looks into the queue.
INTERVAL = 0.5
#: Seconds between two looks for jobs whose worker died unseen.
SETTLE_EVERY = 10
#: Days for which the queue keeps what it has done.
KEEP_DAYS = 14


class Command(BaseCommand):
    help = (
        "Làm các việc chạy nền (đọc, kiểm tra, ghi danh sách lớn), mỗi việc trong một tiến trình riêng, và làm "
        "lại việc mà tiến trình trước bỏ dở. Chạy cho đến khi nhận tín hiệu dừng."
    )

    def add_arguments(self, parser):
        parser.add_argument("--beside", type=int, metavar="PID", help="dừng khi tiến trình này không còn")
        parser.add_argument("--once", action="store_true", help="làm hết việc đang chờ rồi thoát")

    def handle(self, *args, beside, once, **options):
        self.stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        call_command("prune_db_task_results", min_age_days=KEEP_DAYS, verbosity=0)
        settled_at = 0.0
        while not self.stopping and (beside is None or is_alive(beside)):
            if time.monotonic() - settled_at > SETTLE_EVERY or once:
                settled_at = time.monotonic()
                self.tell(jobs.settle())
            sign_of_worker()
            if self.has_work():
                self.do_one()
            elif once:
                break
            else:
                connections.close_all()
                time.sleep(INTERVAL)

    def stop(self, signum, frame):
        """Finish the job under way, then end."""
        self.stopping = True

    def has_work(self):
        return DBTaskResult.objects.ready().exists()

    def do_one(self):
        """Do one job in a process of its own: its memory goes back with it, and its death is seen at once."""
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            os._exit(do_in_child())
        ended, status = 0, 0
        while not ended:
            sign_of_worker()
            time.sleep(INTERVAL / 5)
            ended, status = os.waitpid(pid, os.WNOHANG)
        if os.waitstatus_to_exitcode(status) != 0:
            self.tell(jobs.settle(dead_worker=running.worker_name(pid)))

    def tell(self, settled):
        for each in settled:
            moment = timezone.localtime().strftime("%H:%M:%S %d/%m/%Y")
            job = each.job
            self.stderr.write(
                f"{moment} tiến trình {job.worker} dừng khi đang {mid_sentence(job.get_step_display())} "
                f"“{job.batch.file_name}”: {WHAT_BECAME[each.state]}"
            )


WHAT_BECAME = {
    jobs.JobState.WAITING: "chưa có gì được ghi, sẽ làm lại",
    jobs.JobState.FAILED: "chưa có gì được ghi, trả lại cho cán bộ",
    jobs.JobState.CANCELLED: "đã dừng theo yêu cầu",
}


def is_alive(pid):
    """Whether a process of this machine is there."""
    return Path(f"/proc/{pid}").exists()


def do_in_child():
    """Take one task from the queue and do it; the exit code of the process that does."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(running.STOP_SIGNAL, running.break_off)
    try:
        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=running.this_worker(),
            excluded_queue_names=[],
        ).run()
    except BaseException:
        running.logger.exception("the worker failed")
        return 1
    return 0
