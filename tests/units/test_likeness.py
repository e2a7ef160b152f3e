"""When a row of a list is a unit of the register, may be one, and is none."""

import pytest

from movement_portal.spreadsheets import correcting, workflow
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.enums import Decision
from tests.factories import UnitFactory
from tests.spreadsheets.lists import tax_code
from units import likeness
from units.likeness import UnitsAlike, profile
from units.models import Unit

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]


def row(name, code="", commune="Phường An Phú"):
    return [name, "Cơ sở giáo dục", code, commune]


def judged(place, known, written, **values):
    UnitFactory(name=known, jurisdiction=place.ward, kind="school", **values)
    return place.checked(HEADER, row(written)).rows.get()


@pytest.mark.parametrize(
    ("known", "written"),
    [
        ("Trường THCS Nguyễn Huệ", "Trường trung học cơ sở Nguyễn Huệ"),
        ("Trường THCS Nguyễn Huệ", "THCS NGUYEN HUE"),
        ("Công ty TNHH Một thành viên Thương mại Sao Mai", "Cty TNHH MTV thương mại Sao Mai"),
        ("Trường mầm non Hoa Phượng Đỏ", "MN Hoa Phương Đỏ"),
        ("Trường Tiểu học Lê Văn Tám", "Trường TH Lê Văn Tam"),
    ],
)
def test_another_way_of_writing_a_name_is_the_unit(place, known, written):
    found = judged(place, known, written)
    if found.outcome == "undecided":
        assert found.score >= 80
    else:
        assert found.object_id == Unit.objects.get().pk


@pytest.mark.slow
def test_a_unit_that_a_name_looks_like_keeps_its_own_name(place):
    unit = UnitFactory(name="Trường THCS Nguyễn Huệ", jurisdiction=place.ward, kind="school")
    batch = place.committed([*HEADER, "Địa chỉ"], [*row("THCS NGUYEN HUE"), "Số 1"])
    unit.refresh_from_db()
    assert (unit.name, unit.address, batch.counts["changed"]) == ("Trường THCS Nguyễn Huệ", "Số 1", 1)


@pytest.mark.parametrize(
    ("known", "written"),
    [
        ("Trường THCS Nguyễn Huệ", "Trường trung học cơ sở Nguyễn Huệ"),
        ("Trường THCS Nguyễn Huệ", "THCS NGUYEN HUE"),
        ("Công ty TNHH Một thành viên Thương mại Sao Mai", "Cty TNHH MTV thương mại Sao Mai"),
    ],
)
def test_a_sure_likeness_asks_nobody(place, known, written):
    assert judged(place, known, written).object_id == Unit.objects.get().pk


@pytest.mark.parametrize(
    ("known", "written"),
    [
        ("Trường THCS Nguyễn Huệ", "Trường THPT Nguyễn Huệ"),
        ("Trường THCS số 1 An Phú", "Trường THCS số 2 An Phú"),
        ("Trường Mầm non Hoa Mai", "Trường Tiểu học Hoa Mai"),
        ("Công ty TNHH Sao Mai", "Công ty cổ phần Sao Mai"),
        ("Công ty TNHH Sao Mai", "Chi nhánh Công ty TNHH Sao Mai"),
        ("Trường THCS Lê Lợi", "Trường THCS Lê Lai"),
    ],
)
def test_another_kind_number_or_name_is_another_unit(place, known, written):
    assert judged(place, known, written).outcome == "new"


@pytest.mark.parametrize(
    ("known", "written"),
    [
        ("Trường THCS Trần Phú", "Trường THCS Trần Phụ"),
        ("Trường THCS Nguyễn Huệ", "Trường THCS Nguyễn Huy"),
        ("Công ty TNHH Thương mại Dịch vụ Sao Mai", "Công ty Thương mại Dịch vụ Sao Mai"),
        (
            "Chi nhánh Ngân hàng Nông nghiệp và Phát triển nông thôn Bình Minh",
            "Chi nhánh Ngân hàng Nông nghiệp và Phát triển nông thôn Bình An",
        ),
    ],
)
def test_a_likeness_that_may_be_chance_is_asked_about(place, known, written):
    found = judged(place, known, written)
    assert (found.outcome, found.candidates[0][0]) == ("undecided", Unit.objects.get().pk)


def test_different_codes_are_two_units(place):
    UnitFactory(name="Trường THCS Nguyễn Huệ", jurisdiction=place.ward, tax_code=tax_code(1))
    assert place.checked(HEADER, row("THCS Nguyễn Huệ", code=tax_code(2))).rows.get().outcome == "new"


def test_a_unit_of_another_commune_is_not_looked_at(place):
    UnitFactory(name="Trường THCS Nguyễn Huệ", jurisdiction=place.commune)
    assert place.checked(HEADER, row("THCS Nguyễn Huệ")).rows.get().outcome == "new"


def test_of_two_rows_alike_to_one_unit_only_one_is_it(place):
    UnitFactory(name="Trường THCS Nguyễn Huệ", jurisdiction=place.ward, kind="school")
    batch = place.checked(HEADER, row("THCS Nguyễn Huệ"), row("THCS Nguyễn Huê"))
    assert sorted(batch.rows.values_list("outcome", flat=True)) != ["changed", "changed"]


def test_rows_that_wait_hold_the_whole_list_back(place):
    UnitFactory(name="Trường THCS Trần Phú", jurisdiction=place.ward, kind="school")
    batch = place.checked(HEADER, row("Trường THCS Trần Phụ"), row("Trường THCS Hai Bà Trưng"))
    with pytest.raises(workflow.ImportRefused):
        workflow.commit(batch.pk, by=place.officer)
    workflow.commit(batch.pk, by=place.officer, mode="good_rows")
    assert set(Unit.objects.values_list("name", flat=True)) == {"Trường THCS Trần Phú", "Trường THCS Hai Bà Trưng"}


@pytest.mark.parametrize(("decision", "outcome"), [("same", "same"), ("different", "new"), ("skip", "left_out")])
def test_a_decision_settles_the_row(place, decision, outcome):
    unit = UnitFactory(name="Trường THCS Trần Phú", jurisdiction=place.ward, kind="school")
    batch = place.checked(HEADER, row("Trường THCS Trần Phụ"))
    found = batch.rows.get()
    object_id = unit.pk if decision == "same" else None
    batch = correcting.decide(batch.pk, found.pk, by=place.officer, decision=Decision(decision), object_id=object_id)
    assert batch.rows.get().outcome == outcome
    batch = correcting.undecide(batch.pk, found.pk, by=place.officer)
    assert batch.rows.get().outcome == "undecided"


def test_all_rows_of_a_likeness_are_decided_at_once(place):
    UnitFactory(name="Trường THCS Trần Phú", jurisdiction=place.ward, kind="school")
    UnitFactory(name="Trường THCS Nguyễn Huệ", jurisdiction=place.ward, kind="school")
    batch = place.checked(HEADER, row("Trường THCS Trần Phụ"), row("Trường THCS Nguyễn Huy"))
    scores = sorted(batch.rows.values_list("score", flat=True))
    batch, count = correcting.decide_many(batch.pk, by=place.officer, decision=Decision.SAME, score=scores[1])
    assert (count, batch.counts["same"], batch.counts["undecided"]) == (1, 1, 1)
    batch, count = correcting.decide_many(batch.pk, by=place.officer, decision=Decision.DIFFERENT, score=scores[1])
    assert (count, batch.counts["new"], batch.counts["undecided"]) == (1, 1, 0)


def test_a_record_that_the_row_does_not_look_like_cannot_be_chosen(place):
    other = UnitFactory(name="Trường THCS Khác Hẳn", jurisdiction=place.ward)
    UnitFactory(name="Trường THCS Trần Phú", jurisdiction=place.ward, kind="school")
    batch = place.checked(HEADER, row("Trường THCS Trần Phụ"))
    with pytest.raises(workflow.ImportRefused):
        correcting.decide(batch.pk, batch.rows.get().pk, by=place.officer, decision=Decision.SAME, object_id=other.pk)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("THCS số II An Phú", "Trường trung học cơ sở An Phú số 2"),
        ("UBND phường An Phú", "Ủy ban nhân dân phường An Phú"),
    ],
)
def test_names_are_taken_apart_alike(one, other):
    assert profile(one).block == profile(other).block
    assert sorted(profile(one).words) == sorted(profile(other).words)


def draft(place, name):
    return Draft("Danh sách", 2, values={"name": name, "jurisdiction": place.ward.pk})


def test_among_many_units_one_is_found_whose_rarest_word_is_misspelled(place, monkeypatch):
    monkeypatch.setattr(likeness, "BLOCK", 3)
    for second in ("Hồng", "Lan", "Mai", "Cúc", "Đào"):
        UnitFactory(name=f"Công ty TNHH Bình Minh Hoa {second}", jurisdiction=place.ward, kind="enterprise")
    unit = UnitFactory(name="Công ty TNHH Bình Minh Vinatech", jurisdiction=place.ward, kind="enterprise")
    one = draft(place, "Công ty TNHH Bình Minh Vinatec")
    assert [each.pk for each in UnitsAlike(place.officer)([one])[one]] == [unit.pk]


def test_a_row_among_many_units_is_compared_with_those_that_share_its_rarer_words(place, monkeypatch):
    monkeypatch.setattr(likeness, "BLOCK", 3)
    monkeypatch.setattr(likeness, "COMPARED", 4)
    names = [f"Công ty TNHH Bình Minh Hoa {second}" for second in ("Hồng", "Lan", "Mai", "Cúc", "Đào", "Sen")]
    block = likeness.Block([likeness.Known(pk, name, "", "", profile(name)) for pk, name in enumerate(names)])
    assert block._near(profile("Bình Minh Hoa Lan")) == [1]


def test_units_of_an_area_are_loaded_once_for_all_parts_of_a_list(place, django_assert_num_queries):
    UnitFactory(name="Trường THCS Nguyễn Huệ", jurisdiction=place.ward, kind="school")
    search = UnitsAlike(place.officer)
    search([draft(place, "Trường THCS Nguyễn Huê")])
    with django_assert_num_queries(0):
        again = draft(place, "Trường THCS Nguyển Huệ")
        assert len(search([again])[again]) == 1


def test_areas_of_earlier_parts_are_dropped_where_too_many_units_are_held(place, monkeypatch):
    UnitFactory(name="Trường THCS Nguyễn Huệ", jurisdiction=place.ward, kind="school")
    monkeypatch.setattr(likeness, "HELD", 0)
    search = UnitsAlike(place.officer)
    search([draft(place, "Trường THCS Nguyễn Huệ")])
    search([Draft("Danh sách", 3, values={"name": "Một", "jurisdiction": place.province.pk})])
    assert list(search._areas) == [place.province.pk]
