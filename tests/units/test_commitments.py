"""Commitments: entry, many units at once, scope, scans, persons and units counted each as what they are."""

import io
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.enums import Function
from tests.factories import CommitmentFactory, JurisdictionFactory, OfficerFactory, UnitFactory
from units import commitments
from units.forms.duties import CommitmentForm
from units.models import Commitment, Headcount
from units.tables.commitments import exactness_of_sum, signed_of_total

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

LIST, MANY = "duties:commitment_list", "duties:commitment_many"
PDF = b"%PDF-1.4 ban quet"


def shown(page):
    return page.content.decode()


# -- one unit ----------------------------------------------------------------------------------------------------------
def test_nobody_is_no_total(unit):
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentFactory(unit=unit, signed_count=0, total_count=0)


def test_nobody_is_no_total_in_a_form(signed_in, unit):
    sent = {"unit_code": unit.code, "year": "2026", "kind": "commitment", "content": "Cam kết", "signed_count": "0"}
    page = signed_in.post(
        reverse("duties:commitment_add"), sent | {"total_count": "0", "submission_key": str(uuid.uuid4())}
    )
    assert (page.status_code, Commitment.objects.count()) == (422, 0)
    assert "Tổng số người phải từ 1" in shown(page)


@pytest.mark.slow
def test_a_commitment_is_entered_once_however_often_the_form_is_sent(signed_in, unit):
    form = signed_in.get(f"{reverse('duties:commitment_add')}?don-vi={unit.code}").context["form"]
    sent = {
        "unit_code": f"{unit.code} · {unit.name}",
        "year": "2026",
        "kind": "commitment",
        "content": "Không vi phạm pháp luật",
        "signed_count": "1.045",
        "total_count": "1.050",
        "approximation": "nearly",
        "submission_key": str(form.initial["submission_key"]),
    }
    answers = [signed_in.post(reverse("duties:commitment_add"), sent) for _ in range(2)]
    row = Commitment.objects.get()
    assert [answer.url for answer in answers] == [row.get_absolute_url()] * 2
    assert (row.unit, row.signed_count, row.total_count) == (unit, 1045, 1050)
    assert "gần 1.045 / 1.050" in shown(signed_in.get(row.get_absolute_url()))
    assert "gần 1.045 / 1.050" in shown(signed_in.get(unit.get_absolute_url()))


def test_more_signers_than_persons_are_refused_by_form_and_database(signed_in, unit):
    sent = {"unit_code": unit.code, "year": "2026", "kind": "commitment", "signed_count": "9", "total_count": "8"}
    page = signed_in.post(reverse("duties:commitment_add"), sent)
    assert page.status_code == 422
    assert "không được nhiều hơn tổng số" in shown(page)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentFactory(unit=unit, signed_count=9, total_count=8)


def test_the_same_commitment_of_a_year_stands_once(unit):
    CommitmentFactory(unit=unit, content="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentFactory(unit=unit, content="A")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"year": "2099"}, "year"), ({"signed_on": "01/02/2019"}, "signed_on")],
    ids=["year far ahead", "signed years before"],
)
@pytest.mark.parametrize("name", ["commitment_add", "commitment_many"])
def test_a_year_that_cannot_be_meant_is_refused(signed_in, unit, name, changes, field):
    sent = {"unit_code": unit.code, "units_text": unit.code, "year": "2026", "kind": "commitment"} | changes
    page = signed_in.post(reverse(f"duties:{name}"), sent)
    assert list(page.context["form"].errors) == [field]


def test_the_same_words_in_other_letters_are_the_same_commitment(signed_in, unit):
    CommitmentFactory(unit=unit, year=2026, content="Không vi phạm")
    sent = {"unit_code": unit.code, "year": "2026", "kind": "commitment", "content": " không  VI phạm"}
    assert "Đơn vị đã ghi cam kết này trong năm." in shown(signed_in.post(reverse("duties:commitment_add"), sent))
    assert Commitment.objects.count() == 1


def test_an_edit_keeps_the_unit_and_a_stale_one_is_refused(signed_in, unit):
    row = CommitmentFactory(unit=unit, signed_count=3)
    address = reverse("duties:commitment_edit", args=[row.pk])
    sent = {"version": row.version, "year": "2026", "kind": "covenant", "content": row.content, "signed_count": "4"}
    assert signed_in.post(address, sent).status_code == 302
    stale = signed_in.post(address, sent | {"signed_count": "5"})
    assert stale.status_code == 422
    row.refresh_from_db()
    assert (row.unit, row.kind, row.signed_count) == (unit, "covenant", 4)


@pytest.mark.slow
def test_a_scan_goes_out_to_whoever_sees_the_commitment(signed_in, client, unit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("cam kết.pdf", PDF, content_type="application/pdf")
    sent = {"unit_code": unit.code, "year": "2026", "kind": "commitment", "content": "A", "scan": file}
    signed_in.post(reverse("duties:commitment_add"), sent)
    row = Commitment.objects.get()
    address = reverse("duties:commitment_scan", args=[row.pk])
    assert address in shown(signed_in.get(row.get_absolute_url()))
    answer = signed_in.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    page = shown(signed_in.get(reverse("duties:commitment_edit", args=[row.pk])))
    assert row.scan.name not in page + shown(signed_in.get(row.get_absolute_url()))
    client.force_login(OfficerFactory(jurisdiction=JurisdictionFactory()))
    assert client.get(address).status_code == 404


def test_a_scan_is_taken_away_and_what_is_no_paper_is_refused(signed_in, unit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = CommitmentFactory(unit=unit, scan=SimpleUploadedFile("a.pdf", PDF))
    address = reverse("duties:commitment_edit", args=[row.pk])
    sent = {"version": row.version, "year": "2026", "kind": "commitment", "content": row.content}
    page = signed_in.post(address, sent | {"scan": SimpleUploadedFile("a.pdf", b"MZ")})
    assert "Nội dung tệp không phải là .pdf" in shown(page)
    assert signed_in.post(address, sent | {"scan_removed": "on"}).status_code == 302
    row.refresh_from_db()
    assert not row.scan
    assert signed_in.get(reverse("duties:commitment_scan", args=[row.pk])).status_code == 404


def test_a_wrong_commitment_is_deleted_after_one_more_question(signed_in, client, unit, commune):
    row = CommitmentFactory(unit=unit)
    address = reverse("duties:commitment_delete", args=[row.pk])
    assert address in shown(signed_in.get(row.get_absolute_url()))
    page = shown(signed_in.get(address))
    assert "Nhật ký vẫn giữ" in page
    assert unit.name in page
    assert Commitment.objects.exists()
    assert signed_in.post(address).url == reverse(LIST)
    assert not Commitment.objects.exists()
    other = CommitmentFactory()
    assert signed_in.post(reverse("duties:commitment_delete", args=[other.pk])).status_code == 404
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ))
    kept = CommitmentFactory(unit=unit)
    assert client.post(reverse("duties:commitment_delete", args=[kept.pk])).status_code == 403


# -- many units --------------------------------------------------------------------------------------------------------
HEAD = {"year": "2026", "kind": "commitment", "content": "", "signed_on": "", "legal_document": ""}


def picked(units):
    return {**HEAD, "units": [unit.pk for unit in units], "units_settled": "1"}


def test_many_units_are_pasted_then_counted_then_written(signed_in, commune):
    units = [UnitFactory(jurisdiction=commune, name=f"Sở Mẫu {letter}") for letter in ("Một", "Hai", "Ba")]
    Headcount.objects.create(unit=units[0], year=2025, staff_count=40)
    text = "\n".join(f"{n}. {unit.name}" for n, unit in enumerate(units, start=1))
    page = signed_in.post(reverse(MANY), {**HEAD, "units_text": text})
    assert [row.unit for row in page.context["rows"]] == units
    assert page.context["rows"][0].initial["total_count"] == 40
    figures = {f"{units[0].pk}-total_count": "40", f"{units[1].pk}-signed_count": "7"}
    sent = {**picked(units), **figures, "figures": "1", "takes_all": "1"}
    for _ in range(2):
        assert signed_in.post(reverse(MANY), sent).status_code in (200, 302, 422)
    found = dict(Commitment.objects.values_list("unit", "signed_count"))
    assert found == {units[0].pk: 40, units[1].pk: 7, units[2].pk: None}


def test_units_that_have_the_commitment_are_corrected_and_not_doubled(signed_in, unit):
    row = CommitmentFactory(unit=unit, content="", signed_count=5, total_count=10)
    sent = {**picked([unit]), "figures": "1", f"{unit.pk}-signed_count": "9", f"{unit.pk}-total_count": "10"}
    page = signed_in.post(reverse(MANY), sent)
    assert "vừa được người khác sửa" in shown(page)
    assert signed_in.post(reverse(MANY), sent | {f"{unit.pk}-version": row.version}).status_code == 302
    row.refresh_from_db()
    assert (Commitment.objects.count(), row.signed_count) == (1, 9)


@pytest.mark.slow
def test_what_another_wrote_while_many_are_saved_is_shown_and_not_written_over(signed_in, unit, monkeypatch):
    row, record = CommitmentFactory(unit=unit, content="", signed_count=5, total_count=10), commitments.record

    def meanwhile(*args, **kwargs):
        theirs = Commitment.objects.get()
        theirs.signed_count = 6
        theirs.save()
        return record(*args, **kwargs)

    monkeypatch.setattr(commitments, "record", meanwhile)
    figures = {"signed_count": "9", "total_count": "10", "version": row.version}
    sent = {**picked([unit]), "figures": "1", **{f"{unit.pk}-{name}": value for name, value in figures.items()}}
    page = signed_in.post(reverse(MANY), sent)
    assert "vừa được ghi" in shown(page)
    assert [each.initial["signed_count"] for each in page.context["rows"]] == [6]


def test_one_wrong_row_writes_nothing_and_says_which(signed_in, commune):
    units = UnitFactory.create_batch(2, jurisdiction=commune)
    sent = {
        **picked(units),
        "figures": "1",
        f"{units[0].pk}-signed_count": "5",
        f"{units[1].pk}-signed_count": "9",
        f"{units[1].pk}-total_count": "8",
    }
    page = signed_in.post(reverse(MANY), sent)
    assert page.status_code == 422
    assert "Còn 1 đơn vị phải xem lại số" in shown(page)
    assert not Commitment.objects.exists()


def test_a_unit_out_of_reach_is_not_taken(signed_in):
    page = signed_in.post(reverse(MANY), {**picked([UnitFactory()]), "figures": "1"})
    assert page.status_code == 422
    assert not Commitment.objects.exists()


@pytest.mark.parametrize("rows", [2, 12])
def test_queries_of_many_units_do_not_grow(signed_in, commune, rows, django_assert_max_num_queries):
    units = UnitFactory.create_batch(rows, jurisdiction=commune)
    figures = {f"{unit.pk}-signed_count": "5" for unit in units}
    with django_assert_max_num_queries(34):
        assert signed_in.post(reverse(MANY), {**picked(units), **figures, "figures": "1"}).status_code == 302


@pytest.mark.slow
def test_160_agencies_with_nearly_7000_signatures_come_back_from_the_list(signed_in, commune):
    """domain.md 9.1, seed 003: entered by the table of many units, found again by year and directive."""
    document = LegalDocument.objects.create(
        number="07/CT-BCA-V28", title="Chỉ thị mẫu", aliases="Chỉ thị 07\n07/BCA-V28"
    )
    agencies = UnitFactory.create_batch(160, jurisdiction=commune)
    figures = {f"{unit.pk}-signed_count": "43" for unit in agencies} | {
        f"{unit.pk}-approximation": "nearly" for unit in agencies[:20]
    }
    head = {**picked(agencies), "year": "2018", "legal_document": "Chỉ thị 07", "figures": "1"}
    answer = signed_in.post(reverse(MANY), {**head, **figures})
    CommitmentFactory(unit=UnitFactory(), year=2018, signed_count=1000)
    CommitmentFactory(unit=agencies[0], year=2019, signed_count=1000)
    page = signed_in.get(answer.url)
    assert page.context["count"].value == 160
    assert page.context["counted"] == "của 160 đơn vị; gần 6.880 người đã ký"
    assert f"van_ban={document.pk}" in answer.url


# -- the list ----------------------------------------------------------------------------------------------------------
def test_persons_are_told_of_all_where_all_is_known(signed_in, commune):
    one, other = UnitFactory.create_batch(2, jurisdiction=commune)
    CommitmentFactory(unit=one, signed_count=45, total_count=50)
    page = signed_in.get(reverse(LIST))
    assert page.context["counted"] == "của 1 đơn vị; 45 / 50 người đã ký (90,0 %)"
    CommitmentFactory(unit=other, signed_count=10)
    page = signed_in.get(reverse(LIST))
    assert page.context["counted"] == "của 2 đơn vị; 55 người đã ký (nơi ghi đủ số: 45 / 50 người, 90,0 %)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"du": "du"}, {"đủ"}),
        ({"du": "thieu"}, {"thiếu"}),
        ({"du": "chua"}, {"chưa", "cũ"}),
        ({"nam": "2025"}, {"cũ"}),
        ({"hinh_thuc": "covenant"}, {"cũ"}),
        ({"tu": "01/01/2025", "den": "31/12/2025"}, {"cũ"}),
        ({"q": "thieu"}, {"thiếu"}),
        ({"q": "hoa ban thieu"}, {"thiếu"}),
        ({"q": "thiếu Hoa Ban"}, {"thiếu"}),
        ({"q": "hoa ban khac"}, set()),
    ],
)
def test_filters(signed_in, unit, query, found):
    CommitmentFactory(unit=unit, content="đủ", signed_count=5, total_count=5)
    CommitmentFactory(unit=unit, content="thiếu", signed_count=4, total_count=5)
    CommitmentFactory(unit=unit, content="chưa", signed_count=4)
    CommitmentFactory(unit=unit, content="cũ", year=2025, kind="covenant")
    page = signed_in.get(reverse(LIST), query)
    assert {name for name in ("đủ", "thiếu", "chưa", "cũ") if f">{name}<" in shown(page)} == found


def test_rows_of_others_are_neither_listed_nor_opened(signed_in):
    other = CommitmentFactory(content="Của nơi khác")
    assert "Của nơi khác" not in shown(signed_in.get(reverse(LIST)))
    for name in ("commitment_detail", "commitment_edit", "commitment_scan"):
        assert signed_in.get(reverse(f"duties:{name}", args=[other.pk])).status_code == 404


def test_who_may_only_read_enters_nothing(client, commune, unit):
    client.force_login(OfficerFactory(jurisdiction=commune, jurisdiction__function=Function.READ))
    row = CommitmentFactory(unit=unit)
    assert client.get(row.get_absolute_url()).status_code == 200
    for address in (reverse("duties:commitment_add"), reverse(MANY), reverse("duties:commitment_edit", args=[row.pk])):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("rows", [1, 12])
def test_query_count_does_not_grow(signed_in, commune, rows, django_assert_max_num_queries):
    for _ in range(rows):
        CommitmentFactory(unit=UnitFactory(jurisdiction=commune))
    with django_assert_max_num_queries(14):
        signed_in.get(reverse(LIST))


def test_the_export_is_what_the_screen_shows(signed_in, unit):
    CommitmentFactory(unit=unit, content="A", signed_count=45, total_count=50, approximation="over")
    CommitmentFactory(unit=unit, content="B", year=2025)
    answer = signed_in.get(reverse("duties:commitment_export", kwargs={"form": "xlsx"}), {"nam": "2026"})
    content = answer.content if not answer.streaming else b"".join(answer.streaming_content)
    table = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = {cell.value for row in table.iter_rows() for cell in row}
    assert {"A", 45, 50, "trên", unit.code} <= cells
    assert "B" not in cells


def test_figures_in_words():
    assert signed_of_total(45, 50, "over") == "trên 45 / 50"
    assert signed_of_total(None, 50) == "– / 50"
    assert signed_of_total(None, None) == ""
    assert [exactness_of_sum(*counts) for counts in ((0, 0, 0), (2, 0, 0), (0, 0, 1), (1, 0, 1), (0, 1, 0))] == [
        "",
        "nearly",
        "over",
        "about",
        "about",
    ]


def test_a_second_click_that_overtakes_the_first_is_led_to_its_record(signed_in, unit, monkeypatch):
    """Both pass every check before either has saved: the later one finds what the form made."""
    key, is_valid = str(uuid.uuid4()), CommitmentForm.is_valid
    sent = {"unit_code": unit.code, "year": "2026", "kind": "commitment", "submission_key": key}

    def overtaken(form):
        found = is_valid(form)
        if not Commitment.objects.exists():
            CommitmentFactory(unit=unit, year=2026, kind="commitment", content="", submission_key=key)
        return found

    monkeypatch.setattr(CommitmentForm, "is_valid", overtaken)
    response = signed_in.post(reverse("duties:commitment_add"), sent)
    assert response.status_code == 302
    assert response.url == Commitment.objects.get().get_absolute_url()
