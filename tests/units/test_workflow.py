"""The life of a unit: every state and step, who may take it, and what is written down."""

import datetime
import itertools

import pytest
from django.core.exceptions import PermissionDenied

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.recording import act
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units import workflow
from units.enums import UnitStatus
from units.models import Placement, StatusChange, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

TODAY = datetime.date(2026, 11, 22)
DAY = datetime.date(2026, 11, 1)


@pytest.fixture
def leader(province):
    return OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)


@pytest.fixture
def unit(province):
    return UnitFactory(jurisdiction=JurisdictionFactory(parent=province))


def put_in(unit, status, receiver):
    """Bring a new unit into a state by steps an officer takes."""
    officer = OfficerFactory(jurisdiction=unit.jurisdiction.parent, jurisdiction__function=Function.MANAGE_RECORDS)
    before = datetime.date(2026, 1, 1)
    step = {
        UnitStatus.SUSPENDED: workflow.SUSPEND,
        UnitStatus.DISSOLVED: workflow.DISSOLVE,
        UnitStatus.MERGED: workflow.MERGE,
    }.get(status)
    if step:
        into = receiver.pk if step.needs_receiver else None
        workflow.perform(step, unit.pk, by=officer, on=before, reason="Quyết định mẫu", into_id=into)
    unit.refresh_from_db()


ALLOWED = {
    ("suspend", UnitStatus.ACTIVE): UnitStatus.SUSPENDED,
    ("resume", UnitStatus.SUSPENDED): UnitStatus.ACTIVE,
    ("dissolve", UnitStatus.ACTIVE): UnitStatus.DISSOLVED,
    ("dissolve", UnitStatus.SUSPENDED): UnitStatus.DISSOLVED,
    ("merge", UnitStatus.ACTIVE): UnitStatus.MERGED,
    ("merge", UnitStatus.SUSPENDED): UnitStatus.MERGED,
    ("restore", UnitStatus.DISSOLVED): UnitStatus.ACTIVE,
    ("restore", UnitStatus.MERGED): UnitStatus.ACTIVE,
}


@pytest.mark.parametrize(("name", "status"), list(itertools.product(workflow.TRANSITIONS, UnitStatus)))
def test_every_step_from_every_state(name, status, unit, leader):
    receiver = UnitFactory(jurisdiction=unit.jurisdiction)
    put_in(unit, status, receiver)
    step = workflow.TRANSITIONS[name]
    into = receiver.pk if step.needs_receiver else None
    offered = step in workflow.steps_for(unit, leader)
    if (name, status) not in ALLOWED:
        assert not offered
        with pytest.raises(workflow.TransitionError, match="Đơn vị đang ở tình trạng"):
            workflow.perform(step, unit.pk, by=leader, on=DAY, reason="Quyết định mẫu", into_id=into)
        assert Unit.objects.get(pk=unit.pk).status == status
        return
    assert offered
    after = workflow.perform(step, unit.pk, by=leader, on=DAY, reason="Quyết định mẫu", into_id=into)
    after.refresh_from_db()
    assert (after.status, after.status_on) == (ALLOWED[name, status], DAY)
    assert (after.merged_into == receiver) == step.needs_receiver
    change = StatusChange.objects.filter(unit=unit).first()
    assert (change.from_status, change.to_status, change.effective_on) == (status, after.status, DAY)
    assert (change.reason, change.officer, change.merged_into_id) == ("Quyết định mẫu", leader, into)


def test_second_click_changes_nothing(unit, leader):
    workflow.perform(workflow.SUSPEND, unit.pk, by=leader, on=DAY, reason="Sửa chữa")
    with pytest.raises(workflow.TransitionError, match="Tạm ngừng"):
        workflow.perform(workflow.SUSPEND, unit.pk, by=leader, on=DAY, reason="Sửa chữa")
    assert StatusChange.objects.filter(unit=unit).count() == 1


def test_step_is_told_by_the_act(unit, leader):
    with act(EventKind.EDIT, by=leader) as doing:
        workflow.perform(workflow.SUSPEND, unit.pk, by=leader, on=DAY, reason="Sửa chữa")
    event = AuditEvent.objects.get(pk=doing.id)
    assert (event.label, event.reason) == (f"Tạm ngừng: {unit.name}", "Sửa chữa")


def test_step_without_the_right(unit, province):
    clerk = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ)
    assert workflow.steps_for(unit, clerk) == []
    with pytest.raises(PermissionDenied):
        workflow.perform(workflow.SUSPEND, unit.pk, by=clerk, on=DAY, reason="x")


def test_step_out_of_reach(leader):
    stranger = UnitFactory()
    with pytest.raises(Unit.DoesNotExist):
        workflow.perform(workflow.SUSPEND, stranger.pk, by=leader, on=DAY, reason="x")


def test_step_needs_a_reason(unit, leader):
    with pytest.raises(workflow.TransitionError, match="lý do"):
        workflow.perform(workflow.SUSPEND, unit.pk, by=leader, on=DAY, reason="  ")


def test_step_not_in_the_future(unit, leader):
    workflow.perform(workflow.SUSPEND, unit.pk, by=leader, on=TODAY, reason="Sửa chữa")
    with pytest.raises(workflow.TransitionError, match="sau hôm nay"):
        workflow.perform(workflow.RESUME, unit.pk, by=leader, on=TODAY + datetime.timedelta(days=1), reason="Xong")


def test_step_not_before_the_last_one(unit, leader):
    workflow.perform(workflow.SUSPEND, unit.pk, by=leader, on=DAY, reason="Sửa chữa")
    with pytest.raises(workflow.TransitionError, match="01/11/2026"):
        workflow.perform(workflow.RESUME, unit.pk, by=leader, on=DAY - datetime.timedelta(days=1), reason="Xong")


def test_merge_into_itself_nothing_or_out_of_reach(unit, leader):
    for into in (None, UnitFactory().pk):
        with pytest.raises(workflow.TransitionError, match="Chọn đơn vị nhận"):
            workflow.perform(workflow.MERGE, unit.pk, by=leader, on=DAY, reason="x", into_id=into)
    with pytest.raises(workflow.TransitionError, match="chính nó"):
        workflow.perform(workflow.MERGE, unit.pk, by=leader, on=DAY, reason="x", into_id=unit.pk)


def test_merge_into_a_unit_that_is_gone(unit, leader):
    receiver = UnitFactory(jurisdiction=unit.jurisdiction)
    workflow.perform(workflow.DISSOLVE, receiver.pk, by=leader, on=DAY, reason="x")
    with pytest.raises(workflow.TransitionError, match="Giải thể"):
        workflow.perform(workflow.MERGE, unit.pk, by=leader, on=DAY, reason="x", into_id=receiver.pk)


def test_new_unit_has_one_open_placement(unit):
    placement = unit.placements.get()
    assert (placement.jurisdiction, placement.valid_from, placement.valid_to) == (unit.jurisdiction, None, None)


def test_corrected_area_corrects_the_open_placement(unit, province):
    first, second, third = JurisdictionFactory.create_batch(3, parent=province)
    unit.jurisdiction = first
    unit.save()
    assert unit.placements.get().jurisdiction == first
    unit.jurisdiction = second
    Unit.objects.bulk_update([unit], ["jurisdiction"])
    assert unit.placements.get().jurisdiction == second
    Unit.objects.filter(pk=unit.pk).update(jurisdiction=third)
    assert unit.placements.get().jurisdiction == third


def test_relocation_closes_one_placement_and_opens_the_next(unit, leader, province):
    old, new = unit.jurisdiction, JurisdictionFactory(parent=province)
    moved = workflow.relocate(unit, new, on=DAY, by=leader, legal_basis="Quyết định 1")
    assert Unit.objects.get(pk=unit.pk).jurisdiction == new
    places = list(moved.placements.order_by("id").values_list("jurisdiction", "valid_from", "valid_to", "legal_basis"))
    assert places == [
        (old.pk, None, datetime.date(2026, 10, 31), ""),
        (new.pk, DAY, None, "Quyết định 1"),
    ]


def test_second_relocation_must_come_later(unit, leader, province):
    one, two = JurisdictionFactory.create_batch(2, parent=province)
    workflow.relocate(unit, one, on=DAY, by=leader)
    with pytest.raises(workflow.TransitionError, match="01/11/2026"):
        workflow.relocate(unit, two, on=DAY, by=leader)
    with pytest.raises(workflow.TransitionError, match="chính địa bàn này"):
        workflow.relocate(unit, one, on=TODAY, by=leader)
    assert unit.placements.count() == 2


def test_relocation_refused(unit, leader, province):
    area = JurisdictionFactory(parent=province)
    gone = JurisdictionFactory(parent=province, valid_from=None, valid_to=datetime.date(2025, 6, 30))
    with pytest.raises(workflow.TransitionError, match="ngoài phạm vi"):
        workflow.relocate(unit, JurisdictionFactory(), on=DAY, by=leader)
    with pytest.raises(workflow.TransitionError, match="không tồn tại"):
        workflow.relocate(unit, gone, on=DAY, by=leader)
    with pytest.raises(workflow.TransitionError, match="sau hôm nay"):
        workflow.relocate(unit, area, on=TODAY + datetime.timedelta(days=1), by=leader)
    with pytest.raises(Unit.DoesNotExist):
        workflow.relocate(UnitFactory(), area, on=DAY, by=leader)
    reader = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ)
    with pytest.raises(PermissionDenied):
        workflow.relocate(unit, area, on=DAY, by=reader)


def test_settle_area_of_waiting_units_only(leader, province):
    area = JurisdictionFactory(parent=province)
    waiting = UnitFactory.create_batch(2, jurisdiction=province, area_needs_review=True)
    known = UnitFactory(jurisdiction=province)
    stranger = UnitFactory(area_needs_review=True)
    keys = [unit.pk for unit in [*waiting, known, stranger]]
    assert {unit.pk for unit in workflow.settle_area(keys, area, by=leader)} == {unit.pk for unit in waiting}
    assert set(Unit.objects.filter(jurisdiction=area, area_needs_review=False)) == set(waiting)
    assert set(Placement.objects.filter(jurisdiction=area).values_list("unit", flat=True)) == {u.pk for u in waiting}
    assert workflow.settle_area(keys, area, by=leader) == []


def test_settle_area_refused(leader, province):
    with pytest.raises(workflow.TransitionError):
        workflow.settle_area([], JurisdictionFactory(), by=leader)
    reader = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ)
    with pytest.raises(PermissionDenied):
        workflow.settle_area([], province, by=reader)


def test_override_and_back_to_the_rules(unit, leader):
    workflow.override_eligibility(unit, False, reason="Trường của quân đội", by=leader)
    unit.refresh_from_db()
    assert (unit.eligibility_override, unit.override_reason) == (False, "Trường của quân đội")
    workflow.override_eligibility(unit, None, reason="Ghi nhầm", by=leader)
    unit.refresh_from_db()
    assert (unit.eligibility_override, unit.override_reason) == (None, "")
    with pytest.raises(workflow.TransitionError, match="chưa có kết luận riêng"):
        workflow.override_eligibility(unit, None, reason="Ghi nhầm", by=leader)


def test_override_refused(unit, leader, province):
    with pytest.raises(workflow.TransitionError, match="lý do"):
        workflow.override_eligibility(unit, True, reason=" ", by=leader)
    clerk = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.ENTER)
    with pytest.raises(PermissionDenied):
        workflow.override_eligibility(unit, True, reason="x", by=clerk)
    with pytest.raises(Unit.DoesNotExist):
        workflow.override_eligibility(UnitFactory(), True, reason="x", by=leader)


def test_register_enters_all_with_codes_placements_and_history(leader, province):
    area = JurisdictionFactory(parent=province)
    units = workflow.register([Unit(name=f"Sở {n}", kind="agency", jurisdiction=area) for n in range(3)], by=leader)
    assert len({unit.code for unit in units}) == 3
    assert Placement.objects.filter(unit__in=units, jurisdiction=area, valid_to=None).count() == 3
    assert Change.objects.filter(model="units.unit", object_id__in=[unit.pk for unit in units]).count() == 3


def test_register_out_of_reach_enters_nothing(leader, province):
    units = [Unit(name="Sở A", kind="agency", jurisdiction=area) for area in (province, JurisdictionFactory())]
    with pytest.raises(PermissionDenied):
        workflow.register(units, by=leader)
    assert not Unit.objects.exists()


@pytest.mark.parametrize("rows", [1, 12])
def test_register_asks_as_often_for_many(rows, leader, province, django_assert_max_num_queries):
    by = Officer.objects.get(pk=leader.pk)
    units = [Unit(name=f"Sở {n}", kind="agency", jurisdiction=province) for n in range(rows)]
    with django_assert_max_num_queries(30):
        workflow.register(units, by=by)
