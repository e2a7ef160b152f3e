"""A list of officers goes out and comes in the same, is taken back, comes by command."""

import datetime
import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer, Posting
from movement_portal.lib.dates import today
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.sheets import sheet_for
from tests.accounts.conftest import administrator
from tests.adminpages.test_officer_sheets.rows import HEADER, PASSWORD
from tests.factories import PostingFactory
from tests.spreadsheets.lists import as_csv, uploaded


# -- out again ---------------------------------------------------------------------------------------------------------
@pytest.mark.slow
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


@pytest.mark.slow
def test_the_export_of_the_list_has_postings_and_no_password(offices, clerk, client):
    client.force_login(offices.admin)
    answer = client.get(reverse("spreadsheets:officer_export", kwargs={"form": "csv"}), {"cot": "du"})
    text = answer.getvalue().decode("utf-8-sig")
    assert "tran.mau" in text
    assert "Nhập liệu" in text
    assert "khẩu" not in text


@pytest.mark.slow
def test_the_admin_pages_take_officers_in_and_out(offices, clerk, client):
    client.force_login(offices.admin)
    for name in ("officer", "posting"):
        page = client.get(reverse(f"admin:jurisdictions_{name}_changelist")).content.decode()
        assert "?sheet=officers" in page
        text = client.get(reverse(f"admin:jurisdictions_{name}_export_csv")).getvalue().decode("utf-8-sig")
        assert "tran.mau" in text


@pytest.mark.slow
def test_the_template_is_offered_to_account_administrators_only(offices, client):
    address = reverse("spreadsheets:sheet_template", args=["officers"])
    statuses = []
    for officer in (offices.admin, offices.officer):
        client.force_login(officer)
        statuses.append(client.get(address).status_code)
    assert statuses == [200, 403]


# -- taken back --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_an_import_taken_back_removes_accounts_that_nobody_has_used(offices):
    batch = offices.write_rows(offices.row(), offices.row(function="Lãnh đạo"))
    assert workflow.undo(batch.pk, by=offices.admin).state == "undone"
    assert not Officer.objects.filter(username="le.mau").exists()


@pytest.mark.slow
def test_an_account_with_a_first_password_stays_when_its_import_is_taken_back(offices, client):
    batch = offices.write_rows(offices.row())
    client.force_login(offices.admin)
    client.post(reverse("accounts:first_passwords"), {"viec": batch.event_id})
    workflow.undo(batch.pk, by=offices.admin)
    assert Posting.objects.filter(officer__username="le.mau").exists()


@pytest.mark.slow
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


@pytest.mark.slow
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
