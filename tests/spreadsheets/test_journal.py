"""What is kept of an import, and the ways between a record's history and the line of the file behind it."""

import pytest
from django.urls import reverse

from movement_portal.audit.models import Change
from movement_portal.spreadsheets import journal, workflow
from movement_portal.spreadsheets.matching import NOTE
from movement_portal.spreadsheets.models import ImportFix
from tests.factories import UnitFactory
from tests.spreadsheets.lists import tax_code
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường", "Số người lao động năm 2025"]
ROWS = [[f"Công ty {n}", "Doanh nghiệp", tax_code(n), "An Phú", str(10 * n)] for n in range(1, 13)]


@pytest.fixture
def batch(place):
    return place.committed(HEADER, *ROWS)


def row_address(batch, number):
    return reverse("spreadsheets:import_line", args=[batch.pk, batch.rows.get(number=number).pk])


# -- from the record to the line ---------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_history_of_a_record_leads_to_its_line(desk, batch):
    unit = Unit.objects.get(tax_code=tax_code(5))
    text = desk.get(unit.get_absolute_url()).content.decode()
    assert f'<a href="{row_address(batch, 6)}">Dòng 6 của “danh-sach.csv”</a>' in text


def test_rows_that_belong_to_a_record_lead_to_its_line(place, batch):
    found = journal.lines_behind(list(Change.objects.filter(model="units.headcount")), place.officer)
    assert {source.label for source in found.values()} == {f"Dòng {n} của “danh-sach.csv”" for n in range(2, 14)}


def test_an_edit_by_hand_leads_to_no_line(place):
    UnitFactory(jurisdiction=place.ward)
    assert journal.lines_behind(list(Change.objects.all()), place.officer) == {}


@pytest.mark.slow
def test_the_act_of_an_import_leads_from_each_record_to_its_line(desk, batch):
    text = desk.get(reverse("audit:event_detail", args=[batch.event_id])).content.decode()
    assert row_address(batch, 6) in text


@pytest.mark.slow
def test_who_may_not_import_sees_no_way_to_the_file(client, place, batch):
    client.force_login(place.clerk)
    unit = Unit.objects.get(tax_code=tax_code(5))
    assert "danh-sach.csv”</a>" not in client.get(unit.get_absolute_url()).content.decode()


@pytest.mark.slow
def test_an_import_of_above_is_not_open_to_those_below(client, place, batch):
    client.force_login(place.local)
    unit = Unit.objects.get(tax_code=tax_code(5))
    assert row_address(batch, 6) not in client.get(unit.get_absolute_url()).content.decode()


# -- the line ----------------------------------------------------------------------------------------------------------
def test_the_line_stands_among_its_neighbours_as_it_was_read(desk, batch):
    text = desk.get(row_address(batch, 7)).content.decode()
    assert "dòng 7" in text
    # On a phone each cell says its column.
    assert '<td data-label="Tên đơn vị">Công ty 6</td>' in text
    assert [f"Công ty {n}</td>" in text for n in (1, 2, 6, 10, 11)] == [False, True, True, True, False]
    assert Unit.objects.get(tax_code=tax_code(6)).get_absolute_url() in text


def test_a_refused_line_says_why(desk, place):
    batch = place.committed(HEADER, *ROWS, ["Công ty sai", "Doanh nghiệp", "123", "An Phú", ""])
    assert "Mã số thuế" in desk.get(row_address(batch, 14)).content.decode()


@pytest.mark.slow
def test_a_line_belongs_to_its_import(desk, place, batch):
    other = place.checked(HEADER, ROWS[0])
    address = reverse("spreadsheets:import_line", args=[other.pk, batch.rows.first().pk])
    assert desk.get(address).status_code == 404


def test_strangers_open_no_line(client, place, batch):
    for officer, status in ((place.clerk, 403), (place.local, 404)):
        client.force_login(officer)
        assert client.get(row_address(batch, 3)).status_code == status


@pytest.mark.slow
def test_a_line_asks_as_much_in_a_long_list(desk, place, batch, django_assert_max_num_queries):
    short = place.checked(HEADER, ["Công ty X", "Doanh nghiệp", tax_code(99), "An Phú", "1"])
    with django_assert_max_num_queries(20):
        desk.get(row_address(short, 2))
    with django_assert_max_num_queries(20):
        desk.get(row_address(batch, 7))


# -- the import --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_page_of_an_import_tells_columns_fixes_and_results(desk, place, batch):
    text = desk.get(reverse("spreadsheets:import_detail", args=[batch.pk])).content.decode()
    assert batch.sha256 in text
    assert place.officer.full_name in text
    assert "Ghép cột và giá trị chung" in text
    assert row_address(batch, 2) in text


def test_fixes_are_told_in_words(place):
    rows = [["Công ty 1", "Doanh nghiệp", tax_code(1), "Thị xã A", ""]]
    batch = place.checked(HEADER, *rows)
    fix = {"key": "jurisdiction", "cause": "Không rõ xã, phường", "value": "Thị xã A", "action": "area"}
    ImportFix.objects.create(batch=batch, officer=place.officer, area=place.ward, **fix)
    batch = workflow.run_check(batch.pk, by=place.officer)
    assert journal.fixes_made(batch) == [
        f"Không rõ xã, phường, “Thị xã A”: là địa bàn {place.ward.long_name}",
    ]


# -- texts of several lines --------------------------------------------------------------------------------------------
def several_lines(place, *, note="Dòng một\nDòng hai"):
    header = [*HEADER, "Ghi chú", "Cột riêng"]
    return place.committed(header, [*ROWS[0], note, "Ý một\nÝ hai"])


@pytest.mark.slow
def test_a_text_of_several_lines_is_told_in_its_lines(desk, place):
    batch = several_lines(place)
    text = desk.get(row_address(batch, 2)).content.decode()
    # As in the file, and as the register has it.
    assert '<td data-label="Ghi chú">Dòng một<br>Dòng hai</td>' in text
    assert '<span class="now">Dòng một<br>Dòng hai' in text
    text = desk.get(reverse("spreadsheets:import_detail", args=[batch.pk])).content.decode()
    assert "Dòng một<br>Dòng hai" in text


@pytest.mark.slow
def test_a_changed_text_shows_both_in_their_lines(desk, place):
    several_lines(place)
    batch = place.checked([*HEADER, "Ghi chú"], [*ROWS[0], "Dòng ba\nDòng bốn"])
    text = desk.get(reverse("spreadsheets:import_check", args=[batch.pk])).content.decode()
    assert '<span class="was">Dòng một<br>Dòng hai' in text
    assert "<br>Dòng ba<br>Dòng bốn</span>" in text


def test_a_column_kept_as_a_note_keeps_its_lines(desk, place):
    header = [*HEADER, "Cột riêng"]
    batch = place.read(header, [*ROWS[0], "Ý một\nÝ hai"])
    batch.mapping = {name: {**columns, "Cột riêng": NOTE} for name, columns in batch.mapping.items()}
    place.commit(place.check(batch))
    assert Unit.objects.get(tax_code=tax_code(1)).note == "Cột riêng: Ý một\nÝ hai"
