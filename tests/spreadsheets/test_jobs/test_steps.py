"""Steps in the background: queued, done once, stopped."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django_tasks_db.models import DBTaskResult

from movement_portal.audit.models import AuditEvent
from movement_portal.spreadsheets import jobs, running, workflow
from movement_portal.spreadsheets.enums import BatchState, CommitMode, JobState, JobStep
from movement_portal.spreadsheets.models import ImportBatch, ImportJob
from movement_portal.spreadsheets.sheets import sheet_for
from tests.spreadsheets.lists import uploaded
from tests.spreadsheets.test_jobs.steps import HEADER, ROWS, choice, waiting_commit, work
from units.models import Unit


# -- now, or in the background -----------------------------------------------------------------------------------------
def test_a_small_list_needs_no_job(place):
    batch = jobs.upload(sheet_for("units"), uploaded(HEADER, *ROWS), by=place.officer)
    batch = jobs.choose(batch, by=place.officer, **choice(batch))
    batch = jobs.commit(batch, by=place.officer, mode=CommitMode.ALL_OR_NOTHING)
    assert batch.state == BatchState.COMMITTED
    assert not ImportJob.objects.exists()


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
