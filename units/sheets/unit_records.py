"""Lists of what belongs to a unit: how their rows name it."""

from collections.abc import Mapping, Sequence

from movement_portal.spreadsheets.fields import BY_NAME, Lookup
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.sheets import Sheet, register

#: How a list names a unit in a cell.
BY_UNIT = (Lookup("code"), Lookup("tax_code"), Lookup("school_code"), BY_NAME)
UNIT_NAMES = (
    "Tên đơn vị",
    "Cơ quan, đơn vị",
    "Đơn vị công tác",
    "Mã đơn vị",
    "Tên cơ quan, doanh nghiệp",
    "Nơi làm việc",
)


def register_of_unit(
    model,
    *,
    lookups: Mapping[str, Sequence[Lookup]] | None = None,
    synonyms: Mapping[str, Sequence[str]] | None = None,
    **options,
) -> Sheet:
    """Make the list of what belongs to units known; its rows name their unit by code or name.

    Other options are those of ``model_sheet``.
    """
    return register(
        model_sheet(
            model,
            lookups={"unit": BY_UNIT, **(lookups or {})},
            synonyms={"unit": UNIT_NAMES, **(synonyms or {})},
            **options,
        )
    )
