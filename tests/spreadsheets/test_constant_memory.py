"""A value for a field without a column holds for the office's next list with the same columns, seen and changeable."""

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.spreadsheets.memory import mark_of_headers
from movement_portal.spreadsheets.models import ConstantMemory, ImportBatch
from tests.factories import OfficerFactory
from tests.spreadsheets.lists import as_csv, run_import
from units.models import Unit

HEADER = ["Tên đơn vị", "Xã, phường"]
ROW = ["Nhà Mẫu", "An Phú"]
NO_AREA = ["Tên đơn vị", "Khối"]


def page(client, batch, **query):
    return client.get(reverse("spreadsheets:import_columns", args=[batch.pk]), query)


def send(client, batch, **changes):
    form = page(client, batch).context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name != "default_area"}
    return client.post(reverse("spreadsheets:import_columns", args=[batch.pk]), {**data, **changes})


def given(client, place, header=HEADER, row=ROW, **changes):
    """A list with common values, and the next one with the same columns."""
    assert send(client, place.read(header, row), **changes).status_code == 302
    return place.read(list(reversed(header)), list(reversed(row)))


def before(client, batch, **query):
    return {each.key: each for each in page(client, batch, **query).context["form"].before}


@pytest.mark.slow
def test_a_value_is_taken_over_and_marked(desk, place):
    batch = given(desk, place, **{"constant-kind": "enterprise", "extra-key-0": "business_line", "extra-text-0": "May"})
    assert batch.constants == {"kind": "enterprise", "business_line": "May"}
    assert before(desk, batch)["kind"].is_used
    text = page(desk, batch).content.decode()
    assert "nhớ từ lần trước, đã điền bên dưới" in text
    assert "<strong>Doanh nghiệp</strong>" in text
    assert send(desk, batch).status_code == 302
    place.commit(ImportBatch.objects.get(pk=batch.pk))
    assert Unit.objects.get().business_line == "May"


@pytest.mark.slow
def test_a_year_is_only_proposed(desk, place):
    sent = {"constant-year": "2024", "extra-key-0": "size_year", "extra-text-0": "2023", "constant-kind": "agency"}
    batch = given(desk, place, **sent)
    assert batch.constants == {"kind": "agency"}
    told = before(desk, batch)["year"]
    assert (told.words, told.is_used, told.is_gone) == ("2024", False, False)
    assert "lần trước; còn đúng thì dùng lại" in page(desk, batch).content.decode()
    form = page(desk, batch, **{"dung-lai": ["year", "size_year"]}).context["form"]
    assert form["constant-year"].value() == "2024"
    assert (form["extra-key-0"].value(), form["extra-text-0"].value()) == ("size_year", "2023")
    send(desk, batch)
    assert ImportBatch.objects.get(pk=batch.pk).constants == {"kind": "agency"}


@pytest.mark.slow
def test_a_place_is_proposed_and_one_out_of_reach_is_told(desk, place):
    batch = given(desk, place, NO_AREA, ["Nhà Mẫu", "DN"], **{"extra-key-0": "jurisdiction", "extra-text-0": "An Phú"})
    assert batch.constants == {}
    assert not before(desk, batch)["jurisdiction"].is_gone
    ConstantMemory.objects.update(text="Cẩm Khê")
    batch = place.read(NO_AREA, ["Nhà Mẫu", "DN"])
    assert before(desk, batch)["jurisdiction"].is_gone
    text = page(desk, batch).content.decode()
    assert "nay không còn trong phạm vi" in text
    assert "Dùng lại" not in text


@pytest.mark.slow
def test_other_columns_another_office_and_another_list_know_nothing_of_it(desk, place, client):
    given(desk, place, **{"constant-kind": "enterprise"})
    assert place.read([*HEADER, "Địa chỉ"], [*ROW, "Số 1"]).constants == {}
    assert place.read(HEADER, ROW, by=place.above).constants == {}
    assert place.read(HEADER, ROW).constants == {"kind": "enterprise"}


@pytest.mark.slow
def test_colleagues_of_the_office_have_it_too(desk, place):
    given(desk, place, **{"constant-kind": "enterprise"})
    colleague = OfficerFactory(jurisdiction=place.province, jurisdiction__function=Function.MANAGE_RECORDS)
    ConstantMemory.objects.update(office=colleague.office)
    assert place.read(HEADER, ROW, by=colleague).constants == {"kind": "enterprise"}


@pytest.mark.slow
def test_a_column_takes_the_place_of_the_value(desk, place):
    given(desk, place, **{"constant-kind": "enterprise"})
    header = ["Tên đơn vị", "Xã, phường", "Khối"]
    ConstantMemory.objects.update(headers=mark_of_headers(header))
    assert place.read(header, [*ROW, "Cơ quan"]).constants == {}


@pytest.mark.slow
def test_a_value_that_was_emptied_or_forgotten_does_not_come_back(desk, place):
    batch = given(desk, place, **{"constant-kind": "enterprise"})
    send(desk, batch, **{"constant-kind": ""})
    assert not ConstantMemory.objects.exists()
    batch = given(desk, place, **{"constant-kind": "enterprise"})
    desk.post(reverse("spreadsheets:import_columns", args=[batch.pk]), {"forget_constant": "kind"})
    assert not ConstantMemory.objects.exists()
    assert ImportBatch.objects.get(pk=batch.pk).constants == {}
    assert before(desk, batch) == {}


@pytest.mark.slow
def test_a_value_that_the_field_no_longer_takes_is_left_out(desk, place):
    given(desk, place, **{"constant-kind": "enterprise"})
    ConstantMemory.objects.update(text="không còn loại này")
    batch = place.read(HEADER, ROW)
    assert batch.constants == {}
    assert before(desk, batch) == {}


@pytest.mark.slow
def test_a_list_read_as_another_kind_loses_what_was_said_of_the_first(desk, place):
    batch = given(desk, place, **{"constant-kind": "enterprise"})
    desk.post(reverse("spreadsheets:import_kind", args=[batch.pk]), {"sheet": "guards"})
    assert ImportBatch.objects.get(pk=batch.pk).constants == {}


@pytest.mark.slow
def test_the_command_uses_tells_and_drops_it(place, tmp_path, capsys):
    path = tmp_path / "danh-sach.csv"
    path.write_bytes(as_csv(HEADER, ROW))
    asked = {"officer": place.officer.username}
    said = {"kind": "Doanh nghiệp", "year": "2024"}
    run_import(path, *(f"--set={key}={text}" for key, text in said.items()), commit=True, **asked)
    told = run_import(path, **asked)["constants"]
    assert told == {
        "used": {"kind": "Doanh nghiệp"},
        "remembered": {"kind": "Doanh nghiệp"},
        "proposed": {"year": "2024"},
    }
    assert run_import(path, "--set=kind=", **asked)["constants"]["used"] == {}


@pytest.mark.slow
def test_what_the_command_gave_is_chosen_on_the_page(desk, place, tmp_path):
    path = tmp_path / "danh-sach.csv"
    path.write_bytes(as_csv(HEADER, ROW))
    run_import(path, "--set=kind=Doanh nghiệp", commit=True, officer=place.officer.username)
    form = page(desk, place.read(HEADER, ROW)).context["form"]
    assert form["constant-kind"].value() == "enterprise"


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 12])
def test_the_page_asks_no_more_for_many_values(desk, place, django_assert_max_num_queries, count):
    batch = place.read(HEADER, ROW)
    ConstantMemory.objects.bulk_create(
        ConstantMemory(
            sheet="units", office=place.officer.office, headers=mark_of_headers(HEADER), key=f"mục {n}", text="x"
        )
        for n in range(count)
    )
    with django_assert_max_num_queries(25):
        page(desk, batch)
