"""Legal documents: found by any way they are written, read by all, written by whoever keeps the catalogue."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.enums import Function, PoliceLevel
from tests.factories import (
    ActivityFactory,
    CommitmentFactory,
    JurisdictionFactory,
    OfficerFactory,
    PoliceOfficeFactory,
    UnitFactory,
)
from units.forms.documents import DocumentField

pytestmark = pytest.mark.django_db


@pytest.fixture
def directive():
    return LegalDocument.objects.create(
        number="07/CT-BCA-V28",
        title="Về phong trào trong cơ quan, doanh nghiệp, nhà trường",
        issuer="Bộ Công an",
        issued_on=datetime.date(2014, 8, 15),
        aliases="Chỉ thị 07\n07/BCA-V28\nCT 07",
    )


@pytest.fixture
def keeper(client, province):
    PoliceOfficeFactory(jurisdiction=province, level=PoliceLevel.PROVINCE)
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS))
    return client


@pytest.fixture
def reader(client, province):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ))
    return client


@pytest.mark.parametrize(
    "typed", ["07/CT-BCA-V28", "chi thi 07", "Chỉ thị 07", "07/BCA-V28", "07/CT-BCA-V28 · Về gì đó"]
)
def test_a_document_is_meant_however_it_is_written(directive, typed):
    assert DocumentField().clean(typed) == directive


def test_two_documents_of_one_name_and_an_unknown_one_are_asked_about(directive):
    LegalDocument.objects.create(number="08/CT-UBND", title="Khác", aliases="Chỉ thị 07")
    with pytest.raises(ValidationError, match="nhiều văn bản"):
        DocumentField().clean("Chỉ thị 07")
    with pytest.raises(ValidationError, match="Không có văn bản"):
        DocumentField().clean("Chỉ thị 70")


@pytest.mark.parametrize("typed", ["chi thi 07", "bca v28", "phong trao nha truong", "07"])
def test_list_and_suggestions_find_it(reader, directive, typed):
    page = reader.get(reverse("documents:document_list"), {"q": typed})
    assert page.context["count"].value == 1
    options = reader.get(reverse("documents:document_options"), {"o": "vb", "vb": typed})
    assert directive.number in options.content.decode()


def test_nothing_typed_suggests_nothing(reader, directive):
    options = reader.get(reverse("documents:document_options"), {"o": "vb", "vb": " "})
    assert directive.number not in options.content.decode()


@pytest.mark.parametrize(("query", "found"), [("con", {"A", "D"}), ("het", {"B"}), ("chua", {"C"})])
def test_validity(reader, query, found):
    day = datetime.date
    for number, first, last in (
        ("A", None, None),
        ("B", None, day(2026, 11, 21)),
        ("C", day(2026, 11, 23), None),
        ("D", day(2026, 11, 22), day(2026, 11, 22)),
    ):
        LegalDocument.objects.create(number=number, title="x", valid_from=first, valid_to=last)
    with time_machine.travel(datetime.datetime(2026, 11, 22, 3, tzinfo=datetime.UTC), tick=False):
        page = reader.get(reverse("documents:document_list"), {"hieu_luc": query}).content.decode()
    assert {number for number in "ABCD" if f">{number}<" in page} == found


def test_a_document_is_entered_and_corrected_with_its_history(keeper):
    sent = {"number": "118/KH-CAH", "title": "Kế hoạch thực hiện", "aliases": "KH 118"}
    answer = keeper.post(reverse("documents:document_add"), sent)
    document = LegalDocument.objects.get()
    assert answer.url == document.get_absolute_url()
    edit = reverse("documents:document_edit", args=[document.pk])
    sent |= {"version": document.version, "valid_from": "02/01/2026", "valid_to": "01/01/2026"}
    assert "Ngày hết hiệu lực phải sau" in keeper.post(edit, sent).content.decode()
    assert keeper.post(edit, sent | {"valid_to": "", "title": "Kế hoạch mới"}).status_code == 302
    page = keeper.get(document.get_absolute_url()).content.decode()
    assert "Kế hoạch thực hiện" in page
    assert "KH 118" in page


def test_a_number_stands_once(keeper, directive):
    page = keeper.post(reverse("documents:document_add"), {"number": directive.number, "title": "Khác"})
    assert page.status_code == 422


def test_words_that_name_one_document_name_no_second_one(keeper, directive):
    sent = {"number": directive.number.lower(), "title": "Khác"}
    page = keeper.post(reverse("documents:document_add"), sent).content.decode()
    assert "Số này đã là cách viết của văn bản 07/CT-BCA-V28." in page
    sent = {"number": "99/KH-MẪU", "title": "Khác", "aliases": "KH 99\nchỉ thị 07"}
    page = keeper.post(reverse("documents:document_add"), sent).content.decode()
    assert "“chỉ thị 07” đã là cách gọi của văn bản 07/CT-BCA-V28" in page
    assert LegalDocument.objects.count() == 1


def test_who_may_only_read_writes_nothing(reader, directive):
    assert reader.get(directive.get_absolute_url()).status_code == 200
    for address in (reverse("documents:document_add"), reverse("documents:document_edit", args=[directive.pk])):
        assert reader.get(address).status_code == 403


def test_a_commune_writes_no_document_that_others_share(client, province, directive):
    commune = JurisdictionFactory(parent=province)
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.MANAGE_RECORDS))
    assert client.get(reverse("documents:document_edit", args=[directive.pk])).status_code == 403


@pytest.mark.slow
def test_a_document_says_what_carries_it_out_within_reach(reader, province, directive):
    unit = UnitFactory(jurisdiction=province)
    CommitmentFactory(unit=unit, legal_document=directive)
    CommitmentFactory(legal_document=directive)
    ActivityFactory(jurisdiction=province, programme=directive)
    page = reader.get(directive.get_absolute_url()).content.decode()
    assert ">1 cam kết</a>" in page
    assert ">1 hoạt động</a>" in page
    other = LegalDocument.objects.create(number="1/KH", title="x")
    assert "Đang dùng ở" not in reader.get(other.get_absolute_url()).content.decode()
    for name in ("duties:commitment_list", "activities:activity_list"):
        address = f"{reverse(name)}?van_ban={directive.pk}"
        assert address in page
        assert reader.get(address).context["count"].value == 1


@pytest.mark.parametrize("rows", [1, 12])
def test_query_count_does_not_grow(reader, rows, django_assert_max_num_queries):
    for number in range(rows):
        LegalDocument.objects.create(number=f"{number}/KH", title="x")
    with django_assert_max_num_queries(12):
        reader.get(reverse("documents:document_list"))
