"""Imports, what officers put right in them, and what offices remember from one list to the next."""

from movement_portal.spreadsheets.models.batches import ImportBatch, ImportRow, upload_path
from movement_portal.spreadsheets.models.corrections import ImportDecision, ImportEdit, ImportFault, ImportFix
from movement_portal.spreadsheets.models.memory import ColumnMemory, ValueMemory

__all__ = [
    "ColumnMemory",
    "ImportBatch",
    "ImportDecision",
    "ImportEdit",
    "ImportFault",
    "ImportFix",
    "ImportRow",
    "ValueMemory",
    "upload_path",
]
