"""The import bench: each page for its officer, for a neighbour, for one without the right."""

import contextlib
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.sheets import sheet_for
from tests.spreadsheets.lists import tax_code, uploaded
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]
PAGES = ["import_detail", "import_columns", "import_check", "import_file", "import_refused"]
ACTIONS = ["import_commit", "import_cancel"]


def row(number, commune="Phường An Phú"):
    return [f"Công ty Mẫu {number}", "Doanh nghiệp", tax_code(number), commune]


def url(name, batch):
    return reverse(f"spreadsheets:{name}", args=[batch.pk])


def downloaded(client, address):
    with contextlib.closing(client.get(address)) as answer:
        return b"".join(answer.streaming_content)


@pytest.mark.slow
def test_a_list_goes_in_through_the_pages(client, place):
    client.force_login(place.officer)
    answer = client.post(
        reverse("spreadsheets:import_upload"), {"sheet": "units", "file": uploaded(HEADER, row(1), row(2))}
    )
    batch = ImportBatch.objects.get()
    assert answer.url == url("import_columns", batch)
    page = client.get(answer.url)
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name != "default_area"}
    answer = client.post(answer.url, data)
    assert answer.url == url("import_check", batch)
    assert "Công ty Mẫu 1" in client.get(answer.url).content.decode()
    assert not Unit.objects.exists()
    client.post(url("import_commit", batch))
    assert Unit.objects.count() == 2
    result = client.get(url("import_detail", batch))
    assert "Đã ghi vào sổ" in result.content.decode()


@pytest.mark.parametrize("sheet", ["units", "team-strengths", "training-attendances"])
def test_each_field_of_the_columns_page_stands_once(client, place, sheet):
    client.force_login(place.officer)
    batch = place.read(["Họ và tên", "Năm sinh", "Đơn vị"], ["Nguyễn Văn Mẫu", "1980", "Trường Mẫu"], sheet=sheet)
    page = client.get(url("import_columns", batch))
    assert {
        name: page.content.decode().count(f'name="{name}"') for name in page.context["form"].fields
    } == dict.fromkeys(page.context["form"].fields, 1)


@pytest.mark.slow
def test_what_is_said_of_every_row_is_said_once(client, place):
    client.force_login(place.officer)
    header = [*HEADER, "Số lao động"]
    batch = place.checked(header, [*row(1), 5], [*row(2), 6], [*row(3), 7])
    said = "Danh sách không ghi năm"
    assert client.get(url("import_check", batch)).content.decode().count(said) == 1
    batch = place.checked(header, [*row(4), 5], [*row(5), 6], [*row(6), ""])
    assert client.get(url("import_check", batch)).content.decode().count(said) == 2


@pytest.mark.slow
def test_steps_that_are_done_carry_a_tick(client, place):
    client.force_login(place.officer)
    batch = place.checked(HEADER, row(1))
    ticks = {name: client.get(url(name, batch)).content.decode().count('class="is-done"') for name in PAGES[:3]}
    workflow.commit(batch.pk, by=place.officer)
    committed = client.get(url("import_detail", batch)).content.decode().count('class="is-done"')
    assert (ticks["import_columns"], ticks["import_check"], committed) == (1, 2, 4)


def test_refused_rows_stay_out_unless_the_officer_says_so(client, place):
    client.force_login(place.officer)
    batch = place.checked(HEADER, row(1), row(1))
    client.post(url("import_commit", batch))
    assert not Unit.objects.exists()
    client.post(url("import_commit", batch), {"mode": "good_rows"})
    assert Unit.objects.count() == 1


def test_a_second_commit_is_told(client, place):
    client.force_login(place.officer)
    batch = place.committed(HEADER, row(1))
    answer = client.post(url("import_commit", batch), follow=True)
    assert "đang ở trạng thái" in answer.content.decode()
    assert Unit.objects.count() == 1


@pytest.mark.slow
def test_rows_are_filtered_by_outcome_and_cause(client, place):
    client.force_login(place.officer)
    batch = place.checked(HEADER, row(1), row(1), row(2, commune="Không có"))
    page = client.get(url("import_check", batch), {"ket_qua": "refused", "nguyen_nhan": "Không rõ xã, phường"})
    assert [each.row.number for each in page.context["rows"]] == [4]
    assert {group.count for group, _ in page.context["groups"]} == {1}


def test_refused_rows_come_back_with_their_reasons(client, place):
    client.force_login(place.officer)
    batch = place.checked(HEADER, row(1), row(1))
    content = downloaded(client, url("import_refused", batch))
    cells = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert cells[0] == (*HEADER, "Lý do từ chối")
    assert "Trùng với dòng 2" in cells[1][-1]
    assert tax_code(1) in cells[1]


def test_the_file_comes_back_as_it_was(client, place):
    client.force_login(place.officer)
    batch = place.read(HEADER, row(1))
    assert "Công ty Mẫu 1" in downloaded(client, url("import_file", batch)).decode()


def test_a_wrong_file_is_told_on_the_upload_page(client, place):
    client.force_login(place.officer)
    file = io.BytesIO(b"%PDF-1.4 khong phai bang")
    file.name = "sai.xlsx"
    answer = client.post(reverse("spreadsheets:import_upload"), {"sheet": "units", "file": file})
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]


def test_a_file_too_large_is_told(client, place, settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    client.force_login(place.officer)
    answer = client.post(reverse("spreadsheets:import_upload"), {"sheet": "units", "file": uploaded(HEADER, row(1))})
    assert "lớn hơn" in answer.context["form"].errors["file"][0]
    assert not ImportBatch.objects.exists()


def test_the_header_row_can_be_put_right(client, place):
    client.force_login(place.officer)
    batch = place.read(["Mẫu", "một", "hai", "ba"], HEADER, row(1))
    client.post(url("import_columns", batch), {"header-0": "1", "read_again": "1"})
    batch.refresh_from_db()
    assert batch.layout["sheets"][0]["header_row"] == 1
    client.post(url("import_columns", batch), {"header-0": "2", "read_again": "1"})
    batch.refresh_from_db()
    assert batch.layout["sheets"][0]["header_row"] == 2


def test_two_columns_cannot_fill_one_field(client, place):
    client.force_login(place.officer)
    batch = place.read(HEADER, row(1))
    data = {"use-0": "on", "column-0-0": "name", "column-0-1": "name"}
    page = client.post(url("import_columns", batch), data)
    assert "column-0-1" in page.context["form"].errors


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_another_province_are_not_found(client, place, name):
    batch = place.checked(HEADER, row(1), by=place.above, area=place.province)
    client.force_login(place.officer)
    assert client.get(url(name, batch)).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_on_a_batch_of_another_province_are_not_found(client, place, name):
    batch = place.checked(HEADER, row(1), by=place.above, area=place.province)
    client.force_login(place.officer)
    assert client.post(url(name, batch)).status_code == 404
    assert not Unit.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_pages_without_the_right_are_forbidden(client, place, name):
    batch = place.checked(HEADER, row(1))
    client.force_login(place.clerk)
    assert client.get(url(name, batch)).status_code == 403


@pytest.mark.parametrize("name", ["import_list", "import_upload"])
def test_the_bench_without_the_right_is_forbidden(client, place, name):
    client.force_login(place.clerk)
    assert client.get(reverse(f"spreadsheets:{name}")).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_superior_sees_the_imports_below(client, place, name):
    batch = place.checked(HEADER, row(1))
    client.force_login(place.above)
    with contextlib.closing(client.get(url(name, batch))) as answer:
        assert answer.status_code in (200, 302)


@pytest.mark.slow
def test_the_list_costs_the_same_for_one_and_twelve(client, place):
    client.force_login(place.officer)
    client.get(reverse("spreadsheets:import_list"))
    counts = []
    for size in (1, 11):
        for number in range(size):
            place.read(HEADER, row(number + 1))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("spreadsheets:import_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 12])
def test_the_check_page_costs_the_same(client, place, django_assert_max_num_queries, size):
    client.force_login(place.officer)
    batch = place.checked(HEADER, *[row(number) for number in range(1, size + 1)])
    client.get(url("import_check", batch))
    with django_assert_max_num_queries(16):
        client.get(url("import_check", batch))


@pytest.mark.slow
def test_a_failed_batch_says_why(client, place):
    client.force_login(place.officer)
    file = uploaded(name="rong.csv")
    batch = workflow.upload(sheet_for("units"), file, by=place.officer)
    assert batch.failure in client.get(url("import_detail", batch)).content.decode()
