"""Who signs an agreement of coordination: parties come together and go one by one."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from movement_portal.jurisdictions.models import Jurisdiction
from units.models import AgreementParty, CoordinationAgreement, Unit


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
    """Take one party away and answer its name; raises ``AgreementParty.DoesNotExist``, ``PermissionDenied``."""
    if not by.has_perm("units.delete_agreementparty"):
        raise PermissionDenied
    party = AgreementParty.objects.visible_to(by).filter(agreement=agreement).get(pk=party_id)
    name = str(party)
    party.delete()
    return name
