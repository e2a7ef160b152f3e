from units.models.groupings import Grouping
from units.models.records import Headcount, Placement, StatusChange, UnitIdentifier
from units.models.rules import EligibilityRule, SizeThreshold
from units.models.units import Unit

__all__ = [
    "EligibilityRule",
    "Grouping",
    "Headcount",
    "Placement",
    "SizeThreshold",
    "StatusChange",
    "Unit",
    "UnitIdentifier",
]
