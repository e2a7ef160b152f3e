"""Two records of one unit become one: every relation, every choice, the way back, old codes, chains, races, reach."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from models_registry.models import ModelMember
from movement_portal.audit.models import AuditEvent
from movement_portal.jurisdictions.enums import Function
from tests.factories import GuardFactory, JurisdictionFactory, OfficerFactory, UnitFactory
from tests.spreadsheets.lists import Place
from tests.spreadsheets.test_round_trip import Book
from tests.units.merging_world import DAY, doubles, dump
from units import workflow
from units.enums import PairState, UnitStatus
from units.forms.fields import UnitField
from units.merging import links
from units.merging.doing import PlanChanged, merge
from units.merging.finding import find_duplicates
from units.merging.links import Link, Policy
from units.merging.planning import conflict_key, plan_merge
from units.merging.standing import stand_ins
from units.merging.undoing import plan_undo, undo
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
from units.pasting import find_pasted
from units.search import by_code
from units.workflow import TransitionError

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return JurisdictionFactory(province=True)


@pytest.fixture
def officer(province):
    return OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)


@pytest.fixture
def pair(commune, officer):
    return doubles(commune, officer)


def joined(survivor, absorbed, officer, **answers):
    """Merge as shown on the page, with these answers."""
    survivor, absorbed = Unit.objects.get(pk=survivor.pk), Unit.objects.get(pk=absorbed.pk)
    plan = plan_merge(survivor, absorbed, user=officer)
    return merge(survivor.pk, absorbed.pk, by=officer, reason="Nhập hai lần", token=plan.token, answers=answers or None)


def without_code(unit):
    """The unit as it is now, its code of a school taken away."""
    unit = Unit.objects.get(pk=unit.pk)
    unit.school_code = ""
    return unit


def two(commune, **values):
    """Two plain records."""
    return [
        UnitFactory(name=f"Trường THCS Mẫu {word}", kind="school", jurisdiction=commune, **values)
        for word in ("A", "B")
    ]


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
    with pytest.raises(TransitionError):
        merge(survivor.pk, survivor.pk, by=officer, reason="Trùng", token="")


def test_what_changed_since_it_was_shown_is_shown_again(pair, officer):
    token = plan_merge(pair.survivor, pair.absorbed, user=officer).token
    Headcount.objects.create(unit=pair.absorbed, year=2019, staff_count=1)
    with pytest.raises(PlanChanged):
        merge(pair.survivor.pk, pair.absorbed.pk, by=officer, reason="Trùng", token=token)


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


# -- rights ------------------------------------------------------------------------------------------------------------
def test_merging_needs_the_right_and_both_records_in_reach(commune, province, client):
    survivor, absorbed = two(commune)
    clerk = OfficerFactory(jurisdiction=commune)
    with pytest.raises(PermissionDenied):
        joined(survivor, absorbed, clerk)
    client.force_login(clerk)
    address = reverse("duplicates:unit_merge", args=[survivor.code, absorbed.code])
    assert client.get(address).status_code == 403
    neighbour = JurisdictionFactory(parent=province)
    chief = OfficerFactory(jurisdiction=neighbour, jurisdiction__function=Function.DECIDE)
    far = UnitFactory(jurisdiction=neighbour)
    with pytest.raises(Unit.DoesNotExist):
        joined(far, absorbed, chief)
    client.force_login(chief)
    assert client.get(reverse("duplicates:unit_merge", args=[far.code, absorbed.code])).status_code == 404


@pytest.mark.parametrize(
    "values",
    [{"reason": ""}, {"undone_at": "2026-11-01T00:00:00Z"}, {"survivor": "absorbed"}],
)
def test_the_database_refuses_a_merge_that_cannot_be(pair, officer, values):
    done = joined(pair.survivor, pair.absorbed, officer)
    if "survivor" in values:
        values = {"survivor": done.absorbed_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitMerge.objects.filter(pk=done.pk).update(**values)


# -- pages -------------------------------------------------------------------------------------------------------------
def test_from_the_preview_to_the_merge_and_back(pair, signed_in):
    address = reverse("duplicates:unit_merge", args=[pair.survivor.code, pair.absorbed.code])
    page = signed_in.get(address)
    assert "Tổ bảo vệ" in page.content.decode()
    token = page.context["plan"].token
    assert signed_in.post(address, {"token": token, "reason": ""}).status_code == 422
    assert signed_in.post(address, {"token": "x", "reason": "Trùng"}).status_code == 422
    done = signed_in.post(address, {"token": token, "reason": "Trùng"})
    again = signed_in.post(address, {"token": token, "reason": "Trùng"})
    assert (done.status_code, again.status_code) == (302, 404)
    [found] = UnitMerge.objects.all()
    assert pair.absorbed.code in signed_in.get(reverse("duplicates:merge_list")).content.decode()
    assert "Hồ sơ đã gộp vào đây" in signed_in.get(pair.survivor.get_absolute_url()).content.decode()
    back = reverse("duplicates:merge_undo", args=[found.pk])
    assert "Trả lại" in signed_in.get(back).content.decode()
    assert signed_in.post(back, {"reason": ""}).status_code == 422
    assert signed_in.post(back, {"reason": "Nhầm"}).status_code == 302
    assert signed_in.post(back, {"reason": "Nhầm"}).status_code == 302
    assert "Đã hoàn tác" in signed_in.get(reverse("duplicates:merge_detail", args=[found.pk])).content.decode()


def test_the_other_record_is_picked_from_the_units_page(pair, signed_in):
    assert "Gộp hồ sơ trùng" in signed_in.get(pair.survivor.get_absolute_url()).content.decode()
    without_code(pair.absorbed).save()
    address = reverse("duplicates:merge_pick", args=[pair.survivor.code])
    assert pair.absorbed.code in signed_in.get(address).content.decode()
    answer = signed_in.post(address, {"other": pair.absorbed.code})
    assert answer.url == reverse("duplicates:unit_merge", args=[pair.survivor.code, pair.absorbed.code])


@pytest.mark.slow
def test_the_preview_asks_as_many_questions_whatever_the_rows(commune, signed_in):
    asked = []
    # The first page of a process reads what is kept for all later ones.
    for count in (1, 1, 12):
        survivor, absorbed = two(commune)
        for year in range(2000, 2000 + count):
            for unit in (survivor, absorbed):
                Headcount.objects.create(unit=unit, year=year, staff_count=year)
        GuardFactory.create_batch(count, unit=absorbed)
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(reverse("duplicates:unit_merge", args=[survivor.code, absorbed.code]))
        asked.append(len(queries))
    assert asked[1] == asked[2]


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 12])
def test_the_list_of_merges_asks_as_many_questions_whatever_its_rows(
    commune, officer, signed_in, django_assert_num_queries, count
):
    survivor = UnitFactory(jurisdiction=commune)
    for unit in UnitFactory.create_batch(count, jurisdiction=commune):
        joined(survivor, unit, officer)
    with django_assert_num_queries(11):
        signed_in.get(reverse("duplicates:merge_list"))


# -- races -------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_merges_of_one_record_at_once_make_one(commune, officer):
    records = [UnitFactory(name=f"Trường Mẫu {n}", kind="school", jurisdiction=commune) for n in range(3)]
    wanted = [(records[1], records[0]), (records[0], records[1]), (records[2], records[0])]
    plans = [plan_merge(one, other, user=officer).token for one, other in wanted]
    start, outcomes = threading.Barrier(len(wanted)), []

    def run(one, other, token):
        start.wait()
        try:
            merge(one.pk, other.pk, by=officer, reason="Trùng", token=token)
            outcomes.append("merged")
        except (TransitionError, PlanChanged):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(*units, token)) for units, token in zip(wanted, plans, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert UnitMerge.objects.filter(absorbed__in=[records[0], records[1]]).exists()
    absorbed = list(UnitMerge.objects.values_list("absorbed", flat=True))
    assert len(absorbed) == len(set(absorbed))
    for done in UnitMerge.objects.select_related("absorbed", "survivor"):
        assert done.absorbed.status == UnitStatus.MERGED
    # Nobody went into a record that is itself gone, and no two went into one another.
    gone = set(absorbed)
    assert not gone & set(Unit.objects.open().values_list("pk", flat=True))
    assert Unit.objects.filter(merged_into__in=gone).count() == 0
    assert outcomes.count("merged") == len(absorbed)


def test_a_new_relation_would_be_noticed(monkeypatch):
    """The check reads the models themselves: whatever points to a unit and is not declared is named."""
    known = set(links.relations())
    assert {"units.headcount.unit", "models_registry.modelmember.unit", "units.unit.parent"} <= known
    monkeypatch.setattr(links, "relations", lambda: iter([*known, "units.headcount.twin"]))
    assert links.undeclared() == ["units.headcount.twin"]


def test_links_know_their_constraints():
    found = {name for _, names in links.unique_with(Link(Headcount, "unit")) for name in names}
    assert found == {"year"}
    assert conflict_key(Link(Headcount, "unit"), 7) == "units.headcount.unit-7"


# -- lists -------------------------------------------------------------------------------------------------------------
def test_a_list_with_the_old_code_or_name_is_about_the_unit_that_is_left():
    place = Place()
    officer = place.officer
    survivor = UnitFactory(name="Trường THCS Lê Lợi", kind="school", jurisdiction=place.ward, school_code="79000001")
    absorbed = UnitFactory(name="Trường THCS Lợi Lê", kind="school", jurisdiction=place.ward, school_code="79000002")
    joined(survivor, absorbed, officer)
    header = ["Mã đơn vị", "Mã trường", "Tên đơn vị", "Khối", "Xã, phường", "Địa chỉ"]
    rows = [
        [absorbed.code, "", "Trường THCS Lợi Lê", "Cơ sở giáo dục", "Phường An Phú", "Số 1"],
        ["", "79000002", "Trường THCS Lợi Lê", "Cơ sở giáo dục", "Phường An Phú", "Số 2"],
        ["", "", "Trường THCS Lợi Lê", "Cơ sở giáo dục", "Phường An Phú", "Số 3"],
    ]
    for number, row in enumerate(rows, 1):
        batch = place.committed(header, row)
        survivor.refresh_from_db()
        assert (batch.counts["changed"], survivor.address) == (1, f"Số {number}"), row
    assert (survivor.name, survivor.school_code) == ("Trường THCS Lê Lợi", "79000001")
    assert not Unit.objects.get(pk=absorbed.pk).address


def test_other_lists_name_the_unit_by_the_old_code():
    place = Place()
    survivor = UnitFactory(name="Trường THCS Lê Lợi", kind="school", jurisdiction=place.ward)
    absorbed = UnitFactory(name="Trường THCS Lê Lợi 2", kind="school", jurisdiction=place.ward)
    joined(survivor, absorbed, place.officer)
    place.committed(["Đơn vị", "Năm", "Người học"], [absorbed.code, "2026", "300"], sheet="headcounts")
    assert survivor.headcounts.get().learner_count == 300


def test_a_workbook_that_went_out_before_the_merge_is_refused_for_the_record_that_is_gone():
    place = Place()
    survivor = UnitFactory(name="Trường THCS Lê Lợi", kind="school", jurisdiction=place.ward)
    absorbed = UnitFactory(name="Trường THCS Lê Lợi 2", kind="school", jurisdiction=place.ward)
    book = Book(place)
    book.cell(absorbed, "Người đứng đầu").value = "Trần Thị Mẫu"
    joined(survivor, absorbed, place.officer)
    refused = book.checked().rows.get(outcome="refused")
    assert "đã gộp" in str(refused.problems[0])
    assert not Unit.objects.get(pk=absorbed.pk).head_name
