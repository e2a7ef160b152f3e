"""Where a file leaves a choice it is told, the officer chooses, and nothing comes in or stays out unseen."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import CommandError
from django.urls import reverse

from movement_portal.spreadsheets import correcting, workflow
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.sheets import sheet_for
from movement_portal.spreadsheets.ways import Ways
from tests.spreadsheets.lists import run_import, tax_code
from units.models import Unit

HEADER = ["TT", "Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]
BLOCKS = [["TT", "Xã, phường", "Khối", "Tên đơn vị"]] + [
    [number, area, kind, f"Đơn vị Mẫu {number}"]
    for number, area, kind in [
        (1, "Phường An Phú", "Cơ quan"),
        (2, None, None),
        (3, None, "Doanh nghiệp"),
        (4, "Xã Bình Lộc", None),
        (5, None, None),
    ]
]
TOGETHER = [["TT", "Tên đơn vị, địa chỉ, điện thoại"]] + [
    [number, f"Công ty TNHH Mẫu {number}, {number} Lê Lợi, Phường An Phú, ĐT: 0651.38{number}2345"]
    for number in range(1, 4)
]


def company(number, area="Phường An Phú"):
    return [number, f"Công ty Mẫu {number}", "Doanh nghiệp", tax_code(number), area]


def book(rows, *, hidden=(), columns=(), worksheets=()):
    """A workbook as bytes; rows are hidden by number, columns by letter, further worksheets are hidden whole."""
    workbook = openpyxl.Workbook()
    table = workbook.active
    table.title = "DS"
    for row in rows:
        table.append(row)
    for number in hidden:
        table.row_dimensions[number].hidden = True
    for letter in columns:
        table.column_dimensions[letter].hidden = True
    for name, lines in worksheets:
        other = workbook.create_sheet(name)
        other.sheet_state = "hidden"
        for line in lines:
            other.append(line)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


HIDDEN = book([HEADER, *map(company, range(1, 6))], hidden=(3, 4))


def read(place, data, by=None):
    return workflow.upload(sheet_for("units"), SimpleUploadedFile("ds.xlsx", data), by=by or place.officer)


def checked(place, data, **ways):
    batch = read(place, data)
    return workflow.choose(
        batch.pk,
        by=place.officer,
        mapping=batch.mapping,
        constants={},
        default_area=None,
        ways={"DS": Ways(**ways)} if ways else None,
    )


def counts(batch):
    return {name: count for name, count in batch.counts.items() if count and name != "skipped"}


def told(batch, number):
    return " ".join(notice["text"] for notice in batch.rows.get(number=number).notices)


def page_data(page):
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields if name != "default_area"}


def choose(client, batch, way, column="", *, chosen="1", worksheet="DS"):
    data = {"worksheet": worksheet, "way": way, "column": column, "chosen": chosen}
    return client.post(reverse("spreadsheets:import_way", args=[batch.pk]), data, follow=True)


# -- hidden rows, columns, worksheets ----------------------------------------------------------------------------------
def test_hidden_rows_come_in_and_are_marked(place):
    batch = checked(place, HIDDEN)
    assert counts(batch) == {"new": 5}
    assert "bị ẩn trong tệp" in told(batch, 3)
    assert told(batch, 2) == ""


def test_hidden_rows_can_stay_out(place):
    batch = checked(place, HIDDEN, leaves_hidden=True)
    assert counts(batch) == {"new": 3, "left_out": 2}
    assert "để ngoài" in told(batch, 4)
    place.commit(batch)
    assert Unit.objects.count() == 3


@pytest.mark.slow
def test_the_page_of_columns_tells_hidden_rows_and_asks(desk, place):
    batch = read(place, HIDDEN)
    address = reverse("spreadsheets:import_columns", args=[batch.pk])
    page = desk.get(address)
    assert "2 dòng đang bị ẩn trong tệp (ẩn tay hoặc thu gọn nhóm): dòng 3, 4" in page.content.decode()
    desk.post(address, page_data(page) | {"hidden-0": "leave"})
    batch.refresh_from_db()
    assert (batch.ways, batch.counts["left_out"]) == ({"DS": {"hidden": "leave"}}, 2)
    assert desk.get(address).context["form"]["hidden-0"].value() == "leave"


@pytest.mark.slow
def test_the_check_page_tells_hidden_rows_and_chooses_otherwise(desk, place):
    batch = checked(place, HIDDEN)
    page = desk.get(reverse("spreadsheets:import_check", args=[batch.pk])).content.decode()
    assert "2 dòng đang bị ẩn trong tệp" in page
    assert "Để các dòng ẩn ra ngoài" in page
    answer = choose(desk, batch, "hidden")
    batch.refresh_from_db()
    assert counts(batch) == {"new": 3, "left_out": 2}
    assert "Nhập cả các dòng ẩn" in answer.content.decode()
    choose(desk, batch, "hidden", chosen="")
    batch.refresh_from_db()
    assert (counts(batch), batch.ways) == ({"new": 5}, {})


def test_rows_left_out_for_being_hidden_stay_out_when_judged_again(place):
    batch = checked(place, HIDDEN, leaves_hidden=True)
    correcting.edit(batch.pk, by=place.officer, row_id=batch.rows.get(number=3).pk, column="Tên đơn vị", text="Tên mới")
    batch.refresh_from_db()
    assert counts(batch) == {"new": 3, "left_out": 2}


@pytest.mark.slow
def test_hidden_columns_are_told(desk, place):
    batch = read(place, book([HEADER, company(1)], columns="D"))
    assert "cột đang ẩn" in desk.get(reverse("spreadsheets:import_columns", args=[batch.pk])).content.decode()
    place.check(batch)
    assert "Cột đang ẩn trong tệp" in desk.get(reverse("spreadsheets:import_check", args=[batch.pk])).content.decode()


@pytest.mark.slow
def test_a_hidden_worksheet_comes_in_only_when_chosen(desk, place):
    batch = read(place, book([HEADER, company(1)], worksheets=[("Cũ", [HEADER, company(2)])]))
    address = reverse("spreadsheets:import_columns", args=[batch.pk])
    page = desk.get(address)
    assert "đang ẩn trong tệp" in page.content.decode()
    assert list(batch.mapping) == ["DS"]
    desk.post(address, page_data(page))
    batch.refresh_from_db()
    assert counts(batch) == {"new": 1}
    assert (
        "Trang “Cũ” đang ẩn trong tệp"
        in desk.get(reverse("spreadsheets:import_check", args=[batch.pk])).content.decode()
    )
    desk.post(address, page_data(page) | {"use-1": "on"})
    batch.refresh_from_db()
    assert counts(batch) == {"new": 2}


def test_a_hidden_worksheet_that_is_no_list_is_told_as_left_out(place):
    batch = read(place, book([HEADER, company(1)], worksheets=[("Danh mục", [["Doanh nghiệp"], ["Cơ quan"]])]))
    assert [table["name"] for table in batch.layout["sheets"]] == ["DS"]
    assert "đang ẩn" in batch.layout["left_out"][0]["reason"]


def test_a_file_of_hidden_worksheets_without_a_list_is_refused(place):
    batch = read(place, book([], worksheets=[("Danh mục", [["Doanh nghiệp"], ["Cơ quan"]])]))
    assert (batch.state, "mọi trang tính đang hiện đều trống" in batch.failure) == ("failed", True)


def test_passwords_in_a_hidden_worksheet_are_refused(place):
    batch = read(
        place, book([HEADER, company(1)], worksheets=[("TK", [[*HEADER, "Mật khẩu"], [*company(2), "bí mật"]])])
    )
    assert batch.state == "failed"


# -- blocks ------------------------------------------------------------------------------------------------------------
def test_empty_cells_are_not_filled_unasked(place):
    assert counts(checked(place, book(BLOCKS))) == {"new": 1, "refused": 4}


def test_empty_cells_say_what_the_row_above_says(place):
    batch = checked(place, book(BLOCKS), filled=frozenset({"Xã, phường", "Khối"}))
    assert counts(batch) == {"new": 5}
    assert "lấy “Phường An Phú” theo dòng 2 ở trên" in told(batch, 3)
    assert "lấy “Doanh nghiệp” theo dòng 4 ở trên" in told(batch, 5)
    place.commit(batch)
    assert Unit.objects.filter(jurisdiction=place.commune, kind="enterprise").count() == 2


@pytest.mark.slow
def test_the_pages_propose_to_fill(desk, place):
    batch = read(place, book(BLOCKS))
    address = reverse("spreadsheets:import_columns", args=[batch.pk])
    page = desk.get(address)
    assert "dòng 3 lấy “Phường An Phú” của dòng 2" in page.content.decode()
    desk.post(address, page_data(page) | {"fill-0-1": "on"})
    batch.refresh_from_db()
    assert batch.ways == {"DS": {"filled": ["Xã, phường"]}}
    choose(desk, batch, "filled", "Khối")
    batch.refresh_from_db()
    assert counts(batch) == {"new": 5}


def test_a_filled_cell_stays_told_when_its_row_is_judged_again(place):
    batch = checked(place, book(BLOCKS), filled=frozenset({"Xã, phường", "Khối"}))
    correcting.edit(batch.pk, by=place.officer, row_id=batch.rows.get(number=3).pk, column="Tên đơn vị", text="Tên mới")
    assert told(batch, 3).count("theo dòng 2 ở trên") == 2
    batch.refresh_from_db()
    assert counts(batch) == {"new": 5}


def test_a_cell_typed_anew_is_not_filled(place):
    batch = checked(place, book(BLOCKS), filled=frozenset({"Xã, phường", "Khối"}))
    correcting.edit(
        batch.pk, by=place.officer, row_id=batch.rows.get(number=3).pk, column="Xã, phường", text="Xã Bình Lộc"
    )
    workflow.run_check(batch.pk, by=place.officer)
    assert batch.rows.get(number=3).values["jurisdiction"] == place.commune.pk


def test_names_notes_and_running_numbers_are_no_blocks(place):
    rows = [["TT", "Tên đơn vị", "Ghi chú", "Xã, phường"]]
    rows += [
        [1 if number == 1 else None, f"Đơn vị {number}", "x" if number == 1 else None, "An Phú"]
        for number in range(1, 6)
    ]
    assert "blocks" not in read(place, book(rows)).layout["sheets"][0]


# -- one cell that holds several ---------------------------------------------------------------------------------------
def test_name_address_and_telephone_are_split_when_chosen(place):
    batch = checked(place, book(TOGETHER), divided="Tên đơn vị, địa chỉ, điện thoại")
    assert counts(batch) == {"new": 3}
    values = batch.rows.get(number=2).values
    assert values["name"] == "Công ty TNHH Mẫu 1"
    assert values["address"] == "1 Lê Lợi, Phường An Phú"
    assert values["head_phone"] == "06513812345" or values["head_phone"]
    assert values["jurisdiction"] == place.ward.pk
    assert "từ cùng một ô" in told(batch, 2)


def test_a_cell_is_not_split_unasked(place):
    batch = checked(place, book(TOGETHER))
    assert all("Lê Lợi" in row.label for row in batch.rows.all())


@pytest.mark.slow
def test_the_pages_propose_a_split(desk, place):
    batch = read(place, book(TOGETHER))
    page = desk.get(reverse("spreadsheets:import_columns", args=[batch.pk])).content.decode()
    assert "địa chỉ “1 Lê Lợi, Phường An Phú”" in page
    place.check(batch)
    choose(desk, batch, "divided", "Tên đơn vị, địa chỉ, điện thoại")
    batch.refresh_from_db()
    assert counts(batch) == {"new": 3}


def test_no_split_is_proposed_beside_a_column_of_addresses(place):
    rows = [[*row, "1 Lê Lợi"] for row in TOGETHER]
    rows[0][-1] = "Địa chỉ"
    assert "divided" not in read(place, book(rows)).layout["sheets"][0]


# -- who may choose, and the command -----------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_choice_that_is_not_open_is_refused(desk, place):
    batch = checked(place, HIDDEN)
    assert "không có lựa chọn này" in choose(desk, batch, "filled", "Khối").content.decode()


def test_a_choice_is_only_made_of_a_checked_list(desk, place):
    batch = read(place, HIDDEN)
    choose(desk, batch, "hidden")
    assert ImportBatch.objects.get().ways == {}


def test_a_neighbour_does_not_choose(client, place):
    batch = checked(place, HIDDEN)
    client.force_login(place.local)
    assert choose(client, batch, "hidden").status_code == 404


@pytest.fixture
def run(place, tmp_path):
    """Runs the command over a workbook, as the officer of the place."""

    def run(data, **options):
        path = tmp_path / "ds.xlsx"
        path.write_bytes(data)
        return run_import(path, officer=place.officer.username, **options)

    return run


@pytest.mark.parametrize("commit", [False, True])
def test_the_command_leaves_hidden_rows_out(run, commit):
    answer = run(HIDDEN, hidden_rows="leave", commit=commit)
    assert (answer["counts"]["new"], answer["left_out"]) == (3, 2)
    assert answer["offered"][0]["hidden_rows"]["count"] == 2
    assert Unit.objects.count() == (3 if commit else 0)


def test_the_command_tells_hidden_rows_and_takes_them(run):
    answer = run(HIDDEN)
    assert (answer["counts"]["new"], answer["offered"][0]["hidden_rows"]["numbers"]) == (5, "3, 4")


@pytest.mark.parametrize("commit", [False, True])
def test_the_command_fills_down(run, commit):
    answer = run(book(BLOCKS), fill_down=["xã, phường", "Khối"], commit=commit)
    assert answer["counts"]["new"] == 5


@pytest.mark.slow
def test_the_command_splits(run):
    assert run(book(TOGETHER), split=["Tên đơn vị, địa chỉ, điện thoại"])["counts"]["new"] == 3


def test_the_command_names_a_column_that_is_not_there(run):
    with pytest.raises(CommandError, match="Không có cột “Huyện”"):
        run(book(BLOCKS), fill_down=["Huyện"])


def test_the_command_reads_a_hidden_worksheet_only_by_name(run):
    data = book([HEADER, company(1)], worksheets=[("Cũ", [HEADER, company(2)])])
    answer = run(data)
    assert (answer["counts"]["new"], answer["left_out_sheets"][0]["sheet"]) == (1, "Cũ")
    assert run(data, worksheet=["DS", "Cũ"])["counts"]["new"] == 2
