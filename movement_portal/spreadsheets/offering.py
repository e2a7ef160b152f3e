"""What the file leaves open and the pages ask the officer: hidden rows, columns of blocks, cells that hold several."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from movement_portal.spreadsheets.blocks import Blocks, blocks_in
from movement_portal.spreadsheets.dividing import Divided, divisible
from movement_portal.spreadsheets.fields import Kind
from movement_portal.spreadsheets.matching import ColumnMatch, How
from movement_portal.spreadsheets.sheet_plans import SAMPLE_ROWS, SheetPlan
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.values import is_blank, shown

#: Kinds of fields whose values many rows share.
SHARED = (Kind.AREA, Kind.CHOICE, Kind.TEXT, Kind.RELATION, Kind.YEAR, Kind.DATE, Kind.CODE)


def offered(sheet: Sheet, plan: SheetPlan) -> dict[str, Any]:
    """What the layout keeps of a worksheet for the officer to choose from; nothing where there is no choice."""
    table = plan.table
    found: dict[str, Any] = {}
    if table.is_hidden:
        found["is_hidden"] = True
    if table.hidden.count:
        hidden = table.hidden
        found["hidden_rows"] = {"count": hidden.count, "why": hidden.why, "numbers": hidden.numbers}
    if table.hidden_headers:
        found["hidden_columns"] = table.hidden_headers
    if blocks := blocks_of(sheet, plan):
        found["blocks"] = {
            header: {"count": each.count, "samples": [list(sample) for sample in each.samples]}
            for header, each in blocks.items()
        }
    if divided := divided_of(sheet, plan):
        header, samples = divided
        found["divided"] = {
            "header": header,
            "samples": [[text, parts.name, parts.address, parts.phones] for text, parts in samples],
        }
    return found


def blocks_of(sheet: Sheet, plan: SheetPlan) -> dict[str, Blocks]:
    """Columns of values that rows share which stand only in the first row of each block, by header."""
    table = plan.table
    skip = {match.index for match in plan.matches if not _may_be_shared(sheet, match)}
    if table.running_number is not None:
        skip.add(table.running_number)
    width = len(table.headers)
    likely = blocks_in(islice(table.rows, SAMPLE_ROWS), width, skip=skip)
    # A large list is walked through only for what its beginning speaks for.
    if likely and len(table.rows) > SAMPLE_ROWS:
        likely = blocks_in(table.rows, width, skip=set(range(width)) - set(likely))
    return {table.headers[column]: each for column, each in likely.items()}


def _may_be_shared(sheet: Sheet, match: ColumnMatch) -> bool:
    """Whether many rows may have one value in the column: not their names, addresses, notes."""
    if not match.key:
        return match.how == How.NONE
    field = sheet.field_of(match.key)
    named = {name for key in sheet.keys for name in key if name != sheet.area}
    return field.kind in SHARED and not field.child and field.name not in {*named, sheet.address}


def divided_of(sheet: Sheet, plan: SheetPlan) -> tuple[str, Sequence[tuple[str, Divided]]] | None:
    """The column of names that hold addresses and telephones too, in a list without a column of addresses."""
    if not sheet.address or sheet.address in {match.key for match in plan.matches}:
        return None
    for match in plan.matches:
        if match.key and is_name(sheet, match.key):
            cells = (row[match.index] for row in map(plan.cells, islice(plan.table.rows, SAMPLE_ROWS)))
            samples = divisible(shown(cell) for cell in cells if not is_blank(cell))
            return (match.header, samples) if samples else None
    return None


def is_name(sheet: Sheet, key: str) -> bool:
    """Whether the field is the name by which a record without codes is known."""
    return sheet.field_of(key).kind == Kind.TEXT and any(key in names for names in sheet.keys)
