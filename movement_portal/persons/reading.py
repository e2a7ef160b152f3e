"""The one door to a whole number: the reading is written down, with its reason, before anything is shown."""

from django.core.exceptions import ValidationError
from django.db import models, transaction

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import note
from movement_portal.lib.masking import mask_in_text
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.persons.models import PersonalRead

NUMBER = "Số định danh cá nhân"
#: Shortest reason that says something.
SHORTEST = 10


def read_number(record: models.Model, *, by, reason: str, name: str = "citizen_id") -> str:
    """The whole number of a record the officer may view, for the reason typed.

    Raises ``ValidationError`` for a reason that says nothing, and ``WrongKey`` where the key is missing; then nothing
    is shown, and nothing is written down.
    """
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST:
        raise ValidationError(f"Ghi rõ lý do xem, ít nhất {SHORTEST} ký tự.", code="reason")
    clear = getattr(record, name).clear
    put_down(record, by=by, reason=reason, what=NUMBER)
    return clear


def put_down(record: models.Model, *, by, reason: str, what: str) -> PersonalRead:
    """Write a reading of a person's record down, as an act of the journal and in the list of readings."""
    reason = mask_in_text(" ".join(reason.split()))
    with transaction.atomic():
        event = note(kind=EventKind.READ, label=f"Xem {mid_sentence(what)}: {record}", reason=reason)
        return PersonalRead.objects.create(
            event=event,
            at=event.at,
            officer=by,
            officer_name=by.full_name,
            office_name=str(by.office or ""),
            model=record._meta.label_lower,
            object_id=record.pk,
            label=str(record)[:255],
            what=what[:100],
            reason=reason[:300],
            path=type(record).area_paths([record])[0],
        )
