"""Which record an address is about: read from its name, so that a new page needs a line here only for a new word."""

from models_registry import workflow as model_steps
from movement_portal.jurisdictions import workflow as account_steps
from movement_portal.spreadsheets.sheets import sheets
from tests.access.routes import Route
from units import workflow as unit_steps

#: Words of URL names and arguments -> the kind of record.
KINDS = {
    "unit": "units.unit",
    "grouping": "units.grouping",
    "headcount": "units.headcount",
    "identifier": "units.unitidentifier",
    "placement": "units.placement",
    "team": "units.securityteam",
    "strength": "units.teamstrength",
    "review": "units.teamreview",
    "guard": "units.guard",
    "course": "units.trainingcourse",
    "attendance": "units.trainingattendance",
    "certificate": "units.trainingcertificate",
    "activity": "units.activity",
    "pair": "units.duplicatepair",
    "model": "models_registry.selfmanagedmodel",
    "modelkind": "models_registry.modelkind",
    "modelmember": "models_registry.modelmember",
    "modelgroup": "models_registry.modelgroup",
    "modelstrength": "models_registry.modelstrength",
    "modellogentry": "models_registry.modellogentry",
    "modelrating": "models_registry.modelrating",
    "modelstep": "models_registry.modelstep",
    "modelrecognition": "models_registry.modelrecognition",
    "merge": "units.unitmerge",
    "transfer": "units.transferrequest",
    "sent": "units.transferrequest",
    "other": "units.unit",
    "area": "jurisdictions.jurisdiction",
    "jurisdiction": "jurisdictions.jurisdiction",
    "office": "jurisdictions.policeoffice",
    "officer": "jurisdictions.officer",
    "account": "jurisdictions.officer",
    "posting": "jurisdictions.posting",
    "batch": "spreadsheets.importbatch",
    "import": "spreadsheets.importbatch",
    "row": "spreadsheets.importrow",
    "document": "documents.legaldocument",
    "commitment": "units.commitment",
    "agreement": "units.coordinationagreement",
    "party": "units.agreementparty",
    "inspection": "units.inspection",
    "incident": "units.incident",
    "rating": "units.partrating",
    "event": "audit.auditevent",
}
#: Arguments whose record the words do not tell, by URL name and argument.
RECORDS = {
    ("accounts:posting_create", "pk"): "jurisdictions.officer",
    ("accounts:posting_end", "pk"): "jurisdictions.officer",
}
#: Arguments that name no record: every value they may take, by URL name and argument.
VALUES = {
    ("accounts:officer_step", "name"): tuple(step.name for step in account_steps.STEPS),
    ("units:unit_step", "name"): tuple(unit_steps.TRANSITIONS),
    ("units:headcount_edit", "year"): (2026,),
    ("models:model_step", "name"): tuple(model_steps.TRANSITIONS),
    ("spreadsheets:sheet_template", "name"): tuple(sheet.name for sheet in sheets()),
    ("spreadsheets:sheet_workbook", "name"): tuple(sheet.name for sheet in sheets()),
    ("admin:app_list", "app_label"): ("units", "jurisdictions", "spreadsheets", "audit"),
}
#: Addresses of any record: the argument with its label, and the one with its key.
BY_LABEL = {"audit:record_history": ("model", "pk")}
#: Column by which a kind of record is addressed where it is not the key.
COLUMNS = {("units.unit", "code"): "code", ("units.unit", "other"): "code"}


class UnknownSubject(AssertionError):
    """An address of whose record the matrix knows nothing: give the URL name or argument a known word."""


def kind_of(route: Route, argument: str) -> str:
    """Label of the model whose record the argument names."""
    if (route.name, argument) in RECORDS:
        return RECORDS[route.name, argument]
    namespace, _, name = route.name.rpartition(":")
    if namespace == "admin" and argument == "object_id":
        return ".".join(name.rsplit("_", 2)[:2])
    if argument == "code":
        return "units.unit"
    word = argument.removesuffix("_id").removesuffix("_pk").removesuffix("_code")
    if word in KINDS:
        return KINDS[word]
    if argument in ("pk", "id", "uuid"):
        for part in name.split("_"):
            if part in KINDS:
                return KINDS[part]
    raise UnknownSubject(f"{route.name}: what record does “{argument}” name?")


def key_of(kind: str, argument: str, record):
    """What stands in the address for the record."""
    return getattr(record, COLUMNS.get((kind, argument), "pk"), record)
