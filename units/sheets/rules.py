"""Sheets of the dated rules: who is in for the title, sizes of enterprises, rules about guards, holding periods."""

import dataclasses
from collections.abc import Sequence

from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import Sheet, register
from units.models import EligibilityRule, GuardRule, HoldingPeriod, SizeThreshold
from units.models.rules import DatedRule

_SOURCES = ("legal_document", "article")
_DAYS = ("valid_from", "valid_to")


def rule_sheet(
    model: type[DatedRule], *, name: str, keys: Sequence[tuple[str, ...]], sources: Sequence[str] = _SOURCES
) -> Sheet:
    """The sheet of a dated rule: what it says, then its ``sources``, then its days."""
    sheet = model_sheet(model, name=name, keys=keys)
    last = (*sources, *_DAYS)
    fields = sorted(sheet.fields, key=lambda each: last.index(each.name) if each.name in last else -1)
    return dataclasses.replace(sheet, fields=tuple(fields))


ELIGIBILITY_RULES = register(rule_sheet(EligibilityRule, name="eligibility-rules", keys=[("order", "valid_from")]))
SIZE_THRESHOLDS = register(rule_sheet(SizeThreshold, name="size-thresholds", keys=[("size", "sector", "valid_from")]))
GUARD_RULES = register(rule_sheet(GuardRule, name="guard-rules", keys=[("subject", "valid_from")]))
HOLDING_PERIODS = register(
    rule_sheet(HoldingPeriod, name="holding-periods", keys=[("subject", "valid_from")], sources=(*_SOURCES, "basis"))
)
