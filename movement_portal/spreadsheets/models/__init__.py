"""Imports, what officers put right in them, what runs in the background, and what offices remember between lists."""

from movement_portal.spreadsheets.models.batches import ImportBatch, ImportRow, upload_path
from movement_portal.spreadsheets.models.corrections import ImportDecision, ImportEdit, ImportFault, ImportFix
from movement_portal.spreadsheets.models.jobs import ImportJob
from movement_portal.spreadsheets.models.memory import ColumnMemory, ConstantMemory, ValueMemory
from movement_portal.spreadsheets.models.workbooks import IssuedWorkbook

__all__ = [
    "ColumnMemory",
    "ConstantMemory",
    "ImportBatch",
    "ImportDecision",
    "ImportEdit",
    "ImportFault",
    "ImportFix",
    "ImportJob",
    "ImportRow",
    "IssuedWorkbook",
    "ValueMemory",
    "upload_path",
]
