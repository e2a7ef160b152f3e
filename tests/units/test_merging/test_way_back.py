"""A merge is taken back, chains of merges lead to the last, old codes find it."""

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.transitions import TransitionError
from tests.factories import JurisdictionFactory, OfficerFactory, SelfManagedModelFactory, UnitFactory
from tests.units.test_merging.world import DAY, dump, joined, two, without_code
from units import workflow
from units.enums import UnitStatus
from units.forms.fields import UnitField
from units.merging.finding import find_duplicates
from units.merging.planning import plan_merge
from units.merging.standing import stand_ins
from units.merging.undoing import plan_undo, undo
from units.models import (
    Headcount,
    Unit,
    UnitMerge,
)
from units.pasting import find_pasted
from units.search import by_code

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


# -- the way back ------------------------------------------------------------------------------------------------------
ANSWERS = [
    {},
    {"field-name": "theirs", "field-school_code": "theirs", "field-head_phone": "both", "*": "theirs"},
    {"*": "both"},
]


@pytest.mark.parametrize("answers", [ANSWERS[0], *(pytest.param(each, marks=pytest.mark.slow) for each in ANSWERS[1:])])
def test_a_merge_taken_back_leaves_every_table_as_it_was(pair, officer, answers):
    if not answers:
        # Two codes make two units: without one of them the pair is found, and comes back too.
        without_code(pair.absorbed).save()
    find_duplicates()
    before = dump()
    answers = dict(answers)
    if every := answers.pop("*", ""):
        plan = plan_merge(pair.survivor, pair.absorbed, user=officer)
        answers |= {conflict.key: every for conflict in plan.conflicts}
    done = joined(pair.survivor, pair.absorbed, officer, **answers)
    assert dump() != before
    undo(done.pk, by=officer, reason="Nhầm", keeping_edits=False)
    assert dump() == before
    again = joined(pair.survivor, pair.absorbed, officer)
    undo(again.pk, by=officer, reason="Nhầm", keeping_edits=False)
    assert dump() == before


def test_what_was_edited_since_is_named_and_kept(pair, officer):
    done = joined(pair.survivor, pair.absorbed, officer)
    unit = Unit.objects.get(pk=pair.survivor.pk)
    unit.address = "Số 9, đường Khác"
    unit.save()
    row = Headcount.objects.get(unit=unit, year=2022)
    row.delete()
    plan = plan_undo(done)
    assert {(step.kind, tuple(step.kept)) for step in plan.edited} == {
        ("đơn vị", ("address",)),
        ("số người theo năm", ()),
    }
    with pytest.raises(TransitionError):
        undo(done.pk, by=officer, reason="Nhầm", keeping_edits=False)
    undo(done.pk, by=officer, reason="Nhầm", keeping_edits=True)
    unit.refresh_from_db()
    assert unit.address == "Số 9, đường Khác"
    assert Unit.objects.get(pk=pair.absorbed.pk).status == UnitStatus.ACTIVE


def test_what_has_gone_to_another_unit_since_is_left_where_it_is(commune, province):
    """Whole: a model that another unit leads by now lies where that unit lies."""
    elsewhere = JurisdictionFactory(parent=province)
    leader = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)
    survivor, other = UnitFactory.create_batch(2, jurisdiction=commune)
    absorbed = UnitFactory(jurisdiction=elsewhere)
    model = SelfManagedModelFactory(lead_unit=absorbed, lead_body="", jurisdiction=elsewhere, active=True)
    done = joined(survivor, absorbed, leader)
    model.refresh_from_db()
    model.lead_unit = other
    model.save()
    undo(done.pk, by=leader, reason="Gộp nhầm", keeping_edits=True)
    model.refresh_from_db()
    assert (model.lead_unit, model.jurisdiction) == (other, commune)


def test_what_came_after_the_merge_stays_with_the_unit(pair, officer):
    done = joined(pair.survivor, pair.absorbed, officer)
    Headcount.objects.create(unit=pair.survivor, year=2019, staff_count=3)
    undo(done.pk, by=officer, reason="Nhầm", keeping_edits=False)
    assert pair.survivor.headcounts.filter(year=2019).exists()


def test_a_code_taken_since_refuses_the_way_back(commune, officer):
    survivor, absorbed = two(commune)
    Unit.objects.filter(pk=absorbed.pk).update(note="x")
    absorbed = Unit.objects.get(pk=absorbed.pk)
    absorbed.school_code = "79000009"
    absorbed.save()
    done = joined(survivor, absorbed, officer)
    survivor.refresh_from_db()
    assert survivor.school_code == "79000009"
    survivor.school_code = ""
    survivor.save()
    UnitFactory(kind="school", jurisdiction=commune, school_code="79000009")
    with pytest.raises(TransitionError):
        undo(done.pk, by=officer, reason="Nhầm", keeping_edits=True)
    assert UnitMerge.objects.get(pk=done.pk).undone_at is None


def test_a_merge_is_taken_back_once(pair, officer):
    done = joined(pair.survivor, pair.absorbed, officer)
    undo(done.pk, by=officer, reason="Nhầm", keeping_edits=False)
    with pytest.raises(TransitionError):
        undo(done.pk, by=officer, reason="Nhầm", keeping_edits=False)


# -- chains and old codes ----------------------------------------------------------------------------------------------
def test_a_chain_leads_to_the_last_and_is_taken_back_from_the_end(commune, officer):
    first, second = two(commune)
    third = UnitFactory(name="Trường THCS Mẫu C", kind="school", jurisdiction=commune)
    before = dump()
    one = joined(second, first, officer)
    other = joined(third, second, officer)
    assert stand_ins([first.pk, second.pk, third.pk]) == {first.pk: third.pk, second.pk: third.pk}
    assert by_code(Unit.objects.open(), first.code) == [third.pk]
    with pytest.raises(TransitionError, match="trước"):
        undo(one.pk, by=officer, reason="Nhầm", keeping_edits=False)
    undo(other.pk, by=officer, reason="Nhầm", keeping_edits=False)
    assert stand_ins([first.pk, second.pk]) == {first.pk: second.pk}
    undo(one.pk, by=officer, reason="Nhầm", keeping_edits=False)
    assert dump() == before


def test_the_old_code_finds_the_unit_in_search_forms_lists_and_address(pair, officer, signed_in):
    joined(pair.survivor, pair.absorbed, officer)
    old = pair.absorbed.code
    assert by_code(Unit.objects.open(), old) == [pair.survivor.pk]
    assert by_code(Unit.objects.open(), "79000002") == [pair.survivor.pk]
    field = UnitField()
    field.narrow(Unit.objects.open())
    assert field.clean(old) == pair.survivor
    assert [line.matches[0].pk for line in find_pasted(f"{old}\n", Unit.objects.visible_to(officer))] == [
        pair.survivor.pk
    ]
    answer = signed_in.get(reverse("units:unit_detail", args=[old]), follow=True)
    assert answer.redirect_chain[0][0] == pair.survivor.get_absolute_url()
    assert f"Hồ sơ mã {old} đã gộp" in answer.content.decode()
    assert signed_in.get(reverse("units:unit_edit", args=[old])).status_code == 404
    offered = signed_in.get(reverse("units:unit_options"), {"o": "unit_code", "unit_code": old}).content.decode()
    assert pair.survivor.code in offered
    assert f'value="{old}' not in offered


def test_whoever_sees_only_the_unit_that_is_left_is_led_to_it(pair, officer, client, province):
    done = joined(pair.survivor, pair.absorbed, officer)
    other = JurisdictionFactory(parent=province)
    workflow.relocate(Unit.objects.get(pk=done.survivor_id), other, on=DAY, by=officer)
    client.force_login(OfficerFactory(jurisdiction=other))
    answer = client.get(reverse("units:unit_detail", args=[pair.absorbed.code]))
    assert answer.url == pair.survivor.get_absolute_url()


def test_whoever_sees_neither_sees_nothing(pair, officer, client, province):
    joined(pair.survivor, pair.absorbed, officer)
    client.force_login(OfficerFactory(jurisdiction=JurisdictionFactory(parent=province)))
    for name, args in (
        ("units:unit_detail", [pair.absorbed.code]),
        ("duplicates:merge_detail", [UnitMerge.objects.get().pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404
