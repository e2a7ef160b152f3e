"""What a list of officers may not do: rights, reach, passwords."""

import json
import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer, Posting
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.models import ImportBatch, ImportRow
from movement_portal.spreadsheets.sheets import importable_sheets
from tests.adminpages.test_officer_sheets.rows import HEADER, PASSWORD
from tests.factories import OfficerFactory, PostingFactory


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


@pytest.mark.slow
@pytest.mark.parametrize("page", ["import_detail", "import_check", "import_file"])
def test_pages_of_a_list_of_accounts_are_not_there_for_who_administers_records(offices, client, page):
    batch = offices.check_rows(offices.row())
    client.force_login(offices.officer)
    assert client.get(reverse(f"spreadsheets:{page}", args=[batch.pk])).status_code == 404


# -- passwords ---------------------------------------------------------------------------------------------------------


def test_a_list_with_passwords_is_not_taken_and_its_file_is_not_kept(offices):
    batch = offices.read([*HEADER, "Mật khẩu"], [*offices.row(), PASSWORD], sheet="officers", by=offices.admin)
    assert (batch.state, batch.file.name) == ("failed", "")
    assert "Mật khẩu" in batch.failure
    assert not ImportBatch._meta.get_field("file").storage.holds(f"imports/{batch.sha256[:2]}/{batch.sha256}")


def test_an_empty_column_of_passwords_is_no_fault(offices):
    batch = offices.checked([*HEADER, "Mật khẩu"], [*offices.row(), ""], sheet="officers", by=offices.admin)
    assert batch.counts["new"] == 1


@pytest.mark.slow
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
