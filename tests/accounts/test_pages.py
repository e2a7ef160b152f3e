"""The account pages: for account administrators, inside their area, never above their own rights."""

import datetime
import re

import pytest
from django.urls import reverse

from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer, Posting
from movement_portal.lib.dates import today
from tests.accounts.conftest import administrator
from tests.factories import JurisdictionFactory, OfficerFactory, PoliceOfficeFactory, PostingFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def page(name, *args):
    return reverse(f"accounts:{name}", args=args)


def steps_of(officer):
    posting = officer.postings.first()
    return [
        page("officer_detail", officer.pk),
        page("officer_edit", officer.pk),
        page("posting_create", officer.pk),
        page("posting_end", officer.pk, posting.pk),
        page("officer_step", officer.pk, "khoa"),
        page("officer_step", officer.pk, "dat-lai-mat-khau"),
    ]


def new_account(admin, **values):
    return {
        "full_name": "Trần Văn Mẫu",
        "username": "Tranmau",
        "title": "Thiếu úy",
        "phone": "",
        "office": admin.office.pk,
        "function": "enter",
        "valid_from": "01/01/2026",
        "valid_to": "",
        **values,
    }


def password_on(response):
    return re.search(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", response.content.decode()).group()


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("function", [item for item in Function if item != Function.MANAGE_ACCOUNTS])
def test_without_the_right_every_page_is_403(client, clerk, commune, function):
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=function))
    for url in [page("officer_list"), page("officer_create"), *steps_of(clerk)]:
        assert client.get(url).status_code == 403, url
        assert client.post(url).status_code in (403, 405), url


def test_strangers_are_led_to_the_login(client, clerk):
    for url in [page("officer_list"), page("officer_create"), page("my_account"), *steps_of(clerk)]:
        assert client.get(url).url.startswith("/dang-nhap/")


@pytest.mark.slow
def test_the_administrator_of_the_area_opens_every_page(signed_in, clerk):
    for url in [page("officer_list"), page("officer_create"), *steps_of(clerk)]:
        assert signed_in.get(url).status_code == 200, url


@pytest.mark.slow
@pytest.mark.parametrize("place", ["neighbour", "parent", "other_province"])
def test_officers_out_of_reach_are_404(signed_in, province, neighbour, place):
    area = {"neighbour": neighbour, "parent": province}.get(place) or JurisdictionFactory(province=True)
    stranger = OfficerFactory(jurisdiction=area)
    password = stranger.password
    for url in steps_of(stranger):
        assert signed_in.get(url).status_code == 404, url
        assert signed_in.post(url, {"reason": "x", "when": "now"}).status_code in (404, 405), url
    stranger.refresh_from_db()
    assert (stranger.is_active, stranger.password, stranger.postings.count()) == (True, password, 1)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["self", "chief"])
def test_oneself_and_the_more_powerful_are_seen_but_not_touched(signed_in, admin, commune, who):
    chief = OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.DECIDE)
    officer = admin if who == "self" else chief
    password = officer.password
    detail, *steps = steps_of(officer)
    assert "Chỉ xem:" in signed_in.get(detail).content.decode()
    for url in steps:
        assert signed_in.get(url).status_code == 403, url
        assert signed_in.post(url, {"reason": "x", "when": "now", "full_name": "Y"}).status_code == 403, url
    officer.refresh_from_db()
    assert (officer.is_active, officer.password, officer.postings.count()) == (True, password, 1)


# -- list --------------------------------------------------------------------------------------------------------------


def names(response):
    return {officer.username for officer in response.context["page"].object_list}


@pytest.mark.slow
def test_the_list_holds_the_area_and_nothing_else(signed_in, admin, clerk, neighbour):
    OfficerFactory(jurisdiction=neighbour)
    assert names(signed_in.get(page("officer_list"))) == {admin.username, clerk.username}


@pytest.mark.parametrize(
    "query",
    ["q=le thi", "q=LÊ MẪU", "q=lemau", "function=enter", "state=active&q=lemau", "state=unused&q=%20", "state=locked"],
)
def test_the_list_is_narrowed(signed_in, clerk, query):
    found = names(signed_in.get(f"{page('officer_list')}?{query}"))
    assert found == (set() if "unused" in query or "locked" in query else {"lemau"})


@pytest.mark.slow
def test_the_list_searches_the_office_too(client, province, clerk, neighbour):
    client.force_login(administrator(province))
    OfficerFactory(jurisdiction=neighbour)
    assert names(client.get(f"{page('officer_list')}?q=ben mau")) == {"lemau"}
    assert names(client.get(f"{page('officer_list')}?office={clerk.office.pk}")) == {"lemau"}


def test_an_office_out_of_reach_narrows_nothing(signed_in, admin, clerk, neighbour):
    office = PoliceOfficeFactory(jurisdiction=neighbour)
    assert names(signed_in.get(f"{page('officer_list')}?office={office.pk}")) == {admin.username, "lemau"}


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_whatever_its_length(signed_in, commune, rows, django_assert_num_queries):
    OfficerFactory.create_batch(rows, jurisdiction=commune)
    signed_in.get(page("my_account"))
    with django_assert_num_queries(8):
        signed_in.get(page("officer_list"))


@pytest.mark.parametrize("rows", [1, 12])
def test_an_account_costs_the_same_whatever_its_history(signed_in, clerk, rows, django_assert_num_queries):
    for number in range(rows):
        day = datetime.date(2010 + number, 1, 1)
        PostingFactory(officer=clerk, office=clerk.office, valid_from=day, valid_to=day)
    signed_in.get(page("my_account"))
    with django_assert_num_queries(12):
        signed_in.get(page("officer_detail", clerk.pk))


# -- open an account ---------------------------------------------------------------------------------------------------


def test_an_account_is_opened_with_its_posting_and_a_slip(signed_in, admin, client):
    response = signed_in.post(page("officer_create"), new_account(admin))
    officer = Officer.objects.get(username="tranmau")
    assert officer.check_password(password_on(response))
    assert officer.must_change_password
    assert "no-store" in response["Cache-Control"]
    posting = officer.postings.get()
    assert (posting.office, posting.function, posting.valid_from) == (admin.office, "enter", datetime.date(2026, 1, 1))


def test_opening_an_account_is_one_act_without_the_password_in_it(signed_in, admin):
    response = signed_in.post(page("officer_create"), new_account(admin))
    event = AuditEvent.objects.get(label="Mở tài khoản tranmau")
    assert event.officer == admin
    assert {change.model for change in event.changes.all()} == {"jurisdictions.officer", "jurisdictions.posting"}
    assert {change.path for change in event.changes.all()} == {admin.jurisdiction.path}
    assert password_on(response) not in "".join(str(change.after) for change in event.changes.all())


def test_the_errors_of_both_halves_are_one_summary(signed_in, admin):
    text = signed_in.post(page("officer_create"), new_account(admin, full_name="", valid_from="")).content.decode()
    assert text.count("error-summary") == 1
    assert text.count('<a href="#id_full_name">') == text.count('<a href="#id_valid_from">') == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"function": "decide"}, "decide"),
        ({"function": "manage_records"}, "manage_records"),
        ({"function": "manage_accounts", "grants": ["decide"]}, "decide"),
        ({"grants": ["read"]}, "Chỉ phân công quản trị hệ thống"),
        ({"full_name": ""}, "bắt buộc"),
        ({"valid_to": "31/12/2025"}, "Ngày kết thúc phải sau ngày bắt đầu"),
        ({"valid_from": "31/02/2026"}, "ngày có thật"),
        ({"valid_from": "01/01/9999"}, "Năm 9999 không đúng"),
    ],
)
def test_what_may_not_be_is_refused_and_nothing_is_kept(signed_in, admin, values, message):
    response = signed_in.post(page("officer_create"), new_account(admin, **values))
    assert message in response.content.decode()
    assert not Officer.objects.filter(username="tranmau").exists()


def test_an_office_of_the_neighbour_is_no_choice(signed_in, admin, neighbour):
    office = PoliceOfficeFactory(jurisdiction=neighbour)
    signed_in.post(page("officer_create"), new_account(admin, office=office.pk))
    assert not Officer.objects.filter(username="tranmau").exists()


@pytest.mark.slow
def test_a_username_taken_elsewhere_is_refused_with_one_sentence(signed_in, admin, neighbour):
    OfficerFactory(username="tranmau", jurisdiction=neighbour)
    response = signed_in.post(page("officer_create"), new_account(admin))
    assert "Tên đăng nhập này đã có người dùng." in response.content.decode()


@pytest.mark.slow
def test_an_office_that_began_later_is_refused_beside_the_date(signed_in, admin):
    response = signed_in.post(page("officer_create"), new_account(admin, valid_from="01/01/2000"))
    assert Officer.objects.filter(username="tranmau").exists()
    office = admin.office
    office.valid_from = datetime.date(2025, 7, 1)
    office.save()
    response = signed_in.post(page("officer_create"), new_account(admin, username="b", valid_from="01/01/2000"))
    assert "Ngày này không có" in response.content.decode()
    assert not Officer.objects.filter(username="b").exists()


def test_at_the_top_of_the_country_an_office_is_named_with_its_province(client):
    country = JurisdictionFactory(country=True)
    one, two = (JurisdictionFactory(province=True, parent=country, name=name) for name in ("Một", "Hai"))
    for province in (one, two):
        PoliceOfficeFactory(jurisdiction=JurisdictionFactory(parent=province, name="Tân Tiến"))
    client.force_login(administrator(country, grants=[Function.READ]))
    hits = client.get(reverse("jurisdictions:office_search"), {"q": "tan tien"}).json()["hits"]
    assert {hit["text"] for hit in hits} == {"Công an Xã Tân Tiến, Tỉnh Một", "Công an Xã Tân Tiến, Tỉnh Hai"}


def test_an_office_may_be_typed_without_a_script(signed_in, admin):
    signed_in.post(page("officer_create"), new_account(admin, office="", office_text="cong an xa ben mau"))
    assert Officer.objects.get(username="tranmau").office == admin.office


# -- edit, lock, reset -------------------------------------------------------------------------------------------------


def edited(officer, **values):
    names = ("full_name", "username", "title", "phone", "version")
    return {**{name: getattr(officer, name) for name in names}, **values}


def test_an_account_is_edited_with_history(signed_in, clerk):
    response = signed_in.post(page("officer_edit", clerk.pk), edited(clerk, title="Đại úy"))
    assert response.url == page("officer_detail", clerk.pk)
    change = Change.objects.of(clerk).first()
    assert (change.after, change.event.label) == ({"title": "Đại úy"}, "")


def test_a_stale_edit_is_refused(signed_in, clerk):
    stale = edited(clerk, title="Đại úy")
    Officer.objects.filter(pk=clerk.pk).update(phone="0900000000")
    assert "đã được người khác sửa" in signed_in.post(page("officer_edit", clerk.pk), stale).content.decode()
    clerk.refresh_from_db()
    assert clerk.title == ""


@pytest.mark.slow
def test_an_account_is_locked_with_a_reason_and_unlocked(signed_in, clerk):
    lock, unlock = page("officer_step", clerk.pk, "khoa"), page("officer_step", clerk.pk, "mo-khoa")
    assert "bắt buộc" in signed_in.post(lock, {"reason": " "}).content.decode()
    signed_in.post(lock, {"reason": "Nghỉ hưu"})
    clerk.refresh_from_db()
    assert not clerk.is_active
    assert Change.objects.of(clerk).first().event.reason == "Nghỉ hưu"
    assert "trạng thái “Đã khóa”" in signed_in.post(lock, {"reason": "lần nữa"}).content.decode()
    signed_in.post(unlock)
    clerk.refresh_from_db()
    assert clerk.is_active


def test_a_locked_account_gets_no_new_password(signed_in, clerk):
    Officer.objects.filter(pk=clerk.pk).update(is_active=False)
    response = signed_in.post(page("officer_step", clerk.pk, "dat-lai-mat-khau"))
    assert "trạng thái “Đã khóa”" in response.content.decode()


def test_a_reset_gives_a_new_password_and_ends_the_sessions(signed_in, clerk, client):
    theirs = type(client)()
    theirs.force_login(clerk)
    response = signed_in.post(page("officer_step", clerk.pk, "dat-lai-mat-khau"), {"reason": ""})
    assert theirs.get(page("my_account")).url.startswith("/dang-nhap/")
    password = password_on(response)
    theirs.post("/dang-nhap/", {"username": "lemau", "password": password})
    assert theirs.get(page("my_account")).url.startswith("/doi-mat-khau/")


@pytest.mark.slow
def test_a_reset_ends_a_lockout(signed_in, clerk, client):
    theirs = type(client)()
    for _ in range(5):
        theirs.post("/dang-nhap/", {"username": "lemau", "password": "sai"})
    password = password_on(signed_in.post(page("officer_step", clerk.pk, "dat-lai-mat-khau")))
    assert theirs.post("/dang-nhap/", {"username": "lemau", "password": password}).status_code == 302


def test_an_unknown_step_is_404(signed_in, clerk):
    assert signed_in.get(page("officer_step", clerk.pk, "xoa")).status_code == 404


# -- postings ----------------------------------------------------------------------------------------------------------


def posted(office, **values):
    return {"office": office.pk, "function": "read", "valid_from": "01/01/2026", "valid_to": "", **values}


def test_a_function_is_added(signed_in, admin, clerk):
    signed_in.post(page("posting_create", clerk.pk), posted(admin.office))
    assert Officer.objects.get(pk=clerk.pk).functions == {Function.ENTER, Function.READ}
    label = "Phân công lemau: Chỉ đọc"
    assert AuditEvent.objects.filter(label=label, officer=admin).exists()


def test_a_function_beyond_the_givers_is_refused(signed_in, admin, clerk):
    signed_in.post(page("posting_create", clerk.pk), posted(admin.office, function="decide"))
    assert clerk.postings.count() == 1


@pytest.mark.slow
def test_a_second_office_needs_the_move(client, province, clerk, neighbour):
    client.force_login(administrator(province, grants=Function.values))
    there = PoliceOfficeFactory(jurisdiction=neighbour)
    response = client.post(page("posting_create", clerk.pk), posted(there))
    assert "hãy kết thúc phân công đó trước" in response.content.decode()
    client.post(page("posting_create", clerk.pk), posted(there, moving="on"))
    moved = Officer.objects.get(pk=clerk.pk)
    assert moved.office == there
    assert moved.postings.exclude(office=there).get().valid_to == datetime.date(2025, 12, 31)


def test_ending_a_posting_takes_effect_on_the_next_request(signed_in, clerk, client):
    theirs = type(client)()
    theirs.force_login(clerk)
    assert theirs.get(page("my_account")).context["functions"]
    posting = clerk.postings.get()
    signed_in.post(page("posting_end", clerk.pk, posting.pk), {"when": "now", "reason": "Chuyển ngành"})
    assert theirs.get(page("my_account")).context["functions"] == []
    posting.refresh_from_db()
    assert posting.valid_to == today() - DAY
    assert Change.objects.of(posting).first().event.reason == "Chuyển ngành"


def test_a_posting_of_today_that_ends_at_once_is_withdrawn(signed_in, clerk):
    posting = PostingFactory(officer=clerk, office=clerk.office, function=Function.READ, valid_from=today())
    signed_in.post(page("posting_end", clerk.pk, posting.pk), {"when": "now"})
    assert not Posting.objects.filter(pk=posting.pk).exists()
    assert Change.objects.filter(model="jurisdictions.posting", object_id=posting.pk, action="delete").exists()


def test_a_posting_ends_on_a_later_day(signed_in, clerk):
    posting, last_day = clerk.postings.get(), today() + 10 * DAY
    signed_in.post(page("posting_end", clerk.pk, posting.pk), {"when": "later", "last_day": f"{last_day:%d/%m/%Y}"})
    posting.refresh_from_db()
    assert posting.valid_to == last_day


@pytest.mark.parametrize(
    ("values", "message"),
    [({"last_day": ""}, "Phải ghi ngày"), ({"last_day": "01/01/2026"}, "không thể ở trong quá khứ")],
)
def test_a_posting_does_not_end_in_the_past(signed_in, clerk, values, message):
    url = page("posting_end", clerk.pk, clerk.postings.get().pk)
    assert message in signed_in.post(url, {"when": "later", **values}).content.decode()


def test_a_posting_of_another_officer_is_404(signed_in, clerk, commune):
    other = OfficerFactory(jurisdiction=commune)
    assert signed_in.get(page("posting_end", clerk.pk, other.postings.get().pk)).status_code == 404


# -- my account --------------------------------------------------------------------------------------------------------


def test_my_account_says_who_where_and_what_in_words(client, clerk):
    client.force_login(clerk)
    text = client.get(page("my_account")).content.decode()
    for words in ("Lê Thị Mẫu", "Công an Xã Bến Mẫu", "Nhập liệu", "xem, thêm, sửa, xuất danh sách đơn vị"):
        assert words in text


def test_my_account_without_a_posting_says_what_to_do(client):
    client.force_login(OfficerFactory(jurisdiction=False))
    assert "chưa được phân công" in client.get(page("my_account")).content.decode()


def test_my_account_shows_the_last_sign_ins(client):
    OfficerFactory(username="nguyena", password="một câu đủ dài")
    client.post("/dang-nhap/", {"username": "nguyena", "password": "một câu đủ dài"})
    assert "từ máy 127.0.0.1" in client.get(page("my_account")).content.decode()
