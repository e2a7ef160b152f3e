"""Agreements of coordination: parties, who sees and who writes, validity, what ends soon."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.worklists import work_of
from tests.factories import AgreementFactory, JurisdictionFactory, OfficerFactory, UnitFactory
from units.agreements import NOBODY, add_parties
from units.models import AgreementParty, CoordinationAgreement
from units.tables.agreements import parties_in_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

LIST = "duties:agreement_list"
DAY = datetime.date


@pytest.fixture
def commune(province):
    return JurisdictionFactory(parent=province, name="Tân An")


@pytest.fixture
def signed_in(client, province):
    client.force_login(OfficerFactory(jurisdiction=province))
    return client


@pytest.fixture
def below(client, commune):
    """The browser of an officer of the commune."""
    client.force_login(OfficerFactory(jurisdiction=commune))
    return client


def shown(page):
    return page.content.decode()


@pytest.mark.slow
def test_an_agreement_is_entered_once_with_all_its_parties(signed_in, province, commune, unit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    form = signed_in.get(reverse("duties:agreement_add")).context["form"]

    def sent():
        return {
            "kind": "programme",
            "number": "12/CTPH",
            "title": "Phối hợp bảo đảm an ninh, trật tự trường học",
            "signed_on": "05/09/2026",
            "valid_to": "05/09/2028",
            "jurisdiction": province.pk,
            "submission_key": str(form.initial["submission_key"]),
            "units_text": unit.name,
            "area": commune.pk,
            "bodies": "Sở Mẫu\n\nHội Mẫu\nSở Mẫu",
            "scan": SimpleUploadedFile("a.pdf", b"%PDF-1.4"),
        }

    answers = [signed_in.post(reverse("duties:agreement_add"), sent()) for _ in range(2)]
    agreement = CoordinationAgreement.objects.get()
    assert [answer.url for answer in answers] == [agreement.get_absolute_url()] * 2
    assert [str(party) for party in agreement.parties.all()] == [str(unit), commune.full_name, "Sở Mẫu", "Hội Mẫu"]
    page = shown(signed_in.get(agreement.get_absolute_url()))
    assert unit.name in page
    assert "Đến hết 05/09/2028" in page
    assert (
        b"".join(signed_in.get(reverse("duties:agreement_scan", args=[agreement.pk])).streaming_content) == b"%PDF-1.4"
    )
    assert agreement.number in shown(signed_in.get(unit.get_absolute_url()))


@pytest.mark.slow
def test_an_agreement_stands_once(signed_in, province):
    sent = {"kind": "programme", "number": "12/CTPH", "title": "Phối hợp", "signed_on": "05/09/2026"}
    sent |= {"jurisdiction": province.pk}
    address = reverse("duties:agreement_add")
    sent["bodies"] = "Sở Mẫu"
    assert signed_in.post(address, sent).status_code == 302
    assert "đã có trong sổ" in shown(signed_in.post(address, sent | {"number": " 12/ctph"}))
    assert signed_in.post(address, sent | {"signed_on": "06/09/2026"}).status_code == 302
    assert CoordinationAgreement.objects.count() == 2


@pytest.mark.slow
def test_an_agreement_is_found_by_its_own_words_and_by_its_units(signed_in, province, unit):
    agreement = AgreementFactory(jurisdiction=province, number="12/CTPH", title="An ninh trường học")
    add_parties(agreement, units=[unit])
    AgreementFactory(jurisdiction=province, title="Việc khác")
    for typed in ("12 ctph", "truong hoc", "hoa ban", unit.code, "hoa ban an ninh", "12/CTPH Hoa Ban"):
        assert signed_in.get(reverse(LIST), {"q": typed}).context["count"].value == 1, typed


@pytest.mark.slow
def test_a_party_sees_it_and_does_not_write_it(below, province, unit):
    agreement = AgreementFactory(jurisdiction=province)
    assert below.get(agreement.get_absolute_url()).status_code == 404
    other = UnitFactory(name="Của xã khác", jurisdiction=JurisdictionFactory(parent=province))
    add_parties(agreement, units=[unit, other])
    page = shown(below.get(agreement.get_absolute_url()))
    assert unit.name in page
    assert other.name not in page
    assert "Còn 1 bên ký ngoài địa bàn" in page
    history = reverse("audit:record_history", args=["units.coordinationagreement", agreement.pk])
    assert other.name not in shown(below.get(history))
    assert "và 1 bên khác" in shown(below.get(reverse(LIST)))
    for name in ("agreement_edit", "agreement_parties", "agreement_delete"):
        assert below.get(reverse(f"duties:{name}", args=[agreement.pk])).status_code == 404
    party = agreement.parties.first()
    assert below.post(reverse("duties:agreement_party_remove", args=[agreement.pk, party.pk])).status_code == 404


def test_an_area_that_is_a_party_sees_it(below, province, commune):
    agreement = AgreementFactory(jurisdiction=province)
    add_parties(agreement, area=commune)
    assert commune.full_name in shown(below.get(agreement.get_absolute_url()))


def test_parties_come_and_go(signed_in, province, unit):
    agreement = AgreementFactory(jurisdiction=province)
    address = reverse("duties:agreement_parties", args=[agreement.pk])
    assert signed_in.post(address, {}).status_code == 422
    for _ in range(2):
        assert signed_in.post(address, {"units_text": unit.code, "bodies": "Sở Mẫu"}).status_code == 302
    assert agreement.parties.count() == 2
    party = agreement.parties.get(unit=unit)
    signed_in.post(reverse("duties:agreement_party_remove", args=[agreement.pk, party.pk]))
    assert [str(party) for party in agreement.parties.all()] == ["Sở Mẫu"]
    other = AgreementFactory(jurisdiction=province)
    kept = agreement.parties.get()
    assert signed_in.post(reverse("duties:agreement_party_remove", args=[other.pk, kept.pk])).status_code == 404


def test_a_unit_out_of_reach_is_no_party(signed_in, province):
    agreement = AgreementFactory(jurisdiction=province)
    sent = {"units": [UnitFactory().pk], "units_settled": "1"}
    assert signed_in.post(reverse("duties:agreement_parties", args=[agreement.pk]), sent).status_code == 422
    assert not agreement.parties.exists()


def test_the_database_keeps_parties_in_order(unit, commune):
    agreement = AgreementFactory()
    for values in ({}, {"unit": unit, "body": "Sở"}, {"unit": unit, "jurisdiction": commune}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AgreementParty.objects.create(agreement=agreement, **values)
    AgreementParty.objects.create(agreement=agreement, unit=unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementParty.objects.create(agreement=agreement, unit=unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementFactory(valid_from=DAY(2026, 2, 1), valid_to=DAY(2026, 1, 1))


@pytest.mark.parametrize(
    ("query", "found"),
    [("con", {"Mở", "Sắp", "Xa"}), ("sap", {"Sắp"}), ("het", {"Hết"}), ("khong", {"Mở", "Chưa"})],
)
def test_validity(signed_in, province, query, found):
    AgreementFactory(jurisdiction=province, title="Mở")
    AgreementFactory(jurisdiction=province, title="Sắp", valid_to=DAY(2027, 2, 20))
    AgreementFactory(jurisdiction=province, title="Xa", valid_to=DAY(2027, 2, 21))
    AgreementFactory(jurisdiction=province, title="Hết", valid_to=DAY(2026, 11, 21))
    AgreementFactory(jurisdiction=province, title="Chưa", valid_from=DAY(2026, 11, 23))
    page = shown(signed_in.get(reverse(LIST), {"hieu_luc": query}))
    assert {title for title in ("Mở", "Sắp", "Xa", "Hết", "Chưa") if f">{title}<" in page} == found


def test_what_ends_soon_waits_for_the_office_that_keeps_it(province, commune, unit):
    agreement = AgreementFactory(jurisdiction=province, valid_to=DAY(2027, 1, 1))
    add_parties(agreement, units=[unit])

    def ending(area):
        work = work_of(OfficerFactory(jurisdiction=area))
        return [line.count for line in work if line.label.startswith("Văn bản phối hợp hết hiệu lực")]

    assert (ending(province), ending(commune)) == ([1], [])


def test_who_may_only_read_enters_nothing(client, province):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ))
    agreement = AgreementFactory(jurisdiction=province)
    assert client.get(agreement.get_absolute_url()).status_code == 200
    for name, args in (
        ("agreement_add", ()),
        ("agreement_edit", (agreement.pk,)),
        ("agreement_parties", (agreement.pk,)),
    ):
        assert client.get(reverse(f"duties:{name}", args=args)).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 12])
def test_query_count_does_not_grow(signed_in, province, rows, django_assert_max_num_queries):
    for _ in range(rows):
        agreement = AgreementFactory(jurisdiction=province)
        add_parties(agreement, units=UnitFactory.create_batch(2, jurisdiction=province), bodies=["Sở Mẫu"])
    with django_assert_max_num_queries(16):
        signed_in.get(reverse(LIST))
    with django_assert_max_num_queries(20):
        signed_in.get(agreement.get_absolute_url())


def test_parties_in_words():
    assert parties_in_words([], 0) == ""
    assert parties_in_words([], 3) == "3 bên"
    assert parties_in_words(["A"], 1) == "A"
    assert parties_in_words(["A", "B", "C"], 5) == "A; B và 3 bên khác"


# -- somebody signs ----------------------------------------------------------------------------------------------------
def test_the_form_asks_for_somebody_who_signs(signed_in, province):
    typed = {
        "kind": "programme",
        "number": "12/CTPH",
        "title": "Phối hợp",
        "signed_on": "05/09/2026",
        "jurisdiction": province.pk,
    }
    answer = signed_in.post(reverse("duties:agreement_add"), typed)
    assert answer.status_code == 422
    assert NOBODY in shown(answer)
    assert signed_in.post(reverse("duties:agreement_add"), typed | {"bodies": "Sở Mẫu"}).status_code == 302


def test_the_last_party_does_not_go(client, province):
    officer = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)
    client.force_login(officer)
    agreement = AgreementFactory(jurisdiction=province)
    add_parties(agreement, bodies=["Sở Mẫu", "Hội Mẫu"])
    first, last = agreement.parties.all()
    assert "Bỏ" in shown(client.get(agreement.get_absolute_url()))
    client.post(reverse("duties:agreement_party_remove", args=[agreement.pk, first.pk]))
    answer = client.post(reverse("duties:agreement_party_remove", args=[agreement.pk, last.pk]), follow=True)
    assert NOBODY in shown(answer)
    assert list(agreement.parties.all()) == [last]
    assert reverse("duties:agreement_party_remove", args=[agreement.pk, last.pk]) not in shown(answer)


def admin_form(province, **parties):
    rows = {f"parties-{name}": value for name, value in parties.items()}
    return {
        "kind": "programme",
        "number": "12/CTPH",
        "title": "Phối hợp",
        "signed_on": "05/09/2026",
        "jurisdiction": province.pk,
        "parties-TOTAL_FORMS": len({name.split("-")[0] for name in parties}),
        "parties-INITIAL_FORMS": 0,
        **rows,
    }


@pytest.mark.slow
def test_the_admin_asks_for_somebody_who_signs(client, province):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS))
    page = reverse("admin:units_coordinationagreement_add")
    answer = client.post(page, admin_form(province))
    assert answer.status_code == 200
    assert NOBODY in shown(answer)
    assert client.post(page, admin_form(province, **{"0-body": "Sở Mẫu"})).status_code == 302
    party = AgreementParty.objects.get()
    page = reverse("admin:units_agreementparty_delete", args=[party.pk])
    assert NOBODY in shown(client.get(page))
    client.post(page, {"post": "yes"})
    assert AgreementParty.objects.exists()
