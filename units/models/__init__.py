from units.models.rules import EligibilityRule, SizeThreshold
from units.models.units import Grouping, Headcount, Placement, StatusChange, Unit, UnitIdentifier

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
