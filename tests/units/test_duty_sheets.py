"""Lists of commitments, agreements, inspections, incidents and ratings as offices send them."""

import datetime

import pytest

from movement_portal.documents.models import LegalDocument
from movement_portal.spreadsheets import undoing
from movement_portal.spreadsheets.resources import SheetResource
from movement_portal.spreadsheets.sheets import sheet_for
from movement_portal.spreadsheets.values import ValueProblem
from tests.factories import AgreementFactory, JurisdictionFactory, UnitFactory
from tests.units.test_force_sheets import brought_in, faults
from units.agreements import NOBODY
from units.enums import IncidentKind
from units.models import AgreementParty, Commitment, CoordinationAgreement, Incident, Inspection, PartRating
from units.sheets.agreements import PARTIES
from units.sheets.duties import parse_item

HEADER = ["TT", "Tên đơn vị", "Năm", "Hình thức", "Số người ký", "Tổng số", "Theo văn bản"]


@pytest.fixture
def unit(place):
    return UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)


@pytest.mark.slow
def test_commitments_come_in_and_a_second_list_corrects_them(place, unit):
    document = LegalDocument.objects.create(number="07/CT-BCA-V28", title="Chỉ thị mẫu", aliases="Chỉ thị 07")
    row = ["1", "Trường Mẫu", "2026", "Ký cam kết", "45", "50", "07/CT-BCA-V28"]
    assert faults(brought_in(place, "commitments", HEADER, row)) == []
    commitment = Commitment.objects.get()
    assert (commitment.unit, commitment.signed_count, commitment.legal_document) == (unit, 45, document)
    brought_in(place, "commitments", HEADER, [*row[:4], "1.050", "1.050", ""])
    assert Commitment.objects.get().signed_count == 1050


def test_a_list_in_the_columns_that_offices_use_comes_in_as_it_is(place, unit):
    header = ["TT", "Đơn vị", "Số người/tổng", "Ngày", "Nội dung"]
    rows = [["1", "Trường Mẫu", "45/50", "01/02/2025", "Không vi phạm"], ["", "Cộng", "45/50", "", ""]]
    batch = brought_in(place, "commitments", header, *rows)
    assert batch.counts["refused"] == 0
    row = Commitment.objects.get()
    assert (row.year, row.kind, row.signed_count, row.total_count) == (2025, "commitment", 45, 50)


def test_what_is_said_once_for_the_list_goes_before_what_is_guessed(place, unit):
    header = ["Đơn vị", "Số người ký", "Ngày ký"]
    batch = place.checked(
        header,
        ["Trường Mẫu", "45", "01/02/2025"],
        sheet="commitments",
        constants={"kind": "covenant", "year": "2026"},
    )
    place.commit(batch)
    row = Commitment.objects.get()
    assert (row.year, row.kind) == (2026, "covenant")


def test_a_commitment_without_year_and_day_is_refused(place, unit):
    batch = place.checked(["Đơn vị", "Số người ký"], ["Trường Mẫu", "45"], sheet="commitments")
    assert "Thiếu năm." in faults(batch)


def test_incidents_in_the_columns_that_offices_use_come_in(place, unit):
    header = ["TT", "Đơn vị", "Ngày", "Vụ việc", "Số vụ", "Bất khả kháng"]
    brought_in(place, "incidents", header, ["1", "Trường Mẫu", "01/06/2026", "3đ", "2", "Không"])
    row = Incident.objects.get()
    assert (row.kind, row.incident_count, row.is_force_majeure) == ("3đ", 2, False)


def test_figures_are_read_as_offices_write_them(place, unit):
    header = ["Tên đơn vị", "Năm", "Hình thức", "Nội dung", "Số người ký"]
    rows = [
        ["Trường Mẫu", "2026", "Cam kết", "A", "45/50"],
        ["Trường Mẫu", "2026", "Giao ước", "B", "gần 7.000"],
        ["Trường Mẫu", "2026", "Cam kết", "C", "trên 40/50 người"],
    ]
    assert faults(brought_in(place, "commitments", header, *rows)) == []
    found = Commitment.objects.order_by("content").values_list("kind", "signed_count", "total_count", "approximation")
    assert list(found) == [
        ("commitment", 45, 50, ""),
        ("covenant", 7000, None, "nearly"),
        ("commitment", 40, 50, "over"),
    ]


def test_a_document_is_known_by_its_short_name_and_not_guessed_among_two(place, unit):
    LegalDocument.objects.create(number="07/CT-BCA-V28", title="Chỉ thị mẫu", aliases="Chỉ thị 07\n07/BCA-V28")
    row = ["1", "Trường Mẫu", "2026", "Ký cam kết", "45", "50", "chỉ thị 07"]
    assert faults(brought_in(place, "commitments", HEADER, row)) == []
    assert Commitment.objects.get().legal_document.number == "07/CT-BCA-V28"
    LegalDocument.objects.create(number="07/CT-UBND", title="Khác", aliases="Chỉ thị 07")
    batch = brought_in(place, "commitments", HEADER, row, commit=False)
    assert batch.counts["refused"] == 1


def test_more_signers_than_persons_are_refused(place, unit):
    row = ["1", "Trường Mẫu", "2026", "Ký cam kết", "51", "50", ""]
    batch = brought_in(place, "commitments", HEADER, row, commit=False)
    assert faults(batch) == ["Số người ký không được nhiều hơn tổng số người."]


def test_a_unit_out_of_reach_is_not_found(place):
    other = UnitFactory(name="Trường Xa")
    batch = brought_in(place, "commitments", HEADER, ["1", other.code, "2026", "Ký cam kết", "", "", ""], commit=False)
    assert batch.counts["refused"] == 1


@pytest.mark.slow
def test_agreements_then_their_parties(place, unit):
    header = ["Số, ký hiệu", "Loại văn bản", "Trích yếu", "Ngày ký", "Địa bàn", "Hết hiệu lực", "Cơ quan khác"]
    row = ["01/QCPH", "Quy chế phối hợp", "Phối hợp mẫu", "05/01/2026", place.ward.full_name, "05/01/2028", "Hội Mẫu"]
    assert faults(brought_in(place, "agreements", header, row)) == []
    agreement = CoordinationAgreement.objects.get()
    assert agreement.valid_to == datetime.date(2028, 1, 5)
    header = ["Số văn bản", "Tên đơn vị", "Tên cơ quan"]
    rows = [["01/QCPH", "Trường Mẫu", ""], ["01/QCPH", "", "Sở Mẫu"]]
    brought_in(place, "agreement-parties", header, *rows)
    assert AgreementParty.objects.filter(agreement=agreement).count() == 3
    assert brought_in(place, "agreement-parties", header, *rows, commit=False).counts["same"] == 2


@pytest.fixture
def agreement(place):
    return AgreementFactory(jurisdiction=place.province, number="01/QCPH")


@pytest.mark.slow
def test_an_area_that_signs_comes_in_once(place, agreement):
    header = ["Số văn bản", "Xã, phường", "Tên cơ quan"]
    rows = [["01/QCPH", place.ward.full_name, ""], ["01/QCPH", place.commune.full_name, "Ủy ban nhân dân"]]
    assert faults(brought_in(place, "agreement-parties", header, *rows)) == []
    signed = set(agreement.parties.values_list("jurisdiction", "body"))
    assert signed == {(place.ward.pk, ""), (place.commune.pk, "Ủy ban nhân dân")}
    assert brought_in(place, "agreement-parties", header, *rows, commit=False).counts["same"] == 2


def test_an_area_out_of_reach_is_no_party(place, agreement):
    row = ["01/QCPH", f"{place.far.full_name}, {place.elsewhere.full_name}"]
    batch = brought_in(place, "agreement-parties", ["Số văn bản", "Xã, phường"], row, commit=False)
    assert batch.counts["refused"] == 1
    assert "ngoài địa bàn phụ trách" in faults(batch)[0]


def test_a_unit_and_an_area_are_two_parties(place, agreement, unit):
    row = ["01/QCPH", "Trường Mẫu", place.ward.full_name]
    header = ["Số văn bản", "Tên đơn vị", "Xã, phường"]
    batch = brought_in(place, "agreement-parties", header, row, commit=False)
    assert faults(batch) == ["Ghi một đơn vị trong sổ, hoặc địa bàn, hoặc tên cơ quan."]


@pytest.mark.slow
def test_an_agreement_names_its_units_in_one_cell(place, unit):
    other = UnitFactory(name="Công ty Mẫu", jurisdiction=place.ward)
    header = ["Số, ký hiệu", "Loại văn bản", "Trích yếu", "Ngày ký", "Địa bàn", "Ký với"]
    row = ["01/QCPH", "Quy chế", "Phối hợp mẫu", "05/01/2026", place.ward.full_name, "Trường Mẫu; Công ty Mẫu"]
    for _ in range(2):
        assert faults(brought_in(place, "agreements", header, row)) == []
    assert set(AgreementParty.objects.values_list("unit", flat=True)) == {unit.pk, other.pk}


def test_inspections_come_in_once(place, unit):
    header = ["Đơn vị công tác", "Ngày kiểm tra", "Nội dung", "Tồn tại", "Thời hạn khắc phục"]
    row = ["Trường Mẫu", "01/10/2026", "Phòng cháy", "Thiếu bình", "15/10/2026"]
    brought_in(place, "inspections", header, row)
    assert brought_in(place, "inspections", header, row, commit=False).counts["same"] == 1
    assert Inspection.objects.get().deadline == datetime.date(2026, 10, 15)


def test_incidents_come_in_without_persons(place, unit):
    header = ["Tên đơn vị", "Ngày xảy ra", "Loại vụ việc", "Số vụ", "Kết luận", "Kết luận ngày", "Tóm tắt"]
    kind = "3g. Cháy, nổ, tai nạn lao động chết người, sự cố, vi phạm môi trường, ATTP nghiêm trọng"
    rows = [
        ["Trường Mẫu", "01/10/2026", kind, "2", "Có xảy ra", "05/10/2026", "Cháy kho"],
        ["Trường Mẫu", "02/10/2026", kind, "1", "Chưa kết luận", "", "Đối tượng 012345678"],
    ]
    batch = brought_in(place, "incidents", header, *rows, commit=False)
    assert batch.counts["refused"] == 1
    assert "Không ghi số căn cước" in faults(batch)[0]
    named = ["Trường Mẫu", "03/10/2026", "3h", "1", "Chưa kết luận", "", "Nguyễn Văn Mẫu vi phạm"]
    batch = brought_in(place, "incidents", header, rows[0], named)
    assert "Có thể là tên người" in str([row.notices for row in batch.rows.all()])
    assert Incident.objects.count() == 2


def test_ratings_come_in(place, unit):
    header = ["Tên đơn vị", "Năm", "Đầu mối", "Tổng số", "Số đạt"]
    brought_in(place, "part-ratings", header, ["Trường Mẫu", "2025", "Phòng, ban, tổ, đội, khoa", "10", "9"])
    row = PartRating.objects.get()
    assert (row.total_count, row.good_count, row.disciplined_count) == (10, 9, 0)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3d", "3d"),
        ("3đ", "3đ"),
        ("3 Đ.", "3đ"),
        ("điểm g khoản 3", "3g"),
        (IncidentKind.DD.label, "3đ"),
        (IncidentKind.D.label, "3d"),
        ("tội phạm nghiêm trọng", "3đ"),
        ("bạo lực học đường", "school_violence"),
    ],
)
def test_the_letter_d_is_not_the_letter_with_the_stroke(text, kind):
    assert parse_item(text).value == kind


def test_an_unknown_item_is_refused():
    with pytest.raises(ValueProblem, match="3z"):
        parse_item("3z")


@pytest.mark.parametrize("rows", [1, 12])
def test_parties_go_out_in_as_many_questions_however_many(place, agreement, django_assert_num_queries, rows):
    for number in range(rows):
        area = JurisdictionFactory(parent=place.province, name=f"Mẫu {number}")
        AgreementParty.objects.create(agreement=agreement, jurisdiction=area)
    resource = SheetResource(PARTIES, officer=place.officer)
    with django_assert_num_queries(2):
        assert len(list(resource.rows(AgreementParty.objects.visible_to(place.officer)))) == rows


# -- an agreement is one with somebody ---------------------------------------------------------------------------------
SIGNING = ["Số, ký hiệu", "Loại văn bản", "Trích yếu", "Ngày ký", "Địa bàn", "Ký với đơn vị", "Cơ quan khác"]


def signing(place, number, units="", others=""):
    return [number, "Quy chế", "Phối hợp mẫu", "05/01/2026", place.ward.full_name, units, others]


def test_a_list_of_agreements_names_somebody_who_signs(place, unit):
    rows = [signing(place, "01/QCPH"), signing(place, "02/QCPH", others="Sở Mẫu"), signing(place, "03/QCPH", unit.code)]
    batch = brought_in(place, "agreements", SIGNING, *rows, commit=False)
    assert faults(batch) == [NOBODY]
    assert batch.counts["new"] == 2


def test_an_agreement_that_is_there_needs_no_party_in_the_list(place, agreement):
    row = [agreement.number, "Quy chế", "Phối hợp mẫu", "01/03/2025", place.province.full_name, "", ""]
    assert faults(brought_in(place, "agreements", SIGNING, row, commit=False)) == []


@pytest.mark.slow
def test_areas_and_bodies_that_sign_go_out_and_come_back(place):
    others = f"Sở Mẫu; {place.commune.full_name}; Ủy ban nhân dân ({place.ward.full_name}); Công an phường An Phú"
    assert faults(brought_in(place, "agreements", SIGNING, signing(place, "01/QCPH", others=others))) == []
    agreement = CoordinationAgreement.objects.get()
    expected = [("Sở Mẫu", None), ("", place.commune.pk), ("Ủy ban nhân dân", place.ward.pk)]
    assert list(agreement.parties.values_list("body", "jurisdiction")) == [*expected, ("Công an phường An Phú", None)]
    rows = CoordinationAgreement.objects.all()
    resource = SheetResource(sheet_for("agreements"), queryset=rows, officer=place.officer)
    header = [column.label for column in resource.columns()]
    rows = list(resource.rows(rows))
    assert brought_in(place, "agreements", header, *rows, commit=False).counts["same"] == 1
    AgreementParty.objects.all().delete()
    agreement.delete()
    assert faults(brought_in(place, "agreements", header, *rows)) == []
    again = CoordinationAgreement.objects.get()
    assert list(again.parties.values_list("body", "jurisdiction")) == [*expected, ("Công an phường An Phú", None)]


def test_an_area_out_of_reach_signs_nothing(place):
    far = f"{place.far.full_name}, {place.elsewhere.full_name}"
    batch = brought_in(place, "agreements", SIGNING, signing(place, "01/QCPH", others=far), commit=False)
    assert "ngoài địa bàn phụ trách" in faults(batch)[0]


def test_taking_a_list_of_parties_back_leaves_nobody_without_a_party(place, agreement):
    rows = ["Số văn bản", "Tên cơ quan"], ["01/QCPH", "Sở Mẫu"], ["01/QCPH", "Hội Mẫu"]
    batch = brought_in(place, "agreement-parties", *rows)
    undo = undoing.plan_undo(batch, officer=place.officer)
    assert [item.reason for item in undo.kept] == [NOBODY] * 2
    agreement.parties.create(body="Liên đoàn Mẫu")
    assert undoing.plan_undo(batch, officer=place.officer).kept == []


@pytest.mark.parametrize(
    ("total", "good", "reason"),
    [
        ("0", "0", "Tổng số đầu mối phải từ 1"),
        ("3", "4", "Số đạt không được nhiều hơn tổng số"),
    ],
)
def test_a_rating_of_nothing_and_more_than_all_are_refused(place, unit, total, good, reason):
    header = ["Tên đơn vị", "Năm", "Đầu mối", "Tổng số", "Số đạt"]
    batch = brought_in(place, "part-ratings", header, [unit.code, "2025", "Phòng", total, good], commit=False)
    assert reason in faults(batch)[0]
