"""The catalogue of model kinds as a list."""

from models_registry.models import ModelKind
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register

MODEL_KINDS = register(model_sheet(ModelKind, name="model-kinds", keys=[("name",)]))
