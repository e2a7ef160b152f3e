"""Sets of criteria as lists."""

from assessments.models import CriteriaSet, Criterion
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register
from units.sheets.rules import rule_sheet

CRITERIA_SETS = register(rule_sheet(CriteriaSet, name="criteria-sets", keys=[("code",)]))
CRITERIA = register(model_sheet(Criterion, name="criteria", keys=[("code", "criteria_set")]))
