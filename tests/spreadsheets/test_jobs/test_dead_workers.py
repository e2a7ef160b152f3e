"""A step whose worker died is done by another one, or given up; what it had kept is no half of a list."""

import datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from movement_portal.spreadsheets import jobs, running, workflow
from movement_portal.spreadsheets.board import Board
from movement_portal.spreadsheets.enums import BatchState, JobState, JobStep
from movement_portal.spreadsheets.models import ImportJob
from movement_portal.spreadsheets.workflow import steps
from tests.spreadsheets.test_jobs.steps import taken, waiting_commit, work
from units.models import Unit


# -- workers that died -------------------------------------------------------------------------------------------------
@pytest.mark.slow
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
