"""Who signs an agreement of coordination: parties come together and go one by one."""

from collections.abc import Collection, Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from movement_portal.jurisdictions.models import Jurisdiction
from units.models import AgreementParty, CoordinationAgreement, Unit

#: Characters of the name of a body.
BODY_LENGTH = 200
#: An agreement is one with somebody: criterion 2.2 asks for regulations and programmes with others.
NOBODY = "Văn bản phối hợp phải có ít nhất một bên ký ngoài cơ quan Công an: đơn vị, địa bàn hoặc cơ quan khác."


class LastParty(Exception):
    """The only party of an agreement does not go; the message says so, for the officer."""


@transaction.atomic
def add_parties(
    agreement: CoordinationAgreement,
    *,
    units: Sequence[Unit] = (),
    area: Jurisdiction | None = None,
    bodies: Iterable[str] = (),
) -> int:
    """Write the parties that the agreement has not yet; answers how many are new. The agreement is locked meanwhile."""
    CoordinationAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    there = set(AgreementParty.objects.filter(agreement=agreement).values_list("unit", "jurisdiction", "body"))
    wanted = [
        *(AgreementParty(agreement=agreement, unit=unit) for unit in units),
        *([AgreementParty(agreement=agreement, jurisdiction=area)] if area is not None else []),
        *(AgreementParty(agreement=agreement, body=body) for body in bodies),
    ]
    new = [party for party in wanted if (party.unit_id, party.jurisdiction_id, party.body) not in there]
    AgreementParty.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def remove_party(agreement: CoordinationAgreement, party_id: int, *, by) -> str:
    """Take one party away and answer its name.

    Raises ``AgreementParty.DoesNotExist``, ``PermissionDenied``, and ``LastParty`` where nobody would be left.
    """
    if not by.has_perm("units.delete_agreementparty"):
        raise PermissionDenied
    CoordinationAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    party = AgreementParty.objects.visible_to(by).filter(agreement=agreement).get(pk=party_id)
    if is_last([party]):
        raise LastParty(NOBODY)
    name = str(party)
    party.delete()
    return name


def is_last(parties: Collection[AgreementParty]) -> bool:
    """Whether one of the agreements would have nobody left without these parties."""
    agreements = {party.agreement_id for party in parties}
    left = AgreementParty._base_manager.filter(agreement__in=agreements).exclude(pk__in=[party.pk for party in parties])
    return left.order_by().values("agreement").distinct().count() < len(agreements)
