"""The life of a pair that may be one unit: waiting, judged not to be one, merged."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from movement_portal.audit.recording import describe
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.dates import today
from movement_portal.lib.masking import refusal
from movement_portal.lib.transitions import TransitionError
from units.enums import PairState
from units.models import DuplicatePair

PERMISSION = "units.change_duplicatepair"


@transaction.atomic
def dismiss(pair_id: int, *, by: Officer, reason: str) -> DuplicatePair:
    """Judge that two units are not one, for a reason; they are not proposed again until one of them changes.

    Raises ``PermissionDenied``, ``DuplicatePair.DoesNotExist`` out of reach and ``TransitionError``.
    """
    pair = _locked(pair_id, by)
    if not (reason := reason.strip()):
        raise TransitionError("Phải ghi vì sao hai đơn vị này không phải một.")
    if problem := refusal(reason):
        raise TransitionError(problem)
    if pair.state != PairState.OPEN:
        raise TransitionError(f"Cặp này đã được xét: “{pair.get_state_display()}”.")
    describe(label="Xét cặp nghi trùng: không phải trùng", reason=reason)
    return _settled(pair, PairState.DISMISSED, by=by, reason=reason)


@transaction.atomic
def reopen(pair_id: int, *, by: Officer) -> DuplicatePair:
    """Put a pair judged not to be one back among those that wait; raises as ``dismiss``."""
    pair = _locked(pair_id, by)
    if pair.state != PairState.DISMISSED:
        raise TransitionError(f"Cặp này đang ở tình trạng “{pair.get_state_display()}”.")
    describe(label="Xét lại cặp nghi trùng")
    pair.state, pair.settled_by, pair.settled_on, pair.settled_reason = PairState.OPEN, None, None, ""
    pair.save(update_fields=SETTLED)
    return pair


def settle_merged(pair: DuplicatePair, *, by: Officer, reason: str) -> DuplicatePair:
    """The two are one now; the caller merges them and holds the pair locked."""
    return _settled(pair, PairState.MERGED, by=by, reason=reason)


SETTLED = ("state", "settled_by", "settled_on", "settled_reason")


def _locked(pair_id: int, by: Officer) -> DuplicatePair:
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    return DuplicatePair.objects.visible_to(by).select_for_update(of=("self",)).get(pk=pair_id)


def _settled(pair: DuplicatePair, state: PairState, *, by: Officer, reason: str) -> DuplicatePair:
    pair.state, pair.settled_by, pair.settled_on, pair.settled_reason = state, by, today(), reason[:300]
    pair.save(update_fields=SETTLED)
    return pair
