"""The catalogue of award forms as a list."""

from awards.models import AwardForm
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register

AWARD_FORMS = register(model_sheet(AwardForm, name="award-forms", keys=[("name",)]))
