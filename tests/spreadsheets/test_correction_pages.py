"""Putting a list right on its page: each action for its officer, for a neighbour, for one without the right."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from movement_portal.jurisdictions.enums import SuccessionKind
from movement_portal.jurisdictions.models import Succession
from movement_portal.spreadsheets.models import ImportFix, ValueMemory
from tests.factories import REFORM, JurisdictionFactory, UnitFactory
from tests.spreadsheets.lists import tax_code
from units.models import Unit

LAST_DAY = REFORM - datetime.timedelta(days=1)
HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]
ACTIONS = ["import_fix", "import_unfix", "import_edit", "import_row", "import_existing", "import_likeness_many"]
NO_AREA = {"key": "jurisdiction", "cause": "Không rõ xã, phường", "value": "Thị xã A", "column": "Xã, phường"}


def row(number, kind="Doanh nghiệp", commune="Phường An Phú", name="Công ty Mẫu"):
    return [f"{name} {number}", kind, tax_code(number), commune]


def url(name, batch):
    return reverse(f"spreadsheets:{name}", args=[batch.pk])


def outcomes(batch):
    return list(batch.rows.values_list("outcome", flat=True))


def test_faults_stand_on_the_page_by_cause_with_their_counts(desk, place):
    batch = place.checked(HEADER, row(1, commune="Thị xã A"), row(2, commune="Thị xã A"), row(3, kind="Doanh ngiệp"))
    groups = [group for group, *_ in desk.get(url("import_check", batch)).context["groups"]]
    assert [(group.cause, group.count) for group in groups] == [
        ("Không rõ xã, phường", 2),
        ("Không có trong danh mục khối", 1),
    ]
    assert groups[1].values[0].proposed == "Doanh nghiệp"


@pytest.mark.slow
def test_an_area_is_chosen_once_for_all_rows(desk, place):
    batch = place.checked(HEADER, row(1, commune="Thị xã A"), row(2, commune="Thị xã A"))
    area = {"area": place.ward.pk, "area_text": place.ward.long_name}
    desk.post(url("import_fix", batch), {**NO_AREA, **area, "action": "area", "remember": "1"})
    assert outcomes(batch) == ["new", "new"]
    assert ValueMemory.objects.get().area == place.ward


@pytest.mark.slow
def test_a_place_that_was_split_is_settled_by_one_of_those_proposed(desk, place):
    old = JurisdictionFactory(name="Cũ", parent=place.province, valid_from=None, valid_to=LAST_DAY)
    for successor in (place.ward, place.commune, place.far):
        Succession.objects.create(
            predecessor=old, successor=successor, kind=SuccessionKind.PART_OF, effective_on=REFORM
        )
    batch = place.checked(HEADER, row(1, commune="Xã Cũ"), row(2, commune="Xã Cũ"))
    ((_, ((_, _, proposals),)),) = desk.get(url("import_check", batch)).context["groups"]
    assert proposals == [place.ward, place.commune]
    sent = {**NO_AREA, "value": "Xã Cũ", "area": "", "area_text": ""}
    desk.post(url("import_fix", batch), {**sent, "proposed": place.far.pk})
    assert outcomes(batch) == ["refused", "refused"]
    desk.post(url("import_fix", batch), {**sent, "proposed": place.commune.pk})
    assert outcomes(batch) == ["new", "new"]


def test_an_area_out_of_reach_is_not_taken(desk, place):
    batch = place.checked(HEADER, row(1, commune="Thị xã A"))
    area = {"area": place.far.pk, "area_text": place.far.long_name}
    desk.post(url("import_fix", batch), {**NO_AREA, **area, "action": "area"})
    assert outcomes(batch) == ["refused"]
    assert not ImportFix.objects.exists()


@pytest.mark.slow
def test_an_answer_the_field_cannot_read_is_told(desk, place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"))
    fault = {"key": "kind", "cause": "Không có trong danh mục khối", "value": "Gì đó", "action": "text"}
    answer = desk.post(url("import_fix", batch), {**fault, "text": "Gì khác"}, follow=True)
    assert "không có trong danh mục" in answer.content.decode()
    assert not ImportFix.objects.exists()


@pytest.mark.slow
def test_a_fix_is_taken_back(desk, place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"))
    fault = {"key": "kind", "cause": "Không có trong danh mục khối", "value": "Gì đó", "action": "text"}
    desk.post(url("import_fix", batch), {**fault, "text": "Doanh nghiệp"})
    assert outcomes(batch) == ["new"]
    desk.post(url("import_unfix", batch), {"fix": ImportFix.objects.get().pk})
    assert outcomes(batch) == ["refused"]


def test_a_value_is_forgotten(desk, place):
    ValueMemory.objects.create(
        sheet="units", office=place.officer.office, key="jurisdiction", value="Thị xã A", area=place.ward
    )
    batch = place.checked(HEADER, row(1, commune="Thị xã A"))
    desk.post(url("import_unfix", batch), {"forget": "1", "key": "jurisdiction", "value": "Thị xã A"})
    assert outcomes(batch) == ["refused"]


@pytest.mark.slow
def test_a_cell_is_typed_anew_in_its_row(desk, place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"), row(2, kind="Gì đó"))
    cell = {"row": batch.rows.first().pk, "column": "Khối", "key": "kind", "text": "DN"}
    answer = desk.post(url("import_edit", batch), cell, headers={"HX-Request": "true"})
    assert outcomes(batch) == ["new", "refused"]
    text = answer.content.decode()
    assert f'id="dong-{cell["row"]}"' in text
    assert "1 dòng" in text


@pytest.mark.slow
def test_a_row_that_comes_alone_says_all_that_is_to_be_said_of_it(desk, place):
    batch = place.checked([*HEADER, "Số lao động"], [*row(1, kind="Gì đó"), 5], [*row(2), 6])
    cell = {"row": batch.rows.first().pk, "column": "Khối", "key": "kind", "text": "DN"}
    answer = desk.post(url("import_edit", batch), cell, headers={"HX-Request": "true"})
    assert "Danh sách không ghi năm" in answer.content.decode()


@pytest.mark.slow
def test_a_cell_that_is_still_wrong_keeps_what_was_typed(desk, place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"))
    cell = {"row": batch.rows.first().pk, "column": "Khối", "key": "kind", "text": "Vẫn sai"}
    answer = desk.post(url("import_edit", batch), cell, headers={"HX-Request": "true"})
    assert 'value="Vẫn sai"' in answer.content.decode()


@pytest.mark.slow
def test_a_cell_typed_back_is_as_in_the_file(desk, place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"))
    cell = {"row": batch.rows.first().pk, "column": "Khối", "key": "kind"}
    desk.post(url("import_edit", batch), {**cell, "text": "DN"})
    desk.post(url("import_edit", batch), {**cell, "text": "Gì đó"})
    assert not batch.edits.exists()
    assert outcomes(batch) == ["refused"]


@pytest.mark.slow
def test_a_place_is_chosen_in_the_row(desk, place):
    batch = place.checked(HEADER, row(1, commune="Thị xã A"))
    cell = {"row": batch.rows.first().pk, "column": "Xã, phường", "key": "jurisdiction"}
    area = {"area": place.ward.pk, "area_text": place.ward.long_name}
    desk.post(url("import_edit", batch), {**cell, **area})
    assert outcomes(batch) == ["new"]


@pytest.mark.slow
def test_a_row_is_left_out_and_taken_in_again(desk, place):
    batch = place.checked(HEADER, row(1, kind="Gì đó"))
    pk = batch.rows.first().pk
    desk.post(url("import_row", batch), {"row": pk, "decision": "skip"})
    assert outcomes(batch) == ["left_out"]
    desk.post(url("import_row", batch), {"row": pk, "decision": ""})
    assert outcomes(batch) == ["refused"]


def test_known_records_are_kept_where_the_officer_says_so(desk, place):
    UnitFactory(name="Tên cũ", tax_code=tax_code(1), jurisdiction=place.ward)
    batch = place.checked(HEADER, row(1))
    assert outcomes(batch) == ["changed"]
    desk.post(url("import_existing", batch), {"existing": "skip"})
    assert outcomes(batch) == ["same"]


# -- the queue ---------------------------------------------------------------------------------------------------------
def likely(place, *names):
    for name in ("Trường THCS Trần Phú", "Trường THCS Nguyễn Huệ"):
        UnitFactory(name=name, jurisdiction=place.ward, kind="school", school_level="lower_secondary")
    return place.checked(["Tên trường", "Xã, phường"], *[[name, "An Phú"] for name in names])


@pytest.mark.slow
def test_the_queue_shows_both_sides_and_goes_on(desk, place):
    batch = likely(place, "Trường THCS Trần Phụ", "Trường THCS Nguyễn Huy")
    page = desk.get(url("import_likeness", batch))
    shown = page.context["row"]
    assert page.context["candidates"][0].score == shown.score
    assert any(line.sides[0].differs for line in page.context["lines"])
    answer = desk.post(
        url("import_likeness", batch),
        {"row": shown.pk, "decision": "same", "record": page.context["candidates"][0].record.pk},
        follow=True,
    )
    assert answer.context["row"].pk != shown.pk
    assert sorted(outcomes(batch)) == ["same", "undecided"]


@pytest.mark.slow
def test_the_end_of_the_queue_leads_back(desk, place):
    batch = likely(place, "Trường THCS Trần Phụ")
    answer = desk.post(
        url("import_likeness", batch), {"row": batch.rows.first().pk, "decision": "different"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == url("import_check", batch)
    assert outcomes(batch) == ["new"]


@pytest.mark.slow
def test_many_rows_are_decided_at_once(desk, place):
    batch = likely(place, "Trường THCS Trần Phụ", "Trường THCS Nguyễn Huy")
    desk.post(url("import_likeness_many", batch), {"decision": "different", "score": "100"})
    assert outcomes(batch) == ["new", "new"]


def test_a_unit_out_of_reach_is_no_candidate(client, place):
    UnitFactory(name="Trường THCS Trần Phú", jurisdiction=place.commune)
    batch = place.checked(["Tên trường", "Xã, phường"], ["Trường THCS Trần Phụ", "An Phú"], by=place.local)
    assert outcomes(batch) == ["new"]


# -- who may -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [*ACTIONS, "import_likeness"])
def test_actions_on_a_list_of_another_province_are_not_found(client, place, name):
    batch = place.checked(HEADER, row(1, kind="Gì đó"), by=place.above, area=place.province)
    client.force_login(place.officer)
    assert client.post(url(name, batch)).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("name", [*ACTIONS, "import_likeness"])
def test_actions_without_the_right_are_forbidden(client, place, name):
    batch = place.checked(HEADER, row(1, kind="Gì đó"))
    client.force_login(place.clerk)
    assert client.post(url(name, batch)).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTIONS)
def test_a_list_that_is_written_cannot_be_put_right(desk, place, name):
    batch = place.committed(HEADER, row(1))
    fix = {**NO_AREA, "action": "leave_out", "fix": "1", "row": batch.rows.first().pk, "text": "x", "key": "name"}
    desk.post(url(name, batch), {**fix, "existing": "skip", "decision": "same", "score": "1"})
    batch.refresh_from_db()
    assert (batch.state, batch.existing, batch.fixes.count()) == ("committed", "update", 0)


@pytest.mark.slow
def test_the_check_page_costs_the_same_for_many_faults(desk, place):
    counts = []
    for size in (1, 12):
        rows = [row(number + size * 100, kind=f"Gì {number}", commune=f"Nơi {number}") for number in range(1, size + 1)]
        batch = place.checked(HEADER, *rows)
        desk.get(url("import_check", batch))
        with CaptureQueriesContext(connection) as queries:
            desk.get(url("import_check", batch))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.slow
def test_a_list_put_right_goes_in(desk, place):
    batch = place.checked(HEADER, row(1, commune="Thị xã A"), row(2, kind="Gì đó"))
    area = {"area": place.ward.pk, "area_text": place.ward.long_name}
    desk.post(url("import_fix", batch), {**NO_AREA, **area, "action": "area"})
    cell = {"row": batch.rows.last().pk, "column": "Khối", "key": "kind", "text": "DN"}
    desk.post(url("import_edit", batch), cell)
    desk.post(url("import_commit", batch))
    assert set(Unit.objects.values_list("jurisdiction", flat=True)) == {place.ward.pk}
    assert Unit.objects.count() == 2


# -- columns -----------------------------------------------------------------------------------------------------------
def sent(client, batch, **changes):
    form = client.get(url("import_columns", batch)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name != "default_area"}
    return client.post(url("import_columns", batch), {**data, **changes})


@pytest.mark.slow
def test_a_column_kept_as_a_note_and_remembered(desk, place):
    head = ["Tên đơn vị", "Khối", "Đặc điểm", "Xã, phường"]
    batch = place.read(head, ["Nhà Mẫu", "DN", "Gần chợ", "An Phú"])
    sent(desk, batch, **{"column-0-2": "+"})
    desk.post(url("import_commit", batch))
    assert Unit.objects.get().note == "Đặc điểm: Gần chợ"
    again = place.read(head, ["Nhà Mẫu B", "DN", "Gần sông", "An Phú"])
    page = desk.get(url("import_columns", again))
    assert "nhớ từ lần trước" in page.content.decode()
    assert page.context["form"]["column-0-2"].value() == "+"
    desk.post(url("import_columns", again), {"forget": "Đặc điểm"})
    assert desk.get(url("import_columns", again)).context["form"]["column-0-2"].value() == ""


@pytest.mark.slow
def test_a_value_fills_a_field_that_has_no_column(desk, place):
    batch = place.read(["Tên đơn vị", "Khối", "Xã, phường"], ["Nhà Mẫu", "DN", "An Phú"])
    sent(desk, batch, **{"extra-key-0": "address", "extra-text-0": "Số 1"})
    desk.post(url("import_commit", batch))
    assert Unit.objects.get().address == "Số 1"


@pytest.mark.slow
def test_a_common_value_that_cannot_be_read_is_told(desk, place):
    batch = place.read(["Tên đơn vị", "Xã, phường"], ["Nhà Mẫu", "An Phú"])
    answer = sent(
        desk,
        batch,
        **{"extra-key-0": "subkind", "extra-text-0": "x", "extra-key-1": "tax_code", "extra-text-1": "12"},
    )
    assert "extra-text-1" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("register", "written", "outcome"),
    [
        ("Công ty Ánh Dương", "CÔNG TY ÁNH DƯƠNG", "same"),
        ("Công ty Ánh Dương", "Cong ty Anh Duong", "same"),
        ("Công ty Ánh Dương", "Công ty Ánh Dương.", "same"),
        ("CÔNG TY ÁNH DƯƠNG", "Công ty Ánh Dương", "changed"),
    ],
)
def test_a_name_worse_spelt_does_not_replace_that_of_the_register(place, register, written, outcome):
    UnitFactory(name=register, kind="enterprise", jurisdiction=place.ward)
    batch = place.checked(["Tên đơn vị", "Khối", "Xã, phường"], [written, "Doanh nghiệp", "Phường An Phú"])
    assert outcomes(batch) == [outcome]
