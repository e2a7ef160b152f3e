"""Signing in: the right password, the wrong one too often, a first password, an idle officer, a locked account."""

import datetime

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from movement_portal.jurisdictions.models import Officer
from tests.factories import OfficerFactory

pytestmark = pytest.mark.django_db

PASSWORD = "cây đa bến nước 26"
LOGIN = "/dang-nhap/"


@pytest.fixture
def officer():
    return OfficerFactory(username="nguyena", password=PASSWORD)


def sign_in(client, username="nguyena", password=PASSWORD, **kwargs):
    return client.post(LOGIN, {"username": username, "password": password, **kwargs})


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("username", ["nguyena", "Nguyena", " NGUYENA "])
def test_signing_in_leads_to_where_the_officer_was_going(client, officer, username):
    response = sign_in(client, username, next="/tai-khoan/toi/")
    assert response.url == "/tai-khoan/toi/"
    assert is_signed_in(client)


def test_next_never_leads_to_another_host(client, officer):
    assert "example" not in sign_in(client, next="https://example.invalid/").url


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client, officer):
    wrong = sign_in(client, password="sai mật khẩu")
    unknown = sign_in(client, username="khongco", password="sai mật khẩu")
    text = "Tên đăng nhập hoặc mật khẩu không đúng"
    assert text in wrong.content.decode()
    assert text in unknown.content.decode()


def test_signing_in_makes_a_new_session(client, officer):
    client.get(LOGIN)
    session = client.session
    session["anything"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_signing_out_needs_post(client, officer):
    client.force_login(officer)
    assert client.get(reverse("logout")).status_code == 405
    client.post(reverse("logout"))
    assert not is_signed_in(client)


def test_a_locked_account_does_not_sign_in(client, officer):
    officer.is_active = False
    officer.save()
    assert "đã bị khóa" in sign_in(client).content.decode()
    assert not is_signed_in(client)


def test_locking_takes_effect_on_the_next_request(client, officer):
    client.force_login(officer)
    assert client.get("/tai-khoan/toi/").status_code == 200
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    assert client.get("/tai-khoan/toi/").url == f"{LOGIN}?next=/tai-khoan/toi/"


# -- lockout -----------------------------------------------------------------------------------------------------------


def fail(client, times, username="nguyena", **kwargs):
    for _ in range(times):
        response = client.post(LOGIN, {"username": username, "password": "sai mật khẩu"}, **kwargs)
    return response


@pytest.mark.slow
def test_five_failures_lock_out_and_the_page_says_how_long(client, officer):
    assert fail(client, 4).status_code == 200
    response = fail(client, 1)
    assert response.status_code == 429
    assert "còn 15 phút" in response.content.decode()
    assert response["Retry-After"] == "900"


def test_locked_out_even_the_right_password_does_not_open(client, officer):
    fail(client, 5)
    assert sign_in(client).status_code == 429
    assert not is_signed_in(client)


@pytest.mark.slow
def test_lockout_ends_by_itself_and_trying_does_not_extend_it(client, officer):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail(client, 5)
        clock.shift(datetime.timedelta(minutes=10))
        assert "còn 5 phút" in sign_in(client).content.decode()
        clock.shift(datetime.timedelta(minutes=5, seconds=1))
        assert sign_in(client).status_code == 302


@pytest.mark.slow
def test_lockout_counts_the_officer_and_the_machine(client, officer):
    fail(client, 5)
    OfficerFactory(username="tranb", password=PASSWORD)
    assert sign_in(client, "tranb").status_code == 302
    elsewhere = client.post(LOGIN, {"username": "nguyena", "password": PASSWORD}, REMOTE_ADDR="10.1.2.3")
    assert elsewhere.status_code == 302


def test_a_name_in_capitals_is_the_same_name(client, officer):
    fail(client, 3)
    assert fail(client, 2, username="NguyenA").status_code == 429


@pytest.mark.slow
def test_success_forgets_the_failures(client, officer):
    fail(client, 4)
    sign_in(client)
    assert not AccessAttempt.objects.exists()


def test_behind_a_proxy_the_machine_is_what_the_proxy_saw(client, officer, settings):
    settings.BEHIND_PROXY = True
    fail(client, 5, HTTP_X_FORWARDED_FOR="192.0.2.7, 10.0.0.5")
    forged = {"HTTP_X_FORWARDED_FOR": "192.0.2.99, 10.0.0.5"}
    assert fail(client, 1, **forged).status_code == 429


# -- first password ----------------------------------------------------------------------------------------------------


@pytest.fixture
def newcomer():
    officer = OfficerFactory(username="moi", password=PASSWORD)
    officer.must_change_password = True
    officer.password_expires_at = timezone.now() + datetime.timedelta(hours=24)
    officer.save()
    return officer


def change(client, new="một câu dài hơn trước", old=PASSWORD, **kwargs):
    return client.post("/doi-mat-khau/", {"old_password": old, "new_password1": new, "new_password2": new, **kwargs})


def test_a_first_password_opens_nothing_but_its_change(client, newcomer):
    sign_in(client, "moi")
    response = client.get("/tai-khoan/toi/?x=1")
    assert response.url == "/doi-mat-khau/?next=/tai-khoan/toi/%3Fx%3D1"
    assert "Đặt mật khẩu của riêng mình" in client.get(response.url).content.decode()


def test_after_the_change_the_officer_goes_on(client, newcomer):
    sign_in(client, "moi")
    assert change(client, next="/tai-khoan/toi/").url == "/tai-khoan/toi/"
    newcomer.refresh_from_db()
    assert (newcomer.must_change_password, newcomer.password_expires_at) == (False, None)
    assert client.get("/tai-khoan/toi/").status_code == 200


def test_the_first_password_cannot_be_kept(client, newcomer):
    sign_in(client, "moi")
    assert "phải khác mật khẩu đang dùng" in change(client, new=PASSWORD).content.decode()


def test_a_first_password_is_refused_after_a_day(client, newcomer):
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=24, minutes=1)):
        assert "đã quá hạn 24 giờ" in sign_in(client, "moi").content.decode()
    assert not is_signed_in(client)


def test_a_first_password_that_expires_meanwhile_signs_out(client, newcomer):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        clock.shift(datetime.timedelta(hours=23, minutes=50))
        sign_in(client, "moi")
        clock.shift(datetime.timedelta(minutes=11))
        response = client.get("/doi-mat-khau/")
        assert "ly-do=het-han" in response.url
        assert "đã quá hạn 24 giờ" in client.get(response.url).content.decode()


# -- change of password ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "message"),
    [("ngắn quá", "12 ký tự"), ("tranthimau99", "giống"), ("1qaz2wsx3edc", "phổ biến")],
)
def test_a_weak_password_is_refused(client, new, message):
    client.force_login(OfficerFactory(username="tranthimau", password=PASSWORD))
    assert message in change(client, new=new).content.decode()


def test_change_of_password_ends_the_other_sessions(client, officer, django_user_model):
    other = type(client)()
    sign_in(other)
    sign_in(client)
    change(client)
    assert client.get("/tai-khoan/toi/").status_code == 200
    assert other.get("/tai-khoan/toi/").status_code == 302


def test_the_old_password_is_asked_for(client, officer):
    client.force_login(officer)
    change(client, old="không nhớ nữa")
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


# -- idle --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock():
    with time_machine.travel(datetime.datetime(2026, 11, 23, 1, 0, tzinfo=datetime.UTC), tick=False) as clock:
        yield clock


def test_an_idle_officer_signs_in_again_and_returns(client, officer, clock):
    sign_in(client)
    client.get("/tai-khoan/toi/")
    clock.shift(datetime.timedelta(minutes=61))
    response = client.get("/tai-khoan/toi/?a=1")
    assert response.url == f"{LOGIN}?next=/tai-khoan/toi/%3Fa%3D1&ly-do=qua-gio"
    assert "60 phút không thao tác" in client.get(response.url).content.decode()
    assert sign_in(client, next="/tai-khoan/toi/?a=1").url == "/tai-khoan/toi/?a=1"


@pytest.mark.slow
def test_a_working_officer_stays_signed_in(client, officer, clock):
    sign_in(client)
    for _ in range(10):
        clock.shift(datetime.timedelta(minutes=50))
        assert client.get("/tai-khoan/toi/").status_code == 200


def test_a_form_sent_too_late_returns_to_its_page(client, officer, clock):
    sign_in(client)
    client.get("/tai-khoan/toi/")
    clock.shift(datetime.timedelta(minutes=61))
    response = client.post("/doi-mat-khau/", headers={"referer": "http://testserver/doi-mat-khau/?x=1"})
    assert response.url == f"{LOGIN}?next=/doi-mat-khau/%3Fx%3D1&ly-do=qua-gio"


def test_a_referer_of_another_host_is_not_followed(client, officer, clock):
    sign_in(client)
    client.get("/tai-khoan/toi/")
    clock.shift(datetime.timedelta(minutes=61))
    response = client.post("/doi-mat-khau/", headers={"referer": "http://example.invalid/x"})
    assert response.url == f"{LOGIN}?next=/&ly-do=qua-gio"


HTMX = {"hx-request": "true", "hx-current-url": "http://testserver/don-vi/?q=a"}


def test_part_of_a_page_leads_the_whole_page_to_the_login(client, officer, clock):
    sign_in(client)
    client.get("/tai-khoan/toi/")
    clock.shift(datetime.timedelta(minutes=61))
    response = client.get("/tai-khoan/toi/", headers=HTMX)
    assert response.status_code == 200
    assert response["HX-Redirect"] == f"{LOGIN}?next=/don-vi/%3Fq%3Da&ly-do=qua-gio"


def test_part_of_a_page_for_a_stranger_leads_to_the_login(client):
    assert client.get("/tai-khoan/toi/", headers=HTMX)["HX-Redirect"] == f"{LOGIN}?next=/don-vi/%3Fq%3Da"


def test_asking_for_the_session_keeps_it_alive(client, officer, clock):
    sign_in(client)
    for _ in range(3):
        clock.shift(datetime.timedelta(minutes=50))
        answer = client.get("/phien/").json()
    assert answer["officer"] == "nguyena"
    assert answer["token"]


def test_a_session_that_ended_is_answered_with_the_login(client, officer, clock):
    sign_in(client)
    client.get("/phien/")
    clock.shift(datetime.timedelta(minutes=61))
    assert client.get("/phien/").status_code == 302
