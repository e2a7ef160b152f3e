"""Steps in the background: queued, done once, stopped, and settled when their worker died."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from movement_portal.audit.models import AuditEvent
from movement_portal.jurisdictions.worklists import work_of
from movement_portal.spreadsheets import jobs, notices, running, workflow
from movement_portal.spreadsheets.board import Board, Standing
from movement_portal.spreadsheets.enums import BatchState, CommitMode, JobState, JobStep
from movement_portal.spreadsheets.models import ImportBatch, ImportJob
from movement_portal.spreadsheets.progress import Cancelled
from movement_portal.spreadsheets.sheets import sheet_for
from movement_portal.spreadsheets.views.jobs import time_left
from movement_portal.spreadsheets.workflow import steps
from tests.spreadsheets.lists import tax_code, uploaded
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]
ROWS = [[f"Công ty {n}", "Doanh nghiệp", tax_code(n), "An Phú"] for n in range(1, 6)]


@pytest.fixture(autouse=True)
def _own_board(settings, tmp_path):
    settings.JOBS_ROOT = tmp_path / "jobs"


@pytest.fixture
def all_large(settings):
    """Every list is large; what is queued is done at once."""
    settings.IMPORT_BACKGROUND_ROWS = 0


@pytest.fixture
def queue(settings, all_large):
    """What is queued stays in the queue: no worker is there."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def checked(place):
    return place.checked(HEADER, *ROWS)


def choice(batch):
    return {"mapping": batch.mapping, "constants": {}, "default_area": None}


def work(job):
    """What a worker would do with a job."""
    running.run(job.pk, str(job.token))
    job.refresh_from_db()
    return job


def waiting_commit(place, batch):
    jobs.commit(batch, by=place.officer, mode=CommitMode.ALL_OR_NOTHING)
    return ImportJob.objects.get(batch=batch)


def taken(job):
    """The job as a worker that died would leave it, silent for a minute."""
    job = running.claim(job.pk, str(job.token))
    past = timezone.now() - datetime.timedelta(seconds=60)
    ImportJob.objects.filter(pk=job.pk).update(started_at=past)
    return job


# -- now, or in the background -----------------------------------------------------------------------------------------
def test_a_small_list_needs_no_job(place):
    batch = jobs.upload(sheet_for("units"), uploaded(HEADER, *ROWS), by=place.officer)
    batch = jobs.choose(batch, by=place.officer, **choice(batch))
    batch = jobs.commit(batch, by=place.officer, mode=CommitMode.ALL_OR_NOTHING)
    assert batch.state == BatchState.COMMITTED
    assert not ImportJob.objects.exists()


def test_a_large_list_goes_through_three_jobs(place, settings, all_large):
    settings.IMPORT_BACKGROUND_BYTES = 10
    batch = jobs.upload(sheet_for("units"), uploaded(HEADER, *ROWS), by=place.officer)
    assert batch.state == BatchState.READ
    batch = jobs.choose(batch, by=place.officer, **choice(batch))
    assert batch.state == BatchState.CHECKED
    batch = jobs.commit(batch, by=place.officer, mode=CommitMode.ALL_OR_NOTHING)
    assert batch.state == BatchState.COMMITTED
    assert Unit.objects.count() == 5
    assert list(ImportJob.objects.order_by("pk").values_list("step", "state")) == [
        (JobStep.READ, JobState.DONE),
        (JobStep.CHECK, JobState.DONE),
        (JobStep.COMMIT, JobState.DONE),
    ]


def test_the_history_of_a_job_names_its_officer(place, checked, all_large):
    batch = jobs.commit(checked, by=place.officer, mode=CommitMode.ALL_OR_NOTHING)
    assert AuditEvent.objects.get(pk=batch.event_id).officer == place.officer


def test_a_file_that_cannot_be_read_fails_as_in_a_request(place, settings):
    settings.IMPORT_BACKGROUND_BYTES = 10
    batch = jobs.upload(sheet_for("units"), uploaded(HEADER), by=place.officer)
    assert batch.state == BatchState.FAILED
    assert batch.failure == "Tệp không có dòng dữ liệu nào."


# -- while it waits or runs --------------------------------------------------------------------------------------------
def test_a_running_batch_cannot_be_changed(place, checked, queue):
    waiting_commit(place, checked)
    for step in (
        lambda: workflow.commit(checked.pk, by=place.officer),
        lambda: workflow.cancel(checked.pk, by=place.officer),
        lambda: workflow.choose(checked.pk, by=place.officer, **choice(checked)),
        lambda: workflow.read_again(checked.pk, by=place.officer, header_rows={}),
    ):
        with pytest.raises(workflow.ImportRefused):
            step()
    checked.refresh_from_db()
    assert checked.state == BatchState.RUNNING
    assert not Unit.objects.exists()


def test_a_second_click_starts_no_second_job(place, checked, queue):
    waiting_commit(place, checked)
    with pytest.raises(workflow.ImportRefused):
        jobs.commit(checked, by=place.officer, mode=CommitMode.ALL_OR_NOTHING)
    assert ImportJob.objects.count() == 1
    assert DBTaskResult.objects.count() == 1


def test_the_database_refuses_two_active_jobs_of_a_batch(place, checked):
    facts = {"batch": checked, "step": JobStep.CHECK, "officer": place.officer, "from_state": BatchState.CHECKED}
    ImportJob.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportJob.objects.create(**facts)


def test_the_database_refuses_an_ended_job_without_its_moment(place, checked):
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportJob.objects.create(
            batch=checked,
            step=JobStep.CHECK,
            state=JobState.DONE,
            officer=place.officer,
            from_state=BatchState.CHECKED,
        )


def test_the_queue_hands_the_job_over_once(place, checked, queue):
    job = waiting_commit(place, checked)
    assert work(job).state == JobState.DONE
    before = Unit.objects.count()
    assert running.claim(job.pk, str(job.token)) is None
    running.run(job.pk, str(job.token))
    assert Unit.objects.count() == before == 5


def test_an_officer_who_lost_the_right_writes_nothing(place, checked, queue):
    job = waiting_commit(place, checked)
    place.officer.postings.update(valid_to=datetime.date(2025, 12, 31))
    assert work(job).state == JobState.FAILED
    assert job.message == running.NO_RIGHT
    checked.refresh_from_db()
    assert checked.state == BatchState.CHECKED
    assert not Unit.objects.exists()


def test_a_fault_gives_the_batch_back_and_is_logged(place, checked, queue, monkeypatch, caplog):
    job = waiting_commit(place, checked)
    monkeypatch.setitem(running.STEPS, JobStep.COMMIT, lambda _: 1 / 0)
    assert work(job).state == JobState.FAILED
    checked.refresh_from_db()
    assert (checked.state, checked.message) == (BatchState.CHECKED, running.FAULT)
    assert "ZeroDivisionError" in caplog.text


# -- stopped -----------------------------------------------------------------------------------------------------------
def test_a_waiting_job_stops_at_once(place, checked, queue):
    job = waiting_commit(place, checked)
    jobs.stop(checked.pk, by=place.officer)
    checked.refresh_from_db()
    assert checked.state == BatchState.CHECKED
    assert work(job).state == JobState.CANCELLED
    assert not Unit.objects.exists()


def test_a_commit_that_is_stopped_keeps_nothing(place, checked, queue):
    job = waiting_commit(place, checked)
    step = running.STEPS[JobStep.COMMIT]

    def stopped_within(job):
        job.board.ask_to_stop()
        step(job)

    running.STEPS[JobStep.COMMIT] = stopped_within
    try:
        assert work(job).state == JobState.CANCELLED
    finally:
        running.STEPS[JobStep.COMMIT] = step
    checked.refresh_from_db()
    assert checked.state == BatchState.CHECKED
    assert not Unit.objects.exists()
    assert jobs.commit(checked, by=place.officer, mode=CommitMode.ALL_OR_NOTHING).state == BatchState.RUNNING


def test_a_check_that_is_stopped_goes_back_to_the_columns(place, queue):
    batch = place.read(HEADER, *ROWS)
    batch = jobs.choose(batch, by=place.officer, **choice(batch))
    assert batch.state == BatchState.RUNNING
    jobs.stop(batch.pk, by=place.officer)
    batch.refresh_from_db()
    assert batch.state == BatchState.READ


def test_a_first_reading_that_is_stopped_gives_the_import_up(place, settings, queue):
    settings.IMPORT_BACKGROUND_BYTES = 10
    batch = jobs.upload(sheet_for("units"), uploaded(HEADER, *ROWS), by=place.officer)
    jobs.stop(batch.pk, by=place.officer)
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED


def test_what_has_ended_cannot_be_stopped(place, checked):
    with pytest.raises(workflow.ImportRefused):
        jobs.stop(checked.pk, by=place.officer)


def test_a_clerk_stops_nothing(place, checked, queue):
    waiting_commit(place, checked)
    with pytest.raises(PermissionDenied):
        jobs.stop(checked.pk, by=place.clerk)


def test_a_neighbour_stops_nothing(place, checked, queue):
    waiting_commit(place, checked)
    with pytest.raises(ImportBatch.DoesNotExist):
        jobs.stop(checked.pk, by=place.local)


# -- workers that died -------------------------------------------------------------------------------------------------
def test_a_silent_worker_is_replaced_and_the_job_done(place, checked, queue):
    dead = taken(waiting_commit(place, checked))
    assert [(each.job.pk, each.state) for each in jobs.settle()] == [(dead.pk, JobState.WAITING)]
    job = ImportJob.objects.get()
    assert job.token != dead.token
    assert work(job).state == JobState.DONE
    assert job.attempts == 2
    assert Unit.objects.count() == 5


def test_a_worker_that_was_only_slow_finds_its_job_lost(place, checked, queue):
    slow = taken(waiting_commit(place, checked))
    jobs.settle()
    slow.board = Board(str(slow.token))
    with pytest.raises(workflow.JobLost):
        running.STEPS[JobStep.COMMIT](slow)
    assert not Unit.objects.exists()


def test_a_job_that_kills_every_worker_is_given_up(place, checked, queue):
    waiting_commit(place, checked)
    for _ in range(jobs.MOST_ATTEMPTS):
        taken(ImportJob.objects.get())
        jobs.settle()
    job = ImportJob.objects.get()
    assert (job.state, job.message) == (JobState.FAILED, jobs.GIVEN_UP)
    checked.refresh_from_db()
    assert (checked.state, checked.message) == (BatchState.CHECKED, jobs.GIVEN_UP)


def test_a_job_whose_worker_died_after_the_wish_to_stop_is_stopped(place, checked, queue):
    job = taken(waiting_commit(place, checked))
    Board(str(job.token)).ask_to_stop()
    ImportJob.objects.filter(pk=job.pk).update(worker="may:7")
    assert [each.state for each in jobs.settle(dead_worker="may:7")] == [JobState.CANCELLED]
    checked.refresh_from_db()
    assert checked.state == BatchState.CHECKED


def test_a_worker_that_gives_signs_of_life_keeps_its_job(place, checked, queue):
    job = taken(waiting_commit(place, checked))
    Board(str(job.token)).tell()
    assert jobs.settle() == []


def test_the_dead_workers_task_leaves_the_queue(place, checked, queue):
    job = taken(waiting_commit(place, checked))
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    jobs.settle()
    assert [task.status for task in DBTaskResult.objects.order_by("enqueued_at")] == ["FAILED", "READY"]
    assert job.pk == ImportJob.objects.get().pk


def test_a_waiting_job_without_a_task_is_queued_again(place, checked, queue):
    waiting_commit(place, checked)
    DBTaskResult.objects.all().delete()
    ImportJob.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=5))
    jobs.settle()
    jobs.settle()
    assert DBTaskResult.objects.count() == 1


def test_a_job_whose_worker_died_between_task_and_job_is_queued_again(place, checked, queue):
    waiting_commit(place, checked)
    past = timezone.now() - datetime.timedelta(minutes=5)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=past)
    ImportJob.objects.update(created_at=past)
    jobs.settle()
    assert [task.status for task in DBTaskResult.objects.order_by("enqueued_at")] == ["FAILED", "READY"]


def test_the_command_reports_and_settles(place, checked, queue, capsys):
    taken(waiting_commit(place, checked))
    call_command("settle_jobs", list=True)
    assert "đang chạy, im 6" in capsys.readouterr().out
    call_command("settle_jobs")
    assert "chưa có gì được ghi, sẽ làm lại" in capsys.readouterr().out


# -- what the officer sees ---------------------------------------------------------------------------------------------
@pytest.fixture
def desk(client, place):
    client.force_login(place.officer)
    return client


def test_the_pages_lead_to_the_progress(desk, place, checked, queue):
    answer = desk.post(reverse("spreadsheets:import_commit", args=[checked.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("spreadsheets:import_progress", args=[checked.pk])
    assert "Đang chờ đến lượt" in answer.content.decode()
    assert "Chưa có tiến trình chạy nền" in answer.content.decode()


def test_the_progress_tells_stage_rows_and_time(desk, place, checked, queue):
    job = taken(waiting_commit(place, checked))
    board = Board(str(job.token))
    board.stage("Ghi vào sổ", 1)
    board(3, 5)
    board.tell()
    text = desk.get(reverse("spreadsheets:import_progress", args=[checked.pk]), headers={"hx-request": "true"})
    shown = text.content.decode()
    assert "<html" not in shown
    assert 'value="60"' in shown
    assert "3 / 5 dòng" in shown
    assert "còn khoảng 50 giây" in shown


def test_a_progress_page_that_stays_open_is_led_on(desk, place, checked, queue):
    work(waiting_commit(place, checked))
    answer = desk.get(reverse("spreadsheets:import_progress", args=[checked.pk]), headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == reverse("spreadsheets:import_detail", args=[checked.pk])


def test_the_button_stops_a_job(desk, place, checked, queue):
    waiting_commit(place, checked)
    answer = desk.post(reverse("spreadsheets:import_stop", args=[checked.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("spreadsheets:import_check", args=[checked.pk])


def test_a_clerk_has_no_progress_page(client, place, checked, queue):
    waiting_commit(place, checked)
    client.force_login(place.clerk)
    assert client.get(reverse("spreadsheets:import_progress", args=[checked.pk])).status_code == 403
    assert client.post(reverse("spreadsheets:import_stop", args=[checked.pk])).status_code == 403


def test_a_neighbour_has_no_progress_page(client, place, checked, queue):
    waiting_commit(place, checked)
    client.force_login(place.local)
    assert client.get(reverse("spreadsheets:import_progress", args=[checked.pk])).status_code == 404
    assert client.post(reverse("spreadsheets:import_stop", args=[checked.pk])).status_code == 404


def test_a_note_stands_on_every_page_until_it_is_seen(desk, place, checked, queue):
    work(waiting_commit(place, checked))
    text = "Đã ghi 5 dòng vào sổ: “danh-sach.csv”"
    home = desk.get("/").content.decode()
    assert text in home
    assert "Lần nhập chạy nền đã xong" in home
    assert text in desk.get(reverse("units:unit_list")).content.decode()
    desk.get(reverse("spreadsheets:import_detail", args=[checked.pk]))
    assert text not in desk.get(reverse("units:unit_list")).content.decode()


def test_only_the_officer_who_asked_is_told(place, checked, queue):
    work(waiting_commit(place, checked))
    assert notices.unseen(place.above) == []
    assert "Lần nhập chạy nền đã xong" in [line.label for line in work_of(place.officer)]


def test_pages_without_news_ask_nothing(place, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert notices.unseen(place.officer) == []


@pytest.mark.parametrize(
    ("state", "step", "text"),
    [
        (JobState.CANCELLED, JobStep.COMMIT, "Đã dừng việc ghi vào sổ"),
        (JobState.FAILED, JobStep.READ, "Không đọc tệp được"),
        (JobState.DONE, JobStep.READ, "Đã đọc xong, chờ ghép cột"),
        (JobState.DONE, JobStep.CHECK, "Đã kiểm tra 5 dòng, 0 dòng bị từ chối"),
        (JobState.DONE, JobStep.COMMIT, "Đã kiểm tra 5 dòng, 0 dòng bị từ chối"),
    ],
)
def test_each_ending_has_its_words(checked, state, step, text):
    assert notices.ending_of(ImportJob(batch=checked, state=state, step=step)) == text


@pytest.mark.parametrize(
    ("fraction", "elapsed", "text"),
    [
        (0.01, 5, ""),
        (0.5, 5, "còn vài giây"),
        (0.5, 41, "còn khoảng 50 giây"),
        (0.25, 100, "còn khoảng 5 phút"),
    ],
)
def test_the_time_left_is_what_the_rest_would_take(fraction, elapsed, text):
    assert time_left(Standing(fraction=fraction), elapsed) == text


# -- the board ---------------------------------------------------------------------------------------------------------
def test_stages_share_the_whole():
    board = Board("t")
    board.stage("Đọc tệp", 0.3)
    board.stage("Kiểm tra từng dòng", 0.8)
    board(50, 100)
    board.tell()
    found = Board("t").read()
    assert (found.stage, round(found.fraction, 2), found.done, found.total) == ("Kiểm tra từng dòng", 0.55, 50, 100)


def test_a_board_that_is_asked_to_stop_does():
    board = Board("t")
    board.ask_to_stop()
    with pytest.raises(Cancelled):
        board.stage("Đọc tệp", 1)


def test_a_cleared_board_says_nothing():
    board = Board("t")
    board.tell()
    board.ask_to_stop()
    board.clear()
    assert not board.stop_asked
    assert board.last_sign == 0


# -- a judgement that is kept in parts ---------------------------------------------------------------------------------
def test_a_worker_that_dies_while_it_keeps_a_judgement_leaves_a_list_to_be_checked_again(place, checked, queue):
    job = taken(waiting_commit(place, checked))
    # The register was touched, so that the commit went back to the check, whose rows are kept in parts.
    steps.begin_keeping(checked.pk, by=place.officer, job=job)
    jobs.settle()
    job.refresh_from_db()
    work(job)
    checked.refresh_from_db()
    assert (checked.state, job.state) == (BatchState.READ, JobState.FAILED)
    assert not Unit.objects.exists()


def test_a_worker_that_was_taken_for_dead_keeps_no_further_rows(place, checked, queue):
    job = taken(waiting_commit(place, checked))
    hold = steps.begin_keeping(checked.pk, by=place.officer, job=job)
    jobs.settle()
    with pytest.raises(workflow.JobLost), transaction.atomic():
        hold()


def test_an_officer_who_reads_the_list_again_meanwhile_ends_the_keeping(place, checked):
    hold = steps.begin_keeping(checked.pk, by=place.officer, job=None)
    workflow.read_again(checked.pk, by=place.officer, header_rows={"danh-sach": 1})
    with pytest.raises(workflow.ImportRefused), transaction.atomic():
        hold()
