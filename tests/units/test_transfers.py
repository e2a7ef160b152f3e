"""A unit beyond reach is asked for without being known, handed over with its history, or kept for a reason."""

import contextlib
import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.timeline import timeline_of
from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.transitions import TransitionError
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units import workflow as unit_workflow
from units.enums import TransferState
from units.merging import transfer_workflow as workflow
from units.merging.finding import find_duplicates
from units.models import Headcount, Placement, TransferRequest, Unit

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 22, 3, tzinfo=datetime.UTC)
TODAY = NOW.date()
SECRET = "Trường THCS Bí Mật"


@pytest.fixture(autouse=True)
def held_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here(province):
    return JurisdictionFactory(parent=province, name="Xã Nhận")


@pytest.fixture
def there(province):
    return JurisdictionFactory(parent=province, name="Xã Giữ")


@pytest.fixture
def asking(here):
    return OfficerFactory(jurisdiction=here, full_name="Trần Đề Nghị")


@pytest.fixture
def owner(there):
    return OfficerFactory(jurisdiction=there, full_name="Lê Trả Lời")


@pytest.fixture
def unit(there):
    return UnitFactory(
        name=SECRET, kind="school", jurisdiction=there, school_code="79000009", head_phone="0912000009", note="Riêng tư"
    )


def secrets(unit):
    return (unit.name, unit.code, unit.note, unit.jurisdiction.name, "0912000009")


@pytest.fixture
def sent(unit, here, asking):
    return workflow.send(unit.pk, here, by=asking, called="Trường mới về", reason="Đã chuyển trụ sở")


def typed(here, **values):
    return {"kind": "school", "name": "Trường mới về", "jurisdiction": here.pk, "school_code": "79000009", **values}


# -- the steps ---------------------------------------------------------------------------------------------------------
def test_an_accepted_request_moves_the_unit_with_its_history(sent, unit, owner, asking, here, there):
    Headcount.objects.create(unit=unit, year=2025, staff_count=7)
    workflow.accept(sent.pk, by=owner, on=TODAY, note="Đúng")
    unit.refresh_from_db()
    sent.refresh_from_db()
    assert (unit.jurisdiction, sent.state, sent.decided_by) == (here, TransferState.ACCEPTED, owner)
    lay = Placement.objects.filter(unit=unit).order_by("id").values_list("jurisdiction", "valid_from", "valid_to")
    assert list(lay) == [(there.pk, None, TODAY - datetime.timedelta(days=1)), (here.pk, TODAY, None)]
    assert Unit.objects.visible_to(asking).get() == unit
    assert not Unit.objects.visible_to(owner).exists()
    assert Headcount.objects.visible_to(asking).exists()
    assert len(timeline_of(unit, asking).entries) >= 2


def test_a_refused_request_says_why_and_moves_nothing(sent, unit, owner, there):
    with pytest.raises(TransitionError):
        workflow.refuse(sent.pk, by=owner, reason=" ")
    workflow.refuse(sent.pk, by=owner, reason="Đơn vị vẫn ở đây")
    unit.refresh_from_db()
    assert unit.jurisdiction == there
    assert TransferRequest.objects.get().decision == "Đơn vị vẫn ở đây"


STEPS = {
    "accept": lambda pk, owner, _: workflow.accept(pk, by=owner, on=TODAY),
    "refuse": lambda pk, owner, _: workflow.refuse(pk, by=owner, reason="Không"),
    "withdraw": lambda pk, _, asking: workflow.withdraw(pk, by=asking),
}


@pytest.mark.parametrize("first", STEPS)
@pytest.mark.parametrize("second", STEPS)
def test_a_request_is_answered_once(sent, owner, asking, first, second):
    STEPS[first](sent.pk, owner, asking)
    with pytest.raises((TransitionError, TransferRequest.DoesNotExist)):
        STEPS[second](sent.pk, owner, asking)


def test_a_request_ends_by_itself_after_its_time(sent, owner, asking, here, unit):
    with time_machine.travel(NOW + datetime.timedelta(days=31), tick=False):
        with pytest.raises(TransitionError, match="Hết hạn"):
            workflow.accept(sent.pk, by=owner, on=TODAY)
        assert not TransferRequest.objects.pending().exists()
        assert workflow.expire_requests() == 1
        assert workflow.expire_requests() == 0
        workflow.send(unit.pk, here, by=asking, called="Trường", reason="Hỏi lại")


def test_a_request_waits_once(sent, unit, here, asking):
    with pytest.raises(TransitionError, match="đang chờ"):
        workflow.send(unit.pk, here, by=asking, called="Trường", reason="Nữa")


def test_a_unit_in_reach_is_moved_and_not_asked_for(unit, province, here):
    officer = OfficerFactory(jurisdiction=province)
    with pytest.raises(TransitionError, match="Chuyển địa bàn"):
        workflow.send(unit.pk, here, by=officer, called="Trường", reason="Về đây")


def test_only_an_area_of_ones_own_can_receive(unit, there, asking):
    with pytest.raises(TransitionError, match="ngoài phạm vi"):
        workflow.send(unit.pk, there, by=asking, called="Trường", reason="Về đây")


def test_sending_answering_and_withdrawing_need_their_rights(sent, unit, here, asking, owner, province):
    reader = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ)
    with pytest.raises(PermissionDenied):
        workflow.send(unit.pk, here, by=reader, called="Trường", reason="Về đây")
    for step in STEPS.values():
        with pytest.raises(PermissionDenied):
            step(sent.pk, reader, reader)
    stranger = OfficerFactory(jurisdiction=JurisdictionFactory(parent=province))
    for step in STEPS.values():
        with pytest.raises(TransferRequest.DoesNotExist):
            step(sent.pk, stranger, stranger)
    with pytest.raises(TransferRequest.DoesNotExist):
        workflow.accept(sent.pk, by=asking, on=TODAY)
    with pytest.raises(TransferRequest.DoesNotExist):
        workflow.withdraw(sent.pk, by=owner)


def test_a_request_follows_the_unit_to_another_office(sent, unit, province):
    third = JurisdictionFactory(parent=province)
    chief = OfficerFactory(jurisdiction=province)
    unit_workflow.relocate(unit, third, on=TODAY, by=chief)
    other = OfficerFactory(jurisdiction=third)
    assert TransferRequest.objects.visible_to(other).get() == sent


def test_a_request_is_over_when_the_unit_came_by_another_way(sent, unit, here, province):
    unit_workflow.relocate(unit, here, on=TODAY, by=OfficerFactory(jurisdiction=province))
    assert TransferRequest.objects.get().state == TransferState.EXPIRED


@pytest.mark.parametrize(
    "values",
    [
        {"reason": ""},
        {"state": "odd"},
        {"state": TransferState.ACCEPTED},
        {"decided_on": TODAY},
        {"expires_on": TODAY - datetime.timedelta(days=1)},
    ],
)
def test_the_database_refuses_a_request_that_cannot_be(sent, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferRequest.objects.filter(pk=sent.pk).update(**values)


def test_the_database_refuses_an_answer_of_the_one_who_asked(sent, asking):
    values = {"state": TransferState.ACCEPTED, "decided_by": asking, "decided_on": TODAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferRequest.objects.filter(pk=sent.pk).update(**values)


# -- what the asking office reads --------------------------------------------------------------------------------------
@pytest.mark.slow
def test_nothing_of_the_unit_reaches_the_asking_office_before_it_is_handed_over(client, unit, here, asking, owner):
    client.force_login(asking)
    pages = [client.post(reverse("duplicates:unit_hint"), typed(here))]
    pages.append(client.post(reverse("units:unit_add"), typed(here)))
    address = reverse("duplicates:transfer_send")
    pages.append(client.post(address, typed(here)))
    values = {**typed(here), "to_area": here.pk, "request_reason": "Đã chuyển trụ sở"}
    pages.append(client.post(address, {**values, "request_reason": ""}))
    pages.append(client.post(address, values, follow=True))
    pages.append(client.post(address, values))
    found = TransferRequest.objects.get()
    names = ("sent_list", "pair_list", "transfer_list", "outside_list")
    pages += [client.get(reverse(f"duplicates:{name}")) for name in names]
    pages += [client.get(reverse("duplicates:sent_list"), {"q": "bi mat"}), client.get(reverse("home"))]
    pages.append(client.get(reverse("duplicates:sent_detail", args=[found.pk])))
    pages.append(client.get(reverse("duplicates:sent_export", kwargs={}).replace("xlsx", "csv")))
    for name in ("transfer_detail", "transfer_accept", "transfer_refuse"):
        answer = client.get(reverse(f"duplicates:{name}", args=[found.pk]))
        assert answer.status_code in (404, 405)
    for page in pages:
        text = (b"".join(page.streaming_content) if page.streaming else page.content).decode()
        assert page.status_code < 500
        for secret in secrets(unit):
            assert secret not in text, (page.request["PATH_INFO"], secret)
    event = AuditEvent.objects.visible_to(asking).get(label__startswith="Đề nghị chuyển")
    assert SECRET not in event.label
    assert not Change.objects.visible_to(asking).filter(event=event).exists()
    assert Change.objects.visible_to(owner).filter(model="units.transferrequest").exists()


def test_a_refusal_shows_the_answer_and_still_nothing_of_the_unit(client, sent, unit, asking, owner):
    workflow.refuse(sent.pk, by=owner, reason="Vẫn ở chỗ cũ")
    client.force_login(asking)
    text = client.get(reverse("duplicates:sent_detail", args=[sent.pk])).content.decode()
    assert "Vẫn ở chỗ cũ" in text
    assert not any(secret in text for secret in secrets(unit))


@pytest.mark.slow
def test_after_the_hand_over_both_sides_read_what_was_done(client, sent, unit, asking, owner):
    workflow.accept(sent.pk, by=owner, on=TODAY)
    client.force_login(asking)
    assert SECRET in client.get(reverse("duplicates:sent_detail", args=[sent.pk])).content.decode()
    assert "đã có trả lời" in client.get(reverse("home")).content.decode()
    client.force_login(owner)
    text = client.get(reverse("duplicates:transfer_detail", args=[sent.pk])).content.decode()
    assert "Đã đồng ý" in text


@pytest.mark.slow
def test_a_unit_of_ones_own_with_a_double_elsewhere_is_listed_without_the_other(client, unit, here, asking):
    own = UnitFactory(name="THCS Bí Mật", kind="school", jurisdiction=here, contact_phone="0912000009")
    find_duplicates()
    client.force_login(asking)
    page = client.get(reverse("duplicates:outside_list")).content.decode()
    assert own.code in page
    assert unit.code not in page
    address = reverse("duplicates:transfer_send")
    assert client.get(address, {"don-vi": own.code}).status_code == 200
    client.post(address, {"don-vi": own.code, "to_area": here.pk, "request_reason": "Trùng"})
    assert TransferRequest.objects.get().unit == unit


def test_the_province_is_not_told_that_it_loses_sight_of_the_unit(client, sent, here):
    client.force_login(OfficerFactory(jurisdiction=here.parent, jurisdiction__function=Function.MANAGE_RECORDS))
    page = client.get(reverse("duplicates:transfer_detail", args=[sent.pk])).content.decode()
    assert "cùng toàn bộ lịch sử." in page
    assert "không còn thấy" not in page


# -- what the office that looks after the unit does --------------------------------------------------------------------
@pytest.mark.slow
def test_the_owner_sees_the_request_at_home_and_answers_it(client, sent, owner, here):
    client.force_login(owner)
    assert "Đề nghị chuyển đơn vị chờ trả lời" in client.get(reverse("home")).content.decode()
    assert SECRET in client.get(reverse("duplicates:transfer_list")).content.decode()
    page = client.get(reverse("duplicates:transfer_detail", args=[sent.pk])).content.decode()
    assert "Trường mới về" in page
    assert "không còn thấy đơn vị nữa" in page
    refuse = reverse("duplicates:transfer_refuse", args=[sent.pk])
    assert client.post(refuse, {"reason": ""}).status_code == 422
    accept = reverse("duplicates:transfer_accept", args=[sent.pk])
    assert client.post(accept, {"effective_on": "1/1/2030"}).status_code == 422
    assert client.post(accept, {"effective_on": "22/11/2026"}).status_code == 302
    assert client.post(accept, {"effective_on": "22/11/2026"}).status_code == 422
    assert Unit.objects.get().jurisdiction == here


def test_the_asking_office_withdraws(client, sent, asking):
    client.force_login(asking)
    address = reverse("duplicates:sent_withdraw", args=[sent.pk])
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert TransferRequest.objects.get().state == TransferState.WITHDRAWN


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize(("name", "queries"), [("transfer_list", 11), ("sent_list", 11), ("outside_list", 9)])
def test_the_lists_ask_as_many_questions_whatever_their_rows(
    client, here, there, asking, owner, django_assert_num_queries, name, queries, count
):
    for number in range(count):
        word = ("Lan", "Cúc", "Mai", "Sen", "Huệ", "Ly", "Bưởi", "Đào", "Ban", "Phượng", "Nhài", "Súng")[number]
        phone = f"09120000{number:02d}"
        far = UnitFactory(name=f"Trường THCS {word}", kind="school", jurisdiction=there, head_phone=phone)
        UnitFactory(name=f"THCS {word}", kind="school", jurisdiction=here, head_phone=phone)
        workflow.send(far.pk, here, by=asking, called=word, reason="Về đây")
    find_duplicates()
    client.force_login(owner if name == "transfer_list" else asking)
    with django_assert_num_queries(queries):
        assert client.get(reverse(f"duplicates:{name}")).status_code == 200


# -- afterwards --------------------------------------------------------------------------------------------------------
def test_of_a_unit_handed_over_the_list_tells_and_finds_nothing_new(client, sent, unit, owner):
    workflow.accept(sent.pk, by=owner, on=TODAY)
    unit.refresh_from_db()
    unit.name, unit.head_name = "Trường Đổi Tên", "Phạm Văn Kín"
    unit.save()
    client.force_login(owner)
    address, everything = reverse("duplicates:transfer_list"), {"tinh_trang": "tat_ca"}
    page = client.get(address, everything).content.decode()
    assert sent.called in page
    assert "Đổi Tên" not in page
    assert client.get(address, everything | {"q": "Kín"}).context["count"].value == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_requests_for_one_unit_accepted_at_once_both_come_to_an_end(
    sent, unit, owner, asking, province, monkeypatch
):
    other = JurisdictionFactory(parent=province)
    also = workflow.send(
        unit.pk, other, by=OfficerFactory(jurisdiction=other), called="Trường", reason="Về đây mới đúng"
    )
    met, waiting, outcomes = threading.Barrier(2), workflow._waiting, []

    def wait_for_the_other(*args):
        found = waiting(*args)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(2)
        return found

    def accept(pk):
        try:
            workflow.accept(pk, by=owner, on=TODAY)
            outcomes.append("accepted")
        except (TransitionError, TransferRequest.DoesNotExist):
            outcomes.append("refused")
        except Exception as problem:
            outcomes.append(problem)
        finally:
            connection.close()

    monkeypatch.setattr(workflow, "_waiting", wait_for_the_other)
    threads = [threading.Thread(target=accept, args=(request.pk,)) for request in (sent, also)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes, key=str) == ["accepted", "refused"]
