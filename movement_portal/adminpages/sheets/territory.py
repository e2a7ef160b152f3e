"""Sheets of areas, what became of them, police offices, documents."""

from django.core.exceptions import ValidationError
from django.db import models

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice, Succession
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register
from movement_portal.spreadsheets.workflow import ImportRefused

# An area is moved in the tree on its own page.
AREAS = register(
    model_sheet(
        Jurisdiction,
        name="areas",
        keys=[("code", "valid_from")],
        keep=["parent"],
        list_url="jurisdictions:area_list",
    )
)


def refuse_unfit(written, by):
    """Raise ``ImportRefused`` where the dates of a succession do not fit its two areas: the rules of its own form."""
    records = [each.record for each in written]
    models.prefetch_related_objects(records, "predecessor", "successor")
    for record in records:
        try:
            record.clean()
        except ValidationError as problem:
            raise ImportRefused(f"{record}: {' '.join(problem.messages)}") from None


#: What an area became. The old one has ended, the new one began: a code that both bear still names one.
SUCCESSIONS = register(
    model_sheet(
        Succession,
        name="successions",
        keys=[("predecessor", "successor", "effective_on")],
        limits={"predecessor": {"valid_to__isnull": False}, "successor": {"valid_from__isnull": False}},
        after_write=refuse_unfit,
    )
)
OFFICES = register(model_sheet(PoliceOffice, name="offices", keys=[("name", "jurisdiction")], keep=["parent"]))
DOCUMENTS = register(
    model_sheet(LegalDocument, name="documents", keys=[("number",)], list_url="documents:document_list")
)
