"""First passwords for many accounts: an act of its own, one printable answer, never again."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from movement_portal.accounts.views import first_passwords
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer
from tests.accounts.conftest import administrator
from tests.factories import OfficerFactory, PostingFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/tai-khoan/mat-khau-lan-dau/"
PASSWORD = re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}")


def without_password(area, **values):
    officer = OfficerFactory(jurisdiction=area, **values)
    officer.set_unusable_password()
    officer.save()
    return officer


@pytest.fixture
def waiting(commune):
    return without_password(commune, username="cho.mau", full_name="Lê Chờ Mẫu")


def test_the_page_names_who_waits_and_gives_nothing_yet(signed_in, waiting, clerk):
    text = signed_in.get(ADDRESS).content.decode()
    assert waiting.full_name in text
    assert clerk.full_name not in text
    assert not Officer.objects.get(pk=waiting.pk).has_usable_password()


def test_each_gets_a_slip_that_opens_the_account_for_a_day(signed_in, waiting):
    text = signed_in.post(ADDRESS).content.decode()
    officer = Officer.objects.get(pk=waiting.pk)
    assert officer.check_password(PASSWORD.search(text).group())
    assert officer.must_change_password
    left = officer.password_expires_at - timezone.now()
    assert datetime.timedelta(hours=23) < left <= datetime.timedelta(hours=24)


def test_slips_are_kept_by_no_cache(signed_in, waiting):
    assert "no-store" in signed_in.post(ADDRESS)["Cache-Control"]


def test_a_second_click_gives_nothing_anew(signed_in, waiting):
    signed_in.post(ADDRESS)
    before = Officer.objects.get(pk=waiting.pk).password
    assert signed_in.post(ADDRESS).status_code == 302
    assert Officer.objects.get(pk=waiting.pk).password == before


@pytest.mark.slow
def test_a_lost_slip_is_given_again_where_it_is_asked_for(signed_in, waiting):
    signed_in.post(ADDRESS)
    text = signed_in.post(ADDRESS, {"cap_lai": "1"}).content.decode()
    assert Officer.objects.get(pk=waiting.pk).check_password(PASSWORD.search(text).group())


def test_a_password_of_ones_own_is_never_replaced(signed_in, commune):
    officer = OfficerFactory(jurisdiction=commune, password="Mot-cau-dai-de-nho")
    assert signed_in.post(ADDRESS, {"cap_lai": "1"}).status_code == 302
    assert Officer.objects.get(pk=officer.pk).check_password("Mot-cau-dai-de-nho")


def test_a_locked_account_gets_none(signed_in, waiting):
    Officer.objects.filter(pk=waiting.pk).update(is_active=False)
    assert signed_in.post(ADDRESS).status_code == 302


def test_one_out_of_the_area_gets_none(signed_in, neighbour):
    officer = without_password(neighbour)
    assert officer.full_name not in signed_in.get(ADDRESS).content.decode()
    signed_in.post(ADDRESS)
    assert not Officer.objects.get(pk=officer.pk).has_usable_password()


def test_one_with_more_rights_than_the_giver_gets_none_and_is_counted(signed_in, waiting, admin):
    PostingFactory(officer=waiting, office=admin.office, function=Function.MANAGE_RECORDS)
    assert "vượt quyền của đồng chí" in signed_in.get(ADDRESS).content.decode()
    signed_in.post(ADDRESS)
    assert not Officer.objects.get(pk=waiting.pk).has_usable_password()


@pytest.mark.slow
@pytest.mark.parametrize("function", [item for item in Function if item != Function.MANAGE_ACCOUNTS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_functions_issue_no_passwords(client, commune, waiting, function, method):
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=function))
    assert getattr(client, method)(ADDRESS).status_code == 403


@pytest.mark.slow
def test_the_act_is_in_the_journal_and_the_password_is_not(signed_in, waiting):
    password = PASSWORD.search(signed_in.post(ADDRESS).content.decode()).group()
    event = AuditEvent.objects.get(label="Cấp mật khẩu lần đầu cho 1 tài khoản")
    change = Change.objects.get(event=event)
    assert change.object_id == waiting.pk
    assert password not in str([change.before, change.after])
    assert Officer.objects.get(pk=waiting.pk).password not in str([change.before, change.after])


@pytest.mark.slow
def test_more_than_one_page_can_wait_for_are_given_in_turns(signed_in, commune, monkeypatch):
    monkeypatch.setattr(first_passwords, "AT_ONCE", 2)
    for _ in range(3):
        without_password(commune)
    text = signed_in.post(ADDRESS).content.decode()
    assert len(set(PASSWORD.findall(text))) == 2
    assert "còn 1 tài khoản" in text


@pytest.mark.slow
def test_slips_given_again_in_turns_reach_everybody_once(signed_in, commune, monkeypatch):
    keys = [without_password(commune).pk for _ in range(3)]
    signed_in.post(ADDRESS)
    hours = datetime.timedelta(hours=20)
    Officer.objects.filter(pk__in=keys).update(password_expires_at=timezone.now() + hours)
    before = set(Officer.objects.filter(pk__in=keys).values_list("password", flat=True))
    monkeypatch.setattr(first_passwords, "AT_ONCE", 2)
    for _ in range(2):
        signed_in.post(ADDRESS, {"cap_lai": "1", "tu_luc": int(timezone.now().timestamp()) - 60})
    assert not before & set(Officer.objects.filter(pk__in=keys).values_list("password", flat=True))


def test_the_list_says_who_waits_and_leads_to_the_page(signed_in, waiting):
    text = signed_in.get(reverse("accounts:officer_list"), {"state": "no_password"}).content.decode()
    assert waiting.full_name in text
    assert f"{ADDRESS}?state=no_password" in text


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
def test_it_asks_as_often_for_many_accounts(signed_in, commune, rows, django_assert_max_num_queries):
    for _ in range(rows):
        without_password(commune)
    with django_assert_max_num_queries(30):
        signed_in.post(ADDRESS)


def test_nobody_gives_themselves_a_password(client, commune):
    by = administrator(commune)
    by.set_unusable_password()
    by.save()
    client.force_login(by)
    client.post(ADDRESS)
    assert not Officer.objects.get(pk=by.pk).has_usable_password()
