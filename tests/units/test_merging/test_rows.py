"""Two records of one unit become one: every relation, every choice of fields, state and history of both."""

import datetime

import pytest

from models_registry.models import ModelMember
from movement_portal.audit.models import AuditEvent
from movement_portal.lib.transitions import TransitionError
from tests.factories import GuardFactory, UnitFactory
from tests.units.test_merging.world import DAY, joined, two, without_code
from units import workflow
from units.enums import PairState, UnitStatus
from units.merging import links
from units.merging.doing import PlanChanged, merge
from units.merging.finding import find_duplicates
from units.merging.links import Policy
from units.merging.planning import plan_merge
from units.merging.undoing import undo
from units.models import (
    DuplicatePair,
    Guard,
    Headcount,
    Placement,
    SecurityTeam,
    StatusChange,
    TeamStrength,
    Unit,
    UnitMerge,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


# -- relations ---------------------------------------------------------------------------------------------------------
def test_every_relation_to_a_unit_is_declared():
    assert links.undeclared() == []


def test_what_is_declared_exists():
    assert {link.key for link in links.links()} <= set(links.relations())


def test_an_unknown_relation_refuses_every_merge(commune, officer, monkeypatch):
    monkeypatch.delitem(links._links, "units.incident.unit")
    survivor, absorbed = two(commune)
    with pytest.raises(TransitionError, match="vụ việc"):
        joined(survivor, absorbed, officer)
    assert not UnitMerge.objects.exists()


def test_the_world_of_these_tests_has_a_row_of_every_relation(pair):
    for link in links.links():
        if link.policy == Policy.MOVE:
            assert link.model._base_manager.filter(**{link.field: pair.absorbed}).exists(), link.key


def test_everything_goes_over_to_the_unit_that_is_left(pair, officer):
    joined(pair.survivor, pair.absorbed, officer)
    for link in links.links():
        if link.policy == Policy.MOVE:
            rows = link.model._base_manager.filter(**{link.field: pair.absorbed})
            assert not rows.exists(), link.key
            assert link.model._base_manager.filter(**{link.field: pair.survivor}).exists(), link.key
    assert Placement.objects.filter(unit=pair.absorbed).exists()


def test_rows_that_do_not_clash_are_all_kept(pair, officer):
    joined(pair.survivor, pair.absorbed, officer)
    survivor = pair.survivor
    assert sorted(survivor.headcounts.values_list("year", "staff_count")) == [(2021, 1), (2022, 2), (2026, 10)]
    assert survivor.inspections.count() == survivor.incidents.count() == survivor.branches.count() == 2
    assert survivor.led_models.count() == 2


@pytest.mark.parametrize(("chosen", "count"), [("ours", 10), ("theirs", 20)])
def test_of_two_rows_of_one_year_the_chosen_one_stays(pair, officer, chosen, count):
    row = pair.absorbed.headcounts.get(year=2026)
    key = f"units.headcount.unit-{row.pk}"
    joined(pair.survivor, pair.absorbed, officer, **{key: chosen})
    assert pair.survivor.headcounts.get(year=2026).staff_count == count
    assert Headcount.objects.filter(year=2026).count() == 1


@pytest.mark.parametrize("chosen", ["ours", "theirs"])
def test_two_teams_that_are_one_become_one_with_its_people_and_counts(pair, officer, chosen):
    team = pair.absorbed.security_teams.get()
    joined(pair.survivor, pair.absorbed, officer, **{f"units.securityteam.unit-{team.pk}": chosen})
    left = pair.survivor.security_teams.get()
    assert left.leader_name == ("Ngô Mẫu 1" if chosen == "ours" else "Ngô Mẫu 2")
    assert sorted(left.reviews.values_list("year", flat=True)) == [2021, 2022]
    assert left.guards.count() == 4
    assert TeamStrength.objects.get().headcount == (1 if chosen == "ours" else 2)


def test_two_teams_of_one_name_can_both_be_kept(pair, officer):
    team = pair.absorbed.security_teams.get()
    joined(pair.survivor, pair.absorbed, officer, **{f"units.securityteam.unit-{team.pk}": "both"})
    names = set(SecurityTeam.objects.filter(unit=pair.survivor).values_list("name", flat=True))
    assert names == {"Tổ bảo vệ", f"Tổ bảo vệ ({pair.absorbed.code})"}


def test_one_person_named_twice_serves_once_and_keeps_the_certificates(pair, officer):
    joined(pair.survivor, pair.absorbed, officer)
    serving = Guard.objects.get(unit=pair.survivor, citizen_id_index__isnull=False, ended_on=None)
    assert serving.certificates.count() == 2
    assert Guard.objects.filter(unit=pair.survivor, name="Trần Hai Nơi").count() == 2


def test_two_past_records_of_one_person_name_one_another_and_come_apart_again(commune, officer):
    survivor, absorbed = two(commune)
    number, day = "000190000008", datetime.date
    ours = GuardFactory(unit=survivor, citizen_id=number, started_on=day(2015, 1, 1), ended_on=day(2020, 12, 31))
    theirs = GuardFactory(unit=absorbed, citizen_id=number, started_on=day(2018, 1, 1), ended_on=day(2019, 12, 31))
    later = GuardFactory(unit=absorbed, citizen_id=number, started_on=day(2021, 1, 1))
    done = joined(survivor, absorbed, officer)
    for guard in (ours, theirs, later):
        guard.refresh_from_db()
    assert (theirs.unit, theirs.same_as, theirs.ended_on) == (survivor, ours, day(2019, 12, 31))
    assert (later.unit, later.same_as, later.ended_on) == (survivor, None, None)
    undo(done.pk, by=officer, reason="Nhầm", keeping_edits=False)
    theirs.refresh_from_db()
    assert (theirs.unit, theirs.same_as, theirs.ended_on) == (absorbed, None, day(2019, 12, 31))


def test_a_member_of_a_model_twice_is_its_member_once(pair, officer):
    joined(pair.survivor, pair.absorbed, officer)
    assert ModelMember.objects.filter(unit=pair.survivor).count() == 1


# -- fields ------------------------------------------------------------------------------------------------------------
def test_what_is_not_chosen_is_filled_or_kept_aside(pair, officer):
    joined(pair.survivor, pair.absorbed, officer)
    unit = Unit.objects.get(pk=pair.survivor.pk)
    assert unit.name == "Trường THCS Lê Lợi"
    assert unit.address == "Số 5, đường Mẫu"
    assert unit.head_phone == "0912000001"
    assert unit.note == "Ghi chú một\nGhi chú hai"
    assert unit.other_names.splitlines() == ["Trường Trung học cơ sở Lê Lợi", "THCS Lợi cũ"]


def test_the_other_name_code_and_both_phones_can_be_chosen(pair, officer):
    answers = {"field-name": "theirs", "field-school_code": "theirs", "field-head_phone": "both"}
    joined(pair.survivor, pair.absorbed, officer, **answers)
    unit, old = Unit.objects.get(pk=pair.survivor.pk), Unit.objects.get(pk=pair.absorbed.pk)
    assert (unit.name, unit.school_code, old.school_code) == ("Trường Trung học cơ sở Lê Lợi", "79000002", "79000001")
    assert unit.head_phone == "0912000001; 0912000002"
    assert "Trường THCS Lê Lợi" in unit.other_names


def test_a_unit_below_the_record_that_goes_takes_its_place(commune, officer):
    top = UnitFactory(name="Sở Mẫu", jurisdiction=commune)
    absorbed = UnitFactory(name="Phòng Mẫu", jurisdiction=commune, parent=top)
    survivor = UnitFactory(name="Phòng Mẫu hai", jurisdiction=commune, parent=absorbed)
    joined(survivor, absorbed, officer)
    survivor.refresh_from_db()
    assert survivor.parent == top


# -- state, history, pairs ---------------------------------------------------------------------------------------------
def test_the_old_record_ends_by_a_step_of_its_life_and_both_tell_it(pair, officer):
    done = joined(pair.survivor, pair.absorbed, officer)
    old = Unit.objects.get(pk=pair.absorbed.pk)
    assert (old.status, old.merged_into) == (UnitStatus.MERGED, pair.survivor)
    assert StatusChange.objects.get(unit=old).merged_into == pair.survivor
    event = AuditEvent.objects.get(pk=done.event_id)
    assert (event.officer, event.reason) == (officer, "Nhập hai lần")
    changed = set(event.changes.filter(model="units.unit").values_list("object_id", flat=True))
    assert {pair.survivor.pk, pair.absorbed.pk} <= changed


def test_the_pair_is_settled_and_found_no_more(pair, officer):
    without_code(pair.absorbed).save()
    find_duplicates()
    joined(pair.survivor, pair.absorbed, officer)
    settled = DuplicatePair.objects.get()
    assert (settled.state, settled.settled_by) == (PairState.MERGED, officer)
    assert find_duplicates().found == 0


def test_the_old_record_takes_no_step_of_its_own(pair, officer):
    joined(pair.survivor, pair.absorbed, officer)
    with pytest.raises(TransitionError, match="hoàn tác"):
        workflow.perform(workflow.RESTORE, pair.absorbed.pk, by=officer, on=DAY, reason="Nhầm")


@pytest.mark.parametrize("over", ["survivor", "absorbed"])
def test_a_unit_that_is_over_is_not_merged(commune, officer, over):
    survivor, absorbed = two(commune)
    unit = survivor if over == "survivor" else absorbed
    workflow.perform(workflow.DISSOLVE, unit.pk, by=officer, on=DAY, reason="Giải thể")
    with pytest.raises(TransitionError):
        joined(survivor, absorbed, officer)


def test_a_reason_is_asked_and_nothing_merges_with_itself(commune, officer):
    survivor, absorbed = two(commune)
    with pytest.raises(TransitionError):
        merge(survivor.pk, absorbed.pk, by=officer, reason=" ", token="")
    with pytest.raises(TransitionError, match="Ghi số định danh vào ô"):
        merge(survivor.pk, absorbed.pk, by=officer, reason="Cùng người đứng đầu 000 123 456 789", token="")
    with pytest.raises(TransitionError):
        merge(survivor.pk, survivor.pk, by=officer, reason="Trùng", token="")


def test_what_changed_since_it_was_shown_is_shown_again(pair, officer):
    token = plan_merge(pair.survivor, pair.absorbed, user=officer).token
    Headcount.objects.create(unit=pair.absorbed, year=2019, staff_count=1)
    with pytest.raises(PlanChanged):
        merge(pair.survivor.pk, pair.absorbed.pk, by=officer, reason="Trùng", token=token)
