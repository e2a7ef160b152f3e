"""A list of officers opens accounts, ends postings and puts right what it may."""

import datetime

import pytest

from movement_portal.audit.models import Change
from movement_portal.jurisdictions.models import Officer, Posting
from movement_portal.lib.dates import day_before, today
from tests.adminpages.test_officer_sheets.rows import HEADER
from tests.factories import OfficerFactory, PoliceOfficeFactory


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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["CA P. An Phú", "CAP An Phú", "Phường An Phú", "công an phường an phú"])
def test_offices_are_known_as_lists_call_them(offices, name):
    offices.write_rows(offices.row(office=name))
    assert Posting.objects.get(officer__username="le.mau").office == offices.ward_office


# -- lists without usernames -------------------------------------------------------------------------------------------
def test_a_row_without_a_username_gets_one_of_name_and_place(offices):
    offices.write_rows(offices.row(""))
    assert Officer.objects.get(full_name="Lê Thị Mẫu").username == "lethimau.anphu"


@pytest.mark.slow
def test_a_list_without_the_column_is_taken(offices):
    offices.write_rows(offices.row()[1:], header=HEADER[1:])
    assert Officer.objects.get(full_name="Lê Thị Mẫu").username == "lethimau.anphu"


@pytest.mark.slow
def test_rows_of_one_person_without_usernames_are_one_account(offices):
    offices.write_rows(offices.row(""), offices.row("", function="Lãnh đạo"))
    assert Officer.objects.get(username="lethimau.anphu").postings.count() == 2


def test_the_same_list_without_usernames_again_changes_nothing(offices):
    rows = [offices.row(""), offices.row("", "Vũ Văn Mẫu", function="Lãnh đạo")]
    offices.write_rows(*rows)
    assert offices.outcomes(*rows) == ["same", "same"]


@pytest.mark.slow
def test_names_in_capital_letters_are_written_as_names_are(offices, clerk):
    offices.write_rows(offices.row("", "LÊ THỊ MẪU"), offices.row("tran.mau", "TRẦN VĂN MẪU", title=""))
    assert Officer.objects.get(username="lethimau.anphu").full_name == "Lê Thị Mẫu"
    clerk.refresh_from_db()
    assert (clerk.full_name, clerk.version) == ("Trần Văn Mẫu", 1)


@pytest.mark.slow
def test_a_name_that_is_taken_gets_a_digit(offices):
    OfficerFactory(jurisdiction=offices.far, username="lethimau.anphu", full_name="Lê Thị Mau")
    offices.write_rows(offices.row(""))
    assert Officer.objects.filter(username="lethimau.anphu2").exists()


def test_an_officer_of_the_office_is_known_by_name(offices, clerk):
    offices.write_rows(offices.row("", "Trần Văn Mẫu", title="Đại úy"))
    clerk.refresh_from_db()
    assert clerk.title == "Đại úy"


@pytest.mark.slow
def test_two_officers_of_one_name_at_one_office_are_told_apart_by_usernames(offices, clerk):
    OfficerFactory(jurisdiction=offices.ward, full_name="Trần Văn Mẫu")
    assert "2 cán bộ cùng họ tên" in offices.reason(offices.row("", "Trần Văn Mẫu"))


def test_people_whose_names_differ_only_in_tones_do_not_share_an_account(offices):
    assert "hãy ghi" in offices.reason(offices.row(""), offices.row("", "Lê Thị Mậu"))


@pytest.mark.slow
def test_a_namesake_elsewhere_in_reach_is_told(offices, clerk):
    other = PoliceOfficeFactory(jurisdiction=offices.commune)
    batch = offices.check_rows(offices.row("", "Trần Văn Mẫu", office=other))
    assert "“tran.mau” cùng họ tên" in str(batch.rows.get().notices)


# -- accounts and postings that are there ------------------------------------------------------------------------------
def test_a_row_puts_the_account_right(offices, clerk):
    offices.write_rows(offices.row("tran.mau", "Trần Văn Mẫu", title="Đại úy", phone="0912345678"))
    clerk.refresh_from_db()
    assert (clerk.title, clerk.phone) == ("Đại úy", "0912345678")


def test_what_changes_is_shown_old_and_new(offices, clerk):
    batch = offices.check_rows(offices.row("tran.mau", "Trần Văn Mẫu", title="Đại úy"))
    assert batch.rows.get().changes == {"title": ["", "Đại úy"]}


@pytest.mark.slow
def test_a_posting_ends_on_the_day_of_the_row(offices, clerk):
    end = today() + datetime.timedelta(days=10)
    offices.write_rows(offices.row("tran.mau", "", title="", end=f"{end:%d/%m/%Y}"))
    assert clerk.postings.get().valid_to == end


def test_a_posting_does_not_end_in_the_past(offices, clerk):
    end = today() - datetime.timedelta(days=10)
    assert "quá khứ" in offices.reason(offices.row("tran.mau", "", title="", end=f"{end:%d/%m/%Y}"))


@pytest.mark.slow
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


@pytest.mark.slow
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
