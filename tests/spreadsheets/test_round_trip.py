"""A workbook goes out, is changed on both sides, and comes back: what is written, kept, asked, refused."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from movement_portal.audit.models import AuditEvent
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.issuing import issue
from movement_portal.spreadsheets.models import IssuedWorkbook
from movement_portal.spreadsheets.returning import missing
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import ActivityFactory, UnitFactory
from tests.spreadsheets.lists import Place, run_import
from tests.spreadsheets.test_templates import drop_down
from units.activities import set_units
from units.models import Headcount, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Place()


@pytest.fixture
def unit(place):
    unit = UnitFactory(
        name="Trường Mẫu",
        kind="school",
        jurisdiction=place.ward,
        head_name="Lê Văn Mẫu",
        address="Số 1",
        note="dòng một\ndòng hai",
        size_staff_count=None,
    )
    Headcount.objects.create(unit=unit, year=2026, staff_count=1727)
    return unit


class Book:
    """A workbook that went out, as an office has it open."""

    def __init__(self, place, *, by=None, area=None, sheet="units"):
        self.place, self.by, self.sheet = place, by or place.officer, sheet_for(sheet)
        stream = io.BytesIO()
        self.issued = issue(stream, self.sheet, officer=self.by, area=area or self.by.jurisdiction)
        self.book = openpyxl.load_workbook(stream)
        self.table = self.book.worksheets[0]
        header = next(row for row in self.table.iter_rows(max_row=12) if row[0].value == "Dấu dòng")
        self.header, self.columns = header[0].row, {cell.value: cell.column for cell in header}

    def cell(self, unit, label):
        codes = self.columns[self.sheet.label_of("code")]
        row = next(
            at for at in range(self.header + 1, self.table.max_row + 1) if self.table.cell(at, codes).value == unit.code
        )
        return self.table.cell(row, self.columns[label])

    def add(self, **values):
        row = self.table.max_row + 1
        for label, value in values.items():
            self.table.cell(row, self.columns[label.replace("_", " ")]).value = value

    def data(self):
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def read(self, by=None):
        file = SimpleUploadedFile("gui-lai.xlsx", self.data())
        return workflow.upload(self.sheet, file, by=by or self.by)

    def checked(self, by=None):
        return workflow.run_check(self.read(by).pk, by=by or self.by)


def counts(batch, *names):
    return [batch.counts[name] for name in names]


@pytest.mark.slow
def test_one_that_nobody_touched_changes_nothing(place, unit):
    batch = Book(place).checked()
    assert batch.workbook is not None
    assert counts(batch, "same", "changed", "new", "refused", "asked") == [1, 0, 0, 0, 0]


def test_every_column_is_matched_by_itself(place, unit):
    (mapping,) = Book(place).read().mapping.values()
    assert mapping.pop("Dấu dòng") in ("", "-")
    assert all(mapping.values())


@pytest.mark.slow
def test_what_only_the_file_changed_is_written(place, unit):
    book = Book(place)
    book.cell(unit, "Người đứng đầu").value = "Trần Thị Mẫu"
    book.cell(unit, "Số cán bộ, nhân viên, người lao động năm 2026").value = 1800
    book.cell(unit, "Lao động bình quân").value = "1.800"
    book.cell(unit, "Ghi chú").value = "thay hẳn"
    batch = book.checked()
    assert set(batch.rows.get().changes) == {"head_name", "staff_count@2026", "size_staff_count", "note"}
    workflow.commit(batch.pk, by=place.officer)
    unit.refresh_from_db()
    assert (unit.head_name, unit.size_staff_count, unit.note) == ("Trần Thị Mẫu", 1800, "thay hẳn")
    assert unit.headcounts.get().staff_count == 1800


@pytest.mark.slow
def test_a_cell_of_several_takes_more_and_loses_none(place, unit):
    activity = ActivityFactory(jurisdiction=place.ward)
    set_units(activity, [unit], by=place.officer)
    book = Book(place, sheet="activities")
    assert book.checked().counts["same"] == 1
    cell = book.cell(activity, "Đơn vị tham gia")
    assert cell.value == f"{unit.code} · Trường Mẫu"
    cell.value = UnitFactory(name="Công ty Mẫu", jurisdiction=place.ward).name
    workflow.commit(book.checked().pk, by=place.officer)
    assert sorted(row.unit.name for row in activity.participants.all()) == ["Công ty Mẫu", "Trường Mẫu"]


@pytest.mark.slow
def test_an_emptied_cell_empties_the_field(place, unit):
    book = Book(place)
    book.cell(unit, "Địa chỉ").value = None
    batch = workflow.commit(book.checked().pk, by=place.officer)
    unit.refresh_from_db()
    assert (batch.state, unit.address) == (BatchState.COMMITTED, "")


@pytest.mark.slow
def test_an_emptied_cell_that_is_needed_is_refused(place, unit):
    book = Book(place)
    book.cell(unit, "Tên đơn vị").value = None
    batch = book.checked()
    assert batch.counts["refused"] == 1
    assert "Thiếu tên đơn vị." in str(batch.rows.get().problems)


@pytest.mark.slow
def test_a_renamed_record_is_the_same_record(place, unit):
    book = Book(place)
    book.cell(unit, "Tên đơn vị").value = "Tên hoàn toàn khác"
    workflow.commit(book.checked().pk, by=place.officer)
    assert Unit.objects.get().name == "Tên hoàn toàn khác"


@pytest.mark.slow
def test_what_only_the_register_changed_is_kept(place, unit):
    book = Book(place)
    unit.head_name = "Người Mới"
    unit.save()
    batch = book.checked()
    assert counts(batch, "same", "changed", "asked") == [1, 0, 0]


@pytest.mark.slow
def test_the_same_change_on_both_sides_is_no_question(place, unit):
    book = Book(place)
    unit.head_name = "Người Mới"
    unit.save()
    book.cell(unit, "Người đứng đầu").value = "Người Mới"
    assert counts(book.checked(), "same", "asked") == [1, 0]


@pytest.fixture
def asked(place, unit):
    """A checked batch with one cell changed on both sides, and one in the file alone."""
    book = Book(place)
    unit.head_name = "Theo Sổ"
    unit.save()
    book.cell(unit, "Người đứng đầu").value = "Theo Tệp"
    book.cell(unit, "Địa chỉ").value = "Số 2"
    return book.checked()


@pytest.mark.slow
def test_different_changes_on_both_sides_are_asked(place, asked):
    assert counts(asked, "asked", "changed") == [1, 0]
    assert asked.rows.get().questions == [
        {
            "key": "head_name",
            "label": "Người đứng đầu",
            "exported": "Lê Văn Mẫu",
            "register": "Theo Sổ",
            "file": "Theo Tệp",
        }
    ]
    with pytest.raises(workflow.ImportRefused, match="tệp và sổ cùng sửa"):
        workflow.commit(asked.pk, by=place.officer)


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "head"), [("file", "Theo Tệp"), ("register", "Theo Sổ")])
def test_an_answer_decides(place, unit, asked, answer, head):
    batch = workflow.answer(asked.pk, by=place.officer, answers={f"{unit.pk}|head_name": answer})
    assert counts(batch, "asked", "changed") == [0, 1]
    workflow.commit(batch.pk, by=place.officer)
    unit.refresh_from_db()
    assert (unit.head_name, unit.address) == (head, "Số 2")


@pytest.mark.slow
@pytest.mark.parametrize("data", [{"tat_ca": "file"}, None])
def test_the_page_asks_and_takes_answers(place, client, unit, asked, data):
    client.force_login(place.officer)
    url = reverse("spreadsheets:import_questions", args=[asked.pk])
    check = client.get(reverse("spreadsheets:import_check", args=[asked.pk])).content.decode()
    assert url in check
    assert "cần trả lời" in check
    assert "Mọi dòng đều hợp lệ" not in check
    page = client.get(url).content.decode()
    assert "Theo Sổ" in page
    assert "Theo Tệp" in page
    response = client.post(url, data or {f"{unit.pk}|head_name": "file"})
    assert response.url == reverse("spreadsheets:import_check", args=[asked.pk])
    asked.refresh_from_db()
    assert asked.answers == {f"{unit.pk}|head_name": "file"}


# -- what is not taken -------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_doctored_mark_is_noticed(place, unit):
    book = Book(place)
    mark = book.cell(unit, "Dấu dòng")
    mark.value = mark.value[:-3] + "abc"
    other = UnitFactory(jurisdiction=place.ward)
    assert other.pk
    batch = book.checked()
    assert batch.rows.get().problems[0]["cause"] == "Dấu dòng không hợp lệ"


@pytest.mark.slow
def test_a_locked_code_that_was_changed_all_the_same_is_refused(place, unit):
    other = UnitFactory(jurisdiction=place.ward, name="Khác")
    book = Book(place)
    book.cell(unit, "Mã đơn vị").value = f"{other.code}9"
    assert book.checked().counts["refused"] == 1


@pytest.mark.slow
def test_a_status_is_not_changed_by_a_file(place, unit):
    book = Book(place)
    book.cell(unit, "Tình trạng").value = "Tạm ngừng hoạt động"
    batch = book.checked()
    assert batch.counts["same"] == 1
    assert "hãy đổi trên trang của bản ghi" in str(batch.rows.get().notices)


@pytest.mark.slow
def test_a_new_row_is_a_new_unit(place, unit):
    book = Book(place, by=place.local)
    book.add(Tên_đơn_vị="Sở Mới", Khối="Cơ quan")
    batch = book.checked()
    assert counts(batch, "new", "same") == [1, 1], batch.rows.last().problems
    workflow.commit(batch.pk, by=place.local)
    assert Unit.objects.get(name="Sở Mới").jurisdiction == place.ward


@pytest.mark.slow
def test_a_row_of_another_area_is_refused(place, unit):
    book = Book(place, area=place.ward)
    book.table.cell(book.header + 2, book.columns["Tên đơn vị"]).value = "Sở Mới"
    book.table.cell(book.header + 2, book.columns["Khối"]).value = "Cơ quan"
    book.table.cell(book.header + 2, book.columns["Xã, phường"]).value = "Xã Bình Lộc"
    batch = book.checked()
    assert counts(batch, "same", "refused") == [1, 1]
    assert "chỉ dành cho Phường An Phú" in str(batch.rows.last().problems)


def test_a_workbook_of_another_area_is_not_read(place, unit):
    UnitFactory(jurisdiction=place.far)
    stranger = Book(place, by=place.above, area=place.far)
    batch = stranger.read(by=place.officer)
    assert (batch.state, "ngoài phạm vi" in batch.failure) == (BatchState.FAILED, True)


@pytest.mark.slow
def test_a_record_that_has_left_the_area_is_refused(place, unit):
    book = Book(place, by=place.local)
    unit.jurisdiction = place.commune
    unit.save()
    assert book.checked().rows.get().problems[0]["cause"] == "Không còn trong địa bàn"


@pytest.mark.slow
def test_rows_that_did_not_come_back_are_named_and_stay(place, client, unit):
    UnitFactory(jurisdiction=place.ward, name="Sở Giữ")
    book = Book(place)
    book.table.delete_rows(book.cell(unit, "Tên đơn vị").row)
    batch = book.checked()
    assert missing(batch, by=place.officer) == [unit]
    client.force_login(place.officer)
    page = client.get(reverse("spreadsheets:import_check", args=[batch.pk])).content.decode()
    assert f'<a href="{unit.get_absolute_url()}">Trường Mẫu</a>' in page
    workflow.commit(batch.pk, by=place.officer, mode="good_rows")
    assert Unit.objects.filter(pk=unit.pk).exists()


def test_another_kind_of_list_is_told(place, unit):
    file = SimpleUploadedFile("x.xlsx", Book(place).data())
    batch = workflow.upload(sheet_for("groupings"), file, by=place.officer)
    assert "danh sách đơn vị" in batch.failure


# -- the workbook itself -----------------------------------------------------------------------------------------------
def test_only_the_area_that_was_asked_for_goes_out(place, unit):
    UnitFactory(jurisdiction=place.commune, name="Sở Xa")
    UnitFactory(jurisdiction=place.ward, name="Đã giải thể", status="dissolved", status_on="2026-01-01")
    book = Book(place, area=place.ward)
    assert book.issued.record_ids == [unit.pk]
    assert drop_down_of(book, "Xã, phường") == ["Phường An Phú"]


def drop_down_of(book, label):
    book.table.cell(book.header, 1).value = "TT"
    return drop_down(book.book, label)


def test_codes_and_marks_are_locked_other_cells_are_open(place, unit):
    book = Book(place)
    assert book.table.protection.sheet
    assert not book.table.protection.password
    assert book.table.column_dimensions["A"].hidden
    locked = {label: book.cell(unit, label).protection.locked for label in book.columns}
    assert {label for label, is_locked in locked.items() if is_locked} == {
        "Dấu dòng",
        "Mã đơn vị",
        "Tình trạng",
        "Tình trạng từ ngày",
    }
    assert not book.table.column_dimensions["C"].protection.locked


@pytest.mark.slow
def test_it_asks_as_often_for_many_as_for_few(place, unit, django_assert_max_num_queries):
    UnitFactory.create_batch(30, jurisdiction=place.ward, parent=unit)
    with django_assert_max_num_queries(25):
        Book(place)


@pytest.mark.slow
def test_marks_hold_nothing_that_another_program_would_rewrite(place):
    UnitFactory.create_batch(40, jurisdiction=place.ward)
    book = Book(place)
    marks = [book.table.cell(row, 1).value for row in range(book.header + 1, book.table.max_row + 1)]
    assert len(marks) == 40
    assert not any("_" in mark or mark[0] in "=+-@'" for mark in marks)


# -- page and command --------------------------------------------------------------------------------------------------
def test_the_page_gives_it_out_and_lists_it(place, client, unit):
    client.force_login(place.officer)
    url = reverse("spreadsheets:sheet_workbook", args=["units"])
    response = client.post(url, {"area": ""})
    assert response["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.get(kind="export").label.startswith("Xuất đơn vị để sửa ngoài cổng")
    assert "Tỉnh Mẫu Sơn" in client.get(url).content.decode()


def test_the_page_gives_out_no_area_out_of_reach(place, client, unit):
    client.force_login(place.local)
    url = reverse("spreadsheets:sheet_workbook", args=["units"])
    assert client.post(url, {"area": place.commune.pk}).status_code == 422
    assert not IssuedWorkbook.objects.exists()


def test_who_may_not_import_gets_none(place, client):
    client.force_login(place.clerk)
    assert client.post(reverse("spreadsheets:sheet_workbook", args=["units"])).status_code == 403


@pytest.mark.slow
def test_by_command(place, unit, tmp_path):
    path = tmp_path / "so.xlsx"
    call_command("sheet_workbook", "units", officer=place.officer.username, area=place.ward.code, out=path)
    book = openpyxl.load_workbook(path)
    table = book.worksheets[0]
    header = next(row for row in table.iter_rows(max_row=12) if row[0].value == "Dấu dòng")
    column = next(cell.column for cell in header if cell.value == "Địa chỉ")
    table.cell(header[0].row + 1, column).value = "Số 9"
    book.save(path)
    answer = run_import(path, officer=place.officer.username, commit=True)
    assert (answer["counts"]["changed"], answer["committed"]) == (1, True)
    unit.refresh_from_db()
    assert unit.address == "Số 9"


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "address"), [("file", "Theo tệp"), ("register", "Theo sổ")])
def test_by_command_cells_changed_on_both_sides_are_answered_at_once(place, unit, tmp_path, capsys, answer, address):
    book = Book(place)
    book.cell(unit, "Địa chỉ").value = "Theo tệp"
    (tmp_path / "so.xlsx").write_bytes(book.data())
    unit.address = "Theo sổ"
    unit.save()
    asked = run_import(tmp_path / "so.xlsx", officer=place.officer.username)
    assert asked["counts"]["asked"] == 1
    call_command("import_sheet", "units", str(tmp_path / "so.xlsx"), officer=place.officer.username)
    assert "1 có ô mà tệp và sổ cùng sửa" in capsys.readouterr().out
    done = run_import(tmp_path / "so.xlsx", officer=place.officer.username, commit=True, both_changed=answer)
    assert "asked" not in done["counts"]
    unit.refresh_from_db()
    assert unit.address == address
