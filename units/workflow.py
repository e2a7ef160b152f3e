"""The life of a unit: the table below is the whole of it, and state columns change nowhere else.

Beside the steps of its life a unit is registered, moved to another area, and given a conclusion of its own about
whether it can earn the title.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from movement_portal.audit.recording import describe
from movement_portal.jurisdictions.models import Jurisdiction, Officer
from movement_portal.lib.bulk import ROWS, chunks
from movement_portal.lib.dates import day_before, today, valid_on, within_period
from movement_portal.lib.transitions import TransitionError, refuse_ahead
from units.enums import UnitStatus
from units.models import Placement, StatusChange, Unit
from units.models.units import OPEN_STATUSES

ACTIVE, SUSPENDED, DISSOLVED, MERGED = UnitStatus.ACTIVE, UnitStatus.SUSPENDED, UnitStatus.DISSOLVED, UnitStatus.MERGED


@dataclass(frozen=True)
class Transition:
    """One step: from which states, to which, and what must be said with it."""

    name: str
    label: str
    sources: tuple[UnitStatus, ...]
    target: UnitStatus
    help: str
    #: Another unit takes this one in.
    needs_receiver: bool = False
    permission: str = "units.change_unit_status"


SUSPEND = Transition("suspend", "Tạm ngừng", (ACTIVE,), SUSPENDED, "Đơn vị còn tồn tại nhưng chưa hoạt động lại.")
RESUME = Transition("resume", "Hoạt động lại", (SUSPENDED,), ACTIVE, "Đơn vị hoạt động trở lại từ ngày ghi dưới đây.")
DISSOLVE = Transition(
    "dissolve", "Giải thể", (ACTIVE, SUSPENDED), DISSOLVED, "Đơn vị chấm dứt; hồ sơ và lịch sử vẫn được giữ."
)
MERGE = Transition(
    "merge",
    "Sáp nhập vào đơn vị khác",
    (ACTIVE, SUSPENDED),
    MERGED,
    "Đơn vị này chấm dứt, đơn vị nhận tiếp tục; hồ sơ hai bên dẫn sang nhau.",
    needs_receiver=True,
)
RESTORE = Transition(
    "restore", "Khôi phục", (DISSOLVED, MERGED), ACTIVE, "Dùng khi đã ghi nhầm giải thể hoặc sáp nhập; nêu rõ vì sao."
)

TRANSITIONS = {step.name: step for step in (SUSPEND, RESUME, DISSOLVE, MERGE, RESTORE)}


def steps_for(unit: Unit, user: Officer) -> list[Transition]:
    """Steps that the officer may take with the unit as it is now."""
    return [step for step in TRANSITIONS.values() if unit.status in step.sources and user.has_perm(step.permission)]


@transaction.atomic
def perform(
    step: Transition, unit_id: int, *, by: Officer, on: datetime.date, reason: str, into_id: int | None = None
) -> Unit:
    """Take one step on a day up to today, record it, and return the unit in its new state.

    ``into_id`` is the unit that takes this one in. Raises ``PermissionDenied`` without the right, ``Unit.DoesNotExist``
    out of reach and ``TransitionError`` where the step does not fit.
    """
    if not by.has_perm(step.permission):
        raise PermissionDenied
    # Both rows are locked, in one order, so that no second officer decides on either at the same time.
    wanted = Unit.objects.visible_to(by).filter(pk__in={unit_id, into_id} - {None})
    locked = {unit.pk: unit for unit in wanted.order_by("pk").select_for_update(of=("self",))}
    unit, into = locked.get(unit_id), locked.get(into_id)
    if unit is None:
        raise Unit.DoesNotExist
    if unit.absorptions.filter(undone_at=None).exists():
        raise TransitionError("Hồ sơ này đã gộp vào một đơn vị: hoàn tác lần gộp thay vì đổi tình trạng.")
    if unit.status not in step.sources:
        raise TransitionError(f"Đơn vị đang ở tình trạng “{unit.get_status_display()}”, không “{step.label}” được.")
    reason = _said(reason)
    _check_day(unit, on)
    if step.needs_receiver:
        _check_receiver(unit, into)
    else:
        into = None
    describe(label=f"{step.label}: {unit.name}", reason=reason)
    StatusChange.objects.create(
        unit=unit,
        from_status=unit.status,
        to_status=step.target,
        effective_on=on,
        merged_into=into,
        reason=reason,
        officer=by,
    )
    unit.status, unit.status_on, unit.merged_into = step.target, on, into
    unit.save(update_fields=["status", "status_on", "merged_into"])
    return unit


def absorb(unit: Unit, into: Unit, *, on: datetime.date, reason: str, by: Officer) -> Unit:
    """End a record that turned out to be another's: the part of a merge (``units.merging``) that sets its state.

    The caller holds both rows locked and has asked for the right. Raises ``TransitionError``.
    """
    for each in (unit, into):
        if each.status not in OPEN_STATUSES:
            raise TransitionError(f"“{each.name}” ({each.code}) đang ở tình trạng “{each.get_status_display()}”.")
    StatusChange.objects.create(
        unit=unit,
        from_status=unit.status,
        to_status=MERGED,
        effective_on=on,
        merged_into=into,
        reason=reason[:300],
        officer=by,
    )
    unit.status, unit.status_on, unit.merged_into = MERGED, on, into
    unit.save()
    return unit


def release(unit: Unit, *, status: UnitStatus, status_on: datetime.date | None, merged_into_id: int | None) -> Unit:
    """Give a record back the state it had before a merge that is taken back; the caller holds it locked."""
    unit.status, unit.status_on, unit.merged_into_id = status, status_on, merged_into_id
    unit.save()
    return unit


@transaction.atomic
def relocate(unit: Unit, to: Jurisdiction, *, on: datetime.date, by: Officer, legal_basis: str = "") -> Unit:
    """Move the unit to another area from a day on: its open placement ends the day before and the next begins.

    Raises ``PermissionDenied`` without the right to change units and ``TransitionError`` where the move does not fit,
    an area outside the officer's reach included. To put right an area that was wrong from the start, change
    ``Unit.jurisdiction``.
    """
    if not by.has_perm("units.change_unit"):
        raise PermissionDenied
    unit = Unit.objects.visible_to(by).select_for_update(of=("self",)).get(pk=unit.pk)
    if not Jurisdiction.objects.visible_to(by).filter(pk=to.pk).exists():
        raise TransitionError("Địa bàn này ngoài phạm vi của đồng chí.")
    return hand_over(unit, to, on=on, legal_basis=legal_basis)


def hand_over(unit: Unit, to: Jurisdiction, *, on: datetime.date, legal_basis: str = "") -> Unit:
    """The move itself, wherever the area lies; the caller has asked for the right and holds the unit locked.

    Raises ``TransitionError`` where the move does not fit.
    """
    if to.pk == unit.jurisdiction_id:
        raise TransitionError("Đơn vị đang ở chính địa bàn này.", "jurisdiction")
    current = unit.placements.select_for_update(of=("self",)).get(valid_to=None)
    refuse_move(current, to, on=on)
    describe(label=f"Chuyển địa bàn: {unit.name}", reason=legal_basis)
    current.valid_to = day_before(on)
    current.save(update_fields=["valid_to"])
    Placement.objects.create(unit=unit, jurisdiction=to, valid_from=on, legal_basis=legal_basis.strip())
    unit.jurisdiction, unit.area_needs_review = to, False
    unit.save(update_fields=["jurisdiction", "area_needs_review"])
    return unit


def refuse_move(current: Placement, to: Jurisdiction, *, on: datetime.date) -> None:
    """Raise ``TransitionError`` where a unit with this open placement cannot come to lie in the area on that day."""
    if on > today():
        raise TransitionError("Ngày chuyển không được sau hôm nay.", "valid_from")
    if not all(within_period(day, day, to.valid_from, to.valid_to) for day in (on, today())):
        raise TransitionError(f"{to.full_name} không tồn tại vào ngày này hoặc đã hết hiệu lực.", "jurisdiction")
    if current.valid_from and on <= current.valid_from:
        since = f"{current.valid_from:%d/%m/%Y}"
        raise TransitionError(f"Ngày chuyển phải sau ngày về địa bàn hiện nay ({since}).", "valid_from")


def complete_moves(moved: Sequence[tuple[Placement, Placement]], *, by: Officer) -> None:
    """The rest of many moves at once, in the transaction in which a list has put the open placements where they lie.

    ``moved`` pairs each open placement with itself as it was before, whose area and first day it had. The time before
    becomes a placement of its own, so that taking the list back restores the open one, and the units follow. Raises
    ``PermissionDenied`` without the right to change units and ``TransitionError`` where a move does not fit, a unit or
    an area out of the officer's reach included.
    """
    if not by.has_perm("units.change_unit"):
        raise PermissionDenied
    units: dict[int, Unit] = {}
    areas: dict[int, Jurisdiction] = {}
    for part in chunks([now.unit_id for now, _ in moved], ROWS):
        units.update(Unit.objects.visible_to(by).select_for_update(of=("self",)).in_bulk(part))
    for part in chunks(sorted({now.jurisdiction_id for now, _ in moved}), ROWS):
        areas.update(Jurisdiction.objects.visible_to(by).in_bulk(part))
    for now, before in moved:
        if now.unit_id not in units or now.jurisdiction_id not in areas or now.valid_from is None:
            raise TransitionError("Một đơn vị hoặc địa bàn trong danh sách không còn thuộc phạm vi của đồng chí.")
        refuse_move(before, areas[now.jurisdiction_id], on=now.valid_from)
        unit = before.unit = units[now.unit_id]
        before.valid_to = day_before(now.valid_from)
        unit.jurisdiction, unit.area_needs_review = areas[now.jurisdiction_id], False
    if moved:
        Placement.objects.bulk_create([before for _, before in moved])
        Unit.objects.bulk_update([units[now.unit_id] for now, _ in moved], ["jurisdiction", "area_needs_review"])


@transaction.atomic
def settle_area(unit_ids: Sequence[int], to: Jurisdiction, *, by: Officer) -> list[Unit]:
    """Say where units lie whose area was not known, all at once; answers those still waiting when it was done.

    Raises ``PermissionDenied`` without the right to change units and ``TransitionError`` for an area out of reach.
    """
    if not by.has_perm("units.change_unit"):
        raise PermissionDenied
    if not Jurisdiction.objects.visible_to(by).filter(valid_on(today()), pk=to.pk).exists():
        raise TransitionError("Địa bàn này ngoài phạm vi của đồng chí hoặc đã hết hiệu lực.")
    settled = []
    for keys in chunks(list(unit_ids)):
        waiting = Unit.objects.visible_to(by).filter(pk__in=keys, area_needs_review=True)
        settled += waiting.order_by("pk").select_for_update(of=("self",))
    for unit in settled:
        unit.jurisdiction, unit.area_needs_review = to, False
    if settled:
        describe(label=f"Xác định địa bàn của {len(settled)} đơn vị")
        Unit.objects.bulk_update(settled, ["jurisdiction", "area_needs_review"])
    return settled


@transaction.atomic
def override_eligibility(unit: Unit, eligible: bool | None, *, reason: str, by: Officer) -> Unit:
    """Conclude apart from the rules whether the unit can earn the title; None goes back to the rules.

    Raises ``PermissionDenied`` without the right and ``TransitionError`` without a reason.
    """
    if not by.has_perm("units.override_eligibility"):
        raise PermissionDenied
    unit = Unit.objects.visible_to(by).select_for_update(of=("self",)).get(pk=unit.pk)
    reason = _said(reason)
    if eligible is None and unit.eligibility_override is None:
        raise TransitionError("Đơn vị chưa có kết luận riêng để bỏ.")
    describe(label=f"Kết luận riêng về đối tượng: {unit.name}", reason=reason)
    unit.eligibility_override, unit.override_reason = eligible, reason if eligible is not None else ""
    unit.save(update_fields=["eligibility_override", "override_reason"])
    return unit


@transaction.atomic
def register(units: Sequence[Unit], *, by: Officer | None) -> list[Unit]:
    """Enter new units at once, each with its code and open placement; ``by`` None is the portal itself.

    Raises ``PermissionDenied`` when an area lies outside the officer's reach, and nothing is entered.
    """
    units = list(units)
    if by is not None:
        areas = {unit.jurisdiction_id for unit in units}
        reached = Jurisdiction.objects.visible_to(by).filter(pk__in=areas).count()
        if reached != len(areas):
            raise PermissionDenied
    return Unit.objects.bulk_create(units)


def _said(reason):
    if not (reason := reason.strip()):
        raise TransitionError("Phải ghi rõ lý do, căn cứ.")
    return reason


def _check_day(unit, on):
    refuse_ahead(on)
    if unit.status_on and on < unit.status_on:
        raise TransitionError(f"Ngày có hiệu lực không được trước lần đổi gần nhất ({unit.status_on:%d/%m/%Y}).")


def _check_receiver(unit, into):
    if into is None:
        raise TransitionError("Chọn đơn vị nhận trong phạm vi của đồng chí.")
    if into.pk == unit.pk:
        raise TransitionError("Đơn vị không thể sáp nhập vào chính nó.")
    if into.status not in (ACTIVE, SUSPENDED):
        raise TransitionError(f"Đơn vị nhận đang ở tình trạng “{into.get_status_display()}”.")
