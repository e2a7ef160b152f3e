"""What the officer sees of a step in the background, and what worker and page tell one another."""

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.worklists import work_of
from movement_portal.spreadsheets import notices
from movement_portal.spreadsheets.board import Board, Standing
from movement_portal.spreadsheets.enums import JobState, JobStep
from movement_portal.spreadsheets.models import ImportJob
from movement_portal.spreadsheets.progress import Cancelled
from movement_portal.spreadsheets.views.jobs import time_left
from tests.spreadsheets.test_jobs.steps import taken, waiting_commit, work


# -- what the officer sees ---------------------------------------------------------------------------------------------
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


@pytest.mark.slow
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
