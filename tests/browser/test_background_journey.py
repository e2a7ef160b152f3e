"""A long list: checked and written in the background while its page is watched, stopped, and at last taken back."""

import pytest
import xlsxwriter
from playwright.sync_api import expect

from movement_portal.jurisdictions.enums import Function
from movement_portal.spreadsheets import running
from movement_portal.spreadsheets.board import Board
from movement_portal.spreadsheets.models import ImportJob
from tests.spreadsheets.lists import tax_code
from units.models import Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = 300
#: Milliseconds that a page which waits for a worker is given.
PATIENCE = 20_000


@pytest.fixture(autouse=True)
def _queue(settings, tmp_path):
    """Lists of this length are large, and the queue waits for a worker: the test is the worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.IMPORT_BACKGROUND_ROWS = ROWS - 1
    settings.JOBS_ROOT = tmp_path / "jobs"


@pytest.fixture
def long_list(tmp_path):
    path = tmp_path / "doanh nghiệp.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("DN")
        sheet.write_row(0, 0, ("Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"))
        for number in range(1, ROWS + 1):
            row = (f"Công ty Mẫu {number}", "Doanh nghiệp", tax_code(number), "Phường Tân Tiến")
            sheet.write_row(number, 0, row)
    return path


def work():
    """What a worker does with the job that waits."""
    job = ImportJob.objects.get(state="waiting")
    running.run(job.pk, str(job.token))


def test_a_long_list_is_watched_stopped_written_and_taken_back(signed_in_page, live_server, watch, commune, long_list):
    page = signed_in_page(Function.MANAGE_RECORDS)
    page.goto(live_server.url + "/nhap-excel/moi/")
    page.locator("input[type=file]").set_input_files(long_list)
    page.locator("main form [type=submit]").first.click()
    page.get_by_role("button", name="Kiểm tra").first.click()

    expect(page.locator(".job-stage")).to_contain_text("Đang chờ đến lượt")
    watch.check()
    job = ImportJob.objects.get(state="waiting")
    running.claim(job.pk, str(job.token))
    board = Board(str(job.token))
    board.stage("Kiểm tra từng dòng", 1)
    board(150, ROWS)
    board.tell()
    expect(page.locator(".job-stage")).to_contain_text("150 / 300 dòng")
    expect(page.locator("progress")).to_have_attribute("value", "50")
    page.get_by_role("button", name="Dừng lại").click()
    expect(page.locator(".job-stage")).to_contain_text("Đang dừng")
    job.refresh_from_db()
    running.give_back(job, "cancelled")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ghép cột", timeout=PATIENCE)

    page.get_by_role("button", name="Kiểm tra").first.click()
    expect(page.locator(".job-stage")).to_be_visible(timeout=PATIENCE)
    work()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả kiểm tra", timeout=PATIENCE)
    page.get_by_role("button", name="Ghi 300 dòng").click()
    expect(page.locator(".job-stage")).to_be_visible(timeout=PATIENCE)
    page.goto(live_server.url + "/")
    work()
    assert Unit.objects.count() == ROWS
    page.reload()
    expect(page.locator("main")).to_contain_text("Lần nhập chạy nền đã xong")
    watch.check()
    page.locator(".notices summary").click()
    page.locator(".notices a").first.click()

    page.get_by_role("link", name="Hoàn tác…").click()
    page.get_by_role("button", name="Tính trước").click()
    expect(page.locator(".job-stage")).to_be_visible(timeout=PATIENCE)
    work()
    expect(page.locator("main")).to_contain_text("300 đơn vị", timeout=PATIENCE)
    watch.check()
    page.get_by_role("button", name="Hoàn tác lần nhập này").click()
    expect(page.locator(".job-stage")).to_be_visible(timeout=PATIENCE)
    work()
    expect(page.locator(".facts").first).to_contain_text("Đã hoàn tác", timeout=PATIENCE)
    assert not Unit.objects.exists()
    watch.check()
