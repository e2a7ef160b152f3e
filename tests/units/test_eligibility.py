"""Who can be recognised: Thông tư 124/2021/TT-BCA Điều 1, 2, before it Thông tư 23/2012/TT-BCA."""

import datetime

import pytest

from movement_portal.documents.models import LegalDocument
from tests import reference
from tests.factories import UnitFactory
from units.eligibility import ATTRIBUTES, NO_RULE, conclusions, explain, with_eligibility
from units.enums import Eligibility
from units.models import EligibilityRule, Unit

pytestmark = pytest.mark.django_db

ON_2021 = datetime.date(2021, 11, 15)
ON_2022 = datetime.date(2022, 11, 15)

ELIGIBLE, NOT, UNKNOWN = Eligibility.ELIGIBLE, Eligibility.NOT_ELIGIBLE, Eligibility.UNKNOWN

#: Attributes of a unit, the outcome in 2022, words of the reason, the article.
CASES = [
    ({"kind": "agency", "is_armed_force": True, "is_state_budget": True}, NOT, "lực lượng vũ trang", "Điều 1"),
    ({"kind": "agency", "subkind": "agency__party_body", "is_state_budget": True}, UNKNOWN, "Luật không", "Điều 2"),
    ({"kind": "agency", "is_state_budget": True}, ELIGIBLE, "hưởng ngân sách", "Điều 2 khoản 2"),
    ({"kind": "agency", "is_state_budget": False}, NOT, "Không hưởng ngân sách", "Điều 2 khoản 2"),
    ({"kind": "agency", "is_state_budget": None}, UNKNOWN, "Chưa ghi", "Điều 2 khoản 2"),
    ({"kind": "enterprise", "is_armed_force": True, "enterprise_size": "large"}, UNKNOWN, "Luật không", "Điều 1"),
    ({"kind": "enterprise", "enterprise_size": "micro"}, NOT, "siêu nhỏ", "Điều 1"),
    ({"kind": "enterprise", "enterprise_size": "small"}, NOT, "nhỏ", "Điều 1"),
    ({"kind": "enterprise", "enterprise_size": "medium"}, ELIGIBLE, "vừa", "Điều 2 khoản 3"),
    ({"kind": "enterprise", "enterprise_size": "large"}, ELIGIBLE, "lớn", "Điều 2 khoản 3"),
    ({"kind": "enterprise"}, UNKNOWN, "Chưa ghi quy mô", "Điều 2 khoản 3"),
    ({"kind": "school", "is_armed_force": True, "school_level": "university"}, UNKNOWN, "Luật không", "Điều 1"),
    ({"kind": "school", "school_level": "nursery"}, NOT, "Nhà trẻ", "Điều 1"),
    ({"kind": "school", "school_level": "kindergarten"}, NOT, "mầm non", "Điều 1"),
    ({"kind": "school", "school_level": "primary"}, NOT, "tiểu học", "Điều 1"),
    ({"kind": "school", "school_level": "mixed"}, UNKNOWN, "Luật không quy định; cán bộ kết luận", "Điều 2"),
    ({"kind": "school"}, UNKNOWN, "Chưa ghi cấp học", "Điều 2 khoản 4"),
    ({"kind": "school", "school_level": "lower_secondary"}, ELIGIBLE, "giáo dục quốc dân", "Điều 2 khoản 4"),
    ({"kind": "school", "school_level": "upper_secondary"}, ELIGIBLE, "giáo dục quốc dân", "Điều 2 khoản 4"),
    ({"kind": "school", "school_level": "continuing"}, ELIGIBLE, "giáo dục quốc dân", "Điều 2 khoản 4"),
    ({"kind": "school", "school_level": "vocational"}, ELIGIBLE, "giáo dục quốc dân", "Điều 2 khoản 4"),
    ({"kind": "school", "school_level": "college"}, ELIGIBLE, "giáo dục quốc dân", "Điều 2 khoản 4"),
    ({"kind": "school", "school_level": "university"}, ELIGIBLE, "giáo dục quốc dân", "Điều 2 khoản 4"),
    ({"kind": "school", "school_level": "other"}, ELIGIBLE, "giáo dục quốc dân", "Điều 2 khoản 4"),
]


@pytest.fixture
def rules():
    reference.load("eligibility_rules")


@pytest.mark.parametrize(("attributes", "outcome", "words", "article"), CASES)
def test_outcome_reason_and_source(rules, attributes, outcome, words, article):
    found = explain(UnitFactory(**attributes), ON_2022)
    assert found.outcome == outcome
    assert words in found.reason
    assert found.source.startswith(f"Thông tư 124/2021/TT-BCA, {article}")


@pytest.mark.parametrize("attributes", [case[0] for case in CASES])
def test_nobody_is_left_out_before_2022(rules, attributes):
    found = explain(UnitFactory(**attributes), ON_2021)
    assert (found.outcome, found.source) == (ELIGIBLE, "Thông tư 23/2012/TT-BCA")


@pytest.mark.slow
def test_every_rule_of_2022_decides_some_case(rules):
    deciding = {explain(UnitFactory(**case[0]), ON_2022).rule.pk for case in CASES}
    assert deciding == set(EligibilityRule.objects.as_of(ON_2022).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("day", "source"),
    [(datetime.date(2022, 2, 9), "Thông tư 23/2012/TT-BCA"), (datetime.date(2022, 2, 10), "Thông tư 124/2021/TT-BCA")],
)
def test_rules_change_on_the_day_the_circular_takes_effect(rules, day, source):
    unit = UnitFactory(kind="enterprise", enterprise_size="micro")
    assert explain(unit, day).source.startswith(source)


def test_without_a_rule_nothing_is_concluded(rules):
    found = explain(UnitFactory(), datetime.date(2011, 1, 1))
    assert (found.outcome, found.reason, found.rule, found.source) == (UNKNOWN, NO_RULE, None, "")


@pytest.mark.parametrize(("override", "outcome"), [(True, ELIGIBLE), (False, NOT)])
def test_own_conclusion_comes_before_the_rules(rules, override, outcome):
    unit = UnitFactory(
        kind="school", school_level="mixed", eligibility_override=override, override_reason="Có cấp THCS"
    )
    found = explain(unit, ON_2022)
    assert (found.outcome, found.reason, found.is_override, found.source) == (outcome, "Có cấp THCS", True, "")


@pytest.mark.slow
def test_list_and_explanation_agree(rules, django_assert_num_queries):
    units = [UnitFactory(**case[0]) for case in CASES]
    with django_assert_num_queries(2):
        listed = {unit.pk: unit for unit in with_eligibility(Unit.objects.all(), ON_2022)}
    for unit in units:
        found = explain(unit, ON_2022)
        assert (listed[unit.pk].eligibility, listed[unit.pk].eligibility_reason) == (found.outcome, found.reason)


@pytest.mark.slow
def test_outcome_can_be_filtered(rules):
    for case in CASES:
        UnitFactory(**case[0])
    expected = sum(case[1] == ELIGIBLE for case in CASES)
    assert with_eligibility(Unit.objects.all(), ON_2022).filter(eligibility=ELIGIBLE).count() == expected


def test_an_additional_rule_is_data():
    document = LegalDocument.objects.create(number="1/QĐ-UBND", title="Quy định mẫu")
    EligibilityRule.objects.create(
        order=1,
        unit_kind="agency",
        attribute="any",
        outcome=NOT,
        reason="Thử",
        legal_document=document,
        valid_from=datetime.date(2030, 1, 1),
    )
    assert explain(UnitFactory(), datetime.date(2030, 5, 1)).reason == "Thử"


def page(units):
    return list(units.order_by("id").values("id", "eligibility_override", "override_reason", *ATTRIBUTES))


def expected(units, on):
    return list(with_eligibility(units.order_by("id"), on).values_list("eligibility", "eligibility_reason"))


@pytest.mark.slow
def test_conclusions_of_a_page_are_those_of_the_database(rules):
    for attributes, *_ in CASES:
        UnitFactory.create_batch(2, **attributes)
    UnitFactory(kind="school", eligibility_override=True, override_reason="Theo văn bản riêng")
    units = Unit.objects.all()
    for on in (ON_2021, ON_2022, ON_2021):
        assert conclusions(page(units), on) == expected(units, on)


def test_conclusions_kept_from_before_end_with_a_changed_rule(rules, django_assert_num_queries):
    UnitFactory.create_batch(5, kind="enterprise", enterprise_size="medium")
    rows = page(Unit.objects.all())
    conclusions(rows, ON_2022)
    with django_assert_num_queries(1):
        conclusions(rows, ON_2022)
    rule = EligibilityRule.objects.get(unit_kind="enterprise", value="medium")
    rule.outcome = NOT
    rule.save()
    assert {outcome for outcome, _ in conclusions(rows, ON_2022)} == {NOT}
