"""Records of every kind of sheet, with every field it has filled."""

import datetime

from models_registry.models import ModelMember
from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice
from movement_portal.persons.fields import CitizenIdField
from movement_portal.spreadsheets.fields import Kind
from movement_portal.spreadsheets.sheets import sheets
from tests.factories import JurisdictionFactory, SelfManagedModelFactory, UnitFactory
from units.models import AgreementParty, CoordinationAgreement

#: A citizen identification number that nobody has.
NOBODYS_NUMBER = "000000000007"
#: A launch before all days of the records, and columns of days on which something that began on another day ends.
LAUNCH = datetime.date(2020, 1, 1)
ENDS = ("valid_to", "expires_on", "held_to")


def some(sheet, place, unit=None):
    """One record of the sheet's model, with every field the sheet has that needs no other record; all of one unit."""
    unit = unit or UnitFactory(jurisdiction=place.ward, name="Sở Mẫu")
    document = LegalDocument.objects.get_or_create(number="01/2024/TT-BCA", title="Thông tư mẫu")[0]
    old = {"code": "06001", "valid_to": datetime.date(2024, 1, 31)}
    successive = {
        "predecessor": lambda: JurisdictionFactory(parent=place.province, valid_from=None, **old),
        "successor": lambda: JurisdictionFactory(parent=place.province, valid_from=datetime.date(2024, 2, 1)),
    }
    special = {
        "model": SelfManagedModelFactory(jurisdiction=place.ward, active=True, launched_on=LAUNCH),
        "unit": unit,
        "legal_document": document,
        "jurisdiction": place.ward,
        "parent": None,
    }
    values = {}
    for each in sheet.stored_fields:
        column = sheet.model._meta.get_field(each.column)
        if each.name in successive:
            values[each.name] = successive[each.name]()
        elif each.name in special:
            values[each.name] = special[each.name]
        elif each.kind == Kind.RELATION:
            other = next(found for found in sheets() if found.model is column.related_model)
            values[each.name] = some(other, place, unit)
        elif isinstance(column, CitizenIdField):
            values[each.name] = NOBODYS_NUMBER
        else:
            values[each.name] = sample(each, column)
    if sheet.model is ModelMember:
        values |= {"body": "", "jurisdiction": None}
    if sheet.model is LegalDocument:
        document.delete()
    if sheet.model is PoliceOffice or sheet.model is Jurisdiction:
        values["valid_to"] = None
    if sheet.model is AgreementParty:
        # A party is one thing: a unit, an area or a body.
        values |= {"body": "", "jurisdiction": None}
    if sheet.model is Jurisdiction:
        values["parent"] = place.province
    record = sheet.model.objects.create(**values)
    if sheet.model is CoordinationAgreement:
        AgreementParty.objects.create(agreement=record, body="Hội Mẫu")
    return record


def sample(each, column):
    match each.kind:
        case Kind.CHOICE:
            return each.choices[-1].value
        case Kind.YEAR:
            return 2024
        case Kind.BOOL:
            return True
        case Kind.DATE:
            return datetime.date(2024, 2, 1) if each.name not in ENDS else datetime.date(2025, 2, 1)
        case Kind.INTEGER | Kind.AMOUNT:
            return 7
        case Kind.CODE:
            return "07"
        case Kind.DECIMAL:
            return 70
    if each.name.endswith("phone"):
        return "0912345678"
    return "=Mẫu"[: column.max_length or None]
