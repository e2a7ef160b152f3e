"""Files as they came: whether one holds whole numbers of persons, which its pages mask."""

from movement_portal.lib.masking import DOTS
from movement_portal.persons.fields import CitizenIdField
from movement_portal.spreadsheets.guarding import is_secret_header
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.sheets import sheet_for


def holds_numbers(batch: ImportBatch) -> bool:
    """Whether the file of an import may hold whole numbers: by its headers, the fields they fill, the first rows.

    Of a file that could not be read nobody knows: it is taken to hold some.
    """
    tables = batch.layout.get("sheets")
    if not tables:
        return True
    sheet = sheet_for(batch.sheet)
    sealed = {column.name for column in sheet.model._meta.concrete_fields if isinstance(column, CitizenIdField)}
    numbers = {each.name for each in sheet.stored_fields if each.column in sealed}
    chosen = {(name, header) for name, keys in batch.mapping.items() for header, key in keys.items() if key in numbers}
    return any(
        is_secret_header(column["header"])
        or (table["name"], column["header"]) in chosen
        or any(DOTS in str(sample) for sample in column["samples"])
        for table in tables
        for column in table["columns"]
    )
