"""What waits for an account administrator, and the journal of accounts: no records of units, nothing out of reach."""

import datetime

import pytest
from axes.models import AccessFailureLog
from django.urls import reverse
from django.utils import timezone

from movement_portal.accounts.states import ENDING, EXPIRED, LOCKED_OUT
from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.jurisdictions import workflow
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.worklists import work_of
from movement_portal.lib.dates import today
from tests.accounts.conftest import administrator
from tests.factories import OfficerFactory, PostingFactory, UnitFactory

pytestmark = pytest.mark.django_db

JOURNAL = reverse("accounts:account_journal")
FAILURES = {"loai": "dang-nhap-sai"}
LIST = reverse("accounts:officer_list")


def fail_to_sign_in(client, username, times=5):
    for _ in range(times):
        type(client)().post("/dang-nhap/", {"username": username, "password": "sai"})


def reset(officer, by):
    with act(EventKind.EDIT, by=by):
        workflow.perform(workflow.RESET_PASSWORD, officer.pk, by=by)


def text_of(client, officer, url=JOURNAL, **query):
    client.force_login(officer)
    return client.get(url, query).content.decode()


# -- what waits --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_lockout_waits_on_the_first_page_and_is_ended_there(client, admin, clerk):
    fail_to_sign_in(client, "lemau")
    assert [(work.label, work.count) for work in work_of(admin)] == [(LOCKED_OUT.label, 1)]
    client.force_login(admin)
    page = reverse("accounts:officer_step", args=[clerk.pk, workflow.END_LOCKOUT.name])
    assert page in client.get(work_of(admin)[0].url).content.decode()
    client.post(page, {"reason": "cán bộ gõ nhầm"})
    assert work_of(Officer.objects.get(pk=admin.pk)) == []
    assert "Cho đăng nhập lại lemau" in client.get(JOURNAL).content.decode()


def test_who_is_not_locked_out_cannot_be_let_in_again(admin, clerk):
    with pytest.raises(workflow.TransitionError, match="không bị tạm khóa"):
        workflow.perform(workflow.END_LOCKOUT, clerk.pk, by=admin)
    assert workflow.END_LOCKOUT not in workflow.steps_from(clerk)


@pytest.mark.slow
def test_a_lockout_elsewhere_does_not_wait_here(client, admin, neighbour):
    OfficerFactory(jurisdiction=neighbour, username="oxa")
    fail_to_sign_in(client, "oxa")
    assert work_of(admin) == []


def test_a_first_password_that_expired_waits(admin, clerk):
    clerk.must_change_password = True
    clerk.password_expires_at = timezone.now() - datetime.timedelta(hours=1)
    clerk.save()
    (work,) = work_of(admin)
    assert (work.label, work.count, work.is_due) == (EXPIRED.label, 1, True)


@pytest.mark.parametrize(
    ("days", "further", "waits"), [(10, False, True), (30, False, True), (31, False, False), (10, True, False)]
)
def test_a_posting_that_ends_soon_waits_unless_another_follows(admin, clerk, days, further, waits):
    posting = clerk.postings.get()
    posting.valid_to = today() + datetime.timedelta(days=days)
    posting.save()
    if further:
        PostingFactory(
            officer=clerk, office=posting.office, function=Function.READ, valid_from=posting.valid_to, valid_to=None
        )
    assert [work.label for work in work_of(admin)] == ([ENDING.label] if waits else [])


@pytest.mark.slow
def test_the_list_shows_what_the_first_page_counts(client, admin, clerk):
    posting = clerk.postings.get()
    posting.valid_to = today()
    posting.save()
    (work,) = work_of(admin)
    client.force_login(admin)
    assert client.get(work.url).context["page"].paginator.count == work.count


# -- the journal -------------------------------------------------------------------------------------------------------
def test_acts_on_accounts_are_told_with_who_did_them(client, admin, clerk):
    reset(clerk, admin)
    text = text_of(client, admin)
    assert "Đặt lại mật khẩu lemau" in text
    assert reverse("accounts:officer_detail", args=[clerk.pk]) in text


@pytest.mark.slow
def test_the_last_acts_stand_on_the_first_page(client, admin, clerk):
    reset(clerk, admin)
    assert "Đặt lại mật khẩu lemau" in text_of(client, admin, url="/")
    assert "Đặt lại mật khẩu" not in text_of(client, Officer.objects.get(pk=clerk.pk), url="/")


def test_acts_on_records_of_units_are_not_told(client, admin, commune):
    keeper = OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.MANAGE_RECORDS)
    with act(EventKind.EDIT, by=keeper, label="Thêm Sở Bí Mật"):
        UnitFactory(jurisdiction=commune, name="Sở Bí Mật")
    assert "Bí Mật" not in text_of(client, admin)


def test_acts_on_accounts_elsewhere_are_not_told(client, admin, province, neighbour):
    stranger = OfficerFactory(jurisdiction=neighbour, full_name="Trần Ở Xa", username="oxa")
    reset(stranger, administrator(province, grants=Function.values))
    text = text_of(client, admin)
    assert "Ở Xa" not in text
    assert "oxa" not in text


@pytest.mark.slow
def test_failures_are_told_of_accounts_in_reach_only(client, admin, clerk, neighbour):
    OfficerFactory(jurisdiction=neighbour, username="oxa")
    for username in ("lemau", "oxa", "Mật khẩu gõ nhầm ô"):
        fail_to_sign_in(client, username, times=1)
    text = text_of(client, admin, **FAILURES)
    assert "Sai mật khẩu" in text
    assert "lemau" in text
    assert "oxa" not in text
    assert "gõ nhầm" not in text


@pytest.mark.slow
def test_the_try_that_locks_out_is_told_as_such(client, admin, clerk):
    fail_to_sign_in(client, "lemau", times=6)
    assert AccessFailureLog.objects.filter(locked_out=True).exists()
    assert "Tạm khóa đăng nhập" in text_of(client, admin, **FAILURES)


@pytest.mark.slow
@pytest.mark.parametrize(("query", "count"), [({"can_bo": "le mau"}, 1), ({"can_bo": "khac"}, 0), ({}, 1)])
def test_the_journal_is_narrowed_by_officer(client, admin, clerk, query, count):
    reset(clerk, admin)
    client.force_login(admin)
    lines = client.get(JOURNAL, query).context["acts"]
    assert len([line for line in lines if line.text.startswith("Đặt lại")]) == count


def test_the_journal_is_narrowed_by_day(client, admin, clerk):
    reset(clerk, admin)
    client.force_login(admin)
    tomorrow = today() + datetime.timedelta(days=1)
    assert client.get(JOURNAL, {"tu_ngay": f"{tomorrow:%d/%m/%Y}"}).context["acts"] == []


@pytest.mark.parametrize("function", [each for each in Function if each != Function.MANAGE_ACCOUNTS])
def test_the_journal_needs_the_right_to_change_accounts(client, commune, function):
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=function))
    assert client.get(JOURNAL).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize(("query", "queries"), [({}, 9), (FAILURES, 5)])
def test_the_journal_costs_the_same_for_many(client, admin, commune, rows, query, queries, django_assert_num_queries):
    for number in range(rows):
        officer = OfficerFactory(jurisdiction=commune, username=f"nguoi{number}")
        reset(officer, admin)
        fail_to_sign_in(client, officer.username, times=1)
    client.force_login(admin)
    client.get(JOURNAL, query)
    with django_assert_num_queries(queries):
        client.get(JOURNAL, query)
