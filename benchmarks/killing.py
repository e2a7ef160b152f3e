"""Kills workers at random moments of a commit and looks what is left in the register: all rows of the list, or none."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from benchmarks.harness import Measure
from movement_portal.audit.models import Change
from movement_portal.demonstration.register import tax_code
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Jurisdiction, Officer, PoliceOffice, Posting
from movement_portal.lib.dates import today
from movement_portal.spreadsheets import jobs, workflow
from movement_portal.spreadsheets.board import Board
from movement_portal.spreadsheets.enums import BatchState, CommitMode, JobState, JobStep
from movement_portal.spreadsheets.models import ImportJob
from movement_portal.spreadsheets.sheets import sheet_for
from units.models import Placement, Unit

#: Rows of a list that is being written when its worker is killed, and how many workers are.
ROWS, KILLS = 2_000, int(os.environ.get("BENCH_KILLS", "50"))
#: When a worker is killed: while rows are made ready, while they are written, around the end of the transaction.
MOMENTS = ("before", "during", "after")
#: What a job tells of itself while it writes.
WRITES = "Ghi vào sổ"
#: Every so many killings the job is done to its end by another worker, else it is stopped.
RESUMED = 5


class HalfImport(AssertionError):
    """A killed worker left some rows of a list behind, or a state that does not say what is in the register."""


def run(sizes):
    """One measure: half imports among all killings, which must be none."""
    officer = an_officer()
    length = commit_seconds(officer)
    measures = []
    for number in range(1, KILLS + 1):
        moment = MOMENTS[number % len(MOMENTS)]
        measures.append((moment, kill_one(officer, number, moment, length)))
    for moment in MOMENTS:
        ends = [written for each, written in measures if each == moment]
        what = f"kill -9 {moment} the writing, {len(ends)} times: half imports ({sum(ends)} had all rows)"
        yield Measure(connection.vendor, ROWS, what, 0, "imports", target="0")


def an_officer():
    """Who administers records of a province, and may import."""
    area = Jurisdiction.objects.as_of(today()).filter(kind="province").order_by("pk").first()
    office, _ = PoliceOffice.objects.get_or_create(
        jurisdiction=area, level="province", defaults={"name": "Công an tỉnh"}
    )
    officer = Officer.objects.create(username=f"kill-{time.time():.0f}", full_name="Cán bộ Mẫu")
    Posting.objects.create(officer=officer, office=office, function=Function.MANAGE_RECORDS, valid_from=today())
    return Officer.objects.get(pk=officer.pk)


# -- one list ----------------------------------------------------------------------------------------------------------
def codes_of(number):
    """The tax codes of the nth list; no two lists share one."""
    return [tax_code(number * ROWS + row) for row in range(ROWS)]


def queued(officer, number):
    """The nth list, checked, its commit in the queue."""
    lines = ["Tên đơn vị,Khối,Mã số thuế", *(f"Công ty Mẫu {code},Doanh nghiệp,{code}" for code in codes_of(number))]
    file = SimpleUploadedFile(f"danh-sach-{number}.csv", "\n".join(lines).encode())
    batch = workflow.upload(sheet_for("units"), file, by=officer, default_area=officer.jurisdiction)
    batch = workflow.choose(
        batch.pk, by=officer, mapping=batch.mapping, constants={}, default_area=officer.jurisdiction
    )
    if batch.counts["new"] != ROWS:
        raise AssertionError(f"the list is not what it should be: {batch.counts}")
    jobs.start(batch.pk, JobStep.COMMIT, by=officer, options={"mode": CommitMode.ALL_OR_NOTHING})
    return batch


def worker():
    """A real worker in a session of its own, which ends when the queue is empty."""
    return subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_worker", "--once"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def taken(batch):
    """The job of the batch as soon as a worker has it."""
    for _ in range(6_000):
        if job := ImportJob.objects.filter(batch=batch).exclude(state=JobState.WAITING).first():
            return job
        time.sleep(0.01)
    raise AssertionError("no worker took the job")


def commit_seconds(officer):
    """How long a commit takes when nobody kills its worker."""
    batch = queued(officer, 0)
    process = worker()
    taken(batch)
    process.wait(300)
    job = ImportJob.objects.get(batch=batch)
    look(batch, 0)
    if job.state != JobState.DONE:
        raise AssertionError(f"the commit was not done: {job.message}")
    return (job.ended_at - job.started_at).total_seconds()


# -- one killing -------------------------------------------------------------------------------------------------------
def kill_one(officer, number, moment, length):
    """Kill the worker of one commit at a random moment of that kind; answers whether all rows were written."""
    batch = queued(officer, number)
    process = worker()
    job = taken(batch)
    wait_for(job, moment, length)
    # By turns the process that writes, and everything at once as a power cut would.
    if number % 2:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(job.worker.rpartition(":")[2]), signal.SIGKILL)
        time.sleep(0.3)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)
    # The server of the database may still end what it was told before the client died.
    time.sleep(0.3)
    is_written = look(batch, number)
    if not is_written:
        settle(batch, number, officer)
    found = "all" if is_written else "no"
    print(f"  {connection.vendor} {number}: killed {moment} the writing, {found} rows", flush=True)
    return is_written


def wait_for(job, moment, length):
    """Wait for a random moment before, during or after the writing; a commit takes about ``length`` seconds."""
    if moment == "before":
        time.sleep(random.uniform(0, length * 0.7))
        return
    board = Board(str(job.token))
    for _ in range(12_000):
        if board.read().stage == WRITES or not ImportJob.objects.filter(pk=job.pk, state=JobState.RUNNING).exists():
            break
        time.sleep(0.005)
    if moment == "during":
        time.sleep(random.uniform(0, length * 0.15))
        return
    while ImportJob.objects.filter(pk=job.pk, state=JobState.RUNNING).exists():
        time.sleep(0.005)
    time.sleep(random.uniform(0, 0.1))


def settle(batch, number, officer):
    """A job whose worker is dead is found, and resumed or stopped."""
    jobs.settle(silence=0)
    job = ImportJob.objects.get(batch=batch)
    if number % RESUMED:
        if job.is_active:
            jobs.stop(batch.pk, by=officer)
            jobs.settle(silence=0)
        batch.refresh_from_db()
        if batch.state not in (BatchState.CHECKED, BatchState.COMMITTED):
            raise HalfImport(f"the stopped import is {batch.state}")
        return
    worker().wait(300)
    if not look(batch, number):
        raise HalfImport("the job was not resumed")


def look(batch, number):
    """Whether all rows of the list are in the register; raises ``HalfImport`` for anything between all and none."""
    units = list(Unit.objects.filter(tax_code__in=codes_of(number)).values_list("pk", flat=True))
    histories = Change.objects.filter(model="units.unit", action="create", object_id__in=units).count()
    placements = Placement.objects.filter(unit__in=units).values("unit").distinct().count()
    batch.refresh_from_db()
    is_committed = batch.state == BatchState.COMMITTED
    events = Change.objects.filter(event=batch.event_id).count() if is_committed else 0
    found = (len(units), histories, placements, is_committed, events > ROWS)
    if found not in ((0, 0, 0, False, False), (ROWS, ROWS, placements, True, True)):
        raise HalfImport(f"{connection.vendor}, list {number}: {found}")
    return is_committed
