"""Lists of officers: accounts and postings come in by the rules of the pages of accounts, and no password anywhere."""

import datetime
import io
import json
import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer, Posting
from movement_portal.lib.dates import day_before, today
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.models import ImportBatch, ImportRow
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.sheets import importable_sheets, sheet_for
from tests.accounts.conftest import administrator
from tests.factories import OfficerFactory, PoliceOfficeFactory, PostingFactory
from tests.spreadsheets.lists import Place, as_csv, uploaded

HEADER = ["Tên đăng nhập", "Họ và tên", "Cấp bậc, chức vụ", "Điện thoại", "Cơ quan", "Chức năng", "Từ ngày", "Đến ngày"]


class Offices(Place):
    """The place, with an account administrator of the province who may hand on four functions."""

    def __init__(self):
        super().__init__()
        self.ward_office = self.ward.police_offices.get()
        self.far_office = PoliceOfficeFactory(jurisdiction=self.far)
        grants = [Function.ENTER, Function.DECIDE, Function.READ, Function.MANAGE_ACCOUNTS]
        self.admin = administrator(self.province, grants=grants)

    def row(self, username="le.mau", name="Lê Thị Mẫu", function="Nhập liệu", office=None, **cells):
        office = str(office or self.ward_office)
        told = {"title": "Thượng úy", "phone": "", "start": "01/07/2025", "end": "", **cells}
        return [username, name, told["title"], told["phone"], office, function, told["start"], told["end"]]

    def check_rows(self, *rows, header=HEADER):
        return self.checked(header, *rows, sheet="officers", by=self.admin)

    def write_rows(self, *rows, header=HEADER):
        return self.committed(header, *rows, sheet="officers", by=self.admin)

    def outcomes(self, *rows, header=HEADER):
        batch = self.check_rows(*rows, header=header)
        return [row.outcome for row in batch.rows.order_by("id")]

    def reason(self, *rows, header=HEADER):
        """Why the last of the rows is refused."""
        batch = self.check_rows(*rows, header=header)
        return " ".join(problem["reason"] for problem in batch.rows.order_by("-id").first().problems)


@pytest.fixture
def offices(db):
    return Offices()


@pytest.fixture
def clerk(offices):
    """An officer of the ward who enters records."""
    return OfficerFactory(jurisdiction=offices.ward, username="tran.mau", full_name="Trần Văn Mẫu")


# -- new accounts ------------------------------------------------------------------------------------------------------
def test_a_row_opens_an_account_with_its_posting(offices):
    offices.write_rows(offices.row(phone="0912.345.678", end="31/12/2099"))
    officer = Officer.objects.get(username="le.mau")
    posting = officer.postings.get()
    assert (officer.full_name, officer.title, officer.phone) == ("Lê Thị Mẫu", "Thượng úy", "0912345678")
    assert (posting.office, posting.function) == (offices.ward_office, "enter")
    assert (posting.valid_from, posting.valid_to) == (datetime.date(2025, 7, 1), datetime.date(2099, 12, 31))


def test_a_new_account_has_no_password_until_one_is_issued(offices):
    offices.write_rows(offices.row())
    officer = Officer.objects.get(username="le.mau")
    assert not officer.has_usable_password()
    assert not officer.must_change_password


def test_one_officer_has_a_row_for_each_function(offices):
    offices.write_rows(offices.row(), offices.row(function="Lãnh đạo"), offices.row(function="Chỉ đọc"))
    assert sorted(Officer.objects.get(username="le.mau").functions) == ["decide", "enter", "read"]


def test_names_that_differ_only_in_a_dot_are_two_accounts(offices):
    offices.write_rows(offices.row("le.mau"), offices.row("le_mau", "Lê Văn Mẫu"), offices.row("lemau", "Lê Mẫu"))
    assert Officer.objects.filter(username__in=["le.mau", "le_mau", "lemau"]).count() == 3


def test_the_history_of_a_new_account_is_that_of_its_office(offices):
    batch = offices.write_rows(offices.row())
    change = Change.objects.get(event=batch.event_id, model="jurisdictions.officer")
    assert change.path == offices.ward.path


def test_rows_without_a_day_begin_today(offices):
    offices.write_rows(offices.row(start=""))
    assert Posting.objects.get(officer__username="le.mau").valid_from == today()


def test_the_same_list_again_changes_nothing(offices):
    rows = [offices.row(), offices.row(function="Lãnh đạo"), offices.row("vu.mau", "Vũ Mẫu", start="")]
    offices.write_rows(*rows)
    assert offices.outcomes(*rows) == ["same", "same", "same"]


@pytest.mark.parametrize("username", ["Lê Mẫu", "le mau", "le,mau", "x" * 61])
def test_a_name_that_cannot_be_signed_in_with_is_refused(offices, username):
    assert "không dùng làm tên đăng nhập được" in offices.reason(offices.row(username))


def test_capital_letters_of_a_username_are_no_other_name(offices, clerk):
    assert offices.outcomes(offices.row("Tran.Mau", clerk.full_name, title="")) == ["same"]


def test_one_account_is_not_two_people(offices):
    reason = offices.reason(offices.row(), offices.row(name="Phạm Văn Mẫu", function="Lãnh đạo"))
    assert "dòng 2 ghi “Lê Thị Mẫu”" in reason


def test_a_new_account_needs_a_name(offices):
    assert "Thiếu họ và tên" in offices.reason(offices.row(name=""))


@pytest.mark.parametrize("name", ["CA P. An Phú", "CAP An Phú", "Phường An Phú", "công an phường an phú"])
def test_offices_are_known_as_lists_call_them(offices, name):
    offices.write_rows(offices.row(office=name))
    assert Posting.objects.get(officer__username="le.mau").office == offices.ward_office


# -- lists without usernames -------------------------------------------------------------------------------------------
def test_a_row_without_a_username_gets_one_of_name_and_place(offices):
    offices.write_rows(offices.row(""))
    assert Officer.objects.get(full_name="Lê Thị Mẫu").username == "lethimau.anphu"


def test_a_list_without_the_column_is_taken(offices):
    offices.write_rows(offices.row()[1:], header=HEADER[1:])
    assert Officer.objects.get(full_name="Lê Thị Mẫu").username == "lethimau.anphu"


def test_rows_of_one_person_without_usernames_are_one_account(offices):
    offices.write_rows(offices.row(""), offices.row("", function="Lãnh đạo"))
    assert Officer.objects.get(username="lethimau.anphu").postings.count() == 2


def test_the_same_list_without_usernames_again_changes_nothing(offices):
    rows = [offices.row(""), offices.row("", "Vũ Văn Mẫu", function="Lãnh đạo")]
    offices.write_rows(*rows)
    assert offices.outcomes(*rows) == ["same", "same"]


def test_names_in_capital_letters_are_written_as_names_are(offices, clerk):
    offices.write_rows(offices.row("", "LÊ THỊ MẪU"), offices.row("tran.mau", "TRẦN VĂN MẪU", title=""))
    assert Officer.objects.get(username="lethimau.anphu").full_name == "Lê Thị Mẫu"
    clerk.refresh_from_db()
    assert (clerk.full_name, clerk.version) == ("Trần Văn Mẫu", 1)


def test_a_name_that_is_taken_gets_a_digit(offices):
    OfficerFactory(jurisdiction=offices.far, username="lethimau.anphu", full_name="Lê Thị Mau")
    offices.write_rows(offices.row(""))
    assert Officer.objects.filter(username="lethimau.anphu2").exists()


def test_an_officer_of_the_office_is_known_by_name(offices, clerk):
    offices.write_rows(offices.row("", "Trần Văn Mẫu", title="Đại úy"))
    clerk.refresh_from_db()
    assert clerk.title == "Đại úy"


def test_two_officers_of_one_name_at_one_office_are_told_apart_by_usernames(offices, clerk):
    OfficerFactory(jurisdiction=offices.ward, full_name="Trần Văn Mẫu")
    assert "2 cán bộ cùng họ tên" in offices.reason(offices.row("", "Trần Văn Mẫu"))


def test_people_whose_names_differ_only_in_tones_do_not_share_an_account(offices):
    assert "hãy ghi" in offices.reason(offices.row(""), offices.row("", "Lê Thị Mậu"))


def test_a_namesake_elsewhere_in_reach_is_told(offices, clerk):
    other = PoliceOfficeFactory(jurisdiction=offices.commune)
    batch = offices.check_rows(offices.row("", "Trần Văn Mẫu", office=other))
    assert "“tran.mau” cùng họ tên" in str(batch.rows.get().notices)


# -- rights ------------------------------------------------------------------------------------------------------------
def test_an_office_elsewhere_is_refused_and_logged(offices, caplog):
    with caplog.at_level(logging.WARNING, logger="movement_portal.reach"):
        reason = offices.reason(offices.row(office=offices.far_office))
    assert "ngoài địa bàn đồng chí quản lý" in reason
    assert any(record.message == "import rows out of reach" for record in caplog.records)


def test_a_function_that_the_sender_cannot_give_is_refused_and_logged(offices, caplog):
    with caplog.at_level(logging.WARNING, logger="movement_portal.reach"):
        reason = offices.reason(offices.row(function="Thẩm định"))
    assert "không được cấp chức năng “Thẩm định”" in reason
    assert any(record.sheet == "officers" for record in caplog.records)


def test_nobody_posts_themselves(offices):
    name = offices.admin.full_name
    assert "tự phân công" in offices.reason(offices.row(offices.admin.username, name, office=offices.admin.office))


def test_an_account_with_more_than_the_sender_may_give_is_not_touched(offices, clerk):
    PostingFactory(officer=clerk, office=offices.ward_office, function=Function.MANAGE_RECORDS)
    assert "vượt quyền cấp" in offices.reason(offices.row("tran.mau", clerk.full_name, function="Chỉ đọc"))


def test_a_list_that_changes_nothing_of_such_an_account_is_taken(offices, clerk):
    PostingFactory(officer=clerk, office=offices.ward_office, function=Function.MANAGE_RECORDS)
    assert offices.outcomes(offices.row("tran.mau", clerk.full_name, title="")) == ["same"]


def test_a_username_taken_elsewhere_is_refused_without_saying_by_whom(offices):
    OfficerFactory(jurisdiction=offices.far, username="le.mau", full_name="Đỗ Xa Mẫu")
    reason = offices.reason(offices.row())
    assert "đã có người dùng ngoài địa bàn" in reason
    assert "Đỗ Xa" not in reason


def test_handing_on_more_than_one_may_give_is_refused(offices):
    header = [*HEADER, "Được cấp cho người khác"]
    row = [*offices.row(function="Quản trị hệ thống"), "Nhập liệu; Quản trị nghiệp vụ"]
    assert "cấp tiếp chức năng “Quản trị nghiệp vụ”" in offices.reason(row, header=header)


def test_functions_to_hand_on_come_in(offices):
    header = [*HEADER, "Được cấp cho người khác"]
    offices.write_rows([*offices.row(function="Quản trị hệ thống"), "chỉ đọc, nhập liệu"], header=header)
    assert Posting.objects.get(officer__username="le.mau").grants == ["enter", "read"]


def test_only_administrators_hand_functions_on(offices):
    header = [*HEADER, "Được cấp cho người khác"]
    assert "Chỉ phân công quản trị hệ thống" in offices.reason([*offices.row(), "Chỉ đọc"], header=header)


def test_rights_lost_since_the_check_write_nothing(offices):
    batch = offices.check_rows(offices.row())
    offices.admin.postings.update(grants=[])
    with pytest.raises(workflow.ImportRefused, match="không được cấp chức năng"):
        workflow.commit(batch.pk, by=Officer.objects.get(pk=offices.admin.pk))
    assert not Officer.objects.filter(username="le.mau").exists()


def test_records_and_accounts_are_imported_by_different_officers(offices):
    assert [sheet.name for sheet in importable_sheets(offices.admin)] == ["officers"]
    assert "officers" not in [sheet.name for sheet in importable_sheets(offices.officer)]


def test_who_administers_records_may_not_bring_officers_in(offices):
    with pytest.raises(PermissionDenied):
        offices.read(HEADER, offices.row(), sheet="officers", by=offices.officer)


def test_lists_are_seen_by_those_who_see_their_records(offices):
    accounts = offices.check_rows(offices.row())
    units = offices.checked(["Tên đơn vị", "Xã, phường"], ["Công ty Mẫu", "Phường An Phú"])
    assert list(ImportBatch.objects.visible_to(offices.admin)) == [accounts]
    assert list(ImportBatch.objects.visible_to(offices.officer)) == [units]


@pytest.mark.parametrize("page", ["import_detail", "import_check", "import_file"])
def test_pages_of_a_list_of_accounts_are_not_there_for_who_administers_records(offices, client, page):
    batch = offices.check_rows(offices.row())
    client.force_login(offices.officer)
    assert client.get(reverse(f"spreadsheets:{page}", args=[batch.pk])).status_code == 404


# -- accounts and postings that are there ------------------------------------------------------------------------------
def test_a_row_puts_the_account_right(offices, clerk):
    offices.write_rows(offices.row("tran.mau", "Trần Văn Mẫu", title="Đại úy", phone="0912345678"))
    clerk.refresh_from_db()
    assert (clerk.title, clerk.phone) == ("Đại úy", "0912345678")


def test_what_changes_is_shown_old_and_new(offices, clerk):
    batch = offices.check_rows(offices.row("tran.mau", "Trần Văn Mẫu", title="Đại úy"))
    assert batch.rows.get().changes == {"title": ["", "Đại úy"]}


def test_a_posting_ends_on_the_day_of_the_row(offices, clerk):
    end = today() + datetime.timedelta(days=10)
    offices.write_rows(offices.row("tran.mau", "", title="", end=f"{end:%d/%m/%Y}"))
    assert clerk.postings.get().valid_to == end


def test_a_posting_does_not_end_in_the_past(offices, clerk):
    end = today() - datetime.timedelta(days=10)
    assert "quá khứ" in offices.reason(offices.row("tran.mau", "", title="", end=f"{end:%d/%m/%Y}"))


def test_a_posting_does_not_last_longer_by_a_list(offices, clerk):
    clerk.postings.update(valid_to=today())
    end = today() + datetime.timedelta(days=10)
    row = offices.row("tran.mau", "", title="", end=f"{end:%d/%m/%Y}")
    assert "thêm một dòng phân công mới" in offices.reason(row)


def test_an_officer_serves_at_one_office_at_a_time(offices, clerk):
    other = PoliceOfficeFactory(jurisdiction=offices.commune)
    reason = offices.reason(offices.row("tran.mau", "", title="", office=other, start=f"{today():%d/%m/%Y}"))
    assert "hãy kết thúc phân công đó trước" in reason


def test_an_officer_moves_where_the_list_ends_the_old_posting(offices, clerk):
    other = PoliceOfficeFactory(jurisdiction=offices.commune)
    end = f"{day_before(today()):%d/%m/%Y}"
    old = offices.row("tran.mau", "", title="", end=end)
    new = offices.row("tran.mau", "", title="", office=other, start=f"{today():%d/%m/%Y}")
    offices.write_rows(old, new)
    assert Officer.objects.get(pk=clerk.pk).office == other


def test_two_postings_of_the_list_that_overlap_are_refused(offices):
    other = PoliceOfficeFactory(jurisdiction=offices.commune)
    assert "Trùng thời gian với dòng 2" in offices.reason(offices.row(), offices.row(office=other))


def test_an_office_must_exist_when_the_posting_begins(offices):
    offices.ward_office.valid_from = datetime.date(2025, 7, 1)
    offices.ward_office.save()
    assert "01/01/2025 không có" in offices.reason(offices.row(start="01/01/2025"))


def test_an_own_password_and_the_lock_of_an_account_stay(offices, clerk):
    clerk.set_password("Mot-cau-dai-de-nho")
    clerk.is_active = False
    clerk.save()
    offices.write_rows(offices.row("tran.mau", "Trần Văn Mẫu", title="Đại úy"))
    clerk.refresh_from_db()
    assert (clerk.check_password("Mot-cau-dai-de-nho"), clerk.is_active) == (True, False)


# -- passwords ---------------------------------------------------------------------------------------------------------
PASSWORD = "Bi-mat-2026-khong-giu"


def test_a_list_with_passwords_is_not_taken_and_its_file_is_not_kept(offices):
    batch = offices.read([*HEADER, "Mật khẩu"], [*offices.row(), PASSWORD], sheet="officers", by=offices.admin)
    assert (batch.state, batch.file.name) == ("failed", "")
    assert "Mật khẩu" in batch.failure
    assert not ImportBatch._meta.get_field("file").storage.holds(f"imports/{batch.sha256[:2]}/{batch.sha256}")


def test_an_empty_column_of_passwords_is_no_fault(offices):
    batch = offices.checked([*HEADER, "Mật khẩu"], [*offices.row(), ""], sheet="officers", by=offices.admin)
    assert batch.counts["new"] == 1


def test_no_password_stands_in_history_or_batch(offices, client):
    batch = offices.write_rows(offices.row())
    client.force_login(offices.admin)
    text = client.post(reverse("accounts:first_passwords"), {"viec": batch.event_id}).content.decode()
    password = text.partition("<dt>Mật khẩu</dt><dd><code>")[2].partition("<")[0]
    hashed = Officer.objects.get(username="le.mau").password
    kept = [
        *Change.objects.values_list("before", "after"),
        *AuditEvent.objects.values_list("label", "reason"),
        *ImportRow.objects.values_list("cells", "values", "changes"),
        *ImportBatch.objects.values_list("layout", "constants", "message"),
    ]
    told = json.dumps(kept, ensure_ascii=False, default=str)
    assert len(password) == 14
    assert password not in told
    assert hashed not in told


# -- out again ---------------------------------------------------------------------------------------------------------
def test_what_goes_out_comes_in_the_same(offices, clerk):
    clerk.phone, clerk.title = "069.123.4567", "Đại úy, cán bộ"
    clerk.save()
    PostingFactory(
        officer=clerk, office=offices.ward_office, function=Function.READ, valid_to=datetime.date(2099, 1, 1)
    )
    sheet = sheet_for("officers")
    rows = Posting.objects.visible_to(offices.admin).order_by("pk")
    resource = SheetResource(sheet, queryset=rows, officer=offices.admin)
    cells = [["" if value is None else value for value in row] for row in resource.rows(rows)]
    batch = offices.checked([column.label for column in resource.columns()], *cells, sheet="officers", by=offices.admin)
    assert {(row.outcome, str(row.changes), str(row.problems)) for row in batch.rows.all()} == {("same", "{}", "[]")}
    assert batch.rows.count() == rows.count()


def test_the_export_of_the_list_has_postings_and_no_password(offices, clerk, client):
    client.force_login(offices.admin)
    answer = client.get(reverse("spreadsheets:officer_export", kwargs={"form": "csv"}), {"cot": "du"})
    text = answer.getvalue().decode("utf-8-sig")
    assert "tran.mau" in text
    assert "Nhập liệu" in text
    assert "khẩu" not in text


def test_the_admin_pages_take_officers_in_and_out(offices, clerk, client):
    client.force_login(offices.admin)
    for name in ("officer", "posting"):
        page = client.get(reverse(f"admin:jurisdictions_{name}_changelist")).content.decode()
        assert "?sheet=officers" in page
        text = client.get(reverse(f"admin:jurisdictions_{name}_export_csv")).getvalue().decode("utf-8-sig")
        assert "tran.mau" in text


def test_the_template_is_offered_to_account_administrators_only(offices, client):
    address = reverse("spreadsheets:sheet_template", args=["officers"])
    statuses = []
    for officer in (offices.admin, offices.officer):
        client.force_login(officer)
        statuses.append(client.get(address).status_code)
    assert statuses == [200, 403]


# -- taken back --------------------------------------------------------------------------------------------------------
def test_an_import_taken_back_removes_accounts_that_nobody_has_used(offices):
    batch = offices.write_rows(offices.row(), offices.row(function="Lãnh đạo"))
    assert workflow.undo(batch.pk, by=offices.admin).state == "undone"
    assert not Officer.objects.filter(username="le.mau").exists()


def test_an_account_with_a_first_password_stays_when_its_import_is_taken_back(offices, client):
    batch = offices.write_rows(offices.row())
    client.force_login(offices.admin)
    client.post(reverse("accounts:first_passwords"), {"viec": batch.event_id})
    workflow.undo(batch.pk, by=offices.admin)
    assert Posting.objects.filter(officer__username="le.mau").exists()


def test_an_end_is_taken_back_only_by_who_could_give_the_function(offices, clerk):
    end = today() + datetime.timedelta(days=10)
    batch = offices.write_rows(offices.row("tran.mau", "", title="", end=f"{end:%d/%m/%Y}"))
    less = administrator(offices.province)
    assert workflow.undo(batch.pk, by=less).state == "partly_undone"
    assert clerk.postings.get().valid_to == end
    workflow.undo(batch.pk, by=offices.admin)
    assert clerk.postings.get().valid_to is None


# -- by command, and how much it asks ----------------------------------------------------------------------------------
def run(offices, tmp_path, *rows, officer=None, **options):
    path = tmp_path / "can-bo.csv"
    path.write_bytes(as_csv(HEADER, *rows))
    out = io.StringIO()
    name = (officer or offices.admin).username
    call_command("import_sheet", "officers", str(path), officer=name, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_the_command_brings_officers_in(offices, tmp_path):
    answer = run(offices, tmp_path, offices.row(), offices.row("vu.mau", function="Thẩm định"), commit=True)
    assert (answer["counts"]["new"], answer["counts"]["refused"], answer["committed"]) == (1, 1, True)
    assert answer["next"].startswith(reverse("accounts:first_passwords"))


def test_the_command_is_refused_to_who_does_not_administer_accounts(offices, tmp_path):
    with pytest.raises(CommandError, match="không có quyền"):
        run(offices, tmp_path, offices.row(), officer=offices.officer)


def test_the_command_takes_no_passwords(offices, tmp_path):
    path = tmp_path / "can-bo.csv"
    path.write_bytes(as_csv([*HEADER, "Password"], [*offices.row(), PASSWORD]))
    with pytest.raises(CommandError, match="không nhận mật khẩu"):
        call_command("import_sheet", "officers", str(path), officer=offices.admin.username)


@pytest.mark.slow
def test_a_thousand_rows_ask_at_most_thirty_questions_more_than_ten(offices):
    def asked(count):
        rows = [offices.row(f"mau{count}.{at}", f"Cán bộ Mẫu {at}") for at in range(count)]
        batch = workflow.upload(sheet_for("officers"), uploaded(HEADER, *rows), by=offices.admin, default_area=None)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            offices.commit(offices.check(batch))
        return len(queries)

    assert asked(1_000) <= asked(10) + 30
