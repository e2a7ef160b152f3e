"""Sheets of the apps that stand below the import engine: areas, police offices, legal documents."""

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import register

# An area is moved in the tree on its own page; saving one keeps the paths below it.
AREAS = register(
    model_sheet(
        Jurisdiction,
        name="areas",
        keys=[("code", "valid_from")],
        keep=["parent"],
        bulk=False,
        list_url="jurisdictions:area_list",
    )
)
OFFICES = register(model_sheet(PoliceOffice, name="offices", keys=[("name", "jurisdiction")], keep=["parent"]))
DOCUMENTS = register(model_sheet(LegalDocument, name="documents", keys=[("number",)]))
