"""Sheets of the dated rules: who is in for the title, sizes of enterprises, rules about guards, holding periods."""

from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register
from units.models import EligibilityRule, GuardRule, HoldingPeriod, SizeThreshold

ELIGIBILITY_RULES = register(model_sheet(EligibilityRule, name="eligibility-rules", keys=[("order", "valid_from")]))
SIZE_THRESHOLDS = register(model_sheet(SizeThreshold, name="size-thresholds", keys=[("size", "sector", "valid_from")]))
GUARD_RULES = register(model_sheet(GuardRule, name="guard-rules", keys=[("subject", "valid_from")]))
HOLDING_PERIODS = register(model_sheet(HoldingPeriod, name="holding-periods", keys=[("subject", "valid_from")]))
