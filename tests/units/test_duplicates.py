"""Units that may be one: the rule, the nightly list, what is remembered of a judgement, who sees a pair."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.transitions import TransitionError
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units.enums import PairReason, PairState, UnitStatus
from units.merging import workflow
from units.merging.finding import find_duplicates
from units.merging.rule import address_key, judge, suspect_of
from units.models import DuplicatePair, Unit, UnitIdentifier

pytestmark = pytest.mark.django_db


def unit(area, name, **values):
    return UnitFactory(jurisdiction=area, name=name, **{"kind": "school", **values})


def pairs():
    """The stored pairs as names, in their order, and reasons."""
    rows = DuplicatePair.objects.select_related("first", "second")
    return sorted((*sorted((row.first.name, row.second.name)), set(row.reason_list)) for row in rows)


# -- the rule ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Số 12, đường Lê Lợi, phường 5", "12 le loi"),
        ("12 Lê Lợi, P5, Q.3", "12 le loi"),
        ("Ấp 3, xã Bình Mỹ", "3"),
        ("Đường Lê Lợi", ""),
        ("", ""),
    ],
)
def test_an_address_is_its_number_and_street(written, key):
    assert address_key(written) == (key if " " in key else "")


def verdict(one, other, **same):
    return judge(suspect_of(Unit(pk=1, **same, **one)), suspect_of(Unit(pk=2, **same, **other)))


def test_a_name_is_enough_in_one_area_only():
    names = {"name": "Trường THCS Nguyễn Huệ"}, {"name": "Trường Trung học cơ sở Nguyễn Huệ"}
    assert verdict(*names, kind="school", jurisdiction_id=7).reasons == (PairReason.NAME,)
    assert verdict({**names[0], "jurisdiction_id": 7}, {**names[1], "jurisdiction_id": 8}, kind="school") is None


def test_a_name_of_another_area_needs_the_same_telephone_or_address():
    one = {"name": "Trường THCS Nguyễn Huệ", "jurisdiction_id": 7, "head_phone": "0912345678; 02838000000"}
    other = {"name": "THCS NGUYEN HUE", "jurisdiction_id": 8, "contact_phone": "02838000000"}
    assert verdict(one, other, kind="school").reasons == (PairReason.NAME, PairReason.PHONE)


def test_different_official_codes_are_two_units():
    one = {"name": "Công ty TNHH Sao Mai", "tax_code": "0100000001"}
    assert verdict(one, {**one, "tax_code": "0100000002"}, kind="enterprise", jurisdiction_id=7) is None


def test_a_company_is_no_duplicate_of_its_branch():
    one = Unit(pk=1, name="Công ty TNHH Sao Mai", kind="enterprise", jurisdiction_id=7)
    branch = Unit(pk=2, name="Công ty TNHH Sao Mai", kind="enterprise", jurisdiction_id=7, parent_id=1)
    assert judge(suspect_of(one), suspect_of(branch)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trường THCS số 1 An Phú", "Trường THCS số 2 An Phú"),
        ("Trường THCS An Phú", "Trường THPT An Phú"),
        ("Công ty TNHH Sao Mai", "Công ty Cổ phần Sao Mai"),
        ("Trường Mầm non Phú Hòa", "Trường Mầm non Phụ Hòa"),
    ],
)
def test_what_tells_units_apart_is_never_a_likeness(one, other):
    assert verdict({"name": one}, {"name": other}, kind="school", jurisdiction_id=7) is None


# -- the nightly list --------------------------------------------------------------------------------------------------
def test_pairs_are_found_with_their_reasons(province, commune):
    other = JurisdictionFactory(parent=province)
    unit(commune, "Trường THCS Lê Lợi", address="Số 5, đường Mẫu, xã A")
    unit(commune, "Trường Trung học cơ sở Lê Lợi", address="5 đường Mẫu")
    unit(commune, "Trường THCS Trần Phú", head_phone="0912000001")
    unit(other, "THCS Trần Phú", contact_phone="0912000001")
    coded = unit(commune, "Công ty TNHH Hoa Sen", kind="enterprise", tax_code="0100000001")
    twin = unit(other, "Cơ sở may Bông Lúa", kind="enterprise")
    UnitIdentifier.objects.create(unit=twin, scheme="Mã số thuế cũ", value=coded.tax_code)
    tally = find_duplicates()
    assert pairs() == [
        ("Công ty TNHH Hoa Sen", "Cơ sở may Bông Lúa", {PairReason.CODE}),
        ("THCS Trần Phú", "Trường THCS Trần Phú", {PairReason.NAME, PairReason.PHONE}),
        ("Trường THCS Lê Lợi", "Trường Trung học cơ sở Lê Lợi", {PairReason.NAME, PairReason.ADDRESS}),
    ]
    assert (tally.compared, tally.new) == (6, 3)


def test_codes_are_compared_over_the_whole_country(commune):
    far = JurisdictionFactory(parent=JurisdictionFactory(province=True))
    twin = unit(far, "Cơ sở may Bông Lúa", kind="enterprise")
    UnitIdentifier.objects.create(unit=twin, scheme="Mã số thuế cũ", value="0100000001")
    unit(commune, "Công ty TNHH Hoa Sen", kind="enterprise", tax_code="0100000001")
    find_duplicates()
    assert [reasons for *_, reasons in pairs()] == [{PairReason.CODE}]


def test_a_second_run_changes_nothing(commune):
    unit(commune, "Trường THCS Lê Lợi")
    unit(commune, "Trường Trung học cơ sở Lê Lợi")
    find_duplicates()
    before = Change.objects.count()
    tally = find_duplicates()
    assert (tally.found, tally.new, tally.gone, Change.objects.count()) == (1, 0, 0, before)


def test_what_no_longer_looks_alike_goes_from_the_list(commune):
    one = unit(commune, "Trường THCS Lê Lợi")
    unit(commune, "Trường Trung học cơ sở Lê Lợi")
    find_duplicates()
    one.name = "Trường THCS Hoa Ban"
    one.save()
    assert find_duplicates().gone == 1
    assert not pairs()


def test_a_unit_that_is_over_is_no_duplicate(commune):
    unit(commune, "Trường THCS Lê Lợi", status=UnitStatus.DISSOLVED, status_on="2026-01-01")
    unit(commune, "Trường Trung học cơ sở Lê Lợi")
    find_duplicates()
    assert not pairs()


def test_large_blocks_are_compared_by_their_rare_words(commune, monkeypatch):
    monkeypatch.setattr("units.merging.finding.BLOCK", 3)
    for word in ("Ánh Dương", "Bình Minh", "Cỏ May", "Hoa Hồng"):
        unit(commune, f"Công ty TNHH Thương mại {word}", kind="enterprise")
    unit(commune, "Cty TNHH TM Thương mại Bình Minh", kind="enterprise")
    unit(commune, "CTY TNHH THUONG MAI BINH MINH", kind="enterprise")
    find_duplicates()
    assert ("CTY TNHH THUONG MAI BINH MINH", "Công ty TNHH Thương mại Bình Minh", {PairReason.NAME}) in pairs()


def test_a_switchboard_makes_no_pairs(province, monkeypatch):
    monkeypatch.setattr("units.merging.finding.SHARING", 2)
    for _ in range(3):
        unit(JurisdictionFactory(parent=province), "Trường THCS Lê Lợi", head_phone="19001234")
    find_duplicates()
    assert not pairs()


@pytest.mark.slow
@pytest.mark.parametrize("count", [5, 60])
def test_the_search_asks_as_many_questions_whatever_the_units(commune, django_assert_max_num_queries, count):
    for number in range(count):
        unit(commune, f"Trường THCS Mẫu {chr(65 + number % 26) * 4} {number}")
    with django_assert_max_num_queries(40):
        find_duplicates()


# -- what an officer says ----------------------------------------------------------------------------------------------
@pytest.fixture
def pair(commune):
    unit(commune, "Trường THCS Lê Lợi")
    unit(commune, "Trường Trung học cơ sở Lê Lợi")
    find_duplicates()
    return DuplicatePair.objects.get()


def test_a_judgement_is_remembered(pair, officer):
    workflow.dismiss(pair.pk, by=officer, reason="Hai cơ sở khác nhau")
    find_duplicates()
    pair.refresh_from_db()
    assert (pair.state, pair.settled_by, pair.settled_reason) == (
        PairState.DISMISSED,
        officer,
        "Hai cơ sở khác nhau",
    )


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"note": "Ghi thêm"}, PairState.DISMISSED),
        ({"head_phone": "0912345678"}, PairState.DISMISSED),
        ({"name": "Trường THCS Lê Lợii"}, PairState.OPEN),
        ({"school_code": "79000001"}, PairState.OPEN),
    ],
)
def test_a_judged_pair_comes_back_only_when_it_is_another(pair, officer, change, state):
    workflow.dismiss(pair.pk, by=officer, reason="Hai cơ sở khác nhau")
    first = pair.first
    for name, value in change.items():
        setattr(first, name, value)
    first.save()
    find_duplicates()
    pair.refresh_from_db()
    assert pair.state == state


def test_a_judged_pair_comes_back_with_a_new_reason(pair, officer):
    workflow.dismiss(pair.pk, by=officer, reason="Hai cơ sở khác nhau")
    Unit.objects.filter(pk=pair.first_id).update(address="Số 5, đường Mẫu")
    Unit.objects.filter(pk=pair.second_id).update(address="5 Mẫu")
    assert find_duplicates().reopened == 1


def test_a_pair_is_judged_once_and_for_a_reason(pair, officer):
    with pytest.raises(TransitionError):
        workflow.dismiss(pair.pk, by=officer, reason=" ")
    with pytest.raises(TransitionError, match="Ghi số định danh vào ô"):
        workflow.dismiss(pair.pk, by=officer, reason="Người đứng đầu khác nhau, CCCD 000123456789")
    workflow.dismiss(pair.pk, by=officer, reason="Hai cơ sở")
    with pytest.raises(TransitionError):
        workflow.dismiss(pair.pk, by=officer, reason="Hai cơ sở")
    workflow.reopen(pair.pk, by=officer)
    with pytest.raises(TransitionError):
        workflow.reopen(pair.pk, by=officer)


def test_judging_needs_the_right_and_both_units_in_reach(pair, commune, province):
    reader = OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ)
    with pytest.raises(PermissionDenied):
        workflow.dismiss(pair.pk, by=reader, reason="Hai cơ sở")
    neighbour = OfficerFactory(jurisdiction=JurisdictionFactory(parent=province))
    with pytest.raises(DuplicatePair.DoesNotExist):
        workflow.dismiss(pair.pk, by=neighbour, reason="Hai cơ sở")


@pytest.mark.parametrize(
    "values",
    [
        {"state": PairState.DISMISSED},
        {"state": "odd"},
        {"score": 101},
        {"settled_on": "2026-11-01"},
    ],
)
def test_the_database_refuses_a_pair_that_cannot_be(pair, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicatePair.objects.filter(pk=pair.pk).update(**values)


def test_a_pair_stands_once_in_one_order(pair):
    for first, second in ((pair.first, pair.second), (pair.second, pair.first), (pair.first, pair.first)):
        with pytest.raises(IntegrityError), transaction.atomic():
            DuplicatePair.objects.create(
                first=first, second=second, score=90, reasons=" name ", compared="x", found_on="2026-11-01"
            )


# -- pages -------------------------------------------------------------------------------------------------------------
def test_the_list_shows_pairs_in_reach_and_hides_the_rest(signed_in, pair, commune, province):
    far = JurisdictionFactory(parent=province)
    unit(far, "Trường THCS Xa Lạ", head_phone="0912000009")
    unit(commune, "Trường Trung học cơ sở Xa Lạ", contact_phone="0912000009")
    find_duplicates()
    page = signed_in.get(reverse("duplicates:pair_list")).content.decode()
    assert pair.first.name in page
    assert "Xa Lạ" not in page


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 12])
def test_the_list_asks_as_many_questions_whatever_its_rows(signed_in, commune, django_assert_num_queries, count):
    for number in range(count):
        word = ("Lan", "Cúc", "Mai", "Sen", "Huệ", "Ly", "Bưởi", "Đào", "Ban", "Phượng", "Nhài", "Súng")[number]
        unit(commune, f"Trường THCS {word}")
        unit(commune, f"Trường Trung học cơ sở {word}")
    find_duplicates()
    with django_assert_num_queries(12):
        page = signed_in.get(reverse("duplicates:pair_list")).content.decode()
    assert f"{count} cặp" in page


@pytest.mark.slow
def test_a_pair_is_dismissed_from_its_page(signed_in, pair):
    page = signed_in.get(reverse("duplicates:pair_detail", args=[pair.pk])).content.decode()
    assert "Trường Trung học cơ sở Lê Lợi" in page
    address = reverse("duplicates:pair_dismiss", args=[pair.pk])
    assert signed_in.post(address, {"reason": ""}).status_code == 422
    assert signed_in.post(address, {"reason": "Hai cơ sở"}).status_code == 302
    assert signed_in.post(address, {"reason": "Hai cơ sở"}).status_code == 302
    pair.refresh_from_db()
    assert pair.state == PairState.DISMISSED
    signed_in.post(reverse("duplicates:pair_reopen", args=[pair.pk]))
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN


def test_the_first_page_counts_what_waits(signed_in, pair):
    assert "Cặp đơn vị nghi trùng" in signed_in.get(reverse("home")).content.decode()


def test_the_command_says_what_it_did(commune, capsys):
    unit(commune, "Trường THCS Lê Lợi")
    unit(commune, "Trường Trung học cơ sở Lê Lợi")
    call_command("find_duplicates")
    assert "1 cặp mới" in capsys.readouterr().out
    assert AuditEvent.objects.get(kind=EventKind.COMMAND).label == "Tìm đơn vị nghi trùng"


# -- while typing ------------------------------------------------------------------------------------------------------
def hint(client, **typed):
    answer = client.post(reverse("duplicates:unit_hint"), {"kind": "school", **typed})
    assert answer.status_code == 200
    return answer.content.decode()


def test_typing_shows_what_is_there_already(signed_in, commune):
    known = unit(commune, "Trường THCS Lê Lợi")
    page = hint(signed_in, name="Truong Trung hoc co so Le Loi", jurisdiction=commune.pk)
    assert known.code in page
    assert "tên giống nhau" in page
    assert "Có thể" not in hint(signed_in, name="Trường THCS Hoa Ban", jurisdiction=commune.pk)
    assert "Có thể" not in hint(signed_in, name="", jurisdiction="x", tax_code="12", head_phone="a")


def test_typing_says_of_a_unit_out_of_reach_only_that_it_exists(signed_in, commune, province):
    known = unit(JurisdictionFactory(parent=province), "Trường THCS Xa Lạ", school_code="79000009", note="Mật")
    page = hint(signed_in, name="Trường khác hẳn", jurisdiction=commune.pk, school_code="79000009")
    assert "ngoài phạm vi" in page
    for secret in (known.code, known.name, known.jurisdiction.name):
        assert secret not in page


def test_a_form_with_the_code_of_a_unit_elsewhere_says_so(signed_in, commune, province):
    unit(JurisdictionFactory(parent=province), "Trường THCS Xa Lạ", school_code="79000009")
    values = {"kind": "school", "name": "Trường THCS Mới", "jurisdiction": commune.pk, "school_code": "79000009"}
    page = signed_in.post(reverse("units:unit_add"), values).content.decode()
    assert "ngoài phạm vi" in page
    assert "Xa Lạ" not in page


@pytest.mark.slow
def test_a_likely_duplicate_is_saved_only_when_the_officer_says_so(signed_in, commune):
    unit(commune, "Trường THCS Lê Lợi")
    values = {"kind": "school", "name": "Trường Trung học cơ sở Lê Lợi", "jurisdiction": commune.pk}
    address = reverse("units:unit_add")
    assert "Chưa lưu" in signed_in.post(address, values).content.decode()
    signed_in.post(address, {**values, "is_another": "on"})
    assert Unit.objects.count() == 2
