"""The life of a request that a unit be handed over: waiting, then accepted, refused, withdrawn or expired.

Whoever asks knows nothing of the unit but that it exists; what they typed themselves is all that stands on their pages.
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from movement_portal.audit.recording import describe
from movement_portal.jurisdictions.models import Jurisdiction, Officer
from movement_portal.lib.dates import today, valid_on
from movement_portal.lib.transitions import TransitionError
from units.enums import TransferState
from units.models import TransferRequest, Unit
from units.models.units import OPEN_STATUSES
from units.workflow import hand_over

SEND, DECIDE = "units.add_transferrequest", "units.decide_transferrequest"
#: Days for an answer.
DAYS = 30


@transaction.atomic
def send(unit_id: int, to: Jurisdiction, *, by: Officer, called: str, reason: str) -> TransferRequest:
    """Ask the office that looks after a unit to hand it over to an area of the officer's own.

    ``called`` is what the officer typed. Raises ``PermissionDenied`` and ``TransitionError``, which says nothing of the
    unit.
    """
    if not by.has_perm(SEND):
        raise PermissionDenied
    if not Jurisdiction.objects.visible_to(by).filter(valid_on(today()), pk=to.pk).exists():
        raise TransitionError("Địa bàn này ngoài phạm vi của đồng chí hoặc đã hết hiệu lực.")
    reason = _said(reason, "Phải ghi lý do đề nghị.")
    if Unit.objects.visible_to(by).filter(pk=unit_id).exists():
        raise TransitionError("Đơn vị này trong phạm vi của đồng chí: dùng “Chuyển địa bàn” trên trang của đơn vị.")
    unit = Unit.objects.select_for_update(of=("self",)).filter(pk=unit_id, status__in=OPEN_STATUSES).first()
    if unit is None:
        raise TransitionError("Không còn đơn vị nào như vậy.")
    _expire(TransferRequest.objects.filter(unit=unit, to_area=to))
    if TransferRequest.objects.filter(unit=unit, to_area=to, state=TransferState.PENDING).exists():
        raise TransitionError("Đã có một đề nghị như vậy đang chờ trả lời.")
    describe(label=f"Đề nghị chuyển một đơn vị về {to.full_name}", reason=reason)
    day = today()
    try:
        with transaction.atomic():
            return TransferRequest.objects.create(
                unit=unit,
                from_area_id=unit.jurisdiction_id,
                to_area=to,
                called=called.strip()[:255] or "(chưa ghi tên)",
                reason=reason,
                requested_by=by,
                requested_on=day,
                expires_on=day + datetime.timedelta(days=DAYS),
            )
    except IntegrityError as error:
        raise TransitionError("Đã có một đề nghị như vậy đang chờ trả lời.") from error


@transaction.atomic
def accept(request_id: int, *, by: Officer, on: datetime.date, note: str = "") -> TransferRequest:
    """Hand the unit over from a day on, with all its history; raises as ``refuse``, and what ``hand_over`` raises."""
    if not by.has_perm(DECIDE):
        raise PermissionDenied
    asked = TransferRequest.objects.visible_to(by).get(pk=request_id)
    # The unit before its requests, as merges and moves lock them: two who accept two requests both come to an end.
    unit = Unit.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=asked.unit_id).first()
    if unit is None or unit.status not in OPEN_STATUSES:
        raise TransitionError("Đơn vị này không còn để chuyển.")
    request = _waiting(request_id, by)
    describe(label=f"Đồng ý chuyển {unit.name} về {request.to_area.full_name}", reason=note or request.reason)
    _decided(request, TransferState.ACCEPTED, by=by, words=note)
    hand_over(unit, request.to_area, on=on, legal_basis=f"Theo đề nghị ngày {request.requested_on:%d/%m/%Y}")
    return request


@transaction.atomic
def refuse(request_id: int, *, by: Officer, reason: str) -> TransferRequest:
    """Keep the unit, for a reason that the asking office reads.

    Raises ``PermissionDenied``, ``TransferRequest.DoesNotExist`` out of reach and ``TransitionError``.
    """
    request = _waiting(request_id, by)
    reason = _said(reason, "Phải ghi vì sao không đồng ý.")
    describe(label="Không đồng ý chuyển đơn vị", reason=reason)
    return _decided(request, TransferState.REFUSED, by=by, words=reason)


@transaction.atomic
def withdraw(request_id: int, *, by: Officer) -> TransferRequest:
    """Take a request back; any officer of the asking office with the right to send one may."""
    if not by.has_perm(SEND):
        raise PermissionDenied
    request = TransferRequest.objects.sent_by(by).select_for_update(of=("self",)).get(pk=request_id)
    if request.state != TransferState.PENDING:
        raise TransitionError(f"Đề nghị này đã ở tình trạng “{request.get_state_display()}”.")
    describe(label="Rút đề nghị chuyển đơn vị")
    return _decided(request, TransferState.WITHDRAWN, by=by, words="")


def expire_requests() -> int:
    """Close the requests whose time is over; answers how many."""
    return _expire(TransferRequest.objects.all())


@transaction.atomic
def _expire(requests) -> int:
    late = list(requests.filter(state=TransferState.PENDING, expires_on__lt=today()).select_for_update(of=("self",)))
    for request in late:
        request.state, request.decided_on = TransferState.EXPIRED, today()
    TransferRequest.objects.bulk_update(late, ["state", "decided_on"])
    return len(late)


def _waiting(request_id: int, by: Officer) -> TransferRequest:
    if not by.has_perm(DECIDE):
        raise PermissionDenied
    rows = TransferRequest.objects.visible_to(by).select_related("to_area")
    request = rows.select_for_update(of=("self",)).get(pk=request_id)
    if not request.is_waiting:
        state = request.state if request.state != TransferState.PENDING else TransferState.EXPIRED
        raise TransitionError(f"Đề nghị này đã ở tình trạng “{TransferState(state).label}”.")
    if request.requested_by_id == by.pk:
        raise TransitionError("Người đề nghị không được tự trả lời.")
    return request


def _decided(request: TransferRequest, state: TransferState, *, by: Officer, words: str) -> TransferRequest:
    request.state, request.decided_by, request.decided_on, request.decision = state, by, today(), words.strip()[:300]
    request.save(update_fields=["state", "decided_by", "decided_on", "decision"])
    return request


def _said(text: str, otherwise: str) -> str:
    if not (text := text.strip()[:300]):
        raise TransitionError(otherwise)
    return text
