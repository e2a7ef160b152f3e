"""Who joins a model: units and bodies of areas, many at once."""

import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import transaction

from models_registry.enums import MemberRole
from models_registry.models import ModelMember, SelfManagedModel
from movement_portal.jurisdictions.models import Jurisdiction
from units.models import Unit


class Body(NamedTuple):
    """A body that is no unit of the register, such as a ward's police, and its area."""

    name: str
    area: Jurisdiction


@transaction.atomic
def join(
    model: SelfManagedModel,
    *,
    units: Iterable[Unit] = (),
    bodies: Sequence[Body] = (),
    role: str = MemberRole.MEMBER,
    since: datetime.date | None = None,
) -> int:
    """Make units and bodies members; who leads the model or is a member already is passed over. Answers how many.

    The model is locked meanwhile: a form sent twice makes everybody a member once.
    """
    SelfManagedModel._base_manager.select_for_update(of=("self",)).get(pk=model.pk)
    there = ModelMember._base_manager.filter(model=model, valid_to__isnull=True)
    known = set(there.values_list("unit", "body", "jurisdiction"))
    wanted = [(unit.pk, "", None) for unit in units if unit.pk != model.lead_unit_id]
    wanted += [(None, body.name, body.area.pk) for body in bodies]
    new = [
        ModelMember(model=model, unit_id=unit, body=body, jurisdiction_id=area, role=role, valid_from=since)
        for unit, body, area in dict.fromkeys(wanted)
        if (unit, body, area) not in known
    ]
    ModelMember.objects.bulk_create(new)
    return len(new)
